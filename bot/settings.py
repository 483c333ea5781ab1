"""Settings: from the environment, or from a ``.env`` file in the working directory."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values

from bot.messages import say

DEFAULT_STORE: Final = "tinydb:./data"
TELEGRAM: Final = "https://api.telegram.org"
LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")


class SettingsError(Exception):
    """A setting cannot be used; the message names it and says what it should be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """``TELEGRAM_BOT_TOKEN``, ``TELEGRAM_API_URL``, ``CASEWALK_STORE``, ``CASEWALK_LOG``,
    ``CASEWALK_HEARTBEAT``, ``CASEWALK_WEBHOOK_SECRET``, ``CASEWALK_KEY``, ``CASEWALK_NEW_KEY``,
    ``CASEWALK_TIMEZONE`` (None: the machine's own).
    """

    token: str | None = field(repr=False)
    api_url: str = field(repr=False)
    store: str = field(repr=False)
    log_level: str
    heartbeat: Path | None = None
    webhook_secret: str | None = field(default=None, repr=False)
    key: str | None = field(default=None, repr=False)
    new_key: str | None = field(default=None, repr=False)
    time_zone: ZoneInfo | None = None


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings; what the environment says goes before what ``.env`` says."""
    try:
        from_file = dotenv_values(".env")
    except (OSError, UnicodeDecodeError) as exc:
        raise SettingsError(say("cli-env-unreadable", why=exc)) from exc
    found: dict[str, str | None] = {**from_file, **(environment or os.environ)}
    level = (found.get("CASEWALK_LOG") or "INFO").upper()
    if level not in LOG_LEVELS:
        raise SettingsError(
            say("cli-bad-log-level", level=repr(level), levels=", ".join(LOG_LEVELS))
        )
    zone = (found.get("CASEWALK_TIMEZONE") or "").strip()
    try:
        time_zone = ZoneInfo(zone) if zone else None
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise SettingsError(say("cli-bad-time-zone", zone=repr(zone))) from exc
    return Settings(
        token=(found.get("TELEGRAM_BOT_TOKEN") or "").strip() or None,
        api_url=(found.get("TELEGRAM_API_URL") or TELEGRAM).strip().rstrip("/"),
        store=(found.get("CASEWALK_STORE") or DEFAULT_STORE).strip(),
        log_level=level,
        key=(found.get("CASEWALK_KEY") or "").strip() or None,
        new_key=(found.get("CASEWALK_NEW_KEY") or "").strip() or None,
        webhook_secret=(found.get("CASEWALK_WEBHOOK_SECRET") or "").strip() or None,
        time_zone=time_zone,
        heartbeat=Path(beat) if (beat := (found.get("CASEWALK_HEARTBEAT") or "").strip()) else None,
    )
