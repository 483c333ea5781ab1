"""Logs on their way from one store to another: each line is checked where it leaves and arrives."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from criteria.case import CaseKey
from criteria.pack import Pack
from storage.appended_file import FIRST, Fold, Line, damaged, whole_lines, written_line
from storage.case_file import case_from_tables
from storage.documents import pack_text
from storage.encryption import Cipher
from storage.file_names import case_file_name, same_case
from storage.store import CarriedLog, Damaged


@dataclass(frozen=True, slots=True)
class CheckedLog:
    """A log whose chain is whole, and what its steps come to."""

    case: CaseKey | None
    lines: list[Line] = field(repr=False)
    fold: Fold = field(repr=False)


def carried_lines(path: Path, lines: Iterable[Line], cipher: Cipher | None = None) -> bytes:
    """The lines as the file ``path`` holds them, or would. Raises :class:`Damaged`."""
    seal = None if cipher is None else cipher.of(path)
    parts, prev = [], FIRST
    for line in lines:
        raw, own = written_line(
            path, line.n, line.at, line.by, line.event, line.why, line.patch, prev, seal
        )
        if own != line.hash:
            raise damaged(path, line.n, "it was changed (its hash does not fit)")
        parts.append(raw)
        prev = own
    return b"".join(parts)


def checked_log(case: CaseKey | None, path: Path, data: bytes) -> CheckedLog:
    """Read a log that arrived; ``path`` says in messages which. Raises :class:`Damaged`."""
    lines = [line for line, _ in whole_lines(path, data, 0, FIRST)]
    fold = Fold()
    for line in lines:
        fold.apply(line.patch)
        fold.n, fold.hash, fold.at = line.n, line.hash, line.at
    return CheckedLog(case, lines, fold)


async def checked_logs(
    inspection_id: str, pack: Pack, logs: AsyncIterator[CarriedLog]
) -> AsyncIterator[CheckedLog]:
    """The logs of one inspection, which fit together, or :class:`Damaged`.

    They do where the first is the inspection's own, with the hash of this pack, and then each case
    that it lists comes in its turn.
    """
    listed: list[str] = []
    arrived: list[str] = []
    async for carried in logs:
        if carried.case is None:
            log = checked_log(None, Path(inspection_id) / "inspection.jsonl", carried.lines)
            _check_head(inspection_id, pack, log.fold)
            listed = list(log.fold.tables.get("cases", ()))
        else:
            path = Path(inspection_id) / case_file_name(carried.case)
            log = checked_log(carried.case, path, carried.lines)
            _check_case(path, carried.case, log.fold)
            arrived.append(same_case(carried.case))
        yield log
    if listed != arrived:
        raise Damaged(f"Inspection {inspection_id}: its cases are not those that it lists.")


def _check_head(inspection_id: str, pack: Pack, fold: Fold) -> None:
    head = fold.tables.get("inspection", {}).get("inspection", {})
    sha256 = hashlib.sha256(pack_text(pack).encode()).hexdigest()
    if head.get("id") != inspection_id or head.get("pack_sha256") != sha256:
        raise Damaged(f"Inspection {inspection_id}: its list does not go with it, or its pack.")


def _check_case(path: Path, key: CaseKey, fold: Fold) -> None:
    try:
        case = case_from_tables(fold.tables)
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise damaged(path, None, "it is not a case's log") from exc
    if case.key != key:
        raise damaged(path, None, f"it holds another case, {case.case}")
