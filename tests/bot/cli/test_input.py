"""What a command is given: its store and its files."""

from __future__ import annotations

import pytest

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
