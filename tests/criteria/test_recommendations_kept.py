"""Recommendations and their follow-up, as the store and an inspection file hold them."""

from __future__ import annotations

import json

import pytest

from criteria.recommendations import (
    FollowUp,
    FollowUpStatus,
    Recommendation,
    follow_up_from_json,
    follow_up_to_json,
    recommendation_from_json,
    recommendation_to_json,
)


@pytest.mark.parametrize(
    "one",
    [
        Recommendation(
            key=True,
            owner="CRC and NPS",
            text="Plans should say who does what.",
            criteria=("c1.2", "c1.3"),
            findings=("q1.2.b",),
            by="L1",
            at="2026-11-20T10:00:00Z",
        ),
        Recommendation(key=False, owner="CRC", text="=1+1 “…” ü"),
    ],
)
def test_a_recommendation_goes_to_json_and_back(one: Recommendation) -> None:
    raw = json.loads(json.dumps(recommendation_to_json(one)))
    assert recommendation_from_json(raw) == one
    assert set(raw) == {"key", "owner", "text", "criteria", "findings", "by", "at"}


def test_one_that_says_no_more_than_it_must_is_read() -> None:
    one = recommendation_from_json({"key": True, "owner": "CRC", "text": "Do."})
    assert (one.criteria, one.findings, one.by) == ((), (), None)


@pytest.mark.parametrize("status", list(FollowUpStatus))
def test_a_follow_up_goes_to_json_and_back(status: FollowUpStatus) -> None:
    one = FollowUp(status, "L1", "2026-11-20T10:00:00Z")
    assert follow_up_from_json(json.loads(json.dumps(follow_up_to_json(one)))) == one


def test_a_status_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="finished"):
        follow_up_from_json({"status": "finished"})
