"""What a journal keeps: named logs of steps, and blobs. The store writes the domain above it once.

A log is a chain of steps, each with the hash of the one before; its *snapshot* is what the steps
come to: tables of documents, each under its id. Names are paths: ``chats/tg-55``,
``inspections/cheshire-2011/cases/C001~case-file``. Blobs are named likewise
(``inspections/cheshire-2011/files/C001-3f2a.jpg``), and are put before the entry that names them.

Every method may raise :class:`storage.errors.StoreError`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from storage.errors import Damaged

Document = Mapping[str, Any]
Patch = Mapping[str, Mapping[str, Document | None]]
"""By table and document id: the document from now on, or None to take it away."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One step for one log, which must be at version ``expect`` (None: at any).

    An entry with an empty ``patch`` writes nothing: it only holds the others to ``expect``.
    ``summary`` are a few figures of the state after it, for :meth:`Journal.summaries`.
    """

    log: str
    expect: int | None
    patch: Patch = field(repr=False)
    at: str
    event: str
    by: str | None = None
    why: str | None = field(default=None, repr=False)
    summary: Document | None = field(default=None, repr=False)

    def fits(self, version: int) -> bool:
        """Whether it may be the next step of a log at this version."""
        return self.expect is None or self.expect == version

    def line(self, n: int) -> Line:
        """The step as line ``n``, not hashed yet."""
        return Line(n, self.at, self.by, self.event, self.patch, "", self.why)


class Line(NamedTuple):
    """One committed step."""

    n: int
    at: str
    by: str | None
    event: str
    patch: Patch
    hash: str
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A log as it stands: ``version`` is the number of its steps, 0 where there is none.

    ``hash`` and ``at`` are the last step's. ``tables`` are to be looked at, not changed;
    :func:`storage.case_database.table` opens one as TinyDB does.
    """

    version: int
    hash: str
    at: str
    tables: Mapping[str, Mapping[str, Document]] = field(repr=False)


class Journal(Protocol):
    keeps_summaries: bool
    """Whether :meth:`append` keeps the entries' summaries; else it need not be given any."""

    async def read(self, log: str) -> Snapshot:
        """The log's state now, as far as it is durable."""

    def known(self, log: str) -> Snapshot | None:
        """The log as this process last saw it, without looking again; None where it never did."""

    async def read_many(self, logs: Sequence[str]) -> list[Snapshot | Damaged]:
        """Several logs, in their order. A damaged log is returned as its error, not raised."""

    async def append(self, entries: Sequence[Entry]) -> list[Snapshot]:
        """Keep all of the entries or none, durably; return each log's state after it.

        A log is made by its first entry (``expect`` 0). At most one entry a log. Raises
        :class:`Conflict` where a log is not at the version that is expected, :class:`NotSaved`.
        """

    async def lines(self, log: str) -> list[Line]:
        """Every step, its chain checked."""

    async def take(self, log: str, lines: Sequence[Line], summary: Document | None = None) -> None:
        """Make a log of steps that another journal returned. Raises :class:`AlreadyThere`."""

    async def names(self, folder: str) -> list[str]:
        """The names directly under ``folder``, of logs, blobs and folders, in order."""

    async def rewrite(
        self, log: str, keep: Callable[[Line], Line], said: Line | None = None
    ) -> None:
        """Chain the log anew with each step as ``keep`` returns it, then ``said``; for erasing.

        Also while a bot serves. Nothing happens where nothing differs.
        """

    async def drop(self, name: str) -> None:
        """Take a log, a blob, or a folder with all that is in it away, for good."""

    async def put(self, name: str, blob: bytes) -> None:
        """Keep a blob, whole or not at all. One that is there already is left as it is."""

    async def get(self, name: str) -> bytes:
        """Raises :class:`NotFound`."""

    async def summaries(self, folder: str, since: str) -> tuple[str, dict[str, Document | None]]:
        """Which logs under ``folder`` changed since, with their summaries (None: not kept).

        ``since`` is the token that the last call returned, or "" for all there are; the new token
        comes first.
        """

    async def lease(self, name: str, *, at: str, until: str) -> bool:
        """Take or prolong the lease ``name``; False where another process holds it at ``at``."""

    async def release(self, name: str) -> None:
        """Give the lease up."""

    def alone(self) -> AbstractAsyncContextManager[None]:
        """Within it, nobody else serves from this store. Raises :class:`InUse`."""

    async def close(self) -> None: ...
