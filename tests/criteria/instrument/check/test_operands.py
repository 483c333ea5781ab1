"""What an expression compares and works out can be compared and worked out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.criteria.instrument.small_pack import add, both, changed, codes, finds

CALCULATED = both(
    add(
        "forms.0.survey",
        {"type": "calculate", "name": "days", "calculation": "${seen} - '2004-01-01'"},
    ),
    add("forms.0.survey", {"type": "calculate", "name": "due", "calculation": "${seen} + 5"}),
    add("forms.0.survey", {"type": "text", "name": "words", "label": {"en": "Words?"}}),
    add("forms.0.survey", {"type": "date", "name": "later", "label": {"en": "Later?"}}),
)


def with_relevant(expression: str) -> dict[str, Any]:
    question = {"type": "text", "name": "more", "label": {"en": "More?"}, "relevant": expression}
    return changed(both(CALCULATED, add("forms.0.survey", question)))


@pytest.mark.parametrize(
    "expression",
    [
        "${later} - ${seen} > 10",
        "${later} > ${seen} + 10",
        "${later} >= ${due}",
        "${days} > ${age}",
        "${seen} + ${age} < ${later} - 3",
        "${seen} = '2004-01-01' or ${seen} != ''",
        "${seen} > ${words} or ${words} > 3",
        "${age} + (${risky} = 'yes') > 1",
        "(${risky} = 'yes') + (${planned} = 'yes') >= 1",
        "${risky} = ${planned}",
        "${age} = '3' or ${age} = ''",
        "if(${risky} = 'yes', ${seen}, ${later}) > '2004-01-01'",
        "coalesce(${seen}, ${later}) > '2004-01-01'",
        "working_days(${seen}, ${due}) > count-selected(${papers})",
        "round(${age} div 3, 1) > 2",
        "max(${age}, ${days}) > 2",
        "number(${words}) > 3",
    ],
)
def test_what_can_be_compared_and_worked_out_is_no_problem(expression: str) -> None:
    assert codes(with_relevant(expression)) == []


@pytest.mark.parametrize(
    ("expression", "what"),
    [
        ("${seen} + ${later} > 10", "'seen' (a date) cannot be added to 'later' (a date)"),
        ("${seen} * 2 > 10", "'seen' (a date) cannot be multiplied by 2"),
        ("${age} - ${seen} > 10", "'seen' (a date) cannot be taken from 'age' (a number)"),
        ("${risky} - 1 > 0", "1 cannot be taken from 'risky' (a choice)"),
        ("${seen} > 10", "'seen' (a date) and 10 have no order"),
        ("${seen} > ${days}", "'seen' (a date) and 'days' (a number) have no order"),
        ("${age} < ${due}", "'age' (a number) and 'due' (a date) have no order"),
        ("${risky} >= 'no'", "'risky' (a choice) and 'no' have no order"),
        ("${papers} > 1", "'papers' (a list of choices) and 1 have no order"),
        ("${age} > ''", "'age' (a number) and '' have no order"),
        ("${age} = 'many'", "'age' (a number) is never equal to 'many'"),
        ("${seen} != 'yes'", "'seen' (a date) is never equal to 'yes'"),
        ("${seen} = ${age}", "'seen' (a date) is never equal to 'age' (a number)"),
        ("${risky} = ${seen}", "'risky' (a choice) is never equal to 'seen' (a date)"),
        ("working_days(${seen}, ${age}) > 1", "stands where working_days takes a date"),
        ("round(${seen}) > 1", "stands where round takes a number"),
        ("sum(${age}, ${risky}) > 1", "stands where sum takes a number"),
        ("-${seen} > 1", "stands where - takes a number"),
        ("count-selected(${seen}) > 1", "stands where count-selected takes a list of choices"),
        ("${seen} + 1 + ${later} > ${seen}", "what is worked out (a date) cannot be added"),
    ],
)
def test_a_difference_or_comparison_of_types_that_have_none_is_found(
    expression: str, what: str
) -> None:
    question = {"type": "text", "name": "more", "label": {"en": "More?"}, "relevant": expression}
    change = both(CALCULATED, add("forms.0.survey", question))
    issue = finds(("types_differ", change, "forms[0].survey[9] (more) relevant", ()))
    assert what in issue.problem


def test_a_constraint_and_a_columns_condition_are_looked_at_too() -> None:
    date = {"type": "date", "name": "d", "label": {"en": "Day?"}, "constraint": ". > ${age}"}
    finds(("types_differ", add("forms.0.survey", date), "forms[0].survey[5] (d) constraint", ()))
    column = {"name": "old", "label": {"en": "Old"}, "where": "${age} > 'yes'"}
    finds(("types_differ", add("columns.files", column), "columns.files[3] (old) where", ()))
