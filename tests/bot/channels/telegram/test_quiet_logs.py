"""The logs hold neither the token nor what people wrote."""

from __future__ import annotations

import logging

import pytest

from bot.channels.telegram.quiet_logs import HideToken, quiet_libraries
from tests.bot.telegram_harness import Recorder, serving
from tests.telegram_server import TelegramServer


async def test_neither_token_nor_texts_reach_the_log(
    telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.handler.addFilter(hide := HideToken(telegram.token))
    libraries = [
        logging.getLogger(name) for name in ("httpx", "httpcore", "telegram", "aiohttp.access")
    ]
    levels = [logger.level for logger in libraries]
    quiet_libraries()
    user = telegram.user(name="Canary-Name")
    telegram.fail("editMessageText", times=99, acts=True, body=b"canary-body")
    telegram.fail("getUpdates", times=2, body=b'{"canary-body"')
    try:
        async with serving(telegram, Recorder()):
            await user.send("canary-text")
            await user.tap("Yes")
            await user.quiet(0.2)
            logging.getLogger("x").error("see %s", f"{telegram.url}/bot{telegram.token}/getMe")
            try:
                raise ValueError(telegram.token)
            except ValueError:
                logging.getLogger("x").exception("failed")
    finally:
        caplog.handler.removeFilter(hide)
        for logger, level in zip(libraries, levels, strict=True):
            logger.setLevel(level)
    shown = caplog.text + "".join(record.getMessage() for record in caplog.records)
    assert "/bot<token>/getMe" in shown
    assert "ValueError: <token>" in shown
    assert telegram.token not in shown
    assert telegram.token.partition(":")[2] not in shown
    for canary in ("canary-text", "canary-body", "Canary-Name", "You:", "<yes>"):
        assert canary not in shown
