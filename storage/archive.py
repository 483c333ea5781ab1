"""Everything of an inspection in one ZIP file, to be kept when it is erased here.

::

    inspection.json    the inspection file: every case, the second readings, the records
    people.json        the references and roles; no chat
    history.jsonl      every step of every case: who, when, from what to what
    pack.json          the instrument, as it was pinned
    exports/…          as ``casewalk export`` writes them
    files/…            the photos, recordings and documents
    SHA256SUMS         of all of these, as ``sha256sum --check`` reads it
"""

import hashlib
import json
import os
import zipfile
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

import orjson

from criteria.instrument.load import load_pack
from storage.disk import sync_path
from storage.documents import pack_text
from storage.errors import StoreError, saving
from storage.exports import EXPORTS
from storage.exports.report import InspectionReport
from storage.inspection_file import dump_document, read_inspection_file
from storage.store import Store

SUMS: Final = "SHA256SUMS"


async def write_archive(store: Store, report: InspectionReport, path: Path) -> int:
    """Write it, read it again and compare; return how many files are in it.

    ``path`` is there whole or not at all. Raises :class:`StoreError`, also for a case or a photo
    that cannot be read.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with saving(path):
            sums = await _write(store, report, beside)
            _compare(beside, report, sums)
            beside.replace(path)
            sync_path(path.parent)  # what is archived may be erased next
    finally:
        beside.unlink(missing_ok=True)
    return len(sums)


async def _write(store: Store, report: InspectionReport, path: Path) -> dict[str, str]:
    """Return the files' SHA-256, by name. Only the archive's owner may read it."""
    sums: dict[str, str] = {}
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            async for name, content in _contents(store, report):
                archive.writestr(name, content)
                sums[name] = hashlib.sha256(content).hexdigest()
            lines = (f"{sum_}  {name}\n" for name, sum_ in sums.items())
            archive.writestr(SUMS, "".join(lines))
        file.flush()
        os.fsync(file.fileno())
    return sums


async def _contents(store: Store, report: InspectionReport) -> AsyncIterator[tuple[str, bytes]]:
    inspection = report.inspection
    yield "inspection.json", EXPORTS["json"].make(report)
    people = {
        "people": [asdict(member) for member in (await store.members(inspection.id)).values()],
        "former": sorted(await store.former_people(inspection.id)),
    }
    yield "people.json", dump_document(people)
    yield "history.jsonl", await _history(store, report)
    yield "pack.json", pack_text(report.pack).encode()
    for export in EXPORTS.values():
        if export.name != "json":
            yield f"exports/{export.file_name(inspection.id)}", export.make(report)
    evidence = {
        one.file: one for case in (*report.cases, *report.second_readings) for one in case.evidence
    }
    for name in await store.files(inspection.id):
        known = evidence.get(name)
        content = await store.file(inspection.id, name, known.sha256 if known else None)
        yield f"files/{known.filename if known else name}", content


async def _history(store: Store, report: InspectionReport) -> bytes:
    lines = []
    for case in (*report.cases, *report.second_readings):
        for entry in await store.history(report.inspection.id, case.key):
            lines.append(orjson.dumps(asdict(case.key) | asdict(entry)))
    return b"".join(line + b"\n" for line in lines)


def _compare(path: Path, report: InspectionReport, sums: dict[str, str]) -> None:
    """Compare what the disk returns with what was written and what the store holds."""
    differs = StoreError(
        f"The archive that was written to {path.parent} is not what the store holds, so it was not"
        " kept. Look after that disk, and try again; nothing was erased."
    )
    with zipfile.ZipFile(path) as archive:
        try:
            names = [name for name in archive.namelist() if name != SUMS]
            found = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in names}
            pack = load_pack(json.loads(archive.read("pack.json")))
            read = read_inspection_file(archive.read("inspection.json"), lambda _: pack)
        except (zipfile.BadZipFile, ValueError, KeyError) as exc:
            raise differs from exc
    cases = [*report.cases, *report.second_readings]
    if found != sums or [*read.cases, *read.second_readings] != cases:
        raise differs
