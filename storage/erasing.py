"""What erasing leaves of a log: the same steps, chained anew, without what is to be forgotten.

A chat stands in an inspection's log (who joined, whom something is owed) and in those of the cases
that it had open; an inspection stands in the logs of the chats that sat in it. What goes is taken
out of the steps themselves. A last step of the inspection's log says that it was: what, who did it
and when, by references only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from criteria.case import CaseKey
from storage.appended_file import FIRST, Fold, Line, Patch, written_line
from storage.file_names import same_case
from storage.store import NotFound, StoreError

ERASED: Final = "erased"
"""Stands where the chat stood that used an invitation: the code stays used."""

Scrub = Callable[[Line], Line]


def rewritten(lines: Iterable[Line], scrub: Scrub, said: Line | None = None) -> list[Line] | None:
    """The steps without what ``scrub`` takes out, and what is ``said`` of it after them.

    None where nothing is to go. Numbers and hashes are made anew.
    """
    before = list(lines)
    after = [scrub(line) for line in before]
    if after == before:
        return None
    return _chained(after if said is None else [*after, said])


def _chained(lines: Sequence[Line]) -> list[Line]:
    chain, prev = [], FIRST
    for n, line in enumerate(lines, 1):
        _, own = written_line(
            Path(), n, line.at, line.by, line.event, line.why, line.patch, prev
        )  # fmt: skip
        chain.append(line._replace(n=n, hash=own))
        prev = own
    return chain


# --- a case --------------------------------------------------------------------------------------


def without_case(key: CaseKey, tables: Mapping[str, Mapping[str, Any]]) -> Patch:
    """What takes a case off an inspection's list, and what is owed about it."""
    same = same_case(key)
    patch: dict[str, dict[str, None]] = {"cases": {same: None}}
    owed = {
        name: None
        for name, one in tables.get("owed", {}).items()
        if one["case"] and same_case(CaseKey(*one["case"])) == same
    }
    return patch | {"owed": owed} if owed else patch


# --- a person ------------------------------------------------------------------------------------


def chats_of(person: str, lines: Iterable[Line]) -> frozenset[str]:
    """The chats in which this person ever sat, by an inspection's log; none if they are erased.

    Raises :class:`StoreError` where one of them is somebody else's by now.
    """
    fold, chats = Fold(), set[str]()
    for line in lines:
        patch = line.patch
        for chat, one in patch.get("people", {}).items():
            if one is not None and one["person"] == person:
                chats.add(chat)
        for name, one in patch.get("former", {}).items():
            if name == person and one is not None and "chat" in one:
                chats.add(one["chat"])
        fold.apply(patch)
    people = fold.tables.get("people", {})
    now = {people[chat]["person"] for chat in chats if chat in people} - {person}
    if now:
        raise StoreError(
            f"The chat that was {person} joined again, and is {min(now)} now. Erase {min(now)}:"
            " then the chat is forgotten, as both. Nothing was erased."
        )
    return frozenset(chats)


def nobody(person: str, tables: Mapping[str, Mapping[str, Any]]) -> NotFound:
    known = {one["person"] for one in tables.get("people", {}).values()}
    former = {name for name, one in tables.get("former", {}).items() if "chat" in one}
    names = ", ".join(sorted(known | former)) or "none yet"
    return NotFound(
        f"Nobody called {person!r} ever joined, or they are erased. There are: {names}."
    )


def person_erased(
    person: str, tables: Mapping[str, Mapping[str, Any]], *, by: str | None, at: str
) -> Line:
    """The step that says so: their reference is taken for ever, and their open codes are not."""
    patch: dict[str, dict[str, Any]] = {"former": {person: {"at": at}}}
    codes = tables.get("invitations", {}).items()
    unused = [name for name, one in codes if one["person"] == person and one["used_by"] is None]
    if unused:
        patch["invitations"] = dict.fromkeys(unused)
    return Line(0, at, by, "PersonErased", patch, "")


def inspection_without(chats: frozenset[str]) -> Scrub:
    """For an inspection's log."""

    def scrub(line: Line) -> Line:
        tables = {
            name: _INSPECTION_TABLES.get(name, _as_it_is)(documents, chats)
            for name, documents in line.patch.items()
        }
        return _with(line, tables)

    return scrub


def case_without(chats: frozenset[str]) -> Scrub:
    """For a case's log."""

    def scrub(line: Line) -> Line:
        patch = dict(line.patch)
        if "chats" in patch:
            patch["chats"] = _not_under(patch["chats"], chats)
        if "updates" in patch:
            patch["updates"] = {
                name: one
                for name, one in patch["updates"].items()
                if one is None or one["chat"] not in chats
            }
        return _with(line, patch)

    return scrub


def _not_under(documents: Mapping[str, Any], chats: frozenset[str]) -> Mapping[str, Any]:
    return {name: one for name, one in documents.items() if name not in chats}


def _former(documents: Mapping[str, Any], chats: frozenset[str]) -> Mapping[str, Any]:
    return {
        name: {"at": one["at"]} if one is not None and one.get("chat") in chats else one
        for name, one in documents.items()
    }


def _codes(documents: Mapping[str, Any], chats: frozenset[str]) -> Mapping[str, Any]:
    return {
        name: {**one, "used_by": ERASED} if one is not None and one["used_by"] in chats else one
        for name, one in documents.items()
    }


def _owed(documents: Mapping[str, Any], chats: frozenset[str]) -> Mapping[str, Any]:
    """A notice's name holds its chat, also where it is paid (``submitted tg-57 C001``)."""
    return {
        name: one
        for name, one in documents.items()
        if not chats & set(name.split()) and (one is None or one["chat"] not in chats)
    }


def _as_it_is(documents: Mapping[str, Any], _chats: frozenset[str]) -> Mapping[str, Any]:
    return documents


_INSPECTION_TABLES: Final[
    Mapping[str, Callable[[Mapping[str, Any], frozenset[str]], Mapping[str, Any]]]
] = {
    "people": _not_under,
    "digests": _not_under,
    "former": _former,
    "invitations": _codes,
    "owed": _owed,
}
"""Where a chat stands in an inspection's log."""


# --- an inspection, in the logs of its people's chats --------------------------------------------


def chat_without(inspection_id: str) -> Scrub:
    """For a chat's log; as whom it sat in the inspection goes as well."""

    def scrub(line: Line) -> Line:
        place = line.patch.get("chat", {}).get("chat")
        if place is None or place["inspection"] != inspection_id:
            return line
        return _with(line._replace(by=None), {**line.patch, "chat": {}})

    return scrub


def sits_in(inspection_id: str, lines: Iterable[Line]) -> bool:
    """Whether the chat of this log sits in the inspection now."""
    fold = Fold()
    for line in lines:
        fold.apply(line.patch)
    place = fold.tables.get("chat", {}).get("chat")
    return place is not None and place["inspection"] == inspection_id


def _with(line: Line, patch: Mapping[str, Mapping[str, Any]]) -> Line:
    return line._replace(patch={name: documents for name, documents in patch.items() if documents})
