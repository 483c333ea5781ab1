"""Takes updates from Telegram's own calls, and answers "200" only when they are durable.

Anything else than "200" makes Telegram deliver an update again, so a kill loses nothing here
either. Telegram proves itself by a secret in a header, which is made anew at every start unless
several workers share one.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from aiohttp import web
from telegram.error import BadRequest

from bot.telegram.api import TelegramBot
from bot.telegram.channel import Channel
from bot.telegram.incoming import ALLOWED_UPDATES, read_update
from bot.telegram.insist import insist_till_done
from bot.telegram.patience import Patience
from bot.telegram.start_error import StartError
from bot.telegram.transport import Garbled, read_json

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
BODY_MOST = 1024 * 1024  # far above any update; a text has 4,096 characters at most


@dataclass(frozen=True, slots=True)
class Webhook:
    """``url`` is what Telegram calls; ``host`` and ``port`` where we listen, behind a TLS proxy."""

    url: str
    host: str = "127.0.0.1"
    port: int = 8443
    secret: str | None = None


class WebhookHandler:
    """Answers Telegram's calls."""

    def __init__(self, channel: Channel, secret: str) -> None:
        self._channel = channel
        self._secret = secret.encode()
        # Telegram may make two calls for one chat at a time; the first to come is applied first.
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def handle(self, request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER)
        if given is None:
            return web.Response(status=401)
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._secret):
            return web.Response(status=403)
        body = await request.read()  # aiohttp answers 413 to more than BODY_MOST
        try:
            update = read_json(body)
        except Garbled:
            return web.Response(status=400)
        if arrival := read_update(update):
            turn = self._turns.setdefault(arrival.chat, asyncio.Lock())
            async with turn:
                await self._channel.apply((update,))
        return web.Response()


@contextlib.asynccontextmanager
async def listening(
    webhook: Webhook, bot: TelegramBot, channel: Channel, stop: asyncio.Event, patience: Patience
) -> AsyncIterator[None]:
    """Listen, and have Telegram call us, until the block is left; what is at hand is finished.

    The webhook stays set: Telegram keeps what comes meanwhile for the next start.
    Raises :class:`StartError`.
    """
    path = check_webhook_url(webhook.url)
    secret = webhook.secret or secrets.token_urlsafe(32)
    server = web.Application(client_max_size=BODY_MOST)
    server.router.add_post(path, WebhookHandler(channel, secret).handle)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=patience.flush)
    await runner.setup()
    try:
        await _listen(runner, webhook)
        if await _announce(bot, webhook.url, secret, stop, patience):
            log.info("webhook set, listening host=%s port=%d", webhook.host, webhook.port)
        yield
    finally:
        await runner.cleanup()


def check_webhook_url(url: str) -> str:
    """The path to listen on. Raises :class:`StartError`."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise StartError(
            f"--webhook {url!r} is not a web address: give it in full, https://host/path"
        )
    return parts.path or "/"


async def _listen(runner: web.AppRunner, webhook: Webhook) -> None:
    try:
        await web.TCPSite(runner, webhook.host, webhook.port).start()
    except OSError as error:
        raise StartError(
            f"Cannot listen on {webhook.host}:{webhook.port} ({error.strerror}): "
            "choose another port, or stop what is using it."
        ) from error


async def _announce(
    bot: TelegramBot, url: str, secret: str, stop: asyncio.Event, patience: Patience
) -> bool:
    """Tell Telegram, however long that takes. False when asked to stop before that."""

    async def announce() -> bool:
        return await bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED_UPDATES)

    try:
        return await insist_till_done(announce, stop, patience)
    except BadRequest as error:
        raise StartError(f"Telegram refuses the webhook {url}: {error.message}") from None
