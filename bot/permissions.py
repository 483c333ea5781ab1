"""Who may do what: the one decision that everything which came passes before it is handled.

:mod:`bot.pipeline` asks :func:`refusal` once for each message; where there is one it is said, and
nothing else happens. What is for leads alone stands in the table of commands. Which cases somebody
sees is decided in :func:`dialogs.queries.may_see`, and :class:`bot.context.Context` hands out no
others. So no handler decides any of it again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from bot import commands
from bot.callback_data import CaseTap, CommandTap, ForeignTap, PlainTap, Tap, read_data
from bot.channels.channel import Message, ReceivedFile, Response
from bot.commands import Typed
from bot.context import Context
from bot.decision import only
from bot.handlers import evidence
from bot.invitations import codes_in, invitation_in
from bot.messages import Messages, say
from bot.typed_labels import button_typed, command_typed, is_cancelled
from dialogs.events import ChoiceTapped, Control, ControlTapped, KindChosen
from dialogs.session import Asked

READING: Final[frozenset[Control]] = frozenset(
    {"back", "skip", "cancel", "review", "next_open", "leave"}
)
"""The controls of a card that only lead from one to another."""

SILENCE: Final = Response()
"""What is said in a group to what has no answer there."""


@dataclass(frozen=True, slots=True)
class AskedText:
    """The text that was asked for, outside a case: a remark, a reason, a title …"""

    asked: Asked
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class EditedText:
    """What an earlier message says since it was edited."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Repeated:
    """What was applied already and is delivered again; ``first`` is what was wanted then."""

    first: Wanted


Wanted = Typed | PlainTap | ReceivedFile | AskedText | EditedText | Repeated | str | None
"""What somebody wants: a command, a button, a file, a text. None is a sticker and the like."""


def wanted_by(message: Message, context: Context | None) -> Wanted:
    """What is wanted; ``context`` is None of one who is no member, whose buttons mean nothing.

    A button that stands for a command is that command: it may do no more than typing it.
    """
    if message.data is not None:
        if context is None:
            return ForeignTap()
        return _tapped(read_data(message.data, context.pack, context.mark))
    if message.file is not None or message.text is None:
        return message.file
    if message.edits is not None and context is not None:
        return EditedText(message.text)
    typed = commands.read_command(message.text)
    if typed is None and (code := invitation_in(message.text)):
        return Typed("start", code)
    if context is None and codes_in(message.text):  # a stranger has nothing else to say
        return Typed("start", message.text)
    if typed is not None or context is None:
        return typed or message.text
    if is_cancelled(context, message.text):
        return Typed("cancel", "")
    asked = context.session.asked
    if asked is not None and asked.what in commands.TEXTS:
        return AskedText(asked, message.text)
    return _typed_label(message.text, context) or message.text


def _tapped(tap: Tap) -> Wanted:
    if isinstance(tap, CommandTap):
        return commands.read_command(f"/{tap.command}") or ForeignTap()
    return tap


def _typed_label(text: str, context: Context) -> Wanted:
    """The button or the command that is typed in a word; None where it is neither."""
    if (tap := button_typed(context, text)) is not None:
        return _tapped(tap)
    command = command_typed(context, text)
    return None if command is None else commands.read_command(f"/{command}")


def is_joining(wanted: Wanted) -> bool:
    """Whether it is an invitation's code, the one thing that a stranger may send."""
    return isinstance(wanted, Typed) and wanted.name == "start" and bool(wanted.words)


def refusal(
    context: Context | None, wanted: Wanted, *, group: bool, others_case: str | None
) -> Response | None:
    """What to say to one who may not do what they want; None where they may.

    ``context`` is None of a stranger, and of one who was removed. ``others_case`` is what to say of
    the case that stands open in this chat and is not this person's (any more).
    """
    is_lead = context is not None and context.member.is_lead
    if group:  # where others read along, a lead gets totals, and nothing else is answered
        totals = isinstance(wanted, Typed) and wanted.name == "progress"
        return None if totals and is_lead else SILENCE
    if context is None:
        return None if is_joining(wanted) else replace(only(say("stranger")), stranger=True)
    if others_case is not None:
        return only(others_case)
    done = _done(wanted)
    leads = None if is_lead else _for_leads(context.say, done)
    if leads:
        return only(leads)
    if context.inspection.closed and _changes(done):
        closed = context.say("inspection-closed", title=context.inspection.title)
        return only(closed, toast=closed)
    return None


def _done(wanted: Wanted) -> Wanted:
    """What is carried out: of what came twice, nothing but a command that has an ``again``."""
    if not isinstance(wanted, Repeated):
        return wanted
    return wanted.first if commands.again(wanted.first) else None


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
        case ReceivedFile() | ChoiceTapped() | KindChosen() | EditedText() | str():
            return True
        case _:
            return False


def _for_leads(say: Messages, wanted: Wanted) -> str | None:
    """How it is said that this is a lead's; None where it is everybody's."""
    match wanted:
        case Typed(name, words):
            command = commands.COMMANDS.get(name)
            if command is None:
                return None
            if command.lead:
                return say("lead-only", command=name)
            if words.casefold().lstrip(".") in command.lead_words:
                return say("lead-only", command=f"{name} {words}")
        case AskedText():
            return say("lead-only-text")
        case ReceivedFile() if evidence.is_sample(wanted):
            return say("sample-leads")
    return None
