"""Which choice a typed text means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.match_choice import Option, match_choice, normalise

YES_NO = (
    Option("yes", ("yes", "y")),
    Option("no", ("no", "n")),
    Option("na", ("na", "n/a", "not applicable"), in_list=False),
    Option("not_known", ("nk", "not known"), in_list=False),
)
FOUR = (
    Option("fully", ("fully met", "fully")),
    Option("largely", ("largely met", "largely")),
    Option("partly", ("partly met", "partly")),
    Option("not_met", ("not met", "not_met")),
)
LEVELS = tuple(
    Option(name, (name,)) for name in ("excellent", "sufficient", "insufficient", "poor")
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
    assert match_choice(text, YES_NO).name == name


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
    match = match_choice(text, FOUR)
    assert (match.name, match.exact) == (name, False)


@pytest.mark.parametrize(
    "text", ["not fully", "not fully met", "not partly", "never largely met", "isn't partly met"]
)
def test_not_something_is_never_that_thing(text: str) -> None:
    match = match_choice(text, FOUR)
    assert match.name is None
    assert not set(match.near) & {"fully", "largely", "partly"}


@pytest.mark.parametrize(
    "text", ["unsufficient", "not sufficient", "insuficcient", "non-sufficient"]
)
def test_a_negating_prefix_counts_as_a_negation(text: str) -> None:
    match = match_choice(text, LEVELS)
    assert match.name in (None, "insufficient")
    assert "sufficient" not in match.near


def test_sufficient_is_not_insufficient() -> None:
    assert match_choice("sufficient", LEVELS).name == "sufficient"
    assert match_choice("suficient", LEVELS).name == "sufficient"


def test_what_starts_two_choices_is_asked() -> None:
    assert match_choice("met", FOUR).name is None
    two = (Option("a", ("partly met",)), Option("b", ("partly known",)))
    assert match_choice("partly", two).near == ("a", "b")


@pytest.mark.parametrize("text", ["", "   ", "?", "banana", "maybe", "yesterday and tomorrow"])
def test_what_is_no_answer_matches_nothing(text: str) -> None:
    assert match_choice(text, YES_NO).name is None


@given(st.text(max_size=60))
def test_a_text_with_not_in_front_never_gives_an_answer_without_it(text: str) -> None:
    match = match_choice(f"not {text}", FOUR)
    assert match.name in (None, "not_met")


@given(st.sampled_from(FOUR), st.sampled_from([str.upper, str.title, lambda t: f" {t} . "]))
def test_case_and_spacing_never_matter(option: Option, change: object) -> None:
    assert callable(change)
    assert match_choice(change(option.texts[0]), FOUR).name == option.name


def test_wide_characters_and_curly_quotes_are_read_as_plain_ones() -> None:
    assert normalise("ＹＥＳ") == "yes"
    assert normalise("don’t know") == "don't know"
