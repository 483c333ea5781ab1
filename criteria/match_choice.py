"""Find the choice that a typed text means, as a whole: by label, alias, first words or near miss.

A text that may mean two choices is asked about, never guessed. A choice's ``name`` is for files, so
it is not an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from criteria.question import NA, NOT_KNOWN, RESERVED_WORDS, Choice, Label, Question, Refusal
from criteria.slips import slips
from criteria.words import Words, everyday_words
from criteria.words.tokens import Tokens, folded, tokens_of

LEAST_LETTERS_OUT_OF_BASE: Final = 4
"""Fewer never stand for N/A or not known: ``un``, ``not``, ``do``."""
LEAST_LETTERS_OF_ALIAS: Final = 3
MAX_SLIPS: Final = 2
LEAST_LETTERS_TOGETHER: Final = 6
"""From so many letters on, words may be run together: ``notmet``."""
_CLAUSE_END: Final = re.compile(r"[,;:(]")


@dataclass(frozen=True, slots=True)
class Wording:
    """A text that names a choice: its label, an alias, or a label in another language.

    ``clauses`` are the numbers of words after which a clause of it ends. ``exactly`` are words
    that have no near misses: those in capitals, and everyday words.
    """

    tokens: Tokens
    alias: bool = False
    foreign: bool = False
    clauses: frozenset[int] = frozenset()
    exactly: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Option:
    """A possible answer to a question, and what names it."""

    name: str
    wordings: tuple[Wording, ...]
    in_list: bool = True

    def has(self, said: Tokens, *, foreign: bool = False) -> bool:
        return any(one.tokens == said and one.foreign == foreign for one in self.wordings)


@dataclass(frozen=True, slots=True)
class Match:
    """``name`` is what was meant, if that is sure; ``near`` what it may have been.

    ``reserved`` is N/A or not known, where the text means that and the question does not allow it.
    """

    name: str | None
    near: tuple[str, ...] = ()
    exact: bool = True
    reserved: str | None = None


NOTHING: Final = Match(None)


def normalise(text: str) -> str:
    """Case, width and spacing apart: ``" Fully  Met. "`` → ``"fully met"``."""
    return " ".join(folded(text).split()).strip(" .,;:!?\"'()[]")


def wording(text: str, words: Words, *, alias: bool = False, foreign: bool = False) -> Wording:
    ends: set[int] = set()
    count = 0
    for part in _CLAUSE_END.split(text)[:-1]:
        count += len(tokens_of(part))
        ends.add(count)
    capitals = {token for word in text.split() if word.isupper() for token in tokens_of(word)}
    return Wording(
        _in_digits(tokens_of(text), words), alias, foreign, frozenset(ends), frozenset(capitals)
    )


@lru_cache(maxsize=1024)
def options_of(question: Question, language: str | None = None) -> tuple[Option, ...]:
    """The answers that may be typed, in the order of the list; N/A and not known come last."""
    words = everyday_words(language)
    options = [
        Option(
            choice.name,
            (
                *_labels(choice.label, language, words),
                *(wording(text, words, alias=True) for text in choice.said_in(language)),
                *_begun_otherwise(choice, language, words),
            ),
        )
        for choice in question.choices
    ]
    for name, allowed in ((NA, question.na), (NOT_KNOWN, question.not_known)):
        if allowed:
            told = [Wording(tokens_of(text), alias=True) for text in RESERVED_WORDS[name]]
            told += [
                Wording(text, alias=True, exactly=frozenset(text))
                for text in words.lists.get(name, ())
            ]
            ours = (one for one in told if not _means_otherwise(name, one.tokens, words))
            options.append(Option(name, tuple(ours), in_list=False))
    return tuple(options)


def _labels(label: Label, language: str | None, words: Words) -> Iterator[Wording]:
    spoken = language if language in label else None
    for one, text in label.items():
        yield wording(text, words, foreign=spoken is not None and one != spoken)


def _begun_otherwise(choice: Choice, language: str | None, words: Words) -> Iterator[Wording]:
    """``partially met``: a label whose first word is said as the alias says it."""
    for one in _labels(choice.label, language, words):
        for alias in map(tokens_of, choice.said_in(language)):
            if len(one.tokens) == 2 and len(alias) == 1 and not words.negates(one.tokens[0]):
                yield Wording((*alias, one.tokens[1]), alias=True)


def _means_otherwise(name: str, text: Tokens, words: Words) -> bool:
    """``na`` is no in Welsh."""
    return name == NA and words.has("no", text)


def options_in_list(question: Question, language: str | None = None) -> tuple[Option, ...]:
    return tuple(option for option in options_of(question, language) if option.in_list)


def said_tokens(text: str, words: Words) -> Tokens:
    return _in_digits(tokens_of(text), words)


def _in_digits(said: Tokens, words: Words) -> Tokens:
    return tuple(str(words.numbers.get(word, word)) for word in said)


def match_choice(said: Tokens, options: Sequence[Option], words: Words) -> Match:
    """What a text means as a whole; nothing in it is left out."""
    if not said:
        return NOTHING
    for names in (_named(said, options), _everyday(said, options, words)):
        if names:
            return _only(names)
    reserved = _reserved(said, words)
    if reserved is not None:
        leads = _by_first_words(said, options, words)
        return _only(leads) if leads else Match(None, reserved=reserved)
    for names in (
        _named(said, options, foreign=True),
        _by_first_words(said, options, words) | _cut_short(said, options, words),
    ):
        if names:
            return _only(names)
    return _nearly(said, options, words)


def _only(names: dict[str, None], *, exact: bool = True) -> Match:
    return Match(next(iter(names)), exact=exact) if len(names) == 1 else Match(None, tuple(names))


def _named(said: Tokens, options: Iterable[Option], *, foreign: bool = False) -> dict[str, None]:
    return {option.name: None for option in options if option.has(said, foreign=foreign)}


def _everyday(said: Tokens, options: Iterable[Option], words: Words) -> dict[str, None]:
    """``yeah`` is the choice that is called yes."""
    for kind in ("yes", "no"):
        if words.has(kind, said):
            return {
                option.name: None
                for option in options
                if option.in_list and any(words.has(kind, one.tokens) for one in option.wordings)
            }
    return {}


def _reserved(said: Tokens, words: Words) -> str | None:
    for name in (NA, NOT_KNOWN):
        told = words.has(name, said) or " ".join(said) in RESERVED_WORDS[name]
        if told and not _means_otherwise(name, said, words):
            return name
    return None


# --- parts of a label ---------------------------------------------------------------------------


def first_words(one: Wording, words: Words) -> Iterator[Tokens]:
    """The beginnings of a label that stand for it: ``largely``; not ``very``, not ``yes``.

    What follows may not negate, unless it is a clause of its own.
    """
    for count in range(1, len(one.tokens)):
        head, rest = one.tokens[:count], one.tokens[count:]
        if not all(_says_little(word, words) for word in head) and (
            count in one.clauses or not any(map(words.negates, rest))
        ):
            yield head


def _says_little(word: str, words: Words) -> bool:
    return (
        words.has_word("function_words", word)
        or words.has_word("yes", word)
        or words.has_word("no", word)
        or words.negates(word)
    )


def _by_first_words(said: Tokens, options: Sequence[Option], words: Words) -> dict[str, None]:
    """The option that begins so; and the others where the same words stand further in."""
    begins = {
        option.name
        for option in options
        if option.in_list and any(said in first_words(one, words) for one in option.wordings)
    }
    return {
        option.name: None
        for option in options
        if begins and (option.name in begins or any(_holds(one, said) for one in option.wordings))
    }


def _holds(one: Wording, said: Tokens) -> bool:
    return any(
        one.tokens[at : at + len(said)] == said for at in range(len(one.tokens) - len(said) + 1)
    )


def _cut_short(said: Tokens, options: Sequence[Option], words: Words) -> dict[str, None]:
    """The options that the text begins, ending within a word: ``fully m``, ``satis``; and the
    others that hold it as it stands: ``start`` beside Started and Still to start.
    """
    last = said[-1]
    if _says_little(last, words):
        return {}
    cut = {
        option.name
        for option in options
        if any(_is_cut(said, option, one, words) for one in option.wordings)
    }
    return {
        option.name: None
        for option in options
        if cut and (option.name in cut or any(_holds(one, said) for one in option.wordings))
    }


def _is_cut(said: Tokens, option: Option, one: Wording, words: Words) -> bool:
    place = len(said) - 1
    if place >= len(one.tokens) or said[:-1] != one.tokens[:place]:
        return False
    whole, letters = one.tokens[place], sum(map(len, said))
    least = 1
    if not option.in_list:
        least = LEAST_LETTERS_OUT_OF_BASE
    elif one.alias:
        least = LEAST_LETTERS_OF_ALIAS
    return (
        letters >= least
        and whole.startswith(said[-1])
        and whole != said[-1]
        and (not _says_little(whole, words) or (len(one.tokens) == 1 and letters > 1))
        and not any(map(words.negates, one.tokens[place + 1 :]))
    )


# --- near misses --------------------------------------------------------------------------------


def _nearly(said: Tokens, options: Sequence[Option], words: Words) -> Match:
    """The option from which the fewest slips lead to the text, if no other is nearly as near."""
    meant = words.meant(said)
    if meant != said:
        return replace(match_choice(meant, options, words), exact=False)
    used = {
        word
        for option in options
        if option.in_list
        for one in option.wordings
        for word in one.tokens
    }
    found: dict[str, int] = {}
    for option in options:
        distances = [
            distance
            for one in option.wordings
            for like in (one.tokens, *(first_words(one, words) if option.in_list else ()))
            if (distance := _slips_between(said, like, one, used, words)) is not None
        ]
        if distances:
            found[option.name] = min(distances)
    nearest = min(found.values(), default=0)
    return _only({name: None for name, far in found.items() if far <= nearest + 1}, exact=False)


def _slips_between(
    said: Tokens, like: Tokens, one: Wording, used: set[str], words: Words
) -> int | None:
    """``used`` are the words of the list: they are no slips of each other."""
    if len(said) != len(like):
        together = "".join(like)
        return 1 if together == "".join(said) and len(together) >= LEAST_LETTERS_TOGETHER else None
    if one.alias and len(like) == 1 and len(like[0]) < LEAST_LETTERS_OF_ALIAS:
        return None
    total = 0
    for word, known in zip(said, like, strict=True):
        if word == known:
            continue
        another = known in one.exactly or word in used or _is_a_word(word, words)
        far = None if another else slips(word, known)
        if far is None:
            return None
        total += far
    return total if total <= MAX_SLIPS else None


def _is_a_word(word: str, words: Words) -> bool:
    return words.has_word("no_slips", word) or _says_little(word, words)


def refusal_of(match: Match, *, negated: bool = False) -> Refusal:
    if match.reserved is not None:
        return Refusal(f"{match.reserved}_not_allowed")
    if match.near:
        return Refusal("is_it" if len(match.near) == 1 else "ambiguous", match.near)
    return Refusal("negated" if negated else "no_match")
