"""Settings come from the environment, and from ``.env``."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from bot.settings import DEFAULT_STORE, SettingsError, read_settings
from tests.bot.cli.command_line import PACK, CommandLine


@pytest.mark.long
def test_settings_come_from_a_file_too(casewalk: CommandLine) -> None:
    casewalk.write(".env", "CASEWALK_STORE=tinydb:kept\n")
    casewalk("new", PACK, "--title", "Week")
    assert (casewalk.folder / "kept/inspections/week").is_dir()
    casewalk("new", PACK, "--title", "Week", CASEWALK_STORE="tinydb:other")
    assert (casewalk.folder / "other/inspections/week").is_dir()
    (casewalk.folder / ".env").write_bytes(b"CASEWALK_STORE=\xff\n")
    assert ".env" in casewalk.refused("score", "week")


def test_the_environment_goes_before_the_defaults() -> None:
    settings = read_settings(
        {"TELEGRAM_API_URL": "http://127.0.0.1:8081/ ", "CASEWALK_LOG": "debug"}
    )
    assert (settings.api_url, settings.log_level) == ("http://127.0.0.1:8081", "DEBUG")
    assert (settings.store, settings.token, settings.key) == (DEFAULT_STORE, None, None)


def test_nothing_secret_shows_in_a_repr() -> None:
    secret = {
        "TELEGRAM_BOT_TOKEN": "hidden-token",
        "CASEWALK_KEY": "hidden-key",
        "CASEWALK_NEW_KEY": "hidden-new",
        "CASEWALK_WEBHOOK_SECRET": "hidden-hook",
        "CASEWALK_STORE": "postgresql://me:hidden@db/casewalk",
    }
    assert "hidden" not in repr(read_settings(secret))


def test_a_level_that_there_is_not_is_refused_with_those_there_are() -> None:
    with pytest.raises(SettingsError, match="INFO"):
        read_settings({"CASEWALK_LOG": "loud"})


def test_a_time_zone_is_one_that_is_known() -> None:
    assert read_settings({}).time_zone is None
    assert read_settings({"CASEWALK_TIMEZONE": " Europe/London "}).time_zone == ZoneInfo(
        "Europe/London"
    )
    for zone in ("Europe/Londres", "BST", "../x", "/etc/localtime", "Europe"):
        with pytest.raises(SettingsError, match="CASEWALK_TIMEZONE"):
            read_settings({"CASEWALK_TIMEZONE": zone})
