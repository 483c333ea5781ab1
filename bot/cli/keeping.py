"""The commands that look after what is kept: close, archive, erase, doctor, key, rekey, move."""

from __future__ import annotations

import argparse
from contextlib import AsyncExitStack
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

from bot.cli.input import InputError, check_target, embedded_folder, now_iso, open_store, store_key
from bot.messages import say
from bot.settings import read_settings
from storage.changes import InspectionClosed
from storage.erasing import erase_case, erase_inspection, erase_person
from storage.errors import NotFound
from storage.store import Store

if TYPE_CHECKING:
    from criteria.inspection import Inspection
    from storage.doctor import Finding


# --- closing -------------------------------------------------------------------------------------


async def close(options: argparse.Namespace) -> None:
    """Also beside a running bot, which refuses changes from then on."""
    until = _until(options.keep_until)
    async with open_store() as store:
        inspection = await store.inspection(options.id)
        if options.undo:
            await _keep(store, inspection, closed=None, until=None)
            print(say("cli-open-again", inspection=options.id))
            return
        closed = inspection.closed or now_iso()
        await _keep(store, inspection, closed=closed, until=until or inspection.keep_until)
        inspection = await store.inspection(options.id)
    day = inspection.keep_until
    kept = say("cli-kept-until", day=day) if day else say("cli-kept")
    print(say("cli-closed", inspection=options.id, since=closed[:10], kept=kept))


def _until(text: str | None) -> str | None:
    try:
        return None if text is None else date.fromisoformat(text).isoformat()
    except ValueError as exc:
        raise InputError(say("cli-bad-keep-until", text=repr(text))) from exc


async def _keep(
    store: Store, inspection: Inspection, *, closed: str | None, until: str | None
) -> None:
    event = "InspectionClosed" if closed else "InspectionOpened"
    change = InspectionClosed(inspection.id, closed, until)
    await store.change(change, at=now_iso(), by=None, event=event)


# --- archiving -----------------------------------------------------------------------------------


async def archive(options: argparse.Namespace) -> None:
    from bot.reports.inspection_report import inspection_report
    from storage.archive import write_archive

    check_target(options.out)
    async with open_store() as store:
        inspection = await store.inspection(options.id)
        report = await inspection_report(store, inspection, made_at=now_iso())
        files = await write_archive(store, report, options.out)
    print(say("cli-archived", inspection=options.id, files=files, path=options.out))
    if inspection.closed is None:
        print(say("cli-not-closed"))


# --- erasing -------------------------------------------------------------------------------------


async def erase(options: argparse.Namespace) -> None:
    async with open_store() as store:
        inspection = await store.inspection(options.id)
        if options.case:
            await _erase_cases(store, inspection, options)
        elif options.person:
            await _erase_person(store, inspection, options)
        else:
            await _erase_inspection(store, inspection, options)


async def _erase_cases(store: Store, inspection: Inspection, options: argparse.Namespace) -> None:
    """Every file of the subject, both readings."""
    keys = [key for key in await store.case_keys(inspection.id) if _is(options.case, key.case)]
    if not keys:
        raise NotFound(say("cli-no-case", case=repr(options.case), inspection=inspection.id))
    told = ", ".join(f"{key.form}{say('cli-second-reading') * (key.reading > 1)}" for key in keys)
    what = say("cli-case-and-files", case=keys[0].case, forms=told)
    if not _agreed(inspection, what, options):
        return
    for key in keys:
        await erase_case(store, inspection.id, key, by=None, at=now_iso())
    print(say("cli-erased", what=what))


async def _erase_person(store: Store, inspection: Inspection, options: argparse.Namespace) -> None:
    chats = {member.person: chat for chat, member in (await store.members(inspection.id)).items()}
    known = [*chats, *await store.former_people(inspection.id)]
    person = next((one for one in known if _is(options.person, one)), None)
    if person is None:
        raise NotFound(
            say("cli-nobody-joined", person=repr(options.person), inspection=inspection.id)
        )
    what = say("cli-person-and-place", person=person, again=person)
    if not _agreed(inspection, what, options):
        return
    serves = await store.memberships(chats[person]) if person in chats else []
    elsewhere = [
        say("cli-serves-as", inspection=one.id, person=member.person)
        for one, member in serves
        if one.id != inspection.id
    ]
    await erase_person(store, inspection.id, person, by=None, at=now_iso())
    if elsewhere:
        print(say("cli-known-elsewhere", inspections=", ".join(elsewhere)))
    print(say("cli-erased", what=what))


async def _erase_inspection(
    store: Store, inspection: Inspection, options: argparse.Namespace
) -> None:
    if inspection.closed is None:
        raise InputError(say("cli-erase-not-closed", inspection=inspection.id, again=inspection.id))
    cases = len(await store.case_keys(inspection.id))
    files = len(await store.files(inspection.id))
    people = len(await store.members(inspection.id))
    what = say(
        "cli-inspection-and-all",
        inspection=inspection.id,
        title=inspection.title,
        cases=say("count-cases", count=cases),
        files=say("count-files", count=files),
        people=say("count-people", count=people),
    )
    if not _agreed(inspection, what, options):
        return
    await erase_inspection(store, inspection.id, at=now_iso())
    print(say("cli-erased", what=what))


def _is(given: str, name: str) -> bool:
    return given.casefold() == name.casefold()


def _agreed(inspection: Inspection, what: str, options: argparse.Namespace) -> bool:
    if options.yes:
        return True
    print(say("cli-to-be-erased", what=what))
    if inspection.keep_until and inspection.keep_until > now_iso()[:10]:
        print(say("cli-was-kept-until", day=inspection.keep_until))
    print(say("cli-nothing-erased"))
    return False


# --- checking ------------------------------------------------------------------------------------


async def doctor(options: argparse.Namespace) -> int:
    from storage.doctor import Mended, accept, examine, mend, no_store

    if options.accept:  # restored files, though they are shorter than the store knows
        print(say("cli-accepted", count=await accept(embedded_folder(), store_key())))
        return 0
    on_files = read_settings().store.startswith("tinydb:")
    left = no_store(embedded_folder(), say) if on_files else []
    mended: list[Finding] = []
    if not left:
        async with open_store() as store:
            found = await mend(store, say, at=now_iso()) if options.mend else None
            mended, left = found or Mended([], await examine(store, say))
    for finding in mended:
        print(say("cli-mended", place=finding.place, what=finding.what))
    for finding in left:
        print(finding)
    mendable = sum(finding.mendable for finding in left)
    if not left:
        print(say("cli-else-in-order") if mended else say("cli-in-order"))
    elif mendable and not options.mend:
        print(say("cli-can-mend", mendable=mendable, all=len(left)))
    return 1 if left else 0


# --- keys ----------------------------------------------------------------------------------------


async def key(_options: argparse.Namespace) -> None:
    from storage.encryption import make_key

    print(make_key())


async def rekey(options: argparse.Namespace) -> None:
    from storage import rekey as changing

    folder = embedded_folder()
    old, new = store_key(), store_key(new=True)
    if (new is None) != options.decrypt:
        raise InputError(say("cli-key-and-decrypt") if options.decrypt else say("cli-no-new-key"))
    files = changing.rekey(folder, old, new)
    next_ = say("cli-decrypted") if new is None else say("cli-set-new-key")
    print(say("cli-rewritten", files=files, next=next_))


# --- moving --------------------------------------------------------------------------------------


async def move(options: argparse.Namespace) -> None:
    from storage import move as moving

    if options.source == options.target:
        raise InputError(say("cli-same-store"))
    async with AsyncExitStack() as stores:
        source, target = [
            await stores.enter_async_context(open_store(setting, exclusive=True))
            for setting in (options.source, options.target)
        ]
        moved = await moving.move(source, target, at=now_iso())
    figures = [say(f"count-{name}", count=count) for name, count in asdict(moved).items()]
    print(say("cli-moved", figures=", ".join(figures)))
