"""How a pack names its parts to a reader: forms, criteria, headlines, bands and levels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from criteria.instrument.pack import Criterion, Pack
from criteria.question import Question


@dataclass(frozen=True, slots=True)
class Named:
    """A band or a level: its name in the pack, and its label for a reader."""

    name: str
    label: str


def named(pack: Pack, name: str, language: str | None = None) -> Named:
    """Return the band or level of that name; a name without a label is its own label."""
    rules = pack.levels.rules if pack.levels else ()
    labels = {rule.name: rule.label for rule in rules}
    labels |= {band.name: band.label for band in pack.bands if band.label}
    return Named(name, pack.text(labels[name], language) if name in labels else name)


def criterion_label(pack: Pack, criterion: Criterion, language: str | None = None) -> str:
    """``1.2 Planning to minimise risk of harm``"""
    return f"{criterion.number} {pack.text(criterion.label, language)}"


def criterion_of(pack: Pack, question: Question) -> str | None:
    criterion = pack.criteria.get(question.criterion or "")
    return criterion_label(pack, criterion) if criterion else None


def form_label(pack: Pack, name: str) -> str:
    form = pack.form(name)
    return pack.text(form.label) if form else name


def headline_labels(pack: Pack, names: Iterable[str]) -> str:
    labels = {headline.name: pack.text(headline.label) for headline in pack.headlines}
    return "; ".join(labels.get(name, name) for name in names)


def criterion_numbers(pack: Pack, names: Iterable[str]) -> str:
    """Return the numbers of criteria; a name that is not in the pack stays."""
    numbers = {name: criterion.number for name, criterion in pack.criteria.items()}
    return ", ".join(numbers.get(name, name) for name in names)


def question_numbers(pack: Pack, names: Iterable[str]) -> str:
    numbers = {question.name: question.number for form in pack.forms for question in form.questions}
    return ", ".join(numbers.get(name, name) for name in names)
