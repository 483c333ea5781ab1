"""What a button carries: at most 64 bytes, as Telegram allows.

``t|3f2a|C001|0|12|7|c3`` is a tap on case C001's form 0, question 12, card 7: choice 3. Places
stand for names, since an inspection's pack never changes under it; ``3f2a`` is the inspection's
mark, so that a card of another inspection is told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Final, get_args

from criteria.case import EvidenceKind
from criteria.pack import NA, NOT_KNOWN, Form, Pack, Question
from dialogs.events import (
    Card,
    ChoiceTapped,
    Control,
    ControlTapped,
    KindChosen,
    QuestionTapped,
)

MAX_BYTES: Final = 64

_CONTROL_CODES: Final[dict[Control, str]] = {
    control: f"x{place}" for place, control in enumerate(get_args(Control))
}
_CONTROLS: Final = {code: control for control, code in _CONTROL_CODES.items()}


@dataclass(frozen=True, slots=True)
class CaseTap:
    """Open a case (``new``: add it to the inspection first)."""

    case: str
    form: str
    new: bool = False
    reading: int = 1


@dataclass(frozen=True, slots=True)
class CommandTap:
    """A button that stands for a typed command: ``assign C001 I2``."""

    command: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RemoveTap:
    """Take the person's own message out of the chat."""

    message: int


@dataclass(frozen=True, slots=True)
class LanguageTap:
    language: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NextCaseTap:
    """Open the next case that is not submitted."""


@dataclass(frozen=True, slots=True)
class ForeignTap:
    """A button of another inspection, or one that no version of ours made."""


PlainTap = (
    ChoiceTapped
    | ControlTapped
    | QuestionTapped
    | KindChosen
    | CaseTap
    | LanguageTap
    | NextCaseTap
    | RemoveTap
    | ForeignTap
)
Tap = PlainTap | CommandTap


@lru_cache(maxsize=64)
def inspection_mark(inspection_id: str) -> str:
    return sha256(inspection_id.encode()).hexdigest()[:4]


@dataclass(frozen=True, slots=True)
class CardTaps:
    """Makes the taps of one card."""

    mark: str
    card: Card
    form: Form

    def _tap(self, what: str) -> str:
        question = self.form.by_name.get(self.card.question or "")
        place = "" if question is None else question.index
        form = _form_place(self.form, self.card.reading)
        return f"t|{self.mark}|{self.card.case}|{form}|{place}|{self.card.revision}|{what}"

    def choice(self, question: Question, name: str) -> str:
        if name == NA:
            return self._tap("na")
        if name == NOT_KNOWN:
            return self._tap("nk")
        place = next(i for i, choice in enumerate(question.choices) if choice.name == name)
        return self._tap(f"c{place}")

    def control(self, control: Control) -> str:
        return self._tap(_CONTROL_CODES[control])

    def question(self, question: Question) -> str:
        return self._tap(f"q{question.index}")

    def kind(self, kind: EvidenceKind) -> str:
        return self._tap(f"k{list(EvidenceKind).index(kind)}")


def case_tap(mark: str, case: str, form: Form, *, reading: int = 1, new: bool = False) -> str:
    return f"{'n' if new else 'o'}|{mark}|{case}|{_form_place(form, reading)}"


def command_tap(mark: str, command: str, forms: Sequence[Form] = ()) -> str:
    """A command, these forms in it by their places; where it does not fit, its first word alone.

    That word is answered by how the command goes, so that it can be typed.
    """
    places = {form.name: f".{form.index}" for form in forms}
    words = command.split(" ")
    short = (places.get(word, word) for word in words[1:])
    tap = f"c|{mark}|{' '.join([words[0], *short])}"
    return tap if len(tap.encode()) <= MAX_BYTES else f"c|{mark}|{words[0]}"


def remove_tap(message: int) -> str:
    return f"r|{message}"


def _form_place(form: Form, reading: int) -> str:
    """``0``, and ``0.2`` for the second reading."""
    return str(form.index) if reading == 1 else f"{form.index}.{reading}"


def next_case_tap(mark: str) -> str:
    return f"x|{mark}"


def language_tap(language: str) -> str:
    return f"l|{language}"


def read_tap(data: str, pack: Pack, mark: str) -> Tap:
    """What a button's data means; never raises, whatever it holds."""
    try:
        return _read_tap(data, pack, mark)
    except (IndexError, ValueError, KeyError):
        return ForeignTap()


def _read_tap(data: str, pack: Pack, mark: str) -> Tap:
    kind, *fields = data.split("|")
    if kind == "l":
        return LanguageTap(fields[0])
    if kind == "r":
        return RemoveTap(_place(fields[0]))
    if fields[0] != mark:
        return ForeignTap()
    if kind == "c":
        return CommandTap(_command("|".join(fields[1:]), pack))
    if kind == "x":
        return NextCaseTap()
    form_place, _, reading_place = fields[2].partition(".")
    case, form = fields[1], pack.forms[_place(form_place)]
    reading = _place(reading_place or "1")
    if kind in ("o", "n"):
        return CaseTap(case, form.name, new=kind == "n", reading=reading)
    question = form.questions[_place(fields[3])] if fields[3] else None
    name = question.name if question else None
    card = Card(case, form.name, name, int(fields[4]), reading)
    return _read_card_tap(card, form, question, fields[5])


def _command(text: str, pack: Pack) -> str:
    """No reference begins with a dot, so a form's place, ``.1``, is told from it."""
    words = (
        pack.forms[int(word[1:])].name if word[:1] == "." and word[1:].isdecimal() else word
        for word in text.split(" ")
    )
    return " ".join(words)


def _read_card_tap(card: Card, form: Form, question: Question | None, what: str) -> Tap:
    if what in ("na", "nk"):
        return ChoiceTapped(card, NA if what == "na" else NOT_KNOWN)
    if what.startswith("c") and question is not None:
        return ChoiceTapped(card, question.choices[_place(what[1:])].name)
    if what.startswith("q"):
        return QuestionTapped(card, form.questions[_place(what[1:])].name)
    if what.startswith("k"):
        return KindChosen(card, list(EvidenceKind)[_place(what[1:])].value)
    return ControlTapped(card, _CONTROLS[what])


def _place(text: str) -> int:
    place = int(text)
    if place < 0:
        raise ValueError(text)
    return place
