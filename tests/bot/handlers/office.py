"""The people of a small inspection, each in a chat of their own, over a real store.

A test reads as they talk: ``await office.say("L1", "/assign C001 I2")`` gives what was answered,
``await office.tap("L1", "Agree")`` presses a button of the last answer that had it, and
``office.told["I2"]`` holds what I2 was told unasked.
"""

from __future__ import annotations

from collections import defaultdict
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

from bot.channels.channel import Button, Message, ReceivedFile, Reply, Response
from bot.pipeline import Pipeline
from criteria.case import Case, CaseKey
from criteria.case_status import initial_status
from criteria.inspection import Inspection, Member, Role
from criteria.instrument.load import load_pack
from criteria.instrument.pack import Pack
from storage.store import Store
from tests.files_store import files_store
from tests.walk import TINY, tiny_pack

AT = "2026-11-20T10:00:00Z"
WEEK = "week"
FORM = "case-file"
PEOPLE: Final = ("L1", "I1", "I2", "I3")
ANSWERS: Final = ("male", "yes", "fully", "none", "3", "4/6/2014", "fine", "largely")
"""To every question of the small pack."""


def two_files() -> Pack:
    """The small pack, with a police file on the same subject."""
    document: dict[str, Any] = deepcopy(TINY)
    police = {
        "name": "police-file",
        "label": "Police file",
        "survey": [
            {
                "type": "select_one yes_no",
                "name": "logged",
                "number": "P1",
                "label": "Was it logged?",
                "criterion": "c1",
            }
        ],
    }
    document["forms"].append(police)
    return load_pack(document)


class Office:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
        self.pipeline = Pipeline(store, lambda: self.now)
        self.told: dict[str, list[str]] = defaultdict(list)
        self._last: dict[str, tuple[Reply, ...]] = {}
        self._updates = count(1_000)

    async def say(self, person: str, text: str) -> str:
        return await self.send(Message(person, text=text))

    async def tap(self, person: str, label: str) -> str:
        return await self.send(Message(person, data=self.button(person, label).data))

    async def hand(self, person: str, file: ReceivedFile) -> str:
        return await self.send(Message(person, file=file))

    async def send(self, message: Message) -> str:
        """What is answered, everything in one text; notices go to ``told``."""
        response = await self.receive(message)
        return "\n".join(reply.text for reply in response.replies)

    async def receive(self, message: Message) -> Response:
        self.now += timedelta(seconds=1)
        if message.update is None:
            message = replace(message, update=str(next(self._updates)))
        response = await self.pipeline.receive(message)
        for notification in response.notifications:
            self.told[notification.chat].append(notification.reply.text)
            self._last[notification.chat] = (notification.reply,)
            await self.pipeline.sent(notification)
        self._last[message.chat] = response.replies
        return response

    def button(self, person: str, label: str) -> Button:
        for reply in reversed(self._last[person]):
            for row in reply.buttons:
                for button in row:
                    if button.label == label:
                        return button
        raise AssertionError(f"no button {label!r} among {self.labels(person)}")

    def labels(self, person: str) -> list[str]:
        """Every button of the last answer."""
        rows = [row for reply in self._last[person] for row in reply.buttons]
        return [button.label for row in rows for button in row]

    def documents(self, person: str) -> dict[str, bytes]:
        replies = self._last[person]
        return {one.document.filename: one.document.make() for one in replies if one.document}

    async def submit(self, person: str, case: str = "C001", *, c1: str = "largely") -> str:
        """Answer a whole case file, ``c1`` to its last question, and hand it in."""
        card = await self.say(person, f"/case {case}")
        for text in (*ANSWERS["· A1 ·" not in card : -1], c1):
            await self.say(person, text)
        return await self.say(person, "/submit")

    async def case(self, case: str = "C001", form: str = FORM, reading: int = 1) -> Case:
        found, _, _ = await self.store.load_case(WEEK, CaseKey(case, form, reading), "L1")
        return found


async def open_office(
    directory: Path,
    *,
    pack: Pack | None = None,
    cases: list[Case] | None = None,
    time_zone: str | None = None,
) -> Office:
    """L1 leads; I1, I2 and I3 inspect. C001 to C003 are I1's, and C004 is nobody's."""
    pack = pack or tiny_pack()
    if cases is None:
        whose = {"C001": "I1", "C002": "I1", "C003": "I1", "C004": None}
        cases = [Case(name, FORM, one, initial_status(one)) for name, one in whose.items()]
    store = files_store(directory)
    inspection = Inspection(WEEK, "Week one", pack.name, pack.version, time_zone=time_zone)
    await store.create_inspection(inspection, pack, cases, at=AT)
    for person in PEOPLE:
        role = Role.LEAD if person.startswith("L") else Role.INSPECTOR
        await store.add_member(WEEK, person, Member(person, role), at=AT)
    return Office(store)
