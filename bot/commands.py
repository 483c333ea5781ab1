"""What can be typed with a slash: one table, for Telegram's menu, for /help and for answering."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.answers import (
    cases,
    exports,
    findings,
    people,
    progress,
    recommendations,
    second_reading,
    set_up,
)
from bot.here import Here
from bot.reply import Outcome, only
from bot.wording import en as say
from criteria.inspection import Role
from dialogs import events
from dialogs.events import Event

Answer = Callable[[Here, str], Awaitable[Outcome]]
"""Answers a command from the words after it."""


@dataclass(frozen=True, slots=True)
class Command:
    """``lead``: for leads only; ``lead_words``: only with these words after it.

    ``shown``: in the menu and /help; the others are buttons' only. :mod:`bot.permissions` sees to
    it.
    """

    answer: Answer
    lead: bool = False
    shown: bool = True
    lead_words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Typed:
    """``/goto B4`` is ``Typed("goto", "B4")``."""

    name: str
    words: str = field(repr=False)


def _event(event: Event) -> Answer:
    """A command that is an event of the conversation and takes no words."""

    async def answer(here: Here, _words: str) -> Outcome:
        return await here.step(event)

    return answer


def _worded(event: type[events.JumpedTo | events.NoteGiven]) -> Answer:
    async def answer(here: Here, words: str) -> Outcome:
        return await here.step(event(words))

    return answer


async def _help(here: Here, _words: str) -> Outcome:
    return only(help_text(here.member.role))


def _lead(answer: Answer, *, shown: bool = True) -> Command:
    return Command(answer, lead=True, shown=shown)


COMMANDS: Final[Mapping[str, Command]] = {
    "start": Command(people.start, shown=False),
    "case": Command(cases.case),
    "cases": Command(cases.cases),
    "next": Command(_event(events.MovedOn())),
    "back": Command(_event(events.WentBack())),
    "goto": Command(_worded(events.JumpedTo)),
    "note": Command(_worded(events.NoteGiven)),
    "cancel": Command(cases.cancel),
    "review": Command(_event(events.ReviewAsked())),
    "submit": Command(cases.submit),
    "reopen": Command(_event(events.ReopenAsked())),
    "progress": Command(progress.progress),
    "summary": Command(progress.summary),
    "export": Command(exports.export, lead_words=exports.LEADS_ONLY),
    "team": _lead(people.team),
    "assign": _lead(people.assign),
    "invite": _lead(people.invite),
    "role": _lead(people.role, shown=False),
    "remove": _lead(people.remove, shown=False),
    "revoke": _lead(people.revoke, shown=False),
    "return": _lead(second_reading.give_back),
    "second": _lead(second_reading.second),
    "agreement": _lead(second_reading.agreement),
    "settle": _lead(second_reading.settle, shown=False),
    "agree": _lead(second_reading.agree),
    "findings": _lead(findings.findings),
    "recommend": _lead(recommendations.recommend),
    "followed": _lead(recommendations.followed, shown=False),
    "compare": _lead(findings.compare),
    "digest": _lead(people.digest),
    "new": _lead(set_up.new),
    "switch": Command(people.switch),
    "language": Command(cases.language),
    "help": Command(_help),
}

TEXTS: Final[Mapping[str, Callable[[Here, tuple[str, ...], str], Awaitable[Outcome]]]] = {
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


def commands_for(role: Role | None) -> list[tuple[str, str]]:
    """Name and description of what this role may use, for a menu; a stranger may only join."""
    if role is None:
        return [("start", say.START_COMMAND)]
    return [
        (name, say.COMMANDS[name])
        for name, command in COMMANDS.items()
        if command.shown and (role is Role.LEAD or not command.lead)
    ]


def help_text(role: Role) -> str:
    lines = [f"/{name} – {description}" for name, description in commands_for(role)]
    return "\n".join([say.HELP_HEAD, "", *lines])
