"""Texts: what is typed at the card, in reply to an earlier message, or by editing one."""

from typing import Final

from bot.callback_data import read_data
from bot.context import Context
from bot.decision import Decision, tell
from bot.handlers.conversation import converse
from dialogs import events
from dialogs.events import GivenChange
from storage.case_tables import given_by_message

ANSWERS: Final = ("answers", "profile")


async def received(context: Context, text: str) -> Decision:
    """A text belongs to what it replies to, else to the card that was on the screen."""
    event = events.TextReceived(text)
    if context.message.replies_to is None or context.case is None:
        return converse(context, event)
    gave = await _given_by(context, context.message.replies_to)
    questions = list(dict.fromkeys(filter(None, map(_question_of, gave))))
    if len(questions) > 1:
        return tell(context.say("reply-to-several", numbers=_numbers(context, questions)))
    about = questions[0] if questions else _question_replied_to(context)
    if about is not None and not isinstance(about, str):
        return converse(context, about)
    return converse(context, event, about=about)


def _question_of(change: GivenChange) -> str | None:
    """The question that an answer, a note or a file is on."""
    return change.name if change.table in ANSWERS else (change.after or {}).get("question")


async def edited(context: Context, text: str) -> Decision:
    """An earlier message says something else now."""
    message = context.message.edits
    gave = await _given_by(context, message) if message is not None else ()
    return converse(context, events.MessageEdited(text, gave))


async def _given_by(context: Context, message: str) -> tuple[GivenChange, ...]:
    """What this chat's message gave in the open case."""
    if context.case is None:
        return ()
    lines = await context.store.case_lines(context.id, context.case.key)
    return given_by_message(lines, context.chat.chat, message)


def _question_replied_to(context: Context) -> str | events.Event | None:
    """The question of the card that a message replies to; None where it replies to no card.

    A card of another case, or an earlier one that names no question, is refused as a tap on it is.
    """
    message, cursor = context.message, context.session.cursor
    taps = [read_data(data, context.pack, context.mark) for data in message.replied_data]
    for tap in taps:
        if isinstance(tap, events.ChoiceTapped) and context.case and tap.case == context.case.key:
            return tap.question
    for tap in taps:
        if isinstance(tap, events.ControlTapped):
            is_at_hand = context.case and tap.card == events.Card(context.case.key, cursor.card)
            return cursor.question if is_at_hand else tap
    card = message.card
    is_shown = card is not None and card.replied_to and card.name == context.view().card_name
    return cursor.question if is_shown else None


def _numbers(context: Context, names: list[str]) -> str:
    form = context.view().form
    return context.say.all_of([form.by_name[name].number for name in names])
