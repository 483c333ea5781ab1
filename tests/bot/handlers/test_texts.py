"""Replies and edited messages over Telegram, as they are delivered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.channels.telegram.updates import ALLOWED_UPDATES
from bot.pipeline import Pipeline
from criteria.case import Case, CaseKey, EvidenceKind
from storage.store import Store
from tests.bot.telegram_harness import serving
from tests.bot.test_conversation_telegram import join, make_store, now
from tests.telegram_server import TelegramServer, User


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
async def store(tmp_path: Path) -> Store:
    return await make_store(tmp_path / "data")


@asynccontextmanager
async def at_a_case(telegram: TelegramServer, store: Store, *texts: str) -> AsyncIterator[User]:
    """An inspector with C001 open, after these texts."""
    user = telegram.user()
    async with serving(telegram, Pipeline(store, now)):
        await join(store, user)
        for text in ("/case C001", *texts):
            await user.send(text)
        yield user


async def stored(store: Store, case: str = "C001") -> Case:
    found, _, _ = await store.load_case("week", CaseKey(case, "case-file"), "")
    return found


async def test_a_reply_belongs_to_the_own_message_it_replies_to(
    telegram: TelegramServer, store: Store
) -> None:
    async with at_a_case(telegram, store, "m", "yes") as user:
        await user.sees("C001 · B2 · ")
        await user.send("no", to=user.said("yes"))
        shown = await user.sees("✓ B1 No")
        assert "(It was Yes.)" in shown.text
        assert "C001 · B3 · " in shown.text, "B2 does not apply any more"
    answers = (await stored(store)).answers
    assert {name: one.value for name, one in answers.items()} == {"told": "no"}


async def test_a_reply_to_a_card_belongs_to_its_question(
    telegram: TelegramServer, store: Store
) -> None:
    async with at_a_case(telegram, store, "m") as user:
        card = await user.sees("C001 · B1 · ")
        await user.send("no", to=card.message_id, quick=True)
        await user.sees("✓ B1 No")
        number = await user.sees("C001 · B3 · ")
        await user.send("none", to=number.message_id, quick=True)
        await user.sees("✓ B3 None of these")


async def test_a_reply_to_a_card_of_another_case_changes_nothing(
    telegram: TelegramServer, store: Store
) -> None:
    async with at_a_case(telegram, store, "m") as user:
        other = user.raw((await user.sees("C001 · B1 · ")).message_id)
        await user.send("/case C002")
        await user.sees("C002 · A1 · ")
        await user.post(text="yes", reply_to_message=other)
        await user.sees("That card is of C001; C002 is open now. Nothing changed.")
    assert (await stored(store)).answers == {}
    assert (await stored(store, "C002")).profile == {}


async def test_a_reply_to_a_note_belongs_to_its_question(
    telegram: TelegramServer, store: Store
) -> None:
    async with at_a_case(telegram, store, "m", "yes", "fully") as user:
        await user.send("/note B1 seen")
        await user.send("no", to=user.said("/note B1 seen"))
        assert "✓ B1 No" in (await user.sees("✓ B1 No")).text


async def test_an_edited_answer_is_changed_and_a_second_edit_too(
    telegram: TelegramServer, store: Store
) -> None:
    async with at_a_case(telegram, store, "m", "no") as user:
        message = user.said("no")
        await user.edit(message, "yes")
        shown = await user.sees("✓ B1 Yes")
        assert "(It was No.)" in shown.text
        assert "C001 · B3 · " in shown.text
        await user.edit(message, "nope not really")
        await user.sees("I cannot read your edit as an answer to B1, so that stays as it was: Yes.")
        await user.edit(message, "n/a")
        await user.sees("✓ B1 N/A")
        await user.send("/undo")
        await user.sees("Your answer to B1 is taken back.")
        assert (await stored(store)).answers["told"].value == "yes"
    assert "edited_message" in ALLOWED_UPDATES
    assert telegram.allowed_updates == list(ALLOWED_UPDATES)


async def test_an_edited_note_and_an_edited_caption_are_kept_as_they_are_now(
    telegram: TelegramServer, store: Store
) -> None:
    async with at_a_case(telegram, store, "m", "/note seen on page three") as user:
        await user.edit(user.said("/note seen on page three"), "/note seen on page four")
        await user.sees("✓ Note on B1 kept")
        await user.send_file("photo", b"\xff\xd8\xff a page", caption="page three")
        await user.quiet()
        await user.edit(user.said("page three"), "strength: page four")
        await user.sees("✓ Kept as strength on B1.")
    case = await stored(store)
    assert case.answers["told"].note == "seen on page four"
    (photo,) = case.evidence
    assert (photo.caption, photo.kind) == ("page four", EvidenceKind.STRENGTH)


async def test_an_edit_of_anything_else_is_said_not_to_be_read(
    telegram: TelegramServer, store: Store
) -> None:
    async with at_a_case(telegram, store, "blue") as user:
        await user.edit(user.said("blue"), "male")
        await user.sees("I read an edit only where the message gave something")
        await user.edit(user.said("/case C001"), "/submit")
        await user.quiet()
        assert len([one for one in user.replies() if "I read an edit only" in one.text]) == 1
    assert (await stored(store)).profile == {}


async def test_an_edit_that_is_delivered_twice_is_done_once(
    telegram: TelegramServer, store: Store
) -> None:
    async with at_a_case(telegram, store, "m", "no") as user:
        await user.edit(user.said("no"), "yes")
        await user.sees("✓ B1 Yes")
        await user.send("/undo")
        await user.sees("taken back")
        (edit,) = [one for one in telegram.confirmed if "edited_message" in one]
        await telegram.deliver(edit)
        await user.quiet()
        assert (await stored(store)).answers["told"].value == "no"


# --- what was on the screen ---------------------------------------------------------------------


async def test_texts_that_were_sent_while_the_bot_was_down_answer_what_was_on_the_screen(
    telegram: TelegramServer, store: Store
) -> None:
    async with at_a_case(telegram, store, "m") as user:
        await user.sees("C001 · B1 · ")
    for _ in range(3):
        await user.send("yes", reply=False)
    async with serving(telegram, Pipeline(store, now)):
        await user.sees("You wrote “yes” before B2 was shown, so nothing was recorded.")
        await user.quiet()
        assert list((await stored(store)).answers) == ["told"]
        await user.send("fully")
        await user.sees("✓ B2 Fully met")


async def test_a_text_from_before_the_card_is_recorded_or_left_as_its_buttons_say(
    telegram: TelegramServer, store: Store
) -> None:
    async with at_a_case(telegram, store) as user:
        await user.sees("C001 · A1 · ")
        await user.tap("Male")
        await user.send("yes", quick=True)  # in the second in which B1 took A1's place
        await user.sees("You wrote “yes” before B1 was shown.")
        assert (await stored(store)).answers == {}
        await user.tap("Leave B1 open")
        await user.sees("C001 · B1 · ")
        await user.send("record yes on b1", quick=True)
        await user.send("/undo")
        await user.tap("Male")
        await user.send("yes", quick=True)
        await user.sees("before B1 was shown.")
        await user.send("Record Yes on B1", quick=True)
        await user.sees("✓ B1 Yes")
    assert (await stored(store)).answers["told"].value == "yes"


async def test_who_types_answer_after_answer_is_never_asked(
    telegram: TelegramServer, store: Store
) -> None:
    """A card that is sent anew is known by its id, however quick the next text is."""
    async with at_a_case(telegram, store) as user:
        for text, sees in (("m", "✓ A1 Male"), ("no", "✓ B1 No"), ("none", "✓ B3"), ("3", "✓ B4")):
            await user.send(text, quick=True)
            await user.sees(sees)
            await user.quiet(0.02)
    assert len((await stored(store)).answers) == 3


async def test_lines_that_name_their_questions_are_taken_whenever_they_were_sent(
    telegram: TelegramServer, store: Store
) -> None:
    async with at_a_case(telegram, store, "m") as user:
        await user.sees("C001 · B1 · ")
    for text in ("B1 y", "B2 l seen in the log", "B4 3\nB5 4/6/2014"):
        await user.send(text, reply=False)
    async with serving(telegram, Pipeline(store, now)):
        await user.sees("✓ B5 4 June 2014")
        await user.quiet()
        await user.send("no", to=user.said("B4 3\nB5 4/6/2014"))
        await user.sees("That message answered B4 and B5. Please write the number first")
        await user.send("/undo")
        await user.sees("✓ Your answers to B4, B5 are taken back.")
    answers = (await stored(store)).answers
    assert {name: one.value for name, one in answers.items()} == {
        "told": "yes",
        "how_well": "largely",
    }
    assert answers["how_well"].note == "seen in the log"
