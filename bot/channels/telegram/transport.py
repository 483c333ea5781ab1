"""Carrying our calls to the Bot API: aiohttp's client in the place of httpx.

python-telegram-bot lets its transport be replaced, and turns statuses and refusals into its errors
itself. This one costs a tenth of the original's CPU time, and tells apart what looks alike there,
because a message must not be sent twice: :class:`NotSent` (it never left), :class:`Garbled` (it
was answered, but not readably, so it was probably done) and python-telegram-bot's ``TimedOut`` (it
left, and nothing was heard). The address of a call holds the token, and aiohttp's errors hold the
address; so none of them is passed on, not even as a cause.
"""

import functools
import io
import json
import ssl
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import certifi
import orjson
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

KEPT_IDLE: Final = 60.0
"""Seconds that a connection is kept for the next tap: an inspector thinks for longer than aiohttp's
15. Less than the 75 after which nginx, and so Telegram, closes it: a request that crosses that
closing is lost without anybody knowing whether it was done."""

MAX_RETRY_AFTER: Final = 7 * 24 * 3600
"""Seconds. Telegram's longest bans are hours; more is no number to wait by."""

_NEVER_LEFT: Final = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,  # also: no connection became free
    aiohttp.ClientHttpProxyError,
)


class NotSent(NetworkError):
    """No connection could be had: the request never left, so it can be sent again."""


class Garbled(TelegramError):
    """The answer was not the Bot API's JSON. What was asked for may have been done."""


class TooLarge(TelegramError):
    """A file is larger than what is taken."""

    def __init__(self) -> None:
        super().__init__("The file is too large")


class Transport(BaseRequest):
    """At most ``connections`` at a time; the timeouts are in seconds, ``read_timeout`` between two
    reads. Only the read timeout can be another one for a single call.
    """

    def __init__(
        self,
        connections: int,
        *,
        read_timeout: float = 10.0,
        connect_timeout: float = 5.0,
        pool_timeout: float = 30.0,
        upload_timeout: float = 20.0,
    ) -> None:
        self._connections = connections
        self._read_timeout = read_timeout
        self._connect_timeout = connect_timeout
        self._until_connected = connect_timeout + pool_timeout
        self._upload_timeout = upload_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read_timeout

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._connections, keepalive_timeout=KEPT_IDLE, ssl=_trusted()
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                skip_auto_headers=("Accept", "Accept-Encoding"),
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        *_: Any,
        **__: Any,
    ) -> tuple[int, bytes]:
        """Return the answer's status and body. Raises what the module tells of, ``NetworkError``.

        A POST is never tried twice here, nor by aiohttp, also where a kept connection turns out to
        be closed: :mod:`bot.channels.telegram.retry` knows whether it may be.
        """
        if self._session is None:
            raise RuntimeError("The transport is not initialized")
        read = self._read_timeout if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        timeout = self._timeout(read, uploads=bool(request_data and request_data.contains_files))
        body, headers = _body(request_data)
        try:
            async with self._session.request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=timeout,
                proxy=proxy_of(url),
                allow_redirects=False,
            ) as answer:
                content = await answer.read()
                refused = answer.status >= HTTPStatus.MULTIPLE_CHOICES
                return answer.status, _refusal(content) if refused else content
        except (aiohttp.ClientError, OSError) as error:
            failure = _failure(error)
        raise failure  # out here, where it has neither cause nor context

    async def download(self, url: str, max_bytes: int) -> bytes:
        """Return the content of a file. Raises :class:`TooLarge`, ``NetworkError``."""
        if self._session is None:
            raise RuntimeError("The transport is not initialized")
        timeout, content = self._timeout(self._read_timeout, uploads=False), bytearray()
        failure: TelegramError | None = None
        try:
            async with self._session.get(
                url, timeout=timeout, proxy=proxy_of(url), allow_redirects=False
            ) as answer:
                if answer.status != HTTPStatus.OK:
                    failure = NetworkError(f"The file server answered {answer.status}")
                else:
                    async for chunk in answer.content.iter_any():
                        content += chunk
                        if len(content) > max_bytes:
                            raise TooLarge
        except (aiohttp.ClientError, OSError) as error:
            failure = _failure(error)
        if failure is not None:
            raise failure  # out here, where it has neither cause nor context
        return bytes(content)

    def _timeout(self, read: float, *, uploads: bool) -> aiohttp.ClientTimeout:
        # aiohttp has no limit for writing. Only an upload can wait there, so it is limited as a
        # whole; anything else fits into the buffers of a connection that carries nothing else.
        return aiohttp.ClientTimeout(
            total=self._until_connected + self._upload_timeout + read if uploads else None,
            connect=self._until_connected,
            sock_connect=self._connect_timeout,
            sock_read=read,
        )

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the answer as an object that has a result. Raises :class:`Garbled`."""
        answer = read_json(payload)
        if isinstance(answer, dict) and "result" in answer:
            return answer
        raise Garbled("The answer has no result")


def read_json(payload: bytes) -> Any:
    """Read JSON as Telegram writes it. The standard reader takes half surrogates, orjson does not.

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


def write_json(value: object) -> bytes:
    """Write JSON in UTF-8; half surrogates, which neither orjson nor Telegram takes, become "?"."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def _failure(error: Exception) -> TelegramError:
    """Return our error for one of aiohttp's, which may hold the token: only its name is kept."""
    name = type(error).__name__
    if isinstance(error, _NEVER_LEFT):
        return NotSent(name)
    if isinstance(error, TimeoutError):
        return TimedOut(name)
    if isinstance(error, aiohttp.ClientResponseError | aiohttp.ClientPayloadError):
        return Garbled(f"The answer broke off or is not HTTP ({name})")
    return NetworkError(name)


def _refusal(content: bytes) -> bytes:
    """Return a refusal with only what python-telegram-bot may trust of it.

    Its description is a text, and its "retry after" a number. A proxy's page is left out: it may
    name the address that was called, and would become the error's message.
    """
    try:
        given = read_json(content)
    except Garbled:
        given = None
    given = given if isinstance(given, dict) else {}
    refusal: dict[str, Any] = {"ok": False, "result": None}
    if isinstance(given.get("description"), str):
        refusal["description"] = given["description"]
    parameters = given.get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if isinstance(wait, int | float) and 0 < wait <= MAX_RETRY_AFTER:
        refusal["parameters"] = {"retry_after": wait}
    return write_json(refusal)


def _body(
    request_data: RequestData | None,
) -> tuple[bytes | aiohttp.FormData | None, dict[str, str] | None]:
    """Return the body and its headers: JSON, or a form where there is a file to upload."""
    if request_data is None:
        return None, None
    if not request_data.contains_files:
        return write_json(request_data.parameters), {"Content-Type": "application/json"}
    form = aiohttp.FormData(quote_fields=False)  # Telegram takes file names as they are, in UTF-8
    for name, text in request_data.json_parameters.items():
        form.add_field(name, text.encode("utf-8", "replace").decode())
    for name, (filename, content, mime_type) in request_data.multipart_data.items():
        # As a stream, which goes out in pieces: the event loop is not held up by a large one.
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, stream, filename=filename, content_type=mime_type)
    return form, None


class BadProxy(ValueError):
    """The environment names a proxy that is not spoken to; ``kind`` is how its address begins."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@functools.lru_cache(maxsize=64)
def proxy_of(url: str) -> str | None:
    """Return the proxy that the environment names for this address. Raises :class:`BadProxy`.

    The scheme's own (``HTTPS_PROXY``) goes before ``ALL_PROXY``; ``NO_PROXY`` may name a port.
    aiohttp would look for it anew, and on the disk for a password, with every request.
    """
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    if parts.hostname is None or proxy_bypass(f"{parts.hostname}:{port}"):
        return None
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy:
        return None
    kind, found, _ = proxy.partition("://")
    if not found:
        return f"http://{proxy}"
    if kind.casefold() not in ("http", "https"):
        raise BadProxy(kind)
    return proxy


@functools.lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """Trust the system's authorities, and certifi's where the system has none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
