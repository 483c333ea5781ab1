"""Encryption at rest of the embedded store, with one key from the environment.

AES-256-GCM with a nonce of its own, drawn at random, for everything that is sealed. With random
nonces one key is good for 2^32 of them (NIST SP 800-38D, 8.3); a service that inspects 100,000
cases a year writes less than one in a hundred of that.

Each line of an appended file is sealed by itself, under the name of its file and its number, so
that none can be put elsewhere::

    casewalk-sealed/1 9f8e7d6c5b4a3921 <nonce and sealed line, base64>

A file that is kept whole (a pinned pack, a photo) begins likewise; nonce and content follow as they
are. File names are not sealed: they hold references only. After the format stands the key's id, by
which a wrong key is told from damage; it gives nothing of the key away.

``key.json`` beside the inspections says with which key a store is encrypted, and, while the key is
being changed (:mod:`storage.rekey`), with which it was::

    {"v":1,"key":"9f8e7d6c5b4a3921"}
    {"v":1,"key":"9f8e7d6c5b4a3921","was":null}
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import re
from pathlib import Path
from typing import Final, NamedTuple

from storage.disk import make_folder, replace_durably
from storage.errors import DamagedFile, StoreError, WrongKey, cannot_read, saving
from storage.log_lines import FORMAT, LINE_HEAD, SEALED, Seal, refuse_format
from storage.store_files import CONTENT

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
MARKER: Final = "key.json"

_SEALED_WITH: Final = re.compile(re.escape(SEALED) + rb"([0-9a-f]{16}) ")


class KeyRefused(StoreError):
    """This key, or none, is not the store's; nothing was read."""


class Key:
    """A key. Its bytes never show: not in its ``repr``, not in a message."""

    def __init__(self, secret: bytes) -> None:
        self.secret = secret
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

    def __repr__(self) -> str:
        return f"Key({self.id})"


def make_key() -> str:
    """A new key, as text for the environment. Who loses it loses the store."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


class Cipher:
    """Seals what the store under ``directory`` writes, and opens what it reads."""

    def __init__(self, key: Key, directory: Path) -> None:
        # Here, for those who have a key: nobody else waits for the library to be loaded.
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        self.key_id = key.id
        self.aead, self.refused = AESGCM(key.secret), InvalidTag
        self.directory = directory


class FileCipher(Seal):
    """Seals and opens one file, or its lines: what is sealed for it opens under its name only."""

    def __init__(self, cipher: Cipher, path: Path) -> None:
        super().__init__(path)
        self._cipher = cipher
        self._place = path.relative_to(cipher.directory).as_posix()
        self.head = b"%s%s " % (SEALED, cipher.key_id.encode())

    def begins(self, n: int) -> bytes:  # noqa: ARG002  # its number is sealed
        return self.head

    def sealed(self, content: bytes, n: int | None = None) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        box: bytes = nonce + self._cipher.aead.encrypt(nonce, content, self._place_of(n))
        return self.head + (box if n is None else base64.b64encode(box))

    def opened(self, data: bytes, n: int | None = None) -> bytes:
        if not data.startswith(self.head):
            raise self._refused(data, n)
        box = data[len(self.head) :]
        try:
            if n is not None:
                text, box = box, base64.b64decode(box, validate=True)
                if base64.b64encode(box) != text:  # the last sign has bits that mean nothing
                    raise ValueError
            nonce, rest = box[:NONCE_BYTES], box[NONCE_BYTES:]
            content: bytes = self._cipher.aead.decrypt(nonce, rest, self._place_of(n))
        except (self._cipher.refused, ValueError) as exc:
            what = "it was changed, or put here from elsewhere (it does not open with the key)"
            raise DamagedFile(self.path, n, what) from exc
        return content

    def _place_of(self, n: int | None) -> bytes:
        return (self._place if n is None else f"{self._place}#{n}").encode()

    def _refused(self, data: bytes, n: int | None) -> DamagedFile:
        """Why it is not what was sealed with this key."""
        another = _SEALED_WITH.match(data)
        if another is not None:
            what = (
                f"it is encrypted with key {another[1].decode()}, and CASEWALK_KEY is"
                f" key {self._cipher.key_id}"
            )
            remedy = "Put the file back from a backup made under the present key"
            return WrongKey(self.path, n, what, remedy)
        if n is None or data.startswith(LINE_HEAD):
            what = "it is not encrypted, and this store is"
            remedy = "It did not come from here: put the file back from a backup"
            return WrongKey(self.path, n, what, remedy)
        return DamagedFile(self.path, n, "it is not a step")


def seal_of(cipher: Cipher | None, path: Path) -> Seal:
    """How a file of a store is kept, which may be encrypted."""
    return Seal(path) if cipher is None else FileCipher(cipher, path)


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
        refuse_format(path, 1, raw["v"])
        return Marker(raw["key"], changing="was" in raw, was=raw.get("was"))
    except FileNotFoundError:
        return Marker(None)
    except OSError as exc:
        raise cannot_read(path, exc) from exc
    except (ValueError, KeyError, TypeError) as exc:
        raise DamagedFile(
            path, None, "it does not say which key the store is encrypted with"
        ) from exc


def write_marker(directory: Path, marker: Marker) -> None:
    """Durably; of a store that is not encrypted nothing stays."""
    path = directory / MARKER
    raw = {"v": FORMAT, "key": marker.to} | ({"was": marker.was} if marker.changing else {})
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
    with saving(directory / MARKER):
        make_folder(directory)
        write_marker(directory, Marker(key.id))
