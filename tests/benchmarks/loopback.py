"""A Bot API on the loopback interface that costs little, and inspectors who never stop tapping.

It is for measuring only: it believes whatever a bot says. (The one that behaves as Telegram does is
``tests/telegram_server.py``.) It speaks just enough HTTP/1.1 over asyncio's bare protocols to take
a tenth of what a bot takes, and runs in another process than the bot.

One answer is a tap, its acknowledgement (``answerCallbackQuery``) and the next card (the message
edited, or a new one). Each inspector taps the first answer of a card, after a pause for thought or
as soon as the tap before is answered; a card without that answer is the end of a case, and the next
case is asked for by name.

With a delay, each way between bot and Bot API takes half of it: a call is looked at half a round
trip after it came, and its result leaves half a round trip later. The calls of a webhook are
Telegram's own and come without, what is answered to them goes back with half a round trip.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import orjson

TOKEN: Final = "123456:loopback-token-that-opens-nothing"  # it opens nothing
BOT: Final = {"id": 123456, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
WEBHOOK_CALLS: Final = 40
"""How many calls of a webhook Telegram makes at a time, unless told otherwise."""

JSON = dict[str, Any]


@dataclass(slots=True)
class Inspector:
    """One chat. ``words`` are what is typed to get a card: to begin with, and after each case."""

    chat: int
    words: Iterator[str]
    tapped_at: float = 0.0
    query: str = ""  # the tap that is not acknowledged yet
    waits_for_card: bool = False
    card: JSON | None = None

    @property
    def waits(self) -> bool:
        return self.waits_for_card or bool(self.query)


@dataclass(slots=True)
class Tally:
    """What was seen since it was last begun anew; times in seconds."""

    answers: int = 0
    tap_to_card: list[float] = field(default_factory=list)
    began: float = field(default_factory=time.perf_counter)

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self.began


class Loopback:
    """The Bot API and its inspectors. ``choice`` is the label of the button that they tap.

    They look at each card for ``think`` seconds first. Where there are several ``workers``, given
    by their addresses, it calls these as a proxy would, once all of them have set the webhook: in
    turn, or always the same for a chat (``by_chat``). Updates are numbered from ``first_update``.
    """

    def __init__(  # what a load may be, each with a default
        self,
        choice: str,
        *,
        delay: float = 0.0,
        think: float = 0.0,
        workers: Sequence[str] = (),
        by_chat: bool = False,
        first_update: int = 1000,
    ) -> None:
        self.think = think
        self.tally = Tally()
        self.first_card: float | None = None
        self.inspectors: dict[int, Inspector] = {}
        self.errors: list[str] = []
        self._choice = choice
        self._half = delay / 2
        self._by_query: dict[str, Inspector] = {}
        self._pending: deque[JSON] = deque()
        self._poll: Callable[[Any], None] | None = None
        self._poll_limit = 100
        self._poll_ends: asyncio.TimerHandle | None = None
        self._update_ids = itertools.count(first_update)
        self._message_ids = itertools.count(1)
        self._query_ids = itertools.count(5_000_000)
        self._changed = asyncio.Event()
        self._stopped = False
        self._workers = workers
        self._by_chat = by_chat
        self._announced = 0
        self._webhooks: list[_WebhookCaller] = []

    async def __aenter__(self) -> Loopback:
        self._loop = asyncio.get_running_loop()
        self._server = await self._loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stopped = True
        for webhook in self._webhooks:
            webhook.close()
        self._server.close()

    # --- inspectors --------------------------------------------------------------------------

    def add(self, chat: int, words: Iterator[str]) -> Inspector:
        inspector = self.inspectors[chat] = Inspector(chat, words)
        return inspector

    def say(self, inspector: Inspector, text: str | None = None) -> None:
        """Type something; without a text, what gets the next card."""
        text = next(inspector.words) if text is None else text
        inspector.waits_for_card = True
        inspector.tapped_at = 0.0
        message = {
            "message_id": next(self._message_ids),
            "date": int(time.time()) + 1,  # as of somebody who has read the card
            "from": _person(inspector.chat),
            "chat": _chat(inspector.chat),
            "text": text,
        }
        if text.startswith("/"):
            length = len(text.split()[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        self._deliver({"message": message})

    def stop(self) -> None:
        """No more taps; what is under way is answered."""
        self._stopped = True

    def resume(self) -> None:
        """Everybody who has a card taps again."""
        self._stopped = False
        for inspector in self.inspectors.values():
            if inspector.card is not None:
                self._tap(inspector)

    async def settled(self) -> None:
        """Once stopped: nobody waits for an answer."""
        await self._until(lambda: not any(one.waits for one in self.inspectors.values()))

    async def cards(self) -> None:
        """Everybody has had a card."""
        await self._until(lambda: all(one.card for one in self.inspectors.values()))

    async def _until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            self._changed.clear()
            await self._changed.wait()

    def _tap_unless_stopped(self, inspector: Inspector) -> None:
        if not (self._stopped or inspector.waits):
            self._tap(inspector)

    def _tap(self, inspector: Inspector) -> None:
        assert inspector.card is not None  # it was just shown
        data = _button(inspector.card, self._choice)
        if data is None:
            self.say(inspector)
            return
        query = inspector.query = str(next(self._query_ids))
        self._by_query[query] = inspector
        inspector.waits_for_card = True
        inspector.tapped_at = time.perf_counter()
        self._deliver(
            {
                "callback_query": {
                    "id": query,
                    "from": _person(inspector.chat),
                    "message": inspector.card,
                    "chat_instance": "1",
                    "data": data,
                }
            }
        )

    def _shown(self, inspector: Inspector, card: JSON) -> None:
        now = time.perf_counter()
        if not inspector.waits_for_card:
            return
        inspector.waits_for_card, inspector.card = False, card
        if self.first_card is None:
            self.first_card = now
        if inspector.tapped_at:
            self.tally.tap_to_card.append(now - inspector.tapped_at)
        self._go_on(inspector)

    def _go_on(self, inspector: Inspector) -> None:
        self._changed.set()
        if inspector.waits:
            return
        if inspector.tapped_at:
            self.tally.answers += 1
        if not self._stopped:
            self._loop.call_later(self.think, self._tap_unless_stopped, inspector)

    # --- updates -----------------------------------------------------------------------------

    def _deliver(self, update: JSON) -> None:
        update["update_id"] = next(self._update_ids)
        if self._webhooks:
            self._call(update)
            return
        self._pending.append(update)
        if self._poll is not None:
            self._answer_poll()

    def _call(self, update: JSON) -> None:
        content = update.get("message") or update["callback_query"]
        number = content["from"]["id"] if self._by_chat else update["update_id"]
        self._webhooks[number % len(self._webhooks)].put(orjson.dumps(update))

    def _answer_poll(self) -> None:
        answer, self._poll = self._poll, None
        if self._poll_ends is not None:
            self._poll_ends.cancel()
            self._poll_ends = None
        if answer is not None:
            answer(list(itertools.islice(self._pending, self._poll_limit)))

    def _get_updates(self, params: JSON, answer: Callable[[Any], None]) -> None:
        offset = int(params.get("offset") or 0)
        while self._pending and self._pending[0]["update_id"] < offset:
            self._pending.popleft()
        self._answer_poll()  # Telegram ends an older one, too
        self._poll, self._poll_limit = answer, int(params.get("limit") or 100)
        if self._pending:
            self._answer_poll()
        else:
            wait = float(params.get("timeout") or 0)
            self._poll_ends = self._loop.call_later(wait, self._answer_poll)

    # --- calls -------------------------------------------------------------------------------

    def called(
        self, method: str, content_type: bytes, body: bytes, write: Callable[[bytes], None]
    ) -> None:
        """A call came in; ``write`` takes what is answered."""
        if self._half:
            self._loop.call_later(self._half, self._act, method, content_type, body, write)
        else:
            self._act(method, content_type, body, write)

    def _act(
        self, method: str, content_type: bytes, body: bytes, write: Callable[[bytes], None]
    ) -> None:
        def answer(result: Any) -> None:
            content = orjson.dumps({"ok": True, "result": result})
            if self._half:
                self._loop.call_later(self._half, write, content)
            else:
                write(content)

        params = _params(content_type, body)
        if method == "getupdates":
            self._get_updates(params, answer)
            return
        answer(self.done(method, params))

    def done(self, method: str, params: JSON) -> Any:
        """Do what a bot asks for; gives the method's result."""
        if method == "answercallbackquery":
            inspector = self._by_query.pop(params["callback_query_id"], None)
            if inspector is not None and inspector.query == params["callback_query_id"]:
                inspector.query = ""
                self._go_on(inspector)
            return True
        if method in ("editmessagetext", "sendmessage", "sendphoto", "senddocument"):
            return self._message(params)
        if method == "getme":
            return BOT
        if method == "setwebhook" and params.get("url"):
            self._set_webhook(params["url"], params.get("secret_token", ""))
        return True

    def _set_webhook(self, url: str, secret: str) -> None:
        self._announced += 1
        called = self._workers or (url,)
        if self._announced < len(called):
            return  # who has not announced it yet does not listen yet
        at_once = WEBHOOK_CALLS // len(called)
        self._webhooks = [_WebhookCaller(self, one, secret, at_once) for one in called]
        for update in self._pending:
            self._call(update)
        self._pending.clear()

    def _message(self, params: JSON) -> JSON:
        """A message shown, whole or edited; it may be the card that somebody waits for."""
        inspector = self.inspectors[int(params["chat_id"])]
        markup = params.get("reply_markup")
        message: JSON = {
            "message_id": int(params.get("message_id") or next(self._message_ids)),
            "date": int(time.time()),
            "from": BOT,
            "chat": _chat(inspector.chat),
            "text": params.get("text") or params.get("caption") or "",
        }
        if markup:
            message["reply_markup"] = markup
        if markup and _button(message, self._choice) is not None:
            self._shown(inspector, message)
        elif inspector.tapped_at and inspector.waits_for_card:
            self._shown(inspector, message)  # the end of a case: what comes next is typed
        else:
            inspector.waits_for_card = False
            self._changed.set()
        return message

    def webhook_answered(self, status: bytes, body: bytes) -> None:
        """What a webhook's answer carries is a call as well."""
        if not status.startswith(b"2"):
            self.errors.append(f"the webhook answered {status.decode()}")
        if not body:
            return
        call = orjson.loads(body)
        method = call.pop("method").lower()
        if self._half:
            self._loop.call_later(self._half, self.done, method, call)
        else:
            self.done(method, call)


# --- HTTP ---------------------------------------------------------------------------------------


class _Http(asyncio.Protocol):
    """Cuts a stream into messages with a length."""

    def __init__(self) -> None:
        self._buffer = b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # TCP
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            lower = head.lower()
            whole = end + 4 + int(_header(lower, b"\r\ncontent-length:") or 0)
            if len(self._buffer) < whole:
                return
            body, self._buffer = self._buffer[end + 4 : whole], self._buffer[whole:]
            self.came(head, lower, body)

    def came(self, head: bytes, lower: bytes, body: bytes) -> None:
        raise NotImplementedError


class _Connection(_Http):
    """One of the bot's."""

    def __init__(self, loopback: Loopback) -> None:
        super().__init__()
        self._loopback = loopback

    def came(self, head: bytes, lower: bytes, body: bytes) -> None:
        path = head.split(b" ", 2)[1].decode()
        method = path.partition("?")[0].rpartition("/")[2].lower()
        kind = _header(lower, b"\r\ncontent-type:")
        self._loopback.called(method, kind, body, self._write)

    def _write(self, content: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                + str(len(content)).encode()
                + b"\r\n\r\n"
                + content
            )


class _WebhookCaller:
    """Calls a webhook, so many at a time; the rest waits."""

    def __init__(self, loopback: Loopback, url: str, secret: str, at_once: int) -> None:
        parts = urlsplit(url)
        self._at_once = at_once
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._loopback = loopback
        self._head = (
            f"POST {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        ).encode()
        self._waiting: deque[bytes] = deque()
        self._free: list[_WebhookConnection] = []
        self._made = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, update: bytes) -> None:
        if self._free:
            self._send(self._free.pop(), update)
            return
        self._waiting.append(update)
        if self._made < self._at_once:
            self._made += 1
            task = asyncio.get_running_loop().create_task(self._connect())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _connect(self) -> None:
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: _WebhookConnection(self), self._host, self._port
        )
        self.is_free(connection)

    def _send(self, connection: _WebhookConnection, update: bytes) -> None:
        length = str(len(update)).encode()
        connection.transport.write(b"".join((self._head, length, b"\r\n\r\n", update)))

    def is_free(self, connection: _WebhookConnection) -> None:
        if self._waiting:
            self._send(connection, self._waiting.popleft())
        else:
            self._free.append(connection)

    def answered(self, connection: _WebhookConnection, status: bytes, body: bytes) -> None:
        self.is_free(connection)
        self._loopback.webhook_answered(status, body)

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        for connection in self._free:
            connection.transport.close()


class _WebhookConnection(_Http):
    def __init__(self, caller: _WebhookCaller) -> None:
        super().__init__()
        self._caller = caller

    def came(self, head: bytes, lower: bytes, body: bytes) -> None:  # the base's
        self._caller.answered(self, head[9:12], body)


def _header(lower: bytes, name: bytes) -> bytes:
    start = lower.find(name)
    if start < 0:
        return b""
    end = lower.find(b"\r\n", start + 2)
    return lower[start + len(name) : end if end >= 0 else None].strip()


def _params(content_type: bytes, body: bytes) -> JSON:
    """From JSON, or from a form, where what is no text is JSON. Of uploads only the texts."""
    if not body:
        return {}
    if content_type.startswith(b"application/json"):
        params: JSON = orjson.loads(body)
        return params
    if content_type.startswith(b"multipart/"):
        pairs = _parts(content_type, body)
    else:
        pairs = parse_qsl(body.decode())
    form: JSON = dict(pairs)
    if isinstance(markup := form.get("reply_markup"), str):
        form["reply_markup"] = orjson.loads(markup)
    return form


def _parts(content_type: bytes, body: bytes) -> list[tuple[str, str]]:
    # The boundary was put into small letters with its header, so it is taken from the body.
    del content_type
    boundary = body.partition(b"\r\n")[0]
    pairs = []
    for part in body.split(boundary)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        if b"filename" not in head:
            name = head.partition(b'name="')[2].partition(b'"')[0]
            pairs.append((name.decode(), content.removesuffix(b"\r\n").decode()))
    return pairs


def _button(message: JSON, label: str) -> str | None:
    markup = message.get("reply_markup") or {}
    for row in markup.get("inline_keyboard", ()):
        for button in row:
            if button["text"] == label:
                data: str = button["callback_data"]
                return data
    return None


def _person(chat: int) -> JSON:
    return {"id": chat, "is_bot": False, "first_name": "Inspector", "language_code": "en"}


def _chat(chat: int) -> JSON:
    return {"id": chat, "type": "private", "first_name": "Inspector"}
