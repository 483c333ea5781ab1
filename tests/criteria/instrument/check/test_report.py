"""Problems come in the order of the document, each once."""

from __future__ import annotations

from criteria.instrument.check.pack import check_pack
from tests.criteria.instrument.check.every_case import EVERY_CASE
from tests.criteria.instrument.check.mistakes import (
    PLANNED,
    PLANNED_AT,
    RISKY,
    YES_NO,
)
from tests.criteria.instrument.small_pack import (
    both,
    changed,
    put,
    take,
)


def test_all_problems_are_reported_in_document_order() -> None:
    pack = changed(
        both(
            put("scoring.bands.1.from", 5),
            put(f"{PLANNED}.relevant", "${nobody} = 'yes'"),
            put(f"{RISKY}.reqired", True),
            put("choices.spare", YES_NO),
            take("settings.version"),
            put("forms.1.survey.0.type", "txt"),
            put("settings.titel", "x"),
        )
    )
    assert [issue.place for issue in check_pack(pack)] == [
        "settings",
        "settings.titel",
        "choices.spare",
        "forms[0].survey[0] (risky) reqired",
        f"{PLANNED_AT} relevant",
        "forms[1].survey[0] (said) type",
        "scoring.bands",
    ]


def test_a_mistake_is_reported_once() -> None:
    for code, change, _, _ in EVERY_CASE:
        issues = check_pack(changed(change))
        assert len({(issue.code, issue.place) for issue in issues}) == len(issues), code
