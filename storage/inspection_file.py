"""The inspection file: an inspection and its answers as one JSON document, out and in.

::

    {"format": "casewalk-inspection/2",
     "inspection": {"id": "…", "title": "…", "follows": null},
     "pack": {"name": "omi2-2011", "version": "1.0.0"},
     "cases": [{"case": "C001", "form": "case-file", "version": 17, "inspector": "I1",
                "place": "Chester", "status": "submitted", "profile": {"gender": "male"},
                "answers": {"q1.2.b": {"value": "yes", "note": null, "by": "I1",
                                       "at": "2026-11-20T10:00:00Z"},
                            "q1.2.c": {"value": "no", …, "relevant": false}},
                "worked_out": {"in_time": "yes"}}],
     "second_readings": […],
     "records": {"key_findings": {"c1.2": {"text": "…", "by": "L1", "at": "…"}}}}

``relevant`` (false where the question does not apply any more) and ``worked_out`` are for other
tools; we work both out anew. A file of format 1, which had neither, nor ``version``, is read too.

Reading checks its shape, then every answer against its question. The problems are given in document
order, each with its place and what to do; of very many, the first.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

import orjson

from criteria.case import Case
from criteria.case_json import case_from_json, case_to_json
from criteria.inspection import Inspection
from criteria.instrument.load import TooLarge, read_at_most
from criteria.instrument.pack import Form, Pack
from criteria.question import NA, NOT_KNOWN, Question
from criteria.relevance import form_state
from storage.exports.flat_rows import plain_value
from storage.inspection_shape import (
    Doubled,
    Problem,
    item_place,
    listed,
    near,
    shape_problems,
    shown,
)

FORMAT: Final = "casewalk-inspection/2"
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

JSON = dict[str, Any]

Records = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""What a lead keeps beside the cases: documents by kind and name."""


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
    documents: tuple[JSON, ...] = field(default=(), repr=False)
    """All these cases as the file has them: what it does not speak of is not there."""
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
    if seconds := [_case_document(pack.form(case.form), case) for case in second_readings]:
        document["second_readings"] = seconds
    if kept := {kind: dict(of_kind) for kind, of_kind in (records or {}).items() if of_kind}:
        document["records"] = kept
    return document


def dump_document(document: Mapping[str, Any]) -> bytes:
    """The document as a file's bytes: UTF-8, two spaces to a level, a line break at the end."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _case_document(form: Form | None, case: Case) -> JSON:
    raw = case_to_json(case)
    document: JSON = {"case": raw.pop("case"), "form": raw.pop("form")}
    if case.version is not None:
        document["version"] = case.version
    document |= {"inspector": raw.pop("inspector"), "place": case.place, **raw}
    document.pop("reading", None)  # the list that it stands in tells
    if form is None:
        return document
    order = {question.address: question.index for question in form.questions}
    for part in ("profile", "answers"):
        given: JSON = document[part]
        names = sorted(given, key=lambda name: (order.get(name, len(order)), name))
        document[part] = {name: given[name] for name in names}
    state = form_state(form, case)
    for name in state.hidden & document["answers"].keys():
        document["answers"][name]["relevant"] = False
    document["worked_out"] = {
        question.address: plain_value(question, state.values[question.address])
        for question in form.questions
        if question.type.worked_out and question.address in state.values
    }
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
    _refuse(name, shape_problems(document))
    head, named = document.get("inspection", {}), document.get("pack", {})
    pack = find_pack(named.get("name"))
    _refuse(name, _pack_problems(document, pack))
    second = [{**raw, "reading": 2} for raw in document.get("second_readings", ())]
    return InspectionFile(
        pack=pack,
        cases=tuple(map(case_from_json, document["cases"])),
        second_readings=tuple(map(case_from_json, second)),
        documents=(*document["cases"], *second),
        records=document.get("records", {}),
        id=head.get("id"),
        title=head.get("title"),
        follows=head.get("follows"),
        pack_name=named.get("name"),
        pack_version=named.get("version"),
    )


def _refuse(name: str, problems: Iterable[Problem]) -> None:
    found = list(islice(problems, MAX_SOUGHT + 1))
    if found:
        raise InspectionFileError(name, found)


def _parse(name: str, source: Path | str | bytes) -> JSON:
    def refusal(place: str, what: str, remedy: str) -> InspectionFileError:
        return InspectionFileError(name, [Problem(place, what, remedy)])

    try:
        content = _content(source)
        orjson.loads(content)  # stricter than json, which alone sees a key that stands twice
        document = json.loads(content, object_pairs_hook=Doubled.or_dict)
    except TooLarge as exc:
        raise refusal("the file", str(exc), "Make several inspections of its cases") from exc
    except OSError as exc:
        what = f"it cannot be read ({exc.strerror})"
        raise refusal("the file", what, "Check its name and permissions") from exc
    except orjson.JSONDecodeError as exc:
        place = f"line {exc.lineno}, column {exc.colno}"
        what = f"it is not JSON ({exc.msg})"
        raise refusal(place, what, "Mend it, or export it again") from exc
    except (ValueError, RecursionError) as exc:  # a number of 5,000 digits, 1,000 lists in lists
        what = "it holds a number or a nesting that nothing needs"
        raise refusal("the file", what, "Mend it, or export it again") from exc
    if not isinstance(document, dict):
        remedy = f'Begin it with {{"format": "{FORMAT}"'
        raise refusal("the file", "it is not a JSON object", remedy)
    for part in CASE_LISTS:
        if isinstance(cases := document.get(part), list) and len(cases) > MAX_CASES:
            raise refusal(part, f"there are {len(cases):,}", f"Give up to {MAX_CASES:,} in a file")
    return document


def _content(source: Path | str | bytes) -> bytes:
    """Return the text in UTF-8, to be parsed.

    Raises :class:`TooLarge`, also for a small text that would not fit in memory when parsed.
    """
    text = read_at_most(source, MAX_SIZE) if isinstance(source, Path) else source
    content = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(content) > MAX_SIZE or content.count(b",") > MAX_COMMAS:
        raise TooLarge("it holds more than an inspection's answers")
    if content.count(b"{") + content.count(b"[") > MAX_OBJECTS:
        raise TooLarge(f"it has more than {MAX_OBJECTS:,} objects and lists")
    return content.removeprefix(b"\xef\xbb\xbf")  # a byte order mark, which some editors write


# --- against the pack ------------------------------------------------------------------------


def _pack_problems(document: JSON, pack: Pack) -> Iterator[Problem]:
    """Yield what the pack forbids, in the file's order."""
    for part in CASE_LISTS:
        yield from _case_problems(part, document.get(part, ()), pack)


def _case_problems(part: str, cases: Sequence[JSON], pack: Pack) -> Iterator[Problem]:
    seen: dict[tuple[str, str], int] = {}
    forms = {form.name: form for form in pack.forms}
    for index, case in enumerate(cases):
        place = item_place(part, index, case)
        first = seen.setdefault((case["case"].casefold(), case["form"]), index)
        if first != index:
            what = f"the same case and form stand in {part}[{first}] already"
            yield Problem(place, what, "Keep one of the two, or give one another reference")
        form = forms.get(case["form"])
        if form is None:
            what = f"pack {pack.name} has no form {shown(case['form'])}"
            yield Problem(place, what, near(case["form"], forms) or f"Give one of {listed(forms)}")
            continue
        for name, value in case.get("profile", {}).items():
            where = f"{place}, profile {name}"
            yield from _answer_problems(where, form, name, value, profile=True)
        for name, answer in case["answers"].items():
            where = f"{place}, answers {name}"
            yield from _answer_problems(where, form, name, answer["value"])
            if "given" in answer:
                yield from _answer_problems(f"{where}, given", form, name, answer["given"])
        for name in ("remarks", "attachments"):
            for number, one in enumerate(case.get(name, ())):
                yield from _target_problems(f"{place}, {name}[{number}]", form, one)
        for name in case.get("worked_out", ()):
            if name not in form.by_name:
                yield _unknown(f"{place}, worked_out", form, name)


def _target_problems(place: str, form: Form, one: JSON) -> Iterator[Problem]:
    """What a remark or an attachment is on; a remark on the whole case has null."""
    on_question = one.get("on", "question") == "question"
    target = one.get("question", one.get("target"))
    if "question" not in one and "on" not in one:
        yield Problem(place, 'it has no "question"', 'Give a question\'s name, or "on"')
    elif on_question and target is not None and target not in form.by_name:
        yield _unknown(place, form, target)


def _answer_problems(
    place: str, form: Form, name: str, value: Any, *, profile: bool = False
) -> Iterator[Problem]:
    question = form.by_name.get(name)
    if question is None:
        yield _unknown(place, form, name)
    elif value is None:
        return  # a note on an open question, also of the profile
    elif profile and not question.profile:
        remedy = f'Put it under "answers": {{"{name}": {{"value": …}}}}'
        yield Problem(place, "it is no question of the profile", remedy)
    elif question.profile and not profile:
        remedy = f'Put its value under "profile": {{"{name}": …}}'
        yield Problem(place, "it is a question of the profile", remedy)
    elif not question.is_answered_by_people:
        what = "its value is worked out" if question.type.worked_out else "nobody answers it"
        yield Problem(place, what, "Leave it out")
    elif not question.takes(value):
        one_name = question.type.takes_list and not question.type.takes_several
        meant = near(value, _answers(question)) if one_name and isinstance(value, str) else None
        remedy = meant or f"Give {_wanted(question)}"
        yield Problem(place, f"{shown(value)} is no answer to it", remedy)


def _wanted(question: Question) -> str:
    """What may be answered, N/A and not known at the end."""
    names = [choice.name for choice in question.choices]
    others = [name for name in _answers(question) if name not in names]
    if not question.type.takes_list:
        return " or ".join([question.type.expected, *others])
    if question.type.takes_several:
        return " or ".join([f"a list of {listed(names)}", *others])
    return f"one of {listed(_answers(question))}"


def _answers(question: Question) -> list[str]:
    """The names that are answers: its choices, N/A and not known where they may be."""
    names = [choice.name for choice in question.choices]
    return names + [NA] * question.na + [NOT_KNOWN] * question.not_known


def _unknown(place: str, form: Form, name: str) -> Problem:
    what = f"form {form.name} has no question {shown(name)}"
    return Problem(place, what, near(name, form.by_name) or "Take a name from the pack")
