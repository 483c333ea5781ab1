"""Tells the serving bot which cases another program writes, so that it need not look at them all.

The command line writes beside a running bot. Each of its writes to a case is noted in the
inspection's ``beside.log`` before and after, one line each::

    + C001~case-file.jsonl
    - C001~case-file.jsonl

The notes need not be durable: a bot that starts has read nothing yet. They need not be complete
either, once the bot is told: a case that was left in hand (``+`` without ``-``, a killed command)
is looked at every time.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.appended_file import not_saved


class BesideLog:
    """One inspection's, as one program sees it: it either writes notes or reads them."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "beside.log"
        self._read_to = 0
        self._rest = b""  # a line that is not whole yet
        self._in_hand: Counter[str] = Counter()

    @contextmanager
    def writing(self, name: str) -> Iterator[None]:
        """Around a write of the case file ``name``. May be :class:`storage.store.NotSaved`."""
        self._note(f"+ {name}\n")
        try:
            yield
        finally:
            self._note(f"- {name}\n")

    def _note(self, line: str) -> None:
        try:
            fd = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(fd, line.encode())
            finally:
                os.close(fd)
        except OSError as exc:
            raise not_saved(self._path, exc) from exc

    def written(self) -> set[str]:
        """The case files that were written since this was last asked, or are in hand now.

        One look at one file, however many cases there are.
        """
        names = set(self._in_hand)
        for line in self._new_lines():
            sign, _, name = line.decode("utf-8", "replace").partition(" ")
            names.add(name)
            self._in_hand[name] += 1 if sign == "+" else -1
            if self._in_hand[name] <= 0:
                del self._in_hand[name]
        return names

    def _new_lines(self) -> list[bytes]:
        try:
            if self._path.stat().st_size == self._read_to:
                return []
            with self._path.open("rb") as file:
                file.seek(self._read_to)
                data = file.read()
        except FileNotFoundError:
            return []
        self._read_to += len(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        return lines
