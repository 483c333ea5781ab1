"""What a typed text means as an answer, whatever the question's type.

N/A and not known are read here, everything else by the question's own type. The question's
``constraint`` is checked for every answer alike, tapped or typed.
"""

from datetime import datetime
from typing import Final

from criteria import question as questions
from criteria.match_choice import match_exactly, normalise, options_in_list
from criteria.question import NA, NOT_KNOWN, Question, Reading, Refusal, Value
from criteria.relevance import FormState
from dialogs.personal_data import MAX_SEARCHED

MAX_TEXT: Final = MAX_SEARCHED
"""Characters in a text answer or a note: what is searched for personal data."""
DONE: Final = "done"


def read_answer(question: Question, text: str, now: datetime) -> Reading | Refusal:
    """Return what a typed text means. ``now`` is the inspector's time, for "today"."""
    text = text.replace("\x00", "").strip()
    if not text:
        return Refusal("empty")
    if len(text) > MAX_TEXT:
        return Refusal("too_long")
    left_out = _out_of_base(question, normalise(text))
    return left_out or question.type.read(question, text, now)


def _out_of_base(question: Question, wanted: str) -> Reading | Refusal | None:
    """N/A and not known, in their usual words, unless a choice of the list has that very text."""
    if question.type.free_text and not (question.na or question.not_known):
        return None
    if match_exactly(wanted, options_in_list(question)).name:
        return None
    if wanted in questions.RESERVED_WORDS[NA]:
        return Reading(NA) if question.na else Refusal("na_not_allowed")
    if wanted in questions.RESERVED_WORDS[NOT_KNOWN]:
        return Reading(NOT_KNOWN) if question.not_known else Refusal("not_known_not_allowed")
    return None


def is_done(question: Question, text: str) -> bool:
    """Whether a list is done so, unless a choice of it is called that."""
    return normalise(text) == DONE and not match_exactly(DONE, options_in_list(question)).name


def read_chunk(question: Question, words: list[str], now: datetime) -> tuple[Value, int] | None:
    """Read one answer at the head of ``words``: (value, words used). Only what is sure counts."""
    if not question.type.in_line:
        return None
    for used in range(min(len(words), 6), 0, -1):
        text = normalise(" ".join(words[:used]))
        reading = _out_of_base(question, text) or question.type.read_surely(question, text, now)
        if isinstance(reading, Reading):
            return reading.value, used
    return None


def meets_constraint(question: Question, value: Value, state: FormState) -> bool:
    """Whether an answer meets the question's ``constraint``; N/A and not known always do.

    So does an answer that waits for what the constraint names; it is looked at again then.
    """
    return not state.breaks(question, value)
