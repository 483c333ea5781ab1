"""Texts that came from outside, made fit to stand in a message."""


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
