"""A text as its words, so that case, width, punctuation and hidden characters do not matter.

A sign that may change a meaning (``%``, ``+``, ``<``, an emoji, a minus before a digit) is a word
of its own: what is not accounted for makes a text no answer.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

Tokens = tuple[str, ...]

_INITIALS: Final = re.compile(r"(?<!\w)(?:[^\W\d_]\.)+[^\W\d_](?!\w)\.?")
"""``c.r.o.``, ``n.k``"""
_TOKEN: Final = re.compile(
    r"""(?<!\w)[^\W\d_]/[^\W\d_](?!\w)   # n/a
    | [^\W_]+(?:'[^\W_]+)*
    | (?<!\w)-(?=\d)
    | [^\w\s.,;:!?¿¡…'"()\[\]/\-‐‑–—#*•“”„«»]""",
    re.VERBOSE,
)
_APOSTROPHES: Final = str.maketrans(
    "’‘ʼ`", "''''", "\ufe0e\ufe0f" + "".join(map(chr, range(0x1F3FB, 0x1F400)))
)
_DOUBT: Final = re.compile(r"[?¿]|…\s*\Z|\.\.\s*\Z|\A\s*/")


def folded(text: str) -> str:
    """Case, width, apostrophes and characters that nobody sees apart."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES)
    if not plain.isascii():
        plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    return plain


def tokens_of(text: str) -> Tokens:
    plain = re.sub(r"\s*[/\\]\s*", "/", folded(text))
    plain = _INITIALS.sub(lambda found: found[0].replace(".", ""), plain)
    return tuple(_TOKEN.findall(plain))


def is_doubtful(text: str) -> bool:
    """``yes?``, ``male...``, and ``/yes``, which looks like a command."""
    return _DOUBT.search(unicodedata.normalize("NFKC", text)) is not None
