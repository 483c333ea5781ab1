"""Invitations: single-use codes that expire."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.invitations import (
    VALID_DAYS,
    code_hash,
    deep_link,
    invite,
    new_code,
    usable,
)
from criteria.inspection import Role
from storage.documents import Invitation
from tests.bot.handlers.office import WEEK, Office

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
BLANK = Invitation("", Role.INSPECTOR, "I1", "")


def test_a_code_is_kept_as_its_hash_and_taken_however_it_is_typed() -> None:
    code, invitation = new_code(BLANK, NOW)
    assert invitation.code_hash == code_hash(code) == code_hash(f" {code.lower()}\n")
    assert code not in repr(invitation)


def test_no_two_codes_are_alike_and_none_has_signs_that_look_alike() -> None:
    codes = {new_code(BLANK, NOW)[0] for _ in range(100)}
    assert len(codes) == 100
    assert not set("".join(codes)) & set("IO01")


def test_a_code_is_usable_until_it_expires_or_is_used() -> None:
    _, invitation = new_code(BLANK, NOW)
    assert usable(invitation, NOW + timedelta(days=VALID_DAYS, seconds=-1))
    assert not usable(invitation, NOW + timedelta(days=VALID_DAYS))
    assert not usable(replace(invitation, used_by="tg-1"), NOW)


def test_a_link_opens_the_bot_with_the_code() -> None:
    assert deep_link("casewalk_bot", "ABC") == "https://t.me/casewalk_bot?start=ABC"


@pytest.mark.parametrize(("role", "person"), [(Role.INSPECTOR, "I4"), (Role.LEAD, "L2")])
async def test_the_next_person_has_a_reference_that_nobody_has(
    office: Office, role: Role, person: str
) -> None:
    _, invited = await invite(office.store, WEEK, role, office.now)
    assert invited == person
    _, after = await invite(office.store, WEEK, role, office.now)
    assert after == f"{person[0]}{int(person[1]) + 1}"
