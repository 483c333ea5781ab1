"""The commands that look after what is kept: close, archive, erase, doctor, key, rekey, move."""

from __future__ import annotations

import argparse
from contextlib import AsyncExitStack
from datetime import date
from typing import TYPE_CHECKING

from bot.cli.input import (
    InputError,
    check_target,
    count,
    embedded_folder,
    now_iso,
    open_store,
    store_key,
)
from bot.settings import read_settings
from storage.changes import InspectionClosed
from storage.erasing import erase_case, erase_inspection, erase_person
from storage.errors import NotFound
from storage.store import Store

if TYPE_CHECKING:
    from criteria.inspection import Inspection
    from storage.doctor import Finding

REFUSED_WITHOUT_YES = "Nothing is erased yet. Give --yes to erase it; it cannot be brought back."


# --- closing -------------------------------------------------------------------------------------


async def close(options: argparse.Namespace) -> int:
    """Also beside a running bot, which refuses changes from then on."""
    until = _until(options.keep_until)
    async with open_store() as store:
        inspection = await store.inspection(options.id)
        if options.undo:
            await _keep(store, inspection, closed=None, until=None)
            print(f"{options.id}: open again.")
            return 0
        closed = inspection.closed or now_iso()
        await _keep(store, inspection, closed=closed, until=until or inspection.keep_until)
        inspection = await store.inspection(options.id)
    kept = f"to be kept until {inspection.keep_until}" if inspection.keep_until else "kept"
    print(f"{options.id}: closed since {closed[:10]}, and {kept}.")
    return 0


def _until(text: str | None) -> str | None:
    try:
        return None if text is None else date.fromisoformat(text).isoformat()
    except ValueError as exc:
        raise InputError(f"--keep-until {text!r} is no date; write it as 2027-12-31.") from exc


async def _keep(
    store: Store, inspection: Inspection, *, closed: str | None, until: str | None
) -> None:
    event = "InspectionClosed" if closed else "InspectionOpened"
    change = InspectionClosed(inspection.id, closed, until)
    await store.change(change, at=now_iso(), by=None, event=event)


# --- archiving -----------------------------------------------------------------------------------


async def archive(options: argparse.Namespace) -> int:
    from bot.answers.report import inspection_report
    from storage.archive import write_archive

    check_target(options.out)
    async with open_store() as store:
        inspection = await store.inspection(options.id)
        report = await inspection_report(store, inspection, made_at=now_iso())
        files = await write_archive(store, report, options.out)
    print(f"{options.id}: {count(files, 'file')} in {options.out}, read again and found the same.")
    if inspection.closed is None:
        print("It is not closed, so answers may still change.")
    return 0


# --- erasing -------------------------------------------------------------------------------------


async def erase(options: argparse.Namespace) -> int:
    async with open_store() as store:
        inspection = await store.inspection(options.id)
        if options.case:
            return await _erase_cases(store, inspection, options)
        if options.person:
            return await _erase_person(store, inspection, options)
        return await _erase_inspection(store, inspection, options)


async def _erase_cases(store: Store, inspection: Inspection, options: argparse.Namespace) -> int:
    """Every file of the subject, both readings."""
    keys = [key for key in await store.case_keys(inspection.id) if _is(options.case, key.case)]
    if not keys:
        raise NotFound(f"There is no case {options.case!r} in {inspection.id}.")
    told = ", ".join(f"{key.form}{', second reading' * (key.reading > 1)}" for key in keys)
    what = f"case {keys[0].case} ({told}), with its notes, photos, voice messages and history"
    if not _agreed(inspection, what, options):
        return 0
    for key in keys:
        await erase_case(store, inspection.id, key, by=None, at=now_iso())
    return _erased(what)


async def _erase_person(store: Store, inspection: Inspection, options: argparse.Namespace) -> int:
    chats = {member.person: chat for chat, member in (await store.members(inspection.id)).items()}
    known = [*chats, *await store.former_people(inspection.id)]
    person = next((one for one in known if _is(options.person, one)), None)
    if person is None:
        raise NotFound(f"Nobody called {options.person!r} ever joined {inspection.id}.")
    what = f"which chat {person} is, and {person}'s place in it; what they judged stays"
    if not _agreed(inspection, what, options):
        return 0
    elsewhere = []
    if person in chats:
        serves = await store.memberships(chats[person])
        elsewhere = [f"{one.id} (as {m.person})" for one, m in serves if one.id != inspection.id]
    await erase_person(store, inspection.id, person, by=None, at=now_iso())
    if elsewhere:
        print(f"The same chat is still known in {', '.join(elsewhere)}.")
    return _erased(what)


async def _erase_inspection(
    store: Store, inspection: Inspection, options: argparse.Namespace
) -> int:
    if inspection.closed is None:
        raise InputError(
            f"{inspection.id} is not closed. Close it first (casewalk close {inspection.id}), and"
            " archive it if it is to be kept; or erase one --case or --person."
        )
    cases = len(await store.case_keys(inspection.id))
    files = len(await store.files(inspection.id))
    people = len(await store.members(inspection.id))
    what = (
        f"{inspection.id} “{inspection.title}”: {count(cases, 'case')}, {count(files, 'file')}"
        f" (photos, voice messages), {_people(people)} and all codes"
    )
    if not _agreed(inspection, what, options):
        return 0
    await erase_inspection(store, inspection.id, at=now_iso())
    return _erased(what)


def _is(given: str, name: str) -> bool:
    return given.casefold() == name.casefold()


def _agreed(inspection: Inspection, what: str, options: argparse.Namespace) -> bool:
    if options.yes:
        return True
    print(f"To be erased: {what}.")
    if inspection.keep_until and inspection.keep_until > now_iso()[:10]:
        print(f"It was to be kept until {inspection.keep_until}.")
    print(REFUSED_WITHOUT_YES)
    return False


def _erased(what: str) -> int:
    print(f"Erased: {what}. Backups and archives are yours to erase.")
    return 0


# --- checking ------------------------------------------------------------------------------------


async def doctor(options: argparse.Namespace) -> int:
    from storage.doctor import Mended, examine, mend, no_store

    on_files = read_settings().store.startswith("tinydb:")
    if options.accept:
        return await _accept()
    left = no_store(embedded_folder()) if on_files else []
    mended: list[Finding] = []
    if not left:
        async with open_store() as store:
            found = await mend(store, at=now_iso()) if options.mend else None
            mended, left = found or Mended([], await examine(store))
    for finding in mended:
        print(f"Mended: {finding.place}: {finding.what}.")
    for finding in left:
        print(finding)
    mendable = sum(finding.mendable for finding in left)
    if not left:
        print("Everything else is in order." if mended else "Everything is in order.")
    elif mendable and not options.mend:
        print(f"casewalk doctor --mend puts {mendable} of these {len(left)} right.")
    return 1 if left else 0


async def _accept() -> int:
    """Restored files are taken as they are, though they are shorter than the store knows."""
    from storage.doctor import accept

    logs = await accept(embedded_folder(), store_key())
    print(f"{count(logs, 'log')} taken as they stand. casewalk doctor says whether they fit.")
    return 0


# --- keys ----------------------------------------------------------------------------------------


async def key(_options: argparse.Namespace) -> int:
    from storage.encryption import make_key

    print(make_key())
    return 0


async def rekey(options: argparse.Namespace) -> int:
    from storage import rekey as changing

    folder = embedded_folder()
    old, new = store_key(), store_key(new=True)
    if (new is None) != options.decrypt:
        raise InputError(
            "CASEWALK_NEW_KEY is set, and --decrypt asks for none. Give one of the two."
            if options.decrypt
            else "Set CASEWALK_NEW_KEY to the new key (casewalk key makes one), and CASEWALK_KEY to"
            " the old one if there is one; or give --decrypt."
        )
    files = changing.rekey(folder, old, new)
    print(f"{count(files, 'file')} rewritten. " + _from_now_on(new is not None))
    return 0


def _from_now_on(encrypted: bool) -> str:
    if encrypted:
        return "Set CASEWALK_KEY to the new key now, and keep it apart from the store."
    return "The store is not encrypted any more; take CASEWALK_KEY away."


# --- moving --------------------------------------------------------------------------------------


async def move(options: argparse.Namespace) -> int:
    from storage import move as moving

    if options.source == options.target:
        raise InputError("--from and --to are the same store.")
    async with AsyncExitStack() as stores:
        source, target = [
            await stores.enter_async_context(open_store(setting, exclusive=True))
            for setting in (options.source, options.target)
        ]
        moved = await moving.move(source, target, at=now_iso())
    figures = [
        *(count(moved.inspections, "inspection"), count(moved.cases, "case")),
        *(count(moved.steps, "step"), _people(moved.people)),
        *(count(moved.files, "file"), count(moved.chats, "chat")),
    ]
    print(f"Moved and compared: {', '.join(figures)}.")
    return 0


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"
