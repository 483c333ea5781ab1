"""Two readings of one case: what differs, how far they agree, what settling does."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from criteria.case import Answer, Case, EvidenceKind
from criteria.case_status import Status
from criteria.question import Value
from criteria.second_reading import (
    all_readings_agree,
    differences,
    pairs_of,
    readings_agree,
    settled,
)
from tests.walk import tiny_pack

PACK = tiny_pack()
FORM = PACK.case_form
AT = "2026-11-20T10:00:00Z"


def read(reading: int = 1, status: Status = Status.SUBMITTED, **values: Value) -> Case:
    answers = {name: Answer(value, by=f"I{reading}", at=AT) for name, value in values.items()}
    return Case("C001", FORM.name, f"I{reading}", status, {"sex": "male"}, answers, reading)


def differing(first: Case, second: Case) -> list[tuple[str, Value | None, Value | None]]:
    return [(one.question.name, one.first, one.second) for one in differences(FORM, first, second)]


FIRST = read(told="yes", how_well="fully", papers=("plan",), visits=3, remark="fine", kept="partly")


def test_readings_that_are_alike_do_not_differ() -> None:
    assert differing(FIRST, replace(FIRST, reading=2)) == []


def test_what_was_answered_differently_is_listed_in_the_forms_order() -> None:
    second = read(
        2, told="yes", how_well="largely", papers=("plan", "log"), visits=4, kept="partly"
    )
    assert differing(FIRST, second) == [
        ("how_well", "fully", "largely"),
        ("papers", ("plan",), ("plan", "log")),
        ("visits", 3, 4),
    ]


def test_facts_texts_and_notes_are_no_differences() -> None:
    second = replace(FIRST, reading=2, profile={"sex": "female"})
    second = second.answered(FORM.by_name["remark"], "otherwise", "I2", AT)
    second = second.noted(FORM.by_name["told"], "seen", "I2", AT)
    assert differing(FIRST, second) == []


def test_a_question_that_one_of_them_was_not_asked_has_no_answer_there() -> None:
    second = read(2, told="no", how_well="fully", papers=("plan",), visits=3, kept="partly")
    assert differing(FIRST, second) == [("told", "yes", "no"), ("how_well", "fully", None)]
    assert differing(read(told="no"), read(2, told="no", how_well="fully")) == []


def test_differing_judgements_are_those_that_agreement_counts() -> None:
    second = read(2, told="no", papers=("plan",), visits=4, kept="na")
    judged = [one.question.name for one in differences(FORM, FIRST, second) if one.both_judged]
    counted = readings_agree(FORM, FIRST, second)
    assert judged == ["told", "kept"]
    assert len(judged) == counted.pairs - counted.agree


def test_what_both_left_open_is_no_difference_and_what_one_did_is() -> None:
    second = read(2, told="yes", kept="fully")
    assert differing(read(told="yes"), second) == [("kept", None, "fully")]


def test_what_a_lead_settled_is_no_difference_any_more_and_counts_as_it_was_read() -> None:
    second = read(2, told="yes", how_well="partly", papers=("plan",), visits=3, kept="partly")
    before = readings_agree(FORM, FIRST, second)
    assert (before.agree, before.pairs) == (2, 3)
    after = settled(FIRST, FORM.by_name["how_well"], "partly", "L1", AT, "the log")
    assert differing(after, second) == []
    assert after.answers["how_well"] == Answer(
        "partly", None, "L1", AT, settled="the log", given="fully"
    )
    assert readings_agree(FORM, after, second) == before


def test_settled_twice_the_first_reading_is_still_what_was_given() -> None:
    question = FORM.by_name["how_well"]
    once = settled(FIRST, question, "partly", "L1", AT, "one reason")
    twice = settled(once, question, "largely", "L1", AT, "a better one")
    answer = twice.answers["how_well"]
    assert (answer.value, answer.given, answer.settled) == ("largely", "fully", "a better one")


def test_settling_keeps_the_note_and_its_kind() -> None:
    question = FORM.by_name["told"]
    noted = FIRST.noted(question, "seen", "I1", AT, EvidenceKind.STRENGTH)
    answer = settled(noted, question, "no", "L1", AT, "why").answers["told"]
    assert (answer.note, answer.kind) == ("seen", EvidenceKind.STRENGTH)


def test_settling_the_parent_hides_what_it_led_to() -> None:
    second = read(2, told="no", papers=("plan",), visits=3, kept="partly")
    after = settled(FIRST, FORM.by_name["told"], "no", "L1", AT, "nobody was told")
    assert differing(after, second) == []


def test_agreement_counts_judgements_that_both_made() -> None:
    second = read(2, told="yes", how_well="partly", papers=(), visits=9, kept="partly")
    found = readings_agree(FORM, FIRST, second)
    assert found.cross == {
        ("fully", "partly"): 1,
        ("partly", "partly"): 1,
        ("yes", "yes"): 1,
    }
    assert found.share == Fraction(2, 3)
    both = all_readings_agree(PACK, [(FIRST, second), (FIRST, replace(FIRST, reading=2))])
    assert (both.agree, both.pairs) == (5, 6)
    assert all_readings_agree(PACK, []).percent is None


@pytest.mark.parametrize(
    ("first", "second", "paired"),
    [
        (Status.SUBMITTED, Status.SUBMITTED, True),
        (Status.AGREED, Status.SUBMITTED, True),
        (Status.RETURNED, Status.SUBMITTED, True),
        (Status.IN_PROGRESS, Status.SUBMITTED, False),
        (Status.SUBMITTED, Status.IN_PROGRESS, False),
        (Status.SUBMITTED, Status.ASSIGNED, False),
    ],
)
def test_two_readings_are_set_side_by_side_once_both_were_handed_in(
    first: Status, second: Status, paired: bool
) -> None:
    one, other = read(1, first), read(2, second)
    assert pairs_of([one], [other]) == ([(one, other)] if paired else [])


def test_readings_of_different_files_are_no_pair() -> None:
    other = replace(read(2), form="police-file")
    assert pairs_of([read(1)], [other, replace(read(2), case="C002")]) == []
