"""Settings: from the environment, or from a ``.env`` file in the working directory."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dotenv import dotenv_values

DEFAULT_STORE: Final = "tinydb:./data"
TELEGRAM: Final = "https://api.telegram.org"
LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")


class SettingsError(Exception):
    """A setting cannot be used; the message names it and says what it should be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """``TELEGRAM_BOT_TOKEN``, ``TELEGRAM_API_URL``, ``CASEWALK_STORE``, ``CASEWALK_LOG``,
    ``CASEWALK_HEARTBEAT``, ``CASEWALK_WEBHOOK_SECRET``.
    """

    token: str | None = field(repr=False)
    api_url: str = field(repr=False)
    store: str = field(repr=False)
    log_level: str
    heartbeat: Path | None = None
    webhook_secret: str | None = field(default=None, repr=False)

    @property
    def store_directory(self) -> Path:
        """The embedded store's directory. Raises :class:`SettingsError` for another kind."""
        kind, _, place = self.store.partition(":")
        if kind != "tinydb" or not place:
            raise SettingsError(  # with no more of it than its kind: the rest may hold a password
                f"CASEWALK_STORE begins with {kind!r}; this version keeps its store in files:"
                " tinydb:DIR, for example tinydb:./data."
            )
        directory = Path(place)
        if directory.exists() and not directory.is_dir():
            raise SettingsError(f"CASEWALK_STORE names {place!r}, which is no folder. Name one.")
        return directory


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings; what the environment says goes before what ``.env`` says."""
    try:
        from_file = dotenv_values(".env")
    except (OSError, UnicodeDecodeError) as exc:
        raise SettingsError(f"The file .env cannot be read ({exc}). Save it as UTF-8.") from exc
    found: dict[str, str | None] = {**from_file, **(environment or os.environ)}
    level = (found.get("CASEWALK_LOG") or "INFO").upper()
    if level not in LOG_LEVELS:
        raise SettingsError(f"CASEWALK_LOG is {level!r}; use one of {', '.join(LOG_LEVELS)}.")
    return Settings(
        token=(found.get("TELEGRAM_BOT_TOKEN") or "").strip() or None,
        api_url=(found.get("TELEGRAM_API_URL") or TELEGRAM).strip().rstrip("/"),
        store=(found.get("CASEWALK_STORE") or DEFAULT_STORE).strip(),
        log_level=level,
        webhook_secret=(found.get("CASEWALK_WEBHOOK_SECRET") or "").strip() or None,
        heartbeat=Path(beat) if (beat := (found.get("CASEWALK_HEARTBEAT") or "").strip()) else None,
    )
