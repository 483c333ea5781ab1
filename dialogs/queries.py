"""How far an inspection is: what a lead asks, worked out from the list of its cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from criteria.case import CaseKey, Status
from criteria.relevance import Progress


class CaseLine(Protocol):
    """One case of the list: its key, whose it is, where it stands, how far it is, and when it last
    changed (ISO, UTC). ``sample`` is the list of the sample it is on.
    """

    @property
    def key(self) -> CaseKey: ...
    @property
    def inspector(self) -> str | None: ...
    @property
    def status(self) -> Status: ...
    @property
    def progress(self) -> Progress: ...
    @property
    def by_criterion(self) -> Mapping[str | None, Progress]: ...
    @property
    def sample(self) -> str | None: ...
    @property
    def at(self) -> str: ...


Line = TypeVar("Line", bound=CaseLine)

BEGUN: Final = frozenset({Status.IN_PROGRESS, Status.RETURNED})


@dataclass(frozen=True, slots=True)
class HowFar:
    """Cases submitted, begun and in all, and questions answered of relevant over all of them."""

    submitted: int
    begun: int
    cases: int
    progress: Progress

    @property
    def complete(self) -> bool:
        return 0 < self.cases == self.submitted


def how_far(lines: Sequence[CaseLine]) -> HowFar:
    return HowFar(
        submitted=sum(line.status.is_in for line in lines),
        begun=sum(line.status in BEGUN for line in lines),
        cases=len(lines),
        progress=sum((line.progress for line in lines), Progress(0, 0)),
    )


def by_inspector(lines: Sequence[CaseLine]) -> dict[str | None, HowFar]:
    """How far each inspector's cases are; None gathers the unassigned."""
    people = sorted({line.inspector for line in lines}, key=lambda who: (who is None, who or ""))
    return {who: how_far([line for line in lines if line.inspector == who]) for who in people}


def by_criterion(lines: Iterable[CaseLine]) -> dict[str | None, Progress]:
    """Questions answered of relevant over all cases; None gathers the facts about a case."""
    progress: dict[str | None, Progress] = {}
    for line in lines:
        for name, one in line.by_criterion.items():
            before = progress.get(name)
            progress[name] = one if before is None else before + one
    return progress


def by_sample(lines: Sequence[CaseLine]) -> dict[str | None, HowFar]:
    """How far each list of the sample is; None gathers cases whose list is not known yet."""
    names = sorted({line.sample for line in lines}, key=lambda name: (name is None, name or ""))
    return {name: how_far([line for line in lines if line.sample == name]) for name in names}


def longest_untouched(lines: Iterable[Line]) -> list[Line]:
    """Cases that were begun or returned and are not in, the one longest untouched first."""
    return sorted((line for line in lines if line.status in BEGUN), key=lambda line: line.at)


def may_see(inspector: str | None, person: str, *, lead: bool) -> bool:
    """A lead sees every case, an inspector the own ones and those that nobody has yet."""
    return lead or inspector in (person, None)


def visible_to(lines: Sequence[Line], person: str, *, lead: bool) -> list[Line]:
    return [line for line in lines if may_see(line.inspector, person, lead=lead)]


def next_case(lines: Sequence[Line], after: CaseKey | None) -> Line | None:
    """The next case in the list that is not submitted, going round once."""
    place = next((i for i, line in enumerate(lines) if line.key == after), -1)
    ordered = [*lines[place + 1 :], *lines[: place + 1]]
    return next((line for line in ordered if not line.status.is_in), None)
