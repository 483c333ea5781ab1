"""The terminal as a channel: the same conversation, with numbered choices.

A person gets a prompt with history and completion; from a pipe, lines are read as they come and
each is echoed, so that the transcript reads like a conversation. A number presses the button of
that number; anything else goes in as it was typed.
"""

import asyncio
import io
import shutil
import sys
import textwrap
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Final, TextIO

from bot.channels.channel import (
    SIGNS,
    Button,
    ButtonRows,
    Channel,
    Document,
    Message,
    Receiver,
    Reply,
)
from bot.commands import COMMANDS
from bot.messages import say
from storage.disk import write_durably

CHAT: Final = "terminal"
PROMPT: Final = "> "
WIDTH: Final = 78


class Terminal(Channel):
    """One chat on standard output. Its ``lines`` come from a pipe; without them a person types.

    ``opening`` is said first, without being echoed.
    """

    name: Final = CHAT

    def __init__(
        self,
        lines: AsyncIterator[str] | None = None,
        out: TextIO | None = None,
        opening: str | None = None,
    ) -> None:
        self._lines = lines
        self._out = out or sys.stdout
        self._opening = opening
        self.buttons: tuple[Button, ...] = ()
        self._wants_text = False
        self._bare = False

    async def run(self, receiver: Receiver) -> None:
        """Answer every line until they end; first show what has waited for this chat."""
        for notification in await receiver.outbox(CHAT):
            self._show(notification.reply)
            await receiver.sent(notification)
        if self._opening is not None:
            await self._send(Message(CHAT, text=self._opening), receiver)
        async for line in self._lines or self._typed_lines():
            if self._lines is not None:
                self._print(f"{PROMPT}{line}")
            await self.enter(line, receiver)

    async def enter(self, line: str, receiver: Receiver) -> None:
        """Take one line: a button's number, or a text."""
        line = line.strip()
        if not line:
            return
        button = self._pressed(line)
        message = Message(CHAT, data=button.data) if button else Message(CHAT, text=line)
        await self._send(message, receiver)

    async def _send(self, message: Message, receiver: Receiver) -> None:
        response = await receiver.receive(message)
        for reply in response.replies:
            self._show(reply)

    def _show(self, reply: Reply) -> None:
        """Print a message; its buttons are those that numbers press until the next card."""
        self._print("")
        for line in reply.text.splitlines():
            self._print(textwrap.fill(line, _width()) if len(line) > _width() else line)
        if reply.document and not reply.document.picture:
            self._print(_hand_over(reply.document))
        if not reply.buttons:
            return
        self.buttons = tuple(button for row in reply.buttons for button in row)
        self._wants_text = reply.wants_text
        # A number that is an answer must not press a button.
        self._bare = reply.wants_text or any(button.label.isdigit() for button in self.buttons)
        self._print("")
        for line in numbered(reply.buttons, bare=self._bare):
            self._print(f"  {line}")

    def _pressed(self, line: str) -> Button | None:
        """Return the button of this number, or the control of this label; None is a text.

        An answer's label goes in as text, as it would in any other channel. Where a text is the
        answer (a number, a note), only a slash command is a control.
        """
        if self._wants_text:
            return None
        said = [one for one in self.buttons if one.label.strip(SIGNS).casefold() == line.casefold()]
        if said:
            return None if any(button.is_answer for button in said) else said[0]
        if self._bare or not (line.isascii() and line.isdigit()):
            return None
        number = int(line[:4])
        return self.buttons[number - 1] if 0 < number <= len(self.buttons) else None

    async def _typed_lines(self) -> AsyncIterator[str]:
        """Lines that a person types, with history and completion; Ctrl-D leaves."""
        from prompt_toolkit import PromptSession  # noqa: PLC0415  # only where a person sits
        from prompt_toolkit.completion import Completer, WordCompleter  # noqa: PLC0415

        session: PromptSession[str] = PromptSession()
        while True:
            words = [button.label for button in self.buttons] + [f"/{c}" for c in COMMANDS]
            completer: Completer = WordCompleter(words, ignore_case=True, sentence=True)
            try:
                yield await session.prompt_async(PROMPT, completer=completer)
            except (EOFError, KeyboardInterrupt):
                return

    def _print(self, line: str) -> None:
        print(line, file=self._out, flush=True)


def _hand_over(document: Document) -> str:
    """Show a text; write anything else into this folder, under a name that is not taken."""
    content = document.make()
    if document.filename.endswith((".json", ".csv")):
        return content.decode("utf-8-sig")
    path = named = Path(document.filename)
    number = 2
    while path.exists():
        path = named.with_stem(f"{named.stem}-{number}")
        number += 1
    try:
        write_durably(path, content)
    except OSError as exc:
        return say("file-not-written", path=path, why=exc.strerror or exc)
    return say("file-written", path=path)


def numbered(rows: ButtonRows, *, bare: bool) -> Iterable[str]:
    """Yield a line for each row of buttons: ``1 Yes   2 No``.

    ``bare`` where a number would be an answer: the answers by their labels, the controls by their
    commands.
    """
    number = 0
    for row in rows:
        parts = []
        for button in row:
            number += 1
            if not bare:
                parts.append(f"{number} {button.label}")
            elif button.is_answer:
                parts.append(button.label)
        if parts:
            yield "   ".join(parts)
    if bare:
        yield say("slash-controls")


def _width() -> int:
    return min(WIDTH, shutil.get_terminal_size().columns)


def read_any_text() -> None:
    """Read and write UTF-8 whatever the locale says, and never stop at an invalid byte."""
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


async def piped_lines(stream: TextIO = sys.stdin) -> AsyncIterator[str]:
    """Lines from a pipe, as they come."""
    while line := await asyncio.to_thread(stream.readline):
        yield line.rstrip("\n")
