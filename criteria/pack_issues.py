"""The catalogue of what can be wrong with a pack.

Each entry is one small function: it takes the place and what was found there, and says what is
wrong and what to do, in a pack author's words. An *error* means that the pack cannot be used, a
*warning* that it can, but perhaps not as its author meant. :mod:`criteria.check_pack` and the
checks it calls find them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Concatenate, Final, Literal, NamedTuple, ParamSpec

from criteria.printable import printable

Level = Literal["error", "warning"]
Found = ParamSpec("Found")


@dataclass(frozen=True, slots=True)
class PackIssue:
    """One problem of a pack.

    ``place`` is where it stands (``forms[0].survey[12] (q1.2.b) relevant``), ``near`` what the
    author may have meant.
    """

    code: str
    level: Level
    place: str
    problem: str
    remedy: str
    near: tuple[str, ...] = ()

    @property
    def is_error(self) -> bool:
        return self.level == "error"

    def __str__(self) -> str:
        meant = f" Did you mean {_either(self.near)}?" if self.near else ""
        return f"{self.level} at {self.place}: {self.problem}.{meant}\n    {self.remedy}"


class Said(NamedTuple):
    """What an entry says of a problem."""

    problem: str
    remedy: str
    near: Sequence[str] = ()


Entry = Callable[Concatenate[str, Found], PackIssue]

CATALOGUE: Final[dict[str, Callable[..., PackIssue]]] = {}
"""Every entry by its code, which is the entry's name."""


def _error(words: Callable[Found, Said]) -> Entry[Found]:
    return _entered(words, "error")


def _warning(words: Callable[Found, Said]) -> Entry[Found]:
    return _entered(words, "warning")


def _entered(words: Callable[Found, Said], level: Level) -> Entry[Found]:
    code = words.__name__

    def entry(place: str, /, *found: Found.args, **named: Found.kwargs) -> PackIssue:
        said = words(*found, **named)
        return PackIssue(
            code=code,
            level=level,
            place=printable(place),
            problem=printable(said.problem),
            remedy=printable(said.remedy),
            near=tuple(map(printable, said.near)),
        )

    CATALOGUE[code] = entry
    return entry


# --- the words ---


def _quoted(value: Any) -> str:
    """A value as the author wrote it, shortened: ``'yess'``, ``12``, ``true``, a list."""
    if isinstance(value, str):
        return f"'{value}'" if len(value) <= 60 else f"'{value[:59]}…'"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, int) and value.bit_length() > 200:
        return "a very long number"
    return str(value)


def _shown_expression(source: str) -> str:
    """An expression between backticks, as it has quotes of its own."""
    return f"`{source}`" if len(source) <= 80 else f"`{source[:79]}…`"


def _either(near: Iterable[str]) -> str:
    return _listed(near, " or ")


def _listed(names: Iterable[str], between: str) -> str:
    return between.join(f"'{one}'" for one in names)


# --- the file ---


@_error
def not_json(what: str) -> Said:
    return Said(f"this is not JSON: {what}", "Check the commas, quotes and brackets before it.")


@_error
def not_an_object(value: Any) -> Said:
    return Said(
        f"a pack is an object, not {_quoted(value)}",
        'Start the file with { and "settings".',
    )


@_error
def nested_too_deeply(depth: int) -> Said:
    return Said(
        f"this is nested more than {depth} levels deep", "No part of a pack is; check the brackets."
    )


@_error
def too_large(most: int) -> Said:
    return Said(
        f"it is larger than {most // 1_000:,} kB",
        "No instrument takes a third of that; take out what it does not ask for.",
    )


@_error
def too_many_parts(most: int) -> Said:
    return Said(
        f"the pack has more than {most:,} parts",
        "No instrument has a third of that; make two packs of it.",
    )


@_error
def expressions_too_long(most: int) -> Said:
    return Said(
        f"the pack's expressions are longer than {most:,} characters together",
        "Work a condition out once, in a `calculate`, and name that.",
    )


@_error
def not_a_finite_number(value: float) -> Said:
    return Said(f"{_quoted(value)} is no number that can be worked with", "Write a plain number.")


@_error
def key_repeated(key: str) -> Said:
    return Said(
        f"'{key}' stands twice in the same object; only the last one would count",
        "Keep one of them.",
    )


# --- shapes (the schema's) ---


@_error
def property_missing(name: str, owner: str) -> Said:
    return Said(f"{owner} must have '{name}'", f"Add '{name}'.")


@_error
def property_unknown(name: str, owner: str, near: Sequence[str]) -> Said:
    return Said(
        f"'{name}' is no property of {owner}", "Correct the spelling, or take it out.", near
    )


@_error
def wrong_type(value: Any, title: str, expected: str, remedy: str) -> Said:
    return Said(f"{title} is {expected}, not {_quoted(value)}", remedy)


@_error
def wrong_value(value: Any, title: str, remedy: str, near: Sequence[str]) -> Said:
    return Said(f"{_quoted(value)} cannot be {title}", remedy, near)


@_error
def nothing_there(title: str) -> Said:
    return Said(f"{title} cannot be empty", "Fill it, or take it out.")


@_error
def type_unknown(kind: str, kinds: Iterable[str], near: Sequence[str]) -> Said:
    return Said(f"there is no question type '{kind}'", f"The types are {', '.join(kinds)}.", near)


@_error
def type_without_list(kind: str) -> Said:
    return Said(f"a {kind} needs a list", f"Name one of the lists in choices: {kind} LIST.")


@_error
def type_with_too_much(kind: str, rest: str) -> Said:
    return Said(
        f"'{rest}' cannot follow {kind}",
        "Only select_one and select_multiple are followed by a list's name, which is one word.",
    )


# --- names, numbers, labels ---


@_error
def name_repeated(name: str, first: str) -> Said:
    return Said(f"the name '{name}' is taken by {first}", "Give each its own name.")


@_warning
def number_repeated(number: str, first: str) -> Said:
    return Said(
        f"the number '{number}' is also that of {first}",
        "People see the number, and jump by it; give each its own.",
    )


@_error
def name_reserved(name: str) -> Said:
    return Said(
        f"'{name}' is the stored answer for N/A or Not known",
        "Give the choice another name; to let it leave the base, say is_na.",
    )


@_error
def answer_ambiguous(text: str, other: str) -> Said:
    return Said(
        f"'{text}' also names the choice '{other}' of this list",
        "Each label and alias must name one choice, capitals or not.",
    )


@_error
def answer_reserved(text: str, meaning: str) -> Said:
    return Said(
        f"'{text}' is also how people answer {meaning}, which a question with this list allows",
        "Change the label or alias, or take that answer off the question.",
    )


@_error
def label_missing(owner: str) -> Said:
    return Said(f"{owner} has no label", "Add a label: it is what people read.")


@_warning
def label_untranslated(language: str) -> Said:
    return Said(
        f"there is no text in '{language}'",
        "Add one, or people who read that language see another one here.",
    )


@_warning
def language_rare(language: str, labels: int, near: Sequence[str]) -> Said:
    return Said(
        f"only {labels} of the pack's texts {'is' if labels == 1 else 'are'} in '{language}'",
        "Correct the language's code, or translate the others as well.",
        near,
    )


# --- references ---


@_error
def list_missing(name: str, near: Sequence[str]) -> Said:
    return Said(f"there is no choice list '{name}'", "Add it to choices, or name another.", near)


@_error
def criterion_missing(name: str, near: Sequence[str]) -> Said:
    return Said(
        f"there is no criterion '{name}'",
        "Name a criterion of the sections by its name, or take it out.",
        near,
    )


@_error
def headline_missing(name: str, near: Sequence[str]) -> Said:
    return Said(
        f"there is no headline '{name}'", "Name one of the pack's headlines by its name.", near
    )


@_error
def question_missing(name: str, near: Sequence[str]) -> Said:
    return Said(
        f"there is no question '{name}' in this form",
        "Refer to a question by its name, as ${name}.",
        near,
    )


@_error
def question_elsewhere(name: str, place: str) -> Said:
    return Said(
        f"'{name}' is in another form, at {place}",
        "An expression can only use answers of its own form.",
    )


@_error
def question_later(name: str, place: str) -> Said:
    return Said(
        f"'{name}' comes later, at {place}",
        "An expression can only use answers before it; change the order or the expression.",
    )


@_error
def questions_in_a_circle(names: Sequence[str]) -> Said:
    shown = names if len(names) <= 8 else [*names[:5], "…", *names[-2:]]
    return Said(
        f"these questions wait for each other: {' → '.join(shown)}",
        "Take one of the references out.",
    )


@_error
def group_not_ended() -> Said:
    return Said("this group has no end", "Write a row `end group` after the last of its questions.")


@_error
def group_not_begun() -> Said:
    return Said(
        "no group is open here", "Take this `end group` out, or begin the group that it ends."
    )


@_error
def groups_too_deep(most: int) -> Said:
    return Said(
        f"more than {most} groups stand within each other", "End one before the next begins."
    )


@_error
def question_itself(name: str) -> Said:
    return Said(
        f"'{name}' refers to itself",
        "Refer to an earlier question; in a constraint, the answer itself is a full stop.",
    )


@_error
def question_never_answered(name: str) -> Said:
    return Said(f"'{name}' is a note, which nobody answers", "Refer to a question.")


@_error
def question_unknown(name: str, near: Sequence[str]) -> Said:
    return Said(f"there is no question '{name}' in any form", "Name a question of the pack.", near)


@_error
def sample_list_in_survey(name: str) -> Said:
    return Said(
        f"'{name}' is not one of the facts about a case",
        "Name a question of a form's `profile`.",
    )


@_error
def form_missing(name: str, near: Sequence[str]) -> Said:
    return Said(f"there is no form '{name}'", "Name one of the pack's forms by its name.", near)


@_error
def parent_missing(name: str, near: Sequence[str]) -> Said:
    return Said(
        f"there is no question '{name}' in this form",
        "Name the earlier question that this one follows from.",
        near,
    )


@_error
def parent_not_before(name: str, place: str) -> Said:
    return Said(
        f"'{name}' is not before this question in its form, but at {place}",
        "Name the earlier question that this one follows from.",
    )


@_error
def parent_without_yes(name: str) -> Said:
    return Said(
        f"'{name}' has neither a choice 'yes' nor a scale, so nothing follows from it",
        "Name a question whose yes, or whose sufficient answers, lead to this one.",
    )


@_error
def answer_itself() -> Said:
    return Said(
        "a full stop stands for the answer itself, which only a constraint has",
        "Refer to an earlier question, as ${name}.",
    )


@_error
def expression_broken(source: str, why: str) -> Said:
    return Said(
        f"{_shown_expression(source)} cannot be read: {why}",
        "Write it as in XLSForm, such as ${name} = 'yes' and ${other} > 3.",
    )


@_error
def choice_missing(text: str, question: str, near: Sequence[str]) -> Said:
    return Said(
        f"'{text}' is no choice of '{question}', so this never matches",
        "Compare with a choice's name, not its label.",
        near,
    )


@_error
def answer_not_allowed(text: str, question: str) -> Said:
    return Said(
        f"'{question}' cannot be answered '{text}', so this never matches",
        f'Allow it there with "{text}": true, or take the comparison out.',
    )


@_error
def result_not_listed(text: str, choices: str, near: Sequence[str]) -> Said:
    return Said(
        f"the result '{text}' is no choice of the list '{choices}'",
        "Give choices by their names, such as if(${name} > 3, 'yes', 'no').",
        near,
    )


@_error
def question_unreachable(source: str) -> Said:
    return Said(
        f"this question can never be asked: {_shown_expression(source)} never holds",
        "Check the expression, and when the questions in it are asked.",
    )


# --- scales and scores ---


@_error
def scale_half_said(names: Sequence[str]) -> Said:
    silent = _listed(names, ", ")
    return Said(
        f"some choices of this list say whether they are sufficient, but not {silent}",
        "Say sufficient for every step (true or false), or mark it is_na.",
    )


@_error
def scale_never_sufficient() -> Said:
    return Said(
        "no step of this scale is sufficient, so every score would be 0",
        "Say sufficient: true for the steps above the line.",
    )


@_warning
def scale_always_sufficient() -> Said:
    return Said(
        "every step of this scale is sufficient, so every score would be 100",
        "Say sufficient: false for the steps below the line.",
    )


@_error
def calculation_missing() -> Said:
    return Said("a calculate needs a calculation", "Add its calculation, or ask it.")


@_warning
def property_unused(name: str, why: str, owner: str = "question") -> Said:
    return Said(f"'{name}' has no effect: {why}", f"Take '{name}' out, or change the {owner}.")


@_warning
def list_unused(name: str) -> Said:
    return Said(f"no question uses the list '{name}'", "Use it, or take it out.")


@_warning
def criterion_unscored(name: str) -> Said:
    return Said(
        f"no scored question counts towards '{name}', so it never has a score",
        "Name it as the criterion of a question whose list says what is sufficient.",
    )


@_warning
def headline_unscored(name: str) -> Said:
    return Said(
        f"no scored question counts towards '{name}', so it never has a figure",
        "Add it to the headlines of questions that have a criterion and a scale.",
    )


@_warning
def judgement_uncounted(scale: str) -> Said:
    return Said(
        f"this is judged on the scale '{scale}', but counts towards no criterion",
        "Name its criterion; for a plain fact, use a list that does not say sufficient.",
    )


@_warning
def judgement_of_several(scale: str) -> Said:
    return Said(
        f"'{scale}' is a scale, but a select_multiple is counted and never scored",
        "Use select_one, or a list that does not say sufficient.",
    )


@_error
def bands_with_a_gap(lowest: float) -> Said:
    return Said(
        f"the lowest band starts from {lowest:g}, so a lower score has no comment",
        "Let the lowest band start from 0.",
    )


@_error
def band_repeated(cut_point: float, first: str) -> Said:
    return Said(f"{cut_point:g} is also where {first} starts", "Give each band its own cut-point.")


@_warning
def bands_without_basis() -> Said:
    return Said(
        "nothing says where the cut-points come from",
        "Add bands_basis: published where the report states them, inferred where it does not.",
    )


# --- levels ---


@_error
def levels_missing() -> Said:
    return Said(
        "criteria get levels in this section, but scoring does not say how",
        "Add levels to scoring, or take the method out.",
    )


@_warning
def levels_unused() -> Said:
    return Said(
        "no section has the method levels",
        'Say "method": "levels" of a section, or take the levels out.',
    )


@_error
def levels_of_scale(name: str) -> Said:
    return Said(
        f"'{name}' is a scale, whose answers are scored and have no levels",
        "Name a list that does not say sufficient, its choices best first.",
    )


@_error
def step_missing(name: str, choices: str, near: Sequence[str]) -> Said:
    return Said(
        f"'{name}' is no step of the list '{choices}'",
        "Name a choice of that list that does not leave the base.",
        near,
    )


@_error
def rule_unclear(names: Sequence[str]) -> Said:
    return Said(
        f"a rule cannot be made of {_listed(names, ', ')}",
        "Say one of each, most and some; others goes with most or some.",
    )


@_error
def level_never_reached(name: str, first: str) -> Said:
    return Said(
        f"the level '{name}' is never reached, as the rule at {first} always holds",
        "Put it before that rule, or take it out.",
    )


@_error
def levels_with_a_gap() -> Said:
    return Said(
        "no rule always holds, so some criteria would have no level",
        "Let the last rule have a name and a label only.",
    )


@_warning
def criterion_without_items(name: str, choices: str) -> Said:
    return Said(
        f"no item counts towards '{name}', so it never has a level",
        f"Name it as the criterion of questions of the type select_one {choices}.",
    )


# --- columns and tables ---


@_error
def columns_missing(name: str, near: Sequence[str]) -> Said:
    return Said(f"there are no columns '{name}'", "Add them to columns, or name others.", near)


@_warning
def columns_unused(name: str) -> Said:
    return Said(f"no table uses the columns '{name}'", "Use them, or take them out.")


@_error
def row_asks_twice(name: str, other: str) -> Said:
    return Said(
        f"'{name}' is in the same form as '{other}'",
        "Keep one question for each form, and give the other a row of its own.",
    )


@_error
def choices_differ(name: str, other: str) -> Said:
    return Said(
        f"'{name}' cannot be answered as '{other}', so the two cannot be put together",
        "Name questions with the same choices.",
    )


@_error
def agreement_of_one_form(name: str, other: str) -> Said:
    return Said(
        f"'{name}' is in the same form as '{other}'",
        "Name two questions about one thing, each of another form.",
    )


@_error
def factor_without_yes(name: str) -> Said:
    return Said(
        f"'{name}' has no choice 'yes', so no case would have this factor",
        "Name a select_one with a choice yes.",
    )


@_error
def progress_not_judged(name: str) -> Said:
    return Said(
        f"'{name}' is not judged on a scale, so it tells no progress",
        "Name a question whose list says what is sufficient.",
    )


@_error
def progress_elsewhere(name: str, factor: str) -> Said:
    return Said(
        f"'{name}' is not in the form of '{factor}'",
        "Name a factor and its progress in the same form.",
    )


@_error
def question_not_of_numbers(name: str) -> Said:
    return Said(
        f"the answers of '{name}' are no numbers",
        "Name an integer, a decimal, or a calculate without choices.",
    )
