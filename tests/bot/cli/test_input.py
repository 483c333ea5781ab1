"""What a command is given: its store and its files."""

from __future__ import annotations

import asyncio
import socket

import pytest

from bot.cli.input import open_store
from storage.errors import Unreachable
from tests.bot.cli.command_line import CommandLine

pytestmark = pytest.mark.long


def test_a_store_that_cannot_be_one_is_named_without_its_password(casewalk: CommandLine) -> None:
    refused = "postgresql://me:secret@127.0.0.1:1/db?connect_timeout=1"
    assert "secret" not in casewalk.refused("score", "week", CASEWALK_STORE=refused)
    for store in ("postgres:me:secret@host", "secret", "tinydb:"):
        message = casewalk.refused("score", "week", CASEWALK_STORE=store)
        assert "CASEWALK_STORE" in message
        assert "me:secret" not in message
    casewalk.write("file", "")
    assert "no folder" in casewalk.refused("score", "week", CASEWALK_STORE="tinydb:file")
    assert "CASEWALK_LOG" in casewalk.refused("score", "week", CASEWALK_LOG="loud")


async def test_a_database_that_does_not_answer_yet_is_waited_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"postgresql://me:secret@127.0.0.1:{nobody.getsockname()[1]}/casewalk"
        with pytest.raises(Unreachable):
            async with open_store(address):
                pass
        waits = (0.01, 0.01)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2), open_store(address, waits=waits):
                pass
    assert caplog.text.count("store not opened again_in=0.0") > len(waits)
    assert "secret" not in caplog.text
