"""Questions that can never be asked, and none that can: by the relevance of one more question."""

from __future__ import annotations

from typing import Any

import pytest

from tests.criteria.instrument.small_pack import add, changed, codes


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
