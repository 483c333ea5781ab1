"""Check an inspection file against its published schema, ``inspection.schema.json``.

Only the keywords that this schema uses are known here. The jsonschema package would take longer to
import than 140 cases take to score, minutes to check a thousand cases, and has no words for people;
the tests hold the two together.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson

from criteria.printable import printable

SCHEMA: Final = Path(__file__).with_name("inspection.schema.json")

_WORDS: Final = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_TYPES: Final = {
    str: "string", int: "integer", float: "number", bool: "boolean",
    list: "array", type(None): "null",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """``cases[3] C004, answers q1.2.b: "maybe" is no answer to it. Give one of yes, no, na.``"""

    place: str
    what: str
    remedy: str

    def __str__(self) -> str:
        end = "" if self.remedy.endswith("?") else "."
        place, what = printable(self.place, 120), printable(self.what, 200)
        return f"{place}: {what}. {printable(self.remedy, 400)}{end}"


class Doubled(dict[str, Any]):
    """An object of a document in which a key stood twice."""

    name: str

    @classmethod
    def or_dict(cls, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        doubled = cls(found)
        names = Counter(name for name, _ in pairs)
        doubled.name = names.most_common(1)[0][0]
        return doubled


def shape_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what the schema forbids, in the file's order."""
    return _object_problems("", document, _SCHEMA)


def _object_problems(
    place: str, given: Mapping[str, Any], schema: Mapping[str, Any]
) -> Iterator[Problem]:
    properties, others = schema.get("properties", {}), schema["additionalProperties"]
    here = place or "the file"
    if isinstance(given, Doubled):
        yield Problem(here, f"{shown(given.name)} stands twice", "Keep one of the two")
    for name in schema.get("required", ()):
        if name not in given:
            yield Problem(here, f'it has no "{name}"', f"Give {_wanted(properties[name])}")
    for name, value in given.items():
        part = properties.get(name, others)
        if not part:
            remedy = near(name, properties) or f"Leave it out, or take {listed(properties)}"
            yield Problem(here, f'there is no "{name}" here', remedy)
        elif not _fits(value, part):
            what = f'{shown(value)} cannot be its "{name}"'
            yield Problem(here, what, f"Give {_wanted(part)}")
        elif isinstance(value, dict):
            yield from _object_problems(_place(place, name, name in properties), value, part)
        elif isinstance(value, list):
            yield from _list_problems(_place(place, name, name in properties), value, part)


def _place(place: str, name: str, is_property: bool) -> str:
    """``cases[3] C004, answers q1.2.b``, where ``answers`` is a property."""
    return f"{place}{', ' if is_property else ' '}{name}" if place else name


def _list_problems(
    place: str, given: Iterable[Any], schema: Mapping[str, Any]
) -> Iterator[Problem]:
    part = schema["items"]
    for index, value in enumerate(given):
        where = item_place(place, index, value)
        if not _fits(value, part):
            yield Problem(where, f"{shown(value)} cannot stand here", f"Give {_wanted(part)}")
        elif isinstance(value, dict):
            yield from _object_problems(where, value, part)


def _fits(value: Any, schema: Mapping[str, Any]) -> bool:
    """Whether the value itself fits; what is in it is not looked at."""
    types = schema.get("type")
    if types is None:
        return value in schema["enum"]
    kind = _TYPES.get(type(value), "object")
    if kind not in types and not (kind == "integer" and "number" in types):
        return False
    if kind == "string" and "pattern" in schema:
        return re.fullmatch(schema["pattern"], value) is not None and (
            schema.get("format") != "date-time" or _is_time(value)
        )
    if kind == "integer" and "maximum" in schema:
        return bool(schema["minimum"] <= value <= schema["maximum"])
    if kind == "array" and "uniqueItems" in schema:
        return len(set(map(repr, value))) == len(value)
    return True


def _is_time(text: str) -> bool:
    """Whether there is such a day and hour; the pattern has looked at how it is written."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _wanted(schema: Mapping[str, Any]) -> str:
    if "title" in schema:
        return str(schema["title"])
    if "enum" in schema:
        return f"one of {', '.join(schema['enum'])}"
    return " or ".join(_WORDS[one] for one in schema["type"])


def _expanded(part: Any, definitions: Mapping[str, Any]) -> Any:
    """Put in place what ``$ref`` names, and make every ``type`` a list."""
    if isinstance(part, list):
        return [_expanded(one, definitions) for one in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        part = definitions[part["$ref"].removeprefix("#/$defs/")]
    if isinstance(part.get("type"), str):
        part = part | {"type": [part["type"]]}
    return {name: _expanded(one, definitions) for name, one in part.items()}


_RAW: Final = orjson.loads(SCHEMA.read_bytes())
_SCHEMA: Final[Mapping[str, Any]] = _expanded(_RAW, _RAW["$defs"])


# --- words -----------------------------------------------------------------------------------


def item_place(place: str, index: int, item: Any) -> str:
    """``cases[3] C004``"""
    reference = item.get("case") if isinstance(item, dict) else None
    return f"{place}[{index}]" + (f" {reference[:40]}" if isinstance(reference, str) else "")


def near(name: str, names: Iterable[str]) -> str | None:
    """``Did you mean "q1.2.b"?``, if one of the names is much like it."""
    from rapidfuzz import process  # noqa: PLC0415  # only where something is wrong

    found = process.extractOne(name[:80], [one[:80] for one in names], score_cutoff=75)
    return f'Did you mean "{found[0]}"?' if found else None


def listed(names: Iterable[str]) -> str:
    shown_names = list(names)
    return ", ".join(one[:40] for one in shown_names[:12]) + (
        f" … ({len(shown_names)} in all)" if len(shown_names) > 12 else ""
    )


def shown(value: Any) -> str:
    """The value as JSON, cut short."""
    if isinstance(value, list | dict) and len(value) > 10:
        return f"{'a list' if isinstance(value, list) else 'an object'} of {len(value)}"
    text = json.dumps(value[:80] if isinstance(value, str) else value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"
