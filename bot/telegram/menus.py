"""Telegram's menu of commands: each chat's follows the role of who sits there.

Telegram keeps a menu for each chat; which one is set is known from memory only, so that each chat
costs one call after a start, and one when somebody's role changes.
"""

from __future__ import annotations

import functools
import logging
from typing import Final

from telegram import BotCommandScopeChat
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.commands import commands_for
from bot.telegram.api import TelegramBot
from bot.telegram.insist import insist
from bot.telegram.patience import Patience
from bot.telegram.quiet_logs import describe
from criteria.inspection import Role
from storage.recently_used import RecentlyUsed

log = logging.getLogger(__name__)

CHATS_KEPT: Final = 10_000
STRANGER: Final = "stranger"


class Menus:
    def __init__(self, bot: TelegramBot, patience: Patience) -> None:
        self._bot = bot
        self._try = functools.partial(insist, waits=patience.resend, repeatable=True)
        self._set: RecentlyUsed[int, str] = RecentlyUsed(CHATS_KEPT)

    def differs(self, chat: int, role: Role | None) -> bool:
        """Whether the chat's menu is, as far as is known, another than its role has."""
        return self._set.get(chat) != _name(role)

    async def change(self, chat: int, role: Role | None) -> None:
        """Give the chat the menu of who sits there; None takes it away."""
        if not self.differs(chat, role):
            return
        self._set.put(chat, _name(role))
        scope = BotCommandScopeChat(chat)
        try:
            if role is None:
                await self._try(lambda: self._bot.delete_my_commands(scope))
            else:
                commands = commands_for(role)
                await self._try(lambda: self._bot.set_my_commands(commands, scope))
        except (BadRequest, Forbidden) as error:
            log.info("menu refused chat=%d error=%s", chat, describe(error))
        except TelegramError as error:
            self._set.forget(chat)  # the next message tries again
            log.warning("menu not set chat=%d error=%s", chat, describe(error))


def _name(role: Role | None) -> str:
    return role.value if role else STRANGER
