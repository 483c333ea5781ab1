"""Documents as PostgreSQL's ``jsonb`` holds them, and back exactly as they were.

``jsonb`` refuses the character NUL, and keeps numbers as decimals: ``1e17`` comes back as a whole
number and ``-0.0`` without its sign. A document with any of these is kept marked: U+FDD0, which
Unicode sets aside for a program's own use, then ``0`` for NUL, ``1`` for that very character, or,
where a text begins so, ``f`` and the number::

    "a\\u0000b" → "a\\ufdd00b"        1e17 → "\\ufdd0f1e+17"
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import orjson

_MARK: Final = "\ufdd0"
_NUMBER: Final = f"{_MARK}f"
_ODD: Final = re.compile(rb"\\u0000|%s|\d[eE]|-0\.0" % _MARK.encode())
"""What may have to be marked. It may find too much: then there is nothing to mark."""


def to_jsonb(document: Any) -> str:
    """Raises :class:`TypeError` as orjson does, for what no JSON can hold."""
    raw = orjson.dumps(document)
    if _ODD.search(raw):
        raw = orjson.dumps(_marked(document))
    return raw.decode()


def from_jsonb(text: str) -> Any:
    document = orjson.loads(text)
    return _unmarked(document) if _MARK in text else document


def _marked(value: Any) -> Any:
    match value:
        case str():
            return value.replace(_MARK, f"{_MARK}1").replace("\0", f"{_MARK}0")
        case float() if value == 0 or abs(value) >= 1e15:
            return f"{_NUMBER}{value!r}"
        case Mapping():
            return {_marked(key): _marked(one) for key, one in value.items()}
        case list() | tuple():
            return [_marked(one) for one in value]
        case _:
            return value


def _unmarked(value: Any) -> Any:
    match value:
        case str() if value.startswith(_NUMBER):
            return float(value.removeprefix(_NUMBER))
        case str():
            return value.replace(f"{_MARK}0", "\0").replace(f"{_MARK}1", _MARK)
        case dict():
            return {_unmarked(key): _unmarked(one) for key, one in value.items()}
        case list():
            return [_unmarked(one) for one in value]
        case _:
            return value
