"""A store to measure with: cases that are answered already, and cases still to be walked."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from unittest.mock import patch

from criteria.case import Answer, Case
from criteria.case_status import Status
from criteria.inspection import Inspection, Member, Role
from criteria.instrument.load import load_pack
from storage.store import Store
from tests.benchmarks.long_pack import FORM, QUESTIONS, long_pack, question_name
from tests.files_store import files_store

AT: Final = "2026-11-20T10:00:00Z"
INSPECTION: Final = "week"
ANSWERED: Final = "S"
"""How the references of the cases begin that have all their answers."""
FIRST_CHAT: Final = 7_001
LEAD_CHAT: Final = 7_000
LONG_AGO: Final = 1_700_000_000.0


def prepare(folder: Path, *, inspectors: int, answered: int, fresh_each: int) -> list[list[str]]:
    """Make an embedded store. See :func:`fill`."""

    async def make() -> list[list[str]]:
        store = files_store(folder)
        fresh = await fill(store, inspectors=inspectors, answered=answered, fresh_each=fresh_each)
        await store.close()
        return fresh

    with _unsynced():
        fresh = asyncio.run(make())
    for path in folder.rglob("*"):
        os.utime(path, (LONG_AGO, LONG_AGO))  # what is recent is synced anew when a bot starts
    return fresh


async def fill(
    store: Store, *, inspectors: int, answered: int, fresh_each: int, begun: bool = False
) -> list[list[str]]:
    """Put an inspection into an empty store. Gives the references of each inspector's fresh cases.

    ``answered`` cases have all their 150 answers and are shared out among the inspectors; every
    second one is submitted. Fresh cases have no answers; or, where they are ``begun``, from none to
    nearly all, as the cases of a busy day have.
    """
    pack = load_pack(long_pack())
    people = [f"I{number}" for number in range(1, inspectors + 1)]
    whole = _answers(QUESTIONS)
    cases = [
        Case(
            f"{ANSWERED}{number:05d}",
            FORM,
            people[number % inspectors],
            (Status.IN_PROGRESS, Status.SUBMITTED)[number % 2],
            {},
            whole,
        )
        for number in range(answered)
    ]
    fresh = [[f"{person}-{place}" for place in range(fresh_each)] for person in people]
    for number, (person, references) in enumerate(zip(people, fresh, strict=True)):
        for place, one in enumerate(references):
            answers = _answers((number * 37 + place * 53) % QUESTIONS if begun else 0)
            status = Status.IN_PROGRESS if answers else Status.ASSIGNED
            cases.append(Case(one, FORM, person, status, {}, answers))
    inspection = Inspection(INSPECTION, "A week", pack.name, pack.version)
    await store.create_inspection(inspection, pack, cases, at=AT)
    await store.add_member(INSPECTION, _chat(LEAD_CHAT), Member("L1", Role.LEAD), at=AT)
    for place, person in enumerate(people):
        member = Member(person, Role.INSPECTOR)
        await store.add_member(INSPECTION, _chat(FIRST_CHAT + place), member, at=AT)
    return fresh


def _answers(count: int) -> dict[str, Answer]:
    """To the first so many questions."""
    return {question_name(number): Answer("yes", None, "I1", AT) for number in range(1, count + 1)}


def _chat(number: int) -> str:
    return f"tg-{number}"


@contextlib.contextmanager
def _unsynced() -> Iterator[None]:
    """Nothing is lost yet if the machine stops now; 10,000 files are there in seconds."""
    with patch.object(os, "fsync", lambda _: None):
        yield
    if hasattr(os, "sync"):
        os.sync()  # so that the measuring does not wait for it
