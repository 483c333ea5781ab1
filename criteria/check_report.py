"""Gathering a pack's problems: each at its place, all in the order of the document."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from rapidfuzz import fuzz, process

from criteria.check_draft import Path, item_of, text_of
from criteria.pack_issues import Entry, Found, PackIssue


class Report:
    """What was found in one document."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.near = NearMatches()
        self._found: list[tuple[Path, PackIssue]] = []
        self._faulty: set[Path] = set()
        self._positions: dict[int, dict[Any, int]] = {}

    def add(
        self, path: Path, entry: Entry[Found], *found: Found.args, **named: Found.kwargs
    ) -> None:
        """Enter a problem: ``report.add(path, issues.list_missing, "yesno", near)``."""
        self._faulty.add(path)
        self._found.append((path, entry(self.place(path), *found, **named)))

    def is_faulty(self, path: Path) -> bool:
        """Whether a problem was found at this very place."""
        return path in self._faulty

    def in_order(self) -> list[PackIssue]:
        return [issue for _, issue in sorted(self._found, key=lambda one: self._position(one[0]))]

    def _position(self, path: Path) -> tuple[int, ...]:
        """Where the place stands in the document: comparing two of these gives their order."""
        position: list[int] = []
        here = self.document
        for part in path:
            if isinstance(here, dict):
                if id(here) not in self._positions:
                    self._positions[id(here)] = {key: place for place, key in enumerate(here)}
                position.append(self._positions[id(here)].get(part, -1))
                here = here.get(part)
            elif isinstance(here, list) and isinstance(part, int) and part < len(here):
                position.append(part)
                here = here[part]
        return tuple(position)

    def place(self, path: Path) -> str:
        """A place as an author finds it: ``forms[0].survey[12] (q1.2.b) relevant``."""
        before, after, name, here = "", "", "", self.document
        for part in path:
            after += f"[{part}]" if isinstance(part, int) else f".{part}"
            here = item_of(here, part)
            named = text_of(item_of(here, "name")) if isinstance(part, int) else ""
            if named:
                before, after, name = before + after, "", _shortened(named)
        if name:
            before += f" ({name}) "
        return (before + after.removeprefix(".")).removeprefix(".").rstrip() or "the pack"


def _shortened(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:39]}…"


class NearMatches:
    """What an author may have meant, as long as looking for it costs little."""

    def __init__(self) -> None:
        self.budget = 2_000_000

    def of(self, wanted: str, known: Collection[str]) -> tuple[str, ...]:
        self.budget -= len(known)
        if self.budget < 0 or len(wanted) > 80:
            return ()
        known = [one for one in known if 0 < len(one) <= 80]
        found = process.extract(
            wanted, known, scorer=fuzz.ratio, processor=str.casefold, limit=2, score_cutoff=66
        )
        best = found[0][1] if found else 0.0
        return tuple(dict.fromkeys(one for one, score, _ in found if score > best - 5))

    def named(self, wanted: str, said: Mapping[str, str]) -> tuple[str, ...]:
        """The same of names, where ``said`` holds them by all that an author may call them."""
        return tuple(dict.fromkeys(said[text] for text in self.of(wanted, said)))
