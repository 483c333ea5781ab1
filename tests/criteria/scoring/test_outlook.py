"""What a score can still become, and how far the next band is."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from criteria.case import Answer, Case
from criteria.instrument.load import load_pack
from criteria.instrument.pack import Band
from criteria.report.score_document import score_document
from criteria.scoring.outlook import NextBand, Range, criterion_range, next_band
from criteria.scoring.score import InspectionScore, band_of, score_cases
from tests.walk import TINY

BANDED: dict[str, Any] = {
    **TINY,
    "scoring": {
        "bands": [
            {"name": "MINIMUM", "from": 85},
            {"name": "MODERATE", "from": 65},
            {"name": "DRASTIC", "from": 0},
        ],
        "bands_basis": "inferred",
    },
}
PACK = load_pack(BANDED)


def kept(*levels: str | None) -> list[Case]:
    return [
        Case(f"C{n}", "case-file", answers={"kept": Answer(level)} if level else {})
        for n, level in enumerate(levels)
    ]


def test_open_answers_leave_a_range() -> None:
    score = score_cases(PACK, kept("fully", "partly", None, None))
    assert criterion_range(score, "c2") == Range(Fraction(1, 4), Fraction(3, 4))


def test_with_nothing_open_the_range_is_the_score() -> None:
    score = score_cases(PACK, kept("fully", "partly"))
    assert criterion_range(score, "c2") == Range(Fraction(1, 2), Fraction(1, 2))


def test_a_judgement_worked_out_from_na_stays_open_and_widens_no_range() -> None:
    form = TINY["forms"][0]
    late = {
        "type": "calculate",
        "name": "late",
        "choices": "yes_no",
        "calculation": "if(${visits} > 5, 'no', 'yes')",
        "criterion": "c2",
    }
    visits = {"type": "integer", "name": "visits", "label": "Visits?", "na": True}
    pack = load_pack({**TINY, "forms": [{**form, "survey": [visits, late]}]})

    def range_of(*given: str | int | None) -> Range | None:
        cases = [
            Case(f"C{n}", "case-file", answers={} if one is None else {"visits": Answer(one)})
            for n, one in enumerate(given)
        ]
        return criterion_range(score_cases(pack, cases), "c2")

    assert range_of(3, "na") == Range(Fraction(1), Fraction(1))
    assert range_of(3, None) == Range(Fraction(1, 2), Fraction(1))


def test_the_next_band_is_so_many_answers_away() -> None:
    score = score_cases(PACK, kept(*["fully"] * 10, *["not_met"] * 10))
    found = next_band("c2", score, PACK.bands)
    assert found is not None
    assert (found.band.name, found.answers) == ("MODERATE", 3)
    moved = score_cases(PACK, kept(*["fully"] * 13, *["not_met"] * 7))
    assert moved.criteria["c2"].band == found.band
    short = score_cases(PACK, kept(*["fully"] * 12, *["not_met"] * 8))
    assert short.criteria["c2"].band != found.band
    criteria: Any = score_document(score)["criteria"]
    assert criteria["c2"]["next_band"] == {"band": "MODERATE", "answers": 3, "cases": 3}


def test_there_is_none_above_the_best_band() -> None:
    score = score_cases(PACK, kept("fully"))
    assert next_band("c2", score, PACK.bands) is None


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "told": st.sampled_from(["yes", "no", "na"]),
        "how_well": st.sampled_from(["fully", "partly", "na"]),
        "kept": st.sampled_from(["fully", "partly"]),
    },
)


@given(st.lists(ANSWERS, min_size=1, max_size=6), st.data())
def test_however_the_rest_is_answered_the_score_lies_in_the_range(
    given_now: list[dict[str, str]], data: st.DataObject
) -> None:
    """Also where an open answer brings other questions in."""
    forms = {"told": ["yes", "no", "na"], "how_well": ["fully", "partly", "na"], "kept": ["fully"]}

    def cases(rows: list[dict[str, str]]) -> list[Case]:
        return [
            Case(f"C{n}", "case-file", answers={name: Answer(value) for name, value in row.items()})
            for n, row in enumerate(rows)
        ]

    now = score_cases(PACK, cases(given_now))
    finished = [
        {**{name: data.draw(st.sampled_from(of)) for name, of in forms.items()}, **row}
        for row in given_now
    ]
    for name, one in score_cases(PACK, cases(finished)).criteria.items():
        if one.score is not None:
            found = criterion_range(now, name)
            assert found is not None
            assert found.least <= one.score <= found.most


def one_by_one(score: InspectionScore, criterion: str, bands: tuple[Band, ...]) -> NextBand | None:
    """The next band by turning one insufficient answer after the other, where each counts most."""
    now = score.criteria[criterion]
    if now.score is None or now.band is None:
        return None
    parts = [one for one in score.scored_in(criterion) if one.relevant]
    steps = [
        Fraction(1, one.relevant * len(parts))
        for one in sorted(parts, key=lambda part: part.relevant)
        for _ in range(one.relevant - (one.sufficient or 0))
    ]
    reached = now.score
    for cases, step in enumerate(steps, start=1):
        reached += step
        band = band_of(reached, bands)
        if band is not None and band.from_percent > now.band.from_percent:
            return NextBand(band, cases)
    return None


@given(
    st.lists(ANSWERS, min_size=1, max_size=30),
    st.lists(
        st.sampled_from([0, 1, 12, 33, 33.5, 50, 66.5, 67, 90, 99.5, 100]), min_size=1, unique=True
    ),
)
def test_the_next_band_is_what_turning_one_answer_after_the_other_gives(
    rows: list[dict[str, str]], cuts: list[float]
) -> None:
    bands = [{"name": f"from {cut}", "from": cut} for cut in cuts]
    pack = load_pack({**BANDED, "scoring": {"bands": bands, "bands_basis": "inferred"}})
    cases = [
        Case(f"C{n}", "case-file", answers={name: Answer(value) for name, value in row.items()})
        for n, row in enumerate(rows)
    ]
    score = score_cases(pack, cases)
    for criterion in pack.criteria:
        expected = one_by_one(score, criterion, pack.bands)
        assert next_band(criterion, score, pack.bands) == expected
