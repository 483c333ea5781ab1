"""The rows of progress: questions answered of those that apply, by criterion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from criteria.instrument.pack import Pack
from criteria.relevance import Progress
from criteria.report.labels import criterion_label


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """``label`` is None of the questions that belong to no criterion."""

    label: str | None
    progress: Progress


def progress_rows(
    pack: Pack, by_criterion: Mapping[str | None, Progress], language: str | None = None
) -> tuple[ProgressRow, ...]:
    """In the pack's order; what belongs to no criterion comes last."""
    labels = {one.name: criterion_label(pack, one, language) for one in pack.criteria.values()}
    return tuple(
        ProgressRow(labels.get(name or ""), by_criterion[name])
        for name in (*labels, None)
        if name in by_criterion
    )
