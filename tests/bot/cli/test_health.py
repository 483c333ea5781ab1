"""``casewalk health``, as a container's health check calls it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.heartbeat import Heartbeat


@pytest.fixture
def heartbeat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "heartbeat"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CASEWALK_HEARTBEAT", str(path))
    return path


def test_it_tells_a_heart_that_beats_from_one_that_stopped(
    heartbeat: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["health"]) == 1
    assert capsys.readouterr().out == f"No heartbeat: there is no {heartbeat}.\n"
    Heartbeat(heartbeat).beat()
    assert main(["health"]) == 0
    assert capsys.readouterr().out == "Alive.\n"
    long_ago = time.time() - 75
    os.utime(heartbeat, (long_ago, long_ago))
    assert main(["health"]) == 1
    told = capsys.readouterr().out
    assert re.fullmatch(r"The heartbeat stopped 7\d seconds ago\.\n", told)


def test_it_says_that_it_was_not_told_where_to_look(
    heartbeat: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CASEWALK_HEARTBEAT")
    assert main(["health"]) == 1
    assert capsys.readouterr().err.startswith("casewalk: CASEWALK_HEARTBEAT is not set")


def test_it_loads_neither_the_chats_libraries_nor_the_stores() -> None:
    loaded = "import sys, bot.cli.health; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, check=True, text=True
    )
    assert not {"telegram", "aiohttp", "tinydb", "psycopg", "PIL"} & set(done.stdout.split())
