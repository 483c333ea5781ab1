"""Who may do what: the one decision that everything which came passes before it is answered.

:mod:`bot.conversation` asks :func:`refusal` once for each update; where there is one it is said,
and nothing else happens. What is for leads alone stands in the table of commands. Which cases
somebody sees is decided in :func:`dialogs.queries.may_see`, and :class:`bot.here.Here` hands out no
others. So no answer decides any of it again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from bot import commands, taps
from bot.answers import files
from bot.commands import Typed
from bot.here import Here
from bot.reply import Incoming, Outcome, Received, only
from bot.taps import CaseTap, CommandTap, ForeignTap, PlainTap
from bot.wording import en as say
from criteria.inspection import Inspection, Member
from criteria.match_choice import normalise
from dialogs.events import ChoiceTapped, Control, ControlTapped, KindChosen
from dialogs.session import Asked

READING: Final[frozenset[Control]] = frozenset({"back", "skip", "cancel", "review", "next_open"})
"""The controls of a card that only lead from one to another."""

HELP_WORDS: Final = ("help", "help me")
"""What is taken for ``/help`` where it can be no answer and no note."""

SILENCE: Final = Outcome()
"""What is said in a group to what has no answer there."""


@dataclass(frozen=True, slots=True)
class AskedText:
    """The text that was asked for, outside a case: a remark, a reason, a title …"""

    asked: Asked
    text: str = field(repr=False)


Wanted = Typed | PlainTap | Received | AskedText | str | None
"""What somebody wants: a command, a button, a file, a text. None is a sticker and the like."""


def wanted_by(incoming: Incoming, here: Here | None) -> Wanted:
    """What is wanted; ``here`` is None of one who sits nowhere, whose buttons mean nothing.

    A button that stands for a command is that command: it may do no more than typing it.
    """
    if incoming.tap is not None:
        tap = ForeignTap() if here is None else taps.read_tap(incoming.tap, here.pack, here.mark)
        if isinstance(tap, CommandTap):
            return commands.read_command(f"/{tap.command}") or ForeignTap()
        return tap
    if incoming.received is not None or incoming.text is None:
        return incoming.received
    typed = commands.read_command(incoming.text)
    if typed is not None or here is None:
        return typed or incoming.text
    asked = here.session.asked
    if asked is not None and asked.what in commands.TEXTS:
        return AskedText(asked, incoming.text)
    if normalise(incoming.text) in HELP_WORDS and not _is_text_wanted(here):
        return Typed("help", "")
    return incoming.text


def _is_text_wanted(here: Here) -> bool:
    """Whether a note, or a question that any text answers, is up."""
    case, cursor = here.session.case, here.session.cursor
    form = None if case is None else here.pack.form(case.form)
    if form is None:
        return False
    if cursor.note_on:
        return True
    question = form.by_name.get(cursor.question or "")
    return question is not None and question.type.free_text


def is_joining(wanted: Wanted) -> bool:
    """Whether it is an invitation's code, the one thing that a stranger may send."""
    return isinstance(wanted, Typed) and wanted.name == "start" and bool(wanted.words)


def refusal(
    member: Member | None,
    wanted: Wanted,
    *,
    group: bool,
    others_case: str | None,
    inspection: Inspection | None,
) -> Outcome | None:
    """What to answer to one who may not do what they want; None where they may.

    ``member`` and ``inspection`` are None of a stranger, and of one who was removed.
    ``others_case`` is what to say of the case that stands open in this chat and is not this
    person's (any more).
    """
    if group:  # where others read along, a lead gets totals, and nothing else is answered
        totals = isinstance(wanted, Typed) and wanted.name == "progress"
        return None if totals and member is not None and member.is_lead else SILENCE
    if member is None:
        return None if is_joining(wanted) else replace(only(say.STRANGER), stranger=True)
    if others_case is not None:
        return only(others_case)
    leads = None if member.is_lead else _for_leads(wanted)
    if leads:
        return only(leads)
    if inspection is not None and inspection.closed and _changes(wanted):
        closed = say.INSPECTION_CLOSED.format(title=inspection.title)
        return only(closed, toast=closed)
    return None


def takes_people(inspection: Inspection) -> bool:
    """Whether a code still lets somebody in who is not there yet."""
    return inspection.closed is None


def _changes(wanted: Wanted) -> bool:
    """Whether it changes the inspection, and not only where somebody is in it."""
    match wanted:
        case Typed(name, words):
            command = commands.COMMANDS.get(name)
            return command is not None and not command.closed(words)
        case AskedText(asked):
            return asked.what != "title"  # another inspection's
        case ControlTapped(control=control):
            return control not in READING
        case CaseTap(new=new):
            return new
        case Received() | ChoiceTapped() | KindChosen() | str():
            return True
        case _:
            return False


def _for_leads(wanted: Wanted) -> str | None:
    """How it is said that this is a lead's; None where it is everybody's."""
    match wanted:
        case Typed(name, words):
            command = commands.COMMANDS.get(name)
            if command is None:
                return None
            if command.lead:
                return say.LEAD_ONLY.format(command=name)
            if words.casefold().lstrip(".") in command.lead_words:
                return say.LEAD_ONLY.format(command=f"{name} {words}")
        case AskedText():
            return say.LEAD_ONLY_TEXT
        case Received() if files.is_sample(wanted):
            return say.SAMPLE_LEADS
    return None
