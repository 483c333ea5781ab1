"""An inspection's scores, from counts that are kept: a case is read again when it changed."""

import asyncio
from collections.abc import Iterable, Sequence
from itertools import chain, compress, repeat
from operator import is_not
from typing import Final
from weakref import WeakKeyDictionary

from criteria.case import Case, CaseKey
from criteria.case_summary import CaseSummary
from criteria.scoring.score import InspectionScore, score_tallies
from criteria.scoring.tally import CountedCases
from storage.errors import Damaged, NotFound
from storage.store import Store

MAX_ONE_BY_ONE: Final = 50
"""So many cases are read one by one; the store keeps five times as many at hand."""


class _Scored:
    """The counts of an inspection's cases as its overview had them when they were last asked for.

    A line that is another object than before tells of a case that was written since.
    """

    def __init__(self) -> None:
        self.lines: Sequence[CaseSummary] = ()
        self.counted = CountedCases()
        self.lock = asyncio.Lock()


_scored: Final[WeakKeyDictionary[Store, dict[str, _Scored]]] = WeakKeyDictionary()


async def inspection_score(
    store: Store, inspection_id: str, lines: Sequence[CaseSummary]
) -> tuple[InspectionScore, list[CaseKey]]:
    """The scores of the cases of this overview, and which of these could not be read.

    Those are not counted, and looked at again the next time.
    """
    pack = await store.pack(inspection_id)
    kept = _scored.setdefault(store, {}).setdefault(inspection_id, _Scored())
    async with kept.lock:
        changed = _without(lines, kept.lines)
        for line in _without(kept.lines, lines):
            kept.counted.forget(line.key)
        kept.lines = _without(lines, changed)
        wanted = {line.key for line in changed if line.damaged is None}
        read = set()
        for case in await _cases(store, inspection_id, wanted):
            form = pack.form(case.form)
            if form is not None and case.key in wanted:
                kept.counted.count(form, case)
                read.add(case.key)
            await asyncio.sleep(0)  # the other conversations have their turn
        unread = [line for line in changed if line.key not in read]
        kept.lines = _without(lines, unread)
        return score_tallies(pack, kept.counted.tallies), [line.key for line in unread]


def _without(lines: Sequence[CaseSummary], others: Sequence[CaseSummary]) -> Sequence[CaseSummary]:
    """The lines that are none of the very ``others``; in no time where nearly all are."""
    left = list(compress(lines, map(is_not, lines, chain(others, repeat(None)))))
    if not (left and others):
        return left
    known = {id(line) for line in others}
    return [line for line in left if id(line) not in known]


async def _cases(store: Store, inspection_id: str, keys: Iterable[CaseKey]) -> list[Case]:
    """Those that can be read: a few by themselves, many at once with all the others."""
    keys = sorted(keys)
    if len(keys) > MAX_ONE_BY_ONE:
        try:
            return await store.cases(inspection_id)
        except Damaged:  # one of them; the others are read by themselves
            pass
    cases = []
    for key in keys:
        try:
            case, _, _ = await store.load_case(inspection_id, key, "")
        except (Damaged, NotFound):
            continue
        cases.append(case)
        await asyncio.sleep(0)
    return cases
