"""Telegram's menu of commands: each chat's follows the role of who sits there.

Telegram keeps a menu for each chat; which one is set is known from memory only, so that each chat
costs one call after a start, and one when somebody's role changes.
"""

from __future__ import annotations

import functools
import logging
from typing import Final

from telegram import BotCommandScopeChat
from telegram.error import TelegramError

from bot.commands import commands_for
from bot.reply import Outcome
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

    def differs(self, chat: int, outcome: Outcome) -> bool:
        """Whether the chat's menu is, as far as is known, another than its role has."""
        wanted = _wanted(outcome)
        return wanted is not None and self._set.get(chat) != wanted

    async def change(self, chat: int, outcome: Outcome) -> None:
        wanted, scope = _wanted(outcome), BotCommandScopeChat(chat)
        if wanted is None or self._set.get(chat) == wanted:
            return
        self._set.put(chat, wanted)
        try:
            if wanted == STRANGER:
                await self._try(lambda: self._bot.delete_my_commands(scope))
            else:
                commands = commands_for(Role(wanted))
                await self._try(lambda: self._bot.set_my_commands(commands, scope))
        except TelegramError as error:
            log.warning("menu not set chat=%d error=%s", chat, describe(error))


def _wanted(outcome: Outcome) -> str | None:
    """The role whose menu the chat should have; None where the outcome does not tell."""
    if outcome.stranger:
        return STRANGER
    return outcome.role.value if outcome.role else None
