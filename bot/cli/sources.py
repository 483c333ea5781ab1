"""Where answers come from: an inspection of the store, or an inspection file."""

import sys
from collections.abc import Callable
from pathlib import Path

from bot.cli.input import InputError, is_file, open_store
from bot.messages import say
from criteria.instrument.load import read_pack
from criteria.instrument.pack import Pack
from storage.inspection_file import (
    InspectionFile,
    dump_document,
    inspection_document,
    read_inspection_file,
)


async def inspected(source: str, pack_name: str | None) -> InspectionFile:
    """The cases of an inspection or of a file, checked against their pack or the one named."""

    if is_file(source):
        find = made_with(source, lambda named: read_pack(pack_name or named))
        return same_version(source, read_inspection_file(Path(source), find))
    async with open_store() as store:
        inspection = await store.inspection(source)
        pinned = await store.pack(source)
        cases = await store.cases(source)
    content = dump_document(inspection_document(inspection, pinned, cases))
    find = made_with(source, lambda _: read_pack(pack_name) if pack_name else pinned)
    return same_version(source, read_inspection_file(content, find))


def made_with(
    source: str | Path, find: Callable[[str | None], Pack]
) -> Callable[[str | None], Pack]:
    """``find``, but answers to one instrument are never counted with another."""

    def found(named: str | None) -> Pack:
        pack = find(named)
        if named is not None and named != pack.name:
            raise InputError(
                say("cli-other-instrument", source=source, named=named, pack=pack.name)
            )
        return pack

    return found


def same_version(source: str | Path, read: InspectionFile) -> InspectionFile:
    """``read``, after a word where its pack had another version."""
    if read.pack_version is not None and read.pack_version != read.pack.version:
        pack, theirs = read.pack, read.pack_version
        told = say(
            "cli-other-version", source=source, theirs=theirs, pack=pack.name, ours=pack.version
        )
        print(told, file=sys.stderr)
    return read
