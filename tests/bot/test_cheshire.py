"""A lead and four inspectors run an inspection week in chat, from an empty store to the report.

Here with twelve of the cases; ``python -m tests.benchmarks.inspection_week`` does it with all 140,
and compares the figures with the published ones.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.cheshire import bot_and_team, inspection_week
from tests.bot.cheshire_files import open_files

pytestmark = pytest.mark.long

CASES = 12


async def test_an_inspection_week_from_an_empty_store_to_the_exported_report(
    tmp_path: Path,
) -> None:
    async with bot_and_team(tmp_path, CASES) as week:
        await inspection_week(week)
        await open_files(week)
