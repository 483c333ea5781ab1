"""A text that the app cut into several messages, since one holds 4,096 characters, is one text.

A part that may be the beginning of one waits, durably, in its chat's session: what was sent within
two seconds goes on with it. If nothing was, it is taken as it is.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any, Final

from bot.channels.channel import Message, ShownCard
from dialogs.session import TextPart

MIN_PART: Final = 4_000
"""Characters. Apps cut where a word ends, if they can."""
MAX_MESSAGE: Final = 4_096
"""Characters that Telegram takes in one message."""
MAX_APART: Final = timedelta(seconds=2)
"""By the times at which the messages were sent."""
_ABOUT: Final = ("id", "sent", "replies_to", "replied_data", "card")
"""What a text has from its first message."""


def may_go_on(message: Message) -> bool:
    """Whether the rest of its text may follow in another message."""
    last = message.parts[-1] if message.parts else message.text or ""
    whole = message.sent is None or message.edits is not None or message.group
    return len(last) >= MIN_PART and not whole


def part_of(message: Message, until: str) -> TextPart:
    """What waits for the rest; its last message was sent at ``until``."""
    about = {name: value for name, value in asdict(message).items() if name in _ABOUT}
    about["replied_data"] = list(message.replied_data)
    return TextPart(message.parts or (message.text or "",), until, about)


def goes_on(part: TextPart, message: Message) -> bool:
    """Whether a message holds what follows on the part."""
    if message.text is None or message.sent is None or message.edits is not None:
        return False
    apart = datetime.fromisoformat(message.sent) - datetime.fromisoformat(part.until)
    return not message.text.startswith("/") and timedelta() <= apart <= MAX_APART


def joined(part: TextPart, message: Message) -> Message:
    """The message with all of the text."""
    parts = (*part.texts, message.text or "")
    return replace(message, text=_together(parts), parts=parts, **_about(part))


def alone(part: TextPart, message: Message) -> Message:
    """The part as a message of its own, before this one."""
    return Message(message.chat, text=_together(part.texts), parts=part.texts, **_about(part))


def _about(part: TextPart) -> dict[str, Any]:
    card = part.about["card"]
    shown = None if card is None else ShownCard(**card)
    return {**part.about, "replied_data": tuple(part.about["replied_data"]), "card": shown}


def _together(parts: Sequence[str]) -> str:
    """With the space that was taken off where a text was cut; inside a word none was."""
    text = ""
    for part in parts:
        text += part
        text += "" if len(part.encode("utf-16-le")) // 2 >= MAX_MESSAGE else " "
    return text.strip()
