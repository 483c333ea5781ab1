"""The terminal: what is printed, and which line presses a button."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.channels.channel import (
    Button,
    Document,
    Message,
    Notification,
    Paragraph,
    Reply,
    Response,
    plain,
)
from bot.channels.terminal import Terminal
from tests.bot.telegram_harness import Recorder

CARD = Reply(
    (Paragraph("Was it told?"),),
    (
        (Button("● Yes", "yes", "chosen"), Button("No", "no", "answer")),
        (Button("‹ Back", "back"), Button("Next ›", "next", "main")),
    ),
    card=True,
)


@dataclass
class Session:
    """A terminal whose every answer is the same reply."""

    reply: Reply = CARD
    out: io.StringIO = field(default_factory=io.StringIO)
    receiver: Recorder = field(default_factory=Recorder)

    async def says(self, *lines: str, opening: str | None = None) -> list[Message]:
        async def given() -> AsyncIterator[str]:
            for line in lines:
                yield line

        self.receiver.answer = lambda _: Response((self.reply,))
        await Terminal(given(), self.out, opening).run(self.receiver)
        return self.receiver.applied


def text(line: str) -> Message:
    return Message("terminal", text=line)


def data(line: str) -> Message:
    return Message("terminal", data=line)


async def test_a_transcript_reads_like_a_conversation() -> None:
    session = Session()
    assert await session.says("y", opening="/case C001") == [text("/case C001"), text("y")]
    card = "\nWas it told?\n\n  1 ● Yes   2 No\n  3 ‹ Back   4 Next ›\n"
    assert session.out.getvalue() == f"{card}> y\n{card}"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("2", data("no")), ("4", data("next")), ("back", data("back")), ("Next", data("next")),
        ("no", text("no")), ("Yes", text("Yes")), ("5", text("5")), ("0", text("0")),
        ("²", text("²")), (" 2 ", data("no")),
    ],
)  # fmt: skip
async def test_a_number_presses_its_button_and_a_controls_label_too(
    line: str, message: Message
) -> None:
    assert (await Session().says(line, opening="/case"))[1:] == [message]


async def test_an_empty_line_says_nothing() -> None:
    assert await Session().says("", "  ") == []


@pytest.mark.parametrize(
    "reply",
    [
        Reply(CARD.paragraphs, CARD.buttons, wants_text=True),
        Reply(CARD.paragraphs, ((Button("3", "three", "answer"), Button("Next ›", "next")),)),
    ],
    ids=["a text is the answer", "a label is a number"],
)
async def test_where_a_number_is_an_answer_it_presses_nothing(reply: Reply) -> None:
    session = Session(reply)
    assert (await session.says("2", opening="/case"))[1:] == [text("2")]
    assert "  1 " not in session.out.getvalue()


async def test_a_text_file_is_shown_and_another_is_written_under_a_free_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "week.xlsx").write_bytes(b"there already")
    session = Session(
        plain("Here:", document=Document("week.csv", lambda: b"\xef\xbb\xbfcase,sex"))
    )
    await session.says("/export csv")
    session.reply = plain("Here:", document=Document("week.xlsx", lambda: b"a workbook"))
    await session.says("/export xlsx")
    assert "\ncase,sex\n" in session.out.getvalue()
    assert (tmp_path / "week-2.xlsx").read_bytes() == b"a workbook"
    assert (tmp_path / "week-2.xlsx").stat().st_mode & 0o777 == 0o600
    session.reply = plain("Here:", document=Document("no/such/week.xlsx", lambda: b""))
    await session.says("/export xlsx")
    assert "No such file or directory" in session.out.getvalue()


async def test_what_has_waited_for_this_chat_is_shown_first_and_taken_off() -> None:
    session = Session()
    session.receiver.waiting = [Notification("terminal", plain("C001 was returned."))]
    await session.says("y")
    assert session.out.getvalue().startswith("\nC001 was returned.\n> y\n")
    assert session.receiver.delivered == session.receiver.waiting
