"""How the sheets call a question's form, criterion and headlines."""

from __future__ import annotations

from collections.abc import Iterable

from criteria.pack import Pack, Question
from storage.exports.report_words import criterion_words


def form_words(pack: Pack, name: str) -> str:
    form = pack.form(name)
    return pack.text(form.label) if form else name


def criterion_of(pack: Pack, question: Question) -> str | None:
    criterion = pack.criteria.get(question.criterion or "")
    return criterion_words(pack, criterion) if criterion else None


def headline_words(pack: Pack, names: Iterable[str]) -> str:
    labels = {headline.name: pack.text(headline.label) for headline in pack.headlines}
    return "; ".join(labels.get(name, name) for name in names)
