"""``select_multiple``: any number of choices of a list, also none.

``{"type": "select_multiple documents", "name": "seen", "label": {"en": "What did you see?"}}``
"""

import re
from collections.abc import Callable, Sequence
from itertools import chain, combinations
from typing import Final

from criteria.match_choice import (
    Option,
    match_choice,
    normalise,
    options_in_list,
    said_tokens,
)
from criteria.question import (
    Label,
    Question,
    QuestionType,
    Reached,
    Reading,
    Refusal,
    Said,
    Texts,
    Value,
)
from criteria.read_phrase import match_phrase, mentioned
from criteria.words import Words, everyday_words
from criteria.words.tokens import Tokens, is_doubtful, tokens_of

MAX_SELECTIONS: Final = 20_000
"""Of how many names, in all the selections that stand for all that there can be."""
_PLACES: Final = re.compile(r"\d{1,3}(?:(?:[\s,;+&]+|[\s,;+]+and\s+)\d{1,3})+\Z")
"""Several numbers: ``1 2``, ``1, 2 and 4``."""
_SIGNS: Final = re.compile(r"[,;\n+&]")
_AND: Final = re.compile(r"\band\b", re.IGNORECASE)


class SelectMultiple(QuestionType):
    def read(self, question: Question, text: str, said: Said) -> Reading | Refusal:
        """ "assessment, contact log", "oasys & psr", "1 3", "psr only", "all of them" or "none" """
        words = everyday_words(said.language)
        options = options_in_list(question, said.language)
        tokens = said_tokens(text, words)
        whole = match_choice(tokens, options, words)
        named = whole.name is not None
        if not named and words.has("none", tokens):
            reading: Reading | Refusal = Reading(())
        elif not named and words.has("all", tokens):
            reading = _all(question, words)
        elif not named and (places := _places(question, text, options)) is not None:
            reading = Reading(question.in_list_order(places), adds=True)
        else:
            reading = _named(question, text, options, words)
        if isinstance(reading, Reading) and is_doubtful(text):
            return Refusal("is_it", (reading.value,))
        return reading

    def fits(self, question: Question, value: object) -> bool:
        return isinstance(value, list | tuple) and all(
            isinstance(name, str) and question.choice(name) for name in value
        )

    def shown(self, question: Question, value: Value, text: Callable[[Label], str]) -> str:
        choices = ((name, question.choice(name)) for name in _names(value))
        return ", ".join(text(choice.label) if choice else name for name, choice in choices)

    def cell(self, question: Question, value: Value) -> str:
        return " ".join(_names(value))

    def counted(self, question: Question, value: Value) -> tuple[str, ...]:
        return _names(value)

    def joined(self, value: Value) -> str:
        return " ".join(sorted(_names(value)))

    def parts(self, joined: str) -> list[str]:
        return joined.split(" ")

    def reach(self, choices: Texts | None, texts: Texts, numbers: set[float]) -> Reached:
        """Selections that differ in which of the named choices they hold, and in how many."""
        words = {word for text in texts for word in text.split()}
        choices = choices or ()
        named = [name for name in choices if name in words]
        others = [name for name in choices if name not in named]
        if 2 ** len(named) * (len(others) + 1) * len(choices) > MAX_SELECTIONS:
            return None
        subsets = chain.from_iterable(combinations(named, size) for size in range(len(named) + 1))
        return [
            " ".join(name for name in choices if name in subset or name in others[:more])
            for subset in subsets
            for more in range(len(others) + 1)
        ]


def says_none(question: Question) -> bool:
    """Whether a choice of the list says that none of the others holds."""
    said = [
        (language, text)
        for choice in question.choices
        for language, texts in [
            *((one, (label,)) for one, label in choice.label.items()),
            *choice.aliases.items(),
        ]
        for text in texts
    ]
    return any(everyday_words(language).has("none", tokens_of(text)) for language, text in said)


def _names(value: Value) -> tuple[str, ...]:
    """The chosen names; N/A is one text."""
    return value if isinstance(value, tuple) else (str(value),)


def _all(question: Question, words: Words) -> Reading | Refusal:
    """All of a list. Where it ends with "other", that is hardly meant, too."""
    every = tuple(choice.name for choice in question.choices if not choice.is_na)
    other = any(
        words.has_word("other", tokens_of(text)[0])
        for choice in question.choices
        for text in choice.label.values()
        if tokens_of(text)
    )
    return Refusal("is_it", (every,)) if other else Reading(every)


def _named(
    question: Question, text: str, options: Sequence[Option], words: Words
) -> Reading | Refusal:
    """The choices that a text names, each with no word left over."""
    tokens = said_tokens(text, words)
    less = _without_only(tokens, words)
    found = _in_parts(text if less == tokens else " ".join(less), options, words)
    if found is None:
        return _not_read(text, options, words)
    names, exact = found
    return Reading(question.in_list_order(names), not exact, adds=less == tokens)


def _without_only(tokens: Tokens, words: Words) -> Tokens:
    for word in words.lists.get("only", ()):
        if tokens[: len(word)] == word and len(tokens) > len(word):
            return tokens[len(word) :]
        if tokens[-len(word) :] == word and len(tokens) > len(word):
            return tokens[: -len(word)]
    return tokens


def _in_parts(text: str, options: Sequence[Option], words: Words) -> tuple[set[str], bool] | None:
    """Part a text until each part is a choice: at signs first, then at "and", then at words."""
    said = said_tokens(text, words)
    match = match_phrase(said, options, words)
    if match.name is not None:
        return {match.name}, match.exact
    for sign in (_SIGNS, _AND, None):
        parts = [part for part in sign.split(text) if part.strip()] if sign else []
        if len(parts) > 1:
            found = [_in_parts(part, options, words) for part in parts]
            if all(found):
                each = [one for one in found if one is not None]
                return set().union(*(names for names, _ in each)), all(exact for _, exact in each)
    return _word_by_word(said, options, words)


def _word_by_word(
    said: Tokens, options: Sequence[Option], words: Words
) -> tuple[set[str], bool] | None:
    """``assessment plan log``: labels and aliases after each other, the longest first."""
    names: set[str] = set()
    while said:
        for used in range(len(said), 0, -1):
            match = match_choice(said[:used], options, words)
            if match.name is not None and match.exact:
                break
        else:
            return None
        names.add(match.name)
        said = said[used:]
    return (names, True) if names else None


def _not_read(text: str, options: Sequence[Option], words: Words) -> Refusal:
    """Each choice that is named may be meant; the buttons of the card take them."""
    said = said_tokens(text, words)
    match = match_phrase(said, options, words)
    near = match.near or mentioned(said, options, words)
    if near:
        return Refusal("is_it" if len(near) == 1 else "some_of", tuple((name,) for name in near))
    return Refusal("negated" if any(map(words.negates, said)) else "no_match")


def _places(question: Question, text: str, options: Sequence[Option]) -> set[str] | None:
    """Choices by their places in the list, from 1; None where the text is no such numbers.

    One number alone is none, nor is any where an answer itself begins with a digit.
    """
    if not _PLACES.match(normalise(text)) or any(
        one.tokens[0][:1].isdigit() for option in options for one in option.wordings if one.tokens
    ):
        return None
    numbers = [int(digits) for digits in re.findall(r"\d+", text)]
    if not all(1 <= number <= len(question.choices) for number in numbers):
        return None
    return {question.choices[number - 1].name for number in numbers}


TYPE = SelectMultiple(
    name="select_multiple",
    kind="list",
    hint="select_multiple",
    refusals=("no_match", "is_it", "some_of", "ambiguous", "negated"),
    expected="a list of choices",
    takes_list=True,
    takes_several=True,
)
