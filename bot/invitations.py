"""Invitations: single-use codes that expire. Only a code's hash is kept."""

import re
import secrets
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from criteria.inspection import Role, next_person
from dialogs.turn import iso
from storage.changes import InvitationAdded
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


async def invite(store: Store, inspection_id: str, role: Role, now: datetime) -> tuple[str, str]:
    """Make an invitation. Return the code, which is shown this once, and the person it is for."""
    code, invitation = await new_invitation(store, inspection_id, role, now)
    added = InvitationAdded(inspection_id, invitation)
    await store.change(added, at=iso(now), by=None, event="InvitationAdded")
    return code, invitation.person


async def new_invitation(
    store: Store, inspection_id: str, role: Role, now: datetime, update: str | None = None
) -> tuple[str, Invitation]:
    """A code with its invitation, for a person whose reference is free; nothing is kept yet."""
    assigned = [line.inspector for line in await store.overview(inspection_id) if line.inspector]
    taken = set(await store.former_people(inspection_id))
    taken |= {member.person for member in (await store.members(inspection_id)).values()}
    taken |= {
        invitation.person
        for invitation in await store.invitations(inspection_id)
        if usable(invitation, now)
    }
    person = next_person(role, assigned, taken)
    return new_code(Invitation("", role, person, "", update=update), now)


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
