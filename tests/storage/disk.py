"""A disk that can be stopped: real files, and what a power loss would leave of them.

:class:`Disk` stands between the store and ``os``. Every call goes through to real files, can be
made to fail, and is written down; :func:`left_by_power_loss` then says what the disk holds if the
power went after the first so many of them. Of what was not fsynced it drops what it is told
to: of the files' contents, and of the names that folders hold.

Its rules are POSIX's, and for the rest those of file systems with a journal: an fsync of a file
says nothing of its name; an fsync of a folder makes its names durable; names change in the order in
which they were changed; a write that was not fsynced may have reached the disk up to any byte. What
an fsync that failed was for is lost, and no later one brings it back.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest

NAMES = (
    "open", "close", "write", "fsync", "ftruncate", "rename", "replace", "unlink", "mkdir", "rmdir"
)  # fmt: skip
REAL: dict[str, Any] = {name: getattr(os, name) for name in NAMES}

Kind = Literal["create", "write", "fsync", "ftruncate", "rename", "unlink", "mkdir", "rmdir"]


NAMING = ("create", "mkdir", "rename", "unlink", "rmdir")
"""The calls that change what names a folder holds."""


class Killed(BaseException):
    """The process is no more: nothing of it runs any further, its clean-up neither."""


@dataclass(frozen=True, slots=True)
class Call:
    """What was done. ``node`` numbers a file or folder; of names, it is the folder's.

    ``child`` is the node that a name was given to; ``size`` where a write began, or what a file was
    cut to.
    """

    kind: Kind | Literal["lost"]
    node: int
    name: str = ""
    child: int = 0
    to: str = ""
    size: int = 0
    data: bytes = b""


Trouble = int | Literal["short", "kill"]
"""An errno, a write that takes only half, or the process's end before the call."""

Fault = Callable[[Kind, Path], Trouble | None]


class Disk:
    """``log`` is what was done so far. ``fault`` is asked at every call what is to go wrong."""

    def __init__(self, root: Path) -> None:
        root.mkdir()
        self.root = root
        self.log: list[Call] = []
        self.fault: Fault = lambda _kind, _path: None
        self._nodes: dict[str, int] = {str(root): 0}
        self._made = 0
        self._fds: dict[int, str] = {}
        self._dead = False

    @contextmanager
    def under(self) -> Iterator[None]:
        """The process's calls go by this disk, until the end of the block."""
        with pytest.MonkeyPatch.context() as monkeypatch:
            for name in NAMES:
                monkeypatch.setattr(os, name, getattr(self, f"_{name}"))
            yield

    def begin_another_process(self) -> None:
        self._dead = False

    # --- the calls -----------------------------------------------------------------------------

    def _open(self, path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        place = self._place(path, dir_fd)
        if place is None:
            return int(REAL["open"](path, flags, mode, dir_fd=dir_fd))
        if self._dead:
            raise Killed
        made = bool(flags & os.O_CREAT) and not os.path.lexists(place)
        if made:
            self._meet("create", place)
        fd = int(REAL["open"](place, flags, mode))
        if made:
            self._name(place)
        self._fds[fd] = place
        return fd

    def _close(self, fd: int) -> None:
        self._fds.pop(fd, None)
        REAL["close"](fd)

    def _write(self, fd: int, data: bytes) -> int:
        place = self._fds.get(fd)
        if place is None:
            return int(REAL["write"](fd, data))
        if self._meet("write", place) == "short":
            data = data[: len(data) // 2]
        start = os.fstat(fd).st_size
        written = int(REAL["write"](fd, data))
        self.log.append(Call("write", self._nodes[place], size=start, data=bytes(data[:written])))
        return written

    def _fsync(self, fd: int) -> None:
        place = self._fds.get(fd)
        if place is None:
            REAL["fsync"](fd)
            return
        try:
            self._meet("fsync", place)
        except OSError:
            self.log.append(Call("lost", self._nodes[place]))
            raise
        # No real one: this disk is read back from the log.
        self.log.append(Call("fsync", self._nodes[place]))

    def _ftruncate(self, fd: int, size: int) -> None:
        place = self._fds[fd]
        self._meet("ftruncate", place)
        REAL["ftruncate"](fd, size)
        self.log.append(Call("ftruncate", self._nodes[place], size=size))

    def _rename(self, source: Any, target: Any) -> None:
        old, new = self._place(source), self._place(target)
        if old is None or new is None:
            REAL["rename"](source, target)
            return
        assert Path(old).parent == Path(new).parent, "a rename between folders"
        self._meet("rename", old)
        REAL["rename"](old, new)
        folder = self._nodes[str(Path(old).parent)]
        self.log.append(Call("rename", folder, Path(old).name, to=Path(new).name))
        moved = {
            place: new + place[len(old) :]
            for place in self._nodes
            if place == old or place.startswith(f"{old}/")
        }
        nodes = {to: self._nodes.pop(place) for place, to in moved.items()}
        self._nodes.update(nodes)
        self._fds = {fd: moved.get(place, place) for fd, place in self._fds.items()}

    _replace = _rename

    def _unlink(self, path: Any, *, dir_fd: int | None = None) -> None:
        self._remove("unlink", path, dir_fd)

    def _rmdir(self, path: Any, *, dir_fd: int | None = None) -> None:
        self._remove("rmdir", path, dir_fd)

    def _mkdir(self, path: Any, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
        place = self._place(path, dir_fd)
        if place is None:
            REAL["mkdir"](path, mode, dir_fd=dir_fd)
            return
        self._meet("mkdir", place)
        REAL["mkdir"](place, mode)
        self._name(place, "mkdir")

    # --- how they are counted, stopped and written down ----------------------------------------

    def _place(self, path: Any, dir_fd: int | None = None) -> str | None:
        """The path, if it is on this disk."""
        text = os.fspath(path)
        if dir_fd is not None and not text.startswith("/"):
            text = f"{self._fds.get(dir_fd, '/elsewhere')}/{text}"
        on_it = text == str(self.root) or text.startswith(f"{self.root}/")
        return text if on_it else None

    def _meet(self, kind: Kind, place: str) -> Trouble | None:
        if self._dead:
            raise Killed
        trouble = self.fault(kind, Path(place))
        if trouble == "kill":
            self._dead = True
            raise Killed
        if isinstance(trouble, int):
            raise OSError(trouble, os.strerror(trouble), place)
        return trouble

    def _name(self, place: str, kind: Literal["create", "mkdir"] = "create") -> None:
        self._made += 1
        self._nodes[place] = self._made
        folder, name = os.path.split(place)
        self.log.append(Call(kind, self._nodes[folder], name, child=self._made))

    def _remove(self, kind: Literal["unlink", "rmdir"], path: Any, dir_fd: int | None) -> None:
        place = self._place(path, dir_fd)
        if place is None:
            REAL[kind](path, dir_fd=dir_fd)
            return
        if not os.path.lexists(place):
            raise FileNotFoundError(2, "", place)
        self._meet(kind, place)
        REAL[kind](place)
        del self._nodes[place]
        folder, name = os.path.split(place)
        self.log.append(Call(kind, self._nodes[folder], name))


@contextmanager
def without_fsync() -> Iterator[None]:
    """Where no power goes any more, the real disk is spared."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(os, "fsync", lambda _fd: None)
        yield


# --- power loss ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """What of the things that were not fsynced reached the disk all the same.

    ``names`` and ``contents`` are shares, from 0 to 1, of what came first; ``torn`` is how many
    bytes of each file's next write did, too.
    """

    names: float = 0.0
    contents: float = 0.0
    torn: int = 0


NOTHING, EVERYTHING = Kept(), Kept(1.0, 1.0)

Files = dict[str, bytes | None]
"""Paths below the root and what they hold; None is a folder."""


def left_by_power_loss(log: Sequence[Call], kept: Kept) -> Files:
    folders: dict[int, dict[str, int]] = {0: {}}
    pending_names, written = _pending(log)
    count = round(kept.names * len(pending_names))
    dropped = set(pending_names[count:])
    for place, call in enumerate(log):
        if call.kind in NAMING and place not in dropped:
            _name_after(folders, call)
    files: Files = {}
    _walk(folders, 0, "", files, {n: _content(calls, kept) for n, calls in written.items()})
    return files


def _pending(log: Sequence[Call]) -> tuple[list[int], dict[int, list[Call]]]:
    """The places in the log of the names that are not durable, and each file's calls."""
    names: list[int] = []
    files: dict[int, list[Call]] = {}
    for place, call in enumerate(log):
        if call.kind in NAMING:
            names.append(place)
            if call.kind == "create":
                files[call.child] = []
        elif call.node in files:
            files[call.node].append(call)
        elif call.kind == "fsync":
            names = [one for one in names if log[one].node != call.node]
    return names, files


def _name_after(folders: dict[int, dict[str, int]], call: Call) -> None:
    names = folders.setdefault(call.node, {})  # one whose own name is dropped is out of reach
    if call.kind in ("create", "mkdir"):
        names[call.name] = call.child
        if call.kind == "mkdir":
            folders.setdefault(call.child, {})
    elif call.kind in ("unlink", "rmdir"):
        names.pop(call.name, None)
    elif call.name in names:
        names[call.to] = names.pop(call.name)


def _content(calls: Sequence[Call], kept: Kept) -> bytes:
    durable: list[Call] = []
    pending: list[Call] = []
    for call in calls:
        if call.kind == "fsync":
            durable, pending = durable + pending, []
        elif call.kind == "lost":
            pending = [one for one in pending if one.kind != "write"]
        else:
            pending.append(call)
    count = round(kept.contents * len(pending))
    content = bytearray()
    for call in durable + pending[:count]:
        _write_after(content, call, len(call.data))
    if kept.torn and pending[count:] and pending[count].kind == "write":
        _write_after(content, pending[count], kept.torn)
    return bytes(content)


def _write_after(content: bytearray, call: Call, length: int) -> None:
    if len(content) < call.size:
        content.extend(bytes(call.size - len(content)))
    if call.kind == "write":
        content[call.size : call.size + length] = call.data[:length]
    else:
        del content[call.size :]


def _walk(
    folders: dict[int, dict[str, int]], node: int, at: str, files: Files, held: dict[int, bytes]
) -> None:
    for name, child in folders[node].items():
        if child in folders:
            files[f"{at}{name}"] = None
            _walk(folders, child, f"{at}{name}/", files, held)
        else:
            files[f"{at}{name}"] = held[child]


def lay_out(files: Files, folder: Path) -> Path:
    """The same as real files in a fresh folder."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        if content is None:
            (folder / name).mkdir(mode=0o700)
        else:
            (folder / name).write_bytes(content)
            (folder / name).chmod(0o600)
    return folder
