"""``casewalk health``: a module of its own, since a health check runs it every few seconds."""

from __future__ import annotations

import argparse

from bot.cli.input import InputError
from bot.heartbeat import ALIVE, age
from bot.settings import read_settings


async def health(_options: argparse.Namespace) -> int:
    """For a health check: 0 while the serving bot's heartbeat goes on, else 1."""
    settings = read_settings()
    if settings.heartbeat is None:
        raise InputError("CASEWALK_HEARTBEAT is not set; name a file that the serving bot touches.")
    seconds = age(settings.heartbeat)
    if seconds is None:
        print(f"No heartbeat: there is no {settings.heartbeat}.")
    elif seconds > ALIVE:
        print(f"The heartbeat stopped {seconds:.0f} seconds ago.")
    else:
        print("Alive.")
    return 0 if seconds is not None and seconds <= ALIVE else 1
