"""Runs the Telegram bot from start to stop: the one entry that the command line calls."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import signal
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ApplicationBuilder
from telegram.request import BaseRequest

from bot.commands import commands_for
from bot.heartbeat import EVERY
from bot.telegram.api import TELEGRAM_API_URL, TelegramBot, build_bot
from bot.telegram.channel import Channel, Receiver
from bot.telegram.insist import insist, insist_till_done
from bot.telegram.patience import Patience, stopped_within
from bot.telegram.polling import Poller
from bot.telegram.quiet_logs import describe
from bot.telegram.start_error import StartError
from bot.telegram.webhook import Webhook, check_webhook_url, listening

log = logging.getLogger(__name__)

Served = Application[Any, Any, Any, Any, Any, Any]


async def serve(  # noqa: PLR0913 - every setting of the channel is named here, once
    conversation: Receiver,
    *,
    token: str,
    api_url: str = TELEGRAM_API_URL,
    webhook: Webhook | None = None,
    on_username: Callable[[str], Awaitable[None]] | None = None,
    heartbeat: Callable[[], None] | None = None,
    stop: asyncio.Event | None = None,
    patience: Patience | None = None,
    request: BaseRequest | None = None,
    updates_request: BaseRequest | None = None,
) -> None:
    """Serve until SIGTERM, SIGINT or ``stop``; then finish what is at hand and return.

    ``on_username`` is told the bot's name once it is known; ``heartbeat`` is called every few
    seconds. ``request`` and ``updates_request`` replace the transport (see
    :func:`bot.telegram.api.build_bot`). Raises :class:`StartError` where the settings are at
    fault. A network that is down is waited for, at the start as well as later.
    """
    patience = patience or Patience()
    stop = stop or asyncio.Event()
    _check_settings(token, api_url, webhook)
    bot = build_bot(token, api_url, request=request, updates_request=updates_request)
    application = ApplicationBuilder().bot(bot).updater(None).build()
    try:
        with _stopping_on_signals(stop):
            if not await _connect(application, stop, patience):
                return
            await application.start()
            log.info("serving username=%s", bot.username)
            if on_username is not None:
                await on_username(bot.username)
            channel = Channel(conversation, bot, patience)
            menu = asyncio.create_task(_offer_commands(bot, patience))
            await channel.notify_owed()
            _tell_the_time(application, channel, patience)
            if heartbeat is not None:
                _keep_beating(application, heartbeat)
            try:
                if webhook is None:
                    await _poll(bot, channel, stop, patience)
                else:
                    await _take_calls(webhook, bot, channel, stop, patience)
            finally:
                menu.cancel()
                await asyncio.wait((menu,))
    finally:
        if application.running:
            await application.stop()
        await application.shutdown()
        await bot.shutdown()  # where the application never got as far as being initialized
    log.info("stopped")


async def _poll(
    bot: TelegramBot, channel: Channel, stop: asyncio.Event, patience: Patience
) -> None:
    """Replies go out before the offset is confirmed: a kill in between is made good later."""
    poller = Poller(bot, channel, patience)
    try:
        # While a webhook is set there are no updates to fetch.
        if await insist_till_done(bot.delete_webhook, stop, patience):
            await poller.run(stop)
    finally:
        await channel.flush(patience.flush)
    await poller.confirm()


async def _take_calls(
    webhook: Webhook, bot: TelegramBot, channel: Channel, stop: asyncio.Event, patience: Patience
) -> None:
    try:
        async with listening(webhook, bot, channel, stop, patience):
            await stop.wait()
    finally:
        await channel.flush(patience.flush)


async def _connect(application: Served, stop: asyncio.Event, patience: Patience) -> bool:
    """Reach Telegram and learn who we are. False when asked to stop before that."""
    for wait in patience.reconnect_waits():
        try:
            await application.initialize()
        except InvalidToken:
            # Not "from": python-telegram-bot's message holds the token.
            raise StartError(
                "Telegram does not accept the token. Copy it again from @BotFather into "
                "TELEGRAM_BOT_TOKEN; if TELEGRAM_API_URL is set, check that it is a Bot API server."
            ) from None
        except TelegramError as error:
            log.warning(
                "Bot API not reached error=%s again_in=%.1f"
                " why=the address is TELEGRAM_API_URL's, or Telegram's own",
                describe(error),
                wait,
            )
            if await stopped_within(stop, wait):
                break
        else:
            return True
    return False


async def _offer_commands(bot: TelegramBot, patience: Patience) -> None:
    """Strangers and groups are offered the least; members get their own menu when they write."""
    await _call_at_start(lambda: bot.set_my_commands(commands_for(None)), patience)


def _keep_beating(application: Served, heartbeat: Callable[[], None]) -> None:
    async def beat(_context: object) -> None:
        heartbeat()

    heartbeat()  # the job's first one comes when the interval is over
    if application.job_queue is not None:
        application.job_queue.run_repeating(beat, interval=EVERY)


def _tell_the_time(application: Served, channel: Channel, patience: Patience) -> None:
    """Every minute, the evening digests that are due; one that was slept through goes out late.

    And what could not be sent when its time was. The first look is a moment after the start: the
    job queue takes a start at this very moment as missed, and would wait a whole minute.
    """

    async def look(_context: object) -> None:
        await channel.notify_due()
        await channel.notify_owed(patience.digests)

    if application.job_queue is not None:
        application.job_queue.run_repeating(look, interval=patience.digests, first=0.1)


async def _call_at_start(call: Callable[[], Awaitable[bool]], patience: Patience) -> None:
    """A call without which the bot can go on; if it matters, polling will tell."""
    try:
        await insist(call, patience.resend, repeatable=True)
    except TelegramError as error:
        log.warning("a call at the start failed error=%s", describe(error))


def _check_settings(token: str, api_url: str, webhook: Webhook | None) -> None:
    if not re.fullmatch(r"\d+:[\w-]+", token, re.ASCII):
        raise StartError(
            "The token does not look like one: @BotFather gives digits, a colon and letters. "
            "Put it into TELEGRAM_BOT_TOKEN, or into .env."
        )
    parts = urlsplit(api_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise StartError(f"TELEGRAM_API_URL is {api_url!r}: give it in full, as {TELEGRAM_API_URL}")
    if webhook is not None:
        check_webhook_url(webhook.url)


@contextlib.contextmanager
def _stopping_on_signals(stop: asyncio.Event) -> Iterator[None]:
    """The first SIGTERM or SIGINT asks to stop; a second one does what it always does."""
    loop = asyncio.get_running_loop()
    caught = (signal.SIGTERM, signal.SIGINT)

    def ask() -> None:
        stop.set()
        release()

    def release() -> None:
        for number in caught:
            loop.remove_signal_handler(number)

    # Neither Windows nor a thread has these handlers; there, ``stop`` is the way to stop.
    with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
        for number in caught:
            loop.add_signal_handler(number, ask)
    try:
        yield
    finally:
        with contextlib.suppress(NotImplementedError):
            release()
