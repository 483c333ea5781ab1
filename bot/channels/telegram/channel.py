"""The Telegram channel, from start to stop."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

from telegram.error import InvalidToken
from telegram.request import BaseRequest

from bot.channels.channel import Channel, Receiver
from bot.channels.telegram.api import TELEGRAM_API_URL, build_bot
from bot.channels.telegram.dispatcher import Dispatcher
from bot.channels.telegram.polling import poll
from bot.channels.telegram.retry import retry
from bot.channels.telegram.start_error import StartError
from bot.channels.telegram.stopping import (
    cancel,
    ending_within,
    stopping_on_signals,
    unless_stopped,
)
from bot.channels.telegram.timeouts import Timeouts
from bot.channels.telegram.transport import BadProxy, proxy_of
from bot.channels.telegram.updates import CHANNEL
from bot.channels.telegram.webhook import Webhook, check_webhook_url, take_calls
from bot.messages import say

log = logging.getLogger(__name__)


class TelegramChannel(Channel):
    """A bot on Telegram, by long polling or behind a webhook.

    ``on_username`` is told the bot's name once it is known. ``stop`` ends :meth:`run`, as SIGTERM
    and SIGINT do. ``beat`` is called whenever Telegram is asked for something. ``request`` and
    ``updates_request`` replace the transport (see :func:`bot.channels.telegram.api.build_bot`).
    """

    name: Final = CHANNEL

    def __init__(  # noqa: PLR0913 - every setting of the channel is named here, once
        self,
        token: str,
        api_url: str = TELEGRAM_API_URL,
        *,
        webhook: Webhook | None = None,
        on_username: Callable[[str], Awaitable[None]] | None = None,
        stop: asyncio.Event | None = None,
        beat: Callable[[], None] | None = None,
        timeouts: Timeouts | None = None,
        request: BaseRequest | None = None,
        updates_request: BaseRequest | None = None,
    ) -> None:
        """Raises :class:`StartError` where the settings are at fault."""
        _check_settings(token, api_url, webhook)
        self._bot = build_bot(token, api_url, request=request, updates_request=updates_request)
        self._webhook = webhook
        self._on_username = on_username
        self._stop = stop or asyncio.Event()
        self._beat = beat or (lambda: None)
        self._timeouts = timeouts or Timeouts()

    async def run(self, receiver: Receiver) -> None:
        """Serve until asked to stop; then finish what is at hand and return.

        A network that is down is waited for, at the start as well as later. Raises
        :class:`StartError` where Telegram does not accept the token or the webhook.
        """
        try:
            with stopping_on_signals(self._stop):
                async with ending_within(self._stop, self._timeouts.stop):
                    if await unless_stopped(self._stop, self._connect()):
                        await self._serve(receiver)
        except TimeoutError:  # nothing is lost: what was not applied is delivered again
            log.warning("stopped before all was done")
        finally:
            await self._bot.shutdown()
        log.info("stopped")

    async def _connect(self) -> bool:
        """Reach Telegram and learn who we are."""

        async def initialize() -> None:
            self._beat()
            await self._bot.initialize()

        try:
            await retry(
                initialize,
                self._timeouts.connection,
                final=(InvalidToken,),
                trouble="Bot API not reached",
            )
        except InvalidToken:
            # Not "from": python-telegram-bot's message holds the token.
            raise StartError(say("cli-token-refused")) from None
        return True

    async def _serve(self, receiver: Receiver) -> None:
        log.info("serving username=%s", self._bot.username)
        if self._on_username is not None:
            await self._on_username(self._bot.username)
        dispatcher = Dispatcher(receiver, self._bot, self._timeouts)
        await dispatcher.notify_outbox()  # before anything comes in, whose own it would send twice
        background = (
            asyncio.create_task(dispatcher.menus.set_default()),
            asyncio.create_task(dispatcher.notify_regularly()),
        )
        try:
            if self._webhook is None:
                await poll(self._bot, dispatcher, self._stop, self._timeouts, self._beat)
            else:
                await take_calls(self._webhook, self._bot, dispatcher, self._stop, self._timeouts)
        finally:
            await cancel(*background)


def _check_settings(token: str, api_url: str, webhook: Webhook | None) -> None:
    if not re.fullmatch(r"\d+:[\w-]+", token, re.ASCII):
        raise StartError(say("cli-bad-token"))
    parts = urlsplit(api_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise StartError(say("cli-bad-api-url", url=repr(api_url), example=TELEGRAM_API_URL))
    try:
        proxy_of(api_url)
    except BadProxy as error:
        raise StartError(say("cli-bad-proxy", kind=error.kind)) from None
    if webhook is not None:
        check_webhook_url(webhook.url)
