"""The inspection file: an inspection and its answers as one JSON document, out and in.

::

    {"format": "casewalk-inspection/1",
     "inspection": {"id": "…", "title": "…", "follows": null},
     "pack": {"name": "omi2-2011", "version": "1.0.0"},
     "cases": [{"case": "C001", "form": "case-file", "inspector": "I1", "status": "submitted",
                "profile": {"gender": "male"},
                "answers": {"q1.2.b": {"value": "yes", "note": null, "by": "I1",
                                       "at": "2026-11-20T10:00:00Z"}}}],
     "second_readings": […],
     "records": {"key_findings": {"c1.2": {"text": "…", "by": "L1", "at": "…"}}}}

Its shape is published in ``inspection.schema.json``. Reading checks that shape by hand: jsonschema
takes longer to import than 140 cases take to score, and its messages are not for people (the tests
hold the two together). Then every answer is checked against its question. The problems are given in
document order, each with its place and what to do; of very many, the first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

import orjson

from criteria.case import Case, EvidenceKind, is_reference
from criteria.case_json import case_from_json, case_to_json
from criteria.case_status import Status, initial_status
from criteria.inspection import Inspection
from criteria.instrument.load import TooLarge, read_at_most
from criteria.instrument.pack import Form, Pack
from criteria.printable import printable
from criteria.question import NA, NOT_KNOWN, Question
from criteria.recommendations import FollowUpStatus

FORMAT: Final = "casewalk-inspection/1"
SCHEMA: Final = Path(__file__).with_name("inspection.schema.json")
_FILE: Final = r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}\Z"
MAX_LISTED: Final = 20
"""How many problems an error's message lists."""
MAX_SOUGHT: Final = 1_000
"""How many problems are looked for."""

MAX_SIZE: Final = 40_000_000
MAX_OBJECTS: Final = 400_000
MAX_COMMAS: Final = 2_000_000
"""A file's bytes, its objects and lists, and what is between them. A thousand cases with all 281
answers of the largest form are 26 MB, 282,000 objects and 1,400,000 commas."""
MAX_CASES: Final = 10_000

CASE_LISTS: Final = ("cases", "second_readings")

Records = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""What a lead keeps beside the cases: documents by kind and name."""

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """``cases[3] C004, answer q1.2.b: "maybe" is no answer to it. Give one of yes, no, na.``"""

    place: str
    what: str
    remedy: str

    def __str__(self) -> str:
        end = "" if self.remedy.endswith("?") else "."
        place, what = printable(self.place, 120), printable(self.what, 200)
        return f"{place}: {what}. {printable(self.remedy, 400)}{end}"


class InspectionFileError(ValueError):
    """The file cannot be used; ``problems`` holds every reason, the message the first ones."""

    def __init__(self, name: str, problems: Sequence[Problem]) -> None:
        self.name = name
        self.problems = tuple(problems)
        number = "many" if len(problems) > MAX_SOUGHT else str(len(problems))
        count = "1 problem" if number == "1" else f"{number} problems"
        lines = [f"{name} cannot be used; it has {count}:"]
        lines += [f"  {problem}" for problem in problems[:MAX_LISTED]]
        if len(problems) > MAX_LISTED:
            more = "more" if number == "many" else f"{len(problems) - MAX_LISTED} more"
            lines.append(f"  … and {more}.")
        super().__init__("\n".join(lines))


@dataclass(frozen=True, slots=True)
class InspectionFile:
    """What a file held; None for what it did not say."""

    pack: Pack
    cases: tuple[Case, ...]
    id: str | None = None
    title: str | None = None
    follows: str | None = None
    pack_name: str | None = None
    pack_version: str | None = None
    second_readings: tuple[Case, ...] = ()
    records: Records = field(default_factory=dict)


# --- out -------------------------------------------------------------------------------------


def inspection_document(
    inspection: Inspection,
    pack: Pack,
    cases: Iterable[Case],
    second_readings: Iterable[Case] = (),
    records: Records | None = None,
) -> JSON:
    """The document; cases as they are given, answers in the order of their form's questions.

    Second readings and records are in it only where there are any.
    """
    document: JSON = {
        "format": FORMAT,
        "inspection": {
            "id": inspection.id,
            "title": inspection.title,
            "follows": inspection.follows,
        },
        "pack": {"name": inspection.pack_name, "version": inspection.pack_version},
        "cases": [_case_document(pack.form(case.form), case) for case in cases],
    }
    seconds = [_case_document(pack.form(case.form), case) for case in second_readings]
    kept = {kind: dict(of_kind) for kind, of_kind in (records or {}).items() if of_kind}
    if seconds:
        document["second_readings"] = seconds
    if kept:
        document["records"] = kept
    return document


def dump_document(document: Mapping[str, Any]) -> bytes:
    """The document as a file's bytes: UTF-8, two spaces to a level, a line break at the end."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _case_document(form: Form | None, case: Case) -> JSON:
    document = case_to_json(case)
    document.pop("reading", None)  # the list that it stands in tells
    order = {question.name: question.index for question in form.questions} if form else {}
    for part in ("profile", "answers"):
        given: JSON = document[part]
        names = sorted(given, key=lambda name: (order.get(name, len(order)), name))
        document[part] = {name: given[name] for name in names}
    return document


# --- in --------------------------------------------------------------------------------------


def read_inspection_file(
    source: Path | str | bytes, find_pack: Callable[[str | None], Pack]
) -> InspectionFile:
    """Read and check a file (a :class:`Path`), or a document's text.

    ``find_pack`` is given the name of the pack that the file names, or None, and gives the pack to
    check it with; what it raises is let through. Raises :class:`InspectionFileError`.
    """
    name = str(source) if isinstance(source, Path) else "The inspection file"
    document = _parse(name, source)
    for part in CASE_LISTS:
        if isinstance(cases := document.get(part), list) and len(cases) > MAX_CASES:
            problem = Problem(
                part, f"there are {len(cases):,}", f"Give up to {MAX_CASES:,} in a file"
            )
            raise InspectionFileError(name, [problem])
    problems = list(islice(shape_problems(document), MAX_SOUGHT + 1))
    if problems:
        raise InspectionFileError(name, problems)
    head, named = document.get("inspection", {}), document.get("pack", {})
    pack = find_pack(named.get("name"))
    problems = list(islice(_pack_problems(document, pack), MAX_SOUGHT + 1))
    if problems:
        raise InspectionFileError(name, problems)
    return InspectionFile(
        pack=pack,
        cases=tuple(map(_case, document["cases"])),
        second_readings=tuple(
            replace(_case(raw), reading=2) for raw in document.get("second_readings", ())
        ),
        records=document.get("records", {}),
        id=head.get("id"),
        title=head.get("title"),
        follows=head.get("follows"),
        pack_name=named.get("name"),
        pack_version=named.get("version"),
    )


def _parse(name: str, source: Path | str | bytes) -> JSON:
    try:
        text = read_at_most(source, MAX_SIZE) if isinstance(source, Path) else source
        _refuse_too_much(text)
        document = orjson.loads(_without_mark(text))
    except TooLarge as exc:
        problem = Problem("the file", str(exc), "Make several inspections of its cases")
        raise InspectionFileError(name, [problem]) from exc
    except OSError as exc:
        problem = Problem(
            "the file", f"it cannot be read ({exc.strerror})", "Check its name and permissions"
        )
        raise InspectionFileError(name, [problem]) from exc
    except orjson.JSONDecodeError as exc:
        place = f"line {exc.lineno}, column {exc.colno}"
        problem = Problem(place, f"it is not JSON ({exc.msg})", "Mend it, or export it again")
        raise InspectionFileError(name, [problem]) from exc
    if not isinstance(document, dict):
        problem = Problem(
            "the file", "it is not a JSON object", f'Begin it with {{"format": "{FORMAT}"'
        )
        raise InspectionFileError(name, [problem])
    return document


def _refuse_too_much(text: str | bytes) -> None:
    """Before it is parsed: a small text can hold so much that memory does not.

    Raises :class:`TooLarge`.
    """
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(raw) > MAX_SIZE or raw.count(b",") > MAX_COMMAS:
        raise TooLarge("it holds more than an inspection's answers")
    if raw.count(b"{") + raw.count(b"[") > MAX_OBJECTS:
        raise TooLarge(f"it has more than {MAX_OBJECTS:,} objects and lists")


def _without_mark(text: str | bytes) -> str | bytes:
    """Without the byte order mark that some editors put first."""
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    return text.removeprefix(b"\xef\xbb\xbf")


def _case(raw: JSON) -> Case:
    case = case_from_json(raw)
    if "status" in raw:
        return case
    status = Status.IN_PROGRESS if case.answers else initial_status(case.inspector)
    return replace(case, status=status)


# --- the shape -------------------------------------------------------------------------------

_Check = Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_text_or_null(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_value(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(_is_text, value)) and len(set(value)) == len(value)
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _is_value_or_null(value: Any) -> bool:
    return value is None or _is_value(value)


_TEXT: Final = (_is_text, "a text")
_TEXT_OR_NULL: Final = (_is_text_or_null, "a text or null")
_OBJECT: Final = (_is_object, "an object")
_LIST: Final = (lambda value: isinstance(value, list), "a list")
_KIND: Final = (
    lambda value: isinstance(value, str) and value in set(EvidenceKind),
    f"one of {', '.join(EvidenceKind)}",
)
_VALUE_TEXT: Final = "a text, a number or a list of different texts"

_Shape = Mapping[str, tuple[_Check, str]]
_DOCUMENT: Final[_Shape] = {
    "format": (lambda value: value == FORMAT, f'"{FORMAT}"'),
    "inspection": _OBJECT,
    "pack": _OBJECT,
    "cases": _LIST,
    "second_readings": _LIST,
    "records": _OBJECT,
}
_INSPECTION: Final[_Shape] = {"id": _TEXT, "title": _TEXT, "follows": _TEXT_OR_NULL}
_PACK: Final[_Shape] = {"name": _TEXT, "version": _TEXT}
_CASE: Final[_Shape] = {
    "case": (
        lambda value: isinstance(value, str) and is_reference(value),
        "a reference: letters, digits, '-', '_' and '.', up to 32 of them, a letter or digit first",
    ),
    "form": _TEXT,
    "inspector": _TEXT_OR_NULL,
    "place": _TEXT_OR_NULL,
    "status": (
        lambda value: isinstance(value, str) and value in set(Status),
        f"one of {', '.join(Status)}",
    ),
    "profile": _OBJECT,
    "answers": _OBJECT,
    "remarks": _LIST,
    "attachments": _LIST,
}
_ANSWER: Final[_Shape] = {
    "value": (_is_value_or_null, _VALUE_TEXT),
    "note": _TEXT_OR_NULL,
    "by": _TEXT_OR_NULL,
    "at": _TEXT_OR_NULL,
    "kind": _KIND,
    "settled": _TEXT,
    "given": (_is_value_or_null, _VALUE_TEXT),
}
_REMARK: Final[_Shape] = {"question": _TEXT_OR_NULL, "text": _TEXT, "by": _TEXT, "at": _TEXT}
_ATTACHMENT: Final[_Shape] = {
    "question": _TEXT,
    "media": (lambda value: value in ("photo", "voice"), "photo or voice"),
    "file": (
        lambda value: isinstance(value, str) and re.match(_FILE, value) is not None,
        "a file's name: letters, digits, '-', '_' and '.', up to 64 of them",
    ),
    "kind": _KIND,
    "caption": _TEXT_OR_NULL,
    "by": _TEXT_OR_NULL,
    "at": _TEXT_OR_NULL,
}
_LISTS: Final = {
    "remarks": (_REMARK, tuple(_REMARK)),
    "attachments": (_ATTACHMENT, ("question", "media", "file")),
}
"""What a case may list besides: the shape of each, and what it must have."""

_BY_AND_AT: Final[_Shape] = {"by": _TEXT_OR_NULL, "at": _TEXT_OR_NULL}
_NAMES: Final = (
    lambda value: isinstance(value, list) and all(map(_is_text, value)),
    "a list of texts",
)
_RECORDS: Final[Mapping[str, tuple[_Shape, tuple[str, ...]]]] = {
    "adjustments": ({"to": _TEXT, "reason": _TEXT, **_BY_AND_AT}, ("to", "reason")),
    "key_findings": ({"text": _TEXT, **_BY_AND_AT}, ("text",)),
    "recommendations": (
        {
            "key": (lambda value: isinstance(value, bool), "true or false"),
            "owner": _TEXT,
            "text": _TEXT,
            "criteria": _NAMES,
            "findings": _NAMES,
            **_BY_AND_AT,
        },
        ("key", "owner", "text"),
    ),
    "follow_ups": (
        {
            "status": (
                lambda value: isinstance(value, str) and value in set(FollowUpStatus),
                f"one of {', '.join(FollowUpStatus)}",
            ),
            **_BY_AND_AT,
        },
        ("status",),
    ),
}
"""What a lead keeps beside the cases, by kind; each stands under a name."""


def shape_problems(document: JSON) -> Iterator[Problem]:
    """What the schema forbids, in the file's order."""
    yield from _object_problems("the file", document, _DOCUMENT, ("format", "cases"))
    for name, shape in (("inspection", _INSPECTION), ("pack", _PACK)):
        part = document.get(name)
        if isinstance(part, dict):
            yield from _object_problems(name, part, shape, ())
    for part in CASE_LISTS:
        yield from _case_shape_problems(part, document.get(part))
    yield from _record_problems(document.get("records"))


def _record_problems(records: object) -> Iterator[Problem]:
    """``{"key_findings": {"c1.2": {"text": "…", "by": "L1", "at": "…"}}}``"""
    for kind, of_kind in records.items() if isinstance(records, dict) else ():
        if kind not in _RECORDS:
            near = _near(kind, _RECORDS) or f"Leave it out, or take {_list(_RECORDS)}"
            yield Problem("records", f'there is no "{kind}" here', near)
            continue
        shape, required = _RECORDS[kind]
        for name, one in of_kind.items() if isinstance(of_kind, dict) else ((kind, of_kind),):
            where = f"records, {kind} {name}"
            if isinstance(one, dict):
                yield from _object_problems(where, one, shape, required)
            else:
                yield Problem(where, f"{_shown(one)} is not an object", "Give an object")


def _case_shape_problems(part: str, cases: object) -> Iterator[Problem]:
    for index, case in enumerate(cases if isinstance(cases, list) else ()):
        place = _case_place(part, index, case)
        if not isinstance(case, dict):
            yield Problem(place, "it is not an object", 'Give {"case": …, "form": …, "answers": …}')
            continue
        yield from _object_problems(place, case, _CASE, ("case", "form", "answers"))
        yield from _answer_shape_problems(place, case)
        for name, (shape, required) in _LISTS.items():
            listed = case.get(name)
            for number, one in enumerate(listed if isinstance(listed, list) else ()):
                where = f"{place}, {name}[{number}]"
                if isinstance(one, dict):
                    yield from _object_problems(where, one, shape, required)
                else:
                    yield Problem(where, f"{_shown(one)} is not an object", "Give an object")


def _answer_shape_problems(place: str, case: JSON) -> Iterator[Problem]:
    profile, answers = case.get("profile"), case.get("answers")
    for name, value in profile.items() if isinstance(profile, dict) else ():
        if not _is_value(value):
            yield Problem(f"{place}, profile {name}", _shown(value), f"Give {_VALUE_TEXT}")
    for name, answer in answers.items() if isinstance(answers, dict) else ():
        where = f"{place}, answer {name}"
        if isinstance(answer, dict):
            yield from _object_problems(where, answer, _ANSWER, ("value",))
        else:
            yield Problem(where, f"{_shown(answer)} is not an object", 'Give {"value": …}')


def _object_problems(
    place: str, given: JSON, shape: _Shape, required: tuple[str, ...]
) -> Iterator[Problem]:
    for name in required:
        if name not in given:
            yield Problem(place, f'it has no "{name}"', f"Give {shape[name][1]}")
    for name, value in given.items():
        if name not in shape:
            near = _near(name, shape)
            yield Problem(
                place, f'there is no "{name}" here', near or f"Leave it out, or take {_list(shape)}"
            )
        elif not shape[name][0](value):
            yield Problem(
                place, f'{_shown(value)} cannot be its "{name}"', f"Give {shape[name][1]}"
            )


# --- against the pack ------------------------------------------------------------------------


def _pack_problems(document: JSON, pack: Pack) -> Iterator[Problem]:
    """What the pack forbids, in the file's order."""
    for part in CASE_LISTS:
        yield from _case_problems(part, document.get(part, ()), pack)


def _case_problems(part: str, cases: Sequence[JSON], pack: Pack) -> Iterator[Problem]:
    seen: dict[tuple[str, str], int] = {}
    forms = {form.name: form for form in pack.forms}
    for index, case in enumerate(cases):
        place = _case_place(part, index, case)
        key = case["case"].casefold(), case["form"]
        if key in seen:
            what = f"the same case and form stand in {part}[{seen[key]}] already"
            yield Problem(place, what, "Keep one of the two, or give one another reference")
        seen.setdefault(key, index)
        form = forms.get(case["form"])
        if form is None:
            what = f"pack {pack.name} has no form {_shown(case['form'])}"
            yield Problem(place, what, _near(case["form"], forms) or f"Give one of {_list(forms)}")
            continue
        for name, value in case.get("profile", {}).items():
            yield from _profile_problems(f"{place}, profile {name}", form, name, value)
        for name, answer in case["answers"].items():
            where = f"{place}, answer {name}"
            yield from _answer_problems(where, form, name, answer["value"])
            if "given" in answer:
                yield from _answer_problems(f"{where}, given", form, name, answer["given"])
        for name in _LISTS:
            for number, one in enumerate(case.get(name, ())):
                if one["question"] is not None and one["question"] not in form.by_name:
                    yield _unknown(f"{place}, {name}[{number}]", form, one["question"])


def _profile_problems(place: str, form: Form, name: str, value: Any) -> Iterator[Problem]:
    question = form.by_name.get(name)
    if question is None:
        yield _unknown(place, form, name)
    elif not question.profile:
        what = "it is no question of the profile"
        yield Problem(place, what, f'Put it under "answers": {{"{name}": {{"value": …}}}}')
    else:
        yield from _value_problems(place, question, value)


def _answer_problems(place: str, form: Form, name: str, value: Any) -> Iterator[Problem]:
    question = form.by_name.get(name)
    if question is None:
        yield _unknown(place, form, name)
    elif value is None:
        return  # a note on an open question, also of the profile
    elif question.profile:
        what = "it is a question of the profile"
        yield Problem(place, what, f'Put its value under "profile": {{"{name}": …}}')
    else:
        yield from _value_problems(place, question, value)


def _value_problems(place: str, question: Question, value: Any) -> Iterator[Problem]:
    if not question.is_answered_by_people:
        what = "its value is worked out" if question.type.worked_out else "nobody answers it"
        yield Problem(place, what, "Leave it out")
    elif not question.takes(value):
        what = f"{_shown(value)} is no answer to it"
        typed = question.type.takes_list and not question.type.takes_several
        near = _near(value, _answers(question)) if typed and isinstance(value, str) else None
        yield Problem(place, what, near or f"Give {_wanted(question)}")


def _wanted(question: Question) -> str:
    """What may be answered, N/A and not known at the end."""
    if not question.type.takes_list:
        listed = question.type.expected
    elif question.type.takes_several:
        listed = f"a list of {_list(choice.name for choice in question.choices)}"
    else:
        return f"one of {_list(_answers(question))}"
    return " or ".join(
        [listed, *(name for name in _answers(question) if not question.choice(name))]
    )


def _answers(question: Question) -> list[str]:
    """The names that are answers: its choices, N/A and not known where they may be."""
    names = [choice.name for choice in question.choices]
    return names + [NA] * question.na + [NOT_KNOWN] * question.not_known


def _unknown(place: str, form: Form, name: str) -> Problem:
    what = f"form {form.name} has no question {_shown(name)}"
    return Problem(place, what, _near(name, form.by_name) or "Take a name from the pack")


def _case_place(part: str, index: int, case: Any) -> str:
    reference = case.get("case") if isinstance(case, dict) else None
    shown = f" {reference[:40]}" if isinstance(reference, str) else ""
    return f"{part}[{index}]{shown}"


def _near(name: str, names: Iterable[str]) -> str | None:
    """``Did you mean "q1.2.b"``, if one of the names is much like it."""
    from rapidfuzz import process  # noqa: PLC0415  # only where something is wrong

    found = process.extractOne(name[:80], [one[:80] for one in names], score_cutoff=75)
    return f'Did you mean "{found[0]}"?' if found else None


def _list(names: Iterable[str]) -> str:
    shown = list(names)
    return ", ".join(one[:40] for one in shown[:12]) + (
        f" … ({len(shown)} in all)" if len(shown) > 12 else ""
    )


def _shown(value: Any) -> str:
    """The value as JSON, cut short."""
    if isinstance(value, list | dict) and len(value) > 10:
        return f"{'a list' if isinstance(value, list) else 'an object'} of {len(value)}"
    text = json.dumps(value[:80] if isinstance(value, str) else value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"
