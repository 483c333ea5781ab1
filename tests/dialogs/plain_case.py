"""What a case of the tiny pack must hold after each answer: a model, written without the engine.

It knows the seven questions by heart and works with plain dicts, so that the engine and the store
can be held against it.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any, Final

FOUR: Final = {
    "fully": "Fully met", "largely": "Largely met", "partly": "Partly met", "not_met": "Not met"
}  # fmt: skip
LABELS: Final[dict[str, dict[str, str]]] = {
    "sex": {"male": "Male", "female": "Female"},
    "told": {"yes": "Yes", "no": "No", "na": "N/A", "not_known": "Not known"},
    "how_well": {**FOUR, "na": "N/A", "not_known": "Not known"},
    "papers": {"assessment": "Assessment", "plan": "Supervision plan", "log": "Contact log"},
    "visits": {"not_known": "Not known"},
    "moved": {},
    "remark": {},
    "kept": FOUR,
}
"""The questions in their order, with the buttons of each."""

ORDER: Final = tuple(LABELS)
NUMBERS: Final = dict(zip(ORDER, ("A1", "B1", "B2", "B3", "B4", "B5", "B6", "C1"), strict=True))
TICKED: Final = "papers"
OPTIONAL: Final = ("remark",)
CLOSED: Final = ("submitted", "agreed")


Stands = tuple[Any, str | None, int]
"""A question's value and note, and which change made them what they are."""

_CHANGES: Final = itertools.count(1)


@dataclass(frozen=True)
class Given:
    """One step of a person's: what it changed, and the ticks that its list had before."""

    person: str
    question: str
    before: Stands
    after: Stands
    head: tuple[tuple[str | None, str], tuple[str | None, str]]
    ticks: frozenset[str] | None = None


@dataclass
class PlainCase:
    """``values`` and ``notes`` by question, and how many remarks a lead has made since it was in.

    Ticks that are not done belong to a chat, not here. ``given`` is what people gave and did not
    take back, ``changed`` which change a question's answer and note come from.
    """

    inspector: str | None = None
    status: str = "unassigned"
    values: dict[str, Any] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    remarks: int = 0
    given: list[Given] = field(default_factory=list, compare=False, repr=False)
    changed: dict[str, int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def head(self) -> tuple[str | None, str]:
        return self.inspector, self.status

    def stands(self, question: str) -> Stands:
        change = 0 if question == "sex" else self.changed.get(question, 0)  # a fact has no author
        return self.values.get(question), self.notes.get(question), change

    def gave(
        self,
        person: str,
        question: str,
        before: tuple[Stands, tuple[str | None, str]],
        ticks: set[str] | None = None,
    ) -> None:
        """Note what a step changed, which ``before`` was so, if it changed anything."""
        stood, head = before
        if self.stands(question)[:2] == stood[:2]:
            return
        self.changed[question] = next(_CHANGES)
        kept = None if ticks is None else frozenset(ticks)
        now = self.stands(question)
        self.given.append(Given(person, question, stood, now, (head, self.head), kept))

    def attached(self, person: str, question: str, head: tuple[str | None, str]) -> None:
        """Note that a file was added, which is a step as well and changes no answer."""
        stands = self.stands(question)
        self.given.append(Given(person, question, stands, stands, (head, self.head)))

    def undo(self, person: str) -> Given | None:
        """Take back what this person gave last; None where there is nothing, or it was changed."""
        last = next((one for one in reversed(self.given) if one.person == person), None)
        if self.is_in or last is None or self.stands(last.question) != last.after:
            return None
        self.given.remove(last)
        value, note, change = last.before
        for kept, was in ((self.values, value), (self.notes, note)):
            kept.pop(last.question, None)
            if was is not None:
                kept[last.question] = was
        self.changed[last.question] = change
        if self.head == last.head[1]:
            self.inspector, self.status = last.head[0]
        return last

    def clear(self, question: str, person: str) -> bool:
        """Make an answered question open again; a note on it stays."""
        if self.is_in or question not in self.values:
            return False
        del self.values[question]
        self.inspector = self.inspector or person
        return True

    @property
    def is_in(self) -> bool:
        return self.status in CLOSED

    @property
    def relevant(self) -> list[str]:
        return [one for one in ORDER if one != "how_well" or self.values.get("told") == "yes"]

    @property
    def open(self) -> list[str]:
        return [one for one in self.relevant if one not in self.values]

    @property
    def missing(self) -> list[str]:
        """What must be answered before the case can be submitted."""
        return [one for one in self.open if one not in OPTIONAL]

    def next_after(self, question: str) -> str | None:
        """The next open question, None where the review comes."""
        place = ORDER.index(question)
        return next((one for one in self.open if ORDER.index(one) > place), None)

    def next_asked(self, question: str) -> str | None:
        place = ORDER.index(question)
        return next((one for one in self.relevant if ORDER.index(one) > place), None)

    def before(self, question: str | None) -> str | None:
        place = len(ORDER) if question is None else ORDER.index(question)
        return next((one for one in reversed(self.relevant) if ORDER.index(one) < place), None)

    def answer(self, question: str, value: Any, person: str) -> bool:
        """Gives whether it was taken."""
        if self.is_in or question not in self.relevant:
            return False
        if self.values.get(question) != value:
            self.values[question] = value
            self.touch(person)
        return True

    def note(self, question: str, text: str, person: str) -> bool:
        if self.is_in or question == "sex":
            return False
        self.notes[question] = text
        self.touch(person)
        return True

    def remove_note(self, question: str, person: str) -> bool:
        if self.is_in or question not in self.notes:
            return False
        del self.notes[question]
        self.inspector = self.inspector or person
        return True

    def submit(self, person: str) -> bool:
        if self.is_in or self.missing:
            return False
        self.status, self.inspector = "submitted", self.inspector or person
        self.remarks = 0
        return True

    def reopen(self, person: str) -> bool:
        if self.status != "submitted":
            return False
        self.status, self.inspector = "in_progress", self.inspector or person
        return True

    def give_back(self) -> bool:
        if not (self.is_in or self.status == "returned"):
            return False
        self.status = "returned"
        self.remarks += 1
        return True

    def assign(self, person: str) -> bool:
        if self.is_in:
            return False
        self.inspector = person
        if self.status == "unassigned":
            self.status = "assigned"
        return True

    def touch(self, person: str) -> None:
        """Whoever first changes a case that nobody has is its inspector; it is begun."""
        self.inspector = self.inspector or person
        if self.status in ("unassigned", "assigned"):
            self.status = "in_progress"


def typed_value(question: str, text: str) -> Any:
    """What a typed text must be read as, of those that the tests type; None where it is refused."""
    by_label = {label: name for name, label in LABELS[question].items()}
    if text in by_label:
        return (by_label[text],) if question == TICKED else by_label[text]
    if question == TICKED and text == "none":
        return ()
    if question == "visits" and text == "none":
        return 0
    if question == "visits" and text.isdecimal() and int(text) < 100:
        return int(text)
    if question == "moved" and text.startswith("2014-"):
        return text
    return text if question == "remark" else None


def a_typed_answer(question: str, chance: Any) -> str:
    """One that is taken; ``chance`` is a :class:`random.Random`, or drawn from hypothesis."""
    more = {
        "visits": [str(chance.randint(0, 99))],
        "moved": [f"2014-06-{chance.randint(1, 30):02d}"],
        "remark": [f"remark {chance.randint(1, 999)}"],
        "papers": ["none"],
    }
    texts: list[str] = [*LABELS[question].values(), *more.get(question, ())]
    return str(chance.choice(texts))


TYPED_NEVER: Final = "zzz qqq"
"""No answer to any question but the one that takes every text."""
