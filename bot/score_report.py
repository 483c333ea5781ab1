"""The score summary as text: what ``casewalk score`` prints for a person."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import shorten

from criteria.pack import NA, NOT_KNOWN
from criteria.scoring import InspectionScore, QuestionScore, Score, percent


def score_report(score: InspectionScore) -> str:
    """Criteria first, then every question with its counts and percentages."""
    pack = score.pack
    cases = "1 case" if score.cases == 1 else f"{score.cases} cases"
    lines = [f"{pack.text(pack.title)}, version {pack.version}: {cases}", ""]
    for section in pack.sections:
        lines.append(_row(score.sections[section.name], pack.text(section.label)))
        for criterion in section.criteria:
            label = f"{criterion.number} {pack.text(criterion.label)}"
            lines.append(f"  {_row(score.criteria[criterion.name], label)}")
    if pack.headlines:
        lines.append("")
        lines += [_row(score.headlines[one.name], pack.text(one.label)) for one in pack.headlines]
    for form in pack.forms:
        lines += ["", pack.text(form.label)]
        lines += [
            line
            for question in score.questions.values()
            if question.form == form.name
            for line in _question_rows(score, question)
        ]
    if score.warnings:
        lines += ["", "Warnings", *(f"  {warning}" for warning in score.warnings)]
    return "\n".join(lines)


def _row(one: Score, label: str) -> str:
    figure = "  –  " if one.percent is None else f"{one.percent:3d}% "
    comment = f"  {one.band.name}" if one.band else ""
    return f"{figure} {label}{comment}"


def _question_rows(score: InspectionScore, one: QuestionScore) -> Iterable[str]:
    question = one.question
    label = shorten(score.pack.text(question.label), 64, placeholder="…")
    if one.proportion is not None:
        figure = f"{percent(one.proportion)}% ({one.sufficient} of {one.relevant})"
    else:
        figure = f"({one.relevant} answered)" if one.relevant else "(no base)"
    yield f"  {question.number:<6} {label:<64} {figure}{_aside(one)}"
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
