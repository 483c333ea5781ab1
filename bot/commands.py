"""What can be typed with a slash: one table, for Telegram's menu, for /help and for reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.wording import en as say
from criteria.inspection import Role
from dialogs import events
from dialogs.events import Event

LEAD_COMMANDS: Final = frozenset({"invite"})

EVENTS: Final[dict[str, Event]] = {
    "next": events.MovedOn(),
    "back": events.WentBack(),
    "cancel": events.NoteCancelled(),
    "review": events.ReviewAsked(),
    "submit": events.SubmitAsked(),
    "reopen": events.ReopenAsked(),
}
"""Commands that are an event of the conversation and take no words."""


@dataclass(frozen=True, slots=True)
class Command:
    """``/goto B4`` is ``Command("goto", "B4")``."""

    name: str
    words: str


def read_command(text: str) -> Command | None:
    """The command of a text, or None where it is none. ``/case@casewalk_bot C001`` is one too."""
    if not text.startswith("/") or len(text) < 2 or not text[1].isalpha():
        return None
    head, words = (*text[1:].split(maxsplit=1), "")[:2]
    name, _, _ = head.partition("@")
    return Command(name.casefold(), words.strip())


def commands_for(role: Role) -> list[tuple[str, str]]:
    """Name and description of what this role may use, for a menu."""
    return [
        (name, description)
        for name, description in say.COMMANDS.items()
        if role is Role.LEAD or name not in LEAD_COMMANDS
    ]


def help_text(role: Role) -> str:
    lines = [f"/{name} – {description}" for name, description in commands_for(role)]
    return "\n".join([say.HELP_HEAD, "", *lines])
