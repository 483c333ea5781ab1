"""What the PostgreSQL store's rows hold: steps, cases as they stand, chats' places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

import orjson

from criteria.case import Case, CaseKey
from criteria.pack import Pack
from storage.appended_file import FIRST, Fold, Line, Patch, written_line
from storage.case_file import case_from_tables
from storage.case_summary import case_summary, damaged_summary, summary_to_json
from storage.chat_file import Place
from storage.file_names import same_case
from storage.jsonb import from_jsonb, to_jsonb
from storage.store import Damaged

Row = Sequence[Any]
T = TypeVar("T")

KEEP_CHAT_STEP: Final = "select keep_chat_step(%s, %s, %s, %s::jsonb, %s, %s, %s, %s::json, %s)"
STEP_COLUMNS: Final = "n, at, by, event, why, patch::text, hash"
"""Of ``steps``, as :func:`read_steps` takes them."""


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A case as it stood at its ``version``; ``chats`` says where each chat is in it."""

    log: int
    version: int
    hash: str
    at: str
    case: Case
    chats: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class KnownChat:
    """Where a chat sat at its ``version``, as a seat told it: with no case if that is damaged."""

    version: int
    hash: str
    place: Place


@dataclass(slots=True)
class KnownInspection:
    log: int
    pack: Pack | None = None


@dataclass(frozen=True, slots=True)
class NewCase:
    """The rows of a case that is not there yet; ``steps`` leave out the log, which is not known."""

    same: str
    reading: int
    version: int
    hash: str
    at: str
    document: str = field(repr=False)
    answers: str = field(repr=False)
    summary: str = field(repr=False)
    steps: tuple[Row, ...] = field(repr=False)


def case_name(key: CaseKey) -> str:
    """How messages call a case that no file's name stands for."""
    second = "" if key.reading == 1 else ", second reading"
    return f"case {key.case} ({key.form}{second})"


def damaged(name: str, n: int | None, what: str) -> Damaged:
    place = f"{name}, step {n}" if n else name
    return Damaged(
        f"The database, {place}: {what}. Nothing was changed in it, and other cases are not"
        " touched; put the database back from a backup."
    )


# --- steps -----------------------------------------------------------------------------------


def new_step(  # noqa: PLR0913  # a step's parts
    name: str,
    n: int,
    *,
    at: str,
    by: str | None,
    event: str,
    patch: Patch,
    prev: str,
    why: str | None = None,
) -> tuple[str, str]:
    """A step's patch as its row holds it, and its hash. Raises :class:`storage.store.NotSaved`."""
    _, own = written_line(Path(name), n, at, by, event, why, patch, prev)
    return orjson.dumps(patch).decode(), own


def read_steps(name: str, rows: Iterable[Row]) -> list[Line]:
    """A log's steps, each checked against the one before. Raises :class:`Damaged`."""
    lines: list[Line] = []
    prev = FIRST
    for n, at, by, event, why, patch, own in rows:
        line = Line(n, at, by, event, orjson.loads(patch), own, why)
        _, fits = written_line(Path(name), n, at, by, event, why, line.patch, prev)
        if n != len(lines) + 1:
            raise damaged(name, len(lines) + 1, "it is missing")
        if own != fits:
            raise damaged(name, n, "it was changed (its hash does not fit)")
        lines.append(line)
        prev = own
    return lines


def step_rows(lines: Iterable[Line]) -> tuple[Row, ...]:
    return tuple(
        (line.n, line.at, line.by, line.event, line.why,
         orjson.dumps(line.patch).decode(), line.hash)
        for line in lines
    )  # fmt: skip


# --- cases -----------------------------------------------------------------------------------


def read_case(name: str, row: Row) -> KnownCase:
    """From log, version, hash, at, document, answers and the last step's hash.

    Raises :class:`Damaged`.
    """
    log, version, own, at, document, answers, last = row
    if last != own:
        raise damaged(name, version, "it is not the last one, or was changed")
    tables = _decoded(name, lambda: {**from_jsonb(document), "answers": from_jsonb(answers)})
    case = _decoded(name, lambda: case_from_tables(tables))
    return KnownCase(log, version, own, at, case, tables.get("chats", {}))


def check_case(name: str, known: KnownCase, lines: Sequence[Line]) -> None:
    """Whether a case is what its steps come to. Raises :class:`Damaged`."""
    fold = Fold()
    for line in lines:
        fold.apply(line.patch)
    if len(lines) != known.version or not lines or lines[-1].hash != known.hash:
        raise damaged(name, None, "its steps are not those that its row tells of")
    if case_from_tables(fold.tables) != known.case or fold.tables.get("chats", {}) != known.chats:
        raise damaged(name, None, "it is not what its steps come to")


def new_case(pack: Pack, lines: Sequence[Line]) -> NewCase:
    """The rows of a case with these steps."""
    fold = Fold()
    for line in lines:
        fold.apply(line.patch)
    case, last = case_from_tables(fold.tables), lines[-1]
    tables = {
        name: table for name, table in fold.tables.items() if name not in ("answers", "updates")
    }
    return NewCase(
        same=same_case(case.key),
        reading=case.reading,
        version=last.n,
        hash=last.hash,
        at=last.at,
        document=to_jsonb(tables),
        answers=to_jsonb(fold.tables.get("answers", {})),
        summary=summary_text(pack, case, last.at),
        steps=step_rows(lines),
    )


def summary_text(pack: Pack, case: Case, at: str) -> str:
    try:
        summary = case_summary(pack, case, at)
    except LookupError as exc:
        why = damaged(case_name(case.key), None, str(exc))
        summary = damaged_summary(case.key, str(why))
    return to_jsonb(summary_to_json(summary))


def _decoded(name: str, read: Callable[[], T]) -> T:
    """A row may hold what no version of ours wrote."""
    try:
        return read()
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise damaged(name, None, "it is not a case") from exc
