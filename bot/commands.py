"""What can be typed with a slash: one table, for Telegram's menu, for /help and for handling."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from bot.context import Context
from bot.decision import Decision, tell
from bot.handlers import (
    assigning,
    cases,
    digests,
    exports,
    findings,
    inspections,
    people,
    privacy,
    progress,
    recommendations,
    second_reading,
    set_up,
)
from bot.handlers.conversation import converse
from bot.messages import Messages
from criteria.inspection import Role
from dialogs import events
from dialogs.events import Event

Handler = Callable[[Context, str], Awaitable[Decision]]
"""Decides what a command does, from the words after it."""


def _never(_words: str) -> bool:
    return False


def _always(_words: str) -> bool:
    return True


def _one_word(words: str) -> bool:
    """``/findings 1.2`` shows something; with more words it is kept."""
    return len(words.split()) < 2


@dataclass(frozen=True, slots=True)
class Command:
    """``lead``: for leads only; ``lead_words``: only with these words after it.

    ``shown``: in the menu and /help; the others are buttons' only. ``closed``: with which words it
    may be given in an inspection that is closed, since it changes nothing there but where somebody
    is. :mod:`bot.permissions` sees to all of it. ``again`` handles a command that was applied and
    is delivered again, where the card is not all that its person has to see.
    """

    handler: Handler
    lead: bool = False
    shown: bool = True
    lead_words: frozenset[str] = frozenset()
    closed: Callable[[str], bool] = _never
    again: Handler | None = None

    def changes(self, words: str) -> bool:
        """Whether it changes something beside the conversation, as far as its words tell.

        What stands on buttons only does, and some of it also where an inspection is closed.
        """
        return self.lead and bool(words) and not (self.shown and self.closed(words))


@dataclass(frozen=True, slots=True)
class Typed:
    """``/goto B4`` is ``Typed("goto", "B4")``."""

    name: str
    words: str = field(repr=False)


def _event(event_of: Callable[[str], Event]) -> Handler:
    """A command that is an event of the conversation, made from the words after it."""

    async def handle(context: Context, words: str) -> Decision:
        return converse(context, event_of(words))

    return handle


async def _help(context: Context, _words: str) -> Decision:
    return tell(help_text(context.say, context.member.role))


_reading = partial(Command, closed=_always)
_lead = partial(Command, lead=True)

COMMANDS: Final[Mapping[str, Command]] = {
    "start": _reading(inspections.start, shown=False),
    "case": _reading(cases.case),
    "cases": _reading(cases.cases),
    "next": _reading(_event(lambda _: events.MovedOn())),
    "back": _reading(_event(lambda _: events.WentBack())),
    "goto": _reading(_event(events.JumpedTo)),
    "note": Command(_event(events.NoteGiven)),
    "cancel": _reading(cases.cancel),
    "review": _reading(_event(lambda _: events.ReviewAsked())),
    "submit": Command(cases.submit),
    "undo": Command(cases.undo),
    "clear": Command(_event(events.ClearAsked)),
    "reopen": Command(_event(lambda _: events.ReopenAsked())),
    "progress": _reading(progress.progress),
    "summary": _reading(progress.summary),
    "export": Command(exports.export, lead_words=exports.LEADS_ONLY, closed=_always),
    "team": _lead(people.team, closed=_always),
    "assign": _lead(assigning.assign),
    "invite": _lead(people.invite, again=people.invite_again),
    "role": _lead(people.role, shown=False),
    "remove": _lead(people.remove, shown=False, closed=_always),  # who left must not get in
    "revoke": _lead(people.revoke, shown=False, closed=_always),
    "return": _lead(second_reading.give_back),
    "second": _lead(second_reading.second),
    "agreement": _lead(second_reading.agreement, closed=_always),
    "settle": _lead(second_reading.settle, shown=False),
    "agree": _lead(second_reading.agree),
    "findings": _lead(findings.findings, closed=_one_word),
    "recommend": _lead(recommendations.recommend, closed=recommendations.only_shows),
    "followed": _lead(recommendations.followed, shown=False),
    "compare": _lead(findings.compare, closed=_always),
    "digest": _lead(digests.digest),
    "new": _lead(set_up.new, closed=_always),  # it makes another one
    "switch": _reading(inspections.switch),
    "language": _reading(cases.language),
    "privacy": _reading(privacy.privacy),
    "help": _reading(_help),
}

TEXTS: Final[Mapping[str, Callable[[Context, tuple[str, ...], str], Awaitable[Decision]]]] = {
    "remark": second_reading.remark_given,
    "settle": second_reading.reason_given,
    "key_finding": findings.key_finding_given,
    "recommend": recommendations.part_given,
    "title": set_up.title_given,
}
"""What a text is for, where one was asked for outside a case (``Session.asked``)."""


def read_command(text: str) -> Typed | None:
    """The command of a text, or None where it is none. ``/case@casewalk_bot C001`` is one too."""
    if not text.startswith("/") or len(text) < 2 or not text[1].isalpha():
        return None
    head, words = (*text[1:].split(maxsplit=1), "")[:2]
    name, _, _ = head.partition("@")
    return Typed(name.casefold(), words.strip())


def commands_for(say: Messages, role: Role | None) -> list[tuple[str, str]]:
    """Name and description of what this role may use, for a menu; a stranger may only join."""
    if role is None:
        return [("start", say("start-command"))]
    return [
        (name, say(f"command-about-{name}"))
        for name, command in COMMANDS.items()
        if command.shown and (role is Role.LEAD or not command.lead)
    ]


def help_text(say: Messages, role: Role) -> str:
    lines = [f"/{name} – {description}" for name, description in commands_for(say, role)]
    return "\n".join([say("help-head"), "", *lines])


def again(wanted: object) -> Handler | None:
    """What handles this where it was applied and is delivered again; None where nothing does."""
    command = COMMANDS.get(wanted.name) if isinstance(wanted, Typed) else None
    return command.again if command else None
