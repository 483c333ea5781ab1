"""The Bot API as we call it: python-telegram-bot's bot over a transport that says what it knows.

Two kinds of failure look alike in python-telegram-bot and are told apart here, because a message
must not be sent twice: :class:`NotSent` (it never left) and :class:`Garbled` (it was answered, but
not in JSON, so it was probably done).
"""

from __future__ import annotations

import json
import os
from typing import Any

import httpx
import orjson
from telegram.error import NetworkError, TelegramError
from telegram.ext import ExtBot
from telegram.request import BaseRequest, HTTPXRequest, RequestData

from bot.telegram.incoming import ALLOWED_UPDATES

TELEGRAM_API_URL = "https://api.telegram.org"
BATCH_MOST = 100  # Telegram's own limit


class NotSent(NetworkError):
    """No connection could be had: the request never left, so it can be sent again."""


class Garbled(TelegramError):
    """The answer was not the Bot API's JSON. What was asked for may have been done."""


class Transport(HTTPXRequest):
    """python-telegram-bot's own transport, but for three things.

    It says when a request never left; it reads JSON fast, and logs nothing of what it cannot read
    (the original logs the whole answer, texts and all); and it keeps connections for longer than
    httpx's 5 seconds, as an inspector thinks for longer than that between two taps.
    """

    def __init__(self, connections: int, *, read_timeout: float = 10.0) -> None:
        super().__init__(
            read_timeout=read_timeout,
            pool_timeout=30.0,
            httpx_kwargs={
                "limits": httpx.Limits(max_connections=connections, keepalive_expiry=60.0)
            },
        )

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *args: Any, **kw: Any
    ) -> tuple[int, bytes]:
        try:
            return await super().do_request(url, method, request_data, *args, **kw)
        except NetworkError as error:
            cause = error.__cause__
            if isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
                raise NotSent(type(cause).__name__) from error
            raise

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        answer = read_json(payload)
        if not isinstance(answer, dict) or not ("result" in answer or answer.get("ok") is False):
            raise Garbled("The answer has no result")
        return answer


def read_json(payload: bytes) -> Any:
    """JSON as Telegram writes it. The standard reader takes half surrogates, which orjson refuses.

    Raises :class:`Garbled`.
    """
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(payload.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise Garbled("The answer is not JSON") from None


class TelegramBot(ExtBot[None]):
    """python-telegram-bot's bot, and updates as they came (see :mod:`bot.telegram.incoming`)."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Without the token, which the original shows."""
        return type(self).__name__

    async def raw_updates(
        self, *, offset: int | None, wait: int, limit: int = BATCH_MOST
    ) -> list[Any]:
        """getUpdates: confirms everything below ``offset``, waits up to ``wait`` seconds."""
        result = await self._post(
            "getUpdates",
            {
                "offset": offset,
                "timeout": wait,
                "limit": limit,
                "allowed_updates": ALLOWED_UPDATES,
            },
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
