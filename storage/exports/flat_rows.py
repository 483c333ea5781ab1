"""The two flat tables of an inspection, as CSV and workbook give them: answers and cases.

A cell is a plain value: a text, a number, a date, or None where there is nothing to say. What a
file does against texts that look like formulas is its own affair.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from criteria.case import Case
from criteria.inspection import Inspection
from criteria.instrument.pack import Form, Pack
from criteria.question import NA, NOT_KNOWN, Cell, Question, Value
from criteria.relevance import FormState, form_state, progress_of
from criteria.scoring.score import score_case

Row = tuple[Cell, ...]

ANSWER_COLUMNS: Final = (
    "inspection", "case", "form", "inspector", "status", "section", "criterion", "number",
    "question", "label", "value", "value_label", "sufficient", "relevant", "note", "by", "at",
    "kind", "settled", "given", "attachments", "attachment_kinds", "captions", "reading",
    "in_base", "counts_to_score",
)  # fmt: skip

_BETWEEN: Final = "; "
OUT_OF_BASE_LABELS: Final = {NA: "N/A", NOT_KNOWN: "Not known"}
"""Data, as the column names are: the same in every language."""


# --- answers ------------------------------------------------------------------------------------


def answer_rows(inspection: Inspection, pack: Pack, cases: Iterable[Case]) -> Iterator[Row]:
    """One row for each answer, note or attachment; the columns are ``ANSWER_COLUMNS``.

    Raises ``ValueError`` for a case whose form the pack has not.
    """
    for case in cases:
        yield from _answers(inspection, pack, _form(pack, case), case)


def _answers(inspection: Inspection, pack: Pack, form: Form, case: Case) -> Iterator[Row]:
    state = form_state(form, case)
    relevant = set(state.relevant)
    for question in form.questions:
        value = (
            case.value(question)
            if question.is_answered_by_people
            else state.values.get(question.address)
        )
        answer = case.answers.get(question.address)
        note = answer.note if answer else None
        files = case.evidence_on(question) if case.evidence else ()
        if value is None and note is None and not files:
            continue
        criterion = pack.criteria.get(question.criterion or "")
        counts = question in relevant
        divides = counts and value is not None and not question.leaves_base(value)
        yield (
            inspection.id,
            case.case,
            case.form,
            case.inspector,
            case.status.value,
            criterion.section if criterion else None,
            criterion.name if criterion else None,
            question.number,
            question.name,
            pack.text(question.label),
            plain_value(question, value),
            value_label(pack, question, value),
            _sufficient(question, value) if counts else None,
            int(counts),
            note,
            answer.by if answer else None,
            answer.at if answer else None,
            answer.kind.value if answer and note is not None else None,
            answer.settled if answer else None,
            plain_value(question, answer.given) if answer else None,
            _BETWEEN.join(one.filename for one in files),
            _BETWEEN.join(one.kind.value for one in files),
            _BETWEEN.join(one.caption for one in files if one.caption),
            case.reading,
            int(divides and case.reading == 1),
            int(question.is_scored),
        )


def _form(pack: Pack, case: Case) -> Form:
    form = pack.form(case.form)
    if form is None:
        raise ValueError(f"case {case.case}: pack {pack.name} has no form {case.form!r}")
    return form


def plain_value(question: Question, value: Value | None) -> Cell:
    """An answer as a cell: chosen names with spaces between, a date or a number as what it is."""
    return None if value is None else question.type.cell(question, value)


def value_words(pack: Pack, question: Question, value: Value) -> str:
    """An answer as people read it: its label, or the value itself where it has none."""
    return value_label(pack, question, value) or str(plain_value(question, value))


def value_label(pack: Pack, question: Question, value: Value | None) -> str:
    """An answer in the words of its choices; empty where it has none."""
    if isinstance(value, tuple):
        return _BETWEEN.join(_choice_label(pack, question, name) for name in value)
    return _choice_label(pack, question, value) if isinstance(value, str) else ""


def _choice_label(pack: Pack, question: Question, name: str) -> str:
    choice = question.choice(name)
    if choice is not None:
        return pack.text(choice.label)
    return "" if question.type.free_text else OUT_OF_BASE_LABELS.get(name, "")


def _sufficient(question: Question, value: Value | None) -> int | None:
    """Whether a scored judgement is above the line; None where it leaves the base."""
    if not question.is_scored or not isinstance(value, str):
        return None
    choice = question.choice(value)
    return None if choice is None or choice.is_na else int(bool(choice.sufficient))


# --- cases --------------------------------------------------------------------------------------


_CASE: Final = ("inspection", "case", "form", "inspector", "status", "answered", "relevant")
_CASE_END: Final = ("last_change", "reading")


def case_columns(pack: Pack) -> tuple[str, ...]:
    """The names of a case's columns, in snake case and each of its own, whatever the form.

    ``age`` and ``c1_2_sufficient`` come of a profile question ``age`` and a criterion ``c1.2``. A
    name that is taken gets a number (a profile question ``status`` is ``status_2``).
    """
    names = [*_CASE, *_CASE_END]
    taken = set(names)
    middle = []
    for wanted in (
        *(_snake(question.name) for question in _profile(pack)),
        *(
            f"{_snake(name)}_{what}"
            for name in _scored_criteria(pack)
            for what in ("sufficient", "relevant")
        ),
    ):
        name, number = wanted, 2
        while name in taken:
            name, number = f"{wanted}_{number}", number + 1
        taken.add(name)
        middle.append(name)
    return (*_CASE, *middle, *_CASE_END)


def case_rows(inspection: Inspection, pack: Pack, cases: Iterable[Case]) -> Iterator[Row]:
    """One row for each case; the columns are those of :func:`case_columns`.

    A criterion that the case's form does not judge is None, not 0. Raises ``ValueError`` for a case
    whose form the pack has not.
    """
    profile, criteria = _profile(pack), _scored_criteria(pack)
    for case in cases:
        form = _form(pack, case)
        state = form_state(form, case)
        progress = progress_of(state)
        result = _criteria_of(form) | score_case(state)
        yield (
            inspection.id,
            case.case,
            case.form,
            case.inspector,
            case.status.value,
            progress.answered,
            progress.relevant,
            *(_profile_cell(state, question) for question in profile),
            *(count for name in criteria for count in result.get(name, (None, None))),
            _last_change(case),
            case.reading,
        )


def _profile(pack: Pack) -> list[Question]:
    return [question for form in pack.forms for question in form.profile if question.type.has_value]


def _profile_cell(state: FormState, question: Question) -> Cell:
    return plain_value(question, state.values.get(question.address))


def _scored_criteria(pack: Pack) -> list[str]:
    """The criteria that questions count towards, in the pack's order."""
    scored = {name for form in pack.forms for name in _criteria_of(form)}
    return [name for name in pack.criteria if name in scored]


def _criteria_of(form: Form) -> dict[str, tuple[int, int]]:
    """The criteria that a form judges, each as it stands where nothing applies."""
    return {
        question.criterion: (0, 0)
        for question in form.questions
        if question.is_scored and question.criterion is not None
    }


def _last_change(case: Case) -> str | None:
    """The latest time at which somebody answered, noted, sent a file or returned the case."""
    times = [
        *(answer.at for answer in case.answers.values()),
        *(one.at for one in case.evidence),
        *(remark.at for remark in case.remarks),
    ]
    return max((at for at in times if at), default=None)


def _snake(name: str) -> str:
    return re.sub(r"\W+|_+", "_", name).strip("_").lower() or "column"
