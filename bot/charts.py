"""The pictures that go with ``/summary`` and ``/progress``: a PNG that reads well on a phone.

Each is made in two steps: a layout says which boxes and which texts stand where, in whole pixels,
and :func:`bot.picture.draw` fills them in.

Every bar stands on one scale of 960 pixels from 0 to 100% and starts at 0. What has no base has no
bar at all, only words. Colours are blue and orange, and what matters is also said in words or in
stripes, so that nobody has to tell red from green.

Pillow takes a while to import: import this module where a picture is asked for, not at start-up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import Final

from bot.picture import (
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
    page,
    side_by_side,
    text_part,
)
from bot.wording import en as say
from criteria.adjustments import Adjustment
from criteria.pack import Band, Criterion, Headline, Label, Pack, Section
from criteria.relevance import Progress
from criteria.score_document import criterion_interval
from criteria.scoring import InspectionScore, Score
from dialogs.queries import HowFar

# --- words and measures -------------------------------------------------------------------------

NO_BASE: Final = "no base"
NO_BASE_YET: Final = "no base yet"
NOT_SCORED: Final = "not scored"
SCORE: Final = "score"
INTERVAL: Final = "95% interval"
CUT_POINTS_INFERRED: Final = "cut-points inferred"
PROGRESS: Final = "Progress"
CASES: Final = "Cases submitted"
QUESTIONS: Final = "Questions answered"
BY_INSPECTOR: Final = "Cases submitted, by inspector"
BY_CRITERION: Final = "Questions answered, by criterion"
PERSON: Final = "{begun:,} begun; {done:,} of {all:,} questions answered"
NO_CASES: Final = "no cases yet"
NO_QUESTIONS: Final = "nothing asked yet"
SUBMITTED: Final = "submitted"
BEGUN: Final = "begun"
NOT_BEGUN: Final = "not begun, or returned"

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


def summary_chart(  # noqa: PLR0913  # what may be known besides, each by its name
    score: InspectionScore,
    whole: HowFar,
    *,
    title: str,
    language: str | None = None,
    caseload: int | None = None,
    adjustments: Mapping[str, Adjustment] | None = None,
) -> bytes:
    """The score summary as a PNG: criteria in their sections, headlines, then the progress.

    ``language`` is that of the pack's labels, ``caseload`` the number of cases that the sample was
    drawn from (intervals are the narrower for it), ``adjustments`` the lead's words by criterion
    or headline, which stand beside what follows by rule.
    """
    return draw(
        summary_layout(
            score,
            whole,
            title=title,
            language=language,
            caseload=caseload,
            adjustments=adjustments,
        )
    )


def summary_layout(  # noqa: PLR0913  # as summary_chart
    score: InspectionScore,
    whole: HowFar,
    *,
    title: str,
    language: str | None = None,
    caseload: int | None = None,
    adjustments: Mapping[str, Adjustment] | None = None,
) -> Layout:
    summary = _Summary(score, whole.complete, language, caseload, adjustments or {})
    head = [text_part(title, TITLE), text_part(summary.text(score.pack.title), SMALL)]
    if summary.is_empty:
        head.append(text_part(say.SUMMARY_NOTHING, SMALL))
    elif not whole.complete:
        head.append(text_part(say.SUMMARY_SO_FAR, SMALL))
    head += summary.scale()
    rows = [
        part
        for section in score.pack.sections
        for part in (
            summary.section(section),
            *(summary.criterion(criterion) for criterion in section.criteria),
        )
    ]
    if score.headlines:
        rows.append(_heading(say.HEADLINES))
    rows += [summary.headline(one) for one in score.pack.headlines]
    return page(head, rows, [_heading(PROGRESS), *_how_far(whole)])


@dataclass(frozen=True, slots=True)
class _Summary:
    """What every row of a summary is made from."""

    score: InspectionScore
    complete: bool
    language: str | None
    caseload: int | None
    adjustments: Mapping[str, Adjustment]

    @property
    def pack(self) -> Pack:
        return self.score.pack

    @property
    def has_bars(self) -> bool:
        scores = (*self.score.criteria.values(), *self.score.headlines.values())
        return any(one.score is not None for one in scores)

    @property
    def is_empty(self) -> bool:
        return not self.has_bars and not any(self.score.levels.values())

    def text(self, label: Label) -> str:
        return self.pack.text(label, self.language)

    def band(self, band: Band) -> str:
        return self.text(band.label) if band.label else band.name

    def scale(self) -> list[Part]:
        """What a bar and a whisker are, and the bands; nothing where no bar is drawn."""
        if not self.has_bars:
            return []
        bands = self.pack.bands
        legend: list[tuple[What, str]] = [("bar", SCORE), ("whisker", INTERVAL)]
        aside = CUT_POINTS_INFERRED if bands and self.pack.bands_basis == "inferred" else ""
        parts = [_space(GAP), _legend(legend, aside)]
        if bands:
            parts.append(_band_names([(self.band(band), band.from_percent) for band in bands]))
        return [*parts, _ticks(_cut_points(bands))]

    def section(self, section: Section) -> Part:
        """Its name, and its score unless its criteria are described by levels."""
        label = self.text(section.label)
        if section.by_levels:
            return _heading(label)
        return _heading(label, self.figure(self.score.sections[section.name]))

    def criterion(self, criterion: Criterion) -> Part:
        name = criterion.name
        label = f"{criterion.number} {self.text(criterion.label)}"
        if name in self.score.levels:
            level = self.score.levels[name]
            cell = _words(self.text(level.label), PLAIN) if level else _words(say.NO_LEVEL, SMALL)
            return _row(label, [cell], self.by_the_lead(name))
        if not self.score.scored_in(name):
            return _row(label, [_words(NOT_SCORED, SMALL)])
        interval = criterion_interval(self.score, name, self.caseload)
        return self.scored(name, label, self.score.criteria[name], interval)

    def headline(self, headline: Headline) -> Part:
        one = self.score.headlines[headline.name]
        return self.scored(headline.name, self.text(headline.label), one)

    def scored(
        self, name: str, label: str, one: Score, interval: tuple[float, float] | None = None
    ) -> Part:
        """A label, a percentage, its band and its bar; the words alone where it has no base."""
        cells = [self.figure(one)]
        remark = self.by_the_lead(name)
        if one.band:
            band = Cell(self.band(one.band), FIGURES + 16, FULL, BAND)
            if is_cut(band):
                remark = f"{band.text} {remark}"  # it gets a line of its own
            else:
                cells.append(band)
        if one.score is None:
            return _row(label, cells, remark)
        strip = _score_strip(name, one.score, interval, _cut_points(self.pack.bands))
        return _row(label, cells, remark, strip)

    def figure(self, one: Score) -> Cell:
        """The percentage; with bands it leaves them room at its right."""
        if one.percent is None:
            return _words(NO_BASE if self.complete else NO_BASE_YET, SMALL)
        right = FIGURES if self.pack.bands else FULL
        return Cell(f"{one.percent}%", right - FIGURE_WIDTH, right, FIGURE, "right")

    def by_the_lead(self, name: str) -> str:
        """The lead's level or band, where the lead set one."""
        if name not in self.adjustments:
            return ""
        to = self.adjustments[name].to
        levels = self.pack.levels.rules if self.pack.levels else ()
        labels = {level.name: self.text(level.label) for level in levels}
        labels |= {band.name: self.band(band) for band in self.pack.bands}
        return say.BY_THE_LEAD.format(to=labels.get(to, to))


# --- the progress -------------------------------------------------------------------------------


def progress_chart(
    whole: HowFar,
    by_inspector: Mapping[str | None, HowFar] | Mapping[str, HowFar],
    by_criterion: Mapping[str, tuple[str, Progress]],
    *,
    title: str,
) -> bytes:
    """How far it is, as a PNG: in all, by inspector (None: nobody yet) and by criterion.

    ``by_criterion`` holds, by name, a criterion's label and its questions answered of relevant.
    """
    return draw(progress_layout(whole, by_inspector, by_criterion, title=title))


def progress_layout(
    whole: HowFar,
    by_inspector: Mapping[str | None, HowFar] | Mapping[str, HowFar],
    by_criterion: Mapping[str, tuple[str, Progress]],
    *,
    title: str,
) -> Layout:
    rows: list[Part] = []
    if by_inspector:
        rows.append(_heading(BY_INSPECTOR))
    for person, one in by_inspector.items():
        progress = one.progress
        remark = PERSON.format(begun=one.begun, done=progress.answered, all=progress.relevant)
        rows.append(_cases_row(person or say.UNASSIGNED, one, person or "", remark))
    if by_criterion:
        rows.append(_heading(BY_CRITERION))
    rows += [_questions_row(label, one, name) for name, (label, one) in by_criterion.items()]
    return page([text_part(title, TITLE), _space(GAP), *_how_far(whole)], rows, [])


def _how_far(whole: HowFar) -> list[Part]:
    """Cases submitted of all and questions answered of relevant, and what the colours say."""
    legend = _legend([("bar", SUBMITTED), ("begun", BEGUN), ("track", NOT_BEGUN)])
    return [
        _cases_row(CASES, whole, "cases"),
        *([legend, _space(GAP)] if whole.cases else []),
        _questions_row(QUESTIONS, whole.progress, "questions"),
    ]


def _cases_row(label: str, one: HowFar, of: str, remark: str = "") -> Part:
    if not one.cases:
        return _row(label, [_words(NO_CASES, SMALL)])
    submitted = _pixel(Fraction(one.submitted, one.cases))
    begun = _pixel(Fraction(one.submitted + one.begun, one.cases))
    strip = [
        Box("track", ZERO, 0, FULL, BAR, of),
        Box("bar", ZERO, 0, submitted, BAR, of),
        Box("begun", submitted, 0, begun, BAR, of),
    ]
    return _row(label, [_words(_of(one.submitted, one.cases), PLAIN)], remark, strip)


def _questions_row(label: str, one: Progress, of: str) -> Part:
    if not one.relevant:
        return _row(label, [_words(NO_QUESTIONS, SMALL)])
    strip = [
        Box("track", ZERO, 0, FULL, BAR, of),
        Box("bar", ZERO, 0, _pixel(Fraction(one.answered, one.relevant)), BAR, of),
    ]
    return _row(label, [_words(_of(one.answered, one.relevant), PLAIN)], strip=strip)


def _of(done: int, everything: int) -> str:
    return f"{done:,} of {everything:,}"


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
        (_pixel((Fraction(ceil(band.from_percent)) - Fraction(1, 2)) / 100), _plain_percent(band))
        for band in bands
        if band.from_percent > 0
    ]


def _plain_percent(band: Band) -> str:
    return f"{band.from_percent:g}%"


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
    boxes = _lowered(strip, height + 6)
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


def _space(height: int) -> Part:
    return Part(height)


def _lowered(boxes: Iterable[Box], by: int) -> tuple[Box, ...]:
    return tuple(replace(box, top=box.top + by, bottom=box.bottom + by) for box in boxes)


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


def _band_names(bands: Sequence[tuple[str, int | float]]) -> Part:
    """Each band's name over its stretch of the scale, where it fits; ``bands``: highest first."""
    texts: list[Text] = []
    right = FULL
    for name, start in bands:
        left = _pixel(Fraction(start) / 100)
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
