"""The commands about an inspection: ``new``, ``invite``, ``adjust``, ``export``, ``import``."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict

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
from bot.invitations import VALID_DAYS, deep_link, invite
from bot.messages import say
from bot.reports.inspection_report import inspection_report
from criteria.adjustments import Adjustment, AdjustmentError, check_adjustment, may_be_adjusted
from criteria.case import Case, is_reference
from criteria.inspection import Inspection, Role, inspection_id
from criteria.instrument.load import read_pack
from storage.changes import RecordSet
from storage.exports import EXPORTS
from storage.inspection_file import Records, read_inspection_file
from storage.records import EXPORTED
from storage.sample_file import SampleError, read_sample
from storage.store import Store


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
        code, person = await invite(store, options.id, Role(options.role), now())
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
        both = (*given.cases, *given.second_readings)
        if there:
            if not options.replace:
                stored = await store.cases(options.id)
                _refuse_loss([*stored, *await store.cases(options.id, reading=2)], both)
                await _refuse_lost_records(store, options.id, given.records)
            changed = sum([await store.put_case(options.id, one, at=now_iso()) for one in both])
            told = say("cli-changed", inspection=options.id, changed=changed, read=len(both))
        else:
            pack, title = given.pack, given.title or options.id
            made = Inspection(options.id, title, pack.name, pack.version, given.follows)
            await store.create_inspection(made, pack, both, at=now_iso())
            told = say("cli-made", inspection=options.id, cases=len(given.cases))
        await _keep_records(store, options.id, given.records)
    print(told)


async def _keep_records(store: Store, inspection_id: str, records: Records) -> None:
    """What a lead keeps beside the cases, as the file has it; the store's others stay."""
    for kind in EXPORTED:
        known = await store.records(inspection_id, kind)
        for name, document in records.get(kind, {}).items():
            if known.get(name) != document:
                kept = RecordSet(inspection_id, kind, name, document)
                await store.change(kept, at=now_iso(), by=None, event="RecordImported")


async def _refuse_lost_records(store: Store, inspection_id: str, records: Records) -> None:
    newer = [
        f"{kind} {name}"
        for kind in EXPORTED
        for name, kept in (await store.records(inspection_id, kind)).items()
        if (given := records.get(kind, {}).get(name)) is not None
        and given != kept
        and (given.get("at") or "") < (kept.get("at") or "")
    ]
    if newer:
        raise InputError(say("cli-newer-records", named=", ".join(newer[:10])))


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
        more = say("cli-and-more", count=len(lost) - 10) if len(lost) > 10 else ""
        raise InputError(say("cli-newer-answers", named=", ".join(lost[:10]) + more))
