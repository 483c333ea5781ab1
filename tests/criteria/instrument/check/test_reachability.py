"""Questions that can never be asked, and none that can: by the relevance of one more question."""

from __future__ import annotations

from typing import Any

import pytest

from tests.criteria.instrument.small_pack import add, both, changed, codes


def with_relevant(expression: str) -> dict[str, Any]:
    """The small pack with one more question, asked where ``expression`` holds."""
    question = {"type": "text", "name": "more", "label": {"en": "More?"}, "relevant": expression}
    return changed(add("forms.0.survey", question))


@pytest.mark.parametrize(
    "expression",
    [
        "${risky} = 'yes'",
        "not(${risky} = 'yes')",
        "${risky} = ''",
        "${planned} = '' and ${risky} = 'no'",
        "${age} > 17 and ${age} < 19",
        "${age} < 0",
        "${age} < -5 and ${age} > -7",
        "count-selected(${papers}) = 2",
        "selected(${papers}, 'plan') and not(selected(${papers}, 'log'))",
        "${seen} > '2004-01-31' and ${seen} < '2004-02-02'",
        "${age} + ${age} > 1000000",
        "working_days(${seen}, ${seen}) < 0",
        "${timely} = 'yes' and ${risky} = 'no'",
        "if(${risky} = 'yes', ${age} > 3, ${age} < 3)",
        "string(${age}) = '4.5' or ${age} = 7",
    ],
)
def test_a_question_that_can_be_asked_is_never_called_unreachable(expression: str) -> None:
    assert codes(with_relevant(expression)) == []


@pytest.mark.parametrize(
    "expression",
    [
        "false()",
        "1 = 2",
        "${risky} = 'yes' and ${risky} = 'no'",
        "${planned} = 'yes' and ${risky} = 'no'",
        "${planned} != '' and ${risky} = ''",
        "${age} > 5 and ${age} < 5",
        "${age} > 5 and ${age} < 6",
        "count-selected(${papers}) > 2",
        "count-selected(${papers}) = 2 and not(selected(${papers}, 'log'))",
        "${seen} > '2004-01-31' and ${seen} < '2004-02-01'",
        "${risky} = 'yes' and not(${risky} = 'yes')",
    ],
)
def test_a_question_that_can_never_be_asked_is_found(expression: str) -> None:
    assert codes(with_relevant(expression)) == ["question_unreachable"]


def with_constraint(constraint: str, kind: str = "integer", **more: Any) -> dict[str, Any]:
    """The small pack with a few more questions, the last of them with ``constraint``."""
    rows = [
        {"type": "date", "name": "d1", "label": {"en": "One?"}},
        {"type": "date", "name": "d2", "label": {"en": "Two?"}},
        {"type": "integer", "name": "n", "label": {"en": "How many?"}, "constraint": ". <= 10"},
        {"type": "integer", "name": "m", "label": {"en": "How many?"}, "constraint": ". > ${n}"},
        {"type": kind, "name": "more", "label": {"en": "More?"}, "constraint": constraint, **more},
    ]
    return changed(both(*(add("forms.0.survey", row) for row in rows)))


@pytest.mark.parametrize(
    ("kind", "constraint"),
    [
        ("integer", ". > 5 and . < 7"),
        ("integer", ". >= ${n} and . <= 1000"),
        ("integer", ". > ${m} and . < 12"),
        ("integer", ". > ${m} and ${m} > ${n}"),
        ("integer", ". * . = 144"),
        ("integer", ". > ${m} + 5 and ${m} > ${n} + 5"),
        ("integer", ". - ${n} > 3 and . - ${n} < 5"),
        ("integer", ". + 7 = 20"),
        ("integer", ". - 7 - 8 - 9 = 20"),
        ("decimal", ". + 0.25 = 1"),
        ("text", ". + 7 = 20"),
        ("date", ". - 5 = '2020-01-10'"),
        ("date", "'2020-01-10' - . = 4"),
        ("integer", ". + ${n} = 7 and . > 5"),
        ("date", ". > ${d1} + 10 and . < ${d2} - 10"),
        ("date", ". - ${d1} > 10 and ${d2} - . > 10"),
        ("date", ". >= '2020-01-01' + 30 and . < '2020-02-01'"),
        ("decimal", ". - ${n} > 0 and . - ${n} < 1"),
        ("decimal", ". > 5 and . < 6"),
        ("date", ". > ${d2} and ${d2} > ${d1}"),
        ("date", ". > ${d1} and . < ${d2}"),
        ("date", ". - ${d1} <= 10"),
        ("select_multiple papers", "count-selected(.) = 2"),
        ("select_multiple papers", "not(selected(., 'log') and selected(., 'plan'))"),
        ("text", "number(.) > 3 or . = 'x'"),
        ("select_one fact", ". = 'no' or ${risky} = 'yes'"),
    ],
)
def test_a_constraint_that_some_answer_meets_is_no_problem(kind: str, constraint: str) -> None:
    assert codes(with_constraint(constraint, kind)) == []


@pytest.mark.parametrize(
    ("kind", "constraint"),
    [
        ("integer", ". > 5 and . < 3"),
        ("integer", ". > 5 and . < 6"),
        ("integer", ". = 3 and . = 4"),
        ("integer", "false()"),
        ("integer", ". < ${n} and . > ${n}"),
        ("integer", ". > ${m} and . < ${n}"),
        ("integer", "${n} > 10 and . > 3"),
        ("integer", ". > ${n} + 5 and . < ${n}"),
        ("integer", ". - ${n} > 3 and . - ${n} < 4"),
        ("integer", ". + 1 > 10 and . < 5"),
        ("date", ". > ${d1} + 10 and . < ${d1}"),
        ("date", ". < '2020-01-01' and . - 5 > '2020-01-01'"),
        ("decimal", ". < 0 and . > 100"),
        ("date", ". > '2020-01-01' and . < '2019-01-01'"),
        ("date", ". > ${d1} and . < ${d1}"),
        ("select_multiple papers", "count-selected(.) > 2"),
        ("select_multiple papers", "selected(., 'log') and count-selected(.) = 0"),
        ("select_one fact", ". != 'yes' and . != 'no'"),
    ],
)
def test_a_constraint_that_nothing_can_meet_is_found(kind: str, constraint: str) -> None:
    assert codes(with_constraint(constraint, kind)) == ["constraint_impossible"]


def test_decimals_have_room_between_two_numbers() -> None:
    rows = [
        {"type": "decimal", "name": "x", "label": {"en": "X?"}},
        {"type": "decimal", "name": "y", "label": {"en": "Y?"}, "constraint": ". > ${x}"},
        {
            "type": "decimal",
            "name": "z",
            "label": {"en": "Z?"},
            "constraint": ". > ${y} and ${x} > 5 and . < 6",
        },
    ]
    assert codes(changed(both(*(add("forms.0.survey", row) for row in rows)))) == []


def test_a_constraint_is_tried_where_its_question_is_asked() -> None:
    assert codes(with_constraint(". > ${n}", relevant="${n} > 5")) == []
    assert codes(with_constraint(". < ${n}", relevant="${n} < 5 and ${n} > 3")) == []
    impossible = with_constraint("${n} < 4 and . > 0", relevant="${n} > 5")
    assert codes(impossible) == ["constraint_impossible"]


@pytest.mark.parametrize(
    "expression",
    ["${d2} > ${d1} and ${seen} > ${d2}", "${age} > ${n} and ${n} > ${m} and ${m} > 0"],
)
def test_several_answers_in_order_need_room_beside_each_other(expression: str) -> None:
    rows = [
        {"type": "date", "name": "d1", "label": {"en": "One?"}},
        {"type": "date", "name": "d2", "label": {"en": "Two?"}},
        {"type": "integer", "name": "n", "label": {"en": "How many?"}},
        {"type": "integer", "name": "m", "label": {"en": "How many?"}},
        {"type": "text", "name": "more", "label": {"en": "More?"}, "relevant": expression},
    ]
    assert codes(changed(both(*(add("forms.0.survey", row) for row in rows)))) == []


def test_a_question_that_a_constraint_keeps_out_of_reach_is_found() -> None:
    rows = [
        {"type": "integer", "name": "n", "label": {"en": "How many?"}, "constraint": ". <= 10"},
        {"type": "text", "name": "more", "label": {"en": "More?"}, "relevant": "${n} > 10"},
    ]
    pack = changed(both(*(add("forms.0.survey", row) for row in rows)))
    assert codes(pack) == ["question_unreachable"]
