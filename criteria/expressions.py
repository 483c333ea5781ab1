"""XLSForm expressions, compiled once when a pack is loaded.

``relevant``, ``constraint`` and ``calculation`` are XLSForm's: ``${q} = 'yes' and ${rsr} > 6.89``.
elementpath parses them as XPath 1.0. The few operators and functions that packs may use are turned
into Python closures; all else is refused. So a pack can name nothing but its own questions, and
an answer costs no parsing.

The values follow XLSForm: a list is its names joined by spaces, two ISO dates compare and subtract
as dates, ``=`` compares numbers where one side is a number and texts otherwise.

A question that is open or does not apply is *nothing* (None), and so is one whose answer leaves the
base (:class:`LeftOut`). What is worked out from nothing is nothing, so that an open date is neither
in time nor late:

- ``=`` and ``!=`` see nothing as ``''``, as in XLSForm, and an answer that leaves the base also as
  itself: of an N/A, ``${q} = 'na'`` and ``${q} = ''`` both hold.
- An order, ``+ - * div mod``, ``number``, ``round``, ``int``, ``min``, ``max``, ``sum``,
  ``working_days``, ``selected`` and ``count-selected`` of nothing are nothing. So are a division by
  zero and an order or a sum with a text that is no number. A list without a tick is not nothing.
- ``and``, ``or`` and ``not`` know three values: ``false and nothing`` is false, ``true or nothing``
  is true, all else with nothing is nothing. ``if(nothing, …)`` is nothing.
- ``today()`` is the day that a constraint is looked at, nothing where no day is known.
- ``coalesce`` is the first that is not empty, ``count`` how many are not; ``string(nothing)`` is
  ``''``.
- A ``relevant`` that is nothing does not ask, a ``constraint`` that is nothing takes the answer (it
  is looked at again), a ``calculation`` that is nothing leaves its question open.
"""

from __future__ import annotations

import math
import operator
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from functools import cache, lru_cache, partial
from itertools import chain
from typing import Any, Final, cast

from elementpath import ElementPathError, XPath1Parser
from elementpath.exceptions import MissingContextError

XValue = str | float | bool | None
"""What an expression works with: text, number (a double, as in XPath), true/false or nothing."""
Values = Mapping[str, XValue]
Closure = Callable[[Values], XValue]
Condition = Callable[[Values], bool | None]
Binary = Callable[[XValue, XValue], XValue]


class LeftOut(str):
    """The answer of a question that leaves the base: nothing, though ``=`` knows which it is."""

    __slots__ = ()


THIS: Final = "."
"""The name under which a constraint finds the answer that is being checked."""
TODAY: Final = "today"
TODAY_VALUE: Final = "today()"
"""The name under which ``today()`` finds the day, an ISO date."""

MAX_LENGTH: Final = 2_000
MAX_DEPTH: Final = 60
MAX_PLACES: Final = 15
HALF: Final = Decimal("0.5")

HOLIDAYS: Final[Mapping[str, tuple[str, str]]] = {
    "GB-ENG": ("GB", "ENG"),  # England and Wales
    "GB-SCT": ("GB", "SCT"),
    "GB-NIR": ("GB", "NIR"),
}
"""The calendars a pack may name, with the country and subdivision of the ``holidays`` package."""
HOLIDAY_YEARS: Final = range(1971, 2101)
"""From the Banking and Financial Dealings Act 1971 to the last year that ``holidays`` works out.
Before and after them, every weekday is a working day."""


class ExpressionError(ValueError):
    """The expression cannot be used; the message says why, in a pack author's words."""


@dataclass(frozen=True, slots=True)
class Part:
    """An operator, function, text, number or question, with what it is of.

    ``${a} > 3`` is ``Part(">", None, (Part("$", "a"), Part("literal", 3.0)))``.
    """

    symbol: str
    value: XValue = None
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression.

    For checking a pack it also says what it is made of: ``names`` are the questions it refers to,
    in order of appearance; ``compared`` the texts that a question is compared with (``${q} =
    'yes'`` gives ``("q", "yes")``, and ``. = 'yes'`` ``(".", "yes")``); ``results`` the values that
    are said outright, as texts (``if(${q} > 3, 'yes', 'no')`` gives ``yes`` and ``no``, and a
    condition gives ``true`` and ``false``); ``texts``, ``numbers`` and ``symbols`` all texts,
    numbers, operators and functions in it (a sign is ``unary -``); ``root`` how they hang together.

    ``evaluate(values)`` works it out; ``holds(values)`` says whether what comes out is true, with
    None for nothing.
    """

    source: str
    names: tuple[str, ...]
    compared: tuple[tuple[str, str], ...]
    results: tuple[str, ...]
    texts: tuple[str, ...]
    numbers: tuple[float, ...]
    symbols: frozenset[str]
    root: Part
    evaluate: Closure
    holds: Condition


# --- values, as XPath 1.0 converts them (https://www.w3.org/TR/xpath-10/#section-Expressions) ---


_NUMBER = re.compile(r"[ \t\r\n]*-?([0-9]+(\.[0-9]*)?|\.[0-9]+)[ \t\r\n]*\Z")


def as_number(value: XValue) -> float:
    if value is None:
        return math.nan
    if isinstance(value, str):
        # Only what XPath calls a number: Python's own reading would take "inf", "1_0" and "1e5".
        return float(value) if _NUMBER.match(value) else math.nan
    return float(value)


def as_text(value: XValue) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        return str(int(value)) if value.is_integer() else str(value)
    return value


def as_boolean(value: XValue) -> bool:
    if isinstance(value, float):
        return bool(value) and not math.isnan(value)
    return bool(value)


def _number(value: XValue) -> float | None:
    """Return a value as a number, or nothing."""
    if value is None or isinstance(value, LeftOut):
        return None
    number = as_number(value)
    return number if math.isfinite(number) else None


def _truth(value: XValue) -> bool | None:
    return None if value is None or isinstance(value, LeftOut) else as_boolean(value)


def _beside(value: XValue, other: XValue) -> XValue:
    """What ``=`` sees of a value beside another: ``''`` for nothing."""
    if isinstance(value, LeftOut):
        return str(value) if not isinstance(other, LeftOut) and value == other else ""
    return "" if value is None else value


def _equal(left: XValue, right: XValue) -> bool:
    left, right = _beside(left, right), _beside(right, left)
    if isinstance(left, bool) or isinstance(right, bool):
        return as_boolean(left) == as_boolean(right)
    if isinstance(left, float) or isinstance(right, float):
        return as_number(left) == as_number(right)
    return left == right


def _ordering(test: Callable[[Any, Any], bool]) -> Binary:
    """Numbers compare as numbers; two ISO dates, as XLSForm's engines allow, as dates."""

    def apply(left: XValue, right: XValue) -> XValue:
        if isinstance(left, str) and isinstance(right, str):
            first, second = _as_date(left), _as_date(right)
            if first and second:
                return test(first, second)
        low, high = _number(left), _number(right)
        return None if low is None or high is None else test(low, high)

    return apply


def _as_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def is_date(text: str) -> bool:
    return _as_date(text) is not None


def working_days(start: XValue, end: XValue, days_off: Sequence[int] = ()) -> XValue:
    """Working days after ``start`` up to and including ``end``; nothing while either is open.

    Monday to Friday but for ``days_off``, as :func:`bank_holidays` gives them; the day itself
    counts 0, the next working day 1, an earlier end is negative.
    """
    first, last = _as_date(as_text(start)), _as_date(as_text(end))
    if first is None or last is None:
        return None
    if last < first:
        return -as_number(working_days(end, start, days_off))
    weeks, days = divmod((last - first).days, 7)
    rest = sum((first.weekday() + day) % 7 < 5 for day in range(1, days + 1))
    off = bisect_right(days_off, last.toordinal()) - bisect_right(days_off, first.toordinal())
    return float(5 * weeks + rest - off)


@cache
def bank_holidays(calendar: str) -> tuple[int, ...]:
    """Return a calendar's bank holidays on weekdays, in order, as ``date.toordinal``.

    All of :data:`HOLIDAY_YEARS` are worked out at once, so that an answer costs two look-ups.
    """
    import holidays  # noqa: PLC0415  # 60 ms that only a pack with a calendar should cost

    country, part = HOLIDAYS[calendar]
    days = holidays.country_holidays(country, subdiv=part, years=HOLIDAY_YEARS)
    return tuple(sorted(day.toordinal() for day in days if day.weekday() < 5))


def _arithmetic(operation: Callable[[float, float], float]) -> Binary:
    def apply(left: XValue, right: XValue) -> XValue:
        first, second = _number(left), _number(right)
        if first is None or second is None:
            return None
        try:
            return _number(operation(first, second))
        except (ZeroDivisionError, OverflowError, ValueError):
            return None

    return apply


_add, _subtract = _arithmetic(operator.add), _arithmetic(operator.sub)


def _plus(left: XValue, right: XValue) -> XValue:
    """A sum; of a date and a number of days, a date."""
    for day, days in ((left, right), (right, left)):
        if first := _as_date(as_text(day)):
            return _moved(first, _number(days))
    return _add(left, right)


def _minus(left: XValue, right: XValue) -> XValue:
    """A difference; of two dates, the days between them; of a date and a number of days, a date."""
    first, second = _as_date(as_text(left)), _as_date(as_text(right))
    if first and second:
        return float((first - second).days)
    if first:
        days = _number(right)
        return None if days is None else _moved(first, -days)
    return _subtract(left, right)


def _moved(day: date, days: float | None) -> XValue:
    try:
        return None if days is None else (day + timedelta(days=math.floor(days))).isoformat()
    except OverflowError:
        return None


def _selected(chosen: XValue, name: XValue) -> XValue:
    if chosen is None or isinstance(chosen, LeftOut):
        return True if chosen is not None and chosen == name else None
    return as_text(name) in as_text(chosen).split()


def _count_selected(chosen: XValue) -> XValue:
    nothing = chosen is None or isinstance(chosen, LeftOut)
    return None if nothing else float(len(as_text(chosen).split()))


def _not(value: XValue) -> XValue:
    truth = _truth(value)
    return None if truth is None else not truth


def _negative(value: XValue) -> XValue:
    number = _number(value)
    return None if number is None else -number


def _int(value: XValue) -> XValue:
    number = _number(value)
    return None if number is None else float(math.trunc(number))


def _round(value: XValue, places: XValue = 0.0) -> XValue:
    """Half up, as XPath and the published reports round; ``round(2.345, 2)`` is 2.35."""
    number, digits = _number(value), _number(places)
    if number is None or digits is None or not abs(digits) <= MAX_PLACES:
        return None
    exact = Decimal(repr(number)).scaleb(int(digits))
    return _number(float((exact + HALF).to_integral_value(ROUND_FLOOR).scaleb(-int(digits))))


def _of_numbers(operation: Callable[[list[float]], float]) -> Callable[..., XValue]:
    """One of any number of numbers, nothing where one of them is."""

    def apply(*values: XValue) -> XValue:
        numbers = [number for value in values if (number := _number(value)) is not None]
        return _number(operation(numbers)) if len(numbers) == len(values) else None

    return apply


def _is_there(value: XValue) -> bool:
    return value is not None and value != "" and not isinstance(value, LeftOut)


def _coalesce(*values: XValue) -> XValue:
    return next((value for value in values if _is_there(value)), None)


_BINARY: Final[dict[str, Binary]] = {
    "=": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<": _ordering(operator.lt),
    "<=": _ordering(operator.le),
    ">": _ordering(operator.gt),
    ">=": _ordering(operator.ge),
    "+": _plus,
    "-": _minus,
    "*": _arithmetic(operator.mul),
    "div": _arithmetic(operator.truediv),
    "mod": _arithmetic(math.fmod),
    "selected": _selected,
    "working_days": working_days,
}
_UNARY: Final[dict[str, Callable[[XValue], XValue]]] = {
    "not": _not,
    "boolean": _truth,
    "number": _number,
    "string": as_text,
    "count-selected": _count_selected,
    "int": _int,
    "-": _negative,
    "+": _number,
}
_OF_SEVERAL: Final[dict[str, Callable[..., XValue]]] = {
    "coalesce": _coalesce,
    "count": lambda *values: float(sum(map(_is_there, values))),
    "max": _of_numbers(max),
    "min": _of_numbers(min),
    "round": _round,
    "sum": _of_numbers(math.fsum),
}
_COMPARISONS: Final = frozenset({"=", "!=", "selected"})
_CONDITIONS: Final = _COMPARISONS | {"<", "<=", ">", ">=", "and", "or", "not", "boolean"}


class _XLSFormParser(XPath1Parser):
    """XPath 1.0 and the functions that XLSForm adds and packs may use."""


def _register(name: str, arguments: int | tuple[int, int | None]) -> None:
    _XLSFormParser.symbol_table.pop(name, None)  # XPath's own sum takes a set of nodes
    token_class = _XLSFormParser.function(name, nargs=arguments)

    def evaluate(self: Any, context: Any = None) -> Any:
        raise self.missing_context() if context is None else MissingContextError(name)

    token_class.evaluate = evaluate  # type: ignore[method-assign]  # elementpath's way to add one


_ARGUMENTS: Final[dict[str, int | tuple[int, int | None]]] = {
    TODAY: 0, "selected": 2, "count-selected": 1, "working_days": 2, "if": 3, "int": 1,
    "round": (1, 2),
    **dict.fromkeys(("coalesce", "count", "max", "min", "sum"), (1, None)),
}  # fmt: skip
for _name, _arguments in _ARGUMENTS.items():
    _register(_name, _arguments)
_XLSFormParser.build()

_TYPED: Final[Mapping[str, str]] = {
    **dict.fromkeys("\u00a0\u2007\u2009\u202f\u200b\ufeff", " "),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    "≤": "<=", "≥": ">=", "≠": "!=", "×": "*",
}  # fmt: skip
"""What word processors write for plain signs, and the sign that is meant."""
_PIECE = re.compile(
    r"""'[^']*'|"[^"]*"|\$\{(?P<name>[^{}]*)\}|\$"""
    r"""|[‘’‚‛](?P<single>[^‘’‚‛']*)[‘’‛']|[“”„‟](?P<double>[^“”„‟"]*)[“”‟"]"""
    f"|(?P<typed>[{''.join(_TYPED)}])"
)
"""What is looked at before parsing: a quoted text (left alone), a reference, a stray dollar, a text
in curly quotes, a word processor's sign."""
_CURLY = re.compile("[‘’‚‛“”„‟]")
_XML_NAME = re.compile(r"[^\W\d][\w.\-]*\Z")


def is_xml_name(name: str) -> bool:
    """Whether XLSForm takes this as a question's name."""
    return bool(_XML_NAME.match(name))


def compile_expression(source: str, holidays: str | None = None) -> Expression:
    """Parse an XLSForm expression and compile it.

    ``holidays`` is the pack's calendar (:data:`HOLIDAYS`), which ``working_days`` then leaves out.
    Raises :class:`ExpressionError` for what is no expression, or uses more than packs may.
    """
    if holidays is not None and holidays not in HOLIDAYS:
        raise ExpressionError(f"there is no calendar {holidays!r}, only {', '.join(HOLIDAYS)}")
    if len(source) > MAX_LENGTH:
        raise ExpressionError(f"it is longer than {MAX_LENGTH} characters")
    if source.count("(") > MAX_DEPTH:
        raise ExpressionError(f"it has more than {MAX_DEPTH} brackets")
    text = _PIECE.sub(_as_variable, source)
    binary = _BINARY
    if holidays is not None and "working_days" in source:
        days_off = bank_holidays(holidays)
        binary = {**_BINARY, "working_days": partial(working_days, days_off=days_off)}
    try:
        root = _XLSFormParser().parse(text)
        closure = _compile(root, binary)
    except (ElementPathError, RecursionError, ArithmeticError, ValueError) as exc:
        # ArithmeticError and ValueError: elementpath works out constant parts while it parses.
        if isinstance(exc, ExpressionError):
            raise
        curly = "; write its quotes straight, as in 'yes'" if _CURLY.search(text) else ""
        raise ExpressionError(f"{_plain(exc)}{curly}") from exc
    tokens = list(_walk(root))
    said = [_literal(token) for token in tokens]
    return Expression(
        source=source,
        names=tuple(dict.fromkeys(_name_of(token) for token in tokens if token.symbol == "$")),
        compared=tuple(chain.from_iterable(map(_compared, tokens))),
        results=tuple(_results(root)),
        texts=tuple(value for value in said if isinstance(value, str)),
        numbers=tuple(value for value in said if isinstance(value, float)),
        symbols=frozenset(
            f"unary {token.symbol}" if token.symbol in "+-" and len(token) == 1 else token.symbol
            for token in tokens
        ),
        root=_part(root),
        evaluate=closure,
        holds=_condition(root, closure),
    )


@lru_cache(maxsize=4_096)
def compiled_once(source: str, holidays: str | None = None) -> Expression:
    """The same with a cache: a pack is checked and then loaded, and repeats many expressions."""
    return compile_expression(source, holidays)


def both(first: Expression | None, second: Expression | None) -> Expression | None:
    """What holds where both hold, or the one that there is.

    It is put together, not compiled anew: together they may be longer than one expression may be.
    """
    if first is None or second is None:
        return first or second
    holds = _and(first.holds, second.holds)
    return Expression(
        source=f"({first.source}) and ({second.source})",
        names=tuple(dict.fromkeys((*first.names, *second.names))),
        compared=first.compared + second.compared,
        results=("true", "false"),
        texts=first.texts + second.texts,
        numbers=first.numbers + second.numbers,
        symbols=first.symbols | second.symbols | {"and"},
        root=Part("and", None, (first.root, second.root)),
        evaluate=holds,
        holds=holds,
    )


def _as_variable(piece: re.Match[str]) -> str:
    """Write ``${q}`` as XPath's ``$q``, padded so that the columns in messages stay right.

    Curly quotes become straight ones, and a word processor's signs the plain ones.
    """
    if piece[0] == "$":
        raise ExpressionError("a question is written ${name}, with braces")
    if piece["single"] is not None:
        return f"'{piece['single']}'"
    if piece["double"] is not None:
        return f'"{piece["double"]}"'
    if piece["typed"] is not None:
        return _TYPED[piece["typed"]]
    if piece["name"] is None:
        return piece[0]
    name = piece["name"].strip()
    if not is_xml_name(name):
        raise ExpressionError(f"${{{name}}} is no question's name")
    return f"${name}".ljust(len(piece[0]))


def _plain(exc: Exception) -> str:
    """Return elementpath's message without codes: ``unexpected '=' operator at column 6``."""
    text = re.sub(r"\[err:\w+\]\s*", "", str(exc))
    match = re.match(r"(?P<token>.*?) at line 1, column (?P<column>\d+): (?P<what>.*)", text, re.S)
    if match is None:
        return "it is nested too deeply" if isinstance(exc, RecursionError) else text
    return f"{match['what']} at column {match['column']}"


def _compile(token: Any, binary: Mapping[str, Binary], depth: int = 0) -> Closure:
    """Compile a token; ``binary`` holds the operators and functions with two arguments."""
    if depth > MAX_DEPTH:
        raise ExpressionError("it is nested too deeply")
    symbol: str = token.symbol
    if (value := _literal(token)) is not None:
        return lambda _: value
    if symbol in ("$", THIS):
        name = _name_of(token)
        return lambda values: values.get(name)
    if symbol == TODAY:
        return lambda values: values.get(TODAY_VALUE)
    if symbol == "(" and len(token) == 1:
        return _compile(token[0], binary, depth + 1)
    if symbol in ("=", "!=") and token[0].symbol == "$" and token[1].symbol == "(string)":
        return _compare_text(_name_of(token[0]), str(token[1].value), equal=symbol == "=")
    parts = [_compile(child, binary, depth + 1) for child in token]
    if symbol in ("and", "or") and len(parts) == 2:
        one, another = _condition(token[0], parts[0]), _condition(token[1], parts[1])
        return _and(one, another) if symbol == "and" else _or(one, another)
    if symbol == "if" and len(parts) == 3:
        test, then, other = _condition(token[0], parts[0]), parts[1], parts[2]
        return _if(test, then, other)
    if len(parts) == 2 and (operation := binary.get(symbol)):
        left, right = parts
        return lambda values: operation(left(values), right(values))
    if len(parts) == 1 and (unary := _UNARY.get(symbol)):
        (only,) = parts
        return lambda values: unary(only(values))
    if several := _OF_SEVERAL.get(symbol):
        return lambda values: several(*[part(values) for part in parts])
    raise ExpressionError(f"packs cannot use {token.value!r}")


def _condition(token: Any, closure: Closure) -> Condition:
    """Return a token's closure as a condition. Most already are, and cost nothing more."""
    if _unbracketed(token).symbol in _CONDITIONS:
        return cast(Condition, closure)
    return lambda values: _truth(closure(values))


def _and(first: Condition, second: Condition) -> Condition:
    def holds(values: Values) -> bool | None:
        left = first(values)
        if left is False:
            return False
        right = second(values)
        return right if left or right is False else None

    return holds


def _or(first: Condition, second: Condition) -> Condition:
    def holds(values: Values) -> bool | None:
        left = first(values)
        if left:
            return True
        right = second(values)
        return right if right or left is False else None

    return holds


def _if(test: Condition, then: Closure, other: Closure) -> Closure:
    def evaluate(values: Values) -> XValue:
        holds = test(values)
        if holds is None:
            return None
        return then(values) if holds else other(values)

    return evaluate


def _compare_text(name: str, text: str, *, equal: bool) -> Closure:
    """Compile ``${q} = 'yes'`` and ``${q} != 'yes'``, the most frequent comparisons by far.

    They give what :func:`_equal` gives, but a text is compared without a further call.
    """

    def compare(values: Values) -> XValue:
        value = values.get(name, "")
        same = value == text if value.__class__ is str else _equal(value, text)
        return same is equal

    return compare


# --- what an expression is made of ---


def _part(token: Any) -> Part:
    token = _unbracketed(token)
    if (value := _literal(token)) is not None:
        return Part("literal", value)
    if token.symbol in ("$", THIS):
        return Part("$", _name_of(token))
    return Part(token.symbol, None, tuple(map(_part, token)))


def _walk(token: Any) -> Iterator[Any]:
    """Yield the token and all tokens in it, but not the name inside a reference."""
    yield token
    for child in token if token.symbol != "$" else ():
        yield from _walk(child)


def _literal(token: Any) -> XValue | None:
    """Return the value of a literal, or None."""
    match token.symbol:
        case "(string)":
            return str(token.value)
        case "(integer)" | "(decimal)" | "(float)":
            return float(token.value)
        case "true" | "false":
            return bool(token.symbol == "true")
    return None


def _name_of(token: Any) -> str:
    """Return the name of the question that a token refers to, or ``.``."""
    return THIS if token.symbol == THIS else str(token[0].value)


def _compared(token: Any) -> Iterator[tuple[str, str]]:
    """Yield the name of the question and the text that a comparison compares, in either order."""
    if token.symbol in _COMPARISONS:
        left, right = _unbracketed(token[0]), _unbracketed(token[1])
        for one, other in ((left, right), (right, left)):
            if other.symbol == "(string)" and one.symbol in ("$", THIS):
                yield _name_of(one), str(other.value)


def _results(token: Any) -> Iterator[str]:
    """Yield the literal results as texts: the whole expression, or the branches of ``if()``."""
    token = _unbracketed(token)
    if token.symbol == "if":
        yield from _results(token[1])
        yield from _results(token[2])
    elif token.symbol == "coalesce":
        yield from chain.from_iterable(map(_results, token))
    elif (value := _literal(token)) is not None:
        yield as_text(value)
    elif token.symbol in _CONDITIONS:
        yield from ("true", "false")


def _unbracketed(token: Any) -> Any:
    while token.symbol == "(" and len(token) == 1:
        token = token[0]
    return token
