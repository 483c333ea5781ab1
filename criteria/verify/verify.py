"""Check a draft report's printed figures: whether each is possible, and what would fit.

:func:`verify` takes a figures file's document (see ``docs/verify.md``) and returns its findings. It
accepts any document, and never raises. A figure that no arithmetic can give *cannot be*; a possible
but unusual figure is *odd*; a figure that the file says too little about is *not checked*.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Final

from rapidfuzz import process

from criteria.verify import scores as verify_scores
from criteria.verify import tables as verify_tables
from criteria.verify.arithmetic import HIGHEST_BASE, RULES, Printed, share
from criteria.verify.figures import (
    MISTYPED,
    Finding,
    Level,
    Samples,
    Table,
    place_of,
    read_table,
    shown,
)
from criteria.verify.restated import restated, with_bases
from criteria.verify.scores import Said

__all__ = ["KINDS", "Finding", "Level", "verify", "verify_text"]

Check = Callable[[Table], Iterator[Finding]]

CHECKS: Final[dict[str, Check]] = {
    "single_choice": verify_tables.check_parts,
    "four_level": verify_tables.check_parts,
    "yes_of_relevant": verify_tables.check_parts,
    "counts": verify_tables.check_parts,
    "four_level_percent_only": verify_tables.check_parts,
    "distribution_percent_only": verify_tables.check_parts,
    "multi_select": verify_tables.check_shares,
    "yes_share_percent_only": verify_tables.check_shares,
    "body_statement": verify_tables.check_statement,
    "agreement_counts": verify_tables.check_agreement,
    "factor_progress": verify_tables.check_factors,
    "criterion_scores": verify_scores.check_scores,
    "sample_sizes": verify_scores.check_samples,
}
KINDS: Final = (*CHECKS, "derived")
"""The kinds of table. A ``derived`` table is checked against the report's statements."""

SAID: Final[dict[str, Callable[[Table], Iterator[Said]]]] = {
    "criterion_scores": verify_scores.scores_said,
    "derived": verify_scores.derived_said,
    "sample_sizes": verify_scores.samples_said,
}

MAX_SIZE: Final = 500_000
"""A file's bytes. All five published reports' figures together are 90 kB."""
MAX_FINDINGS: Final = 3_000
MAX_TRIES: Final = 600_000
"""Bases tried in all, at a microsecond each. The five reports need 360,000."""
NEAR: Final = 400
"""Bases tried beside a printed base that does not fit."""
SPLIT: Final = "the tables in several files"
ENOUGH_TO_TELL: Final = 10
"""The least number of percentages that show a report's rounding rule."""


def verify_text(text: str | bytes) -> list[Finding]:
    """Return the findings of a figures file's content, including that it is not JSON."""
    if len(text) > MAX_SIZE:
        return [_no_file(f"it is larger than {MAX_SIZE // 1_000} kB", SPLIT)]
    try:
        document = json.loads(text)
    except json.JSONDecodeError as exc:
        where = f"line {exc.lineno}, column {exc.colno}"
        return [_no_file(f"this is not JSON: {exc.msg}", "a comma, quote or bracket mended", where)]
    except RecursionError:
        return [_no_file("it is nested too deeply", "tables in one list")]
    except ValueError as exc:  # bytes that are no text, or a number longer than Python reads
        return [_no_file(f"this cannot be read: {exc}", "a JSON file in UTF-8")]
    return verify(document)


def verify(document: object) -> list[Finding]:
    listed = document.get("tables") if isinstance(document, dict) else document
    if not isinstance(listed, list):
        return [_no_file("this is no figures file", 'an object with a list: {"tables": [...]}')]
    if not listed:
        return [Finding(Level.NOT_CHECKED, "tables", "the list is empty", "a table")]
    findings = list(islice(_findings(listed), MAX_FINDINGS + 1))
    if len(findings) > MAX_FINDINGS:
        what = f"only the first {MAX_FINDINGS:,} findings are told"
        findings[-1] = Finding(Level.NOT_CHECKED, "the file", what, SPLIT)
    return _under_causes(findings)


def _under_causes(findings: Sequence[Finding]) -> list[Finding]:
    """Put what follows from another finding under it: ten lines that one wrong base makes."""

    def cause_of(one: Finding) -> tuple[Level, str, str]:
        return one.level, one.report, one.follows

    causes = {(one.level, one.report, one.place) for one in findings if not one.follows}
    effects: defaultdict[tuple[Level, str, str], list[Finding]] = defaultdict(list)
    kept: list[Finding] = []
    for one in findings:
        follows = bool(one.follows) and cause_of(one) in causes
        (effects[cause_of(one)] if follows else kept).append(one)
    told: list[Finding] = []
    for one in kept:
        own = effects.pop((one.level, one.report, one.place), ())
        told.append(replace(one, effects=tuple(own)) if own else one)
    return told


def _findings(listed: list[object]) -> Iterator[Finding]:
    samples = Samples(listed)
    tables: list[Table] = []
    for position, raw in enumerate(listed):
        if isinstance(raw, dict):
            tables.append(read_table(raw, position, samples))
        else:
            place = f"tables[{position}]"
            yield Finding(Level.CANNOT_BE, place, "this is no table", "an object, {…}")
    tables = with_bases(tables)
    checks: dict[str, Check] = {**CHECKS, "derived": partial(verify_scores.check_derived, tables)}
    left = MAX_TRIES
    for table in tables:
        left -= tries(table, tables)
        if left < 0:
            what = "its figures are more than are checked at once"
            yield table.finding(Level.NOT_CHECKED, what, SPLIT)
            return
        yield from _check(table, checks)
    for check in (_follow_ups, _said_twice, restated, _repeated_columns, _rounding):
        yield from check(tables)


def tries(table: Table, tables: Sequence[Table]) -> int:
    """Estimate how many bases the checks of a table try.

    A figure with a printed base is tried on nearby bases, a figure without on all bases of its
    sample, and the parts of a whole on all bases together, then again with each part a step away.
    """
    total = 10 * len(table.scale)
    for column in table.columns:
        highest, parts = min(column.sample or HIGHEST_BASE, HIGHEST_BASE), len(column.percents)
        total += 10 * (1 + len(column.counts) + parts)
        followed = sum(row.casefold().startswith(verify_tables.FOLLOWS) for row in column.percents)
        total += HIGHEST_BASE * followed
        if column.base is not None or not (column.counts or column.sample or parts > 1):
            total += NEAR * parts
        elif not column.counts and 1 < parts <= verify_tables.MAX_PARTS:
            again = 2 * parts + 5 if parts * highest <= verify_tables.MAX_TRIED_AGAIN else 3
            total += parts * highest * again
        else:
            total += highest * parts
    rows, values = table.raw.get("rows"), table.raw.get("values")
    total += HIGHEST_BASE * len(rows) if isinstance(rows, list) else 0
    total += len(tables) * len(values) if isinstance(values, dict) else 0
    return total


def _no_file(what: str, remedy: str, where: str = "the file") -> Finding:
    return Finding(Level.CANNOT_BE, where, what, remedy)


def _check(table: Table, checks: Mapping[str, Check]) -> Iterator[Finding]:
    """Check one table by its kind; the figures of an unknown kind are checked one by one."""
    yield from table.faults
    check = checks.get(table.kind)
    if check is None:
        near = process.extractOne(table.kind[:80], list(checks), score_cutoff=66)
        known = f'"{near[0]}"' if near else f"one of {', '.join(checks)}"
        kind = f'the kind "{table.kind}" is not known' if table.kind else "there is no kind"
        what = f"{kind}: its figures are checked one by one, not together"
        yield table.finding(Level.NOT_CHECKED, what, known)
        check = verify_tables.check_shares
    found = [*check(table), *verify_tables.check_changes(table)]
    faults = (*table.faults, *found)
    mistyped = next((one.place for one in faults if one.what == MISTYPED), "")
    for one in found:
        cause = one.follows or _cause(table, one, mistyped)
        yield replace(one, follows=cause) if cause else one
    if not found and not table.faults:
        yield table.finding(Level.NOT_CHECKED, "no figure is printed")


def _cause(table: Table, one: Finding, mistyped: str) -> str:
    """The place of what a finding may come of: a ``mistyped`` key, or a wrong sample."""
    if one.level is Level.NOT_CHECKED:
        return "" if one.what == MISTYPED else mistyped
    if one.level is Level.CANNOT_BE and "the sample" in one.what:
        for column in table.columns:
            if one.place.startswith(place_of(table.place, column.name)):
                return column.sample_place
    return ""


def _follow_ups(tables: Sequence[Table]) -> Iterator[Finding]:
    """A question asked only after another's "yes" has a base of at most that many cases.

    The file names the other question: ``"follows": "t1"``. A larger base is odd, not impossible.
    """
    by_ident = {(table.report, table.ident): table for table in tables}
    for table in tables:
        follows, base = table.raw.get("follows"), table.columns[0].base
        if follows is None or base is None:
            continue
        asked_first = by_ident.get((table.report, follows)) if isinstance(follows, str) else None
        counts = list(asked_first.columns[0].counts.values()) if asked_first else []
        if not asked_first or not counts:
            what = f"it follows {shown(follows)}, of which the report has no counts"
            yield table.finding(Level.NOT_CHECKED, what, "the id of a table with counts")
        else:
            first = f"{counts[0]} in {asked_first.ident}, which it follows"
            if base > counts[0]:
                what = f"a base of {base}, and only {first}"
                yield table.finding(Level.ODD, what, f"a base up to {counts[0]}")
            else:
                yield table.finding(Level.FITS, f"a base of {base}, of {first}")


def _said_twice(tables: Sequence[Table]) -> Iterator[Finding]:
    """A score or a sample's size is the same in every place that prints it."""
    said: defaultdict[tuple[str, ...], list[Said]] = defaultdict(list)
    for table in tables:
        for one in SAID[table.kind](table) if table.kind in SAID else ():
            said[one.report, *one.key].append(one)
    for same in said.values():
        if len({one.figure for one in same}) > 1:
            places = dict.fromkeys(f"{one.figure} ({one.where})" for one in same)
            what, fit = f"printed differently: {', '.join(places)}", "one figure in all places"
            yield Finding(Level.CANNOT_BE, same[0].place, what, fit, same[0].report)


def _repeated_columns(tables: Sequence[Table]) -> Iterator[Finding]:
    """The same column of figures under two questions may have been copied by mistake."""
    seen: dict[tuple[str, str, tuple[str, ...]], Table] = {}
    for table in tables:
        for column in table.columns:
            figures = tuple(map(str, column.percents.values()))
            if not column.name or len(figures) < 4 or len(set(figures)) < 3:
                continue
            first = seen.setdefault((table.report, column.name, figures), table)
            if first is not table and first.question != table.question:
                what = f"{', '.join(f'{one}%' for one in figures)} as in {first.place}"
                fit = "other figures in one of them, if they were copied"
                yield table.finding(Level.ODD, what, fit, column.name)


def _rounding(tables: Sequence[Table]) -> Iterator[Finding]:
    """Tell each report's rounding rule from its percentages with count and base."""
    by_report: defaultdict[str, list[tuple[int, int, Printed]]] = defaultdict(list)
    for table in tables:
        for column in table.columns:
            for step, printed in column.percents.items():
                count = column.counts.get(step)
                if count is not None and column.base and count <= column.base:
                    by_report[table.report].append((count, column.base, printed))
    for report, told in by_report.items():
        if len(told) < ENOUGH_TO_TELL:
            continue
        follow = {
            name: sum(share(n, base, one.decimals, rule) == one for n, base, one in told)
            for name, rule in RULES.items()
        }
        listed = ", ".join(f"{number} {name}" for name, number in follow.items())
        what = f"of {len(told)} percentages with count and base, rounded: {listed}"
        most = max(follow, key=lambda name: follow[name])
        if most == "half up" or follow[most] == follow["half up"]:
            yield Finding(Level.FITS, "rounding", what, "", report)
        else:
            yield Finding(Level.ODD, "rounding", what, "half up throughout", report)
