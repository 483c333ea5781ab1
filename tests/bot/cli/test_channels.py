"""``try`` and ``serve``."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from criteria.instrument.load import PACKS
from tests.bot.cli.command_line import PACK, SAMPLE, TIMEOUT, CommandLine, Done
from tests.telegram_server import BOT_USERNAME, TOKEN, TelegramServer

pytestmark = pytest.mark.long


def test_try_reads_a_conversation_from_a_pipe(casewalk: CommandLine) -> None:
    shown = casewalk("try", given="male\nwhite\n").stdout
    assert "✓ A1 Male\nC001 · A2 · " in shown
    assert "✓ A2 White\nC001 · A3 · " in shown
    assert not list(casewalk.folder.iterdir()), "without --data nothing is left behind"


def test_try_goes_on_where_it_was_left(casewalk: CommandLine) -> None:
    first = casewalk("try", "--data", "demo", "--record", "talk.json", given="male\nwhite\n").stdout
    assert "talk.json" in first
    assert "C001 · A3 · " in casewalk("try", "--data", "demo").stdout
    talk = json.loads((casewalk.folder / "talk.json").read_text("utf-8"))
    assert talk["pack"] == PACK
    assert [step["event"]["type"] for step in talk["steps"]] == [
        *("CaseOpened", "TextReceived", "TextReceived"),
    ]


def test_try_walks_a_pack_of_ones_own_and_refuses_what_is_none(casewalk: CommandLine) -> None:
    pack = json.loads((PACKS / f"{PACK}.json").read_text("utf-8"))
    pack["settings"] |= {"form_id": "mine", "form_title": "Mine"}
    mine = casewalk.write("mine.json", pack)
    assert casewalk("try", "--pack", mine, given="male\n").stdout.startswith("Mine: a demo")
    del pack["forms"]
    message = casewalk.refused("try", "--pack", casewalk.write("bad.json", pack))
    assert "casewalk check bad.json" in message
    casewalk.refused("try", "--data", "mine.json")
    casewalk.refused("try", "--record", "nowhere/talk.json")


def test_serve_without_a_usable_setting_says_which(casewalk: CommandLine) -> None:
    assert "TELEGRAM_BOT_TOKEN" in casewalk.refused("serve")
    token = {"TELEGRAM_BOT_TOKEN": TOKEN}
    assert "BotFather" in casewalk.refused("serve", TELEGRAM_BOT_TOKEN="nonsense")
    assert "TELEGRAM_API_URL" in casewalk.refused("serve", TELEGRAM_API_URL="localhost", **token)
    assert "--listen" in casewalk.refused(
        "serve", "--webhook", "https://example.org/bot", "--listen", "here", **token
    )
    assert "web address" in casewalk.refused("serve", "--webhook", "here", **token)


@contextlib.contextmanager
def serving(casewalk: CommandLine, telegram: TelegramServer) -> Iterator[None]:
    """``casewalk serve`` until the block is left; it must then stop as it was asked to."""
    casewalk.environment |= {
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.url,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve"],
        cwd=casewalk.folder,
        env=casewalk.environment,
        stderr=subprocess.PIPE,
    )
    try:
        yield
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=TIMEOUT)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0, log.decode()
    assert not any(bad in log.decode() for bad in (" ERROR ", "Traceback", TOKEN)), log.decode()


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


async def beside(run: Callable[..., Done], *arguments: str, code: int = 0) -> Done:
    return await asyncio.to_thread(run, *arguments, code=code)


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGTERM")
async def test_commands_work_beside_a_running_bot_and_a_second_bot_is_refused(
    casewalk: CommandLine, telegram: TelegramServer
) -> None:
    sample = casewalk.write("sample.csv", SAMPLE)
    with serving(casewalk, telegram):
        await telegram.until(lambda: telegram.calls["getUpdates"] > 0, TIMEOUT)
        await beside(casewalk, "new", PACK, "--title", "Week", "--cases", sample)
        second = await beside(casewalk, "serve", code=1)
        assert "Another bot is serving from" in second.stderr
        invited = await beside(casewalk, "invite", "week", "--role", "inspector")
        code, link = invited.stdout.split()
        assert link == f"https://t.me/{BOT_USERNAME}?start={code}"

        user = telegram.user()
        await user.send(f"/start {code}", wait=TIMEOUT)
        await user.send("/case C001", wait=TIMEOUT)
        await user.tap("White", wait=TIMEOUT)
        await user.sees("✓ A2 White", TIMEOUT)

        exported = await beside(casewalk, "export", "week", "--format", "json")
        document = json.loads(exported.stdout)
        first, other, _ = document["cases"]
        assert first["profile"] == {"gender": "male", "ethnicity": "white", "mappa": "no"}
        # Imported beside an open case, and into it: the chat goes on with both.
        first["answers"] = {"plan_reviewed": {"value": "yes"}}
        other["profile"]["gender"] = "female"
        await beside(casewalk, "import", "week", casewalk.write("more.json", document))
        await user.tap("Yes", wait=TIMEOUT)
        await user.sees("✓ A3 Yes", TIMEOUT)
        await beside(casewalk, "import", "later", "more.json")
    first, other, _ = casewalk.document("week")["cases"]
    assert (first["profile"]["high_risk_register"], first["profile"]["ethnicity"]) == (
        *("yes", "white"),
    )
    assert first["answers"]["plan_reviewed"]["value"] == "yes"
    assert other["profile"] == {"gender": "female", "mappa": "yes"}
    # The import was a step of the case there, and its beginning here.
    assert casewalk.document("later")["cases"][1] == {**other, "version": other["version"] - 1}
