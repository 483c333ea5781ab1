"""What a button carries: short enough for Telegram, read back as made, harmless otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.callback_data import (
    MAX_BYTES,
    CardData,
    CaseTap,
    CommandTap,
    ForeignTap,
    case_data,
    command_data,
    inspection_mark,
    read_data,
)
from criteria.case import CaseKey, EvidenceKind
from criteria.instrument.load import read_pack
from criteria.question import Question
from dialogs.events import Card, ChoiceTapped, ControlTapped, KindChosen, QuestionTapped

PACK = read_pack("omi2-2011")
FORM = PACK.case_form
MARK = inspection_mark("cheshire")
LONGEST = "C" * 31 + "1"
CARDS = st.builds(
    Card,
    case=st.builds(CaseKey, st.just(LONGEST), st.just(FORM.name), st.sampled_from([1, 2])),
    id=st.integers(0, 99_999),
)


@given(CARDS, st.sampled_from(FORM.questions), st.sampled_from(list(EvidenceKind)), st.data())
def test_every_button_of_a_card_is_read_back_and_fits(
    card: Card, question: Question, kind: EvidenceKind, data: st.DataObject
) -> None:
    key, name = card.case, question.name
    buttons = CardData(MARK, FORM, card)
    made = {
        buttons.control("unnote"): ControlTapped(card, "unnote"),
        buttons.question(question): QuestionTapped(card, name),
        buttons.kind(kind): KindChosen(card, kind.value),
        buttons.choice(question, "na"): ChoiceTapped(key, name, "na"),
        buttons.choice(question, "not_known"): ChoiceTapped(key, name, "not_known"),
        case_data(MARK, key, FORM): CaseTap(key),
    }
    if question.choices:
        choice = data.draw(st.sampled_from([choice.name for choice in question.choices]))
        made[buttons.choice(question, choice)] = ChoiceTapped(key, name, choice)
    for tap, event in made.items():
        assert len(tap.encode()) <= MAX_BYTES
        assert read_data(tap, PACK, MARK) == event


def test_an_answers_data_names_its_question_and_no_card() -> None:
    key, question = CaseKey("C001", FORM.name), FORM.questions[0]
    made = {CardData(MARK, FORM, Card(key, card)).choice(question, "na") for card in (1, 7)}
    assert len(made) == 1


@pytest.mark.parametrize(
    "command",
    [
        "team",
        "assign C001 I2",
        f"settle {LONGEST} {{form}} 123 second",
        f"second {LONGEST} {{form}} I12",
        "export .docx",
        "findings 1.2 ?",
    ],
)
def test_a_command_is_read_back_as_it_was_however_long_its_forms_are_called(command: str) -> None:
    long = "a-form-of-a-hundred-characters-" + "x" * 69
    pack = replace(PACK, forms=(FORM, replace(FORM, name=long, index=1)))
    said = command.format(form=long)
    tap = command_data(MARK, said, pack.forms)
    assert len(tap.encode()) <= MAX_BYTES
    assert read_data(tap, pack, MARK) == CommandTap(said)


def test_a_command_that_does_not_fit_asks_how_it_goes() -> None:
    tap = command_data(MARK, f"assign {LONGEST} {'I' * 31}1")
    assert read_data(tap, PACK, MARK) == CommandTap("assign")


@pytest.mark.parametrize("data", ["c|{mark}|case C1 .7", "c|{mark}|.", "c|{mark}|export .-1"])
def test_a_place_of_no_form_makes_no_trouble(data: str) -> None:
    assert read_data(data.format(mark=MARK), PACK, MARK) is not None


def test_a_button_of_another_inspection_is_told_apart() -> None:
    tap = case_data(inspection_mark("devon"), CaseKey("C001", FORM.name), FORM)
    assert read_data(tap, PACK, MARK) == ForeignTap()


@given(
    st.one_of(
        st.text(max_size=64),
        st.lists(st.sampled_from(["a", "t", MARK, "C1", "0", "-1", "99999", "c0", "x3", "q1", ""]))
        .map("|".join),
    )
)  # fmt: skip
def test_whatever_comes_back_is_read_without_an_error(data: str) -> None:
    assert read_data(data, PACK, MARK) is not None
