"""A server like Telegram's for every test of the channel."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.telegram_server import TelegramServer


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server
