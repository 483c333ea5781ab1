"""Characters that nobody sees, at the edge."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.visible import visible


@pytest.mark.parametrize(
    "unseen",
    [
        "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202a", "\u202e", "\u2060", "\u2066",
        "\u2069", "\ufeff", "\xad", "\u034f", "\u061c", "\u180e", "\u3164", "\ufe0f", "\U000e0041",
        "\0", "\x1b", "\x7f", "\x9b", "\ud83d", "\u2800",
    ],
    ids=lambda sign: f"U+{ord(sign):04X}",
)  # fmt: skip
def test_what_nobody_sees_is_taken_off_wherever_it_stands(unseen: str) -> None:
    assert visible(f"{unseen}/can{unseen}cel{unseen}") == "/cancel"
    assert visible(unseen) == ""


@pytest.mark.parametrize(
    "text",
    [
        "yes", "B9 n\tno letter\non file", "tŷ Łukasz naïve – “so”", "👍", "1️⃣ ❤️ ☑️",
        "👩‍⚕️ 👨‍👩‍👧 🏳️‍🌈 👍🏽", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "می‌خواهم", "क्‍ष", "Иван 王小明", "CW1\xa02AB",
    ],
)  # fmt: skip
def test_what_somebody_sees_stays(text: str) -> None:
    assert visible(text) == text


def test_every_end_of_a_line_is_one() -> None:
    assert visible("a\r\nb\rc\x85d\u2028e\nf") == "a\nb\nc\nd\ne\nf"


@given(st.text())
def test_no_format_character_is_left_but_in_emoji_and_other_scripts(text: str) -> None:
    left = {sign for sign in visible(text) if unicodedata.category(sign) in ("Cf", "Cc", "Cs")}
    # Arabic and other number signs are of that category, and can be seen.
    seen = {"\n", "\t", "\u200c", "\u200d", "\u06dd", "\u070f", "\u0890", "\u0891", "\u08e2"}
    seen |= {chr(sign) for sign in (*range(0x600, 0x606), 0x110BD, 0x110CD)}
    seen |= {chr(sign) for sign in range(0x13430, 0x13460)}
    assert {sign for sign in left - seen if not 0xE0020 <= ord(sign) <= 0xE007F} == set()
    assert visible(visible(text)) == visible(text)
