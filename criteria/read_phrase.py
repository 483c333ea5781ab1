"""Read a phrase as one answer: what it says as a whole, within a frame, or with a rest.

Only what is wholly accounted for is taken. ``put largely`` is Largely met; ``largely not met``
is asked about, and so is ``yes but late``, whose rest may be kept as a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from criteria.match_choice import (
    NOTHING,
    Match,
    Option,
    first_words,
    match_choice,
    options_of,
    refusal_of,
    said_tokens,
)
from criteria.question import NOT_KNOWN, OUT_OF_BASE, Question, Reading, Refusal
from criteria.words import Words, everyday_words
from criteria.words.tokens import Tokens, is_doubtful, tokens_of

_BREAK: Final = re.compile(r"\s*[,;:.(\n]\s*|\s+[-–—]+\s*|\s*[–—]+\s*|\s*-+\s+")
_AROUND: Final = " \t\n.,;:!-–—()[]\"'“”‘’"


def read_phrase(
    question: Question, text: str, language: str | None, options: Sequence[Option] | None = None
) -> Reading | Refusal:
    """Return the option that a text means. ``options`` are the question's where none are given."""
    words = everyday_words(language)
    options = options_of(question, language) if options is None else options
    said = said_tokens(text, words)
    match = match_phrase(said, options, words)
    if match.name is not None and not is_doubtful(text):
        return Reading(match.name, not match.exact)
    if match.name is not None:
        return Refusal("is_it", (match.name,))
    if match.reserved is not None:
        return refusal_of(match)
    together = match_choice(tokens_of("".join(said)), options, words)
    if len(said) > 1 and together.name in OUT_OF_BASE:  # "n a"
        near = (*mentioned(said, options, words), together.name)
        return refusal_of(Match(None, tuple(dict.fromkeys(near))))
    if not is_doubtful(text) and (found := _with_rest(text, options, words)) is not None:
        return found
    negated = any(map(words.negates, said))
    return refusal_of(
        replace(match, near=match.near or mentioned(said, options, words)), negated=negated
    )


def match_phrase(said: Tokens, options: Sequence[Option], words: Words) -> Match:
    """What a text means, as a whole or within a frame."""
    whole = match_choice(said, options, words)
    if whole.name is not None or whole.near or whole.reserved is not None:
        return whole
    if (agreed := _agreed(said, options, words)) is not None:
        return agreed
    for less in _without_frames(said, options, words):
        match = match_choice(less, options, words)
        if match.name is None:
            match = _negated(less, options, words) or _agreed(less, options, words) or match
        if match.name is not None or match.reserved is not None:
            return replace(match, exact=False)
    return _negated(said, options, words) or NOTHING


# --- frames -------------------------------------------------------------------------------------


def _without_frames(said: Tokens, options: Sequence[Option], words: Words) -> Iterator[Tokens]:
    """Take one frame after the other off a text: ``yeah I'd say largely`` → ``largely``."""
    named = {
        word
        for option in options
        if option.in_list
        for one in option.wordings
        for word in (*one.tokens, *_other_words_for(one.tokens, words))
    }
    while True:
        less = _without_one(said, named, words)
        if less is None:
            return
        said = less
        yield said


def _other_words_for(said: Tokens, words: Words) -> Iterator[str]:
    """Where yes is an answer, no word for it is a mere opening: ``yeah I'd say no``."""
    for kind in ("yes", "no"):
        if words.has(kind, said):
            yield from (text[0] for text in words.lists[kind] if len(text) == 1)


def _without_one(said: Tokens, named: set[str], words: Words) -> Tokens | None:
    lists = words.lists
    for frame in lists.get("openers", ()):
        opened = said[: len(frame)] == frame and not named.issuperset(frame)
        rest = said[len(frame) :]
        if opened and any(
            rest[: len(one)] == one and len(rest) > len(one) for one in lists["before"]
        ):
            return rest
    for frame in lists.get("before", ()):
        alone = (
            len(frame) == 1 and frame[0] in named and not words.has_word("function_words", frame[0])
        )
        if len(said) > len(frame) and said[: len(frame)] == frame and not alone:
            return said[len(frame) :]
    ends = list(lists.get("after", ()))
    if any(map(words.negates, said)):
        ends += lists.get("after_negation", ())
    for frame in ends:
        if len(said) > len(frame) and said[-len(frame) :] == frame:
            return said[: -len(frame)]
    for frame in lists.get("after_not_known", ()):
        head = said[: -len(frame)]
        if said[-len(frame) :] == frame and words.has(NOT_KNOWN, head):
            return head
    return None


def _agreed(said: Tokens, options: Sequence[Option], words: Words) -> Match | None:
    """``yes it was``, ``no they weren't``, ``no ❌``; never ``yes it wasn't``."""
    for kind in ("yes", "no"):
        if len(said) < 2 or not words.has_word(kind, said[0]):
            continue
        rest = said[1:]
        sign = len(rest) == 1 and words.has(kind, rest) and not rest[0].isalnum()
        if sign or (rest[0] in _singles("pronouns", words) and _verb_says(rest[1:], words) == kind):
            return replace(match_choice(said[:1], options, words), exact=True)
    return None


def _verb_says(verb: Tokens, words: Words) -> str | None:
    verbs = _singles("verbs", words)
    if len(verb) == 1 and verb[0] in verbs:
        return "yes"
    plain = [word.removesuffix("n't") for word in verb]
    negated = len(verb) == 1 and (
        (words.negates(verb[0]) and verb[0].removesuffix("nt") in verbs) or plain[0] != verb[0]
    )
    spelt_out = len(verb) == 2 and verb[0] in verbs and words.has_word("not", verb[1])
    return "no" if negated or spelt_out else None


def _singles(kind: str, words: Words) -> frozenset[str]:
    return frozenset(one[0] for one in words.lists.get(kind, ()))


def _negated(said: Tokens, options: Sequence[Option], words: Words) -> Match | None:
    """``wasn't met`` is Not met, where a choice is called just that."""
    if len(said) < 2 or not words.has_word("not_before", said[0]):
        return None
    for plain in words.lists.get("not", ()):
        for option in options:
            if option.has((*plain, *said[1:])):
                return Match(option.name, exact=False)
    return None


# --- an answer and a rest -----------------------------------------------------------------------


def _with_rest(text: str, options: Sequence[Option], words: Words) -> Refusal | None:
    """``Yes, but late``: offer the answer with the rest as its note."""
    for head, rest, parted in _parted(text, words):
        said = said_tokens(head, words)
        match = match_phrase(said, options, words)
        if match.name is None:
            continue
        beside = said_tokens(rest, words)
        others = mentioned(beside, options, words, negated=True)
        if set(others) - {match.name} or match_choice(beside, options, words).name is not None:
            return Refusal("ambiguous", tuple(dict.fromkeys((match.name, *others))))
        if not beside or (not parted and any(map(words.negates, (*said, *beside)))):
            return Refusal("is_it", (match.name,))
        return Refusal("with_note", (match.name,), rest)
    return None


def _parted(text: str, words: Words) -> Iterator[tuple[str, str, bool]]:
    """Ways to part a text: (answer, rest, whether a sign or word stands between them)."""
    joining = "|".join(re.escape(one[0]) for one in words.lists.get("joining", ()))
    places = [(found.start(), found.end()) for found in _BREAK.finditer(text)]
    if joining:
        places += [
            (found.start(), found.end())
            for found in re.finditer(rf"\s+(?=(?:{joining})\b)", text, re.IGNORECASE)
        ]
    for start, end in sorted(places):
        if head := text[:start].strip(_AROUND):
            yield head, text[end:].strip(_AROUND), True
    spaces = [(found.start(), found.end()) for found in re.finditer(r"\s+", text.strip())]
    for start, end in reversed(spaces[:6]):
        yield text.strip()[:start], text.strip()[end:].strip(_AROUND), False


def mentioned(
    said: Tokens, options: Sequence[Option], words: Words, *, negated: bool = False
) -> tuple[str, ...]:
    """The options that are named in a text, the longest names first; with ``negated`` also those
    after a negation.
    """
    runs = sorted(
        (
            (run, option.name)
            for option in options
            for one in option.wordings
            for run in (one.tokens, *(first_words(one, words) if option.in_list else ()))
            if len(run) > 1 or len(run[0]) > 1
        ),
        key=lambda found: -len(found[0]),
    )
    free = list(said)
    found: dict[str, None] = {}
    for run, name in runs:
        for place in range(len(free) - len(run) + 1):
            if tuple(free[place : place + len(run)]) != run:
                continue
            before = any(map(words.negates, said[:place])) and not any(map(words.negates, run))
            if negated or not before:
                found[name] = None
            free[place : place + len(run)] = [""] * len(run)
    return tuple(option.name for option in options if option.name in found)
