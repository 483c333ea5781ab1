"""Texts that came from outside, made fit to stand in a message or on a terminal."""

import re
from typing import Final

_STEERING: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
    r"|\r(?!\n)"
)
"""What a terminal obeys, what turns the direction of what follows, and halves of a pair."""


def shown(text: str) -> str:
    """The text, its line breaks and tabs kept, with what would steer a terminal written out.

    As ``\\u001b``, which JSON reads as what it was.
    """
    return text if text.isprintable() else _STEERING.sub(_written_out, text)


def _written_out(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def printable(text: str, longest: int | None = None) -> str:
    """``text`` in one line, without what no terminal can show or what would steer it.

    ``longest`` cuts it short: nobody reads more, and a name in a hostile file may be a megabyte.
    """
    if longest is not None and len(text) > longest:
        text = f"{text[: longest - 1]}…"
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape", "replace").decode()
        for sign in text
    )
