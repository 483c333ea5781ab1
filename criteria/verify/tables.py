"""Check whether a table's counts and percentages can be so, each figure and each column.

A figure is checked against what is printed beside it: its count and its base, or its base alone, or
the sample that its base is part of. The parts of a whole must add up.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from rapidfuzz import process

from criteria.verify.arithmetic import (
    HIGHEST_BASE,
    RULES,
    Printed,
    Span,
    bases_giving,
    bases_near,
    can_add_up,
    counts_giving,
    counts_of,
    joint_bases,
    neighbours,
    ranges,
    share,
    sum_of,
    sums_by_rounding,
)
from criteria.verify.figures import (
    ONLY,
    ROW_KEYS,
    Column,
    Finding,
    Level,
    Reader,
    Table,
    is_total_column,
    place_of,
)

MAX_PARTS: Final = 60
"""Of a column with more parts, bases that give all of them are not sought."""
NEAR: Final = 100
"""Bases tried on either side of a printed base that does not fit."""
MAX_TRIED_AGAIN: Final = 4_000
"""Of a column with more parts times bases, too much would fit to tell what is nearly right."""
FOLLOWS: Final = ("if yes", "if so", "of these", "of those")
"""How a row begins that is asked only of those whom the row before it counts."""


# --- kinds ----------------------------------------------------------------------------------------


def check_parts(table: Table) -> Iterator[Finding]:
    """Steps of which each case has one: every figure, and the column they make."""
    for column in table.columns:
        if column.base is None and column.counts and set(table.scale) <= set(column.counts):
            column = replace(column, base=sum(column.counts.values()))  # noqa: PLW2901
            what = f"no base is printed; the sum of the counts, {column.base}, is taken for it"
            yield table.finding(Level.NOT_CHECKED, what, "", column.name)
        parts = list(column.percents.values())
        alone = not column.counts and column.base is None
        whole = set(table.scale) <= set(column.percents) and 2 <= len(parts) <= MAX_PARTS
        if alone and whole and can_add_up(parts):
            yield _together(table, column, parts)
        else:
            yield from _whole_column(table, column)
        if column.base and whole and not column.counts and can_add_up(parts):
            yield from _with_base(table, column, parts, column.base)
        yield from _percents_add_up(table, column)
    yield from _fully_or_largely(table)
    yield from _total_column(table)


def check_shares(table: Table) -> Iterator[Finding]:
    """Questions or choices of which each is a figure for itself."""
    for column in table.columns:
        asked, follow = _apart(column)
        yield from _figures(table, asked)
        yield from _followed(table, column, follow)
    yield from _total_column(table)


def check_statement(table: Table) -> Iterator[Finding]:
    """A sentence with a figure. One that names a sample is understood to be about all of it."""
    for column in table.columns:
        yield from _figures(table, column, of_a_part=Level.ODD)


def check_agreement(table: Table) -> Iterator[Finding]:
    """Two files on one case, counted by whether they agree.

    Either all the rows add up to the base, or, where the rows say what each file holds (``police
    Yes``, ``police No``), the rows of each file do.
    """
    for column in table.columns:
        yield from _figures(table, column)
        files: defaultdict[str, int] = defaultdict(int)
        for step, count in column.counts.items():
            files[step.split()[0] if step.split() else ""] += count
        of_each = len(column.counts) > len(files) > 1 and set(files.values()) == {column.base}
        if of_each and sum(column.counts.values()) != column.base:
            what = f"the counts of each file add up to {column.base}: {', '.join(files)}"
            yield table.finding(Level.FITS, what, "", column.name)
        else:
            yield from _counts_add_up(table, column)


def check_factors(table: Table) -> Iterator[Finding]:
    """Rows with a base of their own: the cases with a factor, and the share of them with progress.

    >>> {"kind": "factor_progress", "rows": [{"factor": "ETE", "base": 31, "printed_percent": 35}]}
    """
    reader = Reader(table.place, table.report)
    for position, value in enumerate(reader.items(table.raw.get("rows"), "rows")):
        row = reader.mapping(value, f"rows[{position}]")
        reader.keys(row, ROW_KEYS, f"rows[{position}]")
        name = row.get("factor")
        where = name if isinstance(name, str) else f"rows[{position}]"
        count = reader.count(row.get("count"), where, "count")
        printed = reader.printed(row.get("printed_percent"), where, "printed_percent")
        column = Column(
            where,
            {} if count is None else {ONLY: count},
            {} if printed is None else {ONLY: printed},
            reader.count(row.get("base"), where, "base"),
            table.columns[0].sample,
        )
        yield from _figures(table, column)
    if not table.raw.get("rows"):
        yield table.finding(Level.NOT_CHECKED, "there are no rows")
    yield from reader.faults


# --- one figure -----------------------------------------------------------------------------------


def _figures(table: Table, column: Column, of_a_part: Level = Level.FITS) -> Iterator[Finding]:
    """Check each figure. ``of_a_part`` is the level of one that only part of a sample gives."""
    if not column.counts and not column.percents:
        yield table.finding(Level.NOT_CHECKED, "no figure is printed", "", column.name)
    if column.base and column.sample and column.base > column.sample:
        what = f"a base of {column.base} is more than the sample, {column.sample}"
        yield table.finding(Level.CANNOT_BE, what, f"up to {column.sample}", column.name)
    for step in dict.fromkeys([*column.counts, *column.percents]):
        count, printed = column.counts.get(step), column.percents.get(step)
        level, what, would_fit = _figure(count, column.base, printed, column.sample, of_a_part)
        yield table.finding(level, what, would_fit, column.name, step)
        if table.scale and step and step not in table.scale:
            near = process.extractOne(step[:80], table.scale, score_cutoff=80)
            fit = f'"{near[0]}"' if near else "one of the scale's steps"
            what = f'the scale has no "{step}"'
            yield table.finding(Level.NOT_CHECKED, what, fit, column.name)


Verdict = tuple[Level, str, str]


def _figure(
    count: int | None,
    base: int | None,
    printed: Printed | None,
    sample: int | None,
    of_a_part: Level = Level.FITS,
) -> Verdict:
    if base == 0 and not count and printed is None:
        return Level.FITS, "0 of 0", ""
    if base == 0:
        figure = count if printed is None else f"{printed}%"
        return Level.CANNOT_BE, f"{figure} of a base of 0", "no figure, or another base"
    if count is not None and base is not None and count > base:
        what = f"a count of {count} is over its base of {base}"
        return Level.CANNOT_BE, what, f"a count up to {base}, or a base from {count}"
    if printed is None:
        if count is not None and base is not None:
            return Level.FITS, f"{count} of {base}; no percentage is printed", ""
        what = "a count alone: neither its base nor a percentage is printed"
        return Level.NOT_CHECKED, what, ""
    if base is not None:
        return _of_base(printed, base) if count is None else _share(count, base, printed)
    if count is not None:
        return _of_count(printed, count, sample)
    if sample is not None:
        return _of_sample(printed, sample, of_a_part)
    return Level.NOT_CHECKED, "a percentage alone: neither its base nor a count is printed", ""


def _share(count: int, base: int, printed: Printed) -> Verdict:
    """A percentage with its count and its base: 2 of 80 is 3%, not 2%."""
    decimals = printed.decimals
    right = share(count, base, decimals)
    if right == printed:
        return Level.FITS, f"{count} of {base} is {printed}%", ""
    options = [f"{right}%"]
    if counts := counts_giving(printed, base):
        options.append(f"{ranges(counts)} of {base}")
    if bases := bases_giving(count, printed, HIGHEST_BASE):
        options.append(f"{count} of {ranges(bases)}")
    others = [name for name, rule in RULES.items() if printed == share(count, base, decimals, rule)]
    explained = f"; rounding {' or '.join(others)} gives {printed}%" if others else ""
    what = f"{count} of {base} is {right}%, printed is {printed}%"
    return Level.CANNOT_BE, what, ", or ".join(options) + explained


def _of_base(printed: Printed, base: int) -> Verdict:
    """A percentage with its base: no whole number of 20 is 47%."""
    if counts := counts_giving(printed, base):
        return Level.FITS, f"{printed}% is {ranges(counts)} of {base}", ""
    near = [f"{one}% ({count} of {base})" for count, one in neighbours(printed, base)]
    if bases := bases_near(printed, base):
        near.append(f"a base of {ranges(bases)}")
    return Level.CANNOT_BE, f"no whole number of {base} is {printed}%", ", or ".join(near)


def _of_count(printed: Printed, count: int, sample: int | None) -> Verdict:
    """A percentage with its count: 15 printed as 11% is of 131 to 142."""
    bases = bases_giving(count, printed, min(sample or HIGHEST_BASE, HIGHEST_BASE))
    if bases:
        return Level.FITS, f"{count} is {printed}%", f"a base of {ranges(bases)}"
    up_to = f" up to the sample of {sample}" if sample else ""
    larger = bases_giving(count, printed, HIGHEST_BASE)
    fit = f"a base of {ranges(larger)}" if larger else ""
    return Level.CANNOT_BE, f"no base{up_to} makes {count} {printed}%", fit


def _of_sample(printed: Printed, sample: int, of_a_part: Level) -> Verdict:
    """A percentage whose base is the sample, less those that a question did not apply to."""
    if counts := counts_giving(printed, sample):
        return Level.FITS, f"{printed}% is {ranges(counts)} of the sample of {sample}", ""
    highest = min(sample, HIGHEST_BASE)
    bases = [one for one in range(highest, 0, -1) if counts_giving(printed, one)]
    if bases:
        what = f"{printed}% of a part of the sample of {sample}, not of all of it"
        return of_a_part, what, f"a base of {ranges(bases)}"
    near = " or ".join(f"{one}%" for _, one in neighbours(printed, sample))
    return Level.CANNOT_BE, f"no base up to the sample of {sample} gives {printed}%", near


# --- a column -------------------------------------------------------------------------------------


def _whole_column(table: Table, column: Column) -> Iterator[Finding]:
    """Each figure and the sum of the counts, with what follows from one wrong number under it."""
    figures, sums = list(_figures(table, column)), list(_counts_add_up(table, column))
    wrong = [one for one in figures if one.level is Level.CANNOT_BE]
    failed = [one for one in sums if one.level is Level.CANNOT_BE]
    total = sum(column.counts.values())
    if not wrong or not failed or column.base is None:
        yield from (*figures, *sums)
    elif _all_fit(column, total):
        (cause,) = failed
        right = len(column.percents)
        fit = f"a base of {total}, with which all {right} percentages are right"
        yield replace(cause, would_fit=fit)
        yield from (replace(one, follows=cause.place) if one in wrong else one for one in figures)
    else:
        step = _wrong_count(column)
        cause_place = "" if step is None else place_of(table.place, column.name, step)
        yield from figures
        yield from (replace(one, follows=cause_place) for one in sums)


def _all_fit(column: Column, base: int) -> bool:
    told = [(column.counts.get(step), one) for step, one in column.percents.items()]
    return len(told) > 1 and all(
        count is not None and count <= base and share(count, base, one.decimals) == one
        for count, one in told
    )


def _wrong_count(column: Column) -> str | None:
    """The step whose count would make its percentage and the sum right, were it another."""
    base = column.base or 0
    missing = base - sum(column.counts.values())
    for step, count in column.counts.items():
        printed = column.percents.get(step)
        if printed is not None and count + missing in counts_giving(printed, base):
            return step
    return None


def _with_base(
    table: Table, column: Column, parts: Sequence[Printed], base: int
) -> Iterator[Finding]:
    """Percentages of one printed base, without counts: whether any counts give all of them."""
    each = [counts_giving(part, base) for part in parts]
    if not all(each):  # said of that figure already
        return
    listed = ", ".join(f"{part}%" for part in parts)
    if counts := counts_of(parts, base):
        what = f"{listed} together are {', '.join(map(str, counts))} of {base}"
        yield table.finding(Level.FITS, what, "", column.name)
        return
    what = f"no counts that add up to {base} give {listed} together"
    bases = [one for one in range(max(1, base - NEAR), base + NEAR) if counts_of(parts, one)]
    nearest = sorted(sorted(bases, key=lambda one: abs(one - base))[:5])
    options = [f"a base of {ranges(nearest)}"] if nearest else []
    for place, part in enumerate(parts):
        for step in (-1, 1):
            other = Printed(part.steps + step, part.decimals)
            tried = [*parts[:place], other, *parts[place + 1 :]]
            if 0 <= other.value <= 100 and counts_of(tried, base):
                options.append(f"{other}% for {part}%")
    yield table.finding(Level.CANNOT_BE, what, ", or ".join(options), column.name)


def _counts_add_up(table: Table, column: Column) -> Iterator[Finding]:
    if column.base is None or not column.counts:
        return
    total, base = sum(column.counts.values()), column.base
    whole = set(table.scale) <= set(column.counts)
    if total == base and whole:
        yield table.finding(Level.FITS, f"the counts add up to the base, {base}", "", column.name)
    elif total > base or whole:
        what = f"the counts add up to {total}, and the base is {base}"
        missing = f"{abs(total - base)} {'more' if total < base else 'fewer'} among the counts"
        fit = f"a base of {total}, or {missing}"
        yield table.finding(Level.CANNOT_BE, what, fit, column.name)


def _percents_add_up(table: Table, column: Column) -> Iterator[Finding]:
    parts = list(column.percents.values())
    total = sum_of(parts)
    what = f"the percentages add up to {total}"
    if column.total is not None and parts:
        if column.total.value in (total.value, 100):  # many a table prints 100 anyway
            yield table.finding(Level.FITS, f"the total is {column.total}", "", column.name)
        else:
            printed = f"the total is {column.total}, and {what}"
            yield table.finding(Level.CANNOT_BE, printed, f"{total}, or 100", column.name)
    steps = set(table.scale) | set(column.counts)
    if len(parts) < 2 or not steps <= set(column.percents):
        return
    if not can_add_up(parts):
        least, most = sums_by_rounding(parts)
        fit = f"{least} to {most}, which is what rounding {len(parts)} parts of 100 can give"
        yield table.finding(Level.CANNOT_BE, what, fit, column.name)
    elif not 99 <= total.value <= 101 and not (column.base and _all_fit(column, column.base)):
        what = f"{what}; rounding {len(parts)} parts can do that"
        yield table.finding(Level.ODD, what, "99 to 101, as a rule", column.name)
    else:
        yield table.finding(Level.FITS, what, "", column.name)


def _together(table: Table, column: Column, parts: Sequence[Printed]) -> Finding:
    """Percentages of one base that is not printed: which bases give all of them."""
    listed = ", ".join(f"{part}%" for part in parts)
    highest = min(column.sample or HIGHEST_BASE, HIGHEST_BASE)
    limit = f"up to the sample of {highest}" if column.sample else f"up to {highest}"
    bases = joint_bases(parts, highest)
    if bases:
        likely = bases[-1] if column.sample else bases[0]
        counts = ", ".join(map(str, counts_of(parts, likely) or ()))
        known = f"a base of {ranges(bases)}" if column.sample else f"a base from {likely}"
        fit = f"{known} (of {likely}: {counts})"
        return table.finding(Level.FITS, f"{listed} together", fit, column.name)
    what = f"no base {limit} gives {listed} together"
    fit = _near_misses(parts, highest, column.sample)
    return table.finding(Level.CANNOT_BE, what, fit, column.name)


def _near_misses(parts: Sequence[Printed], highest: int, sample: int | None) -> str:
    """What would make a column fit: one figure a step away, a larger base, another rule."""
    options = []
    if len(parts) * highest > MAX_TRIED_AGAIN:
        return ""
    for place, part in enumerate(parts):
        for step in (-1, 1):
            other = Printed(part.steps + step, part.decimals)
            tried = [*parts[:place], other, *parts[place + 1 :]]
            if 0 <= other.value <= 100 and (bases := joint_bases(tried, highest)):
                options.append(f"{other}% for {part}% with a base of {ranges(bases)}")
    larger = joint_bases(parts, min(2 * highest, HIGHEST_BASE))
    if sample and larger:
        options.append(f"a base of {ranges(larger)}, more than the sample")
    for name, rule in RULES.items():
        if bases := joint_bases(parts, highest, rule):
            options.append(f"rounding {name} with a base of {ranges(bases)}")
    return ", or ".join(options)


def _apart(column: Column) -> tuple[Column, dict[str, str]]:
    """A column without the rows that follow from others, and which row each of those follows."""
    rows = list(dict.fromkeys([*column.percents, *column.counts]))
    follow: dict[str, str] = {}
    asked = ""
    for row in rows:
        if asked and row.casefold().startswith(FOLLOWS):
            follow[row] = asked
        else:
            asked = row
    counts = {step: one for step, one in column.counts.items() if step not in follow}
    percents = {step: one for step, one in column.percents.items() if step not in follow}
    return replace(column, counts=counts, percents=percents), follow


def _followed(table: Table, column: Column, follow: Mapping[str, str]) -> Iterator[Finding]:
    """A row that begins "If yes" has for its base at most those whom its question counts."""
    for row, asked in follow.items():
        count, printed = column.counts.get(row), column.percents.get(row)
        most, of = _most_counted(column, asked)
        if most is None:
            level, what, would_fit = _figure(count, None, printed, column.sample)
            yield table.finding(level, what, would_fit, column.name, row)
            continue
        bases = range(1, min(most, HIGHEST_BASE) + 1)
        if count is not None and count > most:
            what = f"a count of {count}, and the row that it follows, {of}, counts {most} at most"
            yield table.finding(Level.CANNOT_BE, what, f"up to {most}", column.name, row)
        elif printed is None:
            what = f"{count} of up to {most}; no percentage is printed"
            yield table.finding(Level.FITS, what, "", column.name, row)
        elif given := [base for base in bases if _gives(printed, count, base)]:
            what = f"{printed}% of those whom the row that it follows counts"
            yield table.finding(Level.FITS, what, f"a base of {ranges(given)}", column.name, row)
        elif most > HIGHEST_BASE:
            what = f"{printed}% of up to {most}"
            yield table.finding(Level.FITS, what, "", column.name, row)
        else:
            yield _too_few(table, column, row, most, of)


def _gives(printed: Printed, count: int | None, base: int) -> bool:
    counts = counts_giving(printed, base)
    return bool(counts) if count is None else count in counts


def _too_few(table: Table, column: Column, row: str, most: int, of: str) -> Finding:
    printed = column.percents[row]
    needed = next((one for one in range(most + 1, HIGHEST_BASE) if counts_giving(printed, one)), 0)
    what = (
        f"{printed}% takes a base of {needed} or more, and the row that it follows, {of}, counts"
        f" {most} at most"
    )
    fit = f"a percentage of {most} or fewer, or a base that is not those of that row"
    return table.finding(Level.ODD, what, fit, column.name, row)


def _most_counted(column: Column, row: str) -> tuple[int | None, str]:
    """How many cases a row counts at most, and how that is printed."""
    count, printed = column.counts.get(row), column.percents.get(row)
    if count is not None:
        return count, str(count)
    if printed is None:
        return None, ""
    if column.base is not None:
        counts = counts_giving(printed, column.base)
        return (counts[-1] if counts else column.base), f"{printed}% of {column.base}"
    if column.sample is None:
        return None, ""
    bases = range(1, min(column.sample, HIGHEST_BASE) + 1)
    most = max((one[-1] for base in bases if (one := counts_giving(printed, base))), default=0)
    return most, f"{printed}% of up to {column.sample}"


# --- columns beside each other --------------------------------------------------------------------


def _total_column(table: Table) -> Iterator[Finding]:
    """What a column called "Total" has is what the others have together."""
    totals = [column for column in table.columns if is_total_column(column.name)]
    parts = [column for column in table.columns if not is_total_column(column.name)]
    if len(totals) != 1 or len(parts) < 2:
        return
    (total,) = totals
    bases = [column.base for column in parts]
    if total.base is not None and None not in bases:
        yield _sum_of_columns(table, total.name, "base", total.base, [one or 0 for one in bases])
    for step in dict.fromkeys([*total.counts, *total.percents]):
        counts = [column.counts.get(step) for column in parts]
        count, printed = total.counts.get(step), total.percents.get(step)
        if count is not None and None not in counts:
            yield _sum_of_columns(table, total.name, step, count, [one or 0 for one in counts])
        elif printed is not None:
            yield from _share_of_columns(table, total, parts, step, printed)


def _sum_of_columns(table: Table, name: str, step: str, total: int, parts: list[int]) -> Finding:
    """The parts make the total, or several sets of them do, one after the other."""
    open_sum = 0
    for part in parts:
        open_sum = 0 if open_sum + part == total else open_sum + part
    listed = " + ".join(map(str, parts))
    if not open_sum or (total == 0 and not any(parts)):
        return table.finding(Level.FITS, f"{total} is {listed}", "", name, step)
    what = f"{total} is printed, and the other columns add up to {sum(parts)}: {listed}"
    return table.finding(Level.CANNOT_BE, what, str(sum(parts)), name, step)


def _share_of_columns(
    table: Table, total: Column, parts: Sequence[Column], step: str, printed: Printed
) -> Iterator[Finding]:
    """A percentage of all lies among those of its parts; how, their bases say."""
    spans = [(column, column.percents.get(step)) for column in parts]
    known = [(column, one) for column, one in spans if one is not None]
    if len(known) < len(parts):
        return
    listed = ", ".join(f"{column.name} {one}%" for column, one in known)
    base = sum(column.base or 0 for column in parts)
    if all(column.base for column in parts) and total.base in (None, base):
        counts = [counts_giving(one, column.base or 0) for column, one in known]
        if not all(counts):
            return  # said of that column already
        low, high = sum(one[0] for one in counts), sum(one[-1] for one in counts)
        least, most = share(low, base, printed.decimals), share(high, base, printed.decimals)
    else:
        low_span, high_span = (
            min(one.span.low for _, one in known), max(one.span.high for _, one in known)
        )  # fmt: skip
        least, most = Span(low_span, high_span).printed(printed.decimals)
    possible = f"{least}%" if least == most else f"{least}% to {most}%"
    if least.value <= printed.value <= most.value:
        what = f"{printed}% of all, of {listed}"
        yield table.finding(Level.FITS, what, "", total.name, step)
    else:
        what = f"{printed}% of all cannot come of {listed}"
        yield table.finding(Level.CANNOT_BE, what, possible, total.name, step)


def check_changes(table: Table) -> Iterator[Finding]:
    """A change is the later percentage less the earlier one, in percentage points.

    >>> {"columns": ["2004", "2006"], "printed_percent": {"2004": {"Yes": 53}, "2006": {"Yes": 48}},
    ...  "change": {"Yes": -5}}
    """
    columns = [column for column in table.columns if not is_total_column(column.name)]
    for step, change in table.changes.items():
        figures: list[tuple[Printed, Span]] = []
        if len(columns) == 2:
            of = step if step or len(columns[0].percents) != 1 else next(iter(columns[0].percents))
            figures = [
                _exactly(column, of, column.percents[of])
                for column in columns
                if of in column.percents
            ]
        elif len(columns) == 1 and not step and len(columns[0].percents) == 2:
            (column,) = columns
            figures = [_exactly(column, name, one) for name, one in column.percents.items()]
        if len(figures) == 2:
            before, after = figures
            yield change_finding(table, change, before, after, step, "change")
        else:
            what = "a change alone: the two percentages that it lies between are not printed"
            yield table.finding(Level.NOT_CHECKED, what, "", step, "change")


def _exactly(column: Column, step: str, printed: Printed) -> tuple[Printed, Span]:
    count = column.counts.get(step)
    if count is not None and column.base and count <= column.base:
        return printed, Span.of(count, column.base)
    return printed, printed.span


def change_finding(
    table: Table,
    change: Printed,
    before: tuple[Printed, Span],
    after: tuple[Printed, Span],
    *where: str,
) -> Finding:
    """A printed change: what the printed percentages differ by, or at least can differ by."""
    (earlier, first), (later, second) = before, after
    points = sum_of([later, Printed(-earlier.steps, earlier.decimals)])
    told = f"{earlier} to {later}"
    if change.value == points.value:
        return table.finding(Level.FITS, f"a change of {change} from {told}", "", *where)
    half = Fraction(1, 2 * change.per_one)
    low, high = second.low - first.high - half, second.high - first.low + half
    if low <= change.value <= high:
        exact = first.low == first.high and second.low == second.high
        what = f"a change of {change} from {told}, which differ by {points} as printed"
        level = Level.FITS if exact else Level.ODD
        return table.finding(level, what, "" if exact else f"{points}", *where)
    what = f"a change of {change} is printed, and {told} is {points} percentage points"
    explained = ""
    if change.value == -points.value:
        explained = "; the sign is the other way round"
    elif earlier.value and abs(100 * points.value / earlier.value - change.value) <= 1:
        explained = f"; {change} is the change in percent of {earlier}"
    return table.finding(Level.CANNOT_BE, what, f"{points}{explained}", *where)


def _fully_or_largely(table: Table) -> Iterator[Finding]:
    """The first two steps together: from their counts, never from their rounded percentages.

    >>> {"fully_or_largely": {"count": 16, "base": 35, "printed_percent": 46}}
    """
    if table.raw.get("fully_or_largely") is None:
        return
    where, column = "fully or largely", table.columns[0]
    reader = Reader(table.place, table.report)
    given = reader.mapping(table.raw["fully_or_largely"], where)
    count = reader.count(given.get("count"), where, "count")
    base = reader.count(given.get("base"), where, "base")
    percent = given.get("printed_percent")
    percent = given.get("percent_half_up") if percent is None else percent
    printed = reader.printed(percent, where)
    yield from reader.faults
    counts = [column.counts[step] for step in table.scale[:2] if step in column.counts]
    if len(counts) == 2 and count not in (None, sum(counts)):
        what = f"a count of {count}, and the first two steps' are {counts[0]} and {counts[1]}"
        yield table.finding(Level.CANNOT_BE, what, f"{sum(counts)}", where)
        return
    if base is not None and column.base is not None and base != column.base:
        what = f"a base of {base}, and the table's is {column.base}"
        yield table.finding(Level.CANNOT_BE, what, str(column.base), where)
        return
    count = sum(counts) if len(counts) == 2 else count
    level, what, would_fit = _figure(count, base or column.base, printed, column.sample)
    rounded = [column.percents[step] for step in table.scale[:2] if step in column.percents]
    if level is Level.CANNOT_BE and len(rounded) == 2 and printed == sum_of(rounded):
        what += f", the sum of the rounded {rounded[0]}% and {rounded[1]}%"
    yield table.finding(level, what, would_fit, where)
