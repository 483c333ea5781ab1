"""How far an inspection is, worked out from the list of its cases."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from criteria.case import CaseKey
from criteria.case_status import Status
from criteria.case_summary import CaseSummary
from criteria.relevance import Progress

BEGUN: Final = (Status.IN_PROGRESS, Status.RETURNED)


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """Cases submitted, begun and in all; questions answered of relevant over all of them."""

    submitted: int
    begun: int
    cases: int
    progress: Progress

    @property
    def complete(self) -> bool:
        return 0 < self.cases == self.submitted


class _Count:
    __slots__ = ("answered", "begun", "cases", "relevant", "submitted")

    def __init__(self) -> None:
        self.submitted = self.begun = self.cases = self.answered = self.relevant = 0

    def add(self, line: CaseSummary, times: int = 1) -> None:
        status, progress = line.status, line.progress
        if status.is_in:
            self.submitted += times
        elif status in BEGUN:
            self.begun += times
        self.cases += times
        self.answered += progress.answered * times
        self.relevant += progress.relevant * times

    def case_counts(self) -> CaseCounts:
        progress = Progress(self.answered, self.relevant)
        return CaseCounts(self.submitted, self.begun, self.cases, progress)


def case_counts(lines: Iterable[CaseSummary]) -> CaseCounts:
    count = _Count()
    for line in lines:
        count.add(line)
    return count.case_counts()


def by_inspector(lines: Iterable[CaseSummary]) -> dict[str | None, CaseCounts]:
    """How far each inspector's cases are; None gathers the unassigned."""
    counts: defaultdict[str | None, _Count] = defaultdict(_Count)
    for line in lines:
        counts[line.inspector].add(line)
    return _in_order(counts)


def _in_order(counts: Mapping[str | None, _Count]) -> dict[str | None, CaseCounts]:
    """By name, None last; without those that have no case any more."""
    names = sorted(counts, key=lambda name: (name is None, name or ""))
    return {name: counts[name].case_counts() for name in names if counts[name].cases}


class InspectionCounts:
    """How far the whole inspection is. :meth:`follow` counts only the lines that changed."""

    def __init__(self) -> None:
        self.lines: Sequence[CaseSummary] = ()
        self._whole = _Count()
        self._inspectors: defaultdict[str | None, _Count] = defaultdict(_Count)
        self._samples: defaultdict[str | None, _Count] = defaultdict(_Count)
        self._criteria: defaultdict[str | None, list[int]] = defaultdict(lambda: [0, 0])

    def follow(self, lines: Sequence[CaseSummary]) -> None:
        for before, now in zip_longest(self.lines, lines):
            if before is not now and before != now:
                if before is not None:
                    self._add(before, -1)
                if now is not None:
                    self._add(now, 1)
        self.lines = lines

    def _add(self, line: CaseSummary, times: int) -> None:
        self._whole.add(line, times)
        self._inspectors[line.inspector].add(line, times)
        self._samples[line.sample].add(line, times)
        for name, progress in line.by_criterion.items():
            counts = self._criteria[name]
            counts[0] += progress.answered * times
            counts[1] += progress.relevant * times

    @property
    def whole(self) -> CaseCounts:
        return self._whole.case_counts()

    @property
    def by_inspector(self) -> dict[str | None, CaseCounts]:
        """None gathers the unassigned."""
        return _in_order(self._inspectors)

    @property
    def by_sample(self) -> dict[str | None, CaseCounts]:
        """By list of the sample; None gathers the cases whose list is not known yet."""
        return _in_order(self._samples)

    @property
    def by_criterion(self) -> dict[str | None, Progress]:
        """Questions answered of relevant; None gathers the facts about a case."""
        return {name: Progress(*counts) for name, counts in self._criteria.items() if counts[1]}


def longest_untouched(lines: Iterable[CaseSummary]) -> list[CaseSummary]:
    """Return the cases that were begun or returned, the one longest untouched first."""
    return sorted((line for line in lines if line.status in BEGUN), key=lambda line: line.at)


def may_see(inspector: str | None, person: str, *, lead: bool, other: str | None = None) -> bool:
    """A lead sees every case, an inspector the own ones and those that nobody has yet.

    ``other`` is whose the case's other reading is. Neither reader ever sees the other's, not even
    one that was taken from its inspector.
    """
    return lead or inspector == person or (inspector is None and other != person)


def visible_to(lines: Sequence[CaseSummary], person: str, *, lead: bool) -> list[CaseSummary]:
    readers = {line.key: line.inspector for line in lines}
    return [
        line
        for line in lines
        if may_see(line.inspector, person, lead=lead, other=readers.get(line.key.other_reading))
    ]


def like_references(typed: str, references: Iterable[str]) -> list[str]:
    """Return those that differ from the typed one in case and zeros only: ``C001`` for ``c1``."""
    wanted = _plain(typed)
    return [one for one in dict.fromkeys(references) if _plain(one) == wanted]


def _plain(reference: str) -> str:
    return re.sub(r"(?<!\d)0+(?=\d)", "", reference.casefold())


def next_case(lines: Sequence[CaseSummary], after: CaseKey | None) -> CaseSummary | None:
    place = next((i for i, line in enumerate(lines) if line.key == after), -1)
    ordered = [*lines[place + 1 :], *lines[: place + 1]]
    return next((line for line in ordered if not line.status.is_in), None)
