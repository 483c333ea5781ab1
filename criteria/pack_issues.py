"""The catalogue of what can be wrong with a pack, in a pack author's words.

An *error* means that the pack cannot be used, a *warning* that it can, but perhaps not as its
author meant. :mod:`criteria.check_pack` and the checks it calls find them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from criteria.printable import printable

Level = Literal["error", "warning"]

ERRORS: Final[Mapping[str, tuple[str, str]]] = {
    # the file
    "not_json": ("this is not JSON: {what}", "Check the commas, quotes and brackets before it."),
    "not_an_object": ("a pack is an object, not {value}", 'Start the file with {{ and "settings".'),
    "nested_too_deeply": (
        "this is nested more than {depth} levels deep",
        "No part of a pack is; check the brackets.",
    ),
    "too_large": (
        "it is larger than {kilobytes:,} kB",
        "No instrument takes a third of that; take out what it does not ask for.",
    ),
    "too_many_parts": (
        "the pack has more than {most:,} parts",
        "No instrument has a third of that; make two packs of it.",
    ),
    "expressions_too_long": (
        "the pack's expressions are longer than {most:,} characters together",
        "Work a condition out once, in a `calculate`, and name that.",
    ),
    "not_a_finite_number": (
        "{value} is no number that can be worked with",
        "Write a plain number.",
    ),
    "key_repeated": (
        "'{key}' stands twice in the same object; only the last one would count",
        "Keep one of them.",
    ),
    # shapes (the schema's)
    "property_missing": ("{owner} must have '{name}'", "Add '{name}'."),
    "property_unknown": (
        "'{name}' is no property of {owner}",
        "Correct the spelling, or take it out.",
    ),
    "wrong_type": ("{title} is {expected}, not {value}", "{remedy}"),
    "wrong_value": ("{value} cannot be {title}", "{remedy}"),
    "nothing_there": ("{title} cannot be empty", "Fill it, or take it out."),
    "type_unknown": ("there is no question type '{kind}'", "The types are {kinds}."),
    "type_without_list": (
        "a {kind} needs a list",
        "Name one of the lists in choices: {kind} LIST.",
    ),
    "type_with_too_much": (
        "'{rest}' cannot follow {kind}",
        "Only select_one and select_multiple are followed by a list's name, which is one word.",
    ),
    # names, numbers, labels
    "name_repeated": ("the name '{name}' is taken by {first}", "Give each its own name."),
    "name_reserved": (
        "'{name}' is the stored answer for N/A or Not known",
        "Give the choice another name; to let it leave the base, say is_na.",
    ),
    "answer_ambiguous": (
        "'{text}' also names the choice '{other}' of this list",
        "Each label and alias must name one choice, capitals or not.",
    ),
    "answer_reserved": (
        "'{text}' is also how people answer {meaning}, which a question with this list allows",
        "Change the label or alias, or take that answer off the question.",
    ),
    "label_missing": ("{owner} has no label", "Add a label: it is what people read."),
    # references
    "list_missing": ("there is no choice list '{name}'", "Add it to choices, or name another."),
    "criterion_missing": (
        "there is no criterion '{name}'",
        "Name a criterion of the sections by its name, or take it out.",
    ),
    "headline_missing": (
        "there is no headline '{name}'",
        "Name one of the pack's headlines by its name.",
    ),
    "question_missing": (
        "there is no question '{name}' in this form",
        "Refer to a question by its name, as ${{name}}.",
    ),
    "question_elsewhere": (
        "'{name}' is in another form, at {place}",
        "An expression can only use answers of its own form.",
    ),
    "question_later": (
        "'{name}' comes later, at {place}",
        "An expression can only use answers before it; change the order or the expression.",
    ),
    "questions_in_a_circle": (
        "these questions wait for each other: {way}",
        "Take one of the references out.",
    ),
    "question_itself": (
        "'{name}' refers to itself",
        "Refer to an earlier question; in a constraint, the answer itself is a full stop.",
    ),
    "question_never_answered": ("'{name}' is a note, which nobody answers", "Refer to a question."),
    "question_unknown": (
        "there is no question '{name}' in any form",
        "Name a question of the pack.",
    ),
    "sample_list_in_survey": (
        "'{name}' is not one of the facts about a case",
        "Name a question of a form's `profile`.",
    ),
    "form_missing": ("there is no form '{name}'", "Name one of the pack's forms by its name."),
    "parent_missing": (
        "there is no question '{name}' in this form",
        "Name the earlier question that this one follows from.",
    ),
    "parent_not_before": (
        "'{name}' is not before this question in its form, but at {place}",
        "Name the earlier question that this one follows from.",
    ),
    "parent_without_yes": (
        "'{name}' has neither a choice 'yes' nor a scale, so nothing follows from it",
        "Name a question whose yes, or whose sufficient answers, lead to this one.",
    ),
    "answer_itself": (
        "a full stop stands for the answer itself, which only a constraint has",
        "Refer to an earlier question, as ${{name}}.",
    ),
    "expression_broken": (
        "{source} cannot be read: {why}",
        "Write it as in XLSForm, such as ${{name}} = 'yes' and ${{other}} > 3.",
    ),
    "choice_missing": (
        "'{text}' is no choice of '{question}', so this never matches",
        "Compare with a choice's name, not its label.",
    ),
    "answer_not_allowed": (
        "'{question}' cannot be answered '{text}', so this never matches",
        'Allow it there with "{text}": true, or take the comparison out.',
    ),
    "result_not_listed": (
        "the result '{text}' is no choice of the list '{choices}'",
        "Give choices by their names, such as if(${{name}} > 3, 'yes', 'no').",
    ),
    "question_unreachable": (
        "this question can never be asked: {source} never holds",
        "Check the expression, and when the questions in it are asked.",
    ),
    # scales and scores
    "scale_half_said": (
        "some choices of this list say whether they are sufficient, but not {names}",
        "Say sufficient for every step (true or false), or mark it is_na.",
    ),
    "scale_never_sufficient": (
        "no step of this scale is sufficient, so every score would be 0",
        "Say sufficient: true for the steps above the line.",
    ),
    "calculation_missing": ("a calculate needs a calculation", "Add its calculation, or ask it."),
    "bands_with_a_gap": (
        "the lowest band starts from {lowest:g}, so a lower score has no comment",
        "Let the lowest band start from 0.",
    ),
    "band_repeated": (
        "{cut_point:g} is also where {first} starts",
        "Give each band its own cut-point.",
    ),
    # levels
    "levels_missing": (
        "criteria get levels in this section, but scoring does not say how",
        "Add levels to scoring, or take the method out.",
    ),
    "levels_of_scale": (
        "'{name}' is a scale, whose answers are scored and have no levels",
        "Name a list that does not say sufficient, its choices best first.",
    ),
    "step_missing": (
        "'{name}' is no step of the list '{choices}'",
        "Name a choice of that list that does not leave the base.",
    ),
    "rule_unclear": (
        "a rule cannot be made of {names}",
        "Say one of each, most and some; others goes with most or some.",
    ),
    "level_never_reached": (
        "the level '{name}' is never reached, as the rule at {first} always holds",
        "Put it before that rule, or take it out.",
    ),
    "levels_with_a_gap": (
        "no rule always holds, so some criteria would have no level",
        "Let the last rule have a name and a label only.",
    ),
    # columns and tables
    "columns_missing": ("there are no columns '{name}'", "Add them to columns, or name others."),
    "row_asks_twice": (
        "'{name}' is in the same form as '{other}'",
        "Keep one question for each form, and give the other a row of its own.",
    ),
    "choices_differ": (
        "'{name}' cannot be answered as '{other}', so the two cannot be put together",
        "Name questions with the same choices.",
    ),
    "agreement_of_one_form": (
        "'{name}' is in the same form as '{other}'",
        "Name two questions about one thing, each of another form.",
    ),
    "factor_without_yes": (
        "'{name}' has no choice 'yes', so no case would have this factor",
        "Name a select_one with a choice yes.",
    ),
    "progress_not_judged": (
        "'{name}' is not judged on a scale, so it tells no progress",
        "Name a question whose list says what is sufficient.",
    ),
    "progress_elsewhere": (
        "'{name}' is not in the form of '{factor}'",
        "Name a factor and its progress in the same form.",
    ),
    "question_not_of_numbers": (
        "the answers of '{name}' are no numbers",
        "Name an integer, a decimal, or a calculate without choices.",
    ),
}
"""By code: what is wrong, and what to do. Each ``{name}`` is filled in by whoever found it."""

WARNINGS: Final[Mapping[str, tuple[str, str]]] = {
    "number_repeated": (
        "the number '{number}' is also that of {first}",
        "People see the number, and jump by it; give each its own.",
    ),
    "label_untranslated": (
        "there is no text in '{language}'",
        "Add one, or people who read that language see another one here.",
    ),
    "language_rare": (
        "only {labels} of the pack's texts {are} in '{language}'",
        "Correct the language's code, or translate the others as well.",
    ),
    "scale_always_sufficient": (
        "every step of this scale is sufficient, so every score would be 100",
        "Say sufficient: false for the steps below the line.",
    ),
    "property_unused": (
        "'{name}' has no effect: {why}",
        "Take '{name}' out, or change the {owner}.",
    ),
    "list_unused": ("no question uses the list '{name}'", "Use it, or take it out."),
    "criterion_unscored": (
        "no scored question counts towards '{name}', so it never has a score",
        "Name it as the criterion of a question whose list says what is sufficient.",
    ),
    "headline_unscored": (
        "no scored question counts towards '{name}', so it never has a figure",
        "Add it to the headlines of questions that have a criterion and a scale.",
    ),
    "judgement_uncounted": (
        "this is judged on the scale '{scale}', but counts towards no criterion",
        "Name its criterion; for a plain fact, use a list that does not say sufficient.",
    ),
    "judgement_of_several": (
        "'{scale}' is a scale, but a select_multiple is counted and never scored",
        "Use select_one, or a list that does not say sufficient.",
    ),
    "bands_without_basis": (
        "nothing says where the cut-points come from",
        "Add bands_basis: published where the report states them, inferred where it does not.",
    ),
    "levels_unused": (
        "no section has the method levels",
        'Say "method": "levels" of a section, or take the levels out.',
    ),
    "criterion_without_items": (
        "no item counts towards '{name}', so it never has a level",
        "Name it as the criterion of questions of the type select_one {choices}.",
    ),
    "columns_unused": ("no table uses the columns '{name}'", "Use them, or take them out."),
}
"""The same, of what only looks wrong."""

CATALOGUE: Final = {**ERRORS, **WARNINGS}


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
        meant = f" Did you mean {listed(self.near, ' or ')}?" if self.near else ""
        return f"{self.level} at {self.place}: {self.problem}.{meant}\n    {self.remedy}"


def pack_issue(code: str, place: str, /, near: Sequence[str] = (), **found: object) -> PackIssue:
    """Make an issue of the catalogue's entry ``code``, with ``found`` in its placeholders."""
    problem, remedy = (printable(words.format(**found)) for words in CATALOGUE[code])
    level: Level = "error" if code in ERRORS else "warning"
    return PackIssue(code, level, printable(place), problem, remedy, tuple(map(printable, near)))


def quoted(value: Any) -> str:
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


def quoted_source(source: str) -> str:
    """An expression between backticks, as it has quotes of its own."""
    return f"`{source}`" if len(source) <= 80 else f"`{source[:79]}…`"


def listed(names: Iterable[str], between: str) -> str:
    return between.join(f"'{one}'" for one in names)
