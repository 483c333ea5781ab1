"""An archive is there whole, as the store holds it, or not at all."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from bot.messages import say
from criteria.case import Evidence
from criteria.scoring.score import score_cases
from storage.archive import SUMS, write_archive
from storage.errors import NotSaved, StoreError
from storage.exports.report import InspectionReport
from storage.store import Store
from tests.files_store import files_store
from tests.storage.tiny import AT, tiny_cases, tiny_inspection, tiny_pack

PHOTO = f"C001-{'3f' * 12}"


async def filled(directory: Path) -> tuple[Store, InspectionReport]:
    store, pack = files_store(directory), tiny_pack()
    await store.create_inspection(tiny_inspection(), pack, tiny_cases(), at=AT)
    cases = await store.cases(tiny_inspection().id)
    score = score_cases(pack, cases)
    return store, InspectionReport(tiny_inspection(), pack, cases, score, AT, say)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_it_tells_how_many_files_are_in_it(tmp_path: Path) -> None:
    store, report = await filled(tmp_path / "data")
    path = tmp_path / "kept.zip"
    count = await write_archive(store, report, path)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert len(archive.read(SUMS).splitlines()) == count
    assert len(names) == count + 1
    assert names[-1] == SUMS


async def test_a_photo_that_was_changed_leaves_the_archive_that_stands_there(
    tmp_path: Path,
) -> None:
    store, report = await filled(tmp_path / "data")
    digest = sha256(b"photo").hexdigest()
    attached = Evidence("question", "q1", "photo", PHOTO, type="image/jpeg", sha256=digest)
    case, *others = report.cases
    report = replace(report, cases=[replace(case, evidence=(attached,)), *others])
    await store.keep_file(report.inspection.id, PHOTO, b"photo")
    photo = tmp_path / "data" / "inspections" / report.inspection.id / "files" / PHOTO
    photo.write_bytes(b"another")
    path = tmp_path / "kept.zip"
    path.write_bytes(b"the one before")
    with pytest.raises(StoreError, match=PHOTO):
        await write_archive(store, report, path)
    assert path.read_bytes() == b"the one before"
    assert names(tmp_path) == ["data", "kept.zip"]


async def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    store, report = await filled(tmp_path / "data")
    with pytest.raises(NotSaved, match=r"kept\.zip"):
        await write_archive(store, report, tmp_path / "nowhere" / "kept.zip")
