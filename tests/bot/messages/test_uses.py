"""Every message that the product says exists, is given exactly its values, and none is unused."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jinja2
import pytest

from bot.messages import say

ROOT = Path(__file__).parents[3]
ROOMS = ("bot", "criteria", "dialogs", "storage")
PLACEHOLDERS = {name: set(re.findall(r"\$(\w+)", source)) for name, source in say.sources.items()}


@dataclass(frozen=True)
class Use:
    """One call of ``say``: which messages it may say, and the names of the values it gives."""

    place: str
    messages: frozenset[str]
    values: frozenset[str]
    open: bool = False
    """Given ``**values``, which are known only when it runs."""


def named(node: ast.expr, bound: dict[str, list[ast.expr]]) -> set[str] | None:
    """Return the messages that an expression may name; None if it does not show them."""
    match node:
        case ast.Constant(value=str(message)):
            return {message}
        case ast.JoinedStr(values=parts):
            pattern = "".join(
                re.escape(part.value) if isinstance(part, ast.Constant) else r"[\w-]+"
                for part in parts
            )
            return {name for name in PLACEHOLDERS if re.fullmatch(pattern, name)} or None
        case ast.BinOp(left=ast.Constant(value=str(prefix)), op=ast.Add()):
            return {name for name in PLACEHOLDERS if name.startswith(prefix)} or None
        case ast.IfExp(body=body, orelse=other):
            both = [named(body, bound), named(other, bound)]
            return None if None in both else set().union(*filter(None, both))
        case ast.Name(id=name) if name in bound:
            others = {one: values for one, values in bound.items() if one != name}
            every = [named(value, others) for value in bound[name]]
            return None if None in every else set().union(*filter(None, every))
    return None


def assigned(function: ast.AST) -> dict[str, list[ast.expr]]:
    """Return what each local name of a function is set to."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, []).append(node.value)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
            target = node.targets[0]
            for one, value in zip(getattr(target, "elts", ()), node.value.elts, strict=False):
                if isinstance(one, ast.Name):
                    found.setdefault(one.id, []).append(value)
    return found


def in_python(path: Path) -> Iterator[Use]:
    tree = ast.parse(path.read_text("utf-8"))
    inside: dict[int, dict[str, list[ast.expr]]] = {}
    for function in ast.walk(tree):  # outer functions come first, inner ones overwrite them
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            names = assigned(function)
            inside |= {id(node): names for node in ast.walk(function)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        if not (
            (isinstance(node.func, ast.Name) and node.func.id == "say")
            or (isinstance(node.func, ast.Attribute) and node.func.attr == "say")
        ):
            continue
        place = f"{path.relative_to(ROOT)}:{node.lineno}"
        messages = named(node.args[0], inside.get(id(node), {}))
        assert messages is not None, f"{place} does not show which message it says"
        yield Use(
            place,
            frozenset(messages),
            frozenset(one.arg for one in node.keywords if one.arg),
            open=any(one.arg is None for one in node.keywords),
        )


def in_template(path: Path) -> Iterator[Use]:
    tree = jinja2.Environment(autoescape=True).parse(path.read_text("utf-8"))
    for call in tree.find_all(jinja2.nodes.Call):
        if isinstance(call.node, jinja2.nodes.Name) and call.node.name == "say":
            place = f"{path.relative_to(ROOT)}:{call.lineno}"
            assert isinstance(call.args[0], jinja2.nodes.Const), place
            values = frozenset(one.key for one in call.kwargs)
            yield Use(place, frozenset({call.args[0].value}), values)


def uses() -> Iterator[Use]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if path.parent != ROOT / "bot" / "messages":
                yield from in_python(path)
        for path in sorted((ROOT / room).rglob("*.j2")):
            yield from in_template(path)


@pytest.fixture(scope="module")
def said() -> list[Use]:
    return list(uses())


def test_every_message_that_is_said_is_in_the_catalogue(said: list[Use]) -> None:
    assert [use for use in said if not use.messages <= PLACEHOLDERS.keys()] == []


def test_every_message_is_given_exactly_its_values(said: list[Use]) -> None:
    """Where it is one of several, each value is one of them's."""
    wrong = [
        use
        for use in said
        if not use.open
        and (
            any(not PLACEHOLDERS[message] <= use.values for message in use.messages)
            or use.values != set().union(*(PLACEHOLDERS[message] for message in use.messages))
        )
    ]
    assert wrong == []


def test_every_message_of_the_catalogue_is_said(said: list[Use]) -> None:
    assert PLACEHOLDERS.keys() - {message for use in said for message in use.messages} == set()
