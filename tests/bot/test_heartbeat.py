"""The heartbeat's file."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path

import pytest

from bot.channels.telegram.timeouts import Timeouts
from bot.heartbeat import ALIVE, EVERY, SOONEST, Heartbeat, age


def test_a_beat_makes_the_file_and_its_folder_and_touches_it_again(tmp_path: Path) -> None:
    path = tmp_path / "run" / "casewalk" / "heartbeat"
    assert age(path) is None
    Heartbeat(path).beat()
    os.utime(path, (1_000, 1_000))
    assert (age(path) or 0) > ALIVE
    Heartbeat(path).beat()
    assert (age(path) or 0) < ALIVE
    assert path.read_bytes() == b""


def test_a_clock_that_went_back_is_no_negative_age(tmp_path: Path) -> None:
    path = tmp_path / "heartbeat"
    Heartbeat(path).beat()
    later = time.time() + 3_600
    os.utime(path, (later, later))
    assert age(path) == 0


def test_a_beat_that_cannot_be_written_is_told_and_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_bytes(b"")
    with caplog.at_level(logging.WARNING):
        Heartbeat(tmp_path / "file" / "heartbeat").beat()
    assert [record.getMessage() for record in caplog.records] == ["no heartbeat why=File exists"]


def test_a_few_beats_may_be_missed() -> None:
    assert ALIVE >= 3 * EVERY


def test_a_bot_that_polls_a_lost_network_asks_often_enough_to_be_alive() -> None:
    timeouts = Timeouts()
    longest = timeouts.long_poll + 10 + max(timeouts.connection.waits)
    assert longest + SOONEST <= ALIVE
