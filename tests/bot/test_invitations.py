"""Invitations: single-use codes that expire."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.invitations import (
    VALID_DAYS,
    code_hash,
    codes_in,
    deep_link,
    invitation_in,
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


CODE = "ABCDEFGHJK234567"


@pytest.mark.parametrize(
    "text",
    [
        CODE, CODE.lower(), f"{CODE}.", f"<{CODE}>", f"“{CODE}”", f"code: {CODE}, thanks",
        f"*{CODE}*", "ABCD EFGH JK23 4567", "abcd-efgh-jk23-4567", "ABCD–EFGH–JK23–4567",
        "ABCDEFGH JK234567", f"https://t.me/casewalk_bot?start={CODE}",
        f"tg://resolve?domain=casewalk_bot&start={CODE}",
        f"A code for one inspector, I4. Pass it on:\n/start {CODE}\nOr this link: https://t.me/x",
        "ＡＢＣＤＥＦＧＨＪＫ２３４５６７",
    ],
)  # fmt: skip
def test_a_code_is_found_in_whatever_surrounds_it(text: str) -> None:
    assert codes_in(text) == [CODE]


@pytest.mark.parametrize(
    "text",
    ["", "hello", "Where do I get a code?", "C001", "ABCDEFGHJK23456", f"{CODE}8", "A B C D E F G"],
)
def test_what_holds_no_code_is_none(text: str) -> None:
    assert codes_in(text) == []


def test_a_text_of_many_words_gives_few_codes_to_look_up() -> None:
    assert len(codes_in(" ".join(["ABCD"] * 800))) <= 10


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"Pass it on:\n/start {CODE}\nOr this link", CODE),
        (f" /start@casewalk_bot {CODE}.", f"{CODE}."),
        (f"Or this link: https://t.me/casewalk_bot?start={CODE}", CODE),
        (f"the code {CODE}", None),
        ("we could /start then", None),
        ("/start C001", None),
    ],
)
def test_an_invitation_is_told_from_a_text_that_holds_such_a_word(
    text: str, found: str | None
) -> None:
    assert invitation_in(text) == found
