"""Which files are kept as evidence: images, audio and PDFs, told apart by their first bytes."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from typing import Final, NamedTuple

import filetype


class FileType(NamedTuple):
    """``media`` is what it is called; outside the store a file's name ends with ``suffix``."""

    media: str
    suffix: str


FILE_TYPES: Final[Mapping[str, FileType]] = {
    "image/jpeg": FileType("photo", ".jpg"),
    "image/png": FileType("photo", ".png"),
    "image/apng": FileType("photo", ".png"),
    "image/gif": FileType("photo", ".gif"),
    "image/webp": FileType("photo", ".webp"),
    "image/heic": FileType("photo", ".heic"),
    "image/avif": FileType("photo", ".avif"),
    "image/tiff": FileType("photo", ".tiff"),
    "image/bmp": FileType("photo", ".bmp"),
    "audio/ogg": FileType("audio", ".ogg"),
    "audio/mpeg": FileType("audio", ".mp3"),
    "audio/mp4": FileType("audio", ".m4a"),
    "audio/aac": FileType("audio", ".aac"),
    "audio/amr": FileType("audio", ".amr"),
    "audio/x-wav": FileType("audio", ".wav"),
    "audio/x-flac": FileType("audio", ".flac"),
    "application/pdf": FileType("document", ".pdf"),
}
"""By the type that filetype finds. An SVG is not among them: it may hold scripts."""


def expected_media(media: str, declared: str, filename: str) -> str | None:
    """Return what a file says that it is; None where that is not kept as evidence.

    ``declared`` is its MIME type, and goes before its name's ending. A file that says nothing is
    taken for a document: what it is, its content says.
    """
    if media != "document":
        return media
    said = declared.casefold()
    if said in ("", "application/octet-stream"):
        said = mimetypes.guess_type(filename)[0] or ""
        if not said and "." not in filename:
            return media
    if said == "image/svg+xml":
        return None
    by_family = {"image": "photo", "audio": "audio"}.get(said.partition("/")[0])
    return by_family or ("document" if said == "application/pdf" else None)


def found_type(content: bytes, media: str) -> str | None:
    """Return what a file is, by its first bytes; None where that is not kept as evidence.

    Some phones' recorders write an MP4 that begins as a video does, so where audio is expected, an
    MP4 is taken as such.
    """
    found = filetype.guess_mime(content)
    if found == "video/mp4" and media in ("audio", "voice"):
        found = "audio/mp4"
    return found if found in FILE_TYPES else None
