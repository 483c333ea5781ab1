"""Read the parts of a pack's document that the checks look at.

A pack needs a document without errors, so the checks read a :class:`Draft`. It leaves out whatever
does not have the expected shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from criteria.expressions import HOLIDAYS
from criteria.instrument.pack import BEGIN_GROUP, END_GROUP, JSON
from criteria.question import QuestionType
from criteria.question_types import TYPES
from criteria.question_types.calculate import Calculate

Path = tuple[str | int, ...]
"""Where something stands in the document: ``("forms", 0, "survey", 12, "relevant")``."""


def text_of(value: Any) -> str:
    return value if isinstance(value, str) else ""


def item_of(owner: Any, part: str | int) -> Any:
    if isinstance(owner, dict):
        return owner.get(part)
    if isinstance(owner, list) and isinstance(part, int) and part < len(owner):
        return owner[part]
    return None


def parts_of(owner: JSON | list[Any]) -> Iterable[tuple[str | int, Any]]:
    return owner.items() if isinstance(owner, dict) else enumerate(owner)


def objects_in(owner: Any, key: str, path: Path) -> Iterator[tuple[Path, JSON]]:
    items = owner.get(key) if isinstance(owner, dict) else None
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            yield (*path, key, index), item


def said_of(path: Path, choice: JSON) -> Iterator[tuple[Path, str, str | None]]:
    """Yield the texts that name a choice, as (path, text, language or None)."""
    yield (*path, "name"), text_of(choice.get("name")), None
    label = choice.get("label")
    if isinstance(label, dict):
        for language, text in label.items():
            yield (*path, "label", language), text_of(text), language
    elif isinstance(label, str):
        yield (*path, "label"), label, None
    aliases = choice.get("aliases")
    spoken = aliases if isinstance(aliases, dict) else {None: aliases}
    for language, texts in spoken.items():
        place = (*path, "aliases") if language is None else (*path, "aliases", language)
        for index, alias in enumerate(texts if isinstance(texts, list) else ()):
            yield (*place, index), text_of(alias), language


UNKNOWN: Final = Calculate(name="")
"""The type of a question whose type there is none: nothing can be said of its answers."""


@dataclass(frozen=True, slots=True, eq=False)
class DraftQuestion:
    """A question, or the row that begins a group; ``index`` is its place in the form, from 0."""

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

    @property
    def counts(self) -> bool:
        return bool(text_of(self.raw.get("criterion"))) and self.raw.get("scored") is not False

    def allows(self, answer: str) -> bool:
        return self.raw.get(answer) is True


class Draft:
    """The parts of a document that can be checked, whatever else is wrong with it."""

    def __init__(self, document: JSON) -> None:
        self.document = document
        forms = list(objects_in(document, "forms", ()))
        rows = {int(path[1]): _Rows(path, form) for path, form in forms}
        self.forms = {form: tuple(read.questions) for form, read in rows.items()}
        # Of a group only its name, number and relevance mean anything.
        self.groups = tuple(chain.from_iterable(read.groups for read in rows.values()))
        # The groups that nothing ends, and the ends of none.
        self.unbalanced = tuple(chain.from_iterable(read.unbalanced for read in rows.values()))
        self.form_places = {text_of(form.get("name")): int(path[1]) for path, form in forms}
        self.lists = _named_lists(document, "choices")
        self.sections = tuple(objects_in(document, "sections", ()))
        self.criteria = tuple(_criteria(self.sections))
        self.headlines = tuple(objects_in(document, "headlines", ()))
        self.columns = _named_lists(document, "columns")
        self.tables = tuple(objects_in(document, "tables", ()))

        self.questions = tuple(chain.from_iterable(self.forms.values()))
        # By name, the first where a name stands twice: in each form, and in all of them.
        self.by_name = {
            form: {question.name: question for question in reversed(questions)}
            for form, questions in self.forms.items()
        }
        self.everywhere = {question.name: question for question in reversed(self.questions)}
        # The names of the questions, by their numbers and names: in each form, and in all of them.
        self.said_questions = {
            form: {
                said: one.name for one in questions if one.name for said in (one.number, one.name)
            }
            for form, questions in self.forms.items()
        }
        self.said_everywhere = dict(
            chain.from_iterable(said.items() for said in self.said_questions.values())
        )
        self.choice_names = {
            name: tuple(text_of(choice.get("name")) for _, choice in choices)
            for name, choices in self.lists.items()
        }
        # The lists that say which of their choices are sufficient.
        self.scales = {
            name
            for name, choices in self.lists.items()
            if any("sufficient" in choice for _, choice in choices)
        }
        # How criteria get levels, as `scoring` says it, and the names of the criteria that do.
        self.levels: Any = item_of(document.get("scoring"), "levels")
        by_levels = (one for one in self.sections if one[1].get("method") == "levels")
        self.by_levels = {text_of(raw.get("name")) for _, raw in _criteria(by_levels)}

    @property
    def holidays(self) -> str | None:
        """The pack's calendar of bank holidays, if it names a known one."""
        calendar = text_of(item_of(self.document.get("settings"), "holidays"))
        return calendar if calendar in HOLIDAYS else None

    def is_judgement(self, question: DraftQuestion) -> bool:
        return question.type.judges and question.list_name in self.scales

    def can_be_yes(self, question: DraftQuestion) -> bool:
        """Return whether ``yes`` is one of its single answers."""
        choices = self.choice_names.get(question.list_name, ())
        return question.type.judges and "yes" in choices

    def is_scored(self, question: DraftQuestion) -> bool:
        return self.is_judgement(question) and question.counts

    def is_level_item(self, question: DraftQuestion) -> bool:
        return (
            question.type.judges
            and not question.type.worked_out
            and question.list_name == text_of(item_of(self.levels, "items"))
            and text_of(question.raw.get("criterion")) in self.by_levels
            and question.counts
        )


def _criteria(sections: Iterable[tuple[Path, JSON]]) -> Iterator[tuple[Path, JSON]]:
    return chain.from_iterable(objects_in(raw, "criteria", path) for path, raw in sections)


def _named_lists(document: JSON, key: str) -> Mapping[str, tuple[tuple[Path, JSON], ...]]:
    lists = document.get(key)
    return {
        name: tuple(objects_in(lists, name, (key,)))
        for name in (lists if isinstance(lists, dict) else ())
        if isinstance(name, str)
    }


class _Rows:
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
