"""What can be wrong with a pack; ``issues.toml`` is the catalogue of its words."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from criteria.printable import printable

Level = Literal["error", "warning"]

CATALOGUE: Final[Mapping[str, Mapping[str, str]]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text("utf-8")
)
"""By code: what is wrong, as an ``error`` or a ``warning``, and the ``remedy``."""


@dataclass(frozen=True, slots=True)
class PackIssue:
    """``place`` reads ``forms[0].survey[12] (q1.2.b) relevant``; ``near`` is what may be meant."""

    code: str
    level: Level
    place: str
    problem: str
    remedy: str
    near: tuple[str, ...] = ()

    @property
    def is_error(self) -> bool:
        return self.level == "error"

    def __str__(self) -> str:
        meant = f" Did you mean {listed(self.near, ' or ')}?" if self.near else ""
        return f"{self.level} at {self.place}: {self.problem}.{meant}\n    {self.remedy}"


def pack_issue(code: str, place: str, /, near: Sequence[str] = (), **found: object) -> PackIssue:
    """Make an issue of the catalogue's entry ``code``, with ``found`` in its placeholders."""
    entry = CATALOGUE[code]
    level: Level = "error" if "error" in entry else "warning"
    problem, remedy = (printable(entry[part].format(**found)) for part in (level, "remedy"))
    return PackIssue(code, level, printable(place), problem, remedy, tuple(map(printable, near)))


def quoted(value: Any) -> str:
    """A value as the author wrote it, shortened: ``'yess'``, ``12``, ``true``, a list."""
    if isinstance(value, str):
        return f"'{value}'" if len(value) <= 60 else f"'{value[:59]}…'"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, int) and value.bit_length() > 200:
        return "a very long number"
    return str(value)


def quoted_source(source: str) -> str:
    """An expression between backticks, as it has quotes of its own."""
    return f"`{source}`" if len(source) <= 80 else f"`{source[:79]}…`"


def listed(names: Iterable[str], between: str) -> str:
    return between.join(f"'{one}'" for one in names)
