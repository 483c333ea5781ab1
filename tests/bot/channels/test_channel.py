"""The shapes that pass between a channel and the pipeline."""

from __future__ import annotations

import pytest

from bot.channels.channel import Button, Channel, Paragraph, Reply, channel_of, plain
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.terminal import CHAT, Terminal
from tests.telegram_server import TOKEN


def test_a_reply_as_plain_text() -> None:
    paragraphs = (
        Paragraph("✓ B1 Yes", "recorded"),
        Paragraph("C001 · B2 · 2 of 7", "title", close=True),
        Paragraph("Was it told?", "question", close=True),
        Paragraph("Look at the contact log.", "hint"),
    )
    assert Reply(paragraphs).text == (
        "✓ B1 Yes\nC001 · B2 · 2 of 7\nWas it told?\n\nLook at the contact log."
    )
    assert Reply(()).text == ""
    assert plain("one").text == "one"


@pytest.mark.parametrize(
    ("intent", "is_answer"),
    [("answer", True), ("chosen", True), ("control", False), ("main", False), ("dangerous", False)],
)
def test_an_answers_label_may_be_typed(intent: str, is_answer: bool) -> None:
    assert Button("Yes", "data", intent).is_answer == is_answer  # type: ignore[arg-type]


def test_a_chat_begins_with_its_channels_name() -> None:
    channels: tuple[Channel, ...] = (TelegramChannel(TOKEN), Terminal())
    assert [channel.name for channel in channels] == [channel_of("tg-55"), channel_of(CHAT)]
