"""Settings come from the environment, and from ``.env``."""

from __future__ import annotations

from tests.bot.cli.command_line import PACK, CommandLine


def test_settings_come_from_a_file_too(casewalk: CommandLine) -> None:
    casewalk.write(".env", "CASEWALK_STORE=tinydb:kept\n")
    casewalk("new", PACK, "--title", "Week")
    assert (casewalk.folder / "kept/inspections/week").is_dir()
    casewalk("new", PACK, "--title", "Week", CASEWALK_STORE="tinydb:other")
    assert (casewalk.folder / "other/inspections/week").is_dir()
    (casewalk.folder / ".env").write_bytes(b"CASEWALK_STORE=\xff\n")
    assert ".env" in casewalk.refused("score", "week")
