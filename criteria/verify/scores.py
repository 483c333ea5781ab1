"""Check whether scores follow from what they are the mean of, and samples from their parts.

Criteria are printed rounded, so the mean of 79, 76, 70 and 83 is known only to lie between 76.5 and
77.5; it prints as 77 whatever the decimals were.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Final

from criteria.verify.arithmetic import Printed, Span, mean_span
from criteria.verify.figures import (
    ONLY,
    Finding,
    Level,
    Reader,
    Table,
    as_printed,
    is_change,
    is_failure,
    shown,
)
from criteria.verify.tables import change_finding

SCORE_KEYS: Final = ("id", "name", "section", "weight", "score", "comment", "parts", "change")
SECTION_KEYS: Final = ("criteria", "printed_section", "scale")
NOT_GIVEN: Final = "a score alone: what it is the mean of is not printed"
RESTATED: Final = re.compile(r"(?P<part>.+?) as printed (?:in|on|at) (?P<where>.+)")
"""A part of a sample as another place of the report prints it: ``CRC as printed in s3``."""


@dataclass(frozen=True, slots=True)
class Said:
    """A figure, and where it is printed. The same ``key`` is the same figure."""

    report: str
    key: tuple[str, ...]
    place: str
    where: str
    figure: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion of a scores table: its score by column, its weight, what it is made of."""

    name: str
    section: str
    weight: Fraction
    scores: Mapping[str, Printed]
    comment: str
    parts: tuple[tuple[Span, Fraction], ...]
    change: Printed | None = None
    """From its first printed score to its second, in percentage points."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section as one place prints it: its scores by column, or its scale where it has levels."""

    name: str
    place: str
    criteria: Sequence[Criterion]
    scores: Mapping[str, Printed]
    change: Printed | None = None
    scale: Sequence[str] = ()
    raw: Mapping[str, object] = field(default_factory=dict)
    """Where it lists criteria of its own; empty where they stand in the table."""


# --- scores ---------------------------------------------------------------------------------------


def check_scores(table: Table) -> Iterator[Finding]:
    """A scores table, as a whole or in sections.

    >>> {"kind": "criterion_scores", "criteria": [{"id": "1.1", "score": 87}, {"id": "1.2", ...}],
    ...  "section_scores": {"1": 76}, "headline": {"Risk of Harm": {"score": 76}}}
    >>> {"kind": "criterion_scores", "sections": {"B": {"criteria": [{"id": "B1", "weight": 2,
    ...  "original": 46, "follow_up": 55}], "printed_section": {"original": 61, "follow_up": 66}}}}
    """
    reader = Reader(table.place, table.report)
    criteria, headlines, sections = _read_scores(reader, table.raw)
    own = [one for section in sections if section.raw for one in section.criteria]
    for one in (*criteria, *own):
        yield from _change(table, f"criterion {one.name}", one)
    for headline in headlines:
        yield from _change(table, headline.name, headline)
    for section in sections:
        yield from _change(table, f"section {section.name}", section)
    for criterion in criteria:
        yield from _made_of(table, f"criterion {criterion.name}", criterion)
    for headline in headlines:
        yield from _made_of(table, headline.name, headline)
    for section in sections:
        for column, score in section.scores.items():
            yield _section_mean(table, section, column, score)
        if not section.scores:
            yield from _levels(table, section)
    yield from _comments(table, [*criteria, *headlines])
    yield from _regions(table, reader)
    yield from reader.faults


def _read_scores(
    reader: Reader, raw: Mapping[str, object]
) -> tuple[list[Criterion], list[Criterion], list[Section]]:
    """Read the criteria, the headlines, and each section in each place that prints it."""
    criteria = _criteria(reader, raw.get("criteria"))
    named = reader.mapping(raw.get("headline", raw.get("headlines")), "headline")
    headlines = [
        _criterion(reader, name, "", value if isinstance(value, dict) else {"score": value})
        for name, value in named.items()
    ]
    sections = []
    for key in raw:
        if key.startswith("section_scores"):  # section_scores_summary_page: printed there
            place = key.removeprefix("section_scores").strip("_").replace("_", " ")
            for name, score in reader.printed_by(raw[key], key).items():
                own = [one for one in criteria if one.section == name]
                sections.append(Section(name, place, own, {ONLY: score}))
    for name, value in reader.mapping(raw.get("sections"), "sections").items():
        one = reader.mapping(value, f"section {name}")
        own = _criteria(reader, one.get("criteria"))
        reader.keys(one, SECTION_KEYS, f"section {name}")
        scores, change = _with_change(reader, one.get("printed_section"), f"section {name}")
        printed = reader.printed_by(scores, f"section {name}")
        scale = () if printed else reader.texts(one.get("scale"), "scale")
        sections.append(Section(name, "", own, printed, change, scale, one))
    return criteria, headlines, sections


def _criteria(reader: Reader, value: object) -> list[Criterion]:
    criteria = []
    for position, one in enumerate(reader.items(value, "criteria")):
        entry = reader.mapping(one, f"criteria[{position}]")
        name = reader.text(entry.get("id") or entry.get("name"), "id") or f"criteria[{position}]"
        section = reader.text(entry.get("section"), "section") or name.partition(".")[0]
        criteria.append(_criterion(reader, name, section, entry))
    return criteria


def _with_change(reader: Reader, value: object, *where: str) -> tuple[object, Printed | None]:
    """Part printed scores from the change between them."""
    if not isinstance(value, dict):
        return value, None
    changes = [reader.change(one, *where, name) for name, one in value.items() if is_change(name)]
    scores = {name: one for name, one in value.items() if not is_change(name)}
    return scores, changes[0] if changes else None


def _criterion(reader: Reader, name: str, section: str, entry: Mapping[str, object]) -> Criterion:
    reader.keys(entry, SCORE_KEYS, name)
    _, change = _with_change(reader, entry, name)
    scores = {
        ONLY if column == "score" else column: printed
        for column, value in entry.items()
        if column not in ("weight", "section", "parts") and not is_change(column)
        if as_printed(value) is not None
        if (printed := reader.printed(value, name, column)) is not None
    }
    if isinstance(entry.get("score"), str | list | dict | bool):
        reader.printed(entry["score"], name, "score")
    weight = _weight(reader, entry.get("weight"), name)
    comment = reader.text(entry.get("comment"), "comment")
    parts = tuple(_parts(reader, entry.get("parts"), name))
    return Criterion(name, section, weight, scores, comment, parts, change)


def _weight(reader: Reader, value: object, name: str) -> Fraction:
    weight = as_printed(1 if value is None else value)
    if weight is None or weight.value <= 0:
        reader.fault("its weight is no number above 0", "a weight such as 2", name)
        return Fraction(1)
    return weight.value


def _parts(reader: Reader, value: object, name: str) -> Iterator[tuple[Span, Fraction]]:
    """What a score is the mean of: percentages, or counts with their bases."""
    for one in reader.items(value, name, "parts"):
        entry = one if isinstance(one, dict) else {"score": one}
        count, base = reader.count(entry.get("count"), name), reader.count(entry.get("base"), name)
        weight = _weight(reader, entry.get("weight"), name)
        if count is not None and base and count <= base:
            yield Span.of(count, base), weight
        elif (printed := reader.printed(entry.get("score"), name, "parts")) is not None:
            yield printed.span, weight
        else:
            reader.fault("a part is neither a score nor a count with its base", "88", name, "parts")


def _section_mean(table: Table, section: Section, column: str, printed: Printed) -> Finding:
    where = (f"section {section.name}", section.place or column.replace("_", " "))
    scored = [one for one in section.criteria if column in one.scores]
    if not scored or len(scored) < len(section.criteria):
        what = "not all of its criteria have a score" if scored else "its criteria are not printed"
        return table.finding(Level.NOT_CHECKED, what, "", *where)
    parts = [(one.scores[column].span, one.weight) for one in scored]
    listed = ", ".join(f"{one.name} {one.scores[column]}" for one in scored)
    return _mean(table, printed, parts, f"of {listed}", *where)


def _levels(table: Table, section: Section) -> Iterator[Finding]:
    """A section whose criteria have levels, not scores: each level is on the section's scale."""
    place = f"section {section.name}"
    if not section.scale:
        what = "a section with neither score nor scale"
        yield table.finding(Level.NOT_CHECKED, what, "", place)
        return
    for column, value in section.raw.items():
        for name, level in value.items() if isinstance(value, dict) else ():
            on_scale = level in section.scale
            what = f"{shown(level)} is {'on' if on_scale else 'not on'} the scale"
            where = (place, column.replace("_", " "), name)
            yield table.finding(Level.FITS if on_scale else Level.NOT_CHECKED, what, "", *where)


def _change(table: Table, place: str, one: Criterion | Section) -> Iterator[Finding]:
    if one.change is None:
        return
    scores = [(score, score.span) for score in one.scores.values()]
    if len(scores) == 2:
        yield change_finding(table, one.change, scores[0], scores[1], place, "change")
    else:
        what = "a change alone: the two scores that it lies between are not printed"
        yield table.finding(Level.NOT_CHECKED, what, "", place, "change")


def _made_of(table: Table, place: str, one: Criterion) -> Iterator[Finding]:
    for column, printed in one.scores.items():
        if one.parts:
            yield _mean(table, printed, one.parts, f"of its {len(one.parts)} parts", place, column)
        else:
            yield table.finding(Level.NOT_CHECKED, NOT_GIVEN, "", place, column)


def _mean(
    table: Table, printed: Printed, parts: Sequence[tuple[Span, Fraction]], listed: str, *where: str
) -> Finding:
    weighted = len({weight for _, weight in parts}) > 1
    least, most = mean_span(parts).printed(printed.decimals)
    possible = f"{least}" if least == most else f"{least} to {most}"
    mean = f"the {'weighted ' if weighted else ''}mean {listed}"
    if least <= printed <= most:
        return table.finding(Level.FITS, f"{printed} is {mean}", "", *where)
    low, high = mean_span([(span, Fraction(1)) for span, _ in parts]).printed(printed.decimals)
    unweighted = weighted and low <= printed <= high
    explained = f"; the mean without weights gives {printed}" if unweighted else ""
    what = f"{printed} is printed, and {mean} is {possible}"
    return table.finding(Level.CANNOT_BE, what, possible + explained, *where)


def _comments(table: Table, scored: Sequence[Criterion]) -> Iterator[Finding]:
    """Comments on scores come in bands: no score lies within another comment's."""
    by_comment: defaultdict[str, list[Printed]] = defaultdict(list)
    for one in scored:
        if one.comment:
            by_comment[one.comment] += one.scores.values()
    spans = sorted(
        (min(scores), max(scores), name) for name, scores in by_comment.items() if scores
    )
    odd = False
    for (_, high, below), (low, _, above) in pairwise(spans):
        if high >= low:
            odd = True
            what = f"{below} is said of {high}, and {above} of {low}"
            yield table.finding(Level.ODD, what, "comments that follow the scores", "comments")
    if len(spans) > 1 and not odd:
        said = ", ".join(
            f"{name} {low}" if low == high else f"{name} {low}–{high}" for low, high, name in spans
        )
        yield table.finding(Level.FITS, f"the comments follow the scores: {said}", "", "comments")


def _regions(table: Table, reader: Reader) -> Iterator[Finding]:
    """An average lies between the lowest and the highest."""
    for key, value in table.raw.items():
        for name, figures in value.items() if isinstance(value, dict) else ():
            if not isinstance(figures, dict) or not {"lowest", "highest"} <= set(figures):
                continue
            where = f"{key.replace('_', ' ')}, {name}"
            in_turn = {one: figures.get(one) for one in ("lowest", "average", "highest")}
            read = reader.printed_by(in_turn, where)
            listed = ", ".join(f"{one} {printed}" for one, printed in read.items())
            if list(read.values()) == sorted(read.values(), key=lambda one: one.value):
                yield table.finding(Level.FITS, listed, "", where)
            else:
                fit = "the average between the lowest and the highest"
                yield table.finding(Level.CANNOT_BE, listed, fit, where)


# --- a mean of what the text lists ----------------------------------------------------------------


def check_derived(tables: Sequence[Table], table: Table) -> Iterator[Finding]:
    """Means of the statements that a report's text lists under a criterion.

    >>> {"kind": "derived", "values": {"3.2": {"listed_items": 2, "mean_of_listed_items": 68.0,
    ...                                        "printed": 68}}}
    """
    reader = Reader(table.place, table.report)
    for criterion, value in reader.mapping(table.raw.get("values"), "values").items():
        entry = reader.mapping(value, criterion)
        listed = reader.printed(entry.get("mean_of_listed_items"), criterion)
        items = reader.count(entry.get("listed_items"), criterion)
        printed = reader.printed(entry.get("printed"), criterion)
        parts = [
            (span, Fraction(1))
            for one in tables
            if (one.report, one.criterion, one.kind) == (table.report, criterion, "body_statement")
            if (span := _sufficient(one)) is not None
        ]
        if listed is None or items != len(parts) or not parts:
            what = f"{items} items are said to be listed, and the file has {len(parts)}"
            yield table.finding(Level.NOT_CHECKED, what, "", criterion)
        else:
            yield _mean(table, listed, parts, f"of the {items} listed", criterion)
        if printed is not None and listed is not None and printed not in listed.span.printed():
            what = "a score of more questions than the text lists"
            yield table.finding(Level.NOT_CHECKED, what, "", criterion)
    yield from reader.faults


def _sufficient(statement: Table) -> Span | None:
    """Return a statement's sufficient share; "54% insufficient" counts as 46% sufficient."""
    column, polarity = statement.columns[0], statement.raw.get("polarity")
    count, printed = column.counts.get(ONLY), column.percents.get(ONLY)
    if isinstance(polarity, str) and polarity.startswith("descriptive"):
        return None
    if printed is not None:
        span = printed.span
    elif count is not None and column.base:
        span = Span.of(count, column.base)
    else:
        return None
    return Span(100 - span.high, 100 - span.low) if is_failure(polarity) else span


# --- samples --------------------------------------------------------------------------------------


def check_samples(table: Table) -> Iterator[Finding]:
    """Samples and their parts: one or more ways in which the same total is made up, in order.

    >>> {"kind": "sample_sizes", "values": {"court": {"total": 67, "CRC": 48, "NPS": 19}}}
    """
    reader = Reader(table.place, table.report)
    for name, value in reader.mapping(table.raw.get("values"), "values").items():
        sizes = reader.counts_by(value if isinstance(value, dict) else {"total": value}, name)
        total = sizes.pop("total", None)
        parts = {part: size for part, size in sizes.items() if not RESTATED.fullmatch(part)}
        if total is None or not parts:
            what = "no total is printed" if parts else "a total alone: its parts are not printed"
            yield table.finding(Level.NOT_CHECKED, what, "", name)
            continue
        open_sum = 0
        for size in parts.values():
            open_sum = 0 if open_sum + size == total else open_sum + size
        listed = ", ".join(f"{part} {size}" for part, size in parts.items())
        if open_sum:
            what = f"the parts do not add up to the total of {total}: {listed}"
            fit = f"a total of {open_sum}, or parts that add up to {total}"
            yield table.finding(Level.CANNOT_BE, what, fit, name)
        else:
            yield table.finding(Level.FITS, f"the parts add up to {total}: {listed}", "", name)
    yield from reader.faults


# --- the same figure in several places ------------------------------------------------------------


def scores_said(table: Table) -> Iterator[Said]:
    reader = Reader(table.place, table.report)
    criteria, headlines, sections = _read_scores(reader, table.raw)
    printed = [("criterion", one.name, table.place, one.scores) for one in criteria]
    printed += [("headline", one.name, table.place, one.scores) for one in headlines]
    for section in sections:
        own = section.criteria if section.raw else ()
        printed += [("criterion", one.name, table.place, one.scores) for one in own]
        printed.append(("section", section.name, section.place or table.place, section.scores))
    for what, name, where, scores in printed:
        for column, figure in scores.items():
            place = f"{table.place}: {' '.join(one for one in (what, name, column) if one)}"
            yield Said(table.report, (what, name, column), place, where, str(figure))


def derived_said(table: Table) -> Iterator[Said]:
    reader = Reader(table.place, table.report)
    for name, value in reader.mapping(table.raw.get("values")).items():
        figure = reader.printed(reader.mapping(value).get("printed"))
        if figure is not None:
            place = f"{table.place}: criterion {name}"
            yield Said(table.report, ("criterion", name, ONLY), place, table.place, str(figure))


def samples_said(table: Table) -> Iterator[Said]:
    reader = Reader(table.place, table.report)
    for name, value in reader.mapping(table.raw.get("values")).items():
        for part, size in reader.counts_by(value if isinstance(value, dict) else {}).items():
            restated = RESTATED.fullmatch(part)
            of = restated["part"] if restated else part
            where = restated["where"] if restated else table.place
            place = f"{table.place}: {name}, {of}"
            yield Said(table.report, ("sample", name, of), place, where, str(size))
