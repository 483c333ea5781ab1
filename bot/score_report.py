"""The score summary as text: what ``casewalk score`` prints for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from textwrap import shorten
from typing import Any

from criteria.adjustments import Adjustment
from criteria.case import Case
from criteria.comparison import RegionRange
from criteria.intervals import wilson
from criteria.outlook import criterion_ranges, next_band
from criteria.pack import NA, NOT_KNOWN, Criterion, Section
from criteria.score_document import criterion_interval
from criteria.scoring import InspectionScore, QuestionScore, Score, percent
from criteria.tables import tables_document

LABEL = 60


def score_report(
    score: InspectionScore,
    cases: Sequence[Case] = (),
    adjustments: Mapping[str, Adjustment] | None = None,
    region: Mapping[str, RegionRange] | None = None,
) -> str:
    """Criteria first, then every question with its counts, then the pack's tables."""
    pack = score.pack
    count = "1 case" if score.cases == 1 else f"{score.cases} cases"
    lines = [f"{pack.text(pack.title)}, version {pack.version}: {count}", ""]
    for section in pack.sections:
        lines += [*_section_rows(score, section), ""]
    if pack.headlines:
        lines += [_row(score.headlines[one.name], pack.text(one.label)) for one in pack.headlines]
        lines.append("")
    lines += _region_rows(score, region or {})
    for form in pack.forms:
        rows = [
            line
            for question in score.questions.values()
            if question.form == form.name and _is_told(question)
            for line in _question_rows(score, question)
        ]
        lines += [pack.text(form.label), *rows, ""] if rows else []
    for table in tables_document(pack, cases) if cases else ():
        lines += [*_table_rows(table), ""]
    if adjustments:
        lines += ["By the lead"]
        lines += [f"  {name}: {one.to}. {one.reason}" for name, one in adjustments.items()]
        lines.append("")
    if score.warnings:
        lines += ["Read with care", *(f"  {warning}" for warning in score.warnings)]
    return "\n".join(lines).rstrip()


# --- criteria -----------------------------------------------------------------------------------


def _section_rows(score: InspectionScore, section: Section) -> Iterable[str]:
    label = score.pack.text(section.label)
    yield label if section.by_levels else _row(score.sections[section.name], label)
    for criterion in section.criteria:
        yield f"  {_criterion_row(score, criterion)}"


def _criterion_row(score: InspectionScore, criterion: Criterion) -> str:
    """The score with its 95% interval, what it can still become, and how near the next band is."""
    name, label = criterion.name, f"{criterion.number} {score.pack.text(criterion.label)}"
    if name in score.levels:
        level = score.levels[name]
        return f"{label}: {score.pack.text(level.label) if level else 'not followed up'}"
    aside = []
    interval = criterion_interval(score, name)
    if interval is not None:
        aside.append(f"95% interval {_ends(interval)}")
    coming = criterion_ranges(score).get(name)
    if coming is not None and coming.least != coming.most:
        aside.append(f"can still become {percent(coming.least)}% to {percent(coming.most)}%")
    nearest = next_band(name, score, score.pack.bands)
    if nearest is not None:
        more = (
            "1 more sufficient answer"
            if nearest.cases == 1
            else (f"{nearest.cases} more sufficient answers")
        )
        aside.append(f"{more} would make it {nearest.band.name}")
    return _row(score.criteria[name], label) + (f"  ({'; '.join(aside)})" if aside else "")


def _row(one: Score, label: str) -> str:
    figure = "  –  " if one.percent is None else f"{one.percent:3d}% "
    comment = f"  {one.band.name}" if one.band else ""
    return f"{figure} {label}{comment}"


def _region_rows(score: InspectionScore, region: Mapping[str, RegionRange]) -> Iterable[str]:
    """Where a figure stands in its region, as OMI 2 sets headlines beside it (Cheshire, 2011)."""
    if region:
        yield "In the region"
    for name, figures in region.items():
        one = score.criteria.get(name) or score.headlines[name]
        place = "no score" if one.score is None else figures.place(one.score)
        of = f"{figures.lowest}% to {figures.highest}%, {figures.average}% on average"
        yield f"  {name}: {'–' if one.percent is None else f'{one.percent}%'}, {place} ({of})"
    if region:
        yield ""


# --- questions ----------------------------------------------------------------------------------


def _is_told(one: QuestionScore) -> bool:
    """Nothing is told of a form that nobody filled."""
    return bool(one.relevant or one.unanswered or any(one.counts.values()))


def _question_rows(score: InspectionScore, one: QuestionScore) -> Iterable[str]:
    question = one.question
    label = shorten(score.pack.text(question.label), LABEL, placeholder="…")
    if one.proportion is not None:
        interval = wilson(one.sufficient or 0, one.relevant)
        sure = f", {_ends(interval)}" if interval else ""
        figure = f"{percent(one.proportion)}% ({one.sufficient} of {one.relevant}{sure})"
    else:
        figure = f"({one.relevant} answered)" if one.relevant else "(no base)"
    yield f"  {question.number:<6} {label:<{LABEL}} {figure}{_aside(one)}"
    listed = [choice for choice in question.choices if not question.leaves_base(choice.name)]
    if one.relevant and (len(listed) > 2 or one.proportion is None):
        for choice in listed:
            share = one.percent_of(choice.name)
            yield f"{'':9}{one.counts[choice.name]:5d} {share:4d}%  {score.pack.text(choice.label)}"


def _aside(one: QuestionScore) -> str:
    """What is not in the base: N/A, not known and unanswered, each apart."""
    aside = {
        "N/A": one.counts.get(NA, 0),
        "not known": one.counts.get(NOT_KNOWN, 0),
        "unanswered": one.unanswered,
    }
    parts = [f"{number} {what}" for what, number in aside.items() if number]
    return f"; {', '.join(parts)}" if parts else ""


# --- tables -------------------------------------------------------------------------------------


def _table_rows(table: Mapping[str, Any]) -> Iterable[str]:
    yield f"{table['label']}" + (f"  [{table['source']}]" if table["source"] else "")
    if table["kind"] == "agreement":
        yield f"  {table['agree']} of {table['pairs']} agree ({_percent(table['percent'])})" + (
            "" if table["kappa"] is None else f", kappa {table['kappa']:.2f}"
        )
        for pair in table["cross"]:
            yield f"  {pair['cases']:5d}  {' / '.join(pair['answers'])}"
        return
    for row in table["rows"]:
        if table["kind"] == "answers":
            yield from _answer_rows(row, table["columns"])
        elif table["kind"] == "factors":
            yield f"  {row['label']:<{LABEL}} {row['cases']:5d}  {_percent(row['percent'])}"
        else:
            figures = ", ".join(f"{name} {row[name]}" for name in _NUMBERS if row[name] is not None)
            yield f"  {row['label']:<{LABEL}} {figures}"


_NUMBERS = ("answered", "total", "least", "most", "mean")


def _answer_rows(row: Mapping[str, Any], columns: Sequence[str]) -> Iterable[str]:
    """A row's answers, a line for each column that has any."""
    yield f"  {row['label']}"
    for column, cell in zip(columns, row["cells"], strict=True):
        if cell is None or not cell["base"]:
            continue
        shares = ", ".join(
            f"{name} {share}%" for name, share in cell["percents"].items() if share is not None
        )
        yield f"    {column:<24} {shares} (of {cell['base']})"


def _ends(interval: tuple[float, float]) -> str:
    low, high = (percent(Fraction(end)) for end in interval)
    return f"{low}% to {high}%"


def _percent(share: int | None) -> str:
    return "–" if share is None else f"{share}%"
