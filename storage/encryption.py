"""Encryption at rest of the embedded store, with one key from the environment.

AES-256-GCM with a nonce of its own, drawn at random, for everything that is sealed. With random
nonces one key is good for 2^32 of them (NIST SP 800-38D, 8.3); a service that inspects 100,000
cases a year writes less than one in a hundred of that.

An appended file stays JSON Lines. Each line is sealed by itself, under the name of its file and its
number, so that none can be put elsewhere::

    {"v":1,"key":"9f8e7d6c5b4a3921","box":"<nonce and sealed line, base64>"}

A file that is kept whole (a pinned pack, a photo) begins with ``casewalk-sealed/1 <key's id>`` and
a line break. File names are not sealed: they hold references only. ``key`` is an id by which a
wrong key is told from damage; it gives nothing of the key away.

``key.json`` beside the inspections says with which key a store is encrypted, and, while the key is
being changed (:mod:`storage.rekey`), from which to which::

    {"v":1,"key":"9f8e7d6c5b4a3921"}
    {"v":1,"from":null,"to":"9f8e7d6c5b4a3921"}
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from storage.disk import make_folder, replace_durably
from storage.errors import NotSaved, StoreError, WrongKey, damaged, not_saved
from storage.log_lines import FORMAT, refuse_format
from storage.store_files import CONTENT

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
MARKER: Final = "key.json"

_LINE_HEAD: Final = b'{"v":%d,"key":"%s","box":"'
_LINE_END: Final = b'"}'
_FILE_HEAD: Final = b"casewalk-sealed/1 "

_NOT_OPENED: Final = "it was changed, or put here from elsewhere (it does not open with the key)"


class KeyRefused(StoreError):
    """This key, or none, is not the store's; nothing was read."""


class Key:
    """A key. Its bytes never show: not in its ``repr``, not in a message."""

    __slots__ = ("_secret", "id")

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self.id = hashlib.sha256(b"casewalk key id\0" + secret).hexdigest()[:16]

    @classmethod
    def from_text(cls, text: str, setting: str = "CASEWALK_KEY") -> Key:
        """From what :func:`make_key` gave. Raises :class:`KeyRefused`, without the text."""
        try:
            secret = base64.b64decode(text.strip().encode(), altchars=b"-_", validate=True)
        except (binascii.Error, UnicodeEncodeError):
            secret = b""
        if len(secret) != KEY_BYTES:
            raise KeyRefused(
                f"{setting} is no key: it must be {KEY_BYTES} random bytes in base64,"
                " 44 signs that end in '='. `casewalk key` makes one."
            )
        return cls(secret)

    def aead(self) -> Any:
        # Here, for those who have a key: nobody else waits for the library to be loaded.
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        return AESGCM(self._secret)

    def __repr__(self) -> str:
        return f"Key({self.id})"


def make_key() -> str:
    """A new key, as text for the environment. Who loses it loses the store."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


class Cipher:
    """Seals what the store under ``directory`` writes, and opens what it reads."""

    def __init__(self, key: Key, directory: Path) -> None:
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415  # as above

        self.key_id = key.id
        self.refused = InvalidTag
        self.directory = directory
        self.aead = key.aead()

    def of(self, path: Path) -> FileCipher:
        """For one file: what is sealed for it opens under its name only."""
        return FileCipher(self, path)


class FileCipher:
    def __init__(self, cipher: Cipher, path: Path) -> None:
        self._path = path
        self._aead, self._refused, self._id = cipher.aead, cipher.refused, cipher.key_id
        self._place = path.relative_to(cipher.directory).as_posix().encode()
        self.line_head = _LINE_HEAD % (FORMAT, self._id.encode())
        self._file_head = b"%s%s\n" % (_FILE_HEAD, self._id.encode())

    def sealed_line(self, n: int, line: bytes) -> bytes:
        """``line`` as the file holds it, both without a line break."""
        box = base64.b64encode(self._seal(line, b"%s#%d" % (self._place, n)))
        return b"".join((self.line_head, box, _LINE_END))

    def opened_line(self, n: int, raw: bytes) -> bytes:
        """Raises :class:`storage.errors.WrongKey` and :class:`storage.errors.Damaged`."""
        if not raw.startswith(self.line_head) or not raw.endswith(_LINE_END):
            self._refuse_line(n, raw)
        text = raw[len(self.line_head) : -len(_LINE_END)]
        try:
            box = base64.b64decode(text, validate=True)
            if base64.b64encode(box) != text:  # the last sign has bits that mean nothing
                raise ValueError
            return self._open(box, b"%s#%d" % (self._place, n))
        except (self._refused, ValueError) as exc:
            raise damaged(self._path, n, _NOT_OPENED) from exc

    def sealed(self, content: bytes) -> bytes:
        return self._file_head + self._seal(content, self._place)

    def opened(self, data: bytes) -> bytes:
        """Raises as :meth:`opened_line` does."""
        if not data.startswith(self._file_head):
            head, line_break, _ = data[: len(self._file_head)].partition(b"\n")
            if head.startswith(_FILE_HEAD) and line_break:
                raise self._other_key(None, head[len(_FILE_HEAD) :].decode("ascii", "replace"))
            raise self._not_encrypted(None)
        try:
            return self._open(data[len(self._file_head) :], self._place)
        except (self._refused, ValueError) as exc:
            raise damaged(self._path, None, _NOT_OPENED) from exc

    def _seal(self, content: bytes, place: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        sealed: bytes = self._aead.encrypt(nonce, content, place)
        return nonce + sealed

    def _open(self, box: bytes, place: bytes) -> bytes:
        opened: bytes = self._aead.decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], place)
        return opened

    def _refuse_line(self, n: int, raw: bytes) -> None:
        """Why it is not a line that was sealed with this key."""
        try:
            body = orjson.loads(raw)
        except orjson.JSONDecodeError as exc:
            raise damaged(self._path, n, "it is not JSON") from exc
        if not isinstance(body, dict):
            raise damaged(self._path, n, "it is not a step")
        refuse_format(self._path, n, body.get("v"))
        if "set" in body:
            raise self._not_encrypted(n)
        if "box" in body and isinstance(body.get("key"), str) and body["key"] != self._id:
            raise self._other_key(n, body["key"])
        raise damaged(self._path, n, "it is not a step")

    def _other_key(self, n: int | None, its: str) -> WrongKey:
        return WrongKey(
            self._path,
            n,
            f"it is encrypted with key {its[:16]}, and CASEWALK_KEY is key {self._id}",
            "Put the file back from a backup made under the present key",
        )

    def _not_encrypted(self, n: int | None) -> WrongKey:
        return WrongKey(
            self._path,
            n,
            "it is not encrypted, and this store is",
            "It did not come from here: put the file back from a backup",
        )


def sealed(cipher: Cipher | None, path: Path, content: bytes) -> bytes:
    """What the file ``path`` is to hold, in a store that may be encrypted."""
    if cipher is not None:
        return cipher.of(path).sealed(content)
    if content.startswith(_FILE_HEAD):
        raise NotSaved(f"Not saved: {path.name} begins as an encrypted file does, and is none.")
    return content


def opened(cipher: Cipher | None, path: Path, data: bytes) -> bytes:
    """What the file ``path``, which holds ``data``, says."""
    if cipher is not None:
        return cipher.of(path).opened(data)
    if data.startswith(_FILE_HEAD):
        raise WrongKey(path, None, "it is encrypted", "Set CASEWALK_KEY to the store's key")
    return data


# --- which key a store wants -------------------------------------------------------------------


class Marker(NamedTuple):
    """With which key the store is encrypted (``to``); with a change under way, from which."""

    to: str | None
    changing: bool = False
    was: str | None = None


def read_marker(directory: Path) -> Marker:
    """What ``key.json`` says. Raises :class:`storage.errors.Damaged`."""
    path = directory / MARKER
    try:
        raw = json.loads(path.read_bytes())
        if raw["v"] != FORMAT:
            refuse_format(path, 1, raw["v"])
        if "to" in raw:
            return Marker(raw["to"], changing=True, was=raw["from"])
        return Marker(str(raw["key"]))
    except FileNotFoundError:
        return Marker(None)
    except OSError as exc:
        raise StoreError(f"{path} cannot be read: {exc.strerror}.") from exc
    except (ValueError, KeyError, TypeError) as exc:
        raise damaged(path, None, "it does not say which key the store is encrypted with") from exc


def write_marker(directory: Path, marker: Marker) -> None:
    """Durably; of a store that is not encrypted nothing stays."""
    path = directory / MARKER
    raw: dict[str, Any] = {"v": FORMAT, "key": marker.to}
    if marker.changing:
        raw = {"v": FORMAT, "from": marker.was, "to": marker.to}
    replace_durably(path, json.dumps(raw).encode() + b"\n")


def cipher_for(directory: Path, key: Key | None) -> Cipher | None:
    """The cipher for this store; None where it is not encrypted.

    An empty store becomes one of ``key``. Raises :class:`KeyRefused` if it is another's.
    """
    marker = read_marker(directory)
    if marker.changing:
        raise KeyRefused(
            f"The key of the store in {directory} is being changed. If that was interrupted,"
            " nothing is lost: run `casewalk rekey` again, with the same two keys."
        )
    if key is None:
        if marker.to is not None:
            raise KeyRefused(
                f"The store in {directory} is encrypted (key {marker.to})."
                " Set CASEWALK_KEY to its key."
            )
        return None
    if marker.to is None:
        _begin(directory, key)
    elif marker.to != key.id:
        raise KeyRefused(
            f"The store in {directory} is encrypted with key {marker.to}, and CASEWALK_KEY is"
            f" key {key.id}. Set it to the store's own; nothing was changed."
        )
    return Cipher(key, directory)


def _begin(directory: Path, key: Key) -> None:
    there = [name for name in CONTENT if (directory / name).exists()]
    if there:
        raise KeyRefused(
            f"CASEWALK_KEY is set, and the store in {directory} is not encrypted"
            f" (it has {there[0]} and no {MARKER}). `casewalk rekey` encrypts it;"
            " or run without CASEWALK_KEY."
        )
    try:
        make_folder(directory)
        write_marker(directory, Marker(key.id))
    except OSError as exc:
        raise not_saved(directory / MARKER, exc) from exc
