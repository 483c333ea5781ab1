"""What may be part of a file's name: inspection ids, chats, forms and case references."""

import re
from functools import lru_cache
from typing import Final

from criteria.case import CaseKey, is_reference
from storage.errors import StoreError

_SAFE: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.\-]{0,62}[A-Za-z0-9_\-])?\Z")
_FORM: Final = re.compile(r"[^\W\d][\w.\-]*\Z")
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?\Z", re.IGNORECASE)
"""Windows takes these for devices, whatever follows the dot."""

MAX_FORM_BYTES: Final = 150

EVIDENCE_NAME: Final = re.compile(r"(?P<case>.+)-[0-9a-f]{24}(?:\.[a-z0-9]+)?\Z")
"""The name of a piece of evidence, ``C001-3f2a…``: the case's reference, and 24 hex digits that
tell nothing of its content. An inspection file may have been made elsewhere, with an ending."""


def file_name(what: str, name: str) -> str:
    """``name`` itself, if it can be a file's name everywhere. Raises :class:`StoreError`."""
    if not _SAFE.match(name) or _RESERVED.match(name):
        raise StoreError(
            f"{name!r} cannot be {what}: take letters, digits, '-', '_' and '.', up to 64 of them,"
            " beginning with a letter or a digit."
        )
    return name


@lru_cache(maxsize=1024)  # asked for several times in each answer
def case_file_name(key: CaseKey) -> str:
    """``C001~case-file``; ``C001~case-file~2`` for a second reading.

    Neither a reference nor a form's name holds a ``~``, so the parts can be told apart.
    """
    if not is_reference(key.case):
        raise StoreError(
            f"{key.case!r} cannot be a case's reference: take letters, digits, '-', '_' and '.',"
            " up to 32 of them, beginning with a letter or a digit."
        )
    if not _FORM.match(key.form) or len(key.form.encode()) > MAX_FORM_BYTES:
        raise StoreError(f"{key.form!r} cannot be a form's name: it is no XML name, or too long.")
    return f"{key.case}~{key.form}{_reading(key)}"


@lru_cache(maxsize=1024)
def same_case(key: CaseKey) -> str:
    """One text for all the ways to write a reference: ``c001`` is ``C001``."""
    return f"{key.case.casefold()}~{key.form}{_reading(key)}"


def _reading(key: CaseKey) -> str:
    return "" if key.reading == 1 else f"~{key.reading}"


def is_of_case(name: str, reference: str) -> bool:
    """Whether a piece of evidence came for a case of this reference."""
    named = EVIDENCE_NAME.match(name)
    return named is not None and named["case"].casefold() == reference.casefold()
