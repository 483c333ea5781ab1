"""Cases with some answers, for the tests of reports."""

from __future__ import annotations

from criteria.case import Case
from criteria.instrument.pack import Form
from tests.criteria.random_cases import random_cases


def some_cases(form: Form, cases: int, seed: int) -> list[Case]:
    return random_cases(form, cases, answered=0.8, seed=seed)
