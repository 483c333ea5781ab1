"""A pack as its author left it: what can be read of a document that may hold anything.

The checks look at a :class:`Draft`, as :class:`criteria.pack.Pack` can only be made of a document
without errors. What has not the expected shape is left out of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, Final

from criteria.expressions import HOLIDAYS
from criteria.pack import BEGIN_GROUP, END_GROUP, JSON
from criteria.question import QuestionType
from criteria.question_types import TYPES
from criteria.question_types.calculate import Calculate

Path = tuple[str | int, ...]
"""Where something stands in the document: ``("forms", 0, "survey", 12, "relevant")``."""


# --- reading a document that may hold anything ---


def text_of(value: Any) -> str:
    """The value if it is a text, else nothing."""
    return value if isinstance(value, str) else ""


def item_of(owner: Any, part: str | int) -> Any:
    """What ``owner`` holds as ``part``, else None."""
    if isinstance(owner, dict):
        return owner.get(part)
    if isinstance(owner, list) and isinstance(part, int) and part < len(owner):
        return owner[part]
    return None


def parts_of(owner: JSON | list[Any]) -> Iterable[tuple[str | int, Any]]:
    return owner.items() if isinstance(owner, dict) else enumerate(owner)


def objects_in(owner: Any, key: str, path: Path) -> Iterator[tuple[Path, JSON]]:
    """The objects in the list that ``owner`` holds as ``key``, with their places."""
    items = owner.get(key) if isinstance(owner, dict) else None
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            yield (*path, key, index), item


def said_of(path: Path, choice: JSON) -> Iterator[tuple[Path, str, str | None]]:
    """The texts that name a choice: (place, text, language, if it is in one)."""
    yield (*path, "name"), text_of(choice.get("name")), None
    label = choice.get("label")
    if isinstance(label, dict):
        for language, text in label.items():
            yield (*path, "label", language), text_of(text), language
    elif isinstance(label, str):
        yield (*path, "label"), label, None
    aliases = choice.get("aliases")
    for index, alias in enumerate(aliases if isinstance(aliases, list) else ()):
        yield (*path, "aliases", index), text_of(alias), None


# --- its parts ---


UNKNOWN: Final = Calculate(name="")
"""The type of a question whose type there is none: nothing can be said of its answers."""


@dataclass(frozen=True, slots=True, eq=False)
class DraftQuestion:
    """One question, or the row that begins a group.

    ``index`` is its place among the rows of its form's profile and survey, from 0.
    """

    path: Path
    raw: JSON
    form: int
    index: int
    name: str
    type: QuestionType
    list_name: str
    within: tuple[Path, ...] = ()
    """The places of the groups that it stands in, the outermost first."""

    @property
    def number(self) -> str:
        return text_of(self.raw.get("number")) or self.name

    @property
    def is_in_survey(self) -> bool:
        return "survey" in self.path

    def allows(self, answer: str) -> bool:
        """Whether it may be answered ``na`` or ``not_known``."""
        return self.raw.get(answer) is True


@dataclass(frozen=True)
class Draft:
    """The parts of a document that can be looked at, whatever else is wrong with it."""

    document: JSON
    forms: Mapping[int, tuple[DraftQuestion, ...]]
    groups: tuple[DraftQuestion, ...]
    """Only a group's name, number and relevance mean anything."""
    unbalanced: tuple[DraftQuestion, ...]
    """The groups that nothing ends, and the ends of none."""
    lists: Mapping[str, tuple[tuple[Path, JSON], ...]]
    sections: tuple[tuple[Path, JSON], ...]
    criteria: tuple[tuple[Path, JSON], ...]
    headlines: tuple[tuple[Path, JSON], ...]
    columns: Mapping[str, tuple[tuple[Path, JSON], ...]]
    tables: tuple[tuple[Path, JSON], ...]

    @classmethod
    def of(cls, document: JSON) -> Draft:
        sections = tuple(objects_in(document, "sections", ()))
        rows = {int(path[1]): _Rows(path, form) for path, form in objects_in(document, "forms", ())}
        return cls(
            document=document,
            forms={form: tuple(read.questions) for form, read in rows.items()},
            groups=tuple(chain.from_iterable(read.groups for read in rows.values())),
            unbalanced=tuple(chain.from_iterable(read.unbalanced for read in rows.values())),
            lists=_named_lists(document, "choices"),
            sections=sections,
            criteria=tuple(
                chain.from_iterable(objects_in(one, "criteria", path) for path, one in sections)
            ),
            headlines=tuple(objects_in(document, "headlines", ())),
            columns=_named_lists(document, "columns"),
            tables=tuple(objects_in(document, "tables", ())),
        )

    @cached_property
    def questions(self) -> tuple[DraftQuestion, ...]:
        return tuple(chain.from_iterable(self.forms.values()))

    @cached_property
    def by_name(self) -> Mapping[int, Mapping[str, DraftQuestion]]:
        """Each form's questions by their names, the first where a name stands twice."""
        return {
            form: {question.name: question for question in reversed(questions)}
            for form, questions in self.forms.items()
        }

    @cached_property
    def everywhere(self) -> Mapping[str, DraftQuestion]:
        """The questions of all forms by their names."""
        return {question.name: question for question in reversed(self.questions)}

    @property
    def holidays(self) -> str | None:
        """The calendar of its working days, if it names one that there is."""
        calendar = text_of(item_of(self.document.get("settings"), "holidays"))
        return calendar if calendar in HOLIDAYS else None

    @cached_property
    def form_places(self) -> Mapping[str, int]:
        """Each form's place in the document, by its name."""
        forms = objects_in(self.document, "forms", ())
        return {text_of(raw.get("name")): int(path[1]) for path, raw in forms}

    @cached_property
    def said_questions(self) -> Mapping[int, Mapping[str, str]]:
        """By form: the names of its questions, by their numbers and names."""
        return {
            form: {
                text: question.name
                for question in questions
                for text in (question.number, question.name)
                if question.name
            }
            for form, questions in self.forms.items()
        }

    @cached_property
    def said_everywhere(self) -> Mapping[str, str]:
        """The names of the questions of all forms, by their numbers and names."""
        return dict(chain.from_iterable(said.items() for said in self.said_questions.values()))

    @cached_property
    def choice_names(self) -> Mapping[str, tuple[str, ...]]:
        """The choices of each list, by their names."""
        return {
            name: tuple(text_of(choice.get("name")) for _, choice in choices)
            for name, choices in self.lists.items()
        }

    @cached_property
    def scales(self) -> frozenset[str]:
        """The lists that say which of their choices are sufficient."""
        return frozenset(
            name
            for name, choices in self.lists.items()
            if any("sufficient" in choice for _, choice in choices)
        )

    def is_judgement(self, question: DraftQuestion) -> bool:
        return question.type.judges and question.list_name in self.scales

    def can_be_yes(self, question: DraftQuestion) -> bool:
        """Whether ``yes`` is one of the answers of which it takes one."""
        choices = self.choice_names.get(question.list_name, ())
        return question.type.judges and "yes" in choices

    def is_scored(self, question: DraftQuestion) -> bool:
        return self.is_judgement(question) and _counts(question)

    @property
    def levels(self) -> Any:
        """How criteria get levels, as ``scoring`` says it."""
        return item_of(self.document.get("scoring"), "levels")

    @cached_property
    def by_levels(self) -> frozenset[str]:
        """The criteria that get a level, by their names."""
        sections = (one for one in self.sections if one[1].get("method") == "levels")
        criteria = chain.from_iterable(objects_in(raw, "criteria", path) for path, raw in sections)
        return frozenset(text_of(raw.get("name")) for _, raw in criteria)

    def is_level_item(self, question: DraftQuestion) -> bool:
        """Whether its answer is one of those that a criterion's level follows from."""
        return (
            question.type.judges
            and not question.type.worked_out
            and question.list_name == text_of(item_of(self.levels, "items"))
            and text_of(question.raw.get("criterion")) in self.by_levels
            and _counts(question)
        )


def _counts(question: DraftQuestion) -> bool:
    """Whether it has a criterion, and the pack does not say that it is not scored."""
    raw = question.raw
    return bool(text_of(raw.get("criterion"))) and raw.get("scored") is not False


def _named_lists(document: JSON, key: str) -> Mapping[str, tuple[tuple[Path, JSON], ...]]:
    """The lists of objects in the object that the document holds as ``key``, by their names."""
    lists = document.get(key)
    return {
        name: tuple(objects_in(lists, name, (key,)))
        for name in (lists if isinstance(lists, dict) else ())
        if isinstance(name, str)
    }


class _Rows:
    """A form's rows: its questions and groups, each with the groups that it stands in."""

    def __init__(self, path: Path, form: JSON) -> None:
        self.questions: list[DraftQuestion] = []
        self.groups: list[DraftQuestion] = []
        self.unbalanced: list[DraftQuestion] = []
        begun: list[DraftQuestion] = []
        both = chain(objects_in(form, "profile", path), objects_in(form, "survey", path))
        for index, (place, raw) in enumerate(both):
            within = tuple(group.path for group in begun)
            row = _row(place, raw, int(path[1]), index, within)
            kind = raw.get("type") if row.is_in_survey else None
            if kind == BEGIN_GROUP:
                self.groups.append(row)
                begun.append(row)
            elif kind == END_GROUP and begun:
                begun.pop()
            elif kind == END_GROUP:
                self.unbalanced.append(row)
            else:
                self.questions.append(row)
        self.unbalanced += begun


def _row(path: Path, raw: JSON, form: int, index: int, within: tuple[Path, ...]) -> DraftQuestion:
    kind, _, list_name = text_of(raw.get("type")).partition(" ")
    known = TYPES.get(kind, UNKNOWN)
    if known.worked_out:
        list_name = text_of(raw.get("choices"))
    name = text_of(raw.get("name"))
    return DraftQuestion(path, raw, form, index, name, known, list_name.strip(), within)
