"""Find the choice that a typed text means: by label, prefix, alias or near miss.

A text that may mean two choices is asked about, never guessed. A negation never becomes its
opposite: a near miss may only mend letters within the words of a choice, word for word, so "not
fully met" is not near "Fully met"; and a text and a choice must negate equally often, so
"unsufficient" is not near "Sufficient".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from criteria.question import NA, NOT_KNOWN, RESERVED_WORDS, Question, Refusal

_WORDS: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_NEGATIONS: Final = frozenset({
    "not", "no", "nor", "never", "none", "nothing", "without", "cannot", "nope", "nah", "nt",
    "nto", "isnt", "arent", "wasnt", "werent", "dont", "doesnt", "didnt", "hasnt", "havent",
    "hadnt", "wont", "cant", "couldnt", "shouldnt", "wouldnt",
})  # fmt: skip
_NEGATING_PREFIX: Final = re.compile(r"(un|in|im|ir|il|dis|non|not)(?P<rest>\w{3,})\Z")
_KNOWN: Final = 80
"""From this similarity (0–100) on, what follows a negating prefix is a word of the list."""


@dataclass(frozen=True, slots=True)
class Option:
    """A possible answer: a choice's name and every text that names it."""

    name: str
    texts: tuple[str, ...]
    in_list: bool = True


@dataclass(frozen=True, slots=True)
class Match:
    """``name`` is what was meant, if that is sure; ``near`` what it may have been.

    ``negated``: nothing fits because of a negation.
    """

    name: str | None
    near: tuple[str, ...] = ()
    exact: bool = True
    negated: bool = False


def normalise(text: str) -> str:
    """Case, width and spacing apart: ``" Fully  Met. "`` → ``"fully met"``."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(folded.split()).strip(" .,;:!?\"'()[]")


def options_of(question: Question) -> tuple[Option, ...]:
    options = [
        Option(choice.name, _texts((*choice.label.values(), choice.name, *choice.aliases)))
        for choice in question.choices
    ]
    if question.na:
        options.append(Option(NA, RESERVED_WORDS[NA], in_list=False))
    if question.not_known:
        options.append(Option(NOT_KNOWN, RESERVED_WORDS[NOT_KNOWN], in_list=False))
    return tuple(options)


def options_in_list(question: Question) -> list[Option]:
    return [option for option in options_of(question) if option.in_list]


def refusal_of(match: Match) -> Refusal:
    if match.near:
        return Refusal("ambiguous", match.near)
    return Refusal("negated" if match.negated else "no_match")


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(normalise(text) for text in texts if text))


def match_choice(text: str, options: Sequence[Option]) -> Match:
    wanted = normalise(text)
    if not wanted:
        return Match(None)
    sure = match_exactly(wanted, options)
    return sure if sure.name or sure.near else _match_nearly(wanted, options)


def match_exactly(wanted: str, options: Sequence[Option]) -> Match:
    """The option that has this text, or the only one that starts with it.

    One letter stands for a choice of the list, never for N/A or not known: ``n`` is No.
    """
    for option in options:
        if wanted in option.texts:
            return Match(option.name)
    starts = [
        option
        for option in options
        if (option.in_list or len(wanted) > 1)
        and any(text.startswith(wanted) for text in option.texts)
    ]
    if len(starts) == 1:
        return Match(starts[0].name)
    return Match(None, near=tuple(option.name for option in starts))


def match_surely(wanted: str, options: Sequence[Option]) -> str | None:
    """What one of several answers in a line means: an option's text, its first words or letter.

    Stricter than :func:`match_exactly`: no part of a word but a single letter stands for a choice,
    and N/A and not known only in full.
    """
    for option in options:
        if wanted in option.texts:
            return option.name
    starts = [
        option.name
        for option in options
        if option.in_list
        and any(
            text.startswith(wanted if len(wanted) == 1 else f"{wanted} ") for text in option.texts
        )
    ]
    return starts[0] if len(starts) == 1 else None


def _match_nearly(wanted: str, options: Sequence[Option]) -> Match:
    """Find the option from which a few slips lead to the text; there may be several."""
    if len(wanted) < 3:
        return Match(None)
    words = _WORDS.findall(wanted)
    texts = " ".join(text for option in options for text in option.texts)
    vocabulary = set(_WORDS.findall(texts))
    negations = _negations(words, vocabulary)
    near = tuple(one.name for one in options if _is_near(words, one, negations, vocabulary))
    if len(near) == 1:
        return Match(near[0], exact=False)
    return Match(None, near=near, negated=negations > 0 and not near)


def _is_near(words: list[str], option: Option, negations: int, vocabulary: set[str]) -> bool:
    """Return whether slips lead from the option's texts, in full or their first words."""
    for text in option.texts:
        known = _WORDS.findall(text)
        if len(text) < 3 or len(known) < len(words) or not words:
            continue
        slips = all(map(_is_slip_of, words, known))
        if slips and _negations(known, vocabulary) == negations:
            return True
    return False


def _is_slip_of(word: str, like: str) -> bool:
    """Cut short, or with no more letters wrong, missing, too many or swapped than slips explain."""
    if word == like or (len(word) >= 3 and like.startswith(word)):
        return True
    if len(word) < 2 or word[0] != like[0]:
        return False
    most = 1 if len(like) <= 5 else 2
    return OSA.distance(word, like, score_cutoff=most) <= most


def _negations(words: Iterable[str], vocabulary: set[str]) -> int:
    """How often a text negates: ``not``, ``n't``, or a negating prefix to a word of the list."""
    return sum(_negates(word, vocabulary) for word in words)


def _negates(word: str, vocabulary: set[str]) -> bool:
    if word in _NEGATIONS or word.endswith("n't"):
        return True
    match = _NEGATING_PREFIX.match(word)
    return match is not None and any(
        fuzz.ratio(match["rest"], known) >= _KNOWN for known in vocabulary if known != word
    )
