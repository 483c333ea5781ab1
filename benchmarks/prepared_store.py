"""A store to measure with: cases that are answered already, and cases still to be walked."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from unittest.mock import patch

from benchmarks.long_pack import FORM, QUESTIONS, long_pack, question_name
from criteria.case import Answer, Case, Status
from criteria.inspection import Inspection, Member, Role
from criteria.load_pack import load_pack
from storage.tinydb_store import TinyDBStore

AT: Final = "2026-11-20T10:00:00Z"
INSPECTION: Final = "week"
FIRST_CHAT: Final = 7_001
LEAD_CHAT: Final = 7_000
LONG_AGO: Final = 1_700_000_000.0


def prepare(folder: Path, *, inspectors: int, answered: int, fresh_each: int) -> list[list[str]]:
    """Make the store. Gives the references of each inspector's fresh cases.

    ``answered`` cases have all their 150 answers and are shared out among the inspectors; every
    second one is submitted.
    """
    pack = load_pack(long_pack())
    people = [f"I{number}" for number in range(1, inspectors + 1)]
    answers = {
        question_name(number): Answer("yes", None, "I1", AT) for number in range(1, QUESTIONS + 1)
    }
    cases = [
        Case(
            f"S{number:05d}",
            FORM,
            people[number % inspectors],
            (Status.IN_PROGRESS, Status.SUBMITTED)[number % 2],
            {},
            answers,
        )
        for number in range(answered)
    ]
    fresh = [[f"{person}-{place}" for place in range(fresh_each)] for person in people]
    for person, references in zip(people, fresh, strict=True):
        cases += [Case(one, FORM, person, Status.ASSIGNED) for one in references]
    inspection = Inspection(INSPECTION, "A week", pack.name, pack.version)

    async def make() -> None:
        store = TinyDBStore(folder)
        await store.create_inspection(inspection, pack, cases, at=AT)
        await store.add_member(INSPECTION, _chat(LEAD_CHAT), Member("L1", Role.LEAD), at=AT)
        for place, person in enumerate(people):
            member = Member(person, Role.INSPECTOR)
            await store.add_member(INSPECTION, _chat(FIRST_CHAT + place), member, at=AT)
        await store.close()

    with _unsynced():
        asyncio.run(make())
    for path in folder.rglob("*"):
        os.utime(path, (LONG_AGO, LONG_AGO))  # what is recent is synced anew when a bot starts
    return fresh


def _chat(number: int) -> str:
    return f"tg-{number}"


@contextlib.contextmanager
def _unsynced() -> Iterator[None]:
    """Nothing is lost yet if the machine stops now; 10,000 files are there in seconds."""
    with patch.object(os, "fsync", lambda _: None):
        yield
    if hasattr(os, "sync"):
        os.sync()  # so that the measuring does not wait for it
