"""What is kept as evidence is told by what a file says it is, and then by its first bytes."""

from __future__ import annotations

import pytest

from criteria.evidence_files import expected_media, found_type


@pytest.mark.parametrize(
    ("media", "declared", "filename", "expected"),
    [
        ("photo", "", "", "photo"),
        ("voice", "audio/ogg", "", "voice"),
        ("audio", "audio/mpeg", "a.mp3", "audio"),
        ("document", "image/png", "scan.png", "photo"),
        ("document", "IMAGE/HEIC", "IMG_1.HEIC", "photo"),
        ("document", "audio/x-m4a", "talk.m4a", "audio"),
        ("document", "application/pdf", "plan.pdf", "document"),
        ("document", "", "plan.PDF", "document"),
        ("document", "application/octet-stream", "plan.pdf", "document"),
        ("document", "", "", "document"),
        ("document", "image/svg+xml", "plan.svg", None),
        ("document", "application/zip", "plan.pdf", None),
        ("document", "video/mp4", "talk.mp4", None),
        ("document", "", "setup.exe", None),
        ("document", "", "notes.unheardof", None),
    ],
)
def test_what_a_file_says_it_is_decides_whether_it_is_fetched(
    media: str, declared: str, filename: str, expected: str | None
) -> None:
    assert expected_media(media, declared, filename) == expected


@pytest.mark.parametrize(
    ("content", "media", "expected"),
    [
        (b"\xff\xd8\xff\xe0 a photo", "photo", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n a scan", "photo", "image/png"),
        (b"OggS\x00 a voice", "voice", "audio/ogg"),
        (b"ID3 a talk", "audio", "audio/mpeg"),
        (b"%PDF-1.7 a plan", "document", "application/pdf"),
        (b"\x00\x00\x00\x20ftypisom" + bytes(32), "audio", "audio/mp4"),
        (b"\x00\x00\x00\x20ftypisom" + bytes(32), "document", None),
        (b"%PDF-1.7 a plan", "photo", "application/pdf"),
        (b"MZ\x90 a program", "document", None),
        (b"<html>not found</html>", "photo", None),
        (b"<svg onload='alert(1)'/>", "photo", None),
        (b"PK\x03\x04 a table", "document", None),
        (b"", "photo", None),
    ],
)
def test_what_a_file_is_its_first_bytes_say(
    content: bytes, media: str, expected: str | None
) -> None:
    assert found_type(content, media) == expected
