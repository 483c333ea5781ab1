"""Check figures, and tell the findings apart."""

from __future__ import annotations

from typing import Any

from criteria.verify.verify import Finding, Level, verify
from tests import DATA

PUBLISHED = (DATA / "published_figures.json").read_text("utf-8")


def check(**table: Any) -> list[Finding]:
    return verify({"tables": [{"id": "t", **table}]})


def at(findings: list[Finding], level: Level) -> list[tuple[str, str]]:
    return [(one.what, one.would_fit) for one in findings if one.level is level]


def cannot_be(**table: Any) -> list[str]:
    return [what for what, _ in at(check(**table), Level.CANNOT_BE)]


def statement(**figures: Any) -> list[Finding]:
    return check(kind="body_statement", question="Was it?", **figures)


def only(findings: list[Finding]) -> Finding:
    (finding,) = findings
    return finding
