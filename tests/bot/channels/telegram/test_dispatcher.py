"""What came is applied, chats side by side, and answered in order."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.channels.channel import Message, Notification, Response, plain
from bot.messages import say
from tests.bot.telegram_harness import SHORT, Recorder, card_of, said, serving
from tests.telegram_server import TelegramServer, User


async def test_a_notice_reaches_another_chat_in_that_chats_order(telegram: TelegramServer) -> None:
    inspector, lead = telegram.user(), telegram.user()

    def answer(message: Message) -> Response:
        if message.chat == lead.key:
            return card_of(message)
        heard = Notification(lead.key, plain(f"Heard: {message.text}"))
        notices = (heard, Notification("terminal", plain("elsewhere")))
        return Response((plain("sent"),), notices)

    async with serving(telegram, Recorder(answer)):
        await lead.send("hello")
        for number in range(5):
            await inspector.send(str(number))
        await lead.sees("Heard: 4")
    assert [message.text for message in lead.replies()] == [
        "You: hello",
        *(f"Heard: {number}" for number in range(5)),
    ]


async def test_what_is_no_text_is_handed_on_as_neither_and_an_album_once(
    telegram: TelegramServer,
) -> None:
    user = telegram.user()
    receiver = Recorder()
    photo = [{"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}]
    async with serving(telegram, receiver):
        await user.post(sticker={"file_id": "x"})
        await user.post(animation=photo[0], caption="Yes", media_group_id="album")
        await user.post(animation=photo[0], media_group_id="album", reply=False)
        await user.post(text="Yes", forward_origin={"type": "hidden_user"})
        await user.quiet()
    assert [(one.text, one.data) for one in receiver.applied] == [(None, None)] * 3
    assert user.card().text == "You: <None>"


async def test_replies_of_a_chat_keep_their_order_though_one_must_wait(
    telegram: TelegramServer,
) -> None:
    user, other = telegram.user(), telegram.user()
    telegram.fail("sendMessage", chat=user.chat.chat_id, retry_after=1)
    async with serving(telegram, Recorder(lambda it: Response((plain(said(it)),)))):
        for number in range(5):
            await user.send(str(number), reply=False)
        await other.send("quick")
        assert [message.text for message in other.replies()] == ["quick"]
        assert user.replies() == []
        await user.sees("4")
    assert [message.text for message in user.replies()] == list("01234")


async def test_chats_are_applied_side_by_side_and_each_in_order(telegram: TelegramServer) -> None:
    slow, quick = telegram.user(), telegram.user()
    release = asyncio.Event()

    async def before(message: Message) -> None:
        if message.text == "slow 1":
            await release.wait()
        if message.text == "quick 2":
            release.set()

    receiver = Recorder(before=before)
    for user, text in ((slow, "slow 1"), (slow, "slow 2"), (quick, "quick 1"), (quick, "quick 2")):
        await user.send(text, reply=False)
    async with serving(telegram, receiver):
        await slow.sees("slow 2")
        await quick.sees("quick 2")
    assert receiver.said.index("quick 2") < receiver.said.index("slow 1")
    assert [text for text in receiver.said if "slow" in text] == ["slow 1", "slow 2"]
    assert [text for text in receiver.said if "quick" in text] == ["quick 1", "quick 2"]


async def test_what_the_pipeline_gave_up_is_not_tried_again_here(telegram: TelegramServer) -> None:
    user = telegram.user()
    tries: list[Message] = []

    async def before(message: Message) -> None:
        tries.append(message)
        raise OSError("disk full")

    async with serving(telegram, Recorder(before=before)):
        await user.send("one")
        await telegram.until(lambda: not telegram.pending)
    assert len(tries) == 1
    assert [message.text for message in user.replies()] == [say("telegram-not-saved")]


async def test_who_could_not_be_saved_is_told_and_others_go_on(
    telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    user, other = telegram.user(), telegram.user()

    async def before(message: Message) -> None:
        if message.text == "bad":
            raise OSError("disk full at 'a secret answer'")

    receiver = Recorder(before=before)
    async with serving(telegram, receiver):
        await user.send("bad")
        await other.send("good")
        await user.send("good again")
        await telegram.until(lambda: not telegram.pending)
    assert [message.text for message in user.replies()] == [
        say("telegram-not-saved"),
        "You: good again",
    ]
    assert receiver.said == ["good", "good again"]
    assert "error=OSError@" in caplog.text
    assert "secret answer" not in caplog.text


async def test_a_tap_that_could_not_be_saved_leaves_the_card(telegram: TelegramServer) -> None:
    user: User = telegram.user()

    async def before(message: Message) -> None:
        if message.data:
            raise OSError

    async with serving(telegram, Recorder(before=before)):
        await user.send("one")
        await user.tap("Yes")
    assert user.card().text == "You: one"
    assert user.toasts == [say("telegram-not-saved-toast")]


async def test_an_acknowledgement_that_fails_holds_up_no_card(
    telegram: TelegramServer,
) -> None:
    user = telegram.user()
    telegram.fail("answerCallbackQuery", times=99, status=500)
    async with serving(telegram, Recorder()):
        await user.send("one")
        await user.tap("Yes", reply=False)
        await user.sees("You: <yes>")
        await user.tap("No", reply=False)
        await user.sees("You: <no>")
    assert len(user.cards()) == 1


async def test_a_tap_without_a_reply_is_acknowledged(telegram: TelegramServer) -> None:
    user = telegram.user()
    receiver = Recorder(lambda it: Response() if it.data else card_of(it))
    async with serving(telegram, receiver):
        await user.send("one")
        await user.tap("Yes", reply=False)
        await telegram.until(lambda: telegram.calls["answerCallbackQuery"] == 1)
    assert user.card().text == "You: one"


async def test_no_card_waits_for_an_acknowledgement_that_telegram_puts_off(
    telegram: TelegramServer,
) -> None:
    user = telegram.user()
    async with serving(telegram, Recorder(), timeouts=replace(SHORT, flush=0.1)):
        await user.send("one")
        telegram.fail("answerCallbackQuery", times=99, retry_after=60)
        for label in ("Yes", "No", "Yes"):
            await user.tap(label, reply=False)
            await user.sees(f"You: <{label.lower()}>", 5.0)


# --- notifications ----------------------------------------------------------------------


class Outbox(Recorder):
    """Says for which channel it was asked, and has a digest that is due once."""

    def __init__(self, *due: Notification) -> None:
        super().__init__()
        self.asked: list[tuple[str, float]] = []
        self.digests = list(due)
        self.looked_often = asyncio.Event()

    async def outbox(self, channel: str, waiting: float = 0.0) -> list[Notification]:
        self.asked.append((channel, waiting))
        if len(self.asked) > 3:
            self.looked_often.set()
        return await super().outbox(channel, waiting)

    async def due(self, channel: str) -> list[Notification]:
        self.asked.append((channel, -1.0))
        due, self.digests = self.digests, []
        return due


async def test_only_our_own_messages_are_asked_for_and_taken_off_when_they_went_out(
    telegram: TelegramServer,
) -> None:
    lead = telegram.user()
    waiting = Notification(lead.key, plain("Heard"))
    receiver = Outbox(Notification(lead.key, plain("Tonight")))
    receiver.waiting = [waiting, Notification("terminal", plain("elsewhere"))]
    async with serving(telegram, receiver, timeouts=replace(SHORT, outbox=0.05)):
        await lead.sees("Heard")
        await lead.sees("Tonight")
        async with asyncio.timeout(5):
            await receiver.looked_often.wait()
    assert {channel for channel, _ in receiver.asked} == {"tg"}
    assert receiver.asked[0] == ("tg", 0.0)
    assert waiting in receiver.delivered
    assert "terminal" not in [notification.chat for notification in receiver.delivered]


async def test_what_could_not_be_sent_is_sent_later(telegram: TelegramServer) -> None:
    lead = telegram.user()
    telegram.fail("sendMessage", times=3, status=500)
    receiver = Outbox(Notification(lead.key, plain("Tonight")))
    async with serving(telegram, receiver, timeouts=replace(SHORT, outbox=0.1)):
        await lead.sees("Tonight")
    assert [message.text for message in lead.replies()] == ["Tonight"]
    assert len(receiver.delivered) == 1
