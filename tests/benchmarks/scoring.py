"""How long scoring takes, beside NumPy counting the same answers.

``python -m tests.benchmarks.scoring`` prints a table; ``--cases`` and ``--pack`` choose another
sample. NumPy is measured twice, as it does two different things: counting a matrix of numbers that
somebody has prepared, as :func:`criteria.scoring.score.score_tallies` scores counts that were kept;
and making that matrix from the cases first, as :func:`criteria.scoring.score.score_cases` starts
from them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from criteria.case import Case
from criteria.instrument.load import pack_names, read_pack
from criteria.instrument.pack import Form, Pack
from criteria.question import NA, NOT_KNOWN
from criteria.relevance import form_state
from criteria.report.score_document import score_document
from criteria.report.tables_document import tables_document
from criteria.scoring.score import InspectionScore, score_cases, score_tallies, tally_cases
from criteria.scoring.tally import tally_case
from dialogs.engine import advance
from dialogs.events import ChoiceTapped
from dialogs.session import Cursor, Session
from tests.criteria.random_cases import random_cases

RUNS = 15
Milliseconds = tuple[float, float]
"""The least and the median of several runs."""

HIDDEN, OPEN, N_A, UNKNOWN, FIRST_CHOICE = range(5)
"""The codes of the matrix. A choice is FIRST_CHOICE and its place in the list."""
CODES = 128
Matrix = np.ndarray[Any, np.dtype[np.int64]]


def measure(work: Callable[[], object], repeat: int = 1) -> Milliseconds:
    """The time of one call of ``work``, out of runs of ``repeat`` calls each."""
    times = []
    for _ in range(RUNS):
        start = perf_counter()
        for _ in range(repeat):
            work()
        times.append((perf_counter() - start) * 1000 / repeat)
    return min(times), median(times)


# --- the peer -----------------------------------------------------------------------------------


def matrix_of(form: Form, cases: Sequence[Case]) -> Matrix:
    """One row a case, one column a question, relevance worked in as HIDDEN.

    What applies comes from :func:`form_state`: expressions are no work for NumPy.
    """
    codes = [
        {
            NA: N_A,
            NOT_KNOWN: UNKNOWN,
            **{choice.name: FIRST_CHOICE + place for place, choice in enumerate(question.choices)},
        }
        for question in form.questions
    ]
    matrix = np.full((len(cases), len(form.questions)), HIDDEN)
    for row, case in enumerate(cases):
        state = form_state(form, case)
        for question in state.relevant:
            value = state.values.get(question.name)
            code = codes[question.index]
            matrix[row, question.index] = (
                OPEN
                if value is None
                else code.get(value, FIRST_CHOICE)
                if isinstance(value, str)
                else FIRST_CHOICE
            )
    return matrix


def what_counts(form: Form) -> tuple[Matrix, Matrix]:
    """By question and code: 1 where an answer is in the base, and where it is sufficient."""
    in_base = np.zeros((len(form.questions), CODES), np.int64)
    in_base[:, FIRST_CHOICE:] = 1
    sufficient = np.zeros_like(in_base)
    for question in form.questions:
        for place, choice in enumerate(question.choices, start=FIRST_CHOICE):
            in_base[question.index, place] = not choice.is_na
            sufficient[question.index, place] = bool(choice.sufficient)
    return in_base, sufficient


def count(matrix: Matrix, in_base: Matrix, sufficient: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """Each question's answers by code, its base, and its sufficient answers."""
    questions = matrix.shape[1]
    cells = matrix + np.arange(questions) * CODES
    counts = np.bincount(cells.ravel(), minlength=questions * CODES).reshape(questions, CODES)
    return counts, (counts * in_base).sum(axis=1), (counts * sufficient).sum(axis=1)


def agrees(form: Form, score: InspectionScore, matrix: Matrix) -> bool:
    """Whether the peer did the same work: equal bases, sufficient and unanswered, everywhere."""
    counts, base, good = count(matrix, *what_counts(form))
    for question in form.questions:
        one = score.questions.get(question.name)
        if one is None:
            continue
        place = question.index
        if one.relevant != base[place] or one.sufficient not in (None, good[place]):
            return False
        if question.is_answered_by_people and one.unanswered != counts[place, OPEN]:
            return False
    return True


# --- one tap ------------------------------------------------------------------------------------


def a_tap(pack: Pack, form: Form, case: Case) -> Callable[[], object]:
    """One answer by a button, half way through a case."""
    asked = [one for one in form_state(form, case).asked if one.type.name == "select_one"]
    question = asked[len(asked) // 2]
    before = {
        name: answer
        for name, answer in case.answers.items()
        if form.by_name[name].index < question.index
    }
    case = replace(case, answers=before)
    session = Session("I1", case=case, cursor=Cursor(1, (question.name,)))
    tap = ChoiceTapped(case.key, question.name, question.choices[0].name)
    now = datetime(2026, 11, 20, 10, tzinfo=UTC)
    return lambda: advance(session, tap, pack, now)


# --- the table ----------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", choices=pack_names(), default="risk-of-harm-2006")
    parser.add_argument("--cases", type=int, default=1_000)
    options = parser.parse_args()
    whole = read_pack(options.pack)
    form = whole.case_form
    pack = replace(whole, forms=(form,), tables=())  # as much as is in the matrix
    cases = random_cases(form, options.cases)
    matrix, tables = matrix_of(form, cases), what_counts(form)
    tallies = tally_cases(pack, cases)
    score = score_tallies(pack, tallies)
    if not agrees(form, score, matrix):
        raise SystemExit("NumPy and Casewalk count differently: they are no peers here.")
    before, after = tally_case(form, cases[0]), tally_case(form, cases[1])

    def step() -> None:
        tallies.remove(before)
        tallies.add(after)
        tallies.remove(after)
        tallies.add(before)

    def from_cases() -> object:
        return count(matrix_of(form, cases), *tables)

    ours, peer = measure(lambda: score_cases(pack, cases)), measure(from_cases)
    kept = measure(lambda: score_tallies(pack, tallies), 5)
    prepared = measure(lambda: count(matrix, *tables), 5)
    of_step = measure(step, 50)
    long = read_pack("omi2-2011")
    long_case = random_cases(long.case_form, 1)[0]
    print(f"{pack.name}, {form.name}: {len(cases)} cases, {len(form.questions)} questions")
    rows: list[tuple[str, Milliseconds]] = [
        ("score_cases", ours),
        ("NumPy: matrix from the cases, and count", peer),
        ("score_tallies, from kept counts", kept),
        ("NumPy: count of a prepared matrix", prepared),
        ("tally_case, one case", measure(lambda: tally_case(form, cases[0]), 100)),
        ("one tally update (remove, add)", (of_step[0] / 2, of_step[1] / 2)),
        ("score_document", measure(lambda: score_document(score))),
        ("tables_document", measure(lambda: tables_document(whole, cases))),
        ("form_state, omi2-2011", measure(lambda: form_state(long.case_form, long_case), 100)),
        ("advance, one tap, omi2-2011", measure(a_tap(long, long.case_form, long_case), 100)),
    ]
    print(f"{'ms':42}{'least':>9}{'median':>9}")
    for name, (least, middle) in rows:
        print(f"{name:42}{least:9.3f}{middle:9.3f}")
    for name, one, other in (
        ("score_cases / NumPy from the cases", ours, peer),
        ("score_tallies / NumPy prepared", kept, prepared),
        ("score_cases / NumPy prepared", ours, prepared),
    ):
        print(f"{name:42}{one[0] / other[0]:9.2f}{one[1] / other[1]:9.2f}")


if __name__ == "__main__":
    main()
