"""Find a question that a report prints twice, and differently.

A table and a sentence are about one question where they have its words, and no other criterion or
column. What a sentence leaves out is the table's: a bare figure is that of the table's first step
(or, on a scale of more than two, of its first two steps together), and a base that is not said is
the table's. A sentence that is printed as a failure says the rest of the same cases.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations
from typing import Final

from criteria.verify.arithmetic import Printed, Span, counts_giving, half_up, share
from criteria.verify.figures import (
    ONLY,
    Column,
    Finding,
    Level,
    Table,
    is_failure,
    is_total_column,
    place_of,
)

MAX_TOGETHER: Final = 60
"""Places of one question that are compared with each other."""
NUMBER: Final = re.compile(r"\b[A-Za-z]?\d[\w.]*")


@dataclass(frozen=True, slots=True)
class Figure:
    """A step's figure in one place; ``base`` is None where it is left out."""

    table: Table
    place: str
    column: str
    count: int | None
    printed: Printed | None
    base: int | None
    of_rest: bool
    """It says the share of the others: of those that failed."""
    bare: bool
    also: Figure | None = None
    """On a scale of more than two steps, its first two steps together."""
    of_all: bool = False
    """Its table counts every case: all steps have their counts."""
    spread: Span | None = None
    """Of two steps that are printed rounded, what they can have together."""

    def shown(self, counted: bool) -> str:
        """``77% (Table 3)``, or its count where it is the counts that differ."""
        by_count = self.printed is None or (counted and self.count is not None)
        figure = str(self.count) if by_count else f"{self.printed}%"
        if self.also is not None and self.also.printed is not None:
            figure += f", with the next step {self.also.printed}%"
        return f"{figure}{' of the rest' if self.of_rest else ''} ({self.table.ident})"

    def share(self, base: int | None) -> Span | None:
        """What share of the cases it says, with a base that may be another place's."""
        if self.count is not None and base and self.count <= base:
            span = Span.of(self.count, base)
        elif self.spread is not None:
            span = self.spread
        elif self.printed is not None:
            span = self.printed.span
        else:
            return None
        return Span(100 - span.high, 100 - span.low) if self.of_rest else span


def restated(tables: Sequence[Table]) -> Iterator[Finding]:
    """Yield the steps of one question that are printed differently, and its two bases."""
    for same in _by_question(tables):
        yield from _compared(same[:MAX_TOGETHER])


def with_bases(tables: Sequence[Table]) -> list[Table]:
    """Give a sentence that leaves its base out that of the table of its question."""
    completed = dict(chain.from_iterable(map(_completed, _by_question(tables))))
    return [completed.get(id(table), table) for table in tables]


def _completed(same: Sequence[Table]) -> Iterator[tuple[int, Table]]:
    """Yield each sentence with the one base that the tables of its question have."""
    sentences = [table for table in same if _is_sentence(table)]
    tabled = [table for table in same if not _is_sentence(table)]
    steps = {_words(step) for step in (ONLY, *_steps(tabled))}
    for sentence in sentences:
        (column,) = sentence.columns
        if not {_words(step) for step in (*column.counts, *column.percents)} <= steps:
            continue
        bases = {
            _base(table, one)
            for table in tabled
            if _one_criterion(sentence, table)
            for one in table.columns
            if len(table.columns) == 1 or is_total_column(one.name)
        } - {None}
        if column.base is None and column.sample is None and len(bases) == 1:
            completed = replace(column, base=bases.pop())
            yield id(sentence), replace(sentence, columns=(completed,))


def _is_sentence(table: Table) -> bool:
    column = table.columns[0]
    bare = {*column.counts, *column.percents} == {ONLY}
    return len(table.columns) == 1 and (bare or table.kind == "body_statement")


def _base(table: Table, column: Column) -> int | None:
    if column.base is None and table.scale and set(table.scale) <= set(column.counts):
        return sum(column.counts.values())
    return column.base


def _one_criterion(one: Table, other: Table) -> bool:
    """Whether two may stand under one criterion: "1" and "Criterion 1: Systems" are one."""
    criteria = {_numbered(table.criterion) for table in (one, other)} - {""}
    return len(criteria) < 2


def _numbered(criterion: str) -> str:
    number = NUMBER.search(criterion)
    return number[0].casefold().rstrip(".") if number else criterion.casefold()


def _by_question(tables: Sequence[Table]) -> Iterator[list[Table]]:
    by_question: defaultdict[tuple[str, str], list[Table]] = defaultdict(list)
    for table in tables:
        if table.question:
            by_question[table.report, _words(table.question)].append(table)
    return (same for same in by_question.values() if len(same) > 1)


def _words(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .?!:;,\"'()")


def _compared(tables: Sequence[Table]) -> Iterator[Finding]:
    steps = _steps(tables)
    by_step: defaultdict[tuple[str, str], list[Figure]] = defaultdict(list)
    for table in tables:
        for step, figure in _figures(table, steps):
            by_step[figure.column, step].append(figure)
    told: set[frozenset[str]] = set()
    for figures in by_step.values():
        pairs = [pair for pair in combinations(figures, 2) if _of_one_thing(*pair)]
        bases = [pair for pair in pairs if _two_bases(*pair)]
        for one, other in bases:
            places = frozenset((one.table.ident, other.table.ident, one.column))
            if places not in told:
                told.add(places)
                yield _two_bases_found(one, other)
        apart = [pair for pair in pairs if pair not in bases and _differ(*pair, len(steps))]
        if apart:
            wrong = {id(one) for pair in apart for one in pair}
            yield _printed_differently([one for one in figures if id(one) in wrong])


def _steps(tables: Sequence[Table]) -> tuple[str, ...]:
    """The steps of the question, as the first of its tables has them."""
    for table in tables:
        column = table.columns[0]
        steps = table.scale or tuple(dict.fromkeys([*column.counts, *column.percents]))
        if any(steps):
            return steps
    return ()


def _figures(table: Table, steps: Sequence[str]) -> Iterator[tuple[str, Figure]]:
    of_rest = is_failure(table.raw.get("polarity"))
    alone = len(table.columns) == 1 and table.kind != "body_statement"
    for column in table.columns:
        name = ONLY if alone or is_total_column(column.name) else _words(column.name)
        figures = {
            step: Figure(
                table=table,
                place=place_of(table.place, column.name, step),
                column=name,
                count=column.counts.get(step),
                printed=column.percents.get(step),
                base=_base(table, column),
                of_rest=of_rest and step == ONLY,
                bare=step == ONLY,
                of_all=bool(table.scale) and set(table.scale) <= set(column.counts),
            )
            for step in dict.fromkeys([*column.counts, *column.percents])
        }
        if len(steps) > 2 and all(step in figures for step in steps[:2]):
            first, second = (figures[step] for step in steps[:2])
            figures[steps[0]] = replace(first, also=_together(first, second))
        for step, figure in figures.items():
            yield _words(steps[0] if figure.bare and steps else step), figure


def _of_one_thing(one: Figure, other: Figure) -> bool:
    return one.table is not other.table and _one_criterion(one.table, other.table)


def _two_bases(one: Figure, other: Figure) -> bool:
    return one.base is not None and other.base is not None and one.base != other.base


def _two_bases_found(one: Figure, other: Figure) -> Finding:
    """Two tables of all cases, or one count of two bases, cannot be; a sentence may be of some."""
    same = one.count is not None and one.count == other.count and one.of_rest == other.of_rest
    level = Level.CANNOT_BE if same or (one.of_all and other.of_all) else Level.ODD
    what = (
        f"one question has two bases: {one.base} ({one.table.ident}),"
        f" {other.base} ({other.table.ident})"
    )
    place = place_of(one.table.place, one.column)
    return Finding(level, place, what, "one base in all places", one.table.report)


def _differ(one: Figure, other: Figure, steps: int) -> bool:
    if not _unlike(one, other):
        return False
    if one.bare and other.bare:
        return steps < 3  # else each is compared with the table
    if one.bare == other.bare:
        return True
    bare, stepped = (one, other) if one.bare else (other, one)
    return stepped.also is None or _unlike(bare, stepped.also)


def _together(first: Figure, second: Figure) -> Figure:
    """The two steps together: from their counts, else from what they are rounded from."""
    one, other = first.printed, second.printed
    count = None
    printed, spread = None, None
    if first.count is not None and second.count is not None:
        count = first.count + second.count
        if first.base and count <= first.base:
            printed = share(count, first.base, one.decimals if one else 0)
    elif one is not None and other is not None and one.decimals == other.decimals:
        printed = Printed(one.steps + other.steps, one.decimals)
        spread = Span(one.span.low + other.span.low, one.span.high + other.span.high)
    return replace(first, count=count, printed=printed, spread=spread)


def _unlike(one: Figure, other: Figure) -> bool:
    base = one.base or other.base
    rounded = one.spread is not None or other.spread is not None
    if one.of_rest == other.of_rest and not rounded:
        if one.count is not None and other.count is not None:
            return one.count != other.count or _printed_unlike(one, other)
        if one.printed is not None and other.printed is not None:
            return _printed_unlike(one, other)
    first, second = one.share(base), other.share(base)
    if first is None or second is None:
        return False
    if one.printed is not None and other.printed is None:
        return not _prints_as(second, one.printed, of_rest=one.of_rest)
    if other.printed is not None and one.printed is None:
        return not _prints_as(first, other.printed, of_rest=other.of_rest)
    return first.high < second.low or second.high < first.low


def _printed_unlike(one: Figure, other: Figure) -> bool:
    """77% and 77.2% are alike, 77% and 76% are not."""
    if one.printed is None or other.printed is None:
        return False
    coarse, fine = sorted((one.printed, other.printed), key=lambda printed: printed.decimals)
    steps = half_up(fine.steps * coarse.per_one, fine.per_one)
    return steps != coarse.steps


def _prints_as(exact: Span, printed: Printed, *, of_rest: bool) -> bool:
    span = Span(100 - exact.high, 100 - exact.low) if of_rest else exact
    least, most = span.printed(printed.decimals)
    return least.steps <= printed.steps <= most.steps


def _printed_differently(figures: Sequence[Figure]) -> Finding:
    counted = len({one.printed for one in figures}) == 1
    first = figures[0]
    what = f"printed differently: {', '.join(dict.fromkeys(one.shown(counted) for one in figures))}"
    fit = next((fit for one in figures if (fit := _exact(one))), "one figure in all places")
    # A table's own misprint is the cause where the others print what its count gives.
    cause = next((one.place for one in figures if _misprinted(one)), "")
    return Finding(Level.CANNOT_BE, first.place, what, fit, first.table.report, cause)


def _exact(one: Figure) -> str:
    if one.count is None or not one.base or one.count > one.base or one.of_rest:
        return ""
    decimals = one.printed.decimals if one.printed is not None else 0
    fit = f"{share(one.count, one.base, decimals)}% ({one.count} of {one.base})"
    if one.also is not None and one.also.count is not None:
        together = share(one.also.count, one.base, decimals)
        return f"{fit}, or with the next step {together}% ({one.also.count} of {one.base})"
    return f"{fit} in all places"


def _misprinted(one: Figure) -> bool:
    if one.printed is None or not one.base or (one.count is not None and one.count > one.base):
        return False
    if one.count is None:
        return not counts_giving(one.printed, one.base)
    return share(one.count, one.base, one.printed.decimals) != one.printed
