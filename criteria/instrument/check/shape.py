"""Check a pack's shape: its size and numbers, then its JSON Schema.

The schema's errors are reworded for authors: each part of ``pack.schema.json`` has a ``title``
(what it is) and a ``description`` (what to write there).
"""

import math
from collections.abc import Mapping
from typing import Any, Final, cast

from jsonschema import Draft202012Validator

from criteria.instrument.check.draft import Path, parts_of, text_of
from criteria.instrument.check.issues import quoted
from criteria.instrument.check.report import Report
from criteria.instrument.pack import JSON
from criteria.question_types import TYPES

MAX_DEPTH: Final = 32
"""No valid pack is nested half as deep."""
MAX_PARTS: Final = 15_000
"""The largest of the published instruments has 4,700 objects, lists and values."""
MAX_BITS: Final = 1_024
"""No number in a valid pack is half as long."""


def check_values(report: Report) -> bool:
    """Check depth, size, numbers and repeated keys; return False if the rest cannot be checked."""
    sound, parts = True, 0
    waiting: list[tuple[Path, Any]] = [((), report.document)]
    while waiting:
        path, value = waiting.pop()
        if len(path) > MAX_DEPTH:
            report.add(path[:4], "nested_too_deeply", depth=MAX_DEPTH)
            return False
        for key in getattr(value, "repeated", ()):
            report.add((*path, key), "key_repeated", key=key)
        if isinstance(value, dict | list):
            parts += len(value)
            if parts > MAX_PARTS:
                report.add((), "too_many_parts", most=MAX_PARTS)
                return False
            waiting.extend(((*path, part), item) for part, item in parts_of(value))
        elif isinstance(value, float) and not math.isfinite(value):
            report.add(path, "not_a_finite_number", value=quoted(value))
        elif isinstance(value, int) and value.bit_length() > MAX_BITS:
            report.add(path, "not_a_finite_number", value=quoted(value))
            sound = False
    return sound


def validator_of(schema: JSON) -> Draft202012Validator:
    """Make a validator whose references are expanded, as following them takes half the time."""

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
    """Report the schema's errors: one for each place, and each missing property."""
    missing: set[Path] = set()
    for error in validator.iter_errors(report.document):
        path: Path = tuple(error.absolute_path)
        if "propertyNames" in error.absolute_schema_path:
            path = (*path, error.instance)
        schema, value = cast(Mapping[str, Any], error.schema), cast(Any, error.instance)
        if error.validator == "required":
            if path not in missing:  # one error for each property, which it does not name
                _report_missing(report, path, schema, value)
            missing.add(path)
        elif not report.is_faulty(path):
            _report_error(report, path, str(error.validator), schema, value)


def _report_missing(report: Report, path: Path, schema: Mapping[str, Any], there: JSON) -> None:
    owner = schema["title"]
    for name in schema["required"]:
        if name == "label" and name not in there:
            report.add(path, "label_missing", owner=owner)
        elif name not in there:
            report.add(path, "property_missing", name=name, owner=owner)


def _report_error(
    report: Report, path: Path, keyword: str, schema: Mapping[str, Any], value: Any
) -> None:
    """Report an error by the schema's ``keyword``; other keywords are about a single value."""
    title = schema["title"]
    if keyword == "additionalProperties":
        known = schema["properties"]
        others = [name for name in known if name not in value]
        for name in value:
            if name not in known:
                place = (*path, name)
                report.add_missing(place, "property_unknown", str(name), others, owner=title)
    elif keyword == "type":
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        said = {"title": title, "value": quoted(value), "remedy": schema["description"]}
        expected = " or ".join(TYPE_WORDS[one] for one in types)
        report.add(path, "wrong_type", expected=expected, **said)
    elif (keyword in ("minItems", "minProperties") and not value) or (
        isinstance(value, str) and not value.strip()
    ):
        report.add(path, "nothing_there", title=title)
    elif title == "a type":
        _report_question_type(report, path, value)
    else:
        near = report.near(text_of(value), schema.get("enum", ()))
        said = {"title": title, "value": quoted(value), "remedy": schema["description"]}
        report.add(path, "wrong_value", near, **said)


def _report_question_type(report: Report, path: Path, value: str) -> None:
    kind, _, rest = value.strip().partition(" ")
    if kind not in TYPES:
        near = report.near(kind, TYPES)
        report.add(path, "type_unknown", near, kind=kind, kinds=", ".join(TYPES))
    elif not rest.strip() and TYPES[kind].takes_list:
        report.add(path, "type_without_list", kind=kind)
    else:
        report.add(path, "type_with_too_much", kind=kind, rest=rest.strip())


TYPE_WORDS: Final = {
    "string": "a text in quotes",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "array": "a list in [ ]",
    "object": "an object in { }",
}
