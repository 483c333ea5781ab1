"""Cuts a text to the lengths Telegram takes, in its count: UTF-16 code units, an emoji is two."""

from collections.abc import Iterator

MAX_MESSAGE = 4096
MAX_CAPTION = 1024
MAX_TOAST = 200


def units(text: str) -> int:
    """The length as Telegram counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def text_parts(text: str, most: int = MAX_MESSAGE) -> list[str]:
    """The text in parts of at most ``most``, cut at line ends; inside a line only if it must be.

    Parts that are blank are left out, as Telegram refuses them; a blank text has no parts.
    """
    if units(text) <= most:
        return [text] if text.strip() else []
    parts: list[str] = []
    part = ""
    for piece in _pieces(text, most):
        if units(part) + units(piece) > most:
            parts.append(part)
            part = ""
        part += piece
    parts.append(part)
    return [cleaned for part in parts if (cleaned := part.strip("\n")).strip()]


def shorten(text: str, most: int) -> str:
    """The text itself, or its beginning and an ellipsis."""
    if units(text) <= most:
        return text
    return text[: _fits(text, most - 1)] + "…"


def _pieces(text: str, most: int) -> Iterator[str]:
    """Lines with their ends; a line that is too long in words, a word that is too long in bits."""
    for line in text.splitlines(keepends=True):
        rest = line
        while units(rest) > most:
            end = _fits(rest, most)
            space = rest.rfind(" ", 1, end)
            end = space + 1 if space > 0 else end
            yield rest[:end]
            rest = rest[end:]
        yield rest


def _fits(text: str, most: int) -> int:
    """How many characters of the text fit."""
    taken = 0
    for place, character in enumerate(text):
        taken += 2 if ord(character) > 0xFFFF else 1
        if taken > most:
            return place
    return len(text)
