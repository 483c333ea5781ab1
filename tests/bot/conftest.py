"""An office for each test."""

from __future__ import annotations

from pathlib import Path

import pytest
import pytest_asyncio

from criteria.case import Case
from criteria.case_status import initial_status
from tests.bot.cli.command_line import CommandLine
from tests.bot.handlers.office import Office, open_office, two_files


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> Office:
    return await open_office(tmp_path / "data")


@pytest_asyncio.fixture
async def files_office(tmp_path: Path) -> Office:
    """One where a subject has two files: I1 has both of C001, I2 the police file of C002."""
    whose = (
        ("C001", "case-file", "I1"),
        ("C001", "police-file", "I1"),
        ("C002", "case-file", None),
        ("C002", "police-file", "I2"),
    )
    cases = [Case(case, form, one, initial_status(one)) for case, form, one in whose]
    return await open_office(tmp_path / "data", pack=two_files(), cases=cases)


@pytest.fixture
def casewalk(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)
