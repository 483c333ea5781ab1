"""Every mistake that the tests provoke, each entry of the catalogue among them."""

from __future__ import annotations

from tests.criteria.instrument.check.test_expressions import EXPRESSION_CASES
from tests.criteria.instrument.check.test_levels import LEVEL_CASES
from tests.criteria.instrument.check.test_lists import LIST_CASES
from tests.criteria.instrument.check.test_names import NAME_CASES
from tests.criteria.instrument.check.test_pack import PACK_CASES
from tests.criteria.instrument.check.test_questions import QUESTION_CASES
from tests.criteria.instrument.check.test_scoring import SCORING_CASES
from tests.criteria.instrument.check.test_shape import SHAPE_CASES
from tests.criteria.instrument.check.test_tables import TABLE_CASES

EVERY_CASE = [
    *SHAPE_CASES,
    *NAME_CASES,
    *LIST_CASES,
    *QUESTION_CASES,
    *EXPRESSION_CASES,
    *SCORING_CASES,
    *PACK_CASES,
    *LEVEL_CASES,
    *TABLE_CASES,
]
