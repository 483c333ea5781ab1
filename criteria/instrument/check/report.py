"""Collect a pack's problems, each with its place, in the order of the document."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from rapidfuzz import fuzz, process

from criteria.instrument.check.draft import Path, item_of, text_of
from criteria.instrument.check.issues import PackIssue, pack_issue


class Report:
    def __init__(self, document: Any) -> None:
        self.document = document
        self._found: list[tuple[Path, PackIssue]] = []
        self._faulty: set[Path] = set()
        self._positions: dict[int, dict[Any, int]] = {}
        self._budget = 2_000_000  # names compared in looking for near matches

    def add(self, path: Path, code: str, /, near: Sequence[str] = (), **found: object) -> None:
        """Add a problem: ``report.add(path, "name_repeated", name="yes", first=place)``."""
        self._faulty.add(path)
        self._found.append((path, pack_issue(code, self.place(path), near, **found)))

    def add_missing(
        self, path: Path, code: str, /, name: str, known: Collection[str], **found: object
    ) -> None:
        self.add(path, code, self.near(name, known), name=name, **found)

    def is_faulty(self, path: Path) -> bool:
        return path in self._faulty

    def in_order(self) -> list[PackIssue]:
        return [issue for _, issue in sorted(self._found, key=lambda one: self._position(one[0]))]

    def _position(self, path: Path) -> tuple[int, ...]:
        position: list[int] = []
        here = self.document
        for part in path:
            if isinstance(here, dict):
                if id(here) not in self._positions:
                    self._positions[id(here)] = {key: place for place, key in enumerate(here)}
                position.append(self._positions[id(here)].get(part, -1))
            elif isinstance(here, list) and isinstance(part, int) and part < len(here):
                position.append(part)
            here = item_of(here, part)
        return tuple(position)

    def place(self, path: Path) -> str:
        """Return the place in words for an author: ``forms[0].survey[12] (q1.2.b) relevant``."""
        before, after, name, here = "", "", "", self.document
        for part in path:
            after += f"[{part}]" if isinstance(part, int) else f".{part}"
            here = item_of(here, part)
            named = text_of(item_of(here, "name")) if isinstance(part, int) else ""
            if named:
                before, after = before + after, ""
                name = named if len(named) <= 40 else f"{named[:39]}…"
        if name:
            before += f" ({name}) "
        return (before + after.removeprefix(".")).removeprefix(".").rstrip() or "the pack"

    def near(self, wanted: str, known: Collection[str]) -> tuple[str, ...]:
        """Return the one or two names that the author may have meant; none if it costs too much."""
        self._budget -= len(known)
        if self._budget < 0 or len(wanted) > 80:
            return ()
        known = [one for one in known if 0 < len(one) <= 80]
        found = process.extract(
            wanted, known, scorer=fuzz.ratio, processor=str.casefold, limit=2, score_cutoff=66
        )
        best = found[0][1] if found else 0.0
        return tuple(dict.fromkeys(one for one, score, _ in found if score > best - 5))

    def near_named(self, wanted: str, said: Mapping[str, str]) -> tuple[str, ...]:
        """Return near names, where ``said`` maps everything an author may write to a name."""
        return tuple(dict.fromkeys(said[text] for text in self.near(wanted, said)))
