"""The command line: ``casewalk``. Everything is put together here, in one visible place.

Each command imports what it needs when it runs, so that ``casewalk score`` need not wait for the
chat's libraries. Bad input ends with a message on standard error and exit code 1, wrong usage with
2.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from criteria.case import Case
    from criteria.comparison import RegionRange
    from criteria.pack import Pack
    from criteria.scoring import InspectionScore
    from storage.inspection_file import InspectionFile
    from storage.tinydb_store import TinyDBStore

DEMO_CASES = ("C001", "C002", "C003")
DEMO_INSPECTION = "demo"


class InputError(Exception):
    """What was given cannot be used; the message says where and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    options = _parser().parse_args(arguments)
    try:
        code: int = asyncio.run(options.run(options))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output went away; Python would complain again while it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except _expected_errors() as exc:
        print(f"casewalk: {exc}", file=sys.stderr)
        return 1
    return code


def _expected_errors() -> tuple[type[Exception], ...]:
    """The errors whose messages are for people. Imported here: only a failing run pays for it."""
    from bot.settings import SettingsError
    from bot.telegram.start_error import StartError
    from criteria.load_pack import PackError
    from storage.inspection_file import InspectionFileError
    from storage.sample_file import SampleError
    from storage.store import StoreError

    return (
        InputError, SettingsError, StartError, PackError, InspectionFileError, SampleError,
        StoreError,
    )  # fmt: skip


def _parser() -> argparse.ArgumentParser:  # noqa: PLR0915  # one line an argument
    parser = argparse.ArgumentParser(
        prog="casewalk",
        description="Walk through an inspection's cases, question by question, and score them.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace], Coroutine[Any, Any, int]], about: str
    ) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=about)
        added.set_defaults(run=run)
        return added

    one = command("try", _try, "have the whole conversation here, with a demo inspection")
    one.add_argument("--pack", metavar="NAME", help="an instrument's name or JSON file")
    one.add_argument("--data", metavar="DIR", type=Path, help="keep the demo here, and go on there")
    one.add_argument("--record", metavar="FILE", type=Path, help="write the conversation as a test")

    one = command("serve", _serve, "run the Telegram bot")
    one.add_argument("--webhook", metavar="URL", help="be called at this address instead of asking")
    one.add_argument("--listen", metavar="HOST:PORT", default="127.0.0.1:8080",
                     help="where to take the webhook's calls (default: %(default)s)")  # fmt: skip

    command("packs", _packs, "list the instruments")

    one = command("check", _check, "list every problem of a pack")
    one.add_argument("file", metavar="FILE", help="a pack's JSON file, or an instrument's name")
    one.add_argument("--against", metavar="OLD", help="also list what would hurt users of OLD")

    one = command("new", _new, "make an inspection and print its id")
    one.add_argument("pack", metavar="PACK", help="an instrument's name or JSON file")
    one.add_argument("--title", required=True)
    one.add_argument("--cases", metavar="FILE.csv", type=Path,
                     help="columns: case, inspector, and profile questions")  # fmt: skip
    one.add_argument("--id", help="letters, digits and dashes (default: from the title)")
    one.add_argument("--follows", metavar="ID", help="the inspection that this one follows up")

    one = command("invite", _invite, "print a single-use code to join with")
    one.add_argument("id", metavar="ID")
    one.add_argument("--role", choices=("inspector", "lead"), required=True)

    one = command("score", _score, "print the score summary")
    one.add_argument("source", metavar="ID|FILE.json")
    one.add_argument("--pack", metavar="NAME", help="score a file with this pack")
    one.add_argument("--json", action="store_true", help="as JSON")
    one.add_argument("--region", metavar="FILE.json", type=Path, help="set it in a region's range")
    one.add_argument("--caseload", metavar="N", type=int, help="cases the sample is drawn from")

    one = command("compare", _compare, "set an inspection beside an earlier one")
    one.add_argument("source", metavar="ID|FILE.json")
    one.add_argument("earlier", metavar="EARLIER|FILE.json", nargs="?",
                     help="default: the inspection that it follows up")  # fmt: skip
    one.add_argument("--pack", metavar="NAME", help="read files with this pack")

    one = command("adjust", _adjust, "set a criterion's level or comment, with the lead's reason")
    one.add_argument("id", metavar="ID")
    one.add_argument("name", metavar="CRITERION", help="a criterion's or headline's name")
    what = one.add_mutually_exclusive_group(required=True)
    what.add_argument("--to", metavar="NAME", help="a level or band of the pack")
    what.add_argument("--clear", action="store_true", help="take the adjustment back")
    one.add_argument("--reason", default="", help="why; kept beside it")

    one = command("verify", _verify, "check a report's printed figures before it is published")
    one.add_argument("figures", metavar="FIGURES.json", type=Path)

    one = command("export", _export, "write an inspection's answers")
    one.add_argument("id", metavar="ID")
    one.add_argument("--format", required=True,
                     choices=("json", "csv", "csv-cases", "xlsx", "html", "docx"))  # fmt: skip
    one.add_argument("--out", metavar="FILE", type=Path, help="default: standard output")

    one = command("import", _import, "read an inspection file into an inspection, new or not")
    one.add_argument("id", metavar="ID")
    one.add_argument("file", metavar="FILE.json", type=Path)
    one.add_argument("--pack", metavar="NAME", help="the pack of a new inspection, by name or file")
    one.add_argument("--replace", action="store_true",
                     help="also where that takes away newer answers")  # fmt: skip
    return parser


# --- the conversation ---------------------------------------------------------------------------


async def _try(options: argparse.Namespace) -> int:
    from criteria.load_pack import DEMO_PACK, read_pack

    pack = read_pack(options.pack) if options.pack else None
    if options.data:
        return await _converse(pack or read_pack(DEMO_PACK), options.data, options)
    with tempfile.TemporaryDirectory(prefix="casewalk-") as directory:
        return await _converse(pack or read_pack(DEMO_PACK), Path(directory), options)


async def _converse(pack: Pack, directory: Path, options: argparse.Namespace) -> int:
    from bot.conversation import Conversation
    from bot.recording import Recorder
    from bot.reply import Incoming
    from bot.terminal import CHAT, Terminal, piped_lines, read_any_text, typed_lines
    from criteria.inspection import Member, Role
    from criteria.load_pack import DEMO_PACK
    from storage.store import InUse
    from storage.tinydb_store import TinyDBStore

    person = sys.stdin.isatty() and sys.stdout.isatty()
    read_any_text()
    _check_folder(directory)
    if options.record:
        _check_target(options.record)
    logging.basicConfig(level=logging.CRITICAL)
    try:
        store = TinyDBStore(directory, exclusive=True)
    except InUse as exc:
        raise InputError(
            f"Casewalk is already open on {directory}. Close it there, or give another --data."
        ) from exc
    try:
        known = {inspection.id: inspection for inspection in await store.inspections()}
        name = DEMO_INSPECTION if pack.name == DEMO_PACK else f"demo-{pack.name}"[:32]
        if name not in known:
            await _make_demo(store, name, pack)
        await store.add_member(name, CHAT, Member("I1", Role.LEAD), at=_now_iso())
        pinned = await store.pack(name)
        if pinned.document != pack.document:
            print(
                f"Going on with version {pinned.version} of the pack, which the demo in {directory}"
                " began with. Use another --data for the new one.\n"
            )
        recorder = Recorder(pinned, name) if options.record else None
        conversation = Conversation(store, _now, recorder.step_seen if recorder else None)
        terminal = Terminal(conversation)
        print(_greeting(pinned, directory if options.data else None, person=person))
        await terminal.send(Incoming(CHAT, text=await _first_words(store)))
        lines = typed_lines(terminal) if person else piped_lines()
        await terminal.run(lines, echo=not person)
        if recorder:
            _write(options.record, recorder.dump())
            print(f"\nThe conversation is in {options.record}.")
        if options.data:
            print(f"\nEverything is kept in {directory}. Run the same command to go on.")
    finally:
        await store.close()
    return 0


async def _first_words(store: TinyDBStore) -> str:
    """Straight to a question: the case that was open, else the first of the demo."""
    from bot.terminal import CHAT

    seat = await store.seat(CHAT)
    return "/case" if seat and seat.session.case else f"/case {DEMO_CASES[0]}"


async def _make_demo(store: TinyDBStore, name: str, pack: Pack) -> None:
    from criteria.case import Case, initial_status
    from criteria.inspection import Inspection

    form = pack.case_form
    cases = [Case(case, form.name, "I1", initial_status("I1")) for case in DEMO_CASES]
    title = f"Demo of {pack.text(pack.title)}"
    inspection = Inspection(name, title, pack.name, pack.version)
    await store.create_inspection(inspection, pack, cases, at=_now_iso())


def _greeting(pack: Pack, directory: Path | None, *, person: bool) -> str:
    kept = f"in {directory}" if directory else "until you leave (--data DIR keeps them)"
    leave = " Ctrl-D leaves." if person else ""
    return (
        f"{pack.text(pack.title)}: a demo with {len(DEMO_CASES)} cases. Your answers are kept"
        f" {kept}.\nType an answer or its number; /help lists the commands.{leave}"
    )


async def _serve(options: argparse.Namespace) -> int:
    from bot.conversation import Conversation
    from bot.settings import read_settings
    from bot.telegram.quiet_logs import HideToken, quiet_libraries
    from bot.telegram.serve import serve
    from bot.telegram.webhook import Webhook
    from storage.tinydb_store import TinyDBStore

    settings = read_settings()
    if not settings.token:
        raise InputError(
            "TELEGRAM_BOT_TOKEN is not set. Get a token from @BotFather in Telegram and put"
            " TELEGRAM_BOT_TOKEN=... in the environment or in a file named .env here."
        )
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    for handler in logging.getLogger().handlers:
        handler.addFilter(HideToken(settings.token))
    quiet_libraries()
    webhook = None
    if options.webhook:
        host, port = _host_and_port(options.listen)
        webhook = Webhook(options.webhook, host=host, port=port)
    store = TinyDBStore(settings.store_directory, exclusive=True)
    try:
        await serve(
            Conversation(store, _now),
            token=settings.token,
            api_url=settings.api_url,
            webhook=webhook,
            on_username=store.remember_bot,
        )
    finally:
        await store.close()
    return 0


def _host_and_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65_535:
        raise InputError(f"--listen {text!r} should be HOST:PORT, for example 127.0.0.1:8080.")
    return host, int(port)


# --- packs --------------------------------------------------------------------------------------


async def _packs(_options: argparse.Namespace) -> int:
    from criteria.load_pack import pack_names, read_pack

    for name in pack_names():
        pack = read_pack(name)
        print(f"{name}  {pack.text(pack.title)}, version {pack.version}")
        for form in pack.forms:
            asked = [question for question in form.questions if question.is_answered_by_people]
            print(f"    {form.name}: {len(asked)} questions")
    return 0


async def _check(options: argparse.Namespace) -> int:
    from criteria.check_pack import check_pack_text
    from criteria.load_pack import load_pack, pack_path, read_document, read_pack, read_text
    from criteria.pack_changes import harmful_changes

    path = pack_path(options.file)
    issues = check_pack_text(read_text(path))
    if options.against and not any(issue.is_error for issue in issues):
        issues += harmful_changes(read_pack(options.against), load_pack(read_document(path)))
    for issue in issues:
        print(issue)
    errors = sum(issue.is_error for issue in issues)
    if issues:
        warnings = _count(len(issues) - errors, "warning")
        print(f"\n{options.file}: {_count(errors, 'error')}, {warnings}.")
    else:
        print(f"{options.file}: no problems.")
    return 1 if errors else 0


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


# --- inspections --------------------------------------------------------------------------------


def _open_store() -> TinyDBStore:
    from bot.settings import read_settings
    from storage.tinydb_store import TinyDBStore

    return TinyDBStore(read_settings().store_directory)


async def _new(options: argparse.Namespace) -> int:
    from criteria.case import is_reference
    from criteria.inspection import Inspection, inspection_id
    from criteria.load_pack import read_pack
    from storage.sample_file import SampleError, read_sample

    pack = read_pack(options.pack)
    if not options.title.strip():
        raise InputError("--title is empty; give what people will know the inspection by.")
    cases: list[Case] = []
    if options.cases:
        try:
            cases = read_sample(_read(options.cases), pack)
        except SampleError as exc:
            raise InputError(f"{options.cases}:\n{exc}") from exc
    store = _open_store()
    taken = {inspection.id for inspection in await store.inspections()}
    # Room for a number at its end; ids that differ only in upper and lower case are the same.
    named = inspection_id(options.title[:28], {one.casefold() for one in taken})
    name = options.id or named
    if not is_reference(name):
        raise InputError(f"--id {name!r} should be up to 32 letters, digits, dots and dashes.")
    if options.follows and options.follows not in taken:
        raise InputError(f"--follows: there is no inspection {options.follows!r} in this store.")
    inspection = Inspection(name, options.title, pack.name, pack.version, options.follows)
    await store.create_inspection(inspection, pack, cases, at=_now_iso())
    print(name)
    return 0


async def _invite(options: argparse.Namespace) -> int:
    from bot.invitations import VALID_DAYS, deep_link, invite
    from criteria.inspection import Role

    store = _open_store()
    await store.inspection(options.id)
    code, person = await invite(store, options.id, Role(options.role), _now())
    print(code)
    username = await store.bot_username()
    if username:
        print(deep_link(username, code))
    print(
        f"For {person}, {options.role}; one use, within {VALID_DAYS} days: /start {code}",
        file=sys.stderr,
    )
    return 0


async def _score(options: argparse.Namespace) -> int:
    from bot.score_report import score_report
    from criteria.score_document import score_document
    from criteria.scoring import score_cases
    from storage import records

    read = await _inspected(options.source, options.pack)
    cases = list(read.cases)
    adjustments = {}
    if not _is_file(options.source):
        adjustments = await records.adjustments(_open_store(), options.source)
    if options.caseload is not None and options.caseload < len(cases):
        raise InputError(f"--caseload {options.caseload} is fewer than the {len(cases)} cases.")
    score = score_cases(read.pack, cases)
    region = _region(options.region, score) if options.region else {}
    if options.json:
        document = score_document(score, cases, adjustments, options.caseload)
        if region:
            document["region"] = {name: asdict(figures) for name, figures in region.items()}
        print(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        report = score_report(
            score,
            cases,
            adjustments=adjustments,
            region=region,
            title=read.title,
            caseload=options.caseload,
        )
        print(report)
    return 0


def _region(path: Path, score: InspectionScore) -> dict[str, RegionRange]:
    from criteria.comparison import read_region

    try:
        return read_region(json.loads(_read(path)), {*score.criteria, *score.headlines})
    except (ValueError, RecursionError) as exc:
        raise InputError(f"{path}: {exc}.") from exc


async def _inspected(source: str, pack_name: str | None) -> InspectionFile:
    """The cases of an inspection or of a file, checked against their pack or the one named."""
    from criteria.load_pack import read_pack
    from storage.inspection_file import (
        dump_document,
        inspection_document,
        read_inspection_file,
    )

    if _is_file(source):
        find = _made_with(source, lambda named: read_pack(pack_name or named))
        return _same_version(source, read_inspection_file(Path(source), find))
    store = _open_store()
    inspection = await store.inspection(source)
    pinned = await store.pack(source)
    cases = await store.cases(source)
    content = dump_document(inspection_document(inspection, pinned, cases))
    find = _made_with(source, lambda _: read_pack(pack_name) if pack_name else pinned)
    return _same_version(source, read_inspection_file(content, find))


def _made_with(
    source: str | Path, find: Callable[[str | None], Pack]
) -> Callable[[str | None], Pack]:
    """``find``, but answers to one instrument are never counted with another."""

    def found(named: str | None) -> Pack:
        pack = find(named)
        if named is not None and named != pack.name:
            raise InputError(f"{source} was made with {named}; {pack.name} is another instrument.")
        return pack

    return found


def _same_version(source: str | Path, read: InspectionFile) -> InspectionFile:
    """``read``, after a word where its pack had another version."""
    if read.pack_version is not None and read.pack_version != read.pack.version:
        print(
            f"casewalk: {source} says version {read.pack_version} of {read.pack.name};"
            f" this is {read.pack.version}.",
            file=sys.stderr,
        )
    return read


async def _compare(options: argparse.Namespace) -> int:
    from bot.comparison_report import comparison_report
    from criteria.comparison import compare
    from criteria.scoring import score_cases

    later = await _inspected(options.source, options.pack)
    earlier = options.earlier or later.follows
    if earlier is None:
        raise InputError(f"{options.source} follows up no inspection; name the earlier one.")
    before = await _inspected(earlier, options.pack)
    scores = score_cases(before.pack, before.cases), score_cases(later.pack, later.cases)
    print(comparison_report(compare(*scores), *scores))
    return 0


async def _adjust(options: argparse.Namespace) -> int:
    from criteria.adjustments import Adjustment, AdjustmentError, check_adjustment, may_be_adjusted

    store = _open_store()
    pack = await store.pack(options.id)
    now = _now_iso()
    adjustment = Adjustment(options.to, options.reason, at=now) if options.to else None
    try:
        if adjustment is not None:
            check_adjustment(pack, options.name, adjustment)
        else:
            may_be_adjusted(pack, options.name)
    except AdjustmentError as exc:
        raise InputError(str(exc)) from exc
    document = asdict(adjustment) if adjustment else None
    await store.set_record(options.id, "adjustments", options.name, document, by=None, at=now)
    print(f"{options.name}: {f'{options.to}, by the lead' if adjustment else 'as it follows'}.")
    return 0


async def _verify(options: argparse.Namespace) -> int:
    from bot.verify_report import exit_code, verify_report
    from criteria.verify import verify_text

    findings = verify_text(_read(options.figures))
    print(verify_report(findings))
    return exit_code(findings)


async def _export(options: argparse.Namespace) -> int:
    from bot.answers.report import inspection_report
    from storage.exports import EXPORTS

    store = _open_store()
    inspection = await store.inspection(options.id)
    report = await inspection_report(store, inspection, made_at=_now_iso())
    content = EXPORTS[options.format](report)
    if options.out:
        _write(options.out, content)
    elif options.format in ("xlsx", "docx") and sys.stdout.isatty():
        raise InputError(f"--format {options.format} is no text; give --out FILE.")
    else:
        sys.stdout.buffer.write(content)
    return 0


async def _import(options: argparse.Namespace) -> int:
    from criteria.case import is_reference
    from criteria.inspection import Inspection
    from criteria.load_pack import read_pack
    from storage.inspection_file import read_inspection_file

    if not is_reference(options.id):
        raise InputError(f"{options.id!r} cannot be an inspection's id.")
    store = _open_store()
    known = {inspection.id for inspection in await store.inspections()}
    if options.id in known:
        pinned = await store.pack(options.id)
        find = _made_with(options.file, lambda _: pinned)
        inspected = _same_version(options.file, read_inspection_file(options.file, find))
        if not options.replace:
            _refuse_loss(await store.cases(options.id), inspected.cases)
        changed = [await store.put_case(options.id, c, at=_now_iso()) for c in inspected.cases]
        print(f"{options.id}: {_count(sum(changed), 'case')} changed, of {len(changed)} read.")
        return 0
    find = _made_with(options.file, lambda named: read_pack(options.pack or named))
    inspected = _same_version(options.file, read_inspection_file(options.file, find))
    pack = inspected.pack
    inspection = Inspection(
        options.id, inspected.title or options.id, pack.name, pack.version, inspected.follows
    )
    await store.create_inspection(inspection, pack, inspected.cases, at=_now_iso())
    print(f"{options.id}: made, with {_count(len(inspected.cases), 'case')}.")
    return 0


def _refuse_loss(stored: Sequence[Case], given: Sequence[Case]) -> None:
    """An import takes no answer away that the file does not have, or has in an older form."""
    by_key = {case.key: case for case in stored}
    lost = [
        f"{case.case} {name}"
        for case in given
        if (before := by_key.get(case.key))
        for name, answer in before.answers.items()
        if answer.at is not None
        and (now := case.answers.get(name)) != answer
        and (now is None or (now.at or "") < answer.at)
    ]
    if lost:
        named = ", ".join(lost[:10]) + (f" and {len(lost) - 10} more" if len(lost) > 10 else "")
        raise InputError(
            f"The store has newer answers than the file: {named}. Nothing was imported. Export"
            " first, or give --replace to take the file's."
        )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as exc:
        raise InputError(f"{path}: cannot be read ({exc.strerror or exc}).") from exc


def _is_file(name: str) -> bool:
    """Whether this names a file rather than an inspection, also one that is missing."""
    try:
        return name.endswith(".json") or Path(name).is_file()
    except OSError:
        return False


def _check_folder(directory: Path) -> None:
    if directory.exists() and not directory.is_dir():
        raise InputError(f"{directory} is no folder; name one, or a new one.")


def _check_target(path: Path) -> None:
    """Before a long conversation: can its record be written there?"""
    if not path.name or path.is_dir() or not path.parent.is_dir():
        raise InputError(f"{path}: cannot be written; name a file in a folder that exists.")


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    _check_target(path)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as exc:
        beside.unlink(missing_ok=True)
        raise InputError(f"{path}: cannot be written ({exc.strerror or exc}).") from exc


def _now() -> datetime:
    return datetime.now().astimezone()


def _now_iso() -> str:
    from dialogs.turn import iso

    return iso(_now())


if __name__ == "__main__":
    sys.exit(main())
