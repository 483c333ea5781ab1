"""What a note is held back for: names, addresses, phones and identity numbers, and little else.

``tests/data`` holds the notes, all invented: one a line, and before those with personal data what
should be found in them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.personal_data import MAX_SEARCHED, Found, Kind, personal_data
from tests.dialogs.personal_data.notes import kinds

DATA = Path(__file__).parents[1] / "data"

WITHOUT = (DATA / "notes_without_personal_data.txt").read_text("utf-8").splitlines()

WITH = [
    line.split("\t", 1)
    for line in (DATA / "notes_with_personal_data.txt").read_text("utf-8").splitlines()
]


def test_no_clean_note_is_held_back() -> None:
    held = [note for note in WITHOUT if personal_data(note)]
    assert len(WITHOUT) >= 150
    assert not held


def test_at_least_95_in_a_hundred_notes_with_personal_data_are_held_back() -> None:
    missed = [note for kind, note in WITH if kind not in kinds(note)]
    assert len(WITH) >= 150
    assert len(missed) <= 0.05 * len(WITH), missed


@pytest.mark.parametrize(
    ("note", "found"),
    [
        ("Spoke to Mr Okafor, then DC Green.", [("name", "Mr Okafor"), ("name", "DC Green")]),
        ("John Smith's plan", [("name", "John Smith")]),
        ("J. Kowalczyk was on leave", [("name", "J. Kowalczyk")]),
        ("Lives at 12 High Street, CW1 2AB.", [("address", "12 High Street"),
                                               ("address", "CW1 2AB")]),
        ("Ring 07911 123456 or +44 7700 900456", [("phone", "07911 123456"),
                                                  ("phone", "+44 7700 900456")]),
        ("a.b@example.org and @jonno_88", [("email", "a.b@example.org"), ("email", "@jonno_88")]),
        ("PNC 2012/0123456A, A1234BC", [("identity_number", "2012/0123456A"),
                                        ("identity_number", "A1234BC")]),
        ("NHS 943 476 5919", [("identity_number", "943 476 5919")]),
        ("9434765919", [("identity_number", "9434765919")]),
        ("his NI number is QQ 12 34 56 C", [("identity_number", "QQ 12 34 56 C")]),
        ("dave smith, aka Jonno", [("name", "dave smith"), ("name", "Jonno")]),
        ("Ka\u200bren, CW1\xa02AB", [("name", "Ka\u200bren"), ("address", "CW1\xa02AB")]),
        ("tel ０７９１１ １２３４５６", [("phone", "０７９１１ １２３４５６")]),
        ("pc 1234 jones of 12 high st", [("name", "pc 1234 jones"), ("address", "12 high st")]),
        ("Zoe\u0308 Müller (Зоя), DOB 3/6/90", [("name", "Zoe\u0308 Müller"), ("name", "Зоя"),
                                             ("date_of_birth", "3/6/90")]),
    ],
)  # fmt: skip
def test_it_says_what_it_found_in_order(note: str, found: list[tuple[str, str]]) -> None:
    assert [(one.kind, one.text) for one in personal_data(note)] == found


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_has_notes(kind: str) -> None:
    assert sum(named == kind for named, _ in WITH) >= 8


@pytest.mark.parametrize(
    "note",
    [
        "12/03/2014", "C012, I1 and L1", "3 of 4", "24 hours", "1.2.b", "OASys", "MAPPA Level 2",
        "1234567890",  # ten digits that are neither dialled nor checked
        "2011/12", "19:00-07:00", "PNC checked 12/03/2014", "L1 2nd reading", "",
    ],
)  # fmt: skip
def test_dates_counts_and_references_are_nobodys(note: str) -> None:
    assert personal_data(note) == ()


def test_what_was_found_is_not_shown_where_it_might_be_logged() -> None:
    (found,) = personal_data("Seen with Karen.")
    assert found == Found("name", "Karen")
    assert "Karen" not in repr(found)


def test_a_very_long_text_is_searched_at_its_beginning() -> None:
    assert kinds("Karen " + "a" * MAX_SEARCHED) == ["name"]
    assert kinds("a" * MAX_SEARCHED + " Karen") == []


@given(st.text() | st.text(alphabet="Aa J.'’-@0129/\n\xa0\u200b\u0301éЖ１ﬁ"))
def test_any_text_is_searched_and_what_is_found_stands_in_it(note: str) -> None:
    position = 0
    for found in personal_data(note):
        position = note.index(found.text, position) + len(found.text)


def test_the_slow_libraries_wait_for_a_note_that_needs_them() -> None:
    code = (
        "import sys; from dialogs.personal_data import personal_data; personal_data('the plan');"
        "sys.exit(bool({'phonenumbers', 'simplemma', 'stdnum'} & {*sys.modules}))"
    )
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
