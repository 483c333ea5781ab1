"""What a button carries: at most 64 bytes, as Telegram allows.

``a|3f2a|C001|0|12|c3`` is a tap on an answer in case C001's form 0: question 12, choice 3. It names
no card, so it counts wherever the question is shown. ``t|3f2a|C001|0|7|x1`` is a tap on a control
of card 7. Places stand for names, since an inspection's pack never changes under it; ``3f2a`` is
the inspection's mark, by which a button of another inspection is recognised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Final, get_args

from criteria.case import CaseKey, EvidenceKind
from criteria.instrument.pack import Form, Pack
from criteria.question import NA, NOT_KNOWN, Question
from dialogs.events import (
    Card,
    ChoiceTapped,
    Control,
    ControlTapped,
    KindChosen,
    LanguageChosen,
    OfferTaken,
    PageTurned,
    QuestionTapped,
)

MAX_BYTES: Final = 64

_CONTROL_CODES: Final[dict[Control, str]] = {
    control: f"x{place}" for place, control in enumerate(get_args(Control))
}
_CONTROLS: Final = {code: control for control, code in _CONTROL_CODES.items()}
_OUT_OF_BASE_CODES: Final = {NA: "na", NOT_KNOWN: "nk"}
_OUT_OF_BASE: Final = {code: name for name, code in _OUT_OF_BASE_CODES.items()}
_KINDS: Final = tuple(EvidenceKind)


@dataclass(frozen=True, slots=True)
class CaseTap:
    """Open a case (``new``: add it to the inspection first)."""

    case: CaseKey
    new: bool = False


@dataclass(frozen=True, slots=True)
class CommandTap:
    """A button that stands for a typed command: ``assign C001 I2``."""

    command: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RemoveTap:
    """Take the person's own message out of the chat."""

    message: str


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
    | OfferTaken
    | PageTurned
    | KindChosen
    | LanguageChosen
    | CaseTap
    | NextCaseTap
    | RemoveTap
    | ForeignTap
)
Tap = PlainTap | CommandTap


@lru_cache(maxsize=64)
def inspection_mark(inspection_id: str) -> str:
    return sha256(inspection_id.encode()).hexdigest()[:4]


class CardData:
    """Makes the data of one card's buttons."""

    def __init__(self, mark: str, form: Form, card: Card) -> None:
        self.mark = mark
        case = f"|{mark}|{card.case.case}|{_form_place(form, card.case.reading)}|"
        self._answer = f"a{case}"
        self._control = f"t{case}{card.id}|"

    def choice(self, question: Question, name: str) -> str:
        what = _OUT_OF_BASE_CODES.get(name)
        if what is None:
            what = f"c{[choice.name for choice in question.choices].index(name)}"
        return f"{self._answer}{question.index}|{what}"

    def control(self, control: Control) -> str:
        return self._control + _CONTROL_CODES[control]

    def question(self, question: Question) -> str:
        return f"{self._control}q{question.index}"

    def offer(self, place: int) -> str:
        return f"{self._control}o{place}"

    def page(self, number: int | None) -> str:
        return f"{self._control}p{'' if number is None else number}"

    def kind(self, kind: EvidenceKind) -> str:
        return f"{self._control}k{_KINDS.index(kind)}"


def case_data(mark: str, key: CaseKey, form: Form, *, new: bool = False) -> str:
    return f"{'n' if new else 'o'}|{mark}|{key.case}|{_form_place(form, key.reading)}"


def command_data(mark: str, command: str, forms: Sequence[Form] = ()) -> str:
    """A command, these forms in it by their places; where it does not fit, its first word alone.

    That word is answered by how the command goes, so that it can be typed.
    """
    places = {form.name: f".{form.index}" for form in forms}
    words = command.split(" ")
    short = (places.get(word, word) for word in words[1:])
    data = f"c|{mark}|{' '.join([words[0], *short])}"
    return data if len(data.encode()) <= MAX_BYTES else f"c|{mark}|{words[0]}"


def remove_data(message: str) -> str:
    return f"r|{message}"


def next_case_data(mark: str) -> str:
    return f"x|{mark}"


def language_data(language: str) -> str:
    return f"l|{language}"


def _form_place(form: Form, reading: int) -> str:
    """``0``, and ``0.2`` for the second reading."""
    return str(form.index) if reading == 1 else f"{form.index}.{reading}"


def read_data(data: str, pack: Pack, mark: str) -> Tap:
    """Return what a button's data means. Nothing that it holds raises."""
    try:
        return _read_data(data, pack, mark)
    except (IndexError, ValueError, KeyError):
        return ForeignTap()


def _read_data(data: str, pack: Pack, mark: str) -> Tap:
    kind, *fields = data.split("|")
    if kind == "l":
        return LanguageChosen(fields[0])
    if kind == "r":
        return RemoveTap(fields[0]) if fields[0] else ForeignTap()
    if fields[0] != mark:
        return ForeignTap()
    if kind == "c":
        return CommandTap(_command("|".join(fields[1:]), pack))
    if kind == "x":
        return NextCaseTap()
    form_place, _, reading = fields[2].partition(".")
    form = pack.forms[_place(form_place)]
    key = CaseKey(fields[1], form.name, _place(reading or "1"))
    if kind in ("o", "n"):
        return CaseTap(key, new=kind == "n")
    if kind == "a":
        question, what = form.questions[_place(fields[3])], fields[4]
        name = _OUT_OF_BASE.get(what) or question.choices[_place(what.removeprefix("c"))].name
        return ChoiceTapped(key, question.name, name)
    card, what = Card(key, int(fields[3])), fields[4]
    if what.startswith("q"):
        return QuestionTapped(card, form.questions[_place(what[1:])].name)
    if what.startswith("o"):
        return OfferTaken(card, _place(what[1:]))
    if what.startswith("p"):
        return PageTurned(card, _place(what[1:]) if what[1:] else None)
    if what.startswith("k"):
        return KindChosen(card, _KINDS[_place(what[1:])].value)
    return ControlTapped(card, _CONTROLS[what])


def _command(text: str, pack: Pack) -> str:
    """No reference begins with a dot, so a form's place, ``.1``, is told from it."""
    return " ".join(
        pack.forms[int(word[1:])].name if word[:1] == "." and word[1:].isdecimal() else word
        for word in text.split(" ")
    )


def _place(text: str) -> int:
    place = int(text)
    if place < 0:
        raise ValueError(text)
    return place
