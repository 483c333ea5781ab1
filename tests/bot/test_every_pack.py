"""Every instrument can be walked from its first question to its submission, form by form."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.channels.terminal import CHAT, Terminal
from bot.pipeline import Pipeline
from criteria.case import Case
from criteria.inspection import Inspection, Member, Role
from criteria.instrument.load import load_pack, pack_names, read_pack
from criteria.instrument.pack import Form, Pack
from criteria.question import Question
from storage.store import Store
from tests.bot.telegram_harness import serving
from tests.files_store import files_store
from tests.telegram_server import Shown, TelegramServer

pytestmark = pytest.mark.long

AT = "2026-11-20T10:00:00Z"
FORMS = [(name, form.name) for name in pack_names() for form in read_pack(name).forms]
TYPED = {"integer": "1", "decimal": "1", "date": "3/6/2014", "text": "nothing more"}
ROW = 32
"""Characters that a phone shows on a button as wide as the chat,"""
HALF_ROW = 14
"""and on one of two beside each other."""


def now() -> datetime:
    return datetime.now(UTC)


async def make_store(directory: Path, pack: Pack, form: str, chat: str) -> Store:
    store = files_store(directory)
    inspection = Inspection("all", "All of it", pack.name, pack.version)
    await store.create_inspection(inspection, pack, [Case("C001", form)], at=AT)
    await store.add_member("all", chat, Member("I1", Role.INSPECTOR), at=AT)
    return store


def answer_to(question: Question, pack: Pack) -> str:
    """Something that can be typed: the first choice, a number, a date, a text."""
    if question.type.name in ("select_one", "select_multiple"):
        return pack.text(question.choices[0].label)
    return TYPED[question.type.name]


async def at_hand(store: Store, chat: str, form: Form) -> Question | None:
    seat = await store.chat_state(chat)
    assert seat is not None
    return form.by_name.get(seat.session.cursor.question or "")


@pytest.mark.parametrize(("pack_name", "form_name"), FORMS)
async def test_every_form_is_walked_in_the_terminal(
    pack_name: str, form_name: str, tmp_path: Path
) -> None:
    pack = read_pack(pack_name)
    form = pack.form(form_name)
    assert form is not None
    store = await make_store(tmp_path, pack, form_name, CHAT)
    out = io.StringIO()
    terminal, pipeline = Terminal(out=out), Pipeline(store, now)
    await terminal.enter(f"/case C001 {form_name}", pipeline)
    seen: list[str] = []
    while question := await at_hand(store, CHAT, form):
        seen.append(question.name)
        assert len(seen) <= len(form.questions), f"{question.name} came back: {out.getvalue()}"
        line = "/next" if question.type.name == "note" else answer_to(question, pack)
        await terminal.enter(line, pipeline)
    assert seen[0] == form.questions[0].name
    assert len(seen) == len(set(seen))
    await terminal.enter("/submit", pipeline)
    assert "C001 is submitted" in out.getvalue()


def fits_a_phone(shown: Shown) -> bool:
    """No button is cut, and the card is no wall of text."""
    rows = all(
        len(label) <= (ROW if len(row) == 1 else HALF_ROW) for row in shown.buttons for label in row
    )
    return rows and len(shown.text) <= 600


@pytest.mark.parametrize(("pack_name", "form_name"), FORMS)
async def test_every_form_is_walked_on_telegram_and_nothing_is_cut(
    pack_name: str, form_name: str, tmp_path: Path
) -> None:
    pack = read_pack(pack_name)
    form = pack.form(form_name)
    assert form is not None
    async with TelegramServer() as telegram:
        user = telegram.user()
        store = await make_store(tmp_path, pack, form.name, user.key)
        cards: list[Shown] = []
        async with serving(telegram, Pipeline(store, now)):
            await user.send(f"/case C001 {form_name}")
            while question := await at_hand(store, user.key, form):
                await user.sees(f"C001 · {question.number} ·")
                cards.append(user.card())
                if question.type.name == "select_one":
                    await user.tap(pack.text(question.choices[0].label))
                elif question.type.name == "note":
                    await user.tap("Continue ›")
                else:
                    await user.send(answer_to(question, pack))
            await user.sees("C001 · review")
            review = user.card()
            await user.tap("Submit")
            submitted = await user.sees("C001 is submitted")
            await user.quiet()
            assert len(user.cards()) == 1
    assert [card for card in cards if not fits_a_phone(card)] == []
    assert max(len(card.text) for card in (review, submitted)) <= 4_096


async def test_a_case_finishes_on_the_version_it_started_with(tmp_path: Path) -> None:
    """Version 1.1.0 asks one thing less and renames an answer; the running inspection does not."""
    old = read_pack("movement-of-cases-2004")
    store = await make_store(tmp_path, old, "case-file", CHAT)
    newer = {**old.document, "settings": {**old.document["settings"], "version": "1.1.0"}}
    newer["forms"] = [{**newer["forms"][0], "survey": newer["forms"][0]["survey"][1:]}]
    new = load_pack(newer)
    await store.create_inspection(Inspection("next", "Next", new.name, new.version), new, [], at=AT)
    out = io.StringIO()
    terminal, pipeline = Terminal(out=out), Pipeline(files_store(tmp_path), now)
    await terminal.enter("/case C001", pipeline)
    await terminal.enter("/goto B1", pipeline)
    assert "C001 · B1 ·" in out.getvalue()
    assert (await files_store(tmp_path).pack("all")).version == "1.0.0"
    assert (await files_store(tmp_path).pack("next")).version == "1.1.0"
