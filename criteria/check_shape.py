"""A pack's shape: what can be wrong with any JSON, and what its schema says.

The schema's errors are put in an author's words: a part of ``pack.schema.json`` has a ``title``
and a ``description``, which say what stands there and what to write.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from jsonschema import Draft202012Validator, ValidationError

from criteria import pack_issues as issues
from criteria.check_draft import Path, parts_of, text_of
from criteria.check_report import Report
from criteria.pack import JSON
from criteria.question_types import TYPES

MAX_DEPTH: Final = 32
"""No part of a pack is nested half as deep."""

MAX_PARTS: Final = 15_000
"""The largest of the published instruments has 4,700 objects, lists and values."""

MAX_BITS: Final = 1_024
"""No number of a pack is half as long."""


def check_values(report: Report) -> bool:
    """What can be wrong with any JSON; False where it is too deep or too much to go on."""
    sound, parts = True, 0
    waiting: list[tuple[Path, Any]] = [((), report.document)]
    while waiting:
        path, value = waiting.pop()
        if len(path) > MAX_DEPTH:
            report.add(path[:4], issues.nested_too_deeply, MAX_DEPTH)
            return False
        for key in getattr(value, "repeated", ()):
            report.add((*path, key), issues.key_repeated, key)
        if isinstance(value, dict | list):
            parts += len(value)
            if parts > MAX_PARTS:
                report.add((), issues.too_many_parts, MAX_PARTS)
                return False
            waiting.extend(((*path, part), item) for part, item in parts_of(value))
        elif isinstance(value, float) and not math.isfinite(value):
            report.add(path, issues.not_a_finite_number, value)
        elif isinstance(value, int) and value.bit_length() > MAX_BITS:
            report.add(path, issues.not_a_finite_number, value)
            sound = False
    return sound


def validator_of(schema: JSON) -> Draft202012Validator:
    """The schema, its references put in place (following them takes half the time)."""

    def expanded(part: Any) -> Any:
        if isinstance(part, list):
            return [expanded(item) for item in part]
        if not isinstance(part, dict):
            return part
        if isinstance(reference := part.get("$ref"), str):
            part = schema["$defs"][reference.rpartition("/")[2]] | part
        kept = {key: expanded(item) for key, item in part.items() if key not in ("$ref", "$defs")}
        if isinstance(pattern := kept.get("pattern"), str) and pattern.endswith("$"):
            kept["pattern"] = pattern[:-1] + r"\Z"  # Python's $ also stands before a last newline
        return kept

    return Draft202012Validator(expanded(schema))


def check_shape(report: Report, validator: Draft202012Validator) -> None:
    missing: set[Path] = set()
    for error in validator.iter_errors(report.document):
        path: Path = tuple(error.absolute_path)
        if "propertyNames" in error.absolute_schema_path:
            path = (*path, error.instance)
        if error.validator == "required":
            if path not in missing:  # one error for each property, which it does not name
                _report_missing(report, path, error)
            missing.add(path)
        elif not report.is_faulty(path):
            SHAPE_PROBLEMS.get(str(error.validator), _report_value)(report, path, error)


def _report_missing(report: Report, path: Path, error: ValidationError) -> None:
    owner = _schema_of(error)["title"]
    required: Any = error.validator_value
    there: Any = error.instance
    for name in required:
        if name == "label" and name not in there:
            report.add(path, issues.label_missing, owner)
        elif name not in there:
            report.add(path, issues.property_missing, name, owner)


def _report_unknown(report: Report, path: Path, error: ValidationError) -> None:
    schema = _schema_of(error)
    known, there = schema["properties"], cast(JSON, error.instance)
    for name in there:
        if name not in known:
            near = report.near.of(str(name), [one for one in known if one not in there])
            report.add((*path, name), issues.property_unknown, str(name), schema["title"], near)


def _report_type(report: Report, path: Path, error: ValidationError) -> None:
    schema = _schema_of(error)
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    expected = " or ".join(TYPE_WORDS[one] for one in types)
    report.add(
        path, issues.wrong_type, error.instance, schema["title"], expected, schema["description"]
    )


def _report_empty(report: Report, path: Path, error: ValidationError) -> None:
    if error.instance:
        _report_value(report, path, error)  # something, but fewer than it takes
    else:
        report.add(path, issues.nothing_there, _schema_of(error)["title"])


def _report_value(report: Report, path: Path, error: ValidationError) -> None:
    """A pattern, a range, a length, a list of values."""
    schema, value = _schema_of(error), cast(Any, error.instance)
    if isinstance(value, str) and not value.strip():
        report.add(path, issues.nothing_there, schema["title"])
    elif schema["title"] == "a type":
        _report_question_type(report, path, value)
    else:
        near = report.near.of(text_of(value), schema.get("enum", ()))
        report.add(path, issues.wrong_value, value, schema["title"], schema["description"], near)


def _report_question_type(report: Report, path: Path, value: str) -> None:
    kind, _, rest = value.strip().partition(" ")
    if kind not in TYPES:
        report.add(path, issues.type_unknown, kind, list(TYPES), report.near.of(kind, TYPES))
    elif not rest.strip() and TYPES[kind].takes_list:
        report.add(path, issues.type_without_list, kind)
    else:
        report.add(path, issues.type_with_too_much, kind, rest.strip())


def _schema_of(error: ValidationError) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], error.schema)


SHAPE_PROBLEMS: Final[Mapping[str, Callable[[Report, Path, ValidationError], None]]] = {
    "additionalProperties": _report_unknown,
    "type": _report_type,
    "minItems": _report_empty,
    "minProperties": _report_empty,
}
"""By the schema's keyword; any other is about a value."""

TYPE_WORDS: Final = {
    "string": "a text in quotes",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "array": "a list in [ ]",
    "object": "an object in { }",
}
