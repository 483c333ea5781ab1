"""Telegram's menu of commands: each chat's menu follows the role of its member.

Telegram keeps a menu for each chat. Which one is set is known from memory only, so that each chat
costs one call after a start, and one when somebody's role changes.
"""

import functools
import logging
from typing import Any, Final

from telegram.error import BadRequest, Forbidden, TelegramError
from tinydb.utils import LRUCache

from bot.channels.telegram.api import TelegramBot
from bot.channels.telegram.chat_queues import ChatQueues
from bot.channels.telegram.quiet_logs import describe
from bot.channels.telegram.retry import AT_START, retry
from bot.channels.telegram.timeouts import Timeouts
from bot.commands import commands_for
from bot.messages import say
from criteria.inspection import Role

log = logging.getLogger(__name__)

MAX_CHATS: Final = 10_000
"""Chats whose menu is remembered."""
STRANGER: Final = "stranger"


class Menus:
    """The menus of all chats, in queues of their own: no reply waits for a menu that is refused."""

    def __init__(self, bot: TelegramBot, timeouts: Timeouts) -> None:
        self._bot = bot
        self._policy = timeouts.calls
        self._queues = ChatQueues()
        self._set: LRUCache[int, str] = LRUCache(MAX_CHATS)

    def set(self, chat: int, role: Role | None) -> None:
        """Have the chat's menu set for this role; None is a stranger's, the default one."""
        name = role.value if role else STRANGER
        if self._set.get(chat) != name:
            self._set[chat] = name
            self._queues.add(chat, functools.partial(self._change, chat, role))

    async def flush(self, seconds: float) -> None:
        """Wait until every menu is set, but no longer than so many seconds."""
        await self._queues.flush(seconds)

    async def set_default(self) -> None:
        """Set the menu of everybody else: strangers and groups are offered the least."""
        try:
            await self._call("setMyCommands", commands=_commands(None))
        except TelegramError as error:
            log.warning("%s error=%s", AT_START, describe(error))

    async def _change(self, chat: int, role: Role | None) -> None:
        scope = {"type": "chat", "chat_id": chat}
        try:
            if role is None:
                await self._call("deleteMyCommands", scope=scope)
            else:
                await self._call("setMyCommands", commands=_commands(role), scope=scope)
        except (BadRequest, Forbidden) as error:
            log.info("menu refused chat=%d error=%s", chat, describe(error))
        except TelegramError as error:
            self._set.pop(chat, None)  # the next message tries again
            log.warning("menu not set chat=%d error=%s", chat, describe(error))

    async def _call(self, method: str, **parameters: Any) -> None:
        await retry(lambda: self._bot.call_done(method, **parameters), self._policy)


def _commands(role: Role | None) -> list[dict[str, str]]:
    return [{"command": name, "description": text} for name, text in commands_for(say, role)]
