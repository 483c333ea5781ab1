"""A picture: its texts are wrapped into their room, and any of them can be drawn."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.reports import charts, picture
from criteria.instrument.load import pack_names, read_pack
from tests.bot.reports.charted import HALFWAY, LONG, fits, opened, score_of_eighths, white_edges


@pytest.mark.parametrize("text", ["", " ", "\x00\n\t", "one\ntwo\u202e\u200b", "📊 ✓", "e\u0301"])
def test_any_title_can_be_drawn(text: str) -> None:
    score = score_of_eighths()
    assert fits(charts.summary_layout(score, HALFWAY, title=text))
    assert white_edges(opened(charts.summary_chart(score, HALFWAY, title=text)))


@pytest.mark.parametrize("width", [200, 400, 960])
@pytest.mark.parametrize("text", ["Systems", LONG, "W" * 200, "a b " * 60, "Llanfairpwll " * 9])
def test_a_text_is_wrapped_into_lines_that_fit(text: str, width: int) -> None:
    lines = picture.wrap(text, picture.PLAIN, width)
    font = picture.font(picture.PLAIN)
    assert 1 <= len(lines) <= 2
    assert all(font.getlength(line) <= width for line in lines)
    whole = " ".join(text.split())
    kept = "".join(lines).replace(" ", "")
    if kept.endswith("…"):
        assert whole.replace(" ", "").startswith(kept[:-1])
        assert font.getlength(f"{lines[0]} {lines[-1]}") > width
    else:
        assert kept == whole.replace(" ", "")


def test_the_font_has_every_sign_that_is_drawn() -> None:
    """A sign that a font lacks is drawn as the same box whatever it is."""
    signs = set("ŵŷŴŶâêîôûáéíóúàèìòùäëïöüẁẃẅ–—‘’“”…£€%·≥×✓")
    for name in pack_names():
        pack = read_pack(name)
        labels = [pack.title, *(one.label for one in pack.sections + pack.headlines)]
        labels += [criterion.label for criterion in pack.criteria.values()]
        signs |= {sign for label in labels for text in label.values() for sign in text}
    for style in (picture.PLAIN, picture.HEADING):
        font = picture.font(style)
        missing = bytes(font.getmask("\u0378"))  # assigned to no letter
        assert [s for s in sorted(signs) if s != " " and bytes(font.getmask(s)) == missing] == []


def test_starting_a_command_does_not_import_the_drawing_library() -> None:
    """It would be a delay at every command for a picture that few of them draw."""
    code = "import sys, bot.__main__, bot.pipeline; print('PIL' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "False"
