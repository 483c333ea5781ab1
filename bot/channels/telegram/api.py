"""The Bot API as we call it: python-telegram-bot's bot over our own transport."""

import asyncio
import os
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import quote

from telegram import Bot, User
from telegram.error import TelegramError
from telegram.request import BaseRequest

from bot.channels.telegram.transport import Garbled, TooLarge, Transport
from bot.channels.telegram.updates import ALLOWED_UPDATES

TELEGRAM_API_URL = "https://api.telegram.org"
MAX_BATCH = 100  # Telegram's own limit

_MISSHAPEN = (TypeError, ValueError, KeyError, AttributeError)
"""What python-telegram-bot raises of an answer that it cannot make its objects of."""


class FilesElsewhere(TelegramError):
    """The Bot API server gave a path that cannot be read here."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The Bot API server keeps its files on its own disk, and they cannot be read here"
            f" ({why}). Run casewalk where it can read that folder, under the same path and by a"
            f" user who may, or start the server without --local."
        )


class TelegramBot(Bot):
    """python-telegram-bot's bot, which also calls methods without making objects of the results."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Without the token, which the original shows."""
        return type(self).__name__

    async def get_me(self, *args: Any, **kwargs: Any) -> User:
        """Return who we are. Raises :class:`Garbled` where the answer does not tell."""
        try:
            me = await super().get_me(*args, **kwargs)
        except _MISSHAPEN:
            raise Garbled("getMe gave no user") from None
        if not isinstance(me, User) or not isinstance(me.username, str):
            raise Garbled("getMe gave no bot")
        return me

    async def file_content(self, file_id: str, max_bytes: int) -> bytes:
        """Return the content of a file that somebody sent.

        Raises :class:`TooLarge`, :class:`FilesElsewhere`, and :class:`Garbled`, also where its size
        is not as told: a proxy's error page must not be kept as evidence.
        """
        found = await self.call("getFile", file_id=file_id)
        path = found.get("file_path") if isinstance(found, dict) else None
        size = found.get("file_size") if isinstance(found, dict) else None
        if not isinstance(path, str):
            raise Garbled("getFile gave no path")
        if isinstance(size, int) and size > max_bytes:
            raise TooLarge
        # A local Bot API server (started with --local) gives a path on its own machine.
        if PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute():
            content = await asyncio.to_thread(_read, path, max_bytes)
        else:
            content = await self._transport.download(
                f"{self.base_file_url}/{quote(path)}", max_bytes
            )
        if isinstance(size, int) and size != len(content):
            raise Garbled("The file is not as long as getFile said")
        return content

    @property
    def _transport(self) -> Transport:
        request = self.request
        if not isinstance(request, Transport):
            raise TypeError("Files are fetched by our own transport")
        return request

    async def call(
        self, method: str, /, *, read_timeout: Any = BaseRequest.DEFAULT_NONE, **parameters: Any
    ) -> Any:
        """Call a method of the Bot API by its name, and return its result as plain JSON.

        Parameters that are None are left out. Raises what python-telegram-bot's own methods raise;
        the objects that those make of everything were two fifths of a tap's CPU time.
        """
        return await self._post(method, parameters, read_timeout=read_timeout)

    async def call_done(self, method: str, /, **parameters: Any) -> None:
        """Call a method whose result is only ``true``. Raises :class:`Garbled` where it is not."""
        if await self.call(method, **parameters) is not True:
            raise Garbled(f"{method} did not say whether it was done")

    async def raw_updates(
        self, *, offset: int | None, wait: int, limit: int = MAX_BATCH
    ) -> list[Any]:
        """Call getUpdates: confirm everything below ``offset``, wait up to ``wait`` seconds.

        Returns the updates as they came, for :mod:`bot.channels.telegram.updates` to read.
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
        are_updates = (isinstance(update, dict) and "update_id" in update for update in result)
        if result and not any(are_updates):
            raise Garbled("getUpdates gave no updates")
        return result


def _read(path: str, max_bytes: int) -> bytes:
    try:
        with Path(path).open("rb") as file:
            content = file.read(max_bytes + 1)
    except OSError as error:
        raise FilesElsewhere(error.strerror or type(error).__name__) from None
    if len(content) > max_bytes:
        raise TooLarge
    return content


def build_bot(
    token: str,
    api_url: str = TELEGRAM_API_URL,
    *,
    request: BaseRequest | None = None,
    updates_request: BaseRequest | None = None,
) -> TelegramBot:
    """Make the bot. ``request`` carries the calls, ``updates_request`` the long poll."""
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
