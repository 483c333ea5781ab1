"""An inspection: one pack, pinned, and the cases that are judged with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    INSPECTOR = "inspector"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Inspection:
    """``{"id": "cheshire-2011", "title": "Cheshire", "follows": null}`` and its pinned pack."""

    id: str
    title: str
    pack_name: str
    pack_version: str
    follows: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A person in an inspection, known by a reference (``I1``, ``L1``) and never by a name."""

    person: str
    role: Role
