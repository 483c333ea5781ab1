"""The lines of a log: JSON Lines, a line for each committed step, with the hash of the one before.

A line, broken here for reading::

    {"v":1,"n":12,"at":"2026-11-20T10:00:00Z","by":"I1","event":"ChoiceTapped",
     "set":{"answers":{"q08":{"value":"yes"}},"updates":{"4711":{"chat":"tg-55"}}},
     "prev":"<the hash of the line before>","hash":"<its own>"}

``why`` stands in it, too, where somebody gave a reason. ``n`` counts from 1. ``set`` patches the
tables: table, document id, then the document, or null to remove it; a table without documents is
no table. ``hash`` is the SHA-256, cut to 32 hex digits, of the line's own bytes up to ``,"hash"``;
they hold ``prev``, so no line can be changed, taken out or put elsewhere unseen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from storage.errors import Damaged, DamagedFile, NotSaved, WrongKey
from storage.journal import Document, Line, Patch, Snapshot

FORMAT: Final = 1
FIRST: Final = "0" * 32
"""``prev`` of a log's first line."""

SEALED: Final = b"casewalk-sealed/1 "
"""Begins an encrypted line or file (:mod:`storage.encryption`)."""

LINE_HEAD: Final = b'{"v":'
_HASH_KEY: Final = b',"hash":"'
_HASH_END: Final = b'"}'
_HASH_BYTES: Final = len(_HASH_KEY) + 32 + len(_HASH_END)

Tables = dict[str, dict[str, Document]]


@dataclass(slots=True)
class Fold:
    """The tables after the first ``n`` lines, which end at byte ``end`` of a file.

    ``hash`` and ``at`` are the last line's.
    """

    tables: Tables = field(default_factory=dict)
    n: int = 0
    hash: str = FIRST
    end: int = 0
    at: str = ""

    def take(self, line: Line, length: int = 0) -> None:
        """Apply a line in place: for a fold that nobody else has seen yet."""
        for name, documents in line.patch.items():
            table = self.tables.setdefault(name, {})
            for document_id, document in documents.items():
                if document is None:
                    table.pop(document_id, None)
                else:
                    table[document_id] = document
            if not table:
                del self.tables[name]
        self.n, self.hash, self.at, self.end = line.n, line.hash, line.at, self.end + length

    def after(self, line: Line, length: int = 0) -> Fold:
        """The fold with one more line; this fold and its snapshots stay as they are."""
        shared = dict(self.tables)
        for name in line.patch.keys() & shared.keys():
            shared[name] = dict(shared[name])
        fold = Fold(shared, self.n, self.hash, self.end, self.at)
        fold.take(line, length)
        return fold

    def snapshot(self) -> Snapshot:
        return Snapshot(self.n, self.hash, self.at, self.tables)


def fold_of(lines: Iterable[Line]) -> Fold:
    fold = Fold()
    for line in lines:
        fold.take(line)
    return fold


class Seal:
    """How the file ``path`` holds its lines, or its content: as they are.

    In an encrypted store it is a :class:`storage.encryption.FileCipher`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def sealed(self, content: bytes, n: int | None = None) -> bytes:  # noqa: ARG002
        """The content of the file, or of line ``n`` without its line break, as the file has it."""
        if content.startswith(SEALED):
            name = self.path.name
            raise NotSaved(f"Not saved: {name} begins as an encrypted file does, and is none.")
        return content

    def opened(self, data: bytes, n: int | None = None) -> bytes:
        """What :meth:`sealed` was given. Raises :class:`storage.errors.Damaged`."""
        if data.startswith(SEALED):
            what = "it is encrypted"
            raise WrongKey(self.path, n, what, "Set CASEWALK_KEY to the store's key")
        return data

    def begins(self, n: int) -> bytes:
        """How line ``n`` begins, whatever is in it."""
        return b'{"v":%d,"n":%d,"at":"' % (FORMAT, n)


class WrittenLine(NamedTuple):
    """A line, and the bytes of the file that hold it, with their line break."""

    line: Line
    data: bytes


def chained(seal: Seal, lines: Iterable[Line]) -> list[WrittenLine]:
    """The same steps numbered and hashed anew."""
    chain: list[WrittenLine] = []
    prev = FIRST
    for n, line in enumerate(lines, 1):
        chain.append(written_line(seal, line._replace(n=n), prev))
        prev = chain[-1].line.hash
    return chain


def unchanged(seal: Seal, lines: Sequence[Line]) -> list[WrittenLine]:
    """The same steps with their hashes. Raises :class:`Damaged`."""
    chain = chained(seal, lines)
    for written, line in zip(chain, lines, strict=True):
        if written.line.hash != line.hash:
            raise DamagedFile(seal.path, line.n, "it was changed (its hash does not fit)")
    return chain


def written_line(seal: Seal, line: Line, prev: str) -> WrittenLine:
    """The line hashed anew, as it follows the line with the hash ``prev``."""
    step: dict[str, Any] = {
        "v": FORMAT, "n": line.n, "at": line.at, "by": line.by, "event": line.event,
    }  # fmt: skip
    if line.why is not None:
        step["why"] = line.why
    step["set"], step["prev"] = line.patch, prev
    try:
        head = orjson.dumps(step)[:-1]
    except TypeError as exc:
        raise NotSaved(
            f"Not saved: {seal.path.name} cannot hold a number or a text that was given ({exc})."
        ) from exc
    own = _hash(head)
    data = seal.sealed(b"".join((head, _HASH_KEY, own.encode(), _HASH_END)), line.n)
    return WrittenLine(line._replace(hash=own), data + b"\n")


def whole_lines(
    seal: Seal, data: bytes, n: int = 0, prev: str = FIRST
) -> Iterator[tuple[Line, int]]:
    """The lines in ``data``, which follow line ``n`` with hash ``prev``, and each one's length.

    What stands after the last line break is left out. Raises :class:`Damaged`.
    """
    *whole, tail = data.split(b"\n")
    for raw in whole:
        n += 1
        line = _read_line(seal.path, seal.opened(raw, n), n, prev)
        prev = line.hash
        yield line, len(raw) + 1
    # A write that was cut short leaves the beginning of a line, and perhaps room for its rest. A
    # whole line and something else after it is an acknowledged one whose line break was changed.
    if tail and _is_whole(seal, tail[:-1], n + 1):
        raise DamagedFile(seal.path, n + 1, "its line break is damaged")
    begun, head = tail.rstrip(b"\0"), seal.begins(n + 1)
    if not begun.startswith(head) and not head.startswith(begun):
        raise DamagedFile(seal.path, n + 1, "it is neither a line nor the beginning of one")


def _is_whole(seal: Seal, raw: bytes, n: int) -> bool:
    try:
        return _own_hash(seal.opened(raw, n)) is not None
    except Damaged:
        return False


def _read_line(path: Path, raw: bytes, n: int, prev: str) -> Line:
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as exc:
        raise DamagedFile(path, n, "it is not JSON") from exc
    if not isinstance(body, dict):
        raise DamagedFile(path, n, "it is not a step")
    refuse_format(path, n, body.get("v"))
    own = _own_hash(raw)
    if own is None:
        raise DamagedFile(path, n, "it was changed (its hash does not fit)")
    if body.get("n") != n or body.get("prev") != prev:
        raise DamagedFile(path, n, "it does not follow the line before it")
    patch = body.get("set")
    if not isinstance(patch, dict) or not all(isinstance(one, dict) for one in patch.values()):
        raise DamagedFile(path, n, "it is not a step")
    at, by, event = body.get("at", ""), body.get("by"), body.get("event", "")
    return Line(n, at, by, event, patch, own, body.get("why"))


def refuse_format(path: Path, n: int, said: object) -> None:
    if said != FORMAT:
        raise DamagedFile(
            path,
            n,
            f"it says format {said!r}, and this Casewalk reads format {FORMAT}",
            "If a newer Casewalk wrote it, update this one; else put the file back from a backup",
        )


def _own_hash(raw: bytes) -> str | None:
    """The hash that a line without its line break carries, None if it is not the right one."""
    head, end = raw[:-_HASH_BYTES], raw[-_HASH_BYTES:]
    own = _hash(head)
    return own if end == b"".join((_HASH_KEY, own.encode(), _HASH_END)) else None


def _hash(head: bytes) -> str:
    return hashlib.sha256(head).hexdigest()[:32]


def difference(before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Any]) -> Patch:
    """The patch that makes ``before``'s tables equal to ``after``'s."""
    patch: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name, {}), after.get(name, {})
        changed = {key: document for key, document in new.items() if old.get(key) != document}
        changed |= {key: None for key in old if key not in new}
        if changed:
            patch[name] = changed
    return patch
