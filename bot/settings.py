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
    """``TELEGRAM_BOT_TOKEN``, ``TELEGRAM_API_URL``, ``CASEWALK_STORE``, ``CASEWALK_LOG``."""

    token: str | None = field(repr=False)
    api_url: str
    store: str
    log_level: str

    @property
    def store_directory(self) -> Path:
        """The embedded store's directory. Raises :class:`SettingsError` for another kind."""
        kind, _, place = self.store.partition(":")
        if kind != "tinydb" or not place:
            raise SettingsError(
                f"CASEWALK_STORE is {self.store.partition('@')[0]!r}; this version keeps its store"
                " in files: tinydb:DIR, for example tinydb:./data."
            )
        return Path(place)


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings; what the environment says goes before what ``.env`` says."""
    found: dict[str, str | None] = {**dotenv_values(".env"), **(environment or os.environ)}
    level = (found.get("CASEWALK_LOG") or "INFO").upper()
    if level not in LOG_LEVELS:
        raise SettingsError(f"CASEWALK_LOG is {level!r}; use one of {', '.join(LOG_LEVELS)}.")
    return Settings(
        token=(found.get("TELEGRAM_BOT_TOKEN") or "").strip() or None,
        api_url=(found.get("TELEGRAM_API_URL") or TELEGRAM).strip().rstrip("/"),
        store=(found.get("CASEWALK_STORE") or DEFAULT_STORE).strip(),
        log_level=level,
    )
