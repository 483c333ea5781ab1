"""XLSForm expressions: what they mean, what is refused, and that nothing else gets through."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from criteria.expressions import (
    MAX_DEPTH,
    MAX_LENGTH,
    THIS,
    ExpressionError,
    LeftOut,
    Part,
    XValue,
    as_boolean,
    as_number,
    as_text,
    compile_expression,
    is_xml_name,
    working_days,
)

ANSWERS: dict[str, XValue] = {
    "q1.2.a": "yes",
    "risk-level": "3",
    "age": 17.0,
    "score": 6.9,
    "papers": "plan log",
    "start": "2004-03-01",
    "end": "2004-03-10",
    "left": LeftOut("na"),
    "none": "",
    THIS: 5.0,
}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("${q1.2.a} = 'yes'", True),
        ('${q1.2.a} = "yes"', True),
        ("${ q1.2.a } != 'no'", True),
        ("${q1.2.a} = 'yes' and ${score} > 6.89", True),
        ("${q1.2.a} = 'no' or ${age} >= 18", False),
        ("${risk-level} = 3", True),
        ("${age} - 1 = 16", True),
        ("${open} = ''", True),
        ("${open} = 'yes'", False),
        ("${open} != 'yes'", True),
        ("${left} = ''", True),
        ("${left} = 'na'", True),
        ("${left} = 'not_known'", False),
        ("${left} != ''", False),
        ("${left} != 'yes'", True),
        ("${left} = ${open}", True),
        ("selected(${left}, 'na')", True),
        ("false() and ${open} > 3", False),
        ("${open} > 3 and false()", False),
        ("true() or ${open} > 3", True),
        ("${open} > 3 or true()", True),
        ("coalesce(${open}, ${left}, '', 'x')", "x"),
        ("count(${open}, ${left}, ${age}, ${none})", 1.0),
        ("count-selected(${none})", 0.0),
        ("selected(${none}, 'log')", False),
        ("string(${open})", ""),
        ("${end} - ${start}", 9.0),
        ("${end} - ${start} > 10", False),
        ("${start} + 10", "2004-03-11"),
        ("10 + ${start} > ${end}", True),
        ("${end} - 9 = ${start}", True),
        ("sum(1, ${age}, 2)", 20.0),
        ("min(${age}, ${score})", 6.9),
        ("max(${age}, ${score})", 17.0),
        ("round(2.5)", 3.0),
        ("round(-2.5)", -2.0),
        ("round(1.005, 2)", 1.01),
        ("int(-2.7)", -2.0),
        ("selected(${papers}, 'log')", True),
        ("selected(${papers}, 'lo')", False),
        ("count-selected(${papers})", 2.0),
        ("if(${age} < 18, 'young', 'adult')", "young"),
        ("working_days(${start}, ${end})", 7.0),
        ("${start} < ${end}", True),
        ("${start} < '2004-03-02'", True),
        (". >= 1 and . <= 5", True),
        ("2 + 3 * 4", 14.0),
        ("7 mod 4", 3.0),
        ("1 div 4", 0.25),
        ("-${age}", -17.0),
        ("true() and not(false())", True),
        ("number(${papers}) = 1", False),
        ("string(${age})", "17"),
        ("((((${age}))))", 17.0),
        ("'${age}'", "${age}"),
        ("'$5'", "$5"),
    ],
)
def test_an_expression_means_what_it_means_in_xlsform(source: str, value: XValue) -> None:
    assert compile_expression(source).evaluate(ANSWERS) == value


@pytest.mark.parametrize("nothing", ["${open}", "${left}"])
@pytest.mark.parametrize(
    "source",
    [
        "{} > 3", "3 >= {}", "{} < ${start}", "{} + 1", "1 - {}", "{} * 2", "{} div 2", "5 mod {}",
        "-{}", "+{}", "number({})", "boolean({})", "not({})", "not({} > 3)", "int({})", "round({})",
        "min(1, {})", "max({}, 1)", "sum({}, 1)", "working_days(${start}, {})",
        "working_days({}, ${end})", "selected({}, 'log')", "count-selected({})",
        "not(selected({}, 'log'))", "if({} > 3, 'yes', 'no')", "if({}, 'yes', 'no')",
        "if(working_days(${start}, {}) <= 5, 'yes', 'no')", "${end} - {}", "{} - ${start}",
        "true() and {} > 3", "{} > 3 or false()", "{} > 3 and {} > 4", "coalesce({}, '')",
    ],
)  # fmt: skip
def test_nothing_is_worked_out_from_nothing(source: str, nothing: str) -> None:
    expression = compile_expression(source.replace("{}", nothing))
    assert expression.evaluate(ANSWERS) is None
    assert expression.holds(ANSWERS) is None


@pytest.mark.parametrize(
    "source",
    [
        "${age} div 0", "0 div ${none}", "${age} mod 0", "${papers} > 3", "number(${papers})",
        "${papers} + 1", "if(${age} div 0 >= 5, 'yes', 'no')", "10000000 + ${start}",
    ],
)  # fmt: skip
def test_no_number_comes_of_a_division_by_zero_or_of_a_text(source: str) -> None:
    assert compile_expression(source).evaluate(ANSWERS) is None


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("${q1.2.a} = ‘yes’", "${q1.2.a} = 'yes'"),
        ("${q1.2.a} = “yes”", "${q1.2.a} = 'yes'"),
        ("${q1.2.a} = ’yes’", "${q1.2.a} = 'yes'"),
        ("${q1.2.a} = ‘yes'", "${q1.2.a} = 'yes'"),
        ("“it’s” = ${q1.2.a}", '"it’s" = ${q1.2.a}'),
        ("‘a “b”’ = ${q1.2.a}", "'a “b”' = ${q1.2.a}"),
        ("'‘yes’' = ${q1.2.a}", "'‘yes’' = ${q1.2.a}"),
        ("${age}\u00a0≥ 5", "${age} >= 5"),
        ("${age} \u2013 5 ≠ 12", "${age} - 5 != 12"),
    ],
)
def test_what_a_word_processor_made_of_an_expression_is_mended(typed: str, plain: str) -> None:
    one, other = compile_expression(typed), compile_expression(plain)
    assert (one.root, one.compared) == (other.root, other.compared)
    assert one.evaluate(ANSWERS) == other.evaluate(ANSWERS)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("", "empty"),
        ("${a} == 'x'", "unexpected '=' operator at column 7"),
        ("${a} = 'x' or", "unexpected end of source"),
        ("${a} = 'x’", "write its quotes straight"),
        ("${a", "written ${name}"),
        ("$a = 'x'", "written ${name}"),
        ("${a b} = 1", "${a b} is no question's name"),
        ("${} = 1", "is no question's name"),
        ("${a:b} = 1", "is no question's name"),
        ("${a}b = 1", "unexpected"),
        ("${a}${b}", "unexpected"),
        ("a = 'yes'", "packs cannot use 'a'"),
        ("//secret", "packs cannot use"),
        ("../a", "packs cannot use"),
        ("@id", "packs cannot use"),
        ("document('x')", "unknown function"),
        ("uuid()", "unknown function 'uuid'"),
        ("concat('a', 'b')", "packs cannot use 'concat'"),
        ("position()", "packs cannot use"),
        ("${a}[1]", "packs cannot use"),
        ("selected(${a})", "Too few arguments"),
        ("if(1, 2)", "Too few arguments"),
        ("9" * 1_000, "too large"),
        ("1 mod 0", "Division by zero"),
        ("1" + " + 1" * 400, "nested too deeply"),
        ("-" * 1_900 + "1", "nested too deeply"),
        ("(" * (MAX_DEPTH + 1) + "1" + ")" * (MAX_DEPTH + 1), "brackets"),
        ("1" + " " * MAX_LENGTH, "longer than"),
    ],
)
def test_what_is_no_expression_is_refused_with_the_reason(source: str, why: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        compile_expression(source)
    assert why in str(refused.value)


def test_an_expression_says_how_it_hangs_together() -> None:
    assert compile_expression("(${a}) > 3").root == Part(
        ">", None, (Part("$", "a"), Part("literal", 3.0))
    )


def test_an_expression_says_what_it_is_made_of() -> None:
    expression = compile_expression(
        "(${b}) = 'x' or selected(${a}, 'y') and . != 'z' and ${b} > -3 and 'w' = 'w'"
    )
    assert expression.names == ("b", "a")
    assert expression.compared == (("b", "x"), ("a", "y"), (THIS, "z"))
    assert expression.texts == ("x", "y", "z", "w", "w")
    assert expression.numbers == (3.0,)
    assert {"unary -", "selected", THIS} <= expression.symbols
    assert "-" not in expression.symbols


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12.0), (" -0.5 ", -0.5), (".5", 0.5), ("5.", 5.0)],
)
def test_a_text_that_is_a_number_reads_as_one(text: str, number: float) -> None:
    assert as_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "x", "1e5", "inf", "Infinity", "nan", "snan", "1_0", "+1", "٣"]
)
def test_only_what_xpath_calls_a_number_reads_as_one(text: str) -> None:
    assert math.isnan(as_number(text))


def test_values_convert_as_in_xpath() -> None:
    assert [as_text(value) for value in (True, False, 3.0, 3.5, "x")] == [
        "true", "false", "3", "3.5", "x",
    ]  # fmt: skip
    assert [as_boolean(value) for value in (0.0, math.nan, 1.0, "", "0", False)] == [
        False, False, True, False, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2004-03-05", "2004-03-05", 0),  # Friday, the day itself
        ("2004-03-05", "2004-03-07", 0),  # to Sunday
        ("2004-03-05", "2004-03-08", 1),  # to Monday
        ("2004-03-06", "2004-03-08", 1),  # Saturday to Monday
        ("2004-03-01", "2004-03-08", 5),
        ("2004-03-01", "2005-03-01", 261),
        ("2004-03-08", "2004-03-05", -1),
    ],
)
def test_working_days_count_monday_to_friday_after_the_start(
    start: str, end: str, days: int
) -> None:
    assert working_days(start, end) == days


def test_names_are_xml_names() -> None:
    assert all(map(is_xml_name, ("q1", "q1.2.b", "_x", "a-b", "é")))
    assert not any(map(is_xml_name, ("", "1a", "a b", "a:b", ".a", "-a", "a\n", "a$")))


PIECES = ["${a}", "${a.b-c}", "'x'", "1", "1.5", ".", "and", "or", "=", "!=", "<", "-", "+", "*",
          "div", "mod", "(", ")", ",", "selected(", "if(", "not(", "$", "{", "}", "'", "[", "/",
          "true()", "number(", "9" * 400, "1e400", "::", "|", "string("]  # fmt: skip


@pytest.mark.long
@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join) | st.text(max_size=30))
def test_any_text_is_an_expression_or_is_refused_and_evaluates_without_raising(source: str) -> None:
    try:
        expression = compile_expression(source)
    except ExpressionError:
        return
    answers: list[dict[str, XValue]] = [
        {},
        {"a": "x", "a.b-c": 2.0, THIS: "snan"},
        {"a": "-", THIS: math.inf},
    ]
    for values in answers:
        assert isinstance(expression.evaluate(values), str | float | bool | None)
        assert isinstance(expression.holds(values), bool | None)


def test_the_longest_expressions_are_read_quickly() -> None:
    start = time.perf_counter()
    for source in ("1" + "+1" * 999, "not(" * 50 + "1" + ")" * 50, "${a} = '" + "x" * 1_900 + "'"):
        try:
            compile_expression(source)
        except ExpressionError:
            continue
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize("text", ["yes", "", "3", "3.0", "NaN", "true"])
@pytest.mark.parametrize(
    "value",
    ["yes", "no", "", "3", 3.0, 0.0, math.nan, True, False, "plan log", None, LeftOut("yes")],
)
def test_a_text_is_compared_alike_from_either_side(value: XValue, text: str) -> None:
    """A name before a text is the case that is made fast; a text before a name is not."""
    values: dict[str, XValue] = {} if value is None else {"q": value}
    for operator in ("=", "!="):
        fast = compile_expression(f"${{q}} {operator} '{text}'")
        slow = compile_expression(f"'{text}' {operator} ${{q}}")
        assert fast.evaluate(values) is slow.evaluate(values)
        assert fast.holds(values) is slow.holds(values)
        assert (fast.names, fast.compared, fast.texts) == (slow.names, slow.compared, slow.texts)
        assert fast.symbols == slow.symbols


@pytest.mark.parametrize("source", ["${q}", "if(${q} = 'x', ${q}, 'y')", "count-selected(${q})"])
@pytest.mark.parametrize("value", ["x", "", 0.0, 2.0, math.nan, "false"])
def test_what_is_no_condition_holds_where_it_is_not_empty(source: str, value: XValue) -> None:
    expression = compile_expression(source)
    assert expression.holds({"q": value}) is as_boolean(expression.evaluate({"q": value}))
    joined = compile_expression(f"{source} and true()")
    assert joined.evaluate({"q": value}) is expression.holds({"q": value})
