"""What a button carries: short enough for Telegram, read back as made, harmless otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.taps import (
    MAX_BYTES,
    CardTaps,
    CaseTap,
    CommandTap,
    ForeignTap,
    case_tap,
    command_tap,
    inspection_mark,
    read_tap,
)
from criteria.case import EvidenceKind
from criteria.load_pack import read_pack
from dialogs.events import Card, ChoiceTapped, ControlTapped, KindChosen, QuestionTapped

PACK = read_pack("omi2-2011")
FORM = PACK.case_form
MARK = inspection_mark("cheshire")
LONGEST = "C" * 31 + "1"
CARDS = st.builds(
    Card,
    case=st.just(LONGEST),
    form=st.just(FORM.name),
    question=st.sampled_from([question.name for question in FORM.questions]),
    revision=st.integers(0, 99_999),
)


@given(CARDS, st.data())
def test_every_button_of_a_card_is_read_back_and_fits(card: Card, data: st.DataObject) -> None:
    taps = CardTaps(MARK, card, FORM)
    question = FORM.by_name[card.question or ""]
    made = {
        taps.control("unnote"): ControlTapped(card, "unnote"),
        taps.question(question): QuestionTapped(card, question.name),
        taps.choice(question, "na"): ChoiceTapped(card, "na"),
        taps.choice(question, "not_known"): ChoiceTapped(card, "not_known"),
    }
    if question.choices:
        choice = data.draw(st.sampled_from([choice.name for choice in question.choices]))
        made[taps.choice(question, choice)] = ChoiceTapped(card, choice)
    for tap, event in made.items():
        assert len(tap.encode()) <= MAX_BYTES
        assert read_tap(tap, PACK, MARK) == event


@given(CARDS, st.sampled_from(list(EvidenceKind)), st.sampled_from([1, 2]))
def test_a_kind_and_a_second_reading_are_read_back(
    card: Card, kind: EvidenceKind, reading: int
) -> None:
    card = replace(card, reading=reading)
    tap = CardTaps(MARK, card, FORM).kind(kind)
    assert len(tap.encode()) <= MAX_BYTES
    assert read_tap(tap, PACK, MARK) == KindChosen(card, kind.value)
    tap = case_tap(MARK, LONGEST, FORM, reading=reading)
    assert read_tap(tap, PACK, MARK) == CaseTap(LONGEST, FORM.name, reading=reading)


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
    tap = command_tap(MARK, said, pack.forms)
    assert len(tap.encode()) <= MAX_BYTES
    assert read_tap(tap, pack, MARK) == CommandTap(said)


def test_a_command_that_does_not_fit_asks_how_it_goes() -> None:
    tap = command_tap(MARK, f"assign {LONGEST} {'I' * 31}1")
    assert read_tap(tap, PACK, MARK) == CommandTap("assign")


@pytest.mark.parametrize("data", ["c|{mark}|case C1 .7", "c|{mark}|.", "c|{mark}|export .-1"])
def test_a_place_of_no_form_makes_no_trouble(data: str) -> None:
    assert read_tap(data.format(mark=MARK), PACK, MARK) is not None


def test_a_button_of_another_inspection_is_told_apart() -> None:
    tap = case_tap(inspection_mark("devon"), "C001", FORM)
    assert read_tap(tap, PACK, MARK) == ForeignTap()


@given(
    st.one_of(
        st.text(max_size=64),
        st.lists(st.sampled_from(["t", MARK, "C1", "0", "-1", "99999", "c0", "x3", "q1", ""]))
        .map("|".join),
    )
)  # fmt: skip
def test_whatever_comes_back_is_read_without_an_error(data: str) -> None:
    assert read_tap(data, PACK, MARK) is not None
