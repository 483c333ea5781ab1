"""The arithmetic of rounding, against trying every count."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from criteria.scoring.score import percent
from criteria.verify.arithmetic import (
    RULES,
    Printed,
    bases_giving,
    can_add_up,
    counts_giving,
    counts_of,
    joint_bases,
    mean_span,
    share,
    sums_by_rounding,
)

BASES = st.integers(1, 150)


@given(BASES, st.integers(0, 2), st.sampled_from(sorted(RULES)))
def test_counts_giving_are_all_those_that_print_so(base: int, decimals: int, name: str) -> None:
    rule = RULES[name]
    by_figure: dict[Printed, list[int]] = {}
    for count in range(base + 1):
        by_figure.setdefault(share(count, base, decimals, rule), []).append(count)
    for figure, counts in by_figure.items():
        assert list(counts_giving(figure, base, rule)) == counts


@given(BASES, st.data())
def test_bases_giving_are_all_those_that_print_so(count: int, data: st.DataObject) -> None:
    figure = share(count, data.draw(st.integers(count, 400)))
    right = [base for base in range(count, 401) if share(count, base) == figure]
    assert list(bases_giving(count, figure, 400)) == right


@given(st.lists(st.integers(0, 40), min_size=2, max_size=6).filter(any))
def test_what_real_counts_print_as_always_fits(counts: list[int]) -> None:
    base = sum(counts)
    parts = [share(count, base) for count in counts]
    assert can_add_up(parts)
    least, most = sums_by_rounding(parts)
    assert least.value <= sum(part.value for part in parts) <= most.value
    assert base in joint_bases(parts, base)
    found = counts_of(parts, base)
    assert found is not None
    assert (sum(found), [share(count, base) for count in found]) == (base, parts)


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 3)), min_size=1, max_size=6))
def test_the_span_of_a_mean_holds_what_exact_parts_print_as(
    tenths: list[tuple[int, int]],
) -> None:
    """Parts with a decimal, printed without it: their true mean is always among what can be."""
    weights = sum(weight for _, weight in tenths)
    true = Printed(*_half_up(sum(part * weight for part, weight in tenths), 10 * weights))
    rounded = [(Printed(*_half_up(part, 10)).span, weight) for part, weight in tenths]
    least, most = mean_span([(span, Printed(weight).value) for span, weight in rounded]).printed()
    assert least <= true <= most


def _half_up(numerator: int, denominator: int) -> tuple[int]:
    return (RULES["half up"](numerator, denominator),)


@given(BASES, st.data())
def test_percentages_are_those_of_the_score(base: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, base))
    assert share(count, base).steps == percent(Fraction(count, base))
