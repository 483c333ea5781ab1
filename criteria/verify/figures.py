"""Read a figures file into tables of counts and printed figures.

A figures file is `{"tables": [...]}`; its schema is ``figures.schema.json``. It is written by hand,
so every value is checked: what cannot be read becomes a finding, and the rest is kept.

>>> {"id": "t1", "kind": "single_choice", "question": "Gender", "scale": ["Male", "Female"],
...  "counts": {"Male": 64, "Female": 16}, "base": 80,
...  "printed_percent": {"Male": 80, "Female": 20}}
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeVar

from rapidfuzz import fuzz, process

from criteria.verify.arithmetic import Printed

Figure = TypeVar("Figure")

KEYS: Final = (
    "id", "report", "source_ref", "kind", "question", "criterion", "polarity", "follows", "scale",
    "columns", "counts", "base", "sample", "printed_percent", "printed_percent_sum", "column_sums",
    "change", "fully_or_largely", "rows", "criteria", "sections", "headline", "values", "note",
)  # fmt: skip
"""What a table may hold, as figures.schema.json says."""
READ_TOO: Final = frozenset({"headlines", "inferred", "base_note"})
ROW_KEYS: Final = ("factor", "count", "base", "printed_percent")
OTHER_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("percent", "percents", "percentage", "percentages", "printed", "printed_percentages",
         "%", "pct"), "printed_percent",
    ),
    **dict.fromkeys(("n", "of", "total", "relevant", "denominator"), "base"),
    **dict.fromkeys(("number", "numbers", "numerator"), "counts"),
    **dict.fromkeys(("sample_size", "max_base"), "sample"),
    **dict.fromkeys(("title", "statement", "text"), "question"),
    **dict.fromkeys(("type",), "kind"),
    **dict.fromkeys(("steps", "choices", "categories"), "scale"),
    **dict.fromkeys(("difference", "points"), "change"),
}  # fmt: skip
"""What people write for a key whose letters are not near it."""
TOTAL_ROWS: Final = frozenset({"total", "totals", "in total", "in all", "all cases"})
TOTAL_COLUMNS: Final = TOTAL_ROWS | {"all", "overall", "all files"}
CHANGE: Final = re.compile(
    r"(percentage[- ]points? )?(change|difference)( \(?(in )?((percentage|%) )?(points?|pp)\)?)?"
    r"|\+/[-−–]|±",
    re.IGNORECASE,
)

MAX_FIGURE: Final = 10**9
MAX_DECIMALS: Final = 9
MISTYPED: Final = "this key is not known, so it was passed over"
ONLY: Final = ""
"""The name of a table's only column or step."""


class Level(StrEnum):
    """What was found about a figure, the worst first."""

    CANNOT_BE = "cannot be"
    ODD = "odd"
    NOT_CHECKED = "not checked"
    FITS = "fits"


@dataclass(frozen=True, slots=True)
class Finding:
    """``would_fit`` is what could stand there, or what must stand behind figures that fit.

    ``follows`` is the place of the finding that this one comes of, if there is one; ``effects`` are
    the findings that come of this one.
    """

    level: Level
    place: str
    what: str
    would_fit: str = ""
    report: str = ""
    follows: str = ""
    effects: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    counts: Mapping[str, int]
    percents: Mapping[str, Printed]
    base: int | None = None
    sample: int | None = None
    total: Printed | None = None
    """A printed total of the percentages, where there is one."""
    sample_place: str = ""
    """Where the size of its sample is printed with its parts."""


@dataclass(frozen=True, slots=True)
class Table:
    raw: Mapping[str, object]
    ident: str
    place: str
    report: str
    kind: str
    question: str
    criterion: str
    scale: tuple[str, ...]
    columns: tuple[Column, ...]
    """At least one, which may be empty."""
    changes: Mapping[str, Printed]
    """The printed changes by step, in percentage points."""
    faults: tuple[Finding, ...]

    def finding(self, level: Level, what: str, would_fit: str = "", *where: str) -> Finding:
        """Return a finding at this table, or at its column or row."""
        return Finding(level, place_of(self.place, *where), what, would_fit, self.report)


def place_of(table: str, *where: str) -> str:
    """``000-A2-02 Offender ethnicity: Asian``."""
    parts = ", ".join(part for part in where if part)
    return f"{table}: {parts}" if parts else table


@dataclass(slots=True)
class Reader:
    place: str
    report: str
    faults: list[Finding] = field(default_factory=list)

    def fault(self, what: str, remedy: str, *where: str) -> None:
        place = place_of(self.place, *where)
        self.faults.append(Finding(Level.CANNOT_BE, place, what, remedy, self.report))

    def text(self, value: object, where: str) -> str:
        if value is not None and not isinstance(value, str):
            self.fault(f"{where} is {shown(value)}", "a text in quotes")
        return _text(value)

    def count(self, value: object, *where: str) -> int | None:
        """Return a number of cases, or None if there is no valid one."""
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_FIGURE:
            return value
        self.fault(f"{shown(value)} is not a number of cases", "a whole number, such as 80", *where)
        return None

    def printed(self, value: object, *where: str) -> Printed | None:
        """Return a printed figure with its decimals, or None if there is no valid one."""
        if value is None:
            return None
        figure = as_printed(value)
        if figure is None:
            self.fault(f"{shown(value)} is not a figure", "a number as printed, such as 43", *where)
        elif not 0 <= figure.value <= 100:
            self.fault(f"{figure} is printed", "a figure from 0 to 100", *where)
            return None
        return figure

    def change(self, value: object, *where: str) -> Printed | None:
        """Return a printed change in percentage points, which may be negative."""
        figure = None if value is None else as_printed(value)
        if value is not None and (figure is None or not -100 <= figure.value <= 100):
            remedy = "a number of percentage points from -100 to 100"
            self.fault(f"{shown(value)} is no change", remedy, *where)
            return None
        return figure

    def keys(self, named: Mapping[str, object], known: Collection[str], *where: str) -> None:
        """Say which keys are near misses of known ones; other keys are passed over."""
        for key in named:
            if key in known or (near := _near_key(key, known)) is None:
                continue
            place = place_of(self.place, *where, f'"{key[:80]}"')
            self.faults.append(
                Finding(Level.NOT_CHECKED, place, MISTYPED, f'"{near}"', self.report)
            )

    def mapping(self, value: object, *where: str) -> Mapping[str, object]:
        if value is not None and not isinstance(value, dict):
            remedy = 'names with their figures, {"Yes": 12}'
            self.fault(f"{shown(value)} stands here", remedy, *where)
        return value if isinstance(value, dict) else {}

    def items(self, value: object, *where: str) -> list[object]:
        if value is not None and not isinstance(value, list):
            self.fault(f"{shown(value)} stands here", "a list in square brackets", *where)
        return value if isinstance(value, list) else []

    def texts(self, value: object, where: str) -> tuple[str, ...]:
        return tuple(self.text(one, where) for one in self.items(value, where))

    def counts_by(self, value: object, *where: str) -> dict[str, int]:
        return self._read_by(self.count, value, where)

    def printed_by(self, value: object, *where: str) -> dict[str, Printed]:
        return self._read_by(self.printed, value, where)

    def _read_by(
        self, read: Callable[..., Figure | None], value: object, where: Sequence[str]
    ) -> dict[str, Figure]:
        named = self.mapping(value, *where)
        figures = {name: read(one, *where, name) for name, one in named.items()}
        return {name: one for name, one in figures.items() if one is not None}


def _near_key(key: str, known: Collection[str]) -> str | None:
    if (meant := OTHER_WORDS.get(key.casefold())) in known:
        return meant
    near = process.extractOne(key[:80].casefold(), list(known), scorer=fuzz.ratio, score_cutoff=80)
    return near[0] if near else None


def is_failure(polarity: object) -> bool:
    """Whether a sentence prints the share of those that failed: ``insufficient share``, ``-``."""
    return isinstance(polarity, str) and polarity.startswith(("-", "insufficient"))


def is_total_column(name: str) -> bool:
    """Whether a column is called as what the others make together."""
    return name.strip().casefold() in TOTAL_COLUMNS


def is_total_row(step: str) -> bool:
    """The same of a step; "All" and "Both" are answers, too."""
    return step.strip().casefold() in TOTAL_ROWS


def is_change(name: str) -> bool:
    return CHANGE.fullmatch(name.strip()) is not None


def as_printed(value: object) -> Printed | None:
    """Return a JSON number as a printed figure; None if it is no number, or far too large."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if abs(value) > MAX_FIGURE or math.isnan(value):
        return None
    if value == int(value):
        return Printed(int(value))
    exact = Decimal(repr(value)).normalize()
    _, digits, exponent = exact.as_tuple()
    if not isinstance(exponent, int) or -exponent > MAX_DECIMALS:
        return None
    steps = int("".join(map(str, digits)))
    return Printed(-steps if value < 0 else steps, -exponent)


def shown(value: object) -> str:
    """Return a value for a message, shortened, as it stands in the file."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 40 else f'"{value[:39]}…"'
    text = str(value) if not isinstance(value, int) or abs(value) < 10**40 else "a huge number"
    return text.replace("inf", "Infinity").replace("nan", "NaN")


class Samples:
    """The sizes of each report's samples, by name, as far as its tables state them."""

    def __init__(self, tables: Sequence[object]) -> None:
        self._known: dict[tuple[str, str], int] = {}
        self._groups: set[tuple[str, str]] = set()
        self._places: dict[tuple[str, str], str] = {}
        for position, raw in enumerate(tables):
            if not isinstance(raw, dict):
                continue
            report = _text(raw.get("report"))
            if raw.get("kind") == "sample_sizes":
                for name, value in _named(raw.get("values")):
                    self._add(report, name, value, group=True)
                    place = place_of(_place_of_table(raw, position), name)
                    self._places.setdefault((report, name.casefold()), place)
                    for part, size in _named(value):
                        total = part == "total"
                        self._add(report, name if total else part, size, group=total)
            for name, size in _named(raw.get("sample")):
                self._add(report, name, size)
            for name, inferred in _named(raw.get("inferred")):
                self._add(report, name, dict(_named(inferred)).get("max_sample"))

    def _add(self, report: str, name: str, size: object, *, group: bool = False) -> None:
        """Add a size. Of two samples of one name the larger counts, so that no base exceeds it."""
        if isinstance(size, int) and not isinstance(size, bool) and 0 < size <= MAX_FIGURE:
            key = (report, name.casefold())
            self._known[key] = max(size, self._known.get(key, 0))
            if group:
                self._groups.add(key)

    def size(self, report: str, name: str) -> int | None:
        return self._known.get((report, name.casefold()))

    def place(self, report: str, name: str) -> str:
        """Return the place of the finding on a sample's parts, empty where there is none."""
        return self._places.get((report, name.casefold()), "")

    def named_in(self, report: str, note: str) -> int | None:
        """Return the size of the sample that a note names (``court sample 67``)."""
        note = note.casefold()
        found = [name for of, name in self._groups if of == report and name and name in note]
        return self.size(report, max(found, key=len)) if found else None


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _named(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        yield from value.items()


def _ident(raw: Mapping[str, object], position: int) -> str:
    return _text(raw.get("id")) or f"tables[{position}]"


def _place_of_table(raw: Mapping[str, object], position: int) -> str:
    return f"{_ident(raw, position)} {_text(raw.get('question'))}".strip()


def read_table(raw: Mapping[str, object], position: int, samples: Samples) -> Table:
    ident = _ident(raw, position)
    place = _place_of_table(raw, position)
    reader = Reader(place, _text(raw.get("report")))
    _, report, kind, question, criterion = (
        reader.text(raw.get(key), key) for key in ("id", "report", "kind", "question", "criterion")
    )
    reader.keys({key: raw[key] for key in raw if not _is_read(key)}, KEYS)
    scale = tuple(
        step for step in reader.texts(raw.get("scale"), "scale") if not is_total_row(step)
    )
    columns = tuple(_read_columns(reader, raw, samples)) or (Column(ONLY, {}, {}),)
    changes = _read_changes(reader, raw)
    faults = tuple(reader.faults)
    return Table(
        raw, ident, place, report, kind, question, criterion, scale, columns, changes, faults
    )


def _is_read(key: str) -> bool:
    return key in READ_TOO or key.startswith("section_scores")


def _read_changes(reader: Reader, raw: Mapping[str, object]) -> dict[str, Printed]:
    """The printed changes: as ``change``, or as a column or step that is called so."""
    found: dict[str, object] = {}
    percents = raw.get("printed_percent")
    named = [one for name, one in _named(percents) if name in _change_names(raw)]
    for value in (raw.get("change"), *named):
        found.update(value if isinstance(value, dict) else {ONLY: value})
    read = {step: reader.change(value, step, "change") for step, value in found.items()}
    return {step: change for step, change in read.items() if change is not None}


def _read_columns(reader: Reader, raw: Mapping[str, object], samples: Samples) -> Iterator[Column]:
    counts, percents = raw.get("counts"), _without_changes(raw)
    named = [value for part in (counts, percents) for _, value in _named(part)]
    if not (raw.get("columns") or any(isinstance(value, dict) for value in named)):
        yield _with_total(
            reader,
            Column(
                ONLY,
                _only(reader.counts_by(_as_steps(counts))),
                _only(reader.printed_by(_as_steps(percents))),
                reader.count(raw.get("base"), "base"),
                _sample(reader, raw.get("sample"), raw, ONLY, samples),
                as_printed(raw.get("printed_percent_sum")),
                samples.place(reader.report, _text(raw.get("sample"))),
            ),
        )
        return
    by_name, percents_by_name = reader.mapping(counts), reader.mapping(percents)
    names = dict.fromkeys(
        [*reader.texts(raw.get("columns"), "columns"), *by_name, *percents_by_name]
    )
    for key in ("base", "sample", "column_sums"):
        reader.keys(dict(_named(raw.get(key))), names, key)
    for name in names:
        if is_change(name):
            continue
        yield _with_total(
            reader,
            Column(
                name,
                reader.counts_by(by_name.get(name), name),
                reader.printed_by(percents_by_name.get(name), name),
                reader.count(_of(raw.get("base"), name), name, "base"),
                _sample(reader, _of(raw.get("sample"), name), raw, name, samples),
                as_printed(_of(raw.get("column_sums"), name)),
                samples.place(reader.report, _text(_of(raw.get("sample"), name)) or name),
            ),
        )


def _change_names(raw: Mapping[str, object]) -> frozenset[str]:
    """The columns that are changes; or the step that is one, beside an earlier and a later."""
    named = dict(_named(raw.get("printed_percent")))
    scale = raw.get("scale")
    columns = any(isinstance(one, dict) for one in named.values())
    if not columns and (len(named) != 3 or (isinstance(scale, list) and scale)):
        return frozenset()
    return frozenset(name for name in named if is_change(name))


def _without_changes(raw: Mapping[str, object]) -> object:
    percents, changes = raw.get("printed_percent"), _change_names(raw)
    if not isinstance(percents, dict):
        return percents
    return {name: one for name, one in percents.items() if name not in changes}


def _with_total(reader: Reader, column: Column) -> Column:
    """Take a row "Total" for what it is: the base, and the total of the percentages."""
    row = next((one for one in (*column.counts, *column.percents) if is_total_row(one)), None)
    if row is None or len({*column.counts, *column.percents}) < 3:
        return column
    counts = {step: one for step, one in column.counts.items() if step != row}
    percents = {step: one for step, one in column.percents.items() if step != row}
    base, total = column.counts.get(row), column.percents.get(row)
    if None not in (base, column.base) and base != column.base:
        what = f"the row {row} has {base}, and the base is {column.base}"
        reader.fault(what, f"{base} or {column.base} in both places", column.name)
    return replace(
        column,
        counts=counts,
        percents=percents,
        base=base if column.base is None else column.base,
        total=total if column.total is None else column.total,
    )


def _of(value: object, column: str) -> object:
    """Return a column's own value, or the value that all columns share."""
    return value.get(column) if isinstance(value, dict) else value


def _as_steps(value: object) -> object:
    """Return a lone figure as a table of one step."""
    return value if value is None or isinstance(value, dict | list) else {ONLY: value}


def _only(figures: dict[str, Figure]) -> dict[str, Figure]:
    """Rename a statement's only count, which may be called ``n``."""
    return {ONLY: figures["n"]} if set(figures) == {"n"} else figures


def _sample(
    reader: Reader, stated: object, raw: Mapping[str, object], column: str, samples: Samples
) -> int | None:
    """Return the size of a column's sample: stated, or known by the sample's name."""
    if isinstance(stated, str):
        size = samples.size(reader.report, stated)
        if size is None:
            what = f'sample is "{stated}", of which no table says how large it is'
            remedy = "a number, or the name of a sample in a sample_sizes table of this report"
            reader.fault(what, remedy, column)
        return size
    if stated is not None and not isinstance(stated, dict):
        return reader.count(stated, column, "sample")
    if column:
        return samples.size(reader.report, column)
    return samples.named_in(reader.report, _text(raw.get("note")))
