"""Words that are typed instead of tapped: what a button of the card says, a command's name, and a
question's number.

A label of an answer goes before them, and where any text may be the answer or a note, only what the
card's own buttons say is no text.
"""

from __future__ import annotations

from typing import Final

from bot.callback_data import Tap, read_data
from bot.cards import render
from bot.channels.channel import SIGNS
from bot.context import Context
from criteria.match_choice import normalise
from criteria.question import Question
from dialogs.engine import advance
from dialogs.events import CardAsked
from dialogs.question_order import question_named

BARE: Final = frozenset({
    *("next", "skip", "back", "review", "note", "submit", "undo", "clear", "progress"),
    *("cases", "summary", "help", "help me"),
})  # fmt: skip
"""What is understood without a slash."""
COMMANDS: Final = {"skip": "next", "help me": "help"}
"""Those that are not called as their commands are."""
CANCEL: Final = "cancel"
"""Never an answer, a note or a remark, unless a choice is called so."""
MAX_LABEL: Final = 60
"""Characters; what is longer is no label of a button."""


def is_cancelled(context: Context, text: str) -> bool:
    """Whether a text calls off the text that is waited for, or what is asked at all."""
    wanted = plain_label(text)
    if context.session.asked is not None:
        return wanted in (CANCEL, plain_label(context.say("cancel-asked")))
    if wanted != CANCEL:
        return False
    question = _at_hand(context)
    return question is None or not _is_answer(question, CANCEL)


def command_typed(context: Context, text: str) -> str | None:
    """The command that a text without a slash stands for: ``goto B7``; None where it is none."""
    wanted = plain_label(text)
    question = _at_hand(context)
    if _is_text_wanted(context, question):
        return wanted if wanted == "undo" else None  # no answer and no note says only that
    if question and _is_answer(question, wanted):
        return None
    if wanted in BARE:
        return COMMANDS.get(wanted, wanted)
    return f"goto {wanted}" if _is_number(context, question, wanted) else None


def button_typed(context: Context, text: str) -> Tap | None:
    """The tap on the button of the card at hand that says this, if it is no answer's."""
    wanted, question = plain_label(text), _at_hand(context)
    if context.case is None or not any(map(str.isalpha, wanted)) or len(wanted) > MAX_LABEL:
        return None
    if question and _is_answer(question, wanted):
        return None
    step = advance(context.session, CardAsked(), context.pack, context.now)
    for row in render(step.effects, context.view(step.session)).buttons:
        for button in row:
            if not button.is_answer and plain_label(button.label) == wanted:
                return read_data(button.data, context.pack, context.mark)
    return None


def plain_label(text: str) -> str:
    """What a label says, without what decorates it."""
    return normalise(text.strip(SIGNS))


def _at_hand(context: Context) -> Question | None:
    case = context.case
    form = None if case is None else context.pack.form(case.form)
    return None if form is None else form.by_name.get(context.session.cursor.question or "")


def _is_text_wanted(context: Context, question: Question | None) -> bool:
    """Whether a note is waited for, or any text answers the question at hand."""
    noted = context.case is not None and context.session.cursor.note_on is not None
    return noted or (question is not None and question.type.free_text)


def _is_answer(question: Question, wanted: str) -> bool:
    """Whether a text is an answer's label or how one begins."""
    labels = (label for choice in question.choices for label in choice.label.values())
    return any(normalise(label).startswith(wanted) for label in labels)


def _is_number(context: Context, question: Question | None, wanted: str) -> bool:
    """Whether a text is a question's number, and can be no number that is asked for."""
    case = context.case
    form = None if case is None else context.pack.form(case.form)
    if form is None or wanted.isdecimal():
        return False
    if question is not None and question.type.wants_text and not any(map(str.isalpha, wanted)):
        return False
    return question_named(wanted, form) is not None
