"""``casewalk health``: a module of its own, since a health check runs it every few seconds."""

import argparse

from bot.cli.input import InputError
from bot.heartbeat import ALIVE, age
from bot.messages import say
from bot.settings import read_settings


async def health(_options: argparse.Namespace) -> int:
    """For a health check: 0 while the serving bot's heartbeat goes on, else 1."""
    settings = read_settings()
    if settings.heartbeat is None:
        raise InputError(say("cli-no-heartbeat-set"))
    seconds = age(settings.heartbeat)
    if seconds is None:
        print(say("cli-no-heartbeat", file=settings.heartbeat))
    elif seconds > ALIVE:
        print(say("cli-heartbeat-stopped", seconds=f"{seconds:.0f}"))
    else:
        print(say("cli-alive"))
    return 0 if seconds is not None and seconds <= ALIVE else 1
