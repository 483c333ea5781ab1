"""Which question a text means: exactly what is written, or nothing."""

from __future__ import annotations

import string
from collections.abc import Iterator

import pytest

from criteria.case import Case
from criteria.instrument.load import pack_names, read_pack
from criteria.instrument.pack import Form, Pack
from criteria.match_choice import normalise
from criteria.relevance import form_state
from dialogs import effects, events
from dialogs.question_order import find_question, near_questions, questions_named
from tests.walk import Walk

MOVEMENT = read_pack("movement-of-cases-2004")
SIGNS = string.ascii_lowercase + string.digits + ". "


def found(text: str, pack: Pack, form: Form) -> str | None:
    question = find_question(text, pack, form, form_state(form, Case("C001", form.name)))
    return question.number if question else None


def slips(number: str) -> Iterator[str]:
    """Every text that is one sign away: one too few, one wrong, one too many, two swapped."""
    for at in range(len(number) + 1):
        yield from (number[:at] + sign + number[at:] for sign in SIGNS)
        yield from (number[:at] + sign + number[at + 1 :] for sign in SIGNS)
        yield number[:at] + number[at + 1 :]
        yield number[:at] + number[at : at + 2][::-1] + number[at + 2 :]


@pytest.mark.long
@pytest.mark.parametrize("name", pack_names())
def test_a_mistyped_number_is_another_number_or_none(name: str) -> None:
    pack = read_pack(name)
    for form in pack.forms:
        asked = [question for question in form.questions if question.type.name != "calculate"]
        of_criteria = {question.criterion for question in form.questions}
        criteria = [one for one in pack.criteria.values() if one.name in of_criteria]
        known = {normalise(text) for one in (*asked, *criteria) for text in (one.number, one.name)}
        state = form_state(form, Case("C001", form.name))
        numbers = {normalise(one.number) for one in (*asked, *criteria)}
        for text in {text for number in numbers for text in slips(number)}:
            if normalise(text) not in known:
                assert find_question(text, pack, form, state) is None, (form.name, text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *((text, None) for text in ("C15", "B18", "A12", "page 1", "C3 please", "B1 zz", "c 3")),
        ("c3", "C3"),
        ("B4.", "B4"),
        ("mappa", "A4"),
        ("2", "B7"),
        ("case management", "B7"),
        ("Case managment", "B7"),
        ("management", "B7"),
        ("publ", "C8"),
        *((text, None) for text in ("managment", "pu", "systems 2", "a case", "")),
    ],
)
def test_a_text_means_what_it_says(text: str, number: str | None) -> None:
    assert found(text, MOVEMENT, MOVEMENT.forms[0]) == number


@pytest.mark.parametrize("text", ["B1 zz", "C15", "page 1"])
def test_what_a_lead_reads_of_a_case_is_named_as_exactly(text: str) -> None:
    assert questions_named(text, MOVEMENT, MOVEMENT.forms[0]) == ()


def test_what_two_criteria_may_be_is_asked_not_guessed() -> None:
    pack = read_pack("omi2-2011")
    assert found("planning", pack, pack.forms[0]) is None
    walk = Walk(pack)
    (refused, _) = walk.send(events.JumpedTo("planning to"))
    assert isinstance(refused, effects.JumpRefused)
    assert [one.number for one in refused.criteria] == ["1.2", "1.3", "1.4"]
    assert "Did you mean 1.2 Planning to minimise risk of harm, 1.3" in walk.reply.text


def test_a_criterion_of_another_form_is_no_near_miss_here() -> None:
    pack = read_pack("esi-2006")
    assert found("diversity", pack, pack.forms[0]) == "C3.1"
    assert found("diversity", pack, pack.forms[2]) is None


def test_what_is_near_is_offered_in_the_refusal() -> None:
    form = MOVEMENT.forms[0]
    assert [one.number for one in near_questions("C3 please", form)] == ["C3"]
    assert [one.number for one in near_questions("B18", form)][:2] == ["B1", "B8"]
    assert near_questions("qwerty", form) == ()
    walk = Walk(MOVEMENT)
    walk.send(events.JumpedTo("b1 zz"))
    assert walk.reply.text.splitlines()[:2] == [
        "I know no question or criterion “b1 zz”.", "Did you mean B1?"
    ]  # fmt: skip
    assert walk.at == "A1"
