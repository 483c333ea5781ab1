"""The sample: a CSV with the cases of an inspection, as a lead has it in a spreadsheet.

``case`` is the reference, ``inspector`` an assignment, ``form`` a form's name where the pack has
several; every other column is a profile question, by name, number or label::

    case,inspector,gender,mappa
    C001,I1,male,no
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from itertools import islice
from typing import Final

from criteria.case import Case, is_case_reference, is_reference
from criteria.case_status import initial_status
from criteria.instrument.pack import Form, Pack
from criteria.match_choice import normalise
from criteria.printable import printable
from criteria.question import Question, Reading, Said, Value
from criteria.relevance import FormState
from criteria.visible import visible
from dialogs.read_answer import read_answer

OWN_COLUMNS: Final = ("case", "inspector", "form")
MAX_SHOWN: Final = 20
MAX_SOUGHT: Final = 200
"""How many problems a message lists, and how many are looked for."""
MAX_SIZE: Final = 4_000_000
MAX_CASES: Final = 10_000
MAX_COLUMNS: Final = 100
"""A sample's bytes, lines and columns: ten times what the largest inspection would have."""
Row = Mapping[str | None, str | None]


class SampleError(Exception):
    """The file cannot be used; the message lists each problem with its place and remedy."""

    def __init__(self, problems: list[str]) -> None:
        shown = [printable(problem, 400) for problem in problems[:MAX_SHOWN]]
        if len(problems) > MAX_SHOWN:
            many = len(problems) > MAX_SOUGHT
            shown.append("… and many more" if many else f"… and {len(problems) - MAX_SHOWN} more")
        super().__init__("\n".join(shown))


def read_sample(content: bytes, pack: Pack, now: datetime | None = None) -> list[Case]:
    """The cases of a CSV, in its order. Raises :class:`SampleError` with every problem found."""
    if len(content) > MAX_SIZE:
        raise SampleError([f"is larger than {MAX_SIZE // 1_000:,} kB; is it a sample?"])
    try:
        text = visible(content.decode("utf-8-sig"))
    except UnicodeDecodeError as exc:
        raise SampleError([f"byte {exc.start}: is not UTF-8; save the file as CSV UTF-8"]) from exc
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), dialect=_dialect(text))
        columns = list(reader.fieldnames or ())
        if len(columns) > MAX_COLUMNS:
            raise SampleError([f"line 1: has more than {MAX_COLUMNS} columns; is it a sample?"])
        # Spreadsheets leave rows of commas behind.
        filled = ((reader.line_num, dict(row)) for row in reader if any(row.values()))
        rows = list(islice(filled, MAX_CASES + 1))
        if len(rows) > MAX_CASES:
            raise SampleError([f"has more than {MAX_CASES:,} cases; make several inspections"])
    except csv.Error as exc:
        raise SampleError([f"is not a CSV file: {exc}"]) from exc
    said = Said(now or datetime.now(UTC), pack.default_language)
    return _Sample(pack, said).cases(columns, rows)


def _dialect(text: str) -> type[csv.Dialect]:
    """Commas, or the semicolons that spreadsheets write in some countries."""
    head = text.partition("\n")[0]

    class Found(csv.excel):
        delimiter = ";" if head.count(";") > head.count(",") else ","
        strict = True  # a quotation mark that nobody closes would swallow the cases below it

    return Found


class _Sample:
    """Reads rows into cases, and gathers what is wrong with them."""

    def __init__(self, pack: Pack, said: Said) -> None:
        self.pack = pack
        self.said = said
        self.problems: list[str] = []
        self._columns: dict[tuple[str, str], Question | None] = {}

    def cases(self, columns: Sequence[str], rows: Sequence[tuple[int, Row]]) -> list[Case]:
        """``rows`` are (line, cells by column)."""
        if "case" not in [normalise(name) for name in columns]:
            raise SampleError(["line 1: there is no column `case`; it holds each case's reference"])
        if not rows:
            self.problems.append("line 2: there is no case; give each one a line")
        # A comma may end every line: a column without a name that holds nothing is none.
        unnamed = any(row.get("") for _, row in rows)
        self._check_columns([name for name in columns if name or unnamed])
        seen: dict[tuple[str, str], int] = {}
        cases = []
        for line, row in rows:
            case = self._case(line, row)
            if len(self.problems) > MAX_SOUGHT:
                break
            if case is None:
                continue
            first = seen.setdefault((case.case.casefold(), case.form), line)
            if first != line:
                self.problems.append(
                    f"line {line}: case {case.case} is on line {first} already; remove one"
                )
            cases.append(case)
        if self.problems:
            raise SampleError(self.problems)
        return cases

    def _check_columns(self, columns: Sequence[str]) -> None:
        known = [q for form in self.pack.forms for q in form.profile]
        stands: dict[str, str] = {}
        for name in columns:
            what = _meant(name, known)
            if what is None:
                names = [*OWN_COLUMNS, *(question.name for question in known)]
                near = get_close_matches(name[:80], names, n=1)
                hint = f"did you mean `{near[0]}`?" if near else f"it may be {', '.join(names)}"
                self.problems.append(f"line 1: column `{name}` is no profile question; {hint}")
            elif what in stands:
                twice = f"columns `{stands[what]}` and `{name}` are both {what}; keep one"
                self.problems.append(f"line 1: {twice}")
            else:
                stands[what] = name

    def _case(self, line: int, row: Row) -> Case | None:
        cells = {
            normalise(name): (value or "").strip()
            for name, value in row.items()
            if name is not None and not isinstance(value, list)
        }
        if None in row:
            self.problems.append(f"line {line}: has more cells than line 1 has columns")
            return None
        reference = cells.get("case", "")
        if not is_case_reference(reference):
            self.problems.append(
                f"line {line}: {reference!r} cannot be a case reference; use up to 32 letters,"
                " digits, dots and dashes, a digit among them (C001), and no name"
            )
            return None
        form = self._form(line, cells.get("form", ""))
        inspector = cells.get("inspector") or None
        if inspector and not is_reference(inspector):
            self.problems.append(
                f"line {line}: inspector {inspector!r} should be a reference such as I1, no name"
            )
        if form is None:
            return None
        return Case(
            case=reference,
            form=form.name,
            inspector=inspector,
            status=initial_status(inspector),
            profile=self._profile(line, form, cells),
        )

    def _form(self, line: int, name: str) -> Form | None:
        if not name:
            return self.pack.case_form
        form = self.pack.form(name)
        if form is None:
            names = ", ".join(form.name for form in self.pack.forms)
            self.problems.append(f"line {line}: there is no form {name!r}; the pack has {names}")
        return form

    def _profile(self, line: int, form: Form, cells: Mapping[str, str]) -> dict[str, Value]:
        given = {
            question.index: (question, text)
            for name, text in cells.items()
            if text and (question := self._question(form, name)) is not None
        }
        profile: dict[str, Value] = {}
        for index in sorted(given):
            question, text = given[index]
            value = self._value(line, question, text)
            if value is not None:
                profile[question.name] = value
        return profile

    def _question(self, form: Form, column: str) -> Question | None:
        """The profile question that a column is of, looked up once for all the lines."""
        key = form.name, column
        if key not in self._columns:
            known = (question for question in form.profile if _is_column_of(column, question))
            self._columns[key] = next(known, None)
        return self._columns[key]

    def _value(self, line: int, question: Question, text: str) -> Value | None:
        """What a cell says: a choice's name, else what is taken at once when it is typed."""
        reading = _by_name(question, text) or read_answer(question, text, self.said)
        # ``today``, a near miss, would be another day at every reading.
        if isinstance(reading, Reading) and not reading.near_miss:
            if not FormState({}, ()).breaks(question, reading.value, self.said.now.date()):
                return reading.value
            self.problems.append(f"line {line}: {question.name} cannot be {text!r}")
            return None
        names = ", ".join(choice.name for choice in question.choices) or question.type.expected
        self.problems.append(
            f"line {line}: {text!r} is no answer to {question.name}; it takes {names}"
        )
        return None


def _by_name(question: Question, text: str) -> Reading | None:
    """Files say choices by their names, several with commas or spaces between."""
    names = re.split(r"[,;\s]+", text) if question.type.takes_several else [text]
    if not question.choices or not all(map(question.choice, names)):
        return None
    several = question.type.takes_several
    return Reading(question.in_list_order(set(names)) if several else text)


def _meant(name: str, known: Sequence[Question]) -> str | None:
    """The question, or the column of our own, that a column is."""
    if normalise(name) in OWN_COLUMNS:
        return normalise(name)
    return next((question.name for question in known if _is_column_of(name, question)), None)


def _is_column_of(name: str, question: Question) -> bool:
    texts = (question.name, question.number, *question.label.values())
    return normalise(name) in {normalise(text) for text in texts}
