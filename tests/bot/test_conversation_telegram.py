"""The whole conversation as an inspector has it: real application, real HTTP, real store."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels.channel import Message
from bot.channels.terminal import CHAT, Terminal
from bot.commands import commands_for
from bot.invitations import invite
from bot.messages import say
from bot.pipeline import Pipeline
from criteria.case import Case, CaseKey
from criteria.case_status import initial_status
from criteria.inspection import Inspection, Member, Role
from storage.inspection_file import inspection_document
from storage.store import Store
from tests.bot.telegram_harness import SHORT, kill, serving
from tests.changing import add_case
from tests.files_store import files_store
from tests.long_lists import OFFICES, long_lists_pack
from tests.movement import movement_pack
from tests.telegram_server import TelegramServer, User
from tests.walk import tiny_pack

AT = "2026-11-20T10:00:00Z"


def now() -> datetime:
    return datetime.now(UTC)


async def make_store(directory: Path, pack: Any = None, cases: int = 2) -> Store:
    store = files_store(directory)
    pack = pack or tiny_pack()
    listed = [
        Case(f"C{number:03d}", "case-file", "I1", initial_status("I1"))
        for number in range(1, cases + 1)
    ]
    inspection = Inspection("week", "Week one", pack.name, pack.version)
    await store.create_inspection(inspection, pack, listed, at=AT)
    return store


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
async def store(tmp_path: Path) -> Store:
    return await make_store(tmp_path / "data")


@pytest.fixture
async def conversation(store: Store) -> Pipeline:
    return Pipeline(store, now)


async def join(store: Store, user: User, role: Role = Role.INSPECTOR) -> str:
    code, person = await invite(store, "week", role, now())
    await user.send(f"/start {code}")
    return person


async def when_fetched(store: Store, user: User) -> Case:
    """The case C001, once none of its files is awaited."""
    async with asyncio.timeout(5):
        while True:
            case, _, _ = await store.load_case("week", CaseKey("C001", "case-file"), user.key)
            if case.evidence and not case.awaited:
                return case
            await asyncio.sleep(0.01)


async def hand_in(user: User, case: str) -> None:
    """Answer a whole case by typing, and submit it."""
    for text in (
        f"/case {case}",
        "male",
        "yes",
        "fully",
        "none",
        "3",
        "today",
        "fine",
        "not met",
        "/submit",
    ):
        await user.send(text)


async def test_an_inspector_joins_and_walks_a_case_with_one_tap_an_answer(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    async with serving(telegram, conversation):
        user = telegram.user()
        assert await join(store, user) == "I1"
        assert "You are I1, inspector of “Week one”." in user.card().text
        await user.tap("C001")
        assert user.card().text.startswith("C001 · A1 · 1 of 7\nSex?")
        card = user.card().message_id
        await user.tap("Male")
        await user.tap("Yes")
        assert user.card().text.startswith("✓ B1 Yes\nC001 · B2 · 3 of 8\nHow well?\n\nWithin two")
        await user.tap("Largely met")
        await user.tap("Contact log")
        await user.sees("Which papers came?")
        await user.tap("Done (1)")
        await user.quiet()
        assert user.card().message_id == card, "one message, edited from card to card"
        await user.send("4")
        await user.send("3/6/2014")
        await user.sees("C001 · B6")
        await user.tap("Skip ›")
        await user.tap("Not met")
        await user.tap("Submit")
        text = (await user.sees("is submitted")).text
        assert "■■■■■ 100% · 2 of 2 · 1 Systems" in text
        assert "□□□□□ 0% · 0 of 1 · 2 Management" in text
        await user.quiet()
        assert len(user.cards()) == 1, "the case has one message"
    case, _, _ = await store.load_case("week", CaseKey("C001", "case-file"), user.key)
    assert case.status == "submitted"
    assert case.answers["papers"].value == ("log",)


@pytest.mark.parametrize("said", ["", "thanks", "/review", "/back"])
@pytest.mark.parametrize("goes_on", ["Next case ›", "/case C002"])
async def test_the_result_of_a_case_stays_to_be_read(
    telegram: TelegramServer,
    store: Store,
    conversation: Pipeline,
    goes_on: str,
    said: str,
) -> None:
    async with serving(telegram, conversation):
        user = telegram.user()
        await join(store, user)
        await hand_in(user, "C001")
        await user.sees("C001 is submitted")
        if said:
            await user.send(said)
        await (user.send(goes_on) if goes_on.startswith("/") else user.tap(goes_on))
        await user.sees("C002 · A1")
        await user.quiet()
        *before, card = user.replies()
        (result,) = [one for one in before if one.text.startswith("✓ C001 is submitted")]
        assert "■■■■■ 100% · 2 of 2 · 1 Systems" in result.text
        assert card.text.startswith("C002 · A1")
        await user.send("m")
        await user.quiet()
        *kept, last = user.replies()
        assert kept == before, "while a question's card still gives way"
        assert last.text.startswith("✓ A1 Male")


async def test_what_was_tapped_on_a_result_cannot_be_tapped_again(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    async with serving(telegram, conversation):
        user = telegram.user()
        await join(store, user)
        await hand_in(user, "C001")
        await user.tap("Next case ›")
        await user.sees("C002 · A1")
        await user.quiet()
        assert user.replies()[-2].buttons == ()
        await telegram.redeliver()
        await user.quiet()
        assert user.replies()[-2].text.startswith("✓ C001 is submitted"), "also if it comes again"


async def test_a_stranger_is_told_only_how_to_ask(
    telegram: TelegramServer, conversation: Pipeline
) -> None:
    async with serving(telegram, conversation):
        stranger = telegram.user()
        for text in ("hello", "/start", "/cases", "/export json", "/case C001"):
            await stranger.send(text)
        await stranger.post(sticker={"file_id": "1"})
        await stranger.quiet()
        texts = {message.text for message in stranger.replies()}
    assert texts == {
        "This bot works by invitation. Ask the lead of your inspection for a code,"
        " then send: /start CODE"
    }


async def test_a_code_works_once_and_not_when_it_is_old(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    old, _ = await invite(store, "week", Role.LEAD, now() - timedelta(days=8))
    code, _ = await invite(store, "week", Role.INSPECTOR, now())
    async with serving(telegram, conversation):
        first, second = telegram.user(), telegram.user()
        await first.send(f"/start {code}")
        await second.send(f"/start {code}")
        assert "does not work" in second.replies()[-1].text
        await second.send(f"/start {old}")
        assert "does not work" in second.replies()[-1].text
        await first.send(f"/start {code}")
        assert "You are I1" in first.replies()[-1].text, "one's own code welcomes again"


async def test_a_tap_on_an_old_card_is_explained_and_changes_nothing(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    async with serving(telegram, conversation):
        user = telegram.user()
        await join(store, user)
        await user.tap("C001")
        message = user.raw(user.card().message_id)
        data = {
            b["text"]: b["callback_data"] for b in message["reply_markup"]["inline_keyboard"][0]
        }
        await user.tap("Male")
        await user.tap_data(data["Female"], message)
        await user.quiet()
        assert "earlier card" in user.card().text
        assert user.toasts[-1].startswith("That was an earlier card")
        await user.tap_data(data["Male"], message)
        assert user.toasts[-1] == "Already answered."
    case, _, _ = await store.load_case("week", CaseKey("C001", "case-file"), user.key)
    assert case.profile == {"sex": "male"}


async def test_what_telegram_delivers_twice_is_applied_once(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    async with serving(telegram, conversation):
        user = telegram.user()
        await join(store, user)
        await user.tap("C001")
        await user.send("male")
        await user.send("yes")
        await telegram.redeliver(1)
        await user.quiet()
        assert user.card().text.startswith("C001 · B2")
        await user.send("/case C002")
        await user.quiet()
        await telegram.redeliver(2)
        await user.quiet()
        assert user.card().text.startswith("C002 · A1")
    first, _, _ = await store.load_case("week", CaseKey("C001", "case-file"), user.key)
    second, _, _ = await store.load_case("week", CaseKey("C002", "case-file"), user.key)
    assert (list(first.answers), list(second.profile)) == (["told"], [])


async def test_a_picture_is_no_answer_and_changes_nothing(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    async with serving(telegram, conversation):
        user = telegram.user()
        await join(store, user)
        await user.tap("C001")
        await user.post(sticker={"file_id": "1"})
        await user.sees("I cannot take a sticker.")
    case, _, _ = await store.load_case("week", CaseKey("C001", "case-file"), user.key)
    assert case.profile == {}


async def test_a_refused_text_that_comes_again_answers_no_other_question(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    async with serving(telegram, conversation):
        user = telegram.user()
        await join(store, user)
        await user.send("y")
        await user.send("/case C001")
        for text in ("y", "male", "/back", "n"):
            await user.send(text)
        await user.quiet()
        await telegram.redeliver(6)
        await user.quiet()
        assert user.card().text.startswith("C001 · A1")
    case, _, _ = await store.load_case("week", CaseKey("C001", "case-file"), user.key)
    assert (case.profile, dict(case.answers)) == ({"sex": "male"}, {})


async def test_a_case_that_was_given_to_somebody_else_takes_no_more_answers(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    async with serving(telegram, conversation):
        user = telegram.user()
        await join(store, user)
        await user.tap("C001")
        moved = Case("C001", "case-file", "I2", initial_status("I2"))
        await store.put_case("week", moved, at=AT)
        await user.send("male")
        await user.sees("C001 is with somebody else now. /cases lists yours.")
    case, _, _ = await store.load_case("week", CaseKey("C001", "case-file"), user.key)
    assert case.profile == {}


async def test_a_lead_who_looks_at_a_case_does_not_take_it(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    await add_case(store, "week", Case("C009", "case-file"), by=None, at=AT)
    async with serving(telegram, conversation):
        lead, user = telegram.user(), telegram.user()
        await join(store, lead, Role.LEAD)
        await join(store, user)
        await lead.send("/case C009")
        await user.send("/case c009")
        await user.sees("C009 · A1")
        await user.send("female")
    case, _, _ = await store.load_case("week", CaseKey("C009", "case-file"), user.key)
    assert case.inspector == "I1"


async def test_one_who_serves_in_two_inspections_changes_by_the_own_code(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    pack = tiny_pack()
    other = Inspection("other", "Week two", pack.name, pack.version)
    await store.create_inspection(other, pack, [], at=AT)
    first, _ = await invite(store, "week", Role.INSPECTOR, now())
    second, _ = await invite(store, "other", Role.INSPECTOR, now())
    async with serving(telegram, conversation):
        user = telegram.user()
        for code, title in ((first, "one"), (second, "two"), (first, "one")):
            await user.send(f"/start {code}")
            await user.quiet()
            assert f"“Week {title}”" in user.replies()[-1].text


async def test_a_case_of_somebody_else_is_refused(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    async with serving(telegram, conversation):
        first, second = telegram.user(), telegram.user()
        await join(store, first)
        assert await join(store, second) == "I2"
        await second.send("/case C001")
        assert second.replies()[-1].text == "C001 is not one of your cases. /cases lists yours."


async def test_a_case_that_is_not_on_the_list_is_added_after_a_question(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    async with serving(telegram, conversation):
        user = telegram.user()
        await join(store, user)
        await user.send("/case C077")
        assert user.card().text == "C077 is not in this inspection. Add it?"
        await user.tap("Add C077")
        await user.sees("C077 · A1 · 1 of 7")
        for text in ("/case John Smith", "/case Smith", "/case ../C001"):
            await user.send(text)
            await user.sees(f"“{text.removeprefix('/case ')}” cannot be a case reference.")
    assert [line.key.case for line in await store.overview("week")] == ["C001", "C002", "C077"]


async def test_the_lead_gets_the_summary_when_the_last_case_is_in(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    async with serving(telegram, conversation):
        lead, user = telegram.user(), telegram.user()
        assert await join(store, lead, Role.LEAD) == "L1"
        await join(store, user)
        for case in ("C001", "C002"):
            await hand_in(user, case)
        await user.quiet()
        text = (await lead.sees("all 2 cases are submitted")).text
        assert "■■■■■ 100% 1 Systems" in text
        assert "□□□□□ 0% 2 Management" in text
        assert not any("all 2 cases" in message.text for message in user.replies())
        await lead.send("/progress")
        await lead.sees("2 of 2 cases submitted")
        await lead.send("/export json")
        await lead.quiet()
        assert list(lead.files()) == ["week.png", "week-progress.png", "week.json"]
        await user.send("/invite lead")
        assert user.replies()[-1].text == "/invite is for the lead of the inspection."


async def test_every_command_of_the_menu_is_answered_and_in_help(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    async with serving(telegram, conversation):
        user = telegram.user()
        await join(store, user, Role.LEAD)
        await user.send("/case C001")
        await user.send("/help")
        shown = user.replies()[-1].text
        for name, _ in commands_for(say, Role.LEAD):
            assert f"/{name} " in shown
            await user.send(f"/{name}")
        await user.quiet()
        assert not any("I do not know" in message.text for message in user.replies())
        await user.send("/frobnicate")
        await user.sees("I do not know /frobnicate. /help lists what I can do.")


SCRIPT: list[str] = [
    "/case C001", "male", "white", "y", "[Yes]", "no", "[CRO]", "transfer", "[Yes]", "y", "n",
    "[Yes]", "/note Rang the other office.", "[N/A]", "not known", "[No]", "n", "y", "/back",
    "not applicable", "assessment, contact log", "[Yes]", "/goto B1", "[No]", "/goto B1", "yes",
    "/goto B12", "[Yes]", "n/a", "[Level 3]", "y", "y", "y", "y", "y", "not fully", "[Yes]",
    "largly", "y", "partly", "f", "[N/A]", "fully met", "[Not met]", "na", "not known",
    "[Partly met]", "no", "[Largely met]", "/review", "/next", "assessment, contact log", "[Yes]",
    "/submit", "/reopen", "/goto C14", "Fully met", "/submit", "/case C002", "female",
]  # fmt: skip
"""Texts, and in brackets taps: the same for a terminal and for Telegram."""


async def through_terminal(store: Store) -> None:
    await store.add_member("week", CHAT, Member("I1", Role.INSPECTOR), at=AT)
    conversation = Pipeline(store, now)
    terminal, receiver = Terminal(out=io.StringIO()), conversation
    for line in SCRIPT:
        if not line.startswith("["):
            await terminal.enter(line, receiver)
            continue
        labels = [button.label for button in terminal.buttons]
        await terminal.enter(str(labels.index(line[1:-1]) + 1), receiver)


async def through_telegram(store: Store) -> None:
    async with TelegramServer() as telegram, serving(telegram, Pipeline(store, now)):
        user = telegram.user()
        await join(store, user)
        for line in SCRIPT:
            if line.startswith("["):
                await user.tap(line[1:-1])
            else:
                await user.send(line)
            await user.quiet(0.01)


async def exported(store: Store) -> dict[str, Any]:
    inspection = await store.inspection("week")
    cases = await store.cases("week")
    document = inspection_document(inspection, movement_pack(), cases)
    for case in document["cases"]:
        for answer in case["answers"].values():
            answer["at"] = "then"
    return document


async def test_terminal_and_telegram_leave_the_same_inspection(tmp_path: Path) -> None:
    pack = movement_pack()
    by_terminal = await make_store(tmp_path / "terminal", pack)
    by_telegram = await make_store(tmp_path / "telegram", pack)
    await through_terminal(by_terminal)
    await through_telegram(by_telegram)
    document = await exported(by_terminal)
    assert document == await exported(by_telegram)
    assert document["cases"][0]["status"] == "submitted"
    assert document["cases"][0]["answers"]["report_faxed"]["note"] is None
    assert len(document["cases"][0]["answers"]) >= 31


async def test_the_conversation_goes_on_after_a_restart(tmp_path: Path) -> None:
    store = await make_store(tmp_path / "data")
    async with TelegramServer() as telegram:
        user = telegram.user()
        async with serving(telegram, Pipeline(store, now)):
            await join(store, user)
            await user.tap("C001")
            await user.tap("Male")
        await user.tap("Yes", reply=False)
        again = files_store(tmp_path / "data")
        async with serving(telegram, Pipeline(again, now)):
            await user.sees("✓ B1 Yes")


async def test_an_inspector_who_was_never_in_a_case_is_told_what_to_do(store: Store) -> None:
    await store.add_member("week", CHAT, Member("I1", Role.INSPECTOR), at=AT)
    conversation = Pipeline(store, now)
    outcome = await conversation.receive(Message(CHAT, text="yes"))
    assert outcome.replies[0].text == "No case is open. /cases lists yours."


async def test_characters_that_nobody_sees_change_no_command(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    async with serving(telegram, conversation):
        user = telegram.user()
        await join(store, user)
        await user.send("/case C001")
        await user.send("/note B1")
        await user.send("\u2060/cancel")
        await user.send("\u200b/review")
        await user.sees("C001 · review ·")
    case, _, _ = await store.load_case("week", CaseKey("C001", "case-file"), user.key)
    assert not case.answers


async def test_in_a_forum_the_answer_stays_in_its_topic(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    async with serving(telegram, conversation):
        lead, group = telegram.user(), telegram.group()
        await join(store, lead, Role.LEAD)
        await lead.say_in(group, "/progress@some_other_bot", topic=7, reply=False)
        await lead.say_in(group, "/progress@casewalk_test_bot", topic=7)
        await lead.say_in(group, "/progress")
        await lead.quiet()
        topics = [group.raw(one.message_id).get("message_thread_id") for one in group.replies()]
        assert topics == [7, None]
        telegram.fail("sendMessage", status=400, description="Bad Request: TOPIC_CLOSED")
        await lead.say_in(group, "/progress", topic=8)
        await lead.quiet()
        assert len(group.replies()) == 3


async def test_what_a_person_is_told_unasked_goes_to_the_topic_they_write_in(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    async with serving(telegram, conversation):
        lead, user = telegram.user(), telegram.user()
        await join(store, lead, Role.LEAD)
        await join(store, user)
        await lead.post(text="/digest each", message_thread_id=7, is_topic_message=True)
        await hand_in(user, "C001")
        told = await lead.sees("submitted C001")
        assert lead.raw(told.message_id)["message_thread_id"] == 7


# --- files --------------------------------------------------------------------------------------

JPEG, PDF = b"\xff\xd8\xff the photo itself", b"%PDF-1.7 a plan"


async def test_a_photo_is_applied_at_once_and_its_content_follows(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    async with serving(telegram, conversation):
        user = telegram.user()
        await join(store, user)
        for text in ("/case C001", "m"):
            await user.send(text)
        telegram.fail("download", hang=0.3, status=500)
        await user.send_file("photo", JPEG)
        await user.sees("✓ Photo on B1 kept as evidence.")
        await user.send("/review")
        await user.sees("1 file is still being fetched. If it does not come, I tell you.")
        case = await when_fetched(store, user)
        await user.send("/review")
        await user.quiet()
        assert "still being fetched" not in user.card().text
    (kept,) = case.evidence
    assert (kept.state, kept.type, kept.media) == ("there", "image/jpeg", "photo")
    assert await store.file("week", kept.file, kept.sha256) == JPEG
    assert await store.awaited_files() == []


async def test_a_file_that_does_not_come_is_told_with_what_to_do(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    async with serving(telegram, conversation, timeouts=replace(SHORT, file=0.1)):
        user = telegram.user()
        await join(store, user)
        for text in ("/case C001", "m"):
            await user.send(text)
        telegram.fail("download", hang=20)
        await user.send_file("photo", JPEG)
        told = await user.sees("Photo on B1 of C001 was not kept: it could not be fetched")
        assert "Please send it again at that question" in told.text
        assert told.labels == ["Open C001"]
        case = await when_fetched(store, user)
        assert [one.state for one in case.evidence] == ["removed"]
        await user.send_file("photo", JPEG)
        case = await when_fetched(store, user)
    assert [one.state for one in case.evidence] == ["removed", "there"]


async def test_a_file_that_was_awaited_when_the_bot_died_is_fetched_after_the_restart(
    telegram: TelegramServer, store: Store, conversation: Pipeline, tmp_path: Path
) -> None:
    user = telegram.user()
    async with serving(telegram, conversation) as task:
        await join(store, user)
        for text in ("/case C001", "m"):
            await user.send(text)
        telegram.fail("download", hang=20)
        await user.send_file("photo", JPEG)
        await telegram.until(lambda: telegram.calls["download"] == 1)
        await kill(task)
    again = files_store(tmp_path / "data")
    assert len(await again.awaited_files()) == 1
    async with serving(telegram, Pipeline(again, now)):
        case = await when_fetched(again, user)
    assert [one.state for one in case.evidence] == ["there"]


async def test_images_sent_as_files_audio_and_pdfs_are_evidence_and_looked_at(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    async with serving(telegram, conversation):
        user = telegram.user()
        await join(store, user)
        for text in ("/case C001", "m"):
            await user.send(text)
        await user.send_file("document", JPEG, name="scan.jpg", mime="image/jpeg")
        await user.sees("✓ Photo on B1 kept")
        await user.send_file("audio", b"ID3 a talk", name="talk.mp3", mime="audio/mpeg")
        await user.sees("✓ Audio file on B1 kept")
        await user.send_file("document", PDF, name="plan.pdf", mime="application/pdf")
        await user.sees("✓ PDF file on B1 kept")
        await user.send_file("document", b"MZ a program", name="b.pdf", mime="application/pdf")
        await user.sees("PDF file on B1 of C001 was not kept: it is not what it says it is.")
        case = await when_fetched(store, user)
        downloads = telegram.calls["getFile"]
        await user.send_file("document", b"PK", name="a.zip", mime="application/zip")
        await user.sees("I cannot keep that kind of file.")
        large = {"file_id": "1", "file_size": 21 * 2**20, "mime_type": "application/pdf"}
        await user.post(document=large)
        await user.sees("20 MB is the most")
        await user.post(video=large)
        await user.sees("I cannot take a video.")
        await user.post(text="Yes", forward_origin={"type": "hidden_user"})
        await user.sees("I cannot take a forwarded message: it holds somebody else’s words.")
        assert telegram.calls["getFile"] == downloads, "what is refused is not fetched"
    kept = [(one.media, one.state, one.filename[-4:]) for one in case.evidence]
    assert kept[:3] == [
        ("photo", "there", ".jpg"), ("audio", "there", ".mp3"), ("document", "there", ".pdf")
    ]  # fmt: skip
    assert kept[3][1] == "removed"
    assert not any("." in one.file for one in case.evidence), "a name in the store tells nothing"


async def test_a_sample_is_read_when_it_has_come_once(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    table = b"case,inspector\nC005,I1\nC006,\n"
    async with serving(telegram, conversation):
        lead, other = telegram.user(), telegram.user()
        await join(store, lead, Role.LEAD)
        telegram.fail("download", hang=0.3, status=500)
        await lead.send_file("document", table, name="sample.csv", reply=False)
        await other.send("hello", wait=1.0)
        await lead.sees("2 cases added")
        telegram.fail("download", times=3, status=500)
        await lead.send_file("document", table, name="sample.csv", reply=False)
        await lead.sees("Your table was not read: it could not be fetched from Telegram.")
        assert await store.awaited_files() == []
    assert len(await store.case_keys("week")) == 4


async def test_an_album_is_one_answer_one_card_and_one_kind(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    async with serving(telegram, conversation):
        user = telegram.user()
        await join(store, user)
        for text in ("/case C001", "m"):
            await user.send(text)
        for _ in range(2):
            await user.send_file("photo", JPEG, album="9", reply=False)
        await user.sees("✓ 2 files on B1 kept as evidence.")
        await user.tap("Yes")
        await user.quiet()
        deleted = telegram.calls["deleteMessage"]
        await user.send_file("photo", JPEG, album="9", reply=False)
        await user.sees("✓ 3 files on B1 kept as evidence.")
        await user.quiet()
        assert sum("C001 · " in shown.text for shown in user.cards()) == 1
        assert telegram.calls["deleteMessage"] == deleted, "the card that stood was edited"
        case = await when_fetched(store, user)
    assert [(one.target, one.kind.value) for one in case.evidence] == [("told", "evidence")] * 3


async def test_a_kind_that_is_tapped_is_the_whole_albums(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    async with serving(telegram, conversation):
        user = telegram.user()
        await join(store, user)
        for text in ("/case C001", "m"):
            await user.send(text)
        for _ in range(3):
            await user.send_file("photo", JPEG, album="9", reply=False)
        await user.sees("✓ 3 files on B1 kept as evidence.")
        await user.quiet()
        await user.tap("Strength")
        await user.send_file("photo", JPEG, album="9", reply=False)
        await user.sees("✓ 4 files on B1 kept as strength.")
        case = await when_fetched(store, user)
    assert [one.kind.value for one in case.evidence] == ["strength"] * 4


async def test_an_album_that_is_refused_is_refused_once(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    async with serving(telegram, conversation):
        user = telegram.user()
        await join(store, user)
        for _ in range(3):
            await user.send_file("photo", JPEG, album="9", reply=False)
        await user.sees("No case is open.")
        await telegram.until(lambda: not telegram.pending)
        await user.quiet()
    assert sum("No case is open." in shown.text for shown in user.replies()) == 1


async def test_a_photos_caption_puts_it_on_the_question_that_it_names(
    telegram: TelegramServer, store: Store, conversation: Pipeline
) -> None:
    async with serving(telegram, conversation):
        user = telegram.user()
        await join(store, user)
        await user.send("/case C001")
        await user.send("male")
        caption = "/note C1 seen on page three"
        await user.send_file("photo", JPEG, caption=caption)
        await user.sees("Photo on C1")
    case, _, _ = await store.load_case("week", CaseKey("C001", "case-file"), user.key)
    (kept,) = case.evidence
    assert (kept.target, kept.caption) == ("kept", "seen on page three")


async def test_a_list_that_is_too_long_for_a_card_comes_in_pages_and_by_a_part_of_a_label(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    store = await make_store(tmp_path, long_lists_pack(), cases=1)
    async with serving(telegram, Pipeline(store, now)):
        user = telegram.user()
        await join(store, user)
        await user.send("/case C001")
        await user.send("male")
        assert "Answers 1–24 of 110." in user.card().text
        await user.tap("25–48 ›")
        assert "Area 047" in user.card().labels
        assert "Area 048" not in user.card().labels
        await user.tap("‹ 1–24")
        await user.send("09")
        shown = await user.sees("“09” is part of 12 answers.")
        assert shown.labels[:12] == ["Area 009", *(f"Area 09{n}" for n in range(10)), "Area 109"]
        await user.tap("All answers")
        await user.send("rea 109")
        await user.tap("Area 109")
        await user.sees("✓ D1 Area 109")
        for label in ("25–48 ›", OFFICES[30]["label"]):
            await user.tap(label)
        await user.tap("‹ 1–24")
        await user.tap(OFFICES[0]["label"])
        await user.tap(say("done", count=2))
        await user.sees("✓ D2")
        await user.send("/goto D1")
        await user.sees("Answers 97–110 of 110.")
    (case,) = await store.cases("week")
    assert case.answers["area"].value == "a109"
    assert case.answers["offices"].value == ("o00", "o30")
    assert telegram.calls["sendMessage"] > 0


async def test_a_page_of_an_older_card_changes_nothing(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    store = await make_store(tmp_path, long_lists_pack(), cases=1)
    async with serving(telegram, Pipeline(store, now)):
        user = telegram.user()
        await join(store, user)
        await user.send("/case C001")
        await user.send("male")
        old = user.raw(user.card().message_id)
        rows = old["reply_markup"]["inline_keyboard"]
        (turn,) = [one for row in rows for one in row if one["text"] == "25–48 ›"]
        await user.tap("Area 003")
        await user.tap_data(turn["callback_data"], old)
        await user.sees(say("old-card"))
