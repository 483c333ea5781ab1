"""What was on a chat's screen when a message was sent, as far as this process knows.

A card that was sent anew was there for every message with a higher id. One that took the place of
an earlier card was there from the second after its edit: Telegram's times are whole seconds, and a
text of the same second may well have been meant for the card before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.channel import Message, Reply, ShownCard
from bot.channels.telegram.updates import iso_time


@dataclass(slots=True)
class _Screen:
    """The card that a chat was given last. It is not on the screen before ``message`` is known.

    ``edited`` is when it took an earlier card's place, None where it was sent anew as ``first``.
    """

    name: str
    message: int | None = None
    first: int = 0
    edited: str | None = None


class Screens:
    """It lives for one process: what another one has shown is known by its time only."""

    def __init__(self) -> None:
        self._screens: dict[int, _Screen] = {}

    def expect(self, chat: int, replies: Sequence[Reply]) -> None:
        """These replies are to be shown; until then their card is not on the screen."""
        for reply in replies:
            known = self._screens.get(chat)
            # What is shown again may have been on the screen, by another process.
            is_new = reply.card and not reply.again
            if is_new and (known is None or known.name != reply.name):
                self._screens[chat] = _Screen(reply.name)

    def shown(self, chat: int, name: str, message: int, edited: int | None = None) -> None:
        """The card stands in this message now; ``edited`` is when, where it was not sent anew."""
        screen = self._screens.get(chat)
        if screen is None or screen.name != name:  # a later card is expected already
            return
        if screen.message is None:
            screen.first, screen.edited = message, iso_time(edited)
        screen.message = message

    def seen_by(self, chat: int, message: Message) -> ShownCard | None:
        """What the message's sender saw of the chat's last card."""
        screen = self._screens.get(chat)
        if screen is None or message.data is not None:  # a button names its card itself
            return None
        if screen.message is None:
            return ShownCard(screen.name, came_before=True)
        if screen.edited is None:
            before = message.id is not None and int(message.id) < screen.first
        else:
            before = message.sent is not None and message.sent <= screen.edited
        replied_to = message.replies_to == str(screen.message)
        return ShownCard(screen.name, before, replied_to)
