"""The commands that converse: ``try`` in the terminal, ``serve`` on Telegram."""

import argparse
import asyncio
import logging
import sys
import tempfile
from functools import partial
from pathlib import Path

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.quiet_logs import HideToken, quiet_libraries
from bot.channels.telegram.retry import FOR_THE_CONNECTION
from bot.channels.telegram.webhook import Webhook
from bot.channels.terminal import CHAT, Terminal, piped_lines, read_any_text
from bot.cli.input import (
    InputError,
    check_folder,
    check_target,
    now,
    now_iso,
    open_store,
    write_bytes,
)
from bot.heartbeat import Heartbeat
from bot.messages import say
from bot.pipeline import Pipeline
from bot.recording import Recorder
from bot.running import collect_rarely, look_through
from bot.settings import read_settings
from criteria.case import Case
from criteria.case_status import initial_status
from criteria.inspection import Inspection, Member, Role
from criteria.instrument.load import DEMO_PACK, read_pack
from criteria.instrument.pack import Pack
from storage.changes import BotNamed
from storage.errors import InUse
from storage.file_journal import FileJournal
from storage.store import Store

DEMO_CASES = ("C001", "C002", "C003")
DEMO_INSPECTION = "demo"


async def talk(options: argparse.Namespace) -> None:
    pack = read_pack(options.pack or DEMO_PACK)
    with tempfile.TemporaryDirectory(prefix="casewalk-") as until_left:
        await _converse(pack, options.data or Path(until_left), options)


async def _converse(pack: Pack, directory: Path, options: argparse.Namespace) -> None:
    person = sys.stdin.isatty() and sys.stdout.isatty()
    read_any_text()
    check_folder(directory)
    if options.record:
        check_target(options.record)
    logging.basicConfig(level=logging.CRITICAL)
    try:
        store = Store(FileJournal(directory, exclusive=True))
    except InUse as exc:
        raise InputError(say("cli-open-already", directory=directory)) from exc
    try:
        known = {inspection.id: inspection for inspection in await store.inspections()}
        name = DEMO_INSPECTION if pack.name == DEMO_PACK else f"demo-{pack.name}"[:32]
        if name not in known:
            await _make_demo(store, name, pack)
        await store.add_member(name, CHAT, Member("I1", Role.LEAD), at=now_iso())
        pinned = await store.pack(name)
        if pinned.document != pack.document:
            print(f"{say('cli-old-demo', version=pinned.version, directory=directory)}\n")
        recorder = Recorder(pinned, name) if options.record else None
        clock = partial(now, read_settings().time_zone)
        pipeline = Pipeline(store, clock, recorder.step_seen if recorder else None)
        print(_greeting(pinned, directory if options.data else None, person=person))
        opening = await _opening(store)
        await Terminal(None if person else piped_lines(), opening=opening).run(pipeline)
        if recorder:
            write_bytes(options.record, recorder.dump())
            print(f"\n{say('cli-recorded', path=options.record)}")
        if options.data:
            print(f"\n{say('cli-demo-kept', directory=directory)}")
    finally:
        await store.close()


async def _opening(store: Store) -> str:
    """Open the case that was open, else the first of the demo: straight to a question."""
    chat = await store.chat_state(CHAT)
    return "/case" if chat and chat.session.case else f"/case {DEMO_CASES[0]}"


async def _make_demo(store: Store, name: str, pack: Pack) -> None:
    form = pack.case_form
    cases = [Case(case, form.name, "I1", initial_status("I1")) for case in DEMO_CASES]
    title = say("cli-demo", title=pack.text(pack.title))
    inspection = Inspection(name, title, pack.name, pack.version)
    await store.create_inspection(inspection, pack, cases, at=now_iso())


def _greeting(pack: Pack, directory: Path | None, *, person: bool) -> str:
    kept = say("cli-kept-in", directory=directory) if directory else say("cli-kept-until-left")
    leave = say("cli-leave") if person else ""
    return say(
        "cli-demo-intro", title=pack.text(pack.title), cases=len(DEMO_CASES), kept=kept, leave=leave
    )


async def serve_bot(options: argparse.Namespace) -> None:
    settings = read_settings()
    if not settings.token:
        raise InputError(say("cli-no-token"))
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    for handler in logging.getLogger().handlers:
        handler.addFilter(HideToken(settings.token))
    quiet_libraries()
    webhook = None
    if options.webhook:
        host, port = _host_and_port(options.listen)
        webhook = Webhook(options.webhook, host, port, settings.webhook_secret)
    async with open_store(exclusive=True, waits=FOR_THE_CONNECTION.waits) as store:
        collect_rarely()
        background = [asyncio.create_task(look_through(store))]
        heartbeat = Heartbeat(settings.heartbeat) if settings.heartbeat else None
        if heartbeat and webhook:
            background.append(asyncio.create_task(heartbeat.keep_beating()))

        async def remember(username: str) -> None:
            await store.change(BotNamed(username), at=now_iso(), by=None, event="BotNamed")

        try:
            channel = TelegramChannel(
                settings.token,
                settings.api_url,
                webhook=webhook,
                on_username=remember,
                beat=heartbeat.beat if heartbeat else None,
            )
            clock, secret = partial(now, settings.time_zone), settings.token.encode()
            await channel.run(Pipeline(store, clock, secret=secret))
        finally:
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)


def _host_and_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65_535:
        raise InputError(say("cli-bad-listen", text=text))
    return host, int(port)
