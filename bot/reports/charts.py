"""The pictures that go with ``/summary`` and ``/progress``: a PNG that reads well on a phone.

Each is made in two steps: a layout says which boxes and which texts stand where, in whole pixels,
and :func:`bot.reports.picture.draw` fills them in.

Every bar stands on one scale of 960 pixels from 0 to 100% and starts at 0. What has no base has no
bar at all, only words. Colours are blue and orange, and what matters is also said in words or in
stripes, so that nobody has to tell red from green.

Pillow takes a while to import: import this module where a picture is asked for, not at start-up.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from math import ceil
from typing import Final, ParamSpec

from bot.messages import Messages, messages
from bot.reports.picture import (
    BAND,
    FIGURE,
    HEADING,
    MARGIN,
    PLAIN,
    SMALL,
    TINY,
    TITLE,
    WIDTH,
    Box,
    Cell,
    Layout,
    Part,
    Style,
    Text,
    What,
    draw,
    fits,
    font,
    is_cut,
    line_height,
    lowered,
    page,
    side_by_side,
    text_part,
)
from criteria.adjustments import Adjustment
from criteria.instrument.pack import Band, Pack
from criteria.relevance import Progress
from criteria.report.labels import named
from criteria.report.score_rows import ScoreRow, summary_rows
from criteria.scoring.score import InspectionScore
from dialogs.queries import CaseCounts

SCALE: Final = 960
"""Pixels from 0 to 100%."""
ZERO, FULL = MARGIN, MARGIN + SCALE
GAP: Final = 24
BAR: Final = 34
OVERHANG: Final = 7
"""How far the cut-points and the zero line stand out above and beneath a bar."""
STROKE: Final = 4
FIGURES: Final = 820
"""Where percentages end that have the name of a band beside them."""
FIGURE_WIDTH: Final = 110
BESIDE: Final = 400
"""The most that words at the right of a row take, where no figure stands."""

# --- the score summary --------------------------------------------------------------------------


def summary_layout(  # noqa: PLR0913  # what may be known besides, each by its name
    score: InspectionScore,
    whole: CaseCounts,
    *,
    title: str,
    language: str | None = None,
    caseload: int | None = None,
    adjustments: Mapping[str, Adjustment] | None = None,
) -> Layout:
    """The score summary: criteria in their sections, headlines, then the progress.

    ``language`` is that of the pack's labels, ``caseload`` the number of cases that the sample was
    drawn from (intervals are the narrower for it), ``adjustments`` the lead's words by criterion
    or headline, which stand beside what follows by rule.
    """
    say = messages(language)
    summary = summary_rows(score, adjustments, caseload=caseload, language=language)
    pack, every = score.pack, (*summary.criteria, *summary.headlines)
    has_bars = any(row.score.score is not None for row in every)
    head = [text_part(title, TITLE), text_part(pack.text(pack.title, language), SMALL)]
    if summary.is_empty:
        head.append(text_part(say("summary-nothing"), SMALL))
    elif not whole.complete:
        head.append(text_part(say("summary-so-far"), SMALL))
    if has_bars:
        head += _scale(say, pack, language, inferred=summary.bands_inferred)
    draw_row = partial(_score_row, say, bands=pack.bands, complete=whole.complete)
    rows = []
    for section in summary.sections:
        total = section.total
        figure = (
            None if total.by_level else _figure(say, total, pack.bands, complete=whole.complete)
        )
        rows += [_heading(total.label, figure), *map(draw_row, section.criteria)]
    if summary.headlines:
        rows += [_heading(say("headlines")), *map(draw_row, summary.headlines)]
    return page(say, head, rows, [_heading(say("chart-progress")), *_case_counts(say, whole)])


def _scale(say: Messages, pack: Pack, language: str | None, *, inferred: bool) -> list[Part]:
    """What a bar and a whisker are, and the bands."""
    aside = say("chart-inferred") if inferred else ""
    parts = [
        Part(GAP),
        _legend([("bar", say("chart-score")), ("whisker", say("chart-interval"))], aside),
    ]
    if pack.bands:
        names = [named(pack, band.name, language).label for band in pack.bands]
        parts.append(_band_names(names, pack.bands))
    return [*parts, _ticks(_cut_points(pack.bands))]


def _score_row(say: Messages, row: ScoreRow, bands: Sequence[Band], *, complete: bool) -> Part:
    """A label, a percentage, its band and its bar; words alone where it has no base."""
    remark = say("by-the-lead", to=row.adjusted.label) if row.adjusted else ""
    if row.by_level:
        level = _words(row.level.label, PLAIN) if row.level else _words(say("no-level"), SMALL)
        return _row(row.label, [level], remark)
    if not row.is_scored:
        return _row(row.label, [_words(say("chart-not-scored"), SMALL)])
    cells = [_figure(say, row, bands, complete=complete)]
    if row.band:
        band = Cell(row.band.label, FIGURES + 16, FULL, BAND)
        if is_cut(band):
            remark = f"{band.text} {remark}"  # it gets a line of its own
        else:
            cells.append(band)
    if row.score.score is None:
        return _row(row.label, cells, remark)
    strip = _score_strip(row.name, row.score.score, row.interval, _cut_points(bands))
    return _row(row.label, cells, remark, strip)


def _figure(say: Messages, row: ScoreRow, bands: Sequence[Band], *, complete: bool) -> Cell:
    """The percentage; with bands it leaves them room at its right."""
    if row.score.percent is None:
        return _words(say("chart-no-base") if complete else say("chart-no-base-yet"), SMALL)
    right = FIGURES if bands else FULL
    return Cell(f"{row.score.percent}%", right - FIGURE_WIDTH, right, FIGURE, "right")


# --- the progress -------------------------------------------------------------------------------


def progress_layout(
    whole: CaseCounts,
    by_inspector: Mapping[str | None, CaseCounts] | Mapping[str, CaseCounts],
    by_criterion: Mapping[str, tuple[str, Progress]],
    *,
    title: str,
    language: str | None = None,
) -> Layout:
    """How far it is: in all, by inspector (None: nobody yet) and by criterion.

    ``by_criterion`` holds, by name, a criterion's label and its questions answered of relevant.
    """
    say = messages(language)
    rows: list[Part] = [_heading(say("chart-by-inspector"))] if by_inspector else []
    for person, one in by_inspector.items():
        progress = one.progress
        remark = say(
            "chart-person",
            begun=f"{one.begun:,}",
            done=f"{progress.answered:,}",
            all=f"{progress.relevant:,}",
        )
        rows.append(_cases_row(say, person or say("unassigned"), one, person or "", remark))
    rows += [_heading(say("chart-by-criterion"))] if by_criterion else []
    rows += [_questions_row(say, label, one, name) for name, (label, one) in by_criterion.items()]
    return page(say, [text_part(title, TITLE), Part(GAP), *_case_counts(say, whole)], rows, [])


def _case_counts(say: Messages, whole: CaseCounts) -> list[Part]:
    """Cases submitted of all and questions answered of relevant, and what the colours say."""
    legend = _legend(
        [
            ("bar", say("chart-submitted")),
            ("begun", say("chart-begun")),
            ("track", say("chart-not-begun")),
        ]
    )
    return [
        _cases_row(say, say("chart-cases"), whole, "cases"),
        *([legend, Part(GAP)] if whole.cases else []),
        _questions_row(say, say("chart-questions"), whole.progress, "questions"),
    ]


def _cases_row(say: Messages, label: str, one: CaseCounts, of: str, remark: str = "") -> Part:
    if not one.cases:
        return _row(label, [_words(say("chart-no-cases"), SMALL)])
    begun = Fraction(one.submitted + one.begun, one.cases)
    ends: list[tuple[What, Fraction]] = [
        ("bar", Fraction(one.submitted, one.cases)),
        ("begun", begun),
    ]
    return _progress_row(label, of, ends, _done_of(say, one.submitted, one.cases), remark)


def _questions_row(say: Messages, label: str, one: Progress, of: str) -> Part:
    if not one.relevant:
        return _row(label, [_words(say("chart-no-questions"), SMALL)])
    done = _done_of(say, one.answered, one.relevant)
    return _progress_row(label, of, [("bar", Fraction(one.answered, one.relevant))], done)


def _done_of(say: Messages, done: int, everything: int) -> Cell:
    return _words(say("chart-of", done=f"{done:,}", everything=f"{everything:,}"), PLAIN)


def _progress_row(
    label: str, of: str, ends: Sequence[tuple[What, Fraction]], figures: Cell, remark: str = ""
) -> Part:
    """``ends``: how far each part of the bar reaches."""
    strip, left = [Box("track", ZERO, 0, FULL, BAR, of)], ZERO
    for what, share in ends:
        right = _pixel(share)
        strip.append(Box(what, left, 0, right, BAR, of))
        left = right
    return _row(label, [figures], remark, strip)


# --- rows and their bars ------------------------------------------------------------------------


def _pixel(share: Fraction | float) -> int:
    """Where a share (0..1) stands on the scale, as the edge of a pixel."""
    return ZERO + round(share * SCALE)


def _cut_points(bands: Iterable[Band]) -> list[tuple[int, str]]:
    """Where each band begins, and what to write there; the lowest one's 0% is no cut.

    A band holds from its cut-point upwards in whole percent, so from half a percent below it on
    (84.5% is shown as 85%). The line stands there: a bar that reaches it has the band.
    """
    return [
        (
            _pixel((Fraction(ceil(band.from_percent)) - Fraction(1, 2)) / 100),
            f"{band.from_percent:g}%",
        )
        for band in bands
        if band.from_percent > 0
    ]


def _score_strip(
    of: str,
    score: Fraction,
    interval: tuple[float, float] | None,
    cuts: Iterable[tuple[int, str]],
) -> list[Box]:
    """A score's bar on the scale, with the cut-points behind it and its interval on it."""
    top, bottom = OVERHANG, OVERHANG + BAR
    strip = [Box("track", ZERO, top, FULL, bottom, of)]
    strip += [Box("cut", x, 0, x + 2, bottom + OVERHANG, of) for x, _ in cuts]
    strip += [
        Box("bar", ZERO, top, _pixel(score), bottom, of),
        Box("zero", ZERO - STROKE, 0, ZERO, bottom + OVERHANG, of),
    ]
    if interval:
        low, high = interval
        strip += _whisker(_pixel(low), _pixel(high), (top + bottom) // 2, of)
    return strip


def _whisker(left: int, right: int, middle: int, of: str = "") -> list[Box]:
    """A line with a cap at either end, which its outer edges reach; at least as wide as a cap."""
    if right - left < STROKE:
        left = min(left, FULL - STROKE)
        right = left + STROKE
    half, cap = STROKE // 2, BAR // 2 - 5
    return [
        Box("whisker", left, middle - half, right, middle + half, of),
        Box("whisker", left, middle - cap, left + STROKE, middle + cap, of),
        Box("whisker", right - STROKE, middle - cap, right, middle + cap, of),
    ]


def _row(label: str, beside: Sequence[Cell], remark: str = "", strip: Sequence[Box] = ()) -> Part:
    """A label, what stands at its right, a remark beneath, then its bar."""
    cells = [Cell(label, MARGIN, min(cell.left for cell in beside) - GAP, PLAIN), *beside]
    height, texts = side_by_side(cells)
    if remark:
        more, lines = side_by_side([Cell(remark, MARGIN, FULL, SMALL, "right")], top=height)
        height, texts = more, [*texts, *lines]
    boxes = lowered(strip, height + 6)
    bottom = max((box.bottom for box in boxes), default=height)
    return Part(bottom + GAP, boxes, tuple(texts))


def _words(text: str, style: Style) -> Cell:
    """Words where otherwise a figure stands."""
    width = min(ceil(font(style).getlength(text)), BESIDE)
    return Cell(text, FULL - width, FULL, style, "right")


def _heading(label: str, figure: Cell | None = None) -> Part:
    """A section's name under a rule, with its figure."""
    cells = [Cell(label, MARGIN, figure.left - GAP if figure else FULL, HEADING)]
    height, texts = side_by_side([*cells, *([figure] if figure else [])], top=2 * GAP)
    return Part(height + GAP // 2, (Box("rule", ZERO, GAP, FULL, GAP + 3),), tuple(texts))


# --- the scale and its legend -------------------------------------------------------------------


def _legend(samples: Sequence[tuple[What, str]], aside: str = "") -> Part:
    """Small samples with what they are, and a remark at the right."""
    height = line_height(TINY)
    boxes: list[Box] = []
    texts: list[Text] = []
    left = MARGIN
    for what, meaning in samples:
        middle = height // 2
        if what == "whisker":
            boxes += _whisker(left, left + 54, middle)
        else:
            boxes.append(Box(what, left, middle - 12, left + 54, middle + 12))
        width = ceil(font(TINY).getlength(meaning))
        texts.append(Text(meaning, left + 66, 0, width, TINY))
        left += 66 + width + 36
    if aside:
        texts.append(Text(aside, left, 0, FULL - left, TINY, "right"))
    return Part(height + GAP // 2, tuple(boxes), tuple(texts))


def _band_names(names: Sequence[str], bands: Sequence[Band]) -> Part:
    """Each band's name over its stretch of the scale, where it fits; highest first."""
    texts: list[Text] = []
    right = FULL
    for name, band in zip(names, bands, strict=True):
        left = _pixel(Fraction(band.from_percent) / 100)
        if fits(name, TINY, right - left):
            texts.append(Text(name, left, 0, right - left, TINY, "middle"))
        right = left
    return Part(line_height(TINY), (), tuple(texts))


def _ticks(cuts: Sequence[tuple[int, str]]) -> Part:
    """0%, the cut-points (or 50%) and 100% under short lines; what would touch is not written."""
    height = line_height(TINY)
    middle = cuts or [(_pixel(0.5), "50%")]
    boxes = [Box("cut", x, 0, x + 2, 12) for x, _ in middle]
    boxes.append(Box("zero", ZERO - STROKE, 0, ZERO, 12))
    texts = [_tick("0%", ZERO), _tick("100%", FULL)]
    for x, written in sorted(middle):
        one = _tick(written, x)
        if all(one.left >= t.left + t.width or one.left + one.width <= t.left for t in texts):
            texts.append(one)
    return Part(12 + height, tuple(boxes), tuple(texts))


def _tick(written: str, x: int) -> Text:
    width = ceil(font(TINY).getlength(written)) + 12
    left = min(max(x - width // 2, 0), WIDTH - width)
    return Text(written, left, 12, width, TINY, "middle")


# --- as PNG -------------------------------------------------------------------------------------

P = ParamSpec("P")


def _drawn(layout: Callable[P, Layout]) -> Callable[P, bytes]:
    """The layout's picture as a PNG."""

    def chart(*args: P.args, **kwargs: P.kwargs) -> bytes:
        return draw(layout(*args, **kwargs))

    return chart


summary_chart = _drawn(summary_layout)
progress_chart = _drawn(progress_layout)
