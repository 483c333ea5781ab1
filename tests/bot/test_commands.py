"""The commands: what the contract promises works, is in /help and in Telegram's menu, by role."""

from __future__ import annotations

import ast
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.commands import COMMANDS, TEXTS, Typed, commands_for, read_command
from bot.messages import say
from bot.pipeline import Pipeline
from criteria.inspection import Member, Role
from storage.store import Store
from tests.bot.telegram_harness import serving
from tests.bot.test_conversation_telegram import AT, join, make_store, now
from tests.telegram_server import TelegramServer, User

EVERYBODYS = (
    *("case", "cases", "next", "back", "goto", "note", "review", "submit", "undo"),
    *("progress", "summary"),
    *("export", "help", "language"),
)
LEADS = ("team", "assign", "invite", "compare", "findings")
"""The contract's commands, beside /start."""

INSPECTORS_WALK = (
    ("/start", "You are I1, inspector of “Week one”."),
    ("/cases", "C001: not begun, 0 of 7"),
    ("/case C001", "C001 · A1 · 1 of 7\nSex?"),
    ("/next", "C001 · B1 · 2 of 7"),
    ("/back", "C001 · A1 · 1 of 7"),
    ("/goto B3", "C001 · B3 · "),
    ("/note a plain note", "✓ Note on B3 kept as"),
    ("/note", "Your next message is the note on B3"),
    ("/cancel", "C001 · B3 · "),
    ("/review", "C001 · review · 0 of 7 answered"),
    ("/undo", "What you last added to B3 is taken back."),
    ("/clear", "That question has no answer"),
    ("/submit", "Not yet: 6 still to answer."),
    ("/reopen", "C001 is not submitted"),
    ("/progress", "C001: 0 of 7 answered (0%)"),
    ("/summary", "Week one, your cases: 0 of 2 cases submitted"),
    ("/export", "Which file?"),
    ("/export csv", "2 cases, as they stand now."),
    ("/switch", "You serve in “Week one” only."),
    ("/language", "Which language"),
    ("/language cy", "Questions are now in Cymraeg."),
    ("/privacy", "your reference, I1; which Telegram chat you are"),
    ("/help", "Tap an answer, or type it"),
)
LEADS_WALK = (
    ("/start", "You are L1, lead of “Week one”."),
    ("/team", "The team of “Week one”:"),
    ("/assign", "Which cases, and to whom?"),
    ("/assign C002 I2", "I know nobody called I2 here."),
    ("/invite", "Whom?"),
    ("/invite inspector", "A code for one inspector, I2"),
    ("/return", "Which case?"),
    ("/second", "Which case, and who reads it?"),
    ("/agreement", "No case has two finished readings yet."),
    ("/agree", "Which case?"),
    ("/findings", "There is nothing to find yet"),
    ("/recommend", "No recommendation yet."),
    ("/compare", "This follows up no inspection"),
    ("/digest", "When should I message you about progress?"),
    ("/new", "Which instrument?"),
)


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
async def store(tmp_path: Path) -> Store:
    return await make_store(tmp_path / "data")


def names(role: Role | None) -> list[str]:
    return [name for name, _ in commands_for(say, role)]


def test_every_command_of_the_contract_is_offered_to_its_role() -> None:
    assert set(EVERYBODYS) <= set(names(Role.INSPECTOR))
    assert {*EVERYBODYS, *LEADS} <= set(names(Role.LEAD))
    assert not {name for name in names(Role.INSPECTOR) if COMMANDS[name].lead}
    assert names(None) == ["start"]


def test_every_command_that_is_shown_is_described_and_nothing_else_is() -> None:
    """A command that is not shown is a button's, which says itself what it does."""
    assert described("command-about-") == {
        name for name, command in COMMANDS.items() if command.shown
    }


def test_telegram_takes_every_name_and_description() -> None:
    """https://core.telegram.org/bots/api#botcommand"""
    for role in (None, *Role):
        offered = commands_for(say, role)
        assert len(offered) <= 100
        for name, description in offered:
            assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
            assert 1 <= len(description) <= 256


def test_every_text_that_is_asked_for_has_somebody_who_takes_it() -> None:
    """Those asked for outside a case, wherever a handler calls ``asked_for``."""
    asked = set()
    for path in Path("bot/handlers").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "asked_for":
                what = node.args[1]
                assert isinstance(what, ast.Constant)
                asked.add(what.value)
    assert asked == set(TEXTS) == described("asked-for-")


def described(family: str) -> set[str]:
    return {one.removeprefix(family) for one in say.sources if one.startswith(family)}


async def walk(user: User, steps: tuple[tuple[str, str], ...]) -> None:
    for text, answer in steps:
        await user.send(text)
        await user.quiet(0.01)
        shown = [message.text for message in user.replies()[-2:]]
        assert any(answer in one for one in shown), (text, shown)


async def test_every_command_of_the_list_works(telegram: TelegramServer, store: Store) -> None:
    """An inspector's, then a lead's; what is shown to a role is walked by it."""
    walked = [{text.split()[0][1:] for text, _ in steps} for steps in (INSPECTORS_WALK, LEADS_WALK)]
    assert walked[0] == {"start", *names(Role.INSPECTOR)}
    assert walked[1] >= set(names(Role.LEAD)) - set(names(Role.INSPECTOR))
    async with serving(telegram, Pipeline(store, now)):
        inspector, lead = telegram.user(), telegram.user()
        await join(store, inspector)
        await join(store, lead, Role.LEAD)
        await walk(inspector, INSPECTORS_WALK)
        await walk(lead, LEADS_WALK)
        for name in set(names(Role.LEAD)) - set(names(Role.INSPECTOR)):
            await inspector.send(f"/{name}")
            assert inspector.replies()[-1].text == say("lead-only", command=name)


@pytest.mark.parametrize("role", list(Role))
async def test_help_lists_what_the_role_may_use_and_nothing_else(
    telegram: TelegramServer, store: Store, role: Role
) -> None:
    async with serving(telegram, Pipeline(store, now)):
        user = telegram.user()
        await join(store, user, role)
        await user.send("/help")
        listed = re.findall(r"^/(\w+) – ", user.replies()[-1].text, re.MULTILINE)
    assert listed == names(role)


async def test_the_menu_follows_the_role(telegram: TelegramServer, store: Store) -> None:
    """Also of one who says nothing meanwhile: a lead changes it, and it is changed."""
    async with serving(telegram, Pipeline(store, now)):
        stranger, lead, user = telegram.user(), telegram.user(), telegram.user()
        await stranger.send("hello")
        await join(store, lead, Role.LEAD)
        await join(store, user)
        await user.quiet()
        assert stranger.menu() == ["start"]
        assert lead.menu() == names(Role.LEAD)
        assert user.menu() == names(Role.INSPECTOR)
        for text, menu in (
            ("/role I1 lead", names(Role.LEAD)),
            ("/role I1 inspector", names(Role.INSPECTOR)),
            ("/remove I1 yes", ["start"]),
        ):
            await lead.send(text)
            await lead.quiet()
            assert user.menu() == menu
        assert user.chat.chat_id not in telegram.menus, "none of its own is left"
        await user.send("/cases")
        assert user.replies()[-1].text == say("stranger")


async def test_ones_own_menu_goes_with_the_role_that_one_gives_away(
    telegram: TelegramServer, store: Store
) -> None:
    await store.add_member("week", "tg-50", Member("L9", Role.LEAD), at=AT)
    async with serving(telegram, Pipeline(store, now)):
        lead = telegram.user()
        assert await join(store, lead, Role.LEAD) == "L1"
        await lead.send("/role L1 inspector")
        await lead.quiet()
        assert lead.menu() == names(Role.INSPECTOR)


async def test_who_is_removed_keeps_the_menu_of_where_else_they_sit(
    telegram: TelegramServer, store: Store
) -> None:
    async with serving(telegram, Pipeline(store, now)):
        lead, user = telegram.user(), telegram.user()
        await join(store, lead, Role.LEAD)
        await join(store, user)
        await lead.send("/new movement-of-cases-2004 Week two")
        await store.add_member("week-two", user.key, Member("L2", Role.LEAD), at=AT)
        await user.send("/cases")
        await user.quiet()
        assert user.menu() == names(Role.LEAD)
        await lead.send("/switch week")
        await lead.send("/remove I1 yes")
        await lead.quiet()
        assert user.menu() == names(Role.LEAD)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/case@casewalk_test_bot C001@x", Typed("case", "C001@x")),
        ("/note see a/b@c", Typed("note", "see a/b@c")),
        ("mail /me@example.org", None),
    ],
)
def test_a_command_may_name_the_bot(text: str, command: Typed | None) -> None:
    assert read_command(text) == command
