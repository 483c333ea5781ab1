"""Bars for a page, as inline SVG: a score's length, its 95% interval as a whisker.

A bar is decoration: the figures stand in words beside it, so it is hidden from a screen reader.
Its colours are the page's style sheet's (classes ``track``, ``bar``, ``before``, ``whisker``).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from markupsafe import Markup

LENGTH: Final = 200
"""A score of 100%, in the picture's own units."""
HEIGHT: Final = 20
MARGIN: Final = 2
"""On either side, so that a whisker's end at 0% or 100% is whole."""

_PICTURE: Final = Markup(
    '<svg class="chart" viewBox="{left} 0 {width} {height}" aria-hidden="true" focusable="false">'
    "{shapes}</svg>"
)
_RECTANGLE: Final = Markup('<rect class="{kind}" x="0" y="{y}" width="{width}" height="{height}"/>')
_WHISKER: Final = Markup(
    '<path class="whisker" d="M{low} {middle}H{high}M{low} {top}V{bottom}M{high} {top}V{bottom}"/>'
)


def score_bar(score: Fraction | None, interval: tuple[float, float] | None = None) -> Markup:
    """A score (0..1) as a bar on its track, with its interval; the track alone of no score."""
    shapes = [_rectangle("track", LENGTH, 7, 6)]
    if score is not None:
        shapes.append(_rectangle("bar", score * LENGTH, 3, 14))
    if score is not None and interval is not None:
        low, high = (_units(end * LENGTH) for end in interval)
        shapes.append(
            _WHISKER.format(low=low, high=high, middle=HEIGHT // 2, top=6, bottom=HEIGHT - 6)
        )
    return _picture(shapes)


def change_bars(before: Fraction | None, after: Fraction | None) -> Markup:
    """Before above after, each as a bar (0..1)."""
    shapes = [_rectangle("track", LENGTH, 9, 2)]
    if before is not None:
        shapes.append(_rectangle("before", before * LENGTH, 2, 6))
    if after is not None:
        shapes.append(_rectangle("bar", after * LENGTH, 11, 6))
    return _picture(shapes)


def _rectangle(kind: str, width: Fraction | int, y: int, height: int) -> Markup:
    return _RECTANGLE.format(kind=kind, width=_units(width), y=y, height=height)


def _picture(shapes: list[Markup]) -> Markup:
    return _PICTURE.format(
        left=-MARGIN, width=LENGTH + 2 * MARGIN, height=HEIGHT, shapes=Markup("").join(shapes)
    )


def _units(length: Fraction | float) -> str:
    return f"{float(length):.2f}"
