"""What becomes of a call on the wire: a server that answers, refuses, stalls, hangs up or babbles.

Each test says which of the errors it ends in, since that decides whether a message is sent again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson
import pytest
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram.api import TelegramBot, build_bot
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.quiet_logs import NOISY, quiet_libraries
from bot.channels.telegram.start_error import StartError
from bot.channels.telegram.transport import Garbled, NotSent, Transport, proxy_of
from tests.telegram_server import TOKEN, TelegramServer

Act = Callable[["Wire", asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Wire:
    """A server that does with each request what its next act says, and keeps what was asked.

    ``calls`` are the requests' first lines and bodies; ``connections`` counts them.
    """

    acts: list[Act]
    calls: list[tuple[str, bytes]] = field(default_factory=list)
    connections: int = 0
    url: str = ""
    over: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while not writer.is_closing():
                self.calls.append(await _read_request(reader))
                self.asked.set()
                await self.acts.pop(0)(self, writer)
        writer.close()


async def _read_request(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    lengths = [
        int(line.partition(":")[2])
        for line in head.splitlines()
        if line.lower().startswith("content-length:")
    ]
    return head.splitlines()[0], await reader.readexactly(sum(lengths))


@contextlib.asynccontextmanager
async def wire(*acts: Act) -> AsyncIterator[Wire]:
    it = Wire(list(acts))
    server = await asyncio.start_server(it.serve, "127.0.0.1", 0)
    it.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield it
        it.over.set()
        await asyncio.sleep(0)


def answers(body: bytes = b'{"ok":true,"result":true}', status: str = "200 OK") -> Act:
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    return says(head + body)


def refuses(code: int, description: str, **parameters: Any) -> Act:
    answer: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        answer["parameters"] = parameters
    return answers(orjson.dumps(answer), f"{code} Refused")


def says(raw: bytes) -> Act:
    async def act(_: Wire, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()

    return act


def hangs_up(after: bytes = b"") -> Act:
    async def act(_: Wire, writer: asyncio.StreamWriter) -> None:
        writer.write(after)
        writer.close()

    return act


async def stalls(it: Wire, _: asyncio.StreamWriter) -> None:
    await it.over.wait()


@contextlib.asynccontextmanager
async def calling(
    url: str, *, connections: int = 4, read_timeout: float = 5.0, **timeouts: float
) -> AsyncIterator[TelegramBot]:
    """A bot whose calls go there, without the getMe that its own start makes first."""
    transport = Transport(connections, read_timeout=read_timeout, **timeouts)
    async with transport:
        yield build_bot(TOKEN, url, request=transport, updates_request=transport)


async def error_of(call: Awaitable[object]) -> TelegramError:
    """The error that a call ends in, in which nothing shows the token."""
    with pytest.raises(TelegramError) as raised:
        await call
    error = raised.value
    shown = "".join(traceback.format_exception(error))
    linked: BaseException | None = error
    while linked is not None:
        shown += f"{linked!r} {linked}"
        linked = linked.__cause__ or linked.__context__
    assert TOKEN not in shown
    assert TOKEN.partition(":")[2] not in shown
    return error


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing that is logged, at any level, shows the token."""
    levels = {logging.getLogger(name): logging.getLogger(name).level for name in NOISY}
    quiet_libraries()
    caplog.set_level(logging.DEBUG)
    yield
    for logger, level in levels.items():
        logger.setLevel(level)
    logged = map(logging.Formatter().format, caplog.get_records("call"))
    assert TOKEN.partition(":")[2] not in "".join(logged)


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


# --- it never left ----------------------------------------------------------------------


async def test_a_refused_connection_is_not_sent() -> None:
    async with calling(f"http://127.0.0.1:{closed_port()}") as bot:
        assert isinstance(await error_of(bot.call("sendMessage", text="x")), NotSent)


async def test_an_unknown_host_is_not_sent() -> None:
    async with calling("http://nowhere.invalid") as bot:
        assert isinstance(await error_of(bot.call("sendMessage", text="x")), NotSent)


async def test_what_has_no_secure_connection_is_not_sent() -> None:
    async def no_tls(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(no_tls, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with calling(f"https://127.0.0.1:{port}") as bot:
            assert isinstance(await error_of(bot.call("sendMessage", text="x")), NotSent)


async def test_a_time_out_before_the_connection_stands_is_not_sent() -> None:
    with socket.socket() as silent:  # takes the connection, and leaves the TLS handshake waiting
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        async with calling(url, connect_timeout=0.05) as bot:
            assert isinstance(await error_of(bot.call("sendMessage", text="x")), NotSent)


async def test_what_waited_in_vain_for_a_free_connection_is_not_sent() -> None:
    timeouts = {"pool_timeout": 0.03, "connect_timeout": 0.02}
    async with wire(stalls) as server, calling(server.url, connections=1, **timeouts) as bot:
        first = asyncio.create_task(bot.call("sendMessage", text="first"))
        await server.asked.wait()
        waiting = bot.call("sendMessage", text="second")
        assert isinstance(await error_of(waiting), NotSent)
        assert len(server.calls) == 1
        first.cancel()
        await asyncio.wait((first,))


# --- it left, and nothing was heard -----------------------------------------------------


async def test_a_time_out_after_it_was_sent_may_have_been_done() -> None:
    async with wire(stalls) as server, calling(server.url, read_timeout=0.05) as bot:
        error = await error_of(bot.call("sendMessage", text="x"))
        assert isinstance(error, TimedOut)
        assert len(server.calls) == 1


async def test_a_time_out_in_the_midst_of_the_answer_may_have_been_done() -> None:
    begun = says(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    async with wire(begun) as server, calling(server.url, read_timeout=0.05) as bot:
        assert isinstance(await error_of(bot.call("sendMessage", text="x")), TimedOut)


async def test_an_upload_that_nobody_takes_ends_in_a_time_out() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        timeouts = {f"{name}_timeout": 0.05 for name in ("read", "upload", "connect", "pool")}
        async with calling(f"http://127.0.0.1:{deaf.getsockname()[1]}", **timeouts) as bot:
            call = bot.send_document(1, bytes(32_000_000), filename="x.json")
            assert isinstance(await error_of(call), TimedOut)


@pytest.mark.parametrize("used_before", [False, True], ids=["new", "kept"])
async def test_a_connection_that_is_closed_on_a_call_ends_it_and_nothing_is_sent_twice(
    used_before: bool,
) -> None:
    acts = [answers()] * used_before + [hangs_up(), answers()]
    async with wire(*acts) as server, calling(server.url) as bot:
        if used_before:
            await bot.call("getMe")
        error = await error_of(bot.call("sendMessage", text="x"))
        assert isinstance(error, NetworkError)
        assert not isinstance(error, NotSent | TimedOut)
        assert len(server.calls) == 1 + used_before


# --- kept connections -------------------------------------------------------------------


async def test_one_connection_carries_call_after_call() -> None:
    async with wire(*[answers()] * 3) as server, calling(server.url) as bot:
        for _ in range(3):
            assert await bot.call("getMe") is True
        assert server.connections == 1


async def test_calls_side_by_side_have_a_connection_each_up_to_the_limit() -> None:
    async with wire(*[answers()] * 9) as server, calling(server.url, connections=3) as bot:
        await asyncio.gather(*(bot.call("getMe") for _ in range(9)))
        assert server.connections == 3


async def test_an_idle_connection_that_the_server_closed_is_not_used_again() -> None:
    closed = asyncio.Event()

    async def closes_when_idle(_: Wire, writer: asyncio.StreamWriter) -> None:
        await answers()(_, writer)
        writer.close()
        await writer.wait_closed()
        closed.set()

    async with wire(closes_when_idle, answers()) as server, calling(server.url) as bot:
        await bot.call("getMe")
        await closed.wait()
        await asyncio.sleep(0.02)  # until our side has heard of it
        assert await bot.call("sendMessage", text="x") is True
        assert [line for line, _ in server.calls] == [
            f"POST /bot{TOKEN}/getMe HTTP/1.1",
            f"POST /bot{TOKEN}/sendMessage HTTP/1.1",
        ]


async def test_after_a_shutdown_it_can_be_used_again() -> None:
    async with wire(answers(), answers()) as server:
        transport = Transport(2)
        bot = build_bot(TOKEN, server.url, request=transport)
        for _ in range(2):
            async with transport:
                assert await bot.call("getMe") is True
        assert server.connections == 2


# --- it was answered --------------------------------------------------------------------


@pytest.mark.parametrize(
    "act",
    [
        answers(b"<html>"),
        answers(b'{"ok":true'),
        answers(b""),
        answers(b'{"ok":true}'),
        answers(b"[]"),
        answers(b"[" * 100_000),
        hangs_up(b'HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n{"ok":true'),
        hangs_up(b"SSH-2.0-OpenSSH_9.2 " + TOKEN.encode() + b"\r\n\r\n"),
    ],
    ids=["html", "half", "empty", "no result", "a list", "deep", "broken off", "not HTTP"],
)
async def test_an_answer_that_cannot_be_read_may_have_been_done(act: Act) -> None:
    async with wire(act) as server, calling(server.url) as bot:
        assert isinstance(await error_of(bot.call("sendMessage", text="x")), Garbled)
        assert len(server.calls) == 1


async def test_half_a_character_from_telegram_is_read() -> None:
    async with (
        wire(answers(b'{"ok":true,"result":{"text":"a\\ud83d"}}')) as server,
        calling(server.url) as bot,
    ):
        assert await bot.call("getChat") == {"text": "a\ud83d"}


async def test_half_a_character_to_telegram_becomes_a_question_mark() -> None:
    async with wire(answers()) as server, calling(server.url) as bot:
        await bot.call("sendMessage", text="a\ud83d\u00e9\U0001f642", buttons=[["\udc00"]])
        (_, body), *_ = server.calls
        assert orjson.loads(body) == {"text": "a?\u00e9\U0001f642", "buttons": [["?"]]}


async def test_parameters_go_as_json_and_those_not_given_stay_behind() -> None:
    async with wire(answers()) as server, calling(server.url) as bot:
        await bot.call("sendMessage", chat_id=-(2**62), text="é", reply_markup=None, row=((1,),))
        (_, body), *_ = server.calls
        assert orjson.loads(body) == {"chat_id": -(2**62), "text": "é", "row": [[1]]}


async def test_a_large_answer_comes_whole() -> None:
    texts = ["é" * 4096] * 1000
    body = orjson.dumps({"ok": True, "result": texts})
    async with wire(answers(body)) as server, calling(server.url) as bot:
        assert await bot.call("getUpdates") == texts


@pytest.mark.parametrize(
    ("act", "kind", "message"),
    [
        (refuses(400, "Bad Request: chat not found"), BadRequest, "Chat not found"),
        (refuses(401, "Unauthorized"), InvalidToken, "Unauthorized"),
        (refuses(403, "Forbidden: bot was blocked"), Forbidden, "Forbidden: bot was blocked"),
        (refuses(409, "Conflict: other getUpdates"), Conflict, "Conflict: other getUpdates"),
        (refuses(500, "Internal Server Error"), NetworkError, "Internal Server Error"),
    ],
)
async def test_what_telegram_refuses_is_told_in_its_words(
    act: Act, kind: type[TelegramError], message: str
) -> None:
    async with wire(act) as server, calling(server.url) as bot:
        error = await error_of(bot.call("sendMessage", text="x"))
        assert type(error) is kind
        assert error.message == message


async def test_too_many_requests_says_how_long_to_wait() -> None:
    act = refuses(429, "Too Many Requests: retry after 7", retry_after=7)
    async with wire(act) as server, calling(server.url) as bot:
        error = await error_of(bot.call("sendMessage", text="x"))
        assert isinstance(error, RetryAfter)
        assert error.retry_after == timedelta(seconds=7)


@pytest.mark.parametrize("status", ["502 Bad Gateway", "504 Gateway Time-out", "404 Not Found"])
async def test_a_page_of_a_proxy_is_an_error_and_not_shown(status: str) -> None:
    page = f"<h1>{status}</h1> The address /bot{TOKEN}/sendMessage is out of reach".encode()
    async with wire(answers(page, status)) as server, calling(server.url) as bot:
        error = await error_of(bot.call("sendMessage", text="x"))
        assert isinstance(error, InvalidToken if "404" in status else NetworkError)
        assert not isinstance(error, NotSent | TimedOut)
        assert "out of reach" not in str(error)


async def test_the_token_is_not_carried_to_where_a_redirection_points() -> None:
    async with wire(answers()) as elsewhere:
        moved = says(
            f"HTTP/1.1 302 Found\r\nLocation: {elsewhere.url}\r\nContent-Length: 0\r\n\r\n".encode()
        )
        async with wire(moved) as server, calling(server.url) as bot:
            assert type(await error_of(bot.call("getMe"))) is NetworkError
        assert elsewhere.calls == []


# --- files ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["week.json", 'Tŷ "A" – été.csv', "a;b=c.json"])
async def test_a_file_is_uploaded_with_its_name_and_bytes(name: str) -> None:
    content = bytes(range(256)) * 4096
    async with TelegramServer() as telegram, calling(telegram.url) as bot:
        user = telegram.user()
        await bot.send_document(user.chat.chat_id, content, filename=name, caption="é\ud83d")
        assert user.files() == {name: content}
        assert user.replies()[0].text == "é?"


async def test_a_file_is_downloaded() -> None:
    content = bytes(range(256)) * 4096
    async with wire(answers(content)) as server, calling(server.url) as bot:
        got = await bot.request.retrieve(f"{server.url}/file/bot{TOKEN}/voice/1.oga")
        assert got == content
        assert server.calls == [(f"GET /file/bot{TOKEN}/voice/1.oga HTTP/1.1", b"")]


# --- the surroundings -------------------------------------------------------------------


async def test_a_proxy_that_the_environment_names_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with wire(answers()) as proxy, calling("http://telegram.invalid") as bot:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert await bot.call("getMe") is True
        assert proxy.calls[0][0] == f"POST http://telegram.invalid/bot{TOKEN}/getMe HTTP/1.1"


@pytest.mark.parametrize(
    ("environment", "proxy"),
    [
        ({}, None),
        ({"all_proxy": "http://proxy:3128"}, "http://proxy:3128"),
        ({"ALL_PROXY": "proxy:3128"}, "http://proxy:3128"),
        ({"all_proxy": "http://all:1", "https_proxy": "http://own:2"}, "http://own:2"),
        ({"all_proxy": "http://all:1", "no_proxy": "api.example.org"}, None),
        ({"all_proxy": "http://all:1", "no_proxy": "api.example.org:443"}, None),
        ({"all_proxy": "http://all:1", "no_proxy": "api.example.org:80"}, "http://all:1"),
    ],
)
def test_which_proxy_is_used_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], proxy: str | None
) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    proxy_of.cache_clear()
    assert proxy_of("https://api.example.org/bot/getMe") == proxy
    proxy_of.cache_clear()


def test_socks_is_said_not_to_be_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://me:secret@proxy:1080")
    proxy_of.cache_clear()
    with pytest.raises(StartError, match="begins with socks5://, and Casewalk speaks to HTTP") as e:
        TelegramChannel(TOKEN, "https://api.example.invalid")
    assert "secret" not in str(e.value)
    proxy_of.cache_clear()


def test_neither_bot_nor_transport_shows_the_token() -> None:
    bot = build_bot(TOKEN)
    assert TOKEN.partition(":")[2] not in f"{bot} {bot!r} {bot.request!r}"
