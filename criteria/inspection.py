"""An inspection: one pack, pinned, the cases that are judged with it, and who judges them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    INSPECTOR = "inspector"
    LEAD = "lead"


class Right(StrEnum):
    """What somebody may do in an inspection."""

    ANSWER = "answer"
    """Fill the forms of cases,"""
    LEAD = "lead"
    """set up, assign, review, query and export."""


RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    Role.INSPECTOR: frozenset({Right.ANSWER}),
    Role.LEAD: frozenset({Right.ANSWER, Right.LEAD}),
}


@dataclass(frozen=True, slots=True)
class Inspection:
    """``{"id": "cheshire-2011", "title": "Cheshire", "follows": null}`` and its pinned pack.

    ``closed`` is when it was (ISO time in UTC): nothing changes any more. ``keep_until`` is the ISO
    date until which it is to be kept, None while nobody set one. ``time_zone`` is an IANA name
    (``Europe/London``), None for the bot's own.
    """

    id: str
    title: str
    pack_name: str
    pack_version: str
    follows: str | None = None
    closed: str | None = None
    keep_until: str | None = None
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A person in an inspection, known by a reference (``I1``, ``L1``) and never by a name."""

    person: str
    role: Role

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role]

    @property
    def is_lead(self) -> bool:
        return self.may(Right.LEAD)


def next_person(role: Role, assigned: Sequence[str], taken: Collection[str]) -> str:
    """Return the reference of the next person to join.

    An inspector takes the first one that cases are assigned to and nobody has; else the next free
    ``I<n>`` (``L<n>`` for a lead).
    """
    if role is Role.INSPECTOR:
        for person in assigned:
            if person not in taken:
                return person
    letter = "L" if role is Role.LEAD else "I"
    used = {*taken, *assigned}
    number = 1
    while f"{letter}{number}" in used:
        number += 1
    return f"{letter}{number}"


def inspection_id(title: str, taken: Collection[str]) -> str:
    """An id from a title: ``"Cheshire, 2011"`` → ``cheshire-2011``, numbered where it is taken."""
    base = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:28].strip("-") or "inspection"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name
