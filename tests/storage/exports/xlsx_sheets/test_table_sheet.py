"""The tables, read back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openpyxl import Workbook

from criteria.instrument.pack import Pack
from criteria.report.tables_document import tables_document
from storage.exports.report import InspectionReport


def test_the_tables_are_those_of_the_report(filled: tuple[InspectionReport, Workbook]) -> None:
    report, book = filled
    documents: list[Any] = tables_document(report.pack, report.cases)
    lines = iter([list(line) for line in book["Tables"].iter_rows(values_only=True)])
    for document in documents:
        assert str(next(lines)[0]).startswith(document["label"])
        _CHECKS[document["kind"]](report.pack, document, lines)
        assert set(next(lines, [None])) == {None}
    assert next(lines, None) is None


def _check_answers(pack: Pack, document: Any, lines: Iterator[list[Any]]) -> None:
    width = len(document["columns"])
    assert next(lines)[1 : width + 1] == document["columns"]
    for row in document["rows"]:
        base = next(lines)
        assert base[0] == row["label"]
        assert base[1 : width + 1] == [cell and cell["base"] for cell in row["cells"]]
        asked = [cell for cell in row["cells"] if cell]
        shares = dict.fromkeys(
            name for cell in asked for name, share in cell["percents"].items() if share is not None
        )
        question = _question(pack, asked[0]["question"])
        for choice in question.choices:
            if question.leaves_base(choice.name):
                continue
            line = next(lines)
            assert str(line[0]).strip() == pack.text(choice.label)
            shares.pop(choice.name, None)
            assert line[1 : width + 1] == [
                cell and _over_100(cell["percents"].get(choice.name)) for cell in row["cells"]
            ]
        assert not shares
        inside = [one for one in question.choices if not question.leaves_base(one.name)]
        if question.is_judgement and len(inside) > 2:
            line = next(lines)
            assert line[1 : width + 1] == [
                cell and _over_100(cell["sufficient_percent"]) for cell in row["cells"]
            ]
        outside = [
            name
            for name in dict.fromkeys(name for cell in asked for name in cell["counts"])
            if question.leaves_base(name) and any(cell["counts"].get(name) for cell in asked)
        ]
        for name in outside:
            assert next(lines)[1 : width + 1] == [
                None if cell is None else cell["counts"].get(name, 0) for cell in row["cells"]
            ]


def _check_agreement(pack: Pack, document: Any, lines: Iterator[list[Any]]) -> None:
    next(lines)
    _, pairs, agree, share, kappa, *_ = next(lines)
    assert (pairs, agree, share) == (
        document["pairs"],
        document["agree"],
        _over_100(document["percent"]),
    )
    assert kappa == document["kappa"]
    if not pairs:
        return
    next(lines)
    next(lines)
    across = [name for name in next(lines)[1:] if name]
    counts = {
        (_label(pack, document, 0, one), _label(pack, document, 1, other)): pair["cases"]
        for pair in document["cross"]
        for one, other in [pair["answers"]]
    }
    assert set(across) == {other for _, other in counts}
    down = [next(lines) for _ in {one for one, _ in counts}]
    found = {
        (str(line[0]).strip(), other): count
        for line in down
        for other, count in zip(across, line[1:], strict=False)
    }
    assert {place: count for place, count in found.items() if count} == counts


def _check_factors(_pack: Pack, document: Any, lines: Iterator[list[Any]]) -> None:
    next(lines)
    for row in document["rows"]:
        figures = [row["cases"], row["base"], row["sufficient"], _over_100(row["percent"])]
        assert next(lines)[:5] == [row["label"], *figures]


def _check_numbers(_pack: Pack, document: Any, lines: Iterator[list[Any]]) -> None:
    assert next(lines)[1:6] == ["Answered", "Total", "Least", "Most", "Mean"]
    for row in document["rows"]:
        figures = [row[name] for name in ("answered", "total", "least", "most", "mean")]
        assert next(lines)[:6] == [row["label"], *figures]


_CHECKS = {
    "answers": _check_answers,
    "agreement": _check_agreement,
    "factors": _check_factors,
    "numbers": _check_numbers,
}


def _over_100(whole_percent: int | None) -> float | None:
    return None if whole_percent is None else whole_percent / 100


def _question(pack: Pack, name: str) -> Any:
    return next(form.by_name[name] for form in pack.forms if name in form.by_name)


def _label(pack: Pack, document: Any, side: int, answer: str) -> str:
    choice = _question(pack, document["questions"][side]).choice(answer)
    return pack.text(choice.label) if choice else {"na": "N/A", "not_known": "Not known"}[answer]
