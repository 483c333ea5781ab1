"""The Bot API as we call it: python-telegram-bot's bot over our own transport."""

from __future__ import annotations

import os
from typing import Any

from telegram.ext import ExtBot
from telegram.request import BaseRequest

from bot.telegram.incoming import ALLOWED_UPDATES
from bot.telegram.transport import Garbled, Transport, read_json

__all__ = ("TELEGRAM_API_URL", "Garbled", "TelegramBot", "build_bot", "read_json")

TELEGRAM_API_URL = "https://api.telegram.org"
BATCH_MOST = 100  # Telegram's own limit


class TelegramBot(ExtBot[None]):
    """python-telegram-bot's bot, and its calls without the objects that it makes of everything."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Without the token, which the original shows."""
        return type(self).__name__

    async def call(
        self, method: str, /, *, read_timeout: Any = BaseRequest.DEFAULT_NONE, **parameters: Any
    ) -> Any:
        """A method of the Bot API by its name; gives its result as the JSON says it.

        Parameters are what JSON can hold; those that are None are left out. It raises what
        python-telegram-bot's own methods raise, and takes a third of their time.
        """
        return await self._post(method, parameters, read_timeout=read_timeout)

    async def raw_updates(
        self, *, offset: int | None, wait: int, limit: int = BATCH_MOST
    ) -> list[Any]:
        """getUpdates: confirms everything below ``offset``, waits up to ``wait`` seconds.

        Updates are given as they came, for :mod:`bot.telegram.incoming` to read.
        """
        result = await self.call(
            "getUpdates",
            offset=offset,
            timeout=wait,
            limit=limit,
            allowed_updates=ALLOWED_UPDATES,
            read_timeout=wait + 10.0,
        )
        if not isinstance(result, list):
            raise Garbled("getUpdates gave no list")
        return result


def build_bot(
    token: str,
    api_url: str = TELEGRAM_API_URL,
    *,
    request: BaseRequest | None = None,
    updates_request: BaseRequest | None = None,
) -> TelegramBot:
    """``request`` carries the calls, ``updates_request`` the long poll."""
    # python-telegram-bot's switch for durations as timedelta, its only way from version 23 on;
    # without it every "retry after" warns.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    api_url = api_url.rstrip("/")
    return TelegramBot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=request or Transport(connections=256),
        get_updates_request=updates_request or Transport(connections=2),
    )
