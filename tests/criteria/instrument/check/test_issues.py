"""The catalogue of what can be wrong: its words, and that each entry is provoked."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from criteria.instrument.check import issues as pack_issues
from criteria.instrument.check.issues import CATALOGUE
from criteria.instrument.check.pack import check_pack
from tests.criteria.instrument.check.every_case import EVERY_CASE
from tests.criteria.instrument.check.mistakes import (
    PLANNED,
)
from tests.criteria.instrument.check.test_pack import TEXT_CASES
from tests.criteria.instrument.small_pack import (
    changed,
    put,
)


def test_every_entry_of_the_catalogue_has_a_case() -> None:
    assert set(CATALOGUE) == {case[0] for case in EVERY_CASE} | {case[0] for case in TEXT_CASES}


def test_every_entry_is_worded_as_sentences() -> None:
    issues = [issue for case in EVERY_CASE for issue in check_pack(changed(case[1]))]
    for issue in issues:
        assert issue.remedy.endswith(".")
        assert not issue.problem.endswith((".", "?"))
        assert str(issue).count("\n") == 1
        assert "  " not in issue.problem
        assert str(issue).isascii() or "…" in str(issue) or "→" in str(issue)


def test_an_issue_reads_well() -> None:
    (issue,) = check_pack(changed(put(f"{PLANNED}.relevant", "${riskyy} = 'yes'")))
    assert issue.is_error
    assert str(issue) == (
        "error at forms[0].survey[1] (planned) relevant:"
        " there is no question 'riskyy' in this form. Did you mean 'risky'?\n"
        "    Refer to a question by its name, as ${name}."
    )


def entered() -> Iterator[tuple[str, set[str | None]]]:
    """Where the checks enter a problem: its code, and the placeholders that they fill."""
    for path in sorted(Path(pack_issues.__file__).parent.glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = ast.unparse(call.func).rpartition(".")[2]
            filled = {keyword.arg for keyword in call.keywords}
            if name in ("add", "pack_issue", "add_missing"):
                filled |= {"name"} if name == "add_missing" else set()
                codes = [one.value for one in call.args if isinstance(one, ast.Constant)]
                yield from ((code, filled) for code in codes if code in CATALOGUE)


def test_every_problem_is_entered_with_what_its_words_hold() -> None:
    found = list(entered())
    assert len(found) > 60
    for code, filled in found:
        words = "".join(CATALOGUE[code].values())
        held = {name for _, name, _, _ in Formatter().parse(words) if name is not None}
        assert None in filled or held == filled, code


def test_every_entry_is_an_error_or_a_warning_with_a_remedy() -> None:
    for code, entry in CATALOGUE.items():
        assert set(entry) in ({"error", "remedy"}, {"warning", "remedy"}), code
