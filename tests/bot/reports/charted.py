"""Cases and scores to draw."""

from __future__ import annotations

from copy import deepcopy
from io import BytesIO
from itertools import combinations
from typing import Any

from PIL import Image

from bot.reports import picture
from bot.reports.picture import WIDTH, Layout, Text
from criteria.case import Case
from criteria.instrument.load import load_pack
from criteria.instrument.pack import Pack
from criteria.relevance import Progress
from criteria.scoring.score import InspectionScore, score_cases
from dialogs.queries import CaseCounts
from tests.walk import TINY

AT = "2026-11-20T10:00:00Z"

HALFWAY = CaseCounts(15, 5, 30, Progress(300, 900))

EDGE = 8
"""Pixels along the border of a picture that stay white."""

LONG = (
    "Cafodd y cynllun ei drafod â’r troseddwr – “ŵyr a ŷd” – £5 and so on, for as long as anybody"
    " may write in the label of an instrument, and then a little longer than that, so that it ends"
    " somewhere far beyond the second line"
)


def pack_of(criteria: int, bands: list[dict[str, Any]] | None = None) -> Pack:
    """One section; each criterion has one question, answered yes or no."""
    document = deepcopy(TINY)
    document["sections"][0]["criteria"] = [
        {"name": f"c{n}", "number": f"{n}", "label": f"Criterion {n}"} for n in range(criteria)
    ]
    document["forms"][0]["survey"] = [
        {
            "type": "select_one yes_no",
            "name": f"q{n}",
            "number": f"Q{n}",
            "label": "Was it?",
            "criterion": f"c{n}",
        }
        for n in range(criteria)
    ]
    document["scoring"] = {"bands": bands, "bands_basis": "inferred"} if bands else {}
    return load_pack(document)


BANDS = [{"name": "GOOD", "from": 85}, {"name": "FAIR", "from": 45}, {"name": "LOW", "from": 0}]

EIGHTHS = range(9)


def score_of_eighths(*, banded: bool = False) -> InspectionScore:
    """Criterion n: n of 8 cases are sufficient; the last criterion has no answer."""
    pack = pack_of(len(EIGHTHS) + 1, BANDS if banded else None)
    form = pack.forms[0]
    cases = []
    for number in range(8):
        case = Case(f"C{number}", form.name)
        for n in EIGHTHS:
            value = "yes" if number < n else "no"
            case = case.answered(form.by_name[f"q{n}"], value, "I1", AT)
        cases.append(case)
    return score_cases(pack, cases)


def opened(png: bytes) -> Image.Image:
    image = Image.open(BytesIO(png))
    assert image.format == "PNG"
    return image.convert("RGB")


def ink(text: Text) -> tuple[float, float, float, float]:
    """Where a text's letters are: left, top, right, bottom."""
    font = picture.font(text.style)
    anchor = picture.ANCHORS[text.side]
    share = {"left": 0, "middle": 0.5, "right": 1}[text.side]
    left, top, right, bottom = font.getbbox(text.text, anchor=anchor)
    x = text.left + text.width * share
    return x + left, text.top + top, x + right, text.top + bottom


def fits(layout: Layout) -> bool:
    """Every text is inside its room, every room in the picture, and nothing lies on a text."""
    for text in layout.texts:
        left, top, right, bottom = ink(text)
        assert text.left - 2 <= left <= right <= text.left + text.width + 2, text
        assert text.top <= top <= bottom <= text.bottom, text
        assert left >= EDGE, text
        assert right <= WIDTH - EDGE, text
        assert bottom <= layout.height - EDGE, text
    for box in layout.boxes:
        assert 0 <= box.left <= box.right <= WIDTH
        assert 0 <= box.top < box.bottom <= layout.height
    for one, other in combinations(layout.texts, 2):
        if one.top < other.bottom and other.top < one.bottom:
            assert apart(ink(one), ink(other)), (one, other)
    for text in layout.texts:
        for box in layout.boxes:
            if text.top < box.bottom and box.top < text.bottom:
                sides = (box.left, box.top, box.right, box.bottom)
                assert apart(ink(text), sides), (text, box)
    return True


Sides = tuple[float, float, float, float]


def apart(one: Sides, other: Sides) -> bool:
    """Whether two rectangles (left, top, right, bottom) share no pixel."""
    beside = one[2] <= other[0] or other[2] <= one[0]
    return beside or one[3] <= other[1] or other[3] <= one[1]


def white_edges(image: Image.Image) -> bool:
    inner = (EDGE, EDGE, image.width - EDGE, image.height - EDGE)
    frame = image.copy()
    frame.paste((255, 255, 255), inner)
    return frame.getcolors() == [(image.width * image.height, (255, 255, 255))]
