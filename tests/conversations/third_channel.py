"""A third channel, to show what one takes: a list of lines in, a list of texts out.

A line that is a button's label presses it; any other line is a text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bot.channels.channel import Channel, Message, Receiver


class ListOfLines(Channel):
    name: Final = "list"

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = lines
        self._buttons: dict[str, str] = {}
        self.texts: list[str] = []

    async def run(self, receiver: Receiver) -> None:
        for line in self._lines:
            data = self._buttons.get(line)
            text = line if data is None else None
            response = await receiver.receive(Message("list-1", text=text, data=data))
            for reply in response.replies:
                self.texts.append(reply.text)
                if reply.buttons:
                    self._buttons = {b.label: b.data for row in reply.buttons for b in row}
