"""The checks of expressions."""

from __future__ import annotations

from typing import Any

import pytest

from criteria.instrument.check.expressions import MAX_LENGTH
from criteria.instrument.check.pack import check_pack
from tests.criteria.instrument.check.mistakes import (
    A_GROUP,
    AN_END,
    INSIDE,
    PLANNED,
    PLANNED_AT,
    RISKY,
    TIMELY,
    TIMELY_AT,
    add_all,
)
from tests.criteria.instrument.small_pack import (
    Case,
    add,
    both,
    changed,
    finds,
    put,
    take,
)

NOTES = MAX_LENGTH // 1_900 + 1
"""As many long notes as make a pack's expressions too long together."""


def a_long_note(number: int) -> dict[str, Any]:
    """A note whose expression has 1,900 characters, and is none of the others'."""
    source = f"${{age}} = {number}".ljust(1_900)
    return {"type": "note", "name": f"n{number}", "label": {"en": "Note"}, "relevant": source}


EXPRESSION_CASES: list[Case] = [
    # (code, what is wrong, its place, what was meant)
    (
        "question_missing",
        put(f"{PLANNED}.relevant", "${riskyy} = 'yes'"),
        f"{PLANNED_AT} relevant",
        ("risky",),
    ),
    (
        "question_missing",
        put(f"{PLANNED}.relevant", "${n1.a} = 'yes'"),
        f"{PLANNED_AT} relevant",
        ("risky",),
    ),
    (
        "question_elsewhere",
        put(f"{PLANNED}.relevant", "${said} = 'x'"),
        f"{PLANNED_AT} relevant",
        (),
    ),
    ("question_later", put(f"{PLANNED}.relevant", "${seen} != ''"), f"{PLANNED_AT} relevant", ()),
    (
        "expressions_too_long",
        add_all(
            [{**A_GROUP, "relevant": "${risky} = 'yes'".ljust(1_900)}]
            + [
                {**INSIDE, "name": f"q{n}", "label": f"Q{n}", "relevant": "${risky} = 'yes'"}
                for n in range(MAX_LENGTH // 1_900 + 1)
            ]
            + [AN_END]
        ),
        f"forms[0].survey[{6 + MAX_LENGTH // 1_925}] (q{MAX_LENGTH // 1_925}) relevant",
        (),
    ),
    (
        "question_later",
        add_all([{**A_GROUP, "relevant": "${inside} = 'yes'"}, INSIDE, AN_END]),
        "forms[0].survey[5] (contact) relevant",
        (),
    ),
    (
        "question_unreachable",
        add_all(
            [
                {**A_GROUP, "relevant": "${risky} = 'yes'"},
                {**INSIDE, "relevant": "${risky} = 'no'"},
                AN_END,
            ]
        ),
        "forms[0].survey[6] (inside) relevant",
        (),
    ),
    (
        "questions_in_a_circle",
        put(f"{RISKY}.relevant", "${planned} = 'yes'"),
        "forms[0].survey[0] (risky) relevant",
        (),
    ),
    (
        "question_itself",
        put(f"{PLANNED}.relevant", "${planned} = 'yes'"),
        f"{PLANNED_AT} relevant",
        (),
    ),
    (
        "question_itself",
        put("forms.0.profile.0.constraint", "${age} > 17"),
        "forms[0].profile[0] (age) constraint",
        (),
    ),
    (
        "question_never_answered",
        both(put(f"{RISKY}.type", "note"), take(f"{RISKY}.not_known")),
        f"{PLANNED_AT} relevant",
        (),
    ),
    (
        "question_missing",
        put(f"{PLANNED}.label", {"en": "Planned for ${riskyy}?"}),
        f"{PLANNED_AT} label.en",
        ("risky",),
    ),
    (
        "question_later",
        put(f"{PLANNED}.hint", {"en": "Seen ${ seen }."}),
        f"{PLANNED_AT} hint.en",
        (),
    ),
    ("types_differ", put(f"{PLANNED}.relevant", "${age} > 'x'"), f"{PLANNED_AT} relevant", ()),
    (
        "constraint_impossible",
        put("forms.0.profile.0.constraint", ". > 5 and . < 3"),
        "forms[0].profile[0] (age) constraint",
        (),
    ),
    (
        "today_elsewhere",
        put(f"{PLANNED}.relevant", "today() > '2026-01-01'"),
        f"{PLANNED_AT} relevant",
        (),
    ),
    ("answer_itself", put(f"{PLANNED}.relevant", ". = 'yes'"), f"{PLANNED_AT} relevant", ()),
    (
        "expression_broken",
        put(f"{PLANNED}.relevant", "${risky} == 'yes'"),
        f"{PLANNED_AT} relevant",
        (),
    ),
    (
        "choice_missing",
        put(f"{PLANNED}.relevant", "${risky} = 'Yes'"),
        f"{PLANNED_AT} relevant",
        ("yes",),
    ),
    (
        "choice_missing",
        put("forms.0.survey.3.relevant", "selected(${papers}, 'contact log')"),
        "forms[0].survey[3] (seen) relevant",
        ("log",),
    ),
    (
        "choice_missing",
        put(f"{PLANNED}.constraint", "(.) != 'yse'"),
        f"{PLANNED_AT} constraint",
        ("yes",),
    ),
    (
        "result_not_listed",
        put(f"{TIMELY}.calculation", "if(${seen} != '', 'Yes', 'no')"),
        f"{TIMELY_AT} calculation",
        ("yes",),
    ),
    (
        "answer_not_allowed",
        put(f"{PLANNED}.relevant", "${risky} = 'na'"),
        f"{PLANNED_AT} relevant",
        (),
    ),
    (
        "question_unreachable",
        put(f"{PLANNED}.relevant", "${risky} = 'yes' and ${risky} = 'no'"),
        f"{PLANNED_AT} relevant",
        (),
    ),
    (
        "expressions_too_long",
        both(*(add("forms.0.survey", a_long_note(number)) for number in range(NOTES))),
        f"forms[0].survey[{4 + NOTES}] (n{NOTES - 1}) relevant",
        (),
    ),
]


@pytest.mark.parametrize(
    "case", EXPRESSION_CASES, ids=[f"{one[0]}-{n}" for n, one in enumerate(EXPRESSION_CASES)]
)
def test_every_mistake_is_found_at_its_place(case: Case) -> None:
    finds(case)


def test_a_circle_names_the_questions_in_it() -> None:
    pack = changed(
        both(
            put(f"{RISKY}.relevant", "${seen} != ''"),
            put("forms.0.survey.3.relevant", "${planned} = 'yes'"),
        )
    )
    (issue,) = [one for one in check_pack(pack) if one.code == "questions_in_a_circle"]
    assert "risky → seen → planned → risky" in issue.problem
