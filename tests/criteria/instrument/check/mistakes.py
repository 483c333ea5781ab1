"""Places of the small pack, where the tests put mistakes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from criteria.instrument.pack import BEGIN_GROUP, END_GROUP
from tests.criteria.instrument.small_pack import add, both

RISKY, PLANNED, PAPERS = "forms.0.survey.0", "forms.0.survey.1", "forms.0.survey.2"
TIMELY = "forms.0.survey.4"

TIMELY_AT = "forms[0].survey[4] (timely)"

PLANNED_AT = "forms[0].survey[1] (planned)"

YES_NO = [
    {"name": "yes", "label": {"en": "Yes"}, "sufficient": True},
    {"name": "no", "label": {"en": "No"}, "sufficient": False},
]

A_GROUP = {"type": BEGIN_GROUP, "name": "contact", "label": {"en": "Contact"}}

INSIDE = {"type": "select_one fact", "name": "inside", "label": {"en": "Inside?"}}

AN_END = {"type": END_GROUP}


def add_all(rows: list[dict[str, Any]]) -> Callable[[Any], None]:
    return both(*(add("forms.0.survey", row) for row in rows))
