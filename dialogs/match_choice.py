"""Which choice a typed text means: the label, a prefix, an alias or a near miss.

Two things matter more than being clever. What two choices might both be meant by is asked, never
guessed. And a negation never becomes its opposite: a text and a choice can only be near each other
if they negate equally often, so "not fully" is nowhere near "Fully met", nor "unsufficient" near
"Sufficient".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from criteria.pack import NA, NOT_KNOWN, RESERVED_WORDS, Question

ACCEPTED: Final = 80
"""From this similarity (0–100) on, a typed text is taken as the choice, if no other is near."""
SUGGESTED: Final = 60
"""From this similarity on, a choice is offered: did you mean …?"""
APART: Final = 10
"""Two choices closer to each other than this are both near."""

_NEGATIONS: Final = frozenset(
    {"not", "no", "nor", "never", "none", "nothing", "without", "cannot", "nope", "nah", "dont"}
)
_NEGATING_PREFIX: Final = re.compile(r"(un|in|im|ir|il|dis|non)-?(?P<rest>\w{4,})\Z")


@dataclass(frozen=True, slots=True)
class Option:
    """Something that may be answered: a choice's name and every text that names it."""

    name: str
    texts: tuple[str, ...]
    in_list: bool = True


@dataclass(frozen=True, slots=True)
class Match:
    """``name`` is what was meant, if that is sure; ``near`` what it may have been.

    ``exact`` is False for a near miss. ``negated`` tells that nothing fits because of a negation.
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
    """What this question can be answered with, in any of its languages."""
    options = [
        Option(choice.name, _texts((*choice.label.values(), choice.name, *choice.aliases)))
        for choice in question.choices
    ]
    if question.na:
        options.append(Option(NA, RESERVED_WORDS[NA], in_list=False))
    if question.not_known:
        options.append(Option(NOT_KNOWN, RESERVED_WORDS[NOT_KNOWN], in_list=False))
    return tuple(options)


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(normalise(text) for text in texts if text))


def match_choice(text: str, options: Sequence[Option]) -> Match:
    """Find the option that ``text`` means: as it stands, as a prefix, else as a near miss."""
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


def _match_nearly(wanted: str, options: Sequence[Option]) -> Match:
    if len(wanted) < 3:
        return Match(None)
    vocabulary = {word for option in options for text in option.texts for word in text.split()}
    negations = _negations(wanted, vocabulary)
    likeness = sorted(
        ((_likeness(wanted, option, negations, vocabulary), option.name) for option in options),
        key=lambda pair: -pair[0],
    )
    best = likeness[0][0] if likeness else 0
    near = tuple(name for score, name in likeness if score >= SUGGESTED and score > best - APART)
    if best >= ACCEPTED and len(near) == 1:
        return Match(near[0], exact=False)
    return Match(None, near=near, negated=negations > 0 and not near)


def _likeness(wanted: str, option: Option, negations: int, vocabulary: set[str]) -> float:
    """Similarity to the nearest of the option's texts, in full or as far as the words go."""
    return max(
        (
            max(fuzz.ratio(wanted, text), fuzz.ratio(wanted, _first_words(text, wanted)))
            for text in option.texts
            if len(text) > 2 and _negations(text, vocabulary) == negations
        ),
        default=0.0,
    )


def _first_words(text: str, like: str) -> str:
    return " ".join(text.split()[: len(like.split())])


def _negations(text: str, vocabulary: set[str]) -> int:
    """How often a text negates: ``not``, ``n't``, or a negating prefix to a word of the list."""
    return sum(_negates(word, vocabulary) for word in text.split())


def _negates(word: str, vocabulary: set[str]) -> bool:
    if word in _NEGATIONS or word.endswith("n't"):
        return True
    match = _NEGATING_PREFIX.match(word)
    return match is not None and any(
        fuzz.ratio(match["rest"], known) >= ACCEPTED for known in vocabulary
    )
