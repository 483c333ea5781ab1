"""A text that the app cut into several messages is kept whole, or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.channel import Message
from bot.long_texts import MIN_PART
from bot.messages import say
from bot.pipeline import Pipeline
from dialogs.read_answer import MAX_TEXT
from tests.bot.handlers.office import Office
from tests.bot.telegram_harness import serving
from tests.bot.test_conversation_telegram import join, make_store, now
from tests.bot.test_guard import stored
from tests.files_store import files_store, folder_of
from tests.telegram_server import TelegramServer, User

WHOLE = ("the plan was reviewed on time and " * 140)[:4_689]
FIRST, REST = WHOLE[:4_096], WHOLE[4_096:]
AT = "2026-11-20T10:01:{:02d}Z"


async def sent(office: Office, text: str, second: int, **more: str) -> str:
    return await office.send(Message("I1", text=text, sent=AT.format(second), **more))


async def at_the_text_question(office: Office) -> None:
    await office.say("I1", "/case C001")
    await office.say("I1", "/goto B6")


async def answer(office: Office) -> object:
    return (await office.case()).answers.get("remark")


async def test_both_parts_together_are_the_answer(office: Office) -> None:
    await at_the_text_question(office)
    assert await sent(office, FIRST, 1) == ""
    assert await answer(office) is None
    assert "✓ B6" in await sent(office, REST, 3)
    kept = (await office.case()).answers["remark"]
    assert kept.value == WHOLE


async def test_a_text_that_was_cut_between_two_words_gets_its_space_again(office: Office) -> None:
    await at_the_text_question(office)
    cut = WHOLE.rindex(" ", 0, 4_090)
    await sent(office, WHOLE[:cut], 1)
    await sent(office, WHOLE[cut + 1 :], 1)
    assert (await office.case()).answers["remark"].value == WHOLE


async def test_three_parts_are_one_text(office: Office) -> None:
    await at_the_text_question(office)
    whole = ("word " * 2_000)[:9_000]
    for second, start in enumerate(range(0, 9_000, 4_096), start=1):
        await sent(office, whole[start : start + 4_096], second)
    assert (await office.case()).answers["remark"].value == whole.strip()


@pytest.mark.parametrize("command", ["/note", "/note B1"])
async def test_a_note_that_was_cut_is_one_note(office: Office, command: str) -> None:
    await office.say("I1", "/case C001")
    await office.say("I1", "male")
    if command == "/note":
        await office.say("I1", "/note")
    head = "" if command == "/note" else f"{command} "
    whole = head + WHOLE
    await sent(office, whole[:4_096], 1)
    await sent(office, whole[4_096:], 1)
    assert (await office.case()).answers["told"].note == WHOLE


async def test_a_remark_that_was_cut_is_one_remark(office: Office) -> None:
    await office.submit("I1")
    await office.say("L1", "/return C001")
    for text in (FIRST, REST):
        await office.send(Message("L1", text=text, sent=AT.format(1)))
    (remark,) = (await office.case()).remarks
    assert remark.text == WHOLE


async def test_what_comes_later_takes_the_part_as_it_is_first(office: Office) -> None:
    await at_the_text_question(office)
    await sent(office, FIRST, 1)
    told = await sent(office, "largely", 4)
    assert "✓ B6" in told
    assert "✓ C1 Largely met" in told
    assert (await office.case()).answers["remark"].value == FIRST


async def test_a_tap_and_a_command_take_the_part_first(office: Office) -> None:
    await at_the_text_question(office)
    await sent(office, FIRST, 1)
    told = await sent(office, "/review", 1)
    assert "✓ B6" in told
    assert "C001 · review" in told


async def test_too_much_of_it_is_refused_and_the_wait_goes_on(office: Office) -> None:
    await office.say("I1", "/case C001")
    await office.say("I1", "/note B1")
    for _ in range(MAX_TEXT // 4_096 + 1):
        await sent(office, FIRST, 1)
    assert say("note-rejected-too_long") in await sent(office, REST, 1)
    assert "✓ Note on B1" in await sent(office, "short", 9)
    assert (await office.case()).answers["told"].note == "short"


async def test_a_part_that_names_somebody_is_held_back_with_its_rest(office: Office) -> None:
    await at_the_text_question(office)
    named = f"Karen Brown said so. {FIRST}"[:4_096]
    assert "I have not kept that" in await sent(office, named, 1)
    assert await sent(office, REST, 2) == ""
    assert await answer(office) is None
    assert "Karen" not in stored(office)
    assert REST not in stored(office)
    assert await sent(office, named, 11) == ""
    assert "✓ B6" in await sent(office, REST, 12)
    assert (await office.case()).answers["remark"].value == named + REST


async def test_a_rest_that_names_somebody_holds_both_back(office: Office) -> None:
    await at_the_text_question(office)
    named = f"{REST} Karen Brown said so"
    for second in (1, 11):
        assert await sent(office, FIRST, second) == ""
        told = await sent(office, named, second + 1)
        assert ("I have not kept that" in told) is (second == 1)
    assert (await office.case()).answers["remark"].value == FIRST + named


async def test_after_a_restart_the_rest_still_joins_its_part(office: Office) -> None:
    await at_the_text_question(office)
    await sent(office, FIRST, 1)
    store = files_store(folder_of(office.store))
    again = Office(store)
    again.pipeline = Pipeline(store, lambda: office.now)
    assert "✓ B6" in await sent(again, REST, 2, update="after")
    assert (await again.case()).answers["remark"].value == WHOLE


async def test_a_part_that_is_delivered_twice_waits_on(office: Office) -> None:
    await at_the_text_question(office)
    part = Message("I1", text=FIRST, sent=AT.format(1), update="77", id="5")
    for _ in range(2):
        response = await office.receive(part)
        assert (response.replies, response.waits) == ((), True)
    await sent(office, REST, 2)
    await office.receive(part)
    assert (await office.case()).answers["remark"].value == WHOLE


async def test_that_nothing_came_is_said_of_the_part_that_waits_and_no_other(
    office: Office,
) -> None:
    await at_the_text_question(office)
    await sent(office, FIRST, 5)
    nothing = Message("I1", is_rest=True, sent=AT.format(1))
    assert await office.send(nothing) == ""
    assert "✓ B6" in await office.send(replace(nothing, sent=AT.format(5)))
    assert await office.send(replace(nothing, sent=AT.format(5))) == ""


async def test_where_no_app_cuts_a_text_is_taken_at_once(office: Office) -> None:
    await at_the_text_question(office)
    assert "✓ B6" in await office.say("I1", "x" * MIN_PART)


async def test_editing_one_part_does_not_lose_the_other(office: Office) -> None:
    await at_the_text_question(office)
    await sent(office, FIRST, 1, id="5")
    await sent(office, REST, 1, id="6")
    for part in ("5", "6"):
        await sent(office, "shorter", 9, id=part, edits=part)
        assert (await office.case()).answers["remark"].value == WHOLE


async def test_undo_takes_all_parts_back(office: Office) -> None:
    await at_the_text_question(office)
    await sent(office, FIRST, 1)
    await sent(office, REST, 1)
    await office.say("I1", "/undo")
    assert await answer(office) is None


# --- on Telegram --------------------------------------------------------------------------------


async def at_b6(user: User) -> None:
    await user.send("/case C001")
    await user.send("/goto B6")


async def test_on_telegram_a_text_of_two_messages_is_one_answer(tmp_path: Path) -> None:
    store = await make_store(tmp_path)
    async with TelegramServer() as telegram, serving(telegram, Pipeline(store, now)):
        user = telegram.user()
        await join(store, user)
        await at_b6(user)
        await user.send(FIRST, reply=False)
        await user.send(REST)
        await user.sees("✓ B6")
    (case, *_) = await store.cases("week")
    assert case.answers["remark"].value == WHOLE


async def test_on_telegram_a_long_text_alone_is_taken_when_nothing_follows(tmp_path: Path) -> None:
    store = await make_store(tmp_path)
    async with TelegramServer() as telegram, serving(telegram, Pipeline(store, now)):
        user = telegram.user()
        await join(store, user)
        await at_b6(user)
        await user.send(FIRST, reply=False)
        await user.sees("✓ B6")
    (case, *_) = await store.cases("week")
    assert case.answers["remark"].value == FIRST
