"""Which choice a typed text means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.match_choice import (
    Match,
    Option,
    match_choice,
    normalise,
    options_of,
    said_tokens,
    wording,
)
from criteria.words import everyday_words
from criteria.words.tokens import tokens_of
from tests.criteria.question_types.asked import a_question

EN = everyday_words("en")


def an_option(
    name: str, *labels: str, aliases: tuple[str, ...] = (), in_list: bool = True
) -> Option:
    wordings = [wording(text, EN) for text in labels]
    return Option(name, (*wordings, *(wording(text, EN, alias=True) for text in aliases)), in_list)


def match(text: str, options: tuple[Option, ...]) -> Match:
    return match_choice(said_tokens(text, EN), options, EN)


YES_NO = (
    an_option("yes", "Yes", aliases=("y",)),
    an_option("no", "No", aliases=("n",)),
    an_option("na", aliases=("na", "n/a", "not applicable"), in_list=False),
    an_option("not_known", aliases=("nk", "not known"), in_list=False),
)
FOUR = tuple(
    an_option(name, label)
    for name, label in (
        ("fully", "Fully met"),
        ("largely", "Largely met"),
        ("partly", "Partly met"),
        ("not_met", "Not met"),
    )
)
LEVELS = tuple(
    an_option(name.casefold(), name) for name in ("Excellent", "Sufficient", "Insufficient", "Poor")
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Yes", "yes"),
        ("y", "yes"),
        ("n", "no"),
        ("NO.", "no"),
        ("N/A", "na"),
        ("not k", "not_known"),
    ],
)
def test_labels_aliases_and_prefixes_are_found(text: str, name: str) -> None:
    assert match(text, YES_NO).name == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("largly met", "largely"),
        ("Fuly met", "fully"),
        ("partley", "partly"),
        ("not mett", "not_met"),
    ],
)
def test_a_near_miss_is_found_and_said_to_be_one(text: str, name: str) -> None:
    found = match(text, FOUR)
    assert (found.name, found.exact) == (name, False)


@pytest.mark.parametrize(
    "text", ["not fully", "not fully met", "not partly", "never largely met", "isn't partly met"]
)
def test_not_something_is_never_that_thing(text: str) -> None:
    found = match(text, FOUR)
    assert found.name is None
    assert not set(found.near) & {"fully", "largely", "partly"}


@pytest.mark.parametrize(
    "text", ["unsufficient", "not sufficient", "insuficcient", "non-sufficient"]
)
def test_a_negating_prefix_counts_as_a_negation(text: str) -> None:
    found = match(text, LEVELS)
    assert found.name in (None, "insufficient")
    assert "sufficient" not in found.near


def test_sufficient_is_not_insufficient() -> None:
    assert match("sufficient", LEVELS).name == "sufficient"
    assert match("suficient", LEVELS).name == "sufficient"


@pytest.mark.parametrize(
    "text", ["no", "not", "un", "do", "dont", "met", "mostly not met", "3", "fully largely", "nit"]
)
def test_less_than_an_answer_is_none(text: str) -> None:
    assert match(text, FOUR).name is None


@pytest.mark.parametrize("text", ["yet", "efficient", "pore", "n a", "none", "no doubt", "yes no"])
def test_another_word_is_no_near_miss(text: str) -> None:
    assert match(text, (*YES_NO, *LEVELS)).name is None


@pytest.mark.parametrize(
    ("text", "name"), [("ues", "yes"), ("bo", "no"), ("on", "no"), ("yeah", "yes"), ("👎", "no")]
)
def test_everyday_words_and_slips_are_found(text: str, name: str) -> None:
    assert match(text, YES_NO).name == name


def test_first_words_stand_for_a_label_where_no_other_holds_them() -> None:
    topics = (an_option("both", "NPS with CRC"), an_option("nps", "Start in the NPS"))
    assert match("nps", topics).near == ("both", "nps")
    seen = (an_option("good", "Effective"), an_option("bad", "There, but not effective"))
    assert match("there", seen).name is None
    assert match("perhaps", (an_option("a", "Perhaps, not fully checked"),)).name == "a"
    assert match("date", (an_option("a", "Date not clear"),)).name is None


def test_a_choices_name_is_no_answer() -> None:
    question = a_question("select_one")
    named = {one.tokens for option in options_of(question) for one in option.wordings}
    assert tokens_of("strong") in named  # its label
    hidden = tuple(Option("very_weak", option.wordings) for option in options_of(question)[:1])
    assert match("very_weak", hidden).name is None


def test_what_starts_two_choices_is_asked() -> None:
    assert match("met", FOUR).name is None
    two = (an_option("a", "Partly met"), an_option("b", "Partly known"))
    assert match("partly", two).near == ("a", "b")


@pytest.mark.parametrize("text", ["", "   ", "?", "banana", "maybe", "yesterday and tomorrow"])
def test_what_is_no_answer_matches_nothing(text: str) -> None:
    assert match(text, YES_NO).name is None


@given(st.text(max_size=60))
def test_a_text_with_not_in_front_never_gives_an_answer_without_it(text: str) -> None:
    found = match(f"not {text}", FOUR)
    assert found.name in (None, "not_met")


@given(st.sampled_from(FOUR), st.sampled_from([str.upper, str.title, lambda t: f" {t} . "]))
def test_case_and_spacing_never_matter(option: Option, change: object) -> None:
    assert callable(change)
    label = " ".join(option.wordings[0].tokens)
    assert match(change(label), FOUR).name == option.name


def test_wide_characters_and_curly_quotes_are_read_as_plain_ones() -> None:
    assert normalise("ＹＥＳ") == "yes"
    assert normalise("don’t know") == "don't know"
