"""The score summary as text: what ``casewalk score`` prints for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from textwrap import shorten
from typing import Any

from criteria.adjustments import Adjustment
from criteria.case import Case
from criteria.comparison import RegionRange
from criteria.outlook import criterion_range, next_band
from criteria.pack import NA, NOT_KNOWN, Criterion, Pack, Section
from criteria.score_document import criterion_interval, question_interval
from criteria.scoring import InspectionScore, QuestionScore, Score, percent
from criteria.tables import tables_document

LABEL = 60
NOT_COUNTED = " [not in the score]"
"""After a judgement that counts towards no criterion; a fact has no percentage to be mistaken."""


def score_report(  # noqa: PLR0913  # what may be known besides, each by its name
    score: InspectionScore,
    cases: Sequence[Case] = (),
    *,
    adjustments: Mapping[str, Adjustment] | None = None,
    region: Mapping[str, RegionRange] | None = None,
    title: str | None = None,
    caseload: int | None = None,
) -> str:
    """Criteria first, then every question with its counts, then the pack's tables."""
    pack = score.pack
    said = adjustments or {}
    lines = [f"{title}: {_how_many(cases)}"] if title else []
    lines += [f"{pack.text(pack.title)}, version {pack.version}: {_count(score.cases)}", ""]
    for section in pack.sections:
        lines += [*_section_rows(score, section, said, caseload), ""]
    if pack.headlines:
        for one in pack.headlines:
            lines.append(_row(score.headlines[one.name], pack.text(one.label), said.get(one.name)))
        lines.append("")
    if pack.bands and pack.bands_basis == "inferred":
        lines += ["The cut-points of the comments are inferred, not published.", ""]
    lines += _region_rows(score, region or {})
    for form in pack.forms:
        rows = [
            line
            for question in score.questions.values()
            if question.form == form.name and _is_told(question)
            for line in _question_rows(score, question, caseload)
        ]
        lines += [pack.text(form.label), *rows, ""] if rows else []
    for table in tables_document(pack, cases) if cases else ():
        lines += _table_rows(pack, table)
    if score.warnings:
        lines += ["Read with care", *(f"  {warning}" for warning in score.warnings)]
    return "\n".join(lines).rstrip()


# --- criteria -----------------------------------------------------------------------------------


def _how_many(cases: Sequence[Case]) -> str:
    submitted = sum(case.status.is_in for case in cases)
    return f"{submitted} of {len(cases)} submitted; every answer given counts"


def _count(cases: int) -> str:
    return "1 case" if cases == 1 else f"{cases} cases"


def _section_rows(
    score: InspectionScore,
    section: Section,
    said: Mapping[str, Adjustment],
    caseload: int | None,
) -> Iterable[str]:
    label = score.pack.text(section.label)
    yield label if section.by_levels else _row(score.sections[section.name], label)
    for criterion in section.criteria:
        yield f"  {_criterion_row(score, criterion, said.get(criterion.name), caseload)}"


def _criterion_row(
    score: InspectionScore,
    criterion: Criterion,
    adjustment: Adjustment | None,
    caseload: int | None,
) -> str:
    """The score with its 95% interval, what it can still become, and how near the next band is."""
    name, label = criterion.name, f"{criterion.number} {score.pack.text(criterion.label)}"
    if name in score.levels:
        level = score.levels[name]
        follows = score.pack.text(level.label) if level else "not followed up"
        return f"{label}: {follows}{_by_the_lead(adjustment)}"
    aside = []
    interval = criterion_interval(score, name, caseload)
    if interval is not None:
        aside.append(f"95% interval {_ends(interval)}")
    coming = criterion_range(score, name)
    if coming is not None and coming.least != coming.most:
        aside.append(f"can still become {percent(coming.least)}% to {percent(coming.most)}%")
    nearest = next_band(name, score, score.pack.bands)
    if nearest is not None:
        one = nearest.answers == 1
        answers = "1 insufficient answer" if one else f"{nearest.answers} insufficient answers"
        aside.append(f"{nearest.band.name} if {answers} had been sufficient")
    row = _row(score.criteria[name], label, adjustment)
    return row + (f"  ({'; '.join(aside)})" if aside else "")


def _row(one: Score, label: str, adjustment: Adjustment | None = None) -> str:
    figure = "  –  " if one.percent is None else f"{one.percent:3d}% "
    comment = f"  {one.band.name}" if one.band else ""
    return f"{figure} {label}{comment}{_by_the_lead(adjustment)}"


def _by_the_lead(adjustment: Adjustment | None) -> str:
    return f"; by the lead {adjustment.to}: {adjustment.reason}" if adjustment else ""


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


def _question_rows(
    score: InspectionScore, one: QuestionScore, caseload: int | None
) -> Iterable[str]:
    question = one.question
    label = shorten(score.pack.text(question.label), LABEL, placeholder="…")
    if one.proportion is not None:
        interval = question_interval(score, one, caseload)
        sure = f", {_ends(interval)}" if interval else ""
        figure = f"{percent(one.proportion)}% ({one.sufficient} of {one.relevant}{sure})"
    else:
        figure = f"({one.relevant} answered)" if one.relevant else "(no base)"
    apart = "" if question.is_scored or one.sufficient is None else NOT_COUNTED
    yield f"  {question.number:<6} {label:<{LABEL}} {figure}{apart}{_aside(one)}"
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


def _table_rows(pack: Pack, table: Mapping[str, Any]) -> Iterable[str]:
    """A table as text; nothing of one that no case fills."""
    rows = list(_KINDS[table["kind"]](pack, table))
    if rows:
        yield table["label"] + (f"  [{table['source']}]" if table["source"] else "")
        yield from rows
        yield ""


def _agreement_rows(_pack: Pack, table: Mapping[str, Any]) -> Iterable[str]:
    if not table["pairs"]:
        return
    kappa = "" if table["kappa"] is None else f", kappa {table['kappa']:.2f}"
    yield f"  {table['agree']} of {table['pairs']} agree ({table['percent']}%){kappa}"
    for pair in table["cross"]:
        yield f"  {pair['cases']:5d}  {' / '.join(pair['answers'])}"


def _answer_rows(pack: Pack, table: Mapping[str, Any]) -> Iterable[str]:
    """A row's answers, a line for each column that has any."""
    for row in table["rows"]:
        filled = [
            (column, cell)
            for column, cell in zip(table["columns"], row["cells"], strict=True)
            if cell is not None and cell["base"]
        ]
        if filled:
            yield f"  {row['label']}"
        for column, cell in filled:
            labels = _labels(pack, cell["question"])
            shares = ", ".join(
                f"{labels.get(name, name)} {share}%"
                for name, share in cell["percents"].items()
                if share is not None
            )
            yield f"    {column:<24} {shares} (of {cell['base']})"


def _labels(pack: Pack, name: str) -> dict[str, str]:
    """A question's choices as people read them."""
    question = next(form.by_name[name] for form in pack.forms if name in form.by_name)
    return {choice.name: pack.text(choice.label) for choice in question.choices}


def _factor_rows(_pack: Pack, table: Mapping[str, Any]) -> Iterable[str]:
    if any(row["cases"] for row in table["rows"]):
        yield f"  {'':<{LABEL}} cases  enough progress"
        for row in table["rows"]:
            share = "–" if row["percent"] is None else f"{row['percent']}%"
            yield f"  {row['label']:<{LABEL}} {row['cases']:5d}  {share}"


def _number_rows(_pack: Pack, table: Mapping[str, Any]) -> Iterable[str]:
    for row in table["rows"]:
        if row["answered"]:
            figures = ", ".join(f"{name} {row[name]}" for name in _NUMBERS)
            yield f"  {row['label']:<{LABEL}} {figures}"


_NUMBERS = ("answered", "total", "least", "most", "mean")
_KINDS = {
    "agreement": _agreement_rows,
    "answers": _answer_rows,
    "factors": _factor_rows,
    "numbers": _number_rows,
}


def _ends(interval: tuple[float, float]) -> str:
    low, high = (percent(Fraction(end)) for end in interval)
    return f"{low}% to {high}%"
