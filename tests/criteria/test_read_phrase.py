"""A phrase is one answer, or it is asked about."""

from __future__ import annotations

import pytest

from criteria.question import Question, Reading, Refusal
from criteria.read_phrase import read_phrase
from tests.walk import tiny_pack

QUESTIONS = tiny_pack().forms[0].by_name


def read(name: str, text: str) -> Reading | Refusal:
    question: Question = QUESTIONS[name]
    return read_phrase(question, text, "en")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("told", "yes it was", "yes"),
        ("told", "no they weren't", "no"),
        ("told", "no it was not", "no"),
        ("told", "no ❌", "no"),
        ("told", "the answer is no", "no"),
        ("told", "it's a yes", "yes"),
        ("told", "no way", "no"),
        ("told", "yes mate", "yes"),
        ("told", "I dunno", "not_known"),
        ("told", "unclear from the file", "not_known"),
        ("told", "put n/a", "na"),
        ("how_well", "yeah I'd say largely", "largely"),
        ("how_well", "largely I think", "largely"),
        ("how_well", "put partly", "partly"),
        ("how_well", "it wasn't met", "not_met"),
        ("how_well", "not met at all", "not_met"),
        ("how_well", "I'd go for larglely", "largely"),
    ],
)
def test_what_is_said_around_an_answer_is_left_out(name: str, text: str, value: str) -> None:
    reading = read(name, text)
    assert isinstance(reading, Reading)
    assert reading.value == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("told", "yes it wasn't"), ("told", "no it was"), ("told", "yes ❌"),
        ("told", "yes please"),
        ("told", "I don't think so"), ("told", "no I don't think so"), ("told", "yes yes"),
        ("told", "yes?"), ("told", "no doubt"), ("told", "met at all"), ("told", "yeah I'd say no"),
        ("how_well", "yeah"), ("how_well", "hardly met"), ("how_well", "isn't largely met"),
        ("how_well", "largely not met"), ("how_well", "probably largely"), ("how_well", "a"),
        ("how_well", "I think"), ("how_well", "n/a largely"),
    ],
)  # fmt: skip
def test_what_is_not_accounted_for_is_asked(name: str, text: str) -> None:
    assert isinstance(read(name, text), Refusal)


@pytest.mark.parametrize(
    ("name", "text", "answer", "note"),
    [
        ("told", "Yes, but late.", "yes", "but late"),
        ("told", "yes (p3 of the file)", "yes", "p3 of the file"),
        ("told", "No because the file was missing", "no", "because the file was missing"),
        ("told", "no - no letter on file", "no", "no letter on file"),
        ("told", "yes\nsent on 3 March", "yes", "sent on 3 March"),
        ("told", "yes late", "yes", "late"),
        ("how_well", "partly - see OASys", "partly", "see OASys"),
        ("how_well", "not met: no contact for 6 weeks", "not_met", "no contact for 6 weeks"),
    ],
)
def test_an_answer_and_a_rest_are_parted(name: str, text: str, answer: str, note: str) -> None:
    assert read(name, text) == Refusal("with_note", (answer,), note)


@pytest.mark.parametrize(
    ("name", "text", "near"),
    [
        ("told", "yes, no", ("yes", "no")),
        ("told", "n a", ("na",)),
        ("told", "yes?", ("yes",)),
        ("how_well", "fully or not met", ("fully", "not_met")),
        ("how_well", "largely, not fully", ("largely", "fully")),
        ("how_well", "not fully", ()),
    ],
)
def test_what_may_be_meant_is_near(name: str, text: str, near: tuple[str, ...]) -> None:
    reading = read(name, text)
    assert isinstance(reading, Refusal)
    assert reading.near == near
    assert reading.note is None
