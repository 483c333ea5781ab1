"""A Bot API server on the loopback interface, and users who chat with the bot through it.

It behaves as Telegram does where a bot can tell the difference: updates stay until a higher offset
confirms them, and come again until then; edits, deletions and acknowledgements are refused for the
reasons for which Telegram refuses them, in its words. Any method can be made to fail.

::

    async with TelegramServer() as telegram:
        user = telegram.user()
        ...  # start a bot with api_url=telegram.url and token=telegram.token
        await user.send("/start CODE")
        await user.tap("Yes")
        assert user.card().text.startswith("✓")
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Self

import aiohttp
from aiohttp import web

TOKEN = "123456:loopback-token-that-opens-nothing"
BOT_ID = 123456
BOT_USERNAME = "casewalk_test_bot"
WAIT = 5.0
"""How long a user waits for the bot, in seconds."""

Params = dict[str, Any]
JSON = dict[str, Any]


class BotApiError(Exception):
    """A refusal, worded as Telegram words it."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def bad_request(reason: str) -> BotApiError:
    return BotApiError(400, f"Bad Request: {reason}")


@dataclass
class Fault:
    """What goes wrong with the next ``times`` calls of a method (of one chat, if given).

    Without ``acts`` it goes wrong before the server did what was asked, with it afterwards.
    ``status`` refuses, ``drop`` closes the connection, ``hang`` keeps it waiting for that many
    seconds first, ``body`` answers "200" with these bytes. ``drip`` gives a file a byte at a time,
    with that many seconds between two.
    """

    times: int = 1
    chat: int | None = None
    acts: bool = False
    status: int | None = None
    description: str = "Internal Server Error"
    retry_after: int | None = None
    drop: bool = False
    hang: float = 0.0
    body: bytes | None = None
    drip: float = 0.0


@dataclass(frozen=True)
class Shown:
    """A message as the user sees it. ``buttons`` are labels by row."""

    message_id: int
    by_bot: bool
    text: str
    buttons: tuple[tuple[str, ...], ...] = ()
    filename: str | None = None

    @property
    def labels(self) -> list[str]:
        return [label for row in self.buttons for label in row]


@dataclass
class Chat:
    """One private chat. ``calls`` counts what the bot did in it, refused or not; ``shows`` the same
    without removals.
    """

    chat_id: int
    first_name: str
    messages: dict[int, JSON] = field(default_factory=dict)
    files: dict[int, bytes] = field(default_factory=dict)
    toasts: list[str] = field(default_factory=list)
    blocked: bool = False
    calls: int = 0
    shows: int = 0
    answered: int = 0


class TelegramServer:
    """Start it with ``async with``. ``calls`` counts by method; ``log`` is (method, params)."""

    def __init__(self, token: str = TOKEN, *, latency: float = 0.0) -> None:
        self.token = token
        self.latency = latency
        self.calls: Counter[str] = Counter()
        self.log: list[tuple[str, Params]] = []
        self.offsets: list[int | None] = []
        self.commands: list[JSON] = []
        self.menus: dict[int, list[JSON]] = {}
        self.sent_files: dict[str, bytes] = {}
        self.webhook_url = ""
        self.webhook_secret: str | None = None
        self.pending: deque[JSON] = deque()
        self.confirmed: list[JSON] = []
        self.chats: dict[int, Chat] = {}
        self.allowed_updates: list[str] = []
        self.in_flight = 0
        self._faults: dict[str, list[Fault]] = {}
        self._again: set[int] = set()
        self._queries: dict[str, int] = {}
        self._update_ids = itertools.count(1000)
        self._message_ids = itertools.count(1)
        self._query_ids = itertools.count(5_000_000)
        self._user_ids = itertools.count(7001)
        self._changed = asyncio.Condition()
        self._poll = 0
        self._webhook_task: asyncio.Task[None] | None = None
        self._methods: dict[str, Callable[[Params], Awaitable[Any]]] = {
            name.removeprefix("api_").lower(): getattr(self, name)
            for name in dir(self)
            if name.startswith("api_")
        }

    # --- running it ----------------------------------------------------------------------------
    async def __aenter__(self) -> Self:
        server = web.Application(client_max_size=60 * 1024 * 1024)
        server.router.add_route("*", "/{bot}/{method}", self._handle)
        server.router.add_get("/file/{bot}/{path:.+}", self._give_file)
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stop_webhook()
        self._poll += 1
        await self._notify()
        await self._runner.cleanup()

    # --- what tests do with it -----------------------------------------------------------------
    def user(self, user_id: int | None = None, name: str = "Inspector") -> User:
        """Somebody with a private chat with the bot."""
        user_id = next(self._user_ids) if user_id is None else user_id
        chat = self.chats.setdefault(user_id, Chat(user_id, name))
        return User(self, chat)

    def fail(self, method: str, fault: Fault | None = None, **fields: Any) -> None:
        """Have the next call(s) of a method go wrong: ``fail("sendMessage", status=502)``."""
        self._faults.setdefault(method.lower(), []).append(fault or Fault(**fields))

    def group(self, group_id: int = -1001) -> User:
        """A group that the bot is in; ``say_in`` has somebody say something there."""
        chat = self.chats.setdefault(group_id, Chat(group_id, "Group"))
        return User(self, chat)

    async def deliver(self, update: JSON) -> int:
        """Put an update of any shape into the bot's queue; gives its id."""
        kind = next((key for key in update if key != "update_id"), "")
        update = {"update_id": next(self._update_ids), **update}
        if not self.allowed_updates or kind in self.allowed_updates:
            self.pending.append(update)
            await self._notify()
        return int(update["update_id"])

    async def redeliver(self, count: int = 1) -> list[JSON]:
        """Deliver the last confirmed updates again, under their old ids, before all others."""
        again = self.confirmed[-count:]
        self.pending.extendleft(reversed(again))
        self._again.update(update["update_id"] for update in again)
        await self._notify()
        return again

    async def until(self, condition: Callable[[], bool], wait: float = WAIT) -> None:
        """Wait until the condition holds. Raises ``TimeoutError``."""
        async with asyncio.timeout(wait), self._changed:
            await self._changed.wait_for(condition)

    async def quiet(self, seconds: float = 0.05, wait: float = WAIT) -> None:
        """Wait until the bot has made no call, but for getUpdates, for this long."""
        async with asyncio.timeout(wait):
            while True:
                before = self._busy_calls()
                # In pieces: a machine that is busy elsewhere for a moment cuts only one short.
                for _ in range(5):
                    await asyncio.sleep(seconds / 5)
                if self.in_flight == 0 and before == self._busy_calls() and not self.pending:
                    return

    def _busy_calls(self) -> int:
        return self.calls.total() - self.calls["getUpdates"]

    # --- the protocol ---------------------------------------------------------------------------
    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"].lower()
        if request.match_info["bot"] != f"bot{self.token}":
            return _refusal(BotApiError(401, "Unauthorized"))
        act = self._methods.get(method)
        if act is None:
            return _refusal(BotApiError(404, "Not Found"))
        params = await _read_params(request)
        name = act.__name__.removeprefix("api_")
        self.calls[name] += 1
        self.log.append((name, params))
        polls = name == "getUpdates"
        self.in_flight += not polls
        try:
            if self.latency:
                await asyncio.sleep(self.latency)
            return await self._act(name, act, params, request)
        finally:
            self.in_flight -= not polls
            await self._notify()

    async def _give_file(self, request: web.Request) -> web.StreamResponse:
        """What a person sent, by the path that getFile gave."""
        self.calls["download"] += 1
        await self._notify()
        try:
            return await self._file(request)
        finally:
            await self._notify()

    async def _file(self, request: web.Request) -> web.StreamResponse:
        content = self.sent_files.get(request.match_info["path"])
        fault = self._next_fault("download", {})
        if fault is not None and fault.drip:
            return await _drip(content or b"?", fault.drip, request)
        if fault is not None:
            try:
                return await self._go_wrong(fault, request)
            except BotApiError as error:
                return _refusal(error)
        if request.match_info["bot"] != f"bot{self.token}" or content is None:
            return _refusal(BotApiError(404, "Not Found"))
        return web.Response(body=content)

    async def _act(
        self,
        name: str,
        act: Callable[[Params], Awaitable[Any]],
        params: Params,
        request: web.Request,
    ) -> web.StreamResponse:
        fault = self._next_fault(name, params)
        try:
            result = await act(params) if fault is None or fault.acts else None
            if fault is not None:
                return await self._go_wrong(fault, request)
        except BotApiError as error:
            return _refusal(error)
        finally:
            self._count_call(name, params)
        return web.json_response({"ok": True, "result": result})

    def _next_fault(self, name: str, params: Params) -> Fault | None:
        for fault in self._faults.get(name.lower(), ()):
            if fault.times > 0 and fault.chat in (None, params.get("chat_id")):
                fault.times -= 1
                return fault
        return None

    async def _go_wrong(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        if fault.hang:
            await asyncio.sleep(fault.hang)
        if fault.drop:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        if fault.body is not None:
            return web.Response(body=fault.body, content_type="application/json")
        if fault.retry_after is not None:
            raise BotApiError(
                429,
                f"Too Many Requests: retry after {fault.retry_after}",
                retry_after=fault.retry_after,
            )
        raise BotApiError(fault.status or 500, fault.description)

    def _count_call(self, name: str, params: Params) -> None:
        chat = self.chats.get(params.get("chat_id", 0))
        if chat is not None:
            chat.calls += 1
            chat.shows += name != "deleteMessage"

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    # --- methods: updates -----------------------------------------------------------------------
    async def api_getMe(self, _: Params) -> JSON:
        return {
            "id": BOT_ID,
            "is_bot": True,
            "first_name": "Casewalk",
            "username": BOT_USERNAME,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    async def api_getUpdates(self, params: Params) -> list[JSON]:
        """Only one call may wait at a time: the newer one ends the older one, as at Telegram."""
        if self.webhook_url:
            raise BotApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self._poll += 1
        poll = self._poll
        await self._notify()
        offset = params.get("offset")
        self.offsets.append(offset)
        self._set_allowed(params)
        self._confirm(offset)
        with contextlib.suppress(TimeoutError):
            await self.until(
                lambda: bool(self.pending) or poll != self._poll, params.get("timeout", 0) or 0.001
            )
        if poll != self._poll:
            raise BotApiError(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
        limit = min(max(params.get("limit", 100), 1), 100)
        batch = list(itertools.islice(self.pending, limit))
        self._again.difference_update(update["update_id"] for update in batch)
        return batch

    def _confirm(self, offset: int | None) -> None:
        while offset is not None and self.pending:
            first = self.pending[0]["update_id"]
            if first >= offset or first in self._again:
                return
            self.confirmed.append(self.pending.popleft())

    def _set_allowed(self, params: Params) -> None:
        if "allowed_updates" in params:
            self.allowed_updates = params["allowed_updates"]

    async def api_setWebhook(self, params: Params) -> bool:
        url = params.get("url", "")
        if not url:
            return await self.api_deleteWebhook(params)
        if not url.startswith(("https://", "http://127.0.0.1:")):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        secret = params.get("secret_token")
        if secret is not None and not re.fullmatch(r"[\w-]{1,256}", secret, re.ASCII):
            raise bad_request("secret token contains unallowed characters")
        await self._stop_webhook()
        self._set_allowed(params)
        self.webhook_url, self.webhook_secret = url, secret
        self._webhook_task = asyncio.create_task(self._call_webhook())
        return True

    async def api_deleteWebhook(self, params: Params) -> bool:
        await self._stop_webhook()
        self.webhook_url, self.webhook_secret = "", None
        if params.get("drop_pending_updates"):
            self.pending.clear()
        return True

    async def api_getWebhookInfo(self, _: Params) -> JSON:
        return {
            "url": self.webhook_url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.pending),
        }

    async def _stop_webhook(self) -> None:
        if self._webhook_task is not None:
            self._webhook_task.cancel()
            await asyncio.wait((self._webhook_task,))
            self._webhook_task = None

    async def _call_webhook(self) -> None:
        """One update at a time, each until it is answered with a 2xx."""
        headers = {}
        if self.webhook_secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.webhook_secret
        async with aiohttp.ClientSession() as session:
            while True:
                async with self._changed:
                    await self._changed.wait_for(lambda: bool(self.pending))
                update = self.pending[0]
                with contextlib.suppress(aiohttp.ClientError):
                    async with session.post(
                        self.webhook_url, json=update, headers=headers
                    ) as answer:
                        if answer.ok:
                            self.confirmed.append(self.pending.popleft())
                            await self._notify()
                            continue
                await asyncio.sleep(0.05)

    # --- methods: messages ----------------------------------------------------------------------
    async def api_sendMessage(self, params: Params) -> JSON:
        chat = self._chat(params)
        text = _checked_text(params.get("text", ""), 4096, "message is too long")
        if not text:
            raise bad_request("message text is empty")
        return self._add(chat, text=text, **_topic(params), **_checked_markup(params))

    async def api_sendDocument(self, params: Params) -> JSON:
        chat = self._chat(params)
        filename, content = params["document"]
        if not content:
            raise bad_request("file must be non-empty")
        message = self._add(
            chat,
            document={
                "file_id": f"file-{filename}",
                "file_unique_id": filename,
                "file_name": filename,
                "file_size": len(content),
            },
            **_checked_markup(params),
        )
        caption = _checked_text(params.get("caption", ""), 1024, "message caption is too long")
        if caption:
            message["caption"] = caption
        chat.files[message["message_id"]] = content
        return message

    async def api_sendPhoto(self, params: Params) -> JSON:
        chat = self._chat(params)
        filename, content = params["photo"]
        if not content.startswith((b"\x89PNG", b"\xff\xd8")):
            raise bad_request("IMAGE_PROCESS_FAILED")
        photo = {"file_id": f"file-{filename}", "file_unique_id": filename, "width": 1, "height": 1}
        message = self._add(chat, photo=[photo], **_checked_markup(params))
        caption = _checked_text(params.get("caption", ""), 1024, "message caption is too long")
        if caption:
            message["caption"] = caption
        chat.files[message["message_id"]] = content
        return message

    async def api_getFile(self, params: Params) -> JSON:
        content = self.sent_files.get(params.get("file_id", ""))
        if content is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        name = params["file_id"]
        return {
            "file_id": name,
            "file_unique_id": name,
            "file_size": len(content),
            "file_path": name,
        }

    async def api_editMessageText(self, params: Params) -> JSON:
        message = self._own_message(params, "edit", "edited")
        if "text" not in message:
            raise bad_request("there is no text in the message to edit")
        text = _checked_text(params.get("text", ""), 4096, "MESSAGE_TOO_LONG")
        if not text:
            raise bad_request("message text is empty")
        return self._change(message, text, _checked_markup(params))

    async def api_editMessageReplyMarkup(self, params: Params) -> JSON:
        message = self._own_message(params, "edit", "edited")
        return self._change(message, message.get("text"), _checked_markup(params))

    def _change(self, message: JSON, text: str | None, markup: JSON) -> JSON:
        if text == message.get("text") and markup.get("reply_markup") == message.get(
            "reply_markup"
        ):
            raise bad_request(
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        message.pop("reply_markup", None)
        message.update(markup, edit_date=int(time.time()))
        if text is not None:
            message["text"] = text
        return message

    async def api_deleteMessage(self, params: Params) -> bool:
        message = self._own_message(params, "delete", "deleted for everyone")
        del self.chats[params["chat_id"]].messages[message["message_id"]]
        return True

    async def api_answerCallbackQuery(self, params: Params) -> bool:
        chat_id = self._queries.pop(params.get("callback_query_id", ""), None)
        if chat_id is None:
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        chat = self.chats[chat_id]
        chat.answered += 1
        if text := params.get("text"):
            if len(text) > 200:
                raise bad_request("MESSAGE_TOO_LONG")
            chat.toasts.append(text)
        return True

    async def api_sendChatAction(self, params: Params) -> bool:
        self._chat(params)
        return True

    async def api_setMyCommands(self, params: Params) -> bool:
        for command in params["commands"]:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        scope = params.get("scope") or {"type": "default"}
        if scope["type"] == "chat":
            self.menus[scope["chat_id"]] = params["commands"]
        else:
            self.commands = params["commands"]
        return True

    async def api_deleteMyCommands(self, params: Params) -> bool:
        self.menus.pop(params["scope"]["chat_id"], None)
        return True

    async def api_getMyCommands(self, _: Params) -> list[JSON]:
        return self.commands

    def _chat(self, params: Params) -> Chat:
        chat = self.chats.get(params.get("chat_id", 0))
        if chat is None:
            raise bad_request("chat not found")
        if chat.blocked:
            raise BotApiError(403, "Forbidden: bot was blocked by the user")
        return chat

    def _own_message(self, params: Params, verb: str, done: str) -> JSON:
        chat = self._chat(params)
        message = chat.messages.get(params.get("message_id", 0))
        if message is None:
            raise bad_request(f"message to {verb} not found")
        if not message["from"]["is_bot"] and verb == "edit":
            raise bad_request(f"message can't be {done}")
        if time.time() - message["date"] > 48 * 3600 and verb == "delete":
            raise bad_request(f"message can't be {done}")
        return message

    def _add(self, chat: Chat, *, by_bot: bool = True, **content: Any) -> JSON:
        message_id = next(self._message_ids)
        sender = {"id": BOT_ID, "is_bot": True, "first_name": "Casewalk"}
        person = {"id": chat.chat_id, "is_bot": False, "first_name": chat.first_name}
        message = {
            "message_id": message_id,
            "date": int(time.time()),
            "from": sender if by_bot else person,
            "chat": _chat_of(chat),
            **content,
        }
        chat.messages[message_id] = message
        return message


class User:
    """One person's phone. What it shows is what the server holds."""

    def __init__(self, server: TelegramServer, chat: Chat) -> None:
        self.server = server
        self.chat = chat

    @property
    def key(self) -> str:
        """The chat's key in the conversation."""
        return f"tg-{self.chat.chat_id}"

    @property
    def toasts(self) -> list[str]:
        return self.chat.toasts

    # --- doing ----------------------------------------------------------------------------------
    async def send(
        self,
        text: str,
        *,
        reply: bool = True,
        wait: float = WAIT,
        quick: bool = False,
        to: int | None = None,
    ) -> None:
        """Type a text; with ``reply`` wait until the bot has shown something.

        ``to`` is the message that it replies to.
        """
        replied = {} if to is None else {"reply_to_message": self.raw(to)}
        await self.post(reply=reply, wait=wait, quick=quick, text=text, **replied)

    async def edit(self, message_id: int, text: str) -> None:
        """Edit an own message, its text or its caption; wait until the bot has shown something."""
        calls, message = self.chat.calls, self.chat.messages[message_id]
        message["text" if "text" in message else "caption"] = text
        message["edit_date"] = int(time.time())
        await self.server.deliver({"edited_message": self.raw(message_id)})
        await self._until(lambda: self.chat.calls > calls, WAIT, f"no reply to {text!r}")

    def said(self, text: str) -> int:
        """The newest own message of this text."""
        own = [one for one in self.messages() if one.text == text and not one.by_bot]
        return own[-1].message_id

    async def post(
        self, *, reply: bool = True, wait: float = WAIT, quick: bool = False, **content: Any
    ) -> None:
        """Send a message with any content: ``post(sticker={…})``.

        It is dated a second later, as of somebody who has read what stands there, or ``quick``.
        """
        shows = self.chat.shows
        message = self.server._add(self.chat, by_bot=False, **content)
        message["date"] += not quick
        await self.server.deliver({"message": message})
        if reply:
            await self._until(lambda: self.chat.shows > shows, wait, f"no reply to {content}")

    async def send_file(  # what a phone may say of a file
        self,
        media: str,
        content: bytes,
        *,
        name: str = "",
        caption: str = "",
        reply: bool = True,
        mime: str = "",
        album: str = "",
    ) -> None:
        """Send a ``photo``, a ``voice`` message, an ``audio`` file or a ``document``."""
        file_id = f"{media}-{len(self.server.sent_files)}"
        self.server.sent_files[file_id] = content
        file = {"file_id": file_id, "file_unique_id": file_id, "file_size": len(content)}
        if media == "photo":
            sizes = [{**file, "width": 1, "height": 1}]
            sizes.insert(0, {**sizes[0], "file_id": "too-small", "width": 0})
            shown: JSON = {"photo": sizes}
        else:
            said = {"file_name": name, "mime_type": mime}
            shown = {media: file | {key: value for key, value in said.items() if value}}
        beside = {"caption": caption, "media_group_id": album}
        shown |= {key: value for key, value in beside.items() if value}
        await self.post(reply=reply, **shown)

    async def say_in(
        self, group: User, text: str, *, topic: int | None = None, reply: bool = True
    ) -> None:
        """Say something in a group; with ``reply`` wait until the bot has said something there."""
        calls = group.chat.calls
        person = {"id": self.chat.chat_id, "is_bot": False, "first_name": self.chat.first_name}
        thread = _topic({"message_thread_id": topic} if topic else {})
        message = self.server._add(group.chat, by_bot=False, text=text, **thread)
        message["from"] = person
        await self.server.deliver({"message": message})
        if reply:
            await group._until(lambda: group.chat.calls > calls, WAIT, f"no reply to {text}")

    async def tap(
        self, label: str, *, on: int | None = None, reply: bool = True, wait: float = WAIT
    ) -> None:
        """Tap the button of exactly this label, on the newest card that has it.

        Waits for the button to appear, and with ``reply`` until the bot has acknowledged the tap
        and shown something. ``on`` is the message of an old card.
        """
        await self._until(lambda: self._button(label, on) is not None, wait, f"no button {label!r}")
        found = self._button(label, on)
        assert found is not None
        message, data = found
        await self.tap_data(data, message, reply=reply, wait=wait)

    async def tap_data(
        self, data: str, message: JSON, *, reply: bool = True, wait: float = WAIT
    ) -> None:
        """Tap a button that may be gone by now: its data on a message as it was."""
        calls, answered = self.chat.calls, self.chat.answered
        query = str(next(self.server._query_ids))
        self.server._queries[query] = self.chat.chat_id
        await self.server.deliver(
            {
                "callback_query": {
                    "id": query,
                    "from": {
                        "id": self.chat.chat_id,
                        "is_bot": False,
                        "first_name": self.chat.first_name,
                    },
                    "message": json.loads(json.dumps(message)),
                    "chat_instance": "1",
                    "data": data,
                }
            }
        )
        if reply:
            await self._until(
                lambda: self.chat.calls > calls and self.chat.answered > answered,
                wait,
                "no answer to a tap",
            )

    def block(self) -> None:
        self.chat.blocked = True

    def age(self, hours: float) -> None:
        """Make every message that much older."""
        for message in self.chat.messages.values():
            message["date"] -= int(hours * 3600)

    # --- seeing ---------------------------------------------------------------------------------
    def messages(self) -> list[Shown]:
        """The whole chat, oldest first, as it looks after edits and deletions."""
        return [_shown(message) for message in self.chat.messages.values()]

    def replies(self) -> list[Shown]:
        """The bot's messages."""
        return [message for message in self.messages() if message.by_bot]

    def cards(self) -> list[Shown]:
        """The bot's messages with buttons."""
        return [message for message in self.replies() if message.buttons]

    def card(self) -> Shown:
        """The newest message with buttons."""
        cards = self.cards()
        assert cards, f"no card in the chat: {self.messages()}"
        return cards[-1]

    def raw(self, message_id: int) -> JSON:
        """A message in the Bot API's shape, as it is now."""
        copy: JSON = json.loads(json.dumps(self.chat.messages[message_id]))
        return copy

    def files(self) -> dict[str, bytes]:
        """The files handed over, by name."""
        return {
            name: content
            for number, content in self.chat.files.items()
            if number in self.chat.messages and (name := _filename(self.chat.messages[number]))
        }

    def menu(self) -> list[str]:
        """The commands that Telegram offers here."""
        commands = self.server.menus.get(self.chat.chat_id, self.server.commands)
        return [command["command"] for command in commands]

    async def sees(self, text: str, wait: float = WAIT) -> Shown:
        """Wait for a message of the bot that holds this text; gives the newest."""

        def having() -> list[Shown]:
            return [message for message in self.replies() if text in message.text]

        await self._until(lambda: bool(having()), wait, f"never saw {text!r}")
        return having()[-1]

    async def quiet(self, seconds: float = 0.05) -> None:
        """Wait until the bot has nothing more to say or to tidy up."""
        await self.server.quiet(seconds)

    def _button(self, label: str, on: int | None) -> tuple[JSON, str] | None:
        for number in sorted(self.chat.messages, reverse=True):
            message = self.chat.messages[number]
            if on is not None and number != on:
                continue
            for button in _buttons(message):
                if button["text"] == label:
                    return message, button["callback_data"]
        return None

    async def _until(self, condition: Callable[[], bool], wait: float, complaint: str) -> None:
        try:
            await self.server.until(condition, wait)
        except TimeoutError:
            raise AssertionError(f"{complaint}; the chat: {self.messages()}") from None


def _buttons(message: JSON) -> Iterator[JSON]:
    for row in message.get("reply_markup", {}).get("inline_keyboard", ()):
        yield from row


def _shown(message: JSON) -> Shown:
    rows = message.get("reply_markup", {}).get("inline_keyboard", ())
    return Shown(
        message_id=message["message_id"],
        by_bot=message["from"]["is_bot"],
        text=message.get("text") or message.get("caption") or "",
        buttons=tuple(tuple(button["text"] for button in row) for row in rows),
        filename=_filename(message),
    )


def _filename(message: JSON) -> str | None:
    if "photo" in message:
        return str(message["photo"][-1]["file_unique_id"])
    name: str | None = message.get("document", {}).get("file_name")
    return name


def _chat_of(chat: Chat) -> JSON:
    if chat.chat_id < 0:
        return {"id": chat.chat_id, "type": "supergroup", "title": chat.first_name}
    return {"id": chat.chat_id, "type": "private", "first_name": chat.first_name}


def _topic(params: Params) -> JSON:
    if "message_thread_id" not in params:
        return {}
    return {"message_thread_id": params["message_thread_id"], "is_topic_message": True}


def _checked_text(text: str, most: int, complaint: str) -> str:
    if len(text.encode("utf-16-le")) // 2 > most:
        raise bad_request(complaint)
    return text.strip()


def _checked_markup(params: Params) -> JSON:
    markup = params.get("reply_markup") or {}
    rows = markup.get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    if len(buttons) > 100 or len(json.dumps(markup)) > 10_000:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    for button in buttons:
        if not button.get("text", "").strip():
            raise bad_request("can't parse inline keyboard button: text must be non-empty")
        if not 1 <= len(button.get("callback_data", "").encode()) <= 64:
            raise bad_request("BUTTON_DATA_INVALID")
    return {"reply_markup": {"inline_keyboard": rows}} if buttons else {}


async def _read_params(request: web.Request) -> Params:
    """From the query, a form, a multipart form or JSON; numbers and objects are JSON in a form."""
    given: Params = dict(request.query)
    if request.content_type == "application/json":
        given.update(await request.json())
        return given
    for name, value in (await request.post()).items():
        given[name] = (
            (value.filename, value.file.read()) if isinstance(value, web.FileField) else value
        )
    _resolve_attachments(given)
    return {name: _from_form(name, value) for name, value in given.items()}


def _resolve_attachments(given: Params) -> None:
    """``document=attach://NAME`` names another part of the same form."""
    for name, value in list(given.items()):
        if isinstance(value, str) and value.startswith("attach://"):
            given[name] = given.pop(value.removeprefix("attach://"))


_PLAIN = frozenset(("text", "caption", "url", "secret_token", "callback_query_id"))


def _from_form(name: str, value: Any) -> Any:
    if name in _PLAIN or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


async def _drip(content: bytes, seconds: float, request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    response.content_length = len(content)
    await response.prepare(request)
    for byte in content:
        await response.write(bytes((byte,)))
        await asyncio.sleep(seconds)
    return response


def _refusal(error: BotApiError) -> web.Response:
    body: JSON = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return web.json_response(body, status=error.code)
