"""Usage and exit codes of ``casewalk``."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.bot.cli.command_line import PACK, TIMEOUT, CommandLine

pytestmark = pytest.mark.long


@pytest.mark.parametrize(
    "arguments",
    [
        *("", "frobnicate", "packs more", "check", "new", f"new {PACK}", "invite week"),
        *("invite week --role boss", "score", "export week", "export week --format doc"),
        *("import week", "try --data", "serve --webhook"),
    ],
)
def test_wrong_usage_ends_with_2(casewalk: CommandLine, arguments: str) -> None:
    assert casewalk(*arguments.split(), code=2).stderr.startswith("usage: casewalk")


def test_a_reader_that_goes_away_is_no_fault(casewalk: CommandLine) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "check", PACK],
        cwd=casewalk.folder,
        env=casewalk.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        process.stdout = None
        _, errors = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, errors) == (0, b"")
