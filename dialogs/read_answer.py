"""What a typed text means as an answer, whatever the question's type.

N/A and not known are read here, everything else by the question's own type. The question's
``constraint`` is checked for every answer alike, tapped or typed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from criteria.instrument.pack import Form
from criteria.match_choice import match_choice, normalise, options_in_list, options_of, said_tokens
from criteria.question import NA, NOT_KNOWN, RESERVED_WORDS, Question, Reading, Refusal, Said, Value
from criteria.read_phrase import match_phrase, read_phrase
from criteria.words import everyday_words
from dialogs.personal_data import MAX_SEARCHED
from dialogs.question_order import question_named

MAX_TEXT: Final = MAX_SEARCHED
"""Characters in a text answer or a note: what is searched for personal data."""
DONE: Final = "done"
_PARTING: Final = ":;,.=–—-"
"""Signs between a question's number, its answer and the note."""
_DIGIT: Final = re.compile(r"\d")
_LINE_PARTS: Final = re.compile(r"(\s*[,;]\s+)")
_LETTER: Final = re.compile(r"[^\W\d_]")
_CODE: Final = re.compile(r"[^\W\d_]{1,2}|n/[ak]|\d{1,2}")


def read_answer(question: Question, text: str, said: Said) -> Reading | Refusal:
    """Return what a typed text means. What is not sure is refused, with what it may mean."""
    text = text.replace("\x00", "").strip()
    if not text:
        return Refusal("empty")
    if len(text) > MAX_TEXT:
        return Refusal("too_long")
    left_out = _out_of_base(question, text, said)
    return left_out or question.type.read(question, text, said)


def _out_of_base(question: Question, text: str, said: Said) -> Reading | Refusal | None:
    """N/A and not known, in their usual words, unless a choice of the list has that very text."""
    if question.type.free_text and not (question.na or question.not_known):
        return None
    options = options_of(question, said.language)
    words = everyday_words(said.language)
    match = match_phrase(said_tokens(text, words), options, words)
    if match.name in (NA, NOT_KNOWN):
        return read_phrase(question, text, said.language)
    return Refusal(f"{match.reserved}_not_allowed") if match.reserved else None


def is_done(question: Question, text: str, said: Said) -> bool:
    """Whether a list is done so, unless a choice of it is called that."""
    words = everyday_words(said.language)
    named = (one.has(said_tokens(DONE, words)) for one in options_in_list(question, said.language))
    return normalise(text) == DONE and not any(named)


@dataclass(frozen=True, slots=True)
class Line:
    """The answers that a line of codes gives, in the order of the questions.

    ``word`` is the first that is no answer to ``question``, the next of them; None as ``question``
    where there is none left.
    """

    answers: tuple[tuple[Question, Value], ...] = field(repr=False)
    word: str | None = field(default=None, repr=False)
    question: Question | None = None


def read_line(asked: Sequence[Question], text: str, said: Said) -> Line | None:
    """``y n na y``: codes for the open questions of a card; None where the text is no such line.

    A code is an alias or initial of at most two letters that is no label, ``na``, ``nk``, or a
    choice's number. Nothing else is ever split.
    """
    codes = text.casefold().replace(",", " ").split()
    if len(codes) < 2 or not all(map(_CODE.fullmatch, codes)):
        return None
    if any("".join(codes) in texts for texts in RESERVED_WORDS.values()):  # "n a"
        return None
    answers: list[tuple[Question, Value]] = []
    for code, question in zip(codes, asked, strict=False):
        value = _read_code(question, code, said)
        if value is None:
            return Line(tuple(answers), code, question) if answers else None
        answers.append((question, value))
    rest = codes[len(answers) :]
    return Line(tuple(answers), rest[0] if rest else None)


@dataclass(frozen=True, slots=True)
class NamedLine:
    """``B8 n no letter on file``: the question named by its ``number``, and the rest."""

    question: Question
    number: str = field(repr=False)
    text: str = field(repr=False)


def named_lines(form: Form, text: str) -> list[NamedLine]:
    """The lines of a text that all begin with a question's number; else none.

    ``B7 y, B8 n`` is two of them. A comma before anything else belongs to the line's note.
    """
    found: list[NamedLine] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        first, *more = _LINE_PARTS.split(line)
        named = _named_line(form, first)
        if named is None:
            return []
        found.append(named)
        for comma, part in zip(more[::2], more[1::2], strict=True):
            if named := _named_line(form, part):
                found.append(named)
            else:
                found[-1] = replace(found[-1], text=f"{found[-1].text}{comma}{part}")
    return found


def _named_line(form: Form, line: str) -> NamedLine | None:
    number, _, rest = line.partition(" ")
    number, rest = number.rstrip(_PARTING), rest.lstrip(f" {_PARTING}")
    question = question_of_number(form, number)
    if question is None or not rest or (number.isdecimal() and not _LETTER.search(rest)):
        return None
    return NamedLine(question, number, rest)


def question_of_number(form: Form, word: str) -> Question | None:
    """The question of this number. It has a digit in it: a name may be any word."""
    return question_named(word, form) if _DIGIT.search(word) else None


def read_code_and_note(question: Question, text: str, said: Said) -> tuple[Value, str] | None:
    """``n no letter on file``: an answer's code, and the note after it."""
    code, _, note = text.partition(" ")
    code, note = code.rstrip(_PARTING).casefold(), note.strip(f" {_PARTING}")
    if not note or not _CODE.fullmatch(code) or note.casefold().startswith("not "):
        return None  # "f not met" may well be the opposite of "f"
    value = _read_code(question, code, said)
    return None if value is None else (value, note)


def _read_code(question: Question, code: str, said: Said) -> Value | None:
    if question.type.takes_several or not question.type.takes_list:
        return None
    words = everyday_words(said.language)
    token = said_tokens(code, words)
    options = options_of(question, said.language)
    choices = [option for option in options if option.in_list]
    labels = (
        one for option in choices for one in option.wordings if not (one.alias or one.foreign)
    )
    if any(one.tokens == token for one in labels):
        return None
    by_text = match_choice(token, options, words)
    if by_text.name is not None:
        named = any(one.name == by_text.name and one.has(token) for one in options)
        return by_text.name if named or len(code) == 1 else None
    if code.isdecimal() and not by_text.near and 1 <= int(code) <= len(question.choices):
        return question.choices[int(code) - 1].name
    return None
