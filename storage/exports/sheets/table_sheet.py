"""The pack's tables on one sheet, one below the other, as the reports' appendices print them.

Every table has its caption, a header line, and rows. A row of answers opens with its base in each
column (``N = 55``, a number), then gives each answer's share of that base. What leaves the base
follows as a count. Percentages are those of :func:`criteria.tables.tables_document`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from criteria.pack import Pack, Question
from criteria.tables import tables_document
from storage.exports.flat_rows import OUT_OF_BASE_LABELS
from storage.exports.report import InspectionReport
from storage.exports.sheets.workbook import Cell, Column, Row, Sheet, Styled

Document = Mapping[str, Any]

WIDTH: Final = 14
"""Of a column of figures, in characters."""


def tables(report: InspectionReport) -> Sheet:
    documents: Sequence[Document] = tables_document(report.pack, report.cases)
    rows = [row for document in documents for row in _table(report.pack, document)]
    widest = max((len(row) for row in rows), default=1)
    figures = [Column("", WIDTH, "number") for _ in range(widest - 1)]
    return Sheet("Tables", [Column("", 60), *figures], rows, is_list=False)


def _table(pack: Pack, document: Document) -> Iterator[Row]:
    source = f"  [{document['source']}]" if document["source"] else ""
    yield [Styled(f"{document['label']}{source}", "title")]
    yield from _KINDS[document["kind"]](pack, document)
    yield []


def _header(first: str, *figures: str) -> Row:
    return [Styled(first, "header"), *(Styled(text, "figure_header") for text in figures)]


def _share(whole_percent: int | None) -> float | None:
    return None if whole_percent is None else whole_percent / 100


# --- answers ------------------------------------------------------------------------------------


def _answers(pack: Pack, document: Document) -> Iterator[Row]:
    yield _header("", *document["columns"])
    for row in document["rows"]:
        cells: Sequence[Document | None] = row["cells"]
        yield [Styled(row["label"], "strong"), *(_base(cell) for cell in cells)]
        asked = [cell for cell in cells if cell is not None]
        if asked:
            yield from _answer_lines(pack, _question(pack, asked[0]["question"]), cells)


def _base(cell: Document | None) -> Cell:
    return None if cell is None else Styled(cell["base"], "base")


def _answer_lines(
    pack: Pack, question: Question, cells: Sequence[Document | None]
) -> Iterator[Row]:
    names = list(dict.fromkeys(name for cell in cells if cell for name in cell["counts"]))
    outside = [name for name in names if _leaves_base(pack, name, cells)]
    inside = [name for name in names if name not in outside]
    for name in inside:
        yield [
            f"    {_label(pack, question, name)}",
            *(
                None if cell is None else Styled(_share(cell["percents"].get(name)), "percent")
                for cell in cells
            ),
        ]
    if question.is_judgement and len(inside) > 2:
        yield [
            Styled("    Sufficient, together", "strong"),
            *(
                None
                if cell is None
                else Styled(_share(cell["sufficient_percent"]), "strong_percent")
                for cell in cells
            ),
        ]
    for name in outside:
        counts = [None if cell is None else cell["counts"].get(name, 0) for cell in cells]
        if any(counts):
            label = f"    {_label(pack, question, name)} (cases, not in the base)"
            yield [Styled(label, "aside"), *(Styled(count, "aside_number") for count in counts)]


def _leaves_base(pack: Pack, name: str, cells: Sequence[Document | None]) -> bool:
    return any(
        name in cell["counts"] and _question(pack, cell["question"]).leaves_base(name)
        for cell in cells
        if cell is not None
    )


def _question(pack: Pack, name: str) -> Question:
    return next(form.by_name[name] for form in pack.forms if name in form.by_name)


def _label(pack: Pack, question: Question, name: str) -> str:
    choice = question.choice(name)
    return pack.text(choice.label) if choice else OUT_OF_BASE_LABELS.get(name, name)


# --- agreement ----------------------------------------------------------------------------------


def _agreement(pack: Pack, document: Document) -> Iterator[Row]:
    """The share that agrees, then a line for each answer to the first question."""
    first, second = (_question(pack, name) for name in document["questions"])
    yield _header("", "Pairs", "Agree", "Percent", "Kappa")
    yield [
        "Cases with both answers",
        document["pairs"],
        document["agree"],
        Styled(_share(document["percent"]), "percent"),
        Styled(document["kappa"], "score"),
    ]
    counts = {tuple(pair["answers"]): pair["cases"] for pair in document["cross"]}
    if not counts:
        return
    across = _in_order(second, {there for _, there in counts})
    yield [Styled(f"Down: {pack.text(first.label)}", "aside")]
    yield [Styled(f"Across: {pack.text(second.label)}", "aside")]
    yield _header("", *(_words(pack, second, answer) for answer in across))
    for here in _in_order(first, {here for here, _ in counts}):
        yield [
            f"    {_words(pack, first, here)}",
            *(counts.get((here, there), 0) for there in across),
        ]


def _in_order(question: Question, answers: set[str]) -> list[str]:
    """As the question lists them, then the others."""
    listed = [choice.name for choice in question.choices if choice.name in answers]
    return [*listed, *sorted(answers.difference(listed))]


def _words(pack: Pack, question: Question, answer: str) -> str:
    return "; ".join(_label(pack, question, name) for name in question.type.parts(answer))


# --- factors and numbers ------------------------------------------------------------------------


def _factors(_pack: Pack, document: Document) -> Iterator[Row]:
    yield _header("Factor", "Cases", "Base of the progress", "Enough progress", "Percent")
    for row in document["rows"]:
        share = Styled(_share(row["percent"]), "percent")
        yield [row["label"], row["cases"], row["base"], row["sufficient"], share]


def _numbers(_pack: Pack, document: Document) -> Iterator[Row]:
    yield _header("", "Answered", "Total", "Least", "Most", "Mean")
    for row in document["rows"]:
        names = ("answered", "total", "least", "most", "mean")
        yield [row["label"], *(_number(row[name]) for name in names)]


def _number(number: int | float | None) -> Cell:
    return Styled(number, "decimal") if isinstance(number, float) else number


_KINDS: Final[Mapping[str, Callable[[Pack, Document], Iterator[Row]]]] = {
    "answers": _answers,
    "agreement": _agreement,
    "factors": _factors,
    "numbers": _numbers,
}
