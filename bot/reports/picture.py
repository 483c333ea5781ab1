"""A picture as boxes and lines of text, each at its place in whole pixels, and drawn as a PNG.

A picture is built from parts, one beneath the other, so that it grows with its rows. Drawing
decides nothing: what stands where is known before.

Pillow takes a while to import: import this module where a picture is asked for, not at start-up.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Final, Literal
from unicodedata import normalize

from PIL import Image, ImageDraw, ImageFont

from bot.messages import Messages

WIDTH: Final = 1_080
MAX_HEIGHT: Final = 8_900
"""Telegram takes a photo whose width and height add to no more than 10,000."""
MARGIN: Final = 60
What = Literal["track", "cut", "bar", "begun", "zero", "whisker", "rule"]
COLOURS: Final[Mapping[What, str]] = {
    "track": "#EDF0F3",
    "cut": "#9AA5B1",
    "bar": "#5B9FDB",
    "begun": "#F2A33A",
    "zero": "#3C4650",
    "whisker": "#101820",
    "rule": "#CBD2D9",
}
STRIPES: Final = "#FFFFFF"
INK: Final = "#101820"
GREY: Final = "#55606B"


@dataclass(frozen=True, slots=True)
class Style:
    size: int
    strong: bool = False
    colour: str = INK


TITLE: Final = Style(54, strong=True)
HEADING: Final = Style(42, strong=True)
FIGURE: Final = Style(44, strong=True)
PLAIN: Final = Style(38)
BAND: Final = Style(31)
SMALL: Final = Style(30, colour=GREY)
TINY: Final = Style(26, colour=GREY)

# --- what a picture is made of ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; ``right`` and ``bottom`` are the first pixels outside it.

    ``of`` is the name of what it shows: a criterion, a headline, an inspector.
    """

    what: What
    left: int
    top: int
    right: int
    bottom: int
    of: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text in the room it has; ``side`` is where in that room it stands."""

    text: str
    left: int
    top: int
    width: int
    style: Style
    side: Literal["left", "middle", "right"] = "left"

    @property
    def bottom(self) -> int:
        return self.top + line_height(self.style)


@dataclass(frozen=True, slots=True)
class Cell:
    """A text and its column; too long for its line, it takes a second one."""

    text: str
    left: int
    right: int
    style: Style
    side: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class Part:
    """A strip of the picture as high as it needs; its boxes and texts are placed from its top."""

    height: int
    boxes: tuple[Box, ...] = ()
    texts: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole picture: ``WIDTH`` by ``height`` pixels."""

    height: int
    boxes: tuple[Box, ...]
    texts: tuple[Text, ...]


def page(say: Messages, head: Sequence[Part], rows: Sequence[Part], foot: Sequence[Part]) -> Layout:
    """Parts beneath each other. Rows that would make it too high are left out, and it says so."""
    room = MAX_HEIGHT - 2 * MARGIN - sum(part.height for part in (*head, *foot))
    if sum(part.height for part in rows) > room:
        note = text_part(say("chart-cut"), SMALL)
        kept: list[Part] = []
        room -= note.height
        for part in rows:
            room -= part.height
            if room < 0:
                break
            kept.append(part)
        rows = [*kept, note]
    boxes: list[Box] = []
    texts: list[Text] = []
    top = MARGIN
    for part in (*head, *rows, *foot):
        boxes += lowered(part.boxes, top)
        texts += [replace(text, top=text.top + top) for text in part.texts]
        top += part.height
    return Layout(top + MARGIN, tuple(boxes), tuple(texts))


def lowered(boxes: Iterable[Box], by: int) -> tuple[Box, ...]:
    return tuple(replace(box, top=box.top + by, bottom=box.bottom + by) for box in boxes)


def side_by_side(cells: Sequence[Cell], top: int = 0) -> tuple[int, list[Text]]:
    """Texts in their columns, the first lines on one base line; with the height they reach."""
    base = top + max(font(cell.style).getmetrics()[0] for cell in cells)
    texts: list[Text] = []
    for cell in cells:
        at = base - font(cell.style).getmetrics()[0]
        width = cell.right - cell.left
        for line in wrap(cell.text, cell.style, width):
            texts.append(Text(line, cell.left, at, width, cell.style, cell.side))
            at += line_height(cell.style)
    return max((text.bottom for text in texts), default=top), texts


def text_part(text: str, style: Style) -> Part:
    """A text over the whole width."""
    height, texts = side_by_side([Cell(text, MARGIN, WIDTH - MARGIN, style)])
    return Part(height, (), tuple(texts))


# --- texts --------------------------------------------------------------------------------------

MAX_TEXT: Final = 400
"""Characters that are looked at; two lines hold far fewer."""


@lru_cache
def font(style: Style) -> ImageFont.FreeTypeFont:
    """Source Sans Pro: the font that Pillow brings has no ŵ, no pound sign and no dash."""
    name = f"SourceSansPro-{'Semibold' if style.strong else 'Regular'}.ttf"
    font = files("font_source_sans_pro").joinpath("files", name).read_bytes()
    return ImageFont.truetype(BytesIO(font), style.size)


def line_height(style: Style) -> int:
    ascent, descent = font(style).getmetrics()
    return ascent + descent


def wrap(text: str, style: Style, width: int) -> list[str]:
    """The text in at most two lines of ``width`` pixels, with an ellipsis if it goes on.

    A word that is wider than a line is cut into pieces. Nothing at all where not even an ellipsis
    fits.
    """
    words = "".join(c for c in normalize("NFC", text[:MAX_TEXT]) if c.isprintable() or c.isspace())
    rest = " ".join(words.split())
    wrapped: list[str] = []
    while rest and len(wrapped) < 2:
        line = _first_line(rest, style, width)
        if not line:
            break
        wrapped.append(line)
        rest = rest[len(line) :].lstrip()
    if not rest and len(text) <= MAX_TEXT:
        return wrapped
    last = wrapped.pop() if wrapped else rest
    last = last[: _fitting(last, style, width, end="…")].rstrip()
    return [*wrapped, f"{last}…"] if last else wrapped


def _first_line(text: str, style: Style, width: int) -> str:
    """As many whole words as fit; of a word wider than the line as many characters as fit."""
    cut = _fitting(text, style, width)
    if cut == len(text) or text[cut] == " ":
        return text[:cut]
    space = text.rfind(" ", 0, cut)
    return text[: space if space > 0 else cut]


def _fitting(text: str, style: Style, width: int, end: str = "") -> int:
    """How many of its characters fit, with ``end`` after them."""
    length = font(style).getlength
    lengths = range(1, len(text) + 1)
    return bisect_right(lengths, float(width), key=lambda count: length(text[:count] + end))


def is_cut(cell: Cell) -> bool:
    lines = wrap(cell.text, cell.style, cell.right - cell.left)
    return bool(lines) and lines[-1].endswith("…")


def fits(text: str, style: Style, width: int) -> bool:
    return font(style).getlength(text) <= width


# --- drawing ------------------------------------------------------------------------------------

ANCHORS: Final = {"left": "la", "middle": "ma", "right": "ra"}


def draw(layout: Layout) -> bytes:
    """The picture as a PNG."""
    image = Image.new("RGB", (WIDTH, layout.height), "white")
    canvas = ImageDraw.Draw(image)
    for box in layout.boxes:
        if box.right > box.left:
            canvas.rectangle((box.left, box.top, box.right - 1, box.bottom - 1), COLOURS[box.what])
        if box.what == "begun":
            _stripe(canvas, box)
    for text in layout.texts:
        from_left = {"left": 0, "middle": text.width // 2, "right": text.width}[text.side]
        at = (text.left + from_left, text.top)
        canvas.text(at, text.text, text.style.colour, font(text.style), ANCHORS[text.side])
    png = BytesIO()
    image.save(png, "PNG")
    return png.getvalue()


def _stripe(canvas: ImageDraw.ImageDraw, box: Box) -> None:
    """White upright stripes, so that it is told from a full bar without its colour.

    The first and the last pixels keep the colour: its ends stay where they are.
    """
    for x in range(box.left + 8, box.right - 4, 12):
        canvas.rectangle((x, box.top + 3, x + 3, box.bottom - 4), STRIPES)
