"""Taking updates from Telegram's own calls, and answering "200" only when they are durable.

Anything else than "200" makes Telegram deliver an update again, so a kill loses nothing here
either. Telegram proves itself by a secret in a header, which is made anew at every start unless
several workers share one.
"""

from __future__ import annotations

import asyncio
import functools
import hmac
import logging
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web
from telegram.error import BadRequest

from bot.channels.telegram.api import TelegramBot
from bot.channels.telegram.dispatcher import Dispatcher
from bot.channels.telegram.retry import AT_START, retry
from bot.channels.telegram.start_error import StartError
from bot.channels.telegram.stopping import unless_stopped
from bot.channels.telegram.timeouts import Timeouts
from bot.channels.telegram.transport import Garbled, read_json
from bot.channels.telegram.updates import ALLOWED_UPDATES
from bot.messages import say

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
MAX_BODY = 1024 * 1024  # far above any update; a text has 4,096 characters at most


@dataclass(frozen=True, slots=True)
class Webhook:
    """``url`` is what Telegram calls; ``host`` and ``port`` where we listen, behind a TLS proxy."""

    url: str
    host: str = "127.0.0.1"
    port: int = 8443
    secret: str | None = None


async def _handle(request: web.Request, dispatcher: Dispatcher, secret: bytes) -> web.Response:
    given = request.headers.get(SECRET_HEADER)
    if given is None:
        return web.Response(status=401)
    if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret):
        return web.Response(status=403)
    try:
        body = await request.read()  # aiohttp answers 413 to more than MAX_BODY
        update = read_json(body)
    except (Garbled, web.RequestPayloadError):  # no JSON; no gzip, although it says so
        refused = web.Response(status=400)
        refused.force_close()  # what is left of a body that cannot be read is not waited for
        return refused
    await dispatcher.apply((update,))
    return web.Response()


async def take_calls(
    webhook: Webhook,
    bot: TelegramBot,
    dispatcher: Dispatcher,
    stop: asyncio.Event,
    timeouts: Timeouts,
) -> None:
    """Listen, and have Telegram call us, until asked to stop; what is at hand is finished.

    The webhook stays set: Telegram keeps what comes meanwhile for the next start.
    Raises :class:`StartError`.
    """
    path = check_webhook_url(webhook.url)
    secret = webhook.secret or secrets.token_urlsafe(32)
    server = web.Application(client_max_size=MAX_BODY)
    handle = functools.partial(_handle, dispatcher=dispatcher, secret=secret.encode())
    server.router.add_post(path, handle)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=timeouts.flush)
    await runner.setup()
    try:
        await _listen(runner, webhook)
        await unless_stopped(stop, _announce(bot, webhook, secret, timeouts))
        await stop.wait()
    finally:
        await runner.cleanup()
        await dispatcher.flush(timeouts.flush)


def check_webhook_url(url: str) -> str:
    """Return the path to listen on. Raises :class:`StartError`."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise StartError(say("cli-bad-webhook", url=url))
    return parts.path or "/"


async def _listen(runner: web.AppRunner, webhook: Webhook) -> None:
    try:
        await web.TCPSite(runner, webhook.host, webhook.port).start()
    except OSError as error:
        why = error.strerror or error
        told = say("cli-cannot-listen", host=webhook.host, port=webhook.port, why=why)
        raise StartError(told) from error


async def _announce(bot: TelegramBot, webhook: Webhook, secret: str, timeouts: Timeouts) -> None:
    """Tell Telegram where to call, however long that takes."""
    parameters = {"url": webhook.url, "secret_token": secret, "allowed_updates": ALLOWED_UPDATES}
    announce = functools.partial(bot.call_done, "setWebhook", **parameters)
    try:
        await retry(announce, timeouts.connection, final=(BadRequest,), trouble=AT_START)
    except BadRequest as error:
        raise StartError(say("cli-webhook-refused", url=webhook.url, why=error.message)) from None
    log.info("webhook set, listening host=%s port=%d", webhook.host, webhook.port)
