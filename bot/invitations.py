"""Invitations: single-use codes that expire. Only a code's hash is kept."""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, Literal

from bot.messages import Messages
from criteria.inspection import Role, next_person
from dialogs.turn import iso
from storage.changes import Change, InvitationAdded, InvitationRevoked
from storage.documents import Invitation
from storage.store import Store

VALID_DAYS: Final = 7
_SIGNS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH: Final = 16
"""80 random bits, without signs that look alike or that a messenger takes for formatting."""


MAX_FOUND: Final = 10
_PARTS: Final = re.compile(r"[^\W_]+")
_OWN_LINE: Final = re.compile(r"(?:^\s*/start(?:@\w+)?\s|[?&]start=)(?P<code>.*)", re.MULTILINE)


def code_hash(code: str) -> str:
    return sha256(code.strip().upper().encode()).hexdigest()


def codes_in(text: str) -> list[str]:
    """What may be a code in a text, whatever surrounds it; also one that is written in groups.

    ``“ABCD EFGH JKLM NPQR”.``, a link, the invitation as the lead got it.
    """
    parts = _PARTS.findall(unicodedata.normalize("NFKC", text).upper())
    found = []
    for start, part in enumerate(parts):
        groups, rest = divmod(_LENGTH, len(part))
        together = parts[start : start + groups]
        alike = all(len(one) == len(part) for one in together)
        code = "".join(together)
        if (
            len(part) > 1
            and not rest
            and alike
            and len(code) == _LENGTH
            and set(code).issubset(_SIGNS)
        ):
            found.append(code)
    return found[:MAX_FOUND]


def invitation_in(text: str) -> str | None:
    """The words after ``/start``, or after a link's ``start=``, where they hold a code."""
    found = (one["code"] for one in _OWN_LINE.finditer(text))
    return next((words for words in found if codes_in(words)), None)


class InvitationRefused(Exception):
    """Nobody can be invited so; ``reason`` is a key of the messages, ``person`` who was meant."""

    def __init__(
        self, reason: Literal["unknown", "erased", "role"], person: str, role: Role | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.person = person
        self.role = role

    def text(self, say: Messages) -> str:
        role = say(f"a-role-{self.role}") if self.role else ""
        return say(f"invite-refused-{self.reason}", person=self.person[:40], role=role)


async def invite(
    store: Store, inspection_id: str, role: Role, now: datetime, person: str = ""
) -> tuple[str, str]:
    """Make an invitation. Return the code, which is shown this once, and the person it is for.

    Raises :class:`InvitationRefused`.
    """
    code, made = await new_invitation(store, inspection_id, role, now, person)
    changes = await changes_for(store, inspection_id, made, now)
    await store.commit(changes, at=iso(now), by=None, event="InvitationAdded")
    return code, made.person


async def new_invitation(
    store: Store, inspection_id: str, role: Role, now: datetime, person: str = ""
) -> tuple[str, Invitation]:
    """A code with its invitation, for a person who is known, or else whose reference is free.

    Nothing is kept yet. Raises :class:`InvitationRefused`.
    """
    assigned = [line.inspector for line in await store.overview(inspection_id) if line.inspector]
    members = {one.person: one.role for one in (await store.members(inspection_id)).values()}
    former = await store.former_people(inspection_id)
    invited = [one.person for one in await open_invitations(store, inspection_id, now)]
    if not person:
        free = next_person(role, assigned, {*former, *members, *invited})
        return new_code(Invitation("", role, free, ""), now)
    named = person_named(person, [*members, *former, *invited, *assigned])
    if named is None:
        raise InvitationRefused("unknown", person)
    if named in former and former[named] is None:
        raise InvitationRefused("erased", named)
    if members.get(named, role) is not role:
        raise InvitationRefused("role", named, members[named])
    return new_code(Invitation("", role, named, "", again=named in {*members, *former}), now)


async def changes_for(
    store: Store, inspection_id: str, made: Invitation, now: datetime
) -> list[Change]:
    """What keeps an invitation: of several codes for one person, the last one works."""
    before = await open_invitations(store, inspection_id, now)
    void = [one.code_hash for one in before if one.person == made.person]
    return [
        *(InvitationRevoked(inspection_id, code) for code in void),
        InvitationAdded(inspection_id, made),
    ]


async def open_invitations(store: Store, inspection_id: str, now: datetime) -> list[Invitation]:
    return [one for one in await store.invitations(inspection_id) if usable(one, now)]


def person_named(text: str, people: Iterable[str]) -> str | None:
    """The reference that was typed, whatever the case of its letters."""
    return next((one for one in people if one.casefold() == text.casefold()), None)


def new_code(invitation: Invitation, now: datetime) -> tuple[str, Invitation]:
    """A fresh code, and this invitation under it."""
    code = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
    expires = iso(now + timedelta(days=VALID_DAYS))
    return code, replace(invitation, code_hash=code_hash(code), expires=expires)


def usable(invitation: Invitation, now: datetime) -> bool:
    return invitation.used_by is None and invitation.expires > iso(now)


def deep_link(username: str, code: str) -> str:
    """Opens the bot with the code ready: https://core.telegram.org/bots/features#deep-linking"""
    return f"https://t.me/{username}?start={code}"
