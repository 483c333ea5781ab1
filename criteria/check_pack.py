"""Checking a pack: every problem at once, in the order of the document.

:func:`check_pack` looks at a document in two ways: at its shape, which the published JSON Schema
(``pack.schema.json``) says, and at what a schema cannot say: references, scales, labels, bands,
questions that can never be asked. It takes any document whatever, and never raises.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import chain, combinations, pairwise
from pathlib import Path as File
from typing import Any, Concatenate, Final, ParamSpec, cast, get_args

from jsonschema import Draft202012Validator, ValidationError
from rapidfuzz import fuzz, process

from criteria import pack_issues as issues
from criteria.expressions import THIS, Expression, ExpressionError, XValue, compile_expression
from criteria.pack import JSON, NA, NOT_KNOWN, OUT_OF_BASE, RESERVED_WORDS, QuestionKind
from criteria.pack_issues import PackIssue

SCHEMA: Final = File(__file__).with_name("pack.schema.json")
KINDS: Final[tuple[str, ...]] = get_args(QuestionKind)
SELECTS: Final = ("select_one", "select_multiple")
EXPRESSIONS: Final = ("relevant", "constraint", "calculation")
LABELS: Final = frozenset({"form_title", "label", "hint", "constraint_message", "finding"})

MAX_DEPTH: Final = 32
"""No part of a pack is nested half as deep."""

MAX_BITS: Final = 1_024
"""No number of a pack is half as long."""

Path = tuple[str | int, ...]
"""Where something stands in the document: ``("forms", 0, "survey", 12, "relevant")``."""

Found = ParamSpec("Found")


def check_pack_text(text: str) -> list[PackIssue]:
    """Every problem of a pack's file: also what is no JSON, and keys that stand twice."""
    try:
        document = json.loads(text, object_pairs_hook=_Object)
    except json.JSONDecodeError as exc:
        return [issues.not_json(f"line {exc.lineno}, column {exc.colno}", exc.msg)]
    except RecursionError:
        return [issues.nested_too_deeply("the pack", MAX_DEPTH)]
    except ValueError as exc:  # a number of more digits than Python reads
        return [issues.not_json("the pack", str(exc))]
    return check_pack(document)


def check_pack(document: Any) -> list[PackIssue]:
    """Every problem of a pack, in the order in which their places stand in the document."""
    report = _Report(document)
    if not isinstance(document, dict):
        report.add((), issues.not_an_object, document)
    elif _check_values(report):
        _check_shape(report)
        pack = _Pack.of(document)
        for check in CHECKS:
            check(report, pack)
    return report.in_order()


class _Object(dict[str, Any]):
    """A JSON object that remembers which of its keys stood twice."""

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        counts = Counter(key for key, _ in pairs) if len(pairs) != len(self) else {}
        self.repeated = [key for key, count in counts.items() if count > 1]


# --- gathering the problems ---


class _Report:
    """Gathers problems by their places."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.near = _NearMatches()
        self._found: list[tuple[Path, PackIssue]] = []
        self._faulty: set[Path] = set()
        self._positions: dict[int, dict[Any, int]] = {}

    def add(
        self,
        path: Path,
        entry: Callable[Concatenate[str, Found], PackIssue],
        *found: Found.args,
        **named: Found.kwargs,
    ) -> None:
        self._faulty.add(path)
        self._found.append((path, entry(self.place(path), *found, **named)))

    def is_faulty(self, path: Path) -> bool:
        """Whether a problem was found at this very place."""
        return path in self._faulty

    def in_order(self) -> list[PackIssue]:
        return [issue for _, issue in sorted(self._found, key=lambda one: self._position(one[0]))]

    def _position(self, path: Path) -> tuple[int, ...]:
        """Where the place stands in the document: comparing two of these gives their order."""
        position: list[int] = []
        here = self.document
        for part in path:
            if isinstance(here, dict):
                if id(here) not in self._positions:
                    self._positions[id(here)] = {key: place for place, key in enumerate(here)}
                position.append(self._positions[id(here)].get(part, -1))
                here = here.get(part)
            elif isinstance(here, list) and isinstance(part, int) and part < len(here):
                position.append(part)
                here = here[part]
        return tuple(position)

    def place(self, path: Path) -> str:
        """A place as an author finds it: ``forms[0].survey[12] (q1.2.b) relevant``."""
        before, after, name, here = "", "", "", self.document
        for part in path:
            after += f"[{part}]" if isinstance(part, int) else f".{part}"
            here = _item(here, part)
            named = _text(_item(here, "name")) if isinstance(part, int) else ""
            if named:
                before, after, name = before + after, "", _shortened(named)
        if name:
            before += f" ({name}) "
        return (before + after.removeprefix(".")).removeprefix(".").rstrip() or "the pack"


def _shortened(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:39]}…"


class _NearMatches:
    """What an author may have meant, as long as looking for it costs little."""

    def __init__(self) -> None:
        self.budget = 2_000_000

    def of(self, wanted: str, known: Collection[str]) -> tuple[str, ...]:
        self.budget -= len(known)
        if self.budget < 0 or len(wanted) > 80:
            return ()
        known = [one for one in known if 0 < len(one) <= 80]
        found = process.extract(
            wanted, known, scorer=fuzz.ratio, processor=str.casefold, limit=2, score_cutoff=66
        )
        best = found[0][1] if found else 0.0
        return tuple(dict.fromkeys(one for one, score, _ in found if score > best - 5))


# --- reading a document that may hold anything ---


def _item(here: Any, part: str | int) -> Any:
    if isinstance(here, dict):
        return here.get(part)
    if isinstance(here, list) and isinstance(part, int) and part < len(here):
        return here[part]
    return None


def _parts(value: JSON | list[Any]) -> Iterable[tuple[str | int, Any]]:
    return value.items() if isinstance(value, dict) else enumerate(value)


def _text(value: Any) -> str:
    """The value if it is a text, else nothing."""
    return value if isinstance(value, str) else ""


def _objects(owner: Any, key: str, path: Path) -> Iterator[tuple[Path, JSON]]:
    """The objects in the list that ``owner`` holds as ``key``, with their places."""
    items = owner.get(key) if isinstance(owner, dict) else None
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            yield (*path, key, index), item


@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    path: Path
    raw: JSON
    form: int
    index: int
    name: str
    kind: str
    list_name: str

    @property
    def number(self) -> str:
        return _text(self.raw.get("number")) or self.name

    @property
    def is_in_survey(self) -> bool:
        return "survey" in self.path

    def allows(self, answer: str) -> bool:
        return self.raw.get(answer) is True


@dataclass(frozen=True)
class _Pack:
    """The parts of a document that can be looked at, whatever else is wrong with it."""

    document: JSON
    forms: Mapping[int, tuple[_Question, ...]]
    lists: Mapping[str, tuple[tuple[Path, JSON], ...]]
    sections: tuple[tuple[Path, JSON], ...]
    criteria: tuple[tuple[Path, JSON], ...]
    headlines: tuple[tuple[Path, JSON], ...]

    @classmethod
    def of(cls, document: JSON) -> _Pack:
        choices = document.get("choices")
        sections = tuple(_objects(document, "sections", ()))
        return cls(
            document=document,
            forms={
                int(path[1]): tuple(_questions(path, form))
                for path, form in _objects(document, "forms", ())
            },
            lists={
                name: tuple(_objects(choices, name, ("choices",)))
                for name in (choices if isinstance(choices, dict) else ())
                if isinstance(name, str)
            },
            sections=sections,
            criteria=tuple(
                chain.from_iterable(_objects(one, "criteria", path) for path, one in sections)
            ),
            headlines=tuple(_objects(document, "headlines", ())),
        )

    @cached_property
    def questions(self) -> tuple[_Question, ...]:
        return tuple(chain.from_iterable(self.forms.values()))

    @cached_property
    def by_name(self) -> Mapping[int, Mapping[str, _Question]]:
        """Each form's questions by their names, the first where a name stands twice."""
        return {
            form: {question.name: question for question in reversed(questions)}
            for form, questions in self.forms.items()
        }

    @cached_property
    def everywhere(self) -> Mapping[str, _Question]:
        return {question.name: question for question in reversed(self.questions)}

    @cached_property
    def scales(self) -> frozenset[str]:
        return frozenset(
            name
            for name, choices in self.lists.items()
            if any("sufficient" in choice for _, choice in choices)
        )

    @cached_property
    def choice_names(self) -> Mapping[str, tuple[str, ...]]:
        return {
            name: tuple(_text(choice.get("name")) for _, choice in choices)
            for name, choices in self.lists.items()
        }

    @cached_property
    def said_names(self) -> Mapping[int, Mapping[str, str]]:
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
    def said_choices(self) -> Mapping[str, Mapping[str, str]]:
        """By list: the names of its choices, by all that people may call them."""
        return {
            name: {
                text: _text(choice.get("name"))
                for path, choice in choices
                for _, text, _ in _answers(path, choice)
            }
            for name, choices in self.lists.items()
        }

    def is_judgement(self, question: _Question) -> bool:
        return question.kind in ("select_one", "calculate") and question.list_name in self.scales

    def is_scored(self, question: _Question) -> bool:
        return self.is_judgement(question) and bool(_text(question.raw.get("criterion")))


def _questions(path: Path, form: JSON) -> Iterator[_Question]:
    both = chain(_objects(form, "profile", path), _objects(form, "survey", path))
    for index, (place, raw) in enumerate(both):
        kind, _, list_name = _text(raw.get("type")).partition(" ")
        if kind == "calculate":
            list_name = _text(raw.get("choices"))
        name = _text(raw.get("name"))
        yield _Question(place, raw, int(path[1]), index, name, kind, list_name.strip())


# --- the shape ---


def _check_values(report: _Report) -> bool:
    """What can be wrong with any JSON; False where it is too deep or too long to go on."""
    sound = True
    waiting: list[tuple[Path, Any]] = [((), report.document)]
    while waiting:
        path, value = waiting.pop()
        if len(path) > MAX_DEPTH:
            report.add(path[:4], issues.nested_too_deeply, MAX_DEPTH)
            return False
        for key in getattr(value, "repeated", ()):
            report.add((*path, key), issues.key_repeated, key)
        if isinstance(value, dict | list):
            waiting.extend(((*path, part), item) for part, item in _parts(value))
        elif isinstance(value, float) and not math.isfinite(value):
            report.add(path, issues.not_a_finite_number, value)
        elif isinstance(value, int) and value.bit_length() > MAX_BITS:
            report.add(path, issues.not_a_finite_number, value)
            sound = False
    return sound


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    """The schema, read once, its references put in place (following them takes half the time)."""
    schema = json.loads(SCHEMA.read_text("utf-8"))

    def expanded(part: Any) -> Any:
        if isinstance(part, list):
            return [expanded(item) for item in part]
        if not isinstance(part, dict):
            return part
        if isinstance(reference := part.get("$ref"), str):
            part = schema["$defs"][reference.rpartition("/")[2]] | part
        kept = {key: expanded(item) for key, item in part.items() if key not in ("$ref", "$defs")}
        if isinstance(pattern := kept.get("pattern"), str) and pattern.endswith("$"):
            kept["pattern"] = pattern[:-1] + r"\Z"  # Python's $ also stands before a last newline
        return kept

    return Draft202012Validator(expanded(schema))


def _check_shape(report: _Report) -> None:
    missing: set[Path] = set()
    for error in _validator().iter_errors(report.document):
        path: Path = tuple(error.absolute_path)
        if "propertyNames" in error.absolute_schema_path:
            path = (*path, error.instance)
        if error.validator == "required":
            if path not in missing:  # one error for each property, which it does not name
                _report_missing(report, path, error)
            missing.add(path)
        elif not report.is_faulty(path):
            SHAPE_PROBLEMS.get(str(error.validator), _report_value)(report, path, error)


def _report_missing(report: _Report, path: Path, error: ValidationError) -> None:
    owner = _schema_of(error)["title"]
    required: Any = error.validator_value
    there: Any = error.instance
    for name in required:
        if name == "label" and name not in there:
            report.add(path, issues.label_missing, owner)
        elif name not in there:
            report.add(path, issues.property_missing, name, owner)


def _report_unknown(report: _Report, path: Path, error: ValidationError) -> None:
    schema = _schema_of(error)
    known, there = schema["properties"], cast(JSON, error.instance)
    for name in there:
        if name not in known:
            near = report.near.of(str(name), [one for one in known if one not in there])
            report.add((*path, name), issues.property_unknown, str(name), schema["title"], near)


def _report_type(report: _Report, path: Path, error: ValidationError) -> None:
    schema = _schema_of(error)
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    expected = " or ".join(TYPE_WORDS[one] for one in types)
    report.add(
        path, issues.wrong_type, error.instance, schema["title"], expected, schema["description"]
    )


def _report_empty(report: _Report, path: Path, error: ValidationError) -> None:
    report.add(path, issues.nothing_there, _schema_of(error)["title"])


def _report_value(report: _Report, path: Path, error: ValidationError) -> None:
    """A pattern, a range, a length, a list of values."""
    schema, value = _schema_of(error), cast(Any, error.instance)
    if isinstance(value, str) and not value.strip():
        report.add(path, issues.nothing_there, schema["title"])
    elif schema["title"] == "a type":
        _report_question_type(report, path, value)
    else:
        near = report.near.of(_text(value), schema.get("enum", ()))
        report.add(path, issues.wrong_value, value, schema["title"], schema["description"], near)


def _report_question_type(report: _Report, path: Path, value: str) -> None:
    kind, _, rest = value.strip().partition(" ")
    if kind not in KINDS:
        report.add(path, issues.type_unknown, kind, KINDS, report.near.of(kind, KINDS))
    elif not rest.strip() and kind in SELECTS:
        report.add(path, issues.type_without_list, kind)
    else:
        report.add(path, issues.type_with_too_much, kind, rest.strip())


def _schema_of(error: ValidationError) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], error.schema)


SHAPE_PROBLEMS: Final[Mapping[str, Callable[[_Report, Path, ValidationError], None]]] = {
    "additionalProperties": _report_unknown,
    "type": _report_type,
    "minItems": _report_empty,
    "minProperties": _report_empty,
}
"""By the schema's keyword; any other is about a value."""

TYPE_WORDS: Final = {
    "string": "a text in quotes",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "array": "a list in [ ]",
    "object": "an object in { }",
}


# --- names, numbers, labels ---


def _check_names(report: _Report, pack: _Pack) -> None:
    def unique(owners: Iterable[tuple[Path, JSON]], names: str = "name") -> None:
        first: dict[str, Path] = {}
        for path, raw in owners:
            name = _text(raw.get(names))
            if not name:
                continue
            if name in first:
                report.add((*path, names), issues.name_repeated, name, report.place(first[name]))
            first.setdefault(name, path)

    unique((question.path, question.raw) for question in pack.questions)
    unique(_objects(pack.document, "forms", ()))
    unique(pack.sections)
    unique(pack.criteria)
    unique(pack.headlines)
    unique(_objects(pack.document.get("scoring"), "bands", ("scoring",)))
    for choices in pack.lists.values():
        unique(choices)


def _check_numbers(report: _Report, pack: _Pack) -> None:
    """Numbers are what people see: each form's questions need their own, and so do criteria."""
    for questions in pack.forms.values():
        _check_unique_numbers(report, ((one.path, one.raw, one.number) for one in questions))
    criteria = ((path, raw, _text(raw.get("number"))) for path, raw in pack.criteria)
    _check_unique_numbers(report, criteria)


def _check_unique_numbers(report: _Report, owners: Iterable[tuple[Path, JSON, str]]) -> None:
    first: dict[str, tuple[Path, JSON]] = {}
    for path, raw, number in owners:
        other = first.setdefault(number.casefold(), (path, raw)) if number else (path, raw)
        if other[0] != path and (raw.get("number") or other[1].get("number")):
            place = (*path, "number") if "number" in raw else path
            report.add(place, issues.number_repeated, number, report.place(other[0]))


def _check_labels(report: _Report, pack: _Pack) -> None:
    for question in pack.questions:
        if question.kind != "calculate" and "label" not in question.raw:
            report.add(question.path, issues.label_missing, "this question")
    _check_languages(report, pack)


def _check_languages(report: _Report, pack: _Pack) -> None:
    """Texts without the pack's default language, or without one that most others have."""
    settings = pack.document.get("settings")
    default = _text(_item(settings, "default_language")) or "en"
    texts = [
        (path, text if isinstance(text, dict) else {default: text})
        for path, text in _texts(report.document)
    ]
    counts = Counter(language for _, text in texts for language in text)
    common = [
        default,
        *(one for one, n in counts.items() if one != default and 2 * n >= len(texts)),
    ]
    seen: set[str] = set()
    for path, text in texts:
        for language in common:
            if language not in text:
                report.add(path, issues.label_untranslated, language)
        for language in text:
            if language not in common and language not in seen:
                seen.add(language)
                place = (*path, language)
                if not report.is_faulty(place):
                    near = report.near.of(language, common)
                    report.add(place, issues.language_rare, language, counts[language], near)


def _texts(document: JSON) -> Iterator[tuple[Path, Any]]:
    """Every label, hint and message in the document, in its order."""
    waiting: list[tuple[Path, Any]] = [((), document)]
    while waiting:
        path, value = waiting.pop()
        if path and path[-1] in LABELS and isinstance(value, str | dict):
            yield path, value
        elif isinstance(value, dict | list):
            waiting.extend(((*path, part), item) for part, item in reversed([*_parts(value)]))


# --- lists and scales ---


def _check_lists(report: _Report, pack: _Pack) -> None:
    users: dict[str, list[_Question]] = {}
    for question in pack.questions:
        users.setdefault(question.list_name, []).append(question)
    for name, choices in pack.lists.items():
        if name not in users:
            report.add(("choices", name), issues.list_unused, name)
        for path, choice in choices:
            if (answer := _text(choice.get("name"))) in OUT_OF_BASE:
                report.add((*path, "name"), issues.name_reserved, answer)
        reserved = [
            word for word in OUT_OF_BASE if any(q.allows(word) for q in users.get(name, ()))
        ]
        _check_answers_apart(report, choices, sorted(reserved))
        if name in pack.scales:
            _check_scale(report, ("choices", name), [choice for _, choice in choices])


def _check_scale(report: _Report, path: Path, choices: Sequence[JSON]) -> None:
    steps = [choice for choice in choices if choice.get("is_na") is not True]
    silent = [choice for choice in steps if "sufficient" not in choice]
    said = {choice["sufficient"] is True for choice in steps if "sufficient" in choice}
    if silent:
        names = [_text(choice.get("name")) for choice in silent]
        report.add(path, issues.scale_half_said, names)
    elif True not in said:
        report.add(path, issues.scale_never_sufficient)
    elif said == {True}:
        report.add(path, issues.scale_always_sufficient)


def _check_answers_apart(
    report: _Report, choices: Sequence[tuple[Path, JSON]], reserved: Sequence[str]
) -> None:
    """Each text that a person may type or read names one choice, and not N/A or not known."""
    taken: dict[str, dict[tuple[str, str | None], None]] = {}
    for path, choice in choices:
        name = _text(choice.get("name"))
        for place, text, language in _answers(path, choice):
            word = " ".join(text.casefold().split())
            others = taken.setdefault(word, {})
            for other, spoken in others:
                if other != name and (spoken == language or None in (spoken, language)):
                    report.add(place, issues.answer_ambiguous, text, other)
                    break
            others[name, language] = None
            for meaning in reserved:
                if word in RESERVED_WORDS[meaning] and place[-1] != "name":
                    said = "N/A" if meaning == NA else "Not known"
                    report.add(place, issues.answer_reserved, text, said)


def _answers(path: Path, choice: JSON) -> Iterator[tuple[Path, str, str | None]]:
    """The texts that name a choice: (place, text, language, if it is in one)."""
    yield (*path, "name"), _text(choice.get("name")), None
    label = choice.get("label")
    if isinstance(label, dict):
        for language, text in label.items():
            yield (*path, "label", language), _text(text), language
    elif isinstance(label, str):
        yield (*path, "label"), label, None
    aliases = choice.get("aliases")
    for index, alias in enumerate(aliases if isinstance(aliases, list) else ()):
        yield (*path, "aliases", index), _text(alias), None


# --- questions ---


def _check_questions(report: _Report, pack: _Pack) -> None:
    criteria = {_text(raw.get("name")): None for _, raw in pack.criteria}
    headlines = {_text(raw.get("name")): None for _, raw in pack.headlines}
    for question in pack.questions:
        raw, path = question.raw, question.path
        if question.list_name and question.kind in (*SELECTS, "calculate"):
            _check_list(report, pack, question)
        if (criterion := _text(raw.get("criterion"))) and criterion not in criteria:
            near = report.near.of(criterion, criteria)
            report.add((*path, "criterion"), issues.criterion_missing, criterion, near)
        tags = raw.get("headlines")
        for index, tag in enumerate(tags if isinstance(tags, list) else ()):
            if _text(tag) and tag not in headlines:
                near = report.near.of(tag, headlines)
                report.add((*path, "headlines", index), issues.headline_missing, tag, near)
        if question.kind == "calculate" and "calculation" not in raw:
            report.add(path, issues.calculation_missing)
        for name, why in _unused(question):
            report.add((*path, name), issues.property_unused, name, why)


def _check_list(report: _Report, pack: _Pack, question: _Question) -> None:
    name = question.list_name
    place = (*question.path, "choices" if question.kind == "calculate" else "type")
    if name not in pack.lists:
        if not report.is_faulty(place):
            report.add(place, issues.list_missing, name, report.near.of(name, pack.lists))
    elif name in pack.scales and question.kind == "select_multiple":
        report.add(place, issues.judgement_of_several, name)
    elif pack.is_judgement(question) and question.is_in_survey and not pack.is_scored(question):
        report.add(question.path, issues.judgement_uncounted, name)


UNUSED_BY_KIND: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "note": (
        "a note is shown and not answered",
        ("required", "constraint", "criterion", "headlines", "na", "not_known", "min_base"),
    ),
    "calculate": (
        "a calculate is worked out and not asked",
        ("required", "constraint", "na", "not_known"),
    ),
    "text": ("a text has no base to leave", (NA, NOT_KNOWN)),
}


def _unused(question: _Question) -> Iterator[tuple[str, str]]:
    """The properties that are said of a question, but have no effect on one of its kind."""
    raw, kind = question.raw, question.kind
    why, names = UNUSED_BY_KIND.get(kind, ("", ()))
    yield from ((name, why) for name in names if raw.get(name))
    if kind in KINDS and kind != "calculate":
        if "calculation" in raw:
            yield "calculation", "only a calculate is worked out"
        if "choices" in raw:
            yield "choices", "a select names its list in its type"
    if "constraint_message" in raw and "constraint" not in raw:
        yield "constraint_message", "there is no constraint"
    if raw.get("headlines") and kind != "note" and not raw.get("criterion"):
        yield "headlines", "only a question with a criterion is scored"


def _check_scoring(report: _Report, pack: _Pack) -> None:
    """Criteria and headlines that nothing counts towards; bands."""
    scored = [question.raw for question in pack.questions if pack.is_scored(question)]
    counted = {_text(raw.get("criterion")) for raw in scored}
    tagged = {
        tag
        for raw in scored
        if isinstance(tags := raw.get("headlines"), list)
        for tag in tags
        if isinstance(tag, str)
    }
    for path, raw in pack.criteria:
        if (name := _text(raw.get("name"))) and name not in counted:
            report.add(path, issues.criterion_unscored, name)
    for path, raw in pack.headlines:
        if (name := _text(raw.get("name"))) and name not in tagged:
            report.add(path, issues.headline_unscored, name)
    _check_bands(report, pack.document.get("scoring"))


def _check_bands(report: _Report, scoring: Any) -> None:
    first: dict[float, Path] = {}
    for path, band in _objects(scoring, "bands", ("scoring",)):
        cut_point = band.get("from")
        if not isinstance(cut_point, int | float) or report.is_faulty((*path, "from")):
            continue
        if cut_point in first:
            place = report.place(first[cut_point])
            report.add((*path, "from"), issues.band_repeated, cut_point, place)
        first.setdefault(cut_point, path)
    if first and min(first) > 0:
        report.add(("scoring", "bands"), issues.bands_with_a_gap, min(first))
    if first and "bands_basis" not in scoring:
        report.add(("scoring", "bands"), issues.bands_without_basis)


# --- expressions ---


def _check_expressions(report: _Report, pack: _Pack) -> None:
    compiled = _Expressions(report, pack)
    references = _References(report, pack, compiled)
    for question in pack.questions:
        for key in EXPRESSIONS:
            if (expression := compiled.of(question, key)) is not None:
                references.check(question, key, expression)
    reach = _Reach(pack, compiled)
    for question in pack.questions:
        path = (*question.path, "relevant")
        relevant = compiled.of(question, "relevant")
        if relevant and not report.is_faulty(path) and not reach.can_hold(question.form, relevant):
            report.add(path, issues.question_unreachable, relevant.source)


class _Expressions:
    """The pack's expressions, compiled; those that cannot be are reported."""

    def __init__(self, report: _Report, pack: _Pack) -> None:
        self._known: dict[tuple[Path, str], Expression] = {}
        sources: dict[str, Expression | str] = {}
        for question in pack.questions:
            for key in EXPRESSIONS:
                source, path = question.raw.get(key), (*question.path, key)
                if not isinstance(source, str) or report.is_faulty(path):
                    continue
                if source not in sources:
                    sources[source] = _compiled(source)
                expression = sources[source]
                if isinstance(expression, str):
                    report.add(path, issues.expression_broken, source, expression)
                else:
                    self._known[question.path, key] = expression

    def of(self, question: _Question, key: str) -> Expression | None:
        return self._known.get((question.path, key))


def _compiled(source: str) -> Expression | str:
    try:
        return compile_expression(source)
    except ExpressionError as exc:
        return str(exc)


class _References:
    """Checks what an expression refers to, and what it compares that with."""

    def __init__(self, report: _Report, pack: _Pack, compiled: _Expressions) -> None:
        self.report = report
        self.pack = pack
        self.compiled = compiled
        self.steps = 100_000  # in looking for circles; beyond them, "comes later" says enough

    def check(self, question: _Question, key: str, expression: Expression) -> None:
        path = (*question.path, key)
        known = self.pack.by_name[question.form]
        if THIS in expression.symbols and key != "constraint":
            self.report.add(path, issues.answer_itself)
        for name in expression.names:
            self._check_name(question, path, name)
        for name, text in dict.fromkeys(expression.compared):
            other = question if name == THIS else known.get(name)
            if other is not None:
                self._check_comparison(path, other, text)

    def _check_name(self, question: _Question, path: Path, name: str) -> None:
        add = self.report.add
        known = self.pack.by_name[question.form]
        other = known.get(name)
        if name == question.name:
            add(path, issues.question_itself, name)
        elif other is not None and other.index > question.index:
            circle = [] if path[-1] == "constraint" else self._circle(question, other)
            if circle:
                add(path, issues.questions_in_a_circle, circle)
            else:
                add(path, issues.question_later, name, self.report.place(other.path))
        elif other is not None and other.kind == "note":
            add(path, issues.question_never_answered, name)
        elif other is None and name in self.pack.everywhere:
            place = self.report.place(self.pack.everywhere[name].path)
            add(path, issues.question_elsewhere, name, place)
        elif other is None:
            add(path, issues.question_missing, name, self._near(question, name))

    def _near(self, question: _Question, name: str) -> tuple[str, ...]:
        """The names of questions whose name or number is near."""
        names = self.pack.said_names[question.form]
        near = dict.fromkeys(names[text] for text in self.report.near.of(name, names))
        return tuple(one for one in near if one != question.name)

    def _circle(self, start: _Question, first: _Question) -> list[str]:
        """The names on the way from ``start`` by ``first`` back to it, if there is one."""
        known = self.pack.by_name[start.form]
        came_from: dict[str, str] = {first.name: start.name}
        waiting = deque([first])
        while waiting and self.steps > 0:
            here = waiting.popleft()
            for key in ("relevant", "calculation"):
                expression = self.compiled.of(here, key)
                for name in expression.names if expression else ():
                    self.steps -= 1
                    if name == start.name:
                        return [name, *_way(came_from, here.name, name), name]
                    if name in known and name not in came_from:
                        came_from[name] = here.name
                        waiting.append(known[name])
        return []

    def _check_comparison(self, path: Path, question: _Question, text: str) -> None:
        add = self.report.add
        choices = self.pack.choice_names.get(question.list_name)
        if text == "" or (choices and text in choices):
            return
        if text in OUT_OF_BASE:
            if not question.allows(text) and question.kind not in ("text", "calculate"):
                add(path, issues.answer_not_allowed, text, question.name)
        elif choices is not None and question.kind in (*SELECTS, "calculate"):
            several = question.kind == "select_multiple"
            for one in text.split() if several else [text]:
                if one not in choices:
                    near = self._near_choices(question, one)
                    add(path, issues.choice_missing, one, question.name, near)

    def _near_choices(self, question: _Question, text: str) -> tuple[str, ...]:
        names = self.pack.said_choices[question.list_name]
        return tuple(dict.fromkeys(names[one] for one in self.report.near.of(text, names)))


def _way(came_from: Mapping[str, str], last: str, start: str) -> list[str]:
    way = [last]
    while came_from[way[-1]] != start:
        way.append(came_from[way[-1]])
    return way[::-1]


# --- questions that can never be asked ---


@dataclass
class _Search:
    """One search for answers under which an expression holds."""

    target: Expression
    questions: Sequence[_Question]
    domains: Sequence[Sequence[XValue]]
    tries: int
    values: dict[str, XValue] = field(default_factory=dict)


class _Reach:
    """Whether an expression can hold, by trying the answers of the questions that it depends on.

    Those are the questions it names, the questions their relevance names, and so on. Whatever
    cannot be tried out (what is worked out, too many questions, too many answers) counts as
    possible: a question is only called unreachable where every combination was tried.
    """

    MAX_QUESTIONS: Final = 12
    MAX_TRIES: Final = 20_000
    ARITHMETIC: Final = frozenset({"+", "-", "*", "div", "mod", "working_days", THIS})

    def __init__(self, pack: _Pack, compiled: _Expressions) -> None:
        self.pack = pack
        self.compiled = compiled
        self.budget = 300_000
        self._known: dict[tuple[int, str], bool] = {}

    def can_hold(self, form: int, expression: Expression) -> bool:
        key = (form, expression.source)
        if key not in self._known:
            self._known[key] = self._can_hold(form, expression)
        return self._known[key]

    def _can_hold(self, form: int, target: Expression) -> bool:
        questions = self._involved(form, target)
        if questions is None or self.budget < 0:
            return True
        relevances = [self.compiled.of(question, "relevant") for question in questions]
        expressions = [target, *(one for one in relevances if one)]
        if any(one.symbols & self.ARITHMETIC for one in expressions):
            return True
        domains = []
        for question in questions:
            domain = self._domain(question, expressions)
            if domain is None:
                return True
            domains.append(domain)
        tries = min(self.MAX_TRIES, self.budget)
        search = _Search(target, questions, domains, tries)
        found = self._search(search, 0)
        self.budget -= tries - search.tries
        return found

    def _involved(self, form: int, target: Expression) -> list[_Question] | None:
        """The questions that ``target`` depends on, in the form's order; None if it is unclear."""
        known = self.pack.by_name[form]
        found: dict[str, _Question] = {}
        waiting = list(target.names)
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            question = known.get(name)
            if question is None or question.kind not in KINDS or question.kind == "calculate":
                return None
            found[name] = question
            if "relevant" in question.raw:
                relevant = self.compiled.of(question, "relevant")
                if relevant is None:
                    return None
                waiting.extend(relevant.names)
            if len(found) > self.MAX_QUESTIONS:
                return None
        return sorted(found.values(), key=lambda question: question.index)

    def _search(self, search: _Search, index: int) -> bool:
        """Try every answer of the question at ``index`` and of those after it."""
        search.tries -= 1
        if search.tries < 0:
            return True
        if index == len(search.questions):
            return search.target.holds(search.values)
        question = search.questions[index]
        relevant = self.compiled.of(question, "relevant")
        asked = relevant is None or relevant.holds(search.values)
        for value in search.domains[index] if asked else ("",):
            search.values[question.name] = value
            if self._search(search, index + 1):
                return True
        del search.values[question.name]
        return False

    def _domain(
        self, question: _Question, expressions: Sequence[Expression]
    ) -> Sequence[XValue] | None:
        """Answers that stand for all that the question can have; None where there is no telling."""
        texts = list(dict.fromkeys(text for one in expressions for text in one.texts))
        numbers = {number for one in expressions for number in one.numbers if math.isfinite(number)}
        left_out: list[XValue] = ["", *(one for one in (NA, NOT_KNOWN) if question.allows(one))]
        match question.kind:
            case "select_one":
                choices = self.pack.choice_names.get(question.list_name)
                if choices is None:
                    return None
                return [*sorted(choices, key=lambda one: one not in texts), *left_out]
            case "select_multiple":
                several = _some_of(self.pack.choice_names.get(question.list_name, ()), texts)
                return several and [*several, *left_out]
            case "integer" | "decimal":
                return [*_numbers_around(numbers, whole=question.kind == "integer"), *left_out]
            case "date":
                return [*_days_around(texts), *left_out]
            case "text":
                plain = [str(number) for number in _numbers_around(numbers, whole=False)]
                return [*texts, *plain, *_days_around(texts), "other text", ""]
            case _:
                return [""]


def _some_of(choices: Sequence[str], texts: Sequence[str]) -> list[XValue] | None:
    """Selections that differ in which of the named choices they hold, and in how many in all."""
    named = [one for one in choices if any(one in text.split() for text in texts)]
    others = [one for one in choices if one not in named]
    if len(named) > 6:
        return None
    subsets = chain.from_iterable(combinations(named, size) for size in range(len(named) + 1))
    return [
        " ".join(one for one in choices if one in subset or one in others[:more])
        for subset in subsets
        for more in range(len(others) + 1)
    ]


def _numbers_around(numbers: Iterable[float], *, whole: bool) -> list[XValue]:
    """Each number, its negative, what is just beside it, and what lies between two."""
    both = {0.0, *numbers, *(-number for number in numbers)}
    beside = sorted({number + step for number in both for step in (-1, 0, 1)})
    between = [(low + high) / 2 for low, high in pairwise(beside)]
    if whole:
        beside = sorted({float(side(one)) for one in beside for side in (math.floor, math.ceil)})
        between = []
    return [*beside, *between]


def _days_around(texts: Iterable[str]) -> list[XValue]:
    days = {date(2000, 1, 1), date(2010, 1, 1)}
    for text in texts:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            try:
                day = date.fromisoformat(text)
                days |= {day - timedelta(days=1), day, day + timedelta(days=1)}
            except (ValueError, OverflowError):
                continue
    return [day.isoformat() for day in sorted(days)]


CHECKS: Final[tuple[Callable[[_Report, _Pack], None], ...]] = (
    _check_names,
    _check_numbers,
    _check_labels,
    _check_lists,
    _check_questions,
    _check_expressions,
    _check_scoring,
)
"""What a schema cannot say."""
