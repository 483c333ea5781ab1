"""The commands about an inspection: ``new``, ``invite``, ``adjust``, ``export``, ``import``."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Final

from bot.cli.input import (
    InputError,
    now,
    now_iso,
    open_inspection,
    open_store,
    read_bytes,
    write_bytes,
)
from bot.cli.sources import made_with, same_version
from bot.invitations import VALID_DAYS, InvitationRefused, deep_link, invite
from bot.messages import say
from bot.reports.inspection_report import inspection_report
from criteria.adjustments import Adjustment, AdjustmentError, check_adjustment, may_be_adjusted
from criteria.case import Case, is_reference
from criteria.case_import import losses
from criteria.inspection import Inspection, Role, inspection_id
from criteria.instrument.load import read_pack
from storage.changes import CaseImported, RecordSet
from storage.errors import WouldLose
from storage.exports import EXPORTS
from storage.inspection_file import InspectionFile, read_inspection_file
from storage.records import EXPORTED
from storage.sample_file import SampleError, read_sample
from storage.store import Store

MAX_LISTED: Final = 10
"""How much of what an import would take away is named."""


async def new(options: argparse.Namespace) -> None:
    pack = read_pack(options.pack)
    if not options.title.strip():
        raise InputError(say("cli-title-empty"))
    cases: list[Case] = []
    if options.cases:
        try:
            cases = read_sample(read_bytes(options.cases), pack)
        except SampleError as exc:
            raise InputError(f"{options.cases}:\n{exc}") from exc
    async with open_store() as store:
        taken = {inspection.id for inspection in await store.inspections()}
        # Room for a number at its end; ids that differ only in upper and lower case are the same.
        named = inspection_id(options.title[:28], {one.casefold() for one in taken})
        name = options.id or named
        if not is_reference(name):
            raise InputError(say("cli-bad-id", id=repr(name)))
        if options.follows and options.follows not in taken:
            raise InputError(say("cli-follows-unknown", id=repr(options.follows)))
        inspection = Inspection(name, options.title, pack.name, pack.version, options.follows)
        await store.create_inspection(inspection, pack, cases, at=now_iso())
        print(name)


async def invite_person(options: argparse.Namespace) -> None:
    async with open_store() as store:
        await open_inspection(store, options.id)
        role = Role(options.role)
        try:
            code, person = await invite(store, options.id, role, now(), options.person or "")
        except InvitationRefused as refused:
            raise InputError(refused.text(say)) from refused
        print(code)
        username = await store.bot_username()
        if username:
            print(deep_link(username, code))
        print(
            say("cli-invitation", person=person, role=options.role, days=VALID_DAYS, code=code),
            file=sys.stderr,
        )


async def adjust(options: argparse.Namespace) -> None:
    async with open_store() as store:
        await open_inspection(store, options.id)
        pack = await store.pack(options.id)
        now = now_iso()
        adjustment = Adjustment(options.to, options.reason, at=now) if options.to else None
        try:
            if adjustment is not None:
                check_adjustment(pack, options.name, adjustment)
            else:
                may_be_adjusted(pack, options.name)
        except AdjustmentError as exc:
            raise InputError(str(exc)) from exc
        document = asdict(adjustment) if adjustment else None
        kept = RecordSet(options.id, "adjustments", options.name, document)
        await store.change(kept, at=now, by=None, event="AdjustmentSet")
        if adjustment:
            print(say("cli-adjusted", name=options.name, to=options.to))
        else:
            print(say("cli-not-adjusted", name=options.name))


async def export(options: argparse.Namespace) -> None:
    async with open_store() as store:
        inspection = await store.inspection(options.id)
        report = await inspection_report(store, inspection, made_at=now_iso())
        format_ = EXPORTS[options.format]
        content = format_.make(report)
        if options.out:
            write_bytes(options.out, content)
        elif not format_.is_text and sys.stdout.isatty():
            raise InputError(say("cli-needs-out", format=options.format))
        elif sys.stdout.isatty():
            sys.stdout.write(content.decode("utf-8-sig"))
        else:
            sys.stdout.buffer.write(content)


async def import_file(options: argparse.Namespace) -> None:
    if not is_reference(options.id):
        raise InputError(say("cli-bad-inspection-id", id=repr(options.id)))
    async with open_store() as store:
        there = options.id in {inspection.id for inspection in await store.inspections()}
        if there:
            await open_inspection(store, options.id)
        pinned = await store.pack(options.id) if there else None
        find = made_with(options.file, lambda named: pinned or read_pack(options.pack or named))
        given = same_version(options.file, read_inspection_file(options.file, find))
        if there:
            told = await _import_into(store, options.id, given, replaces=options.replace)
        else:
            pack, title = given.pack, given.title or options.id
            both = (*given.cases, *given.second_readings)
            made = Inspection(options.id, title, pack.name, pack.version, given.follows)
            await store.create_inspection(made, pack, both, at=now_iso())
            await store.change(
                *_records(options.id, given), at=now_iso(), by=None, event="RecordImported"
            )
            told = say("cli-made", inspection=options.id, cases=len(given.cases))
    print(told)


async def _import_into(
    store: Store, inspection_id: str, given: InspectionFile, *, replaces: bool
) -> str:
    """All of it is looked at before anything is written; each case once more when it is."""
    documents = given.documents
    if given.id not in (None, inspection_id):  # another inspection's versions say nothing here
        documents = tuple({**one, "version": None} for one in documents)
    imports = [CaseImported(inspection_id, one, replaces) for one in documents]
    records = _records(inspection_id, given)
    lost = await store.losses(imports)
    for place, one in enumerate(() if replaces else records):
        kept = (await store.records(inspection_id, one.kind)).get(one.name)
        lost += losses(kept, one.document, may_change=False, place=f"{one.kind} {one.name}")
        records[place] = replace(one, expect=kept)
    if lost:
        raise InputError(say("cli-would-lose", named=_listed(lost)))
    changed = 0
    try:
        for case in imports:
            changed += await store.import_case(case, at=now_iso())
        await store.change(*records, at=now_iso(), by=None, event="RecordImported")
    except WouldLose as exc:
        raise InputError(say("cli-lost-meanwhile", named=_listed(exc.lost))) from exc
    return say("cli-changed", inspection=inspection_id, changed=changed, read=len(imports))


def _listed(lost: Sequence[str]) -> str:
    more = say("cli-and-more", count=len(lost) - MAX_LISTED) if len(lost) > MAX_LISTED else ""
    return ", ".join(lost[:MAX_LISTED]) + more


def _records(inspection_id: str, given: InspectionFile) -> list[RecordSet]:
    """What a lead keeps beside the cases, as the file has it; the store's others stay."""
    return [
        RecordSet(inspection_id, kind, name, document)
        for kind in EXPORTED
        for name, document in given.records.get(kind, {}).items()
    ]
