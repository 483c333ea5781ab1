"""Taking characters that nobody sees off a text: they come with what is pasted and dictated."""

import re
from typing import Final

_JOINED: Final = "\u0600-\u1dff\u2100-\U0010ffff"
"""Emoji, and the scripts in which a joiner between two letters changes how they look."""

_SIGNS: Final = re.compile(
    # The flags of England, Scotland and Wales are a black flag with letters that nobody sees.
    "(?P<kept>\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"
    f"|(?<=[{_JOINED}])[\u200c\u200d](?=[{_JOINED}])"
    "|(?<=[\u203c-\U0010ffff])[\ufe00-\ufe0f]"
    "|[\ufe00-\ufe0f](?=\u20e3))"
    "|(?P<line>\r\n?|[\x85\u2028\u2029])"
    "|[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def visible(text: str) -> str:
    """Return the text without zero-width characters, marks of direction, soft hyphens, control
    characters and half characters. Every end of a line is ``\\n``; a joiner stays inside an emoji.
    """
    if text.isascii() and text.isprintable():
        return text
    cleaned = _SIGNS.sub(lambda found: "\n" if found["line"] else found["kept"] or "", text)
    # What was taken off may have stood between two joiners.
    return text if cleaned == text else visible(cleaned)
