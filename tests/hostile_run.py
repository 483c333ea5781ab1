"""Reading hostile packs and files (:mod:`tests.hostile`) as Casewalk does, within hard limits.

Each is read in a process of its own that may use one second of processor time and 100 MB more than
it began with (the kernel ends it otherwise), may write nowhere but in its store's folder, and may
not touch the network. By hand::

    python -m tests.hostile_run pack 0 1000          # a thousand packs, and what became of them
    python -m tests.hostile_run pack 137 1 --show    # the one numbered 137 itself
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple

from bot.reports.verify_report import verify_report
from criteria.case import Case
from criteria.inspection import Inspection
from criteria.instrument.check.pack import check_pack_text
from criteria.instrument.load import PackError, load_pack, read_document, read_pack, read_text
from criteria.relevance import form_state
from criteria.scoring.score import score_cases
from criteria.verify.verify import verify_text
from storage.errors import StoreError
from storage.inspection_file import (
    InspectionFileError,
    dump_document,
    inspection_document,
    read_inspection_file,
)
from storage.sample_file import SampleError, read_sample
from tests.files_store import files_store
from tests.hostile import ROOT, SAMPLED, SEED, Input, hostile, small_pack

COUNT: Final = int(os.environ.get("CASEWALK_HOSTILE", "40"))
"""How many inputs of each kind a test reads; 1,000 is the full length."""

SECONDS: Final = 1
MEGABYTES: Final = 100
"""More than the process had when it began to read."""


class Outcome(NamedTuple):
    """What became of one input: ``refused`` (with a message), ``harmless``, or what went wrong."""

    kind: str
    number: int
    maker: str
    became: str
    said: str
    seconds: float = 0.0
    megabytes: float = 0.0

    @property
    def is_well(self) -> bool:
        return self.became in ("refused", "harmless")

    def __str__(self) -> str:
        again = (
            f"CASEWALK_HOSTILE_SEED={SEED} python -m tests.hostile_run {self.kind} {self.number} 1"
        )
        return f"{self.maker}: {self.became}: {self.said}\n    again: {again}"


# --- reading one, as Casewalk does ----------------------------------------------------------------


def read_hostile_pack(path: Path, store: Path) -> None:
    """Check it, load it, and make an inspection of it."""

    issues = check_pack_text(read_text(path))
    for issue in issues:
        _is_fit_to_print(str(issue))
    if errors := [issue for issue in issues if issue.is_error]:
        raise PackError(str(errors[0]))  # what `casewalk check` says; nothing else takes it then
    pack = load_pack(read_document(path))
    cases = [Case("C001", form.name, "I1") for form in pack.forms]
    for form, case in zip(pack.forms, cases, strict=True):
        form_state(form, case)
    score_cases(pack, cases)
    _store(store, pack.name, pack, cases)


def read_hostile_figures(path: Path, _store: Path) -> None:

    _is_fit_to_print(verify_report(verify_text(path.read_bytes())))


def read_hostile_inspection(path: Path, store: Path) -> None:
    """Read it, score it, keep it, and write it out again."""

    read = read_inspection_file(path, read_pack)
    score_cases(read.pack, list(read.cases))
    _store(store, read.id or "unnamed", read.pack, list(read.cases))


def read_hostile_sample(path: Path, store: Path) -> None:

    pack = read_pack(SAMPLED)
    _store(store, "sampled", pack, read_sample(path.read_bytes(), pack))


def read_probe(path: Path, store: Path) -> None:
    """Does what nothing may do, to show that it is noticed."""
    match path.read_text("ascii"):
        case "store":
            (store / "kept").write_bytes(b"")
        case "spin":
            while True:
                pass
        case "fill":
            [bytes(10**6) for _ in range(2 * MEGABYTES)]
        case "recurse":
            read_probe(path, store)
        case "write":
            (store.parent / "beside").write_bytes(b"")
        case "follow":
            (store.parent / "canary.json").read_bytes()
        case "connect":
            socket.create_connection(("127.0.0.1", 9), timeout=1)
        case "steer":
            raise PackError("\x1b[2J")


def _store(folder: Path, name: str, pack: Any, cases: list[Any]) -> None:
    """Kept and read back; of very many cases, so many as show that it can be done."""

    async def keep() -> None:
        store = files_store(folder)
        made = Inspection(name, "Hostile", pack.name, pack.version)
        await store.create_inspection(made, pack, cases[:50], at="2026-11-20T10:00:00Z")
        kept = await store.cases(made.id)
        dump_document(inspection_document(made, await store.pack(made.id), kept))
        await store.close()

    asyncio.run(keep())


READERS: Final[dict[str, Callable[[Path, Path], None]]] = {
    "pack": read_hostile_pack,
    "figures": read_hostile_figures,
    "inspection": read_hostile_inspection,
    "sample": read_hostile_sample,
    "probe": read_probe,
}


def _is_fit_to_print(message: str) -> None:
    """Whether it may stand in a terminal: no sign that steers one, and no novel."""
    message.encode()
    odd = [line for line in message.split("\n") if not line.isprintable()]
    assert not odd, f"unprintable {odd[0]!r:.200}"
    assert len(message) < 2_000_000, f"{len(message)} characters"


# --- one process each -----------------------------------------------------------------------------


REFUSALS: Final = (PackError, InspectionFileError, SampleError, StoreError)
"""What says, in words for people, that an input cannot be used."""


WRITING: Final = (
    "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate",
    "os.chmod",
)  # fmt: skip
FORBIDDEN: Final = ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system")


class _Guard:
    """Notes what the process does outside its store's folder."""

    def __init__(self, box: Path) -> None:
        self.store = str(box / "store")
        self.canary = str(box / "canary.json")
        self.broken: list[str] = []

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            writes = (
                bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)) if flags else "w" in str(mode)
            )
            named = os.path.abspath(path) if isinstance(path, str) else str(path)  # noqa: PTH100
            if named == self.canary or (writes and isinstance(path, str) and self._outside(named)):
                self.broken.append(f"opened {named}")
        elif event in WRITING:
            for one in arguments[:2]:
                if isinstance(one, str | os.PathLike) and self._outside(os.path.abspath(one)):  # noqa: PTH100
                    self.broken.append(f"{event} {one}")
        elif event in FORBIDDEN:
            self.broken.append(f"{event} {arguments!r:.80}")

    def _outside(self, path: str) -> bool:
        return (
            path != self.store and not path.startswith(self.store + os.sep) and path != "/dev/null"
        )


def _child(kind: str, path: Path, box: Path, out: int) -> None:
    """In the forked process: read the input within the limits, and say what became of it."""
    memory = Path("/proc/self/statm").read_text("ascii").split()
    limit = int(memory[0]) * resource.getpagesize() + MEGABYTES * 2**20
    began = resource.getrusage(resource.RUSAGE_SELF)
    # The store's threads would each reserve addresses for a stack and for an arena (M_ARENA_MAX).
    threading.stack_size(2**18)
    ctypes.CDLL(None).mallopt(-8, 1)
    guard = _Guard(box)
    sys.dont_write_bytecode = True  # of modules that are imported late, in a clean checkout
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    sys.addaudithook(guard)
    try:
        READERS[kind](path, box / "store")
        became, said = "harmless", ""
    except REFUSALS as exc:
        became, said = "refused", str(exc)
        try:
            _is_fit_to_print(said)
        except (AssertionError, UnicodeEncodeError) as odd:
            became, said = "refused in words that are not fit to print", f"{odd!r:.300}"
    except BaseException:  # whatever else comes is what is looked for
        became, said = "raised", traceback.format_exc(limit=-4)
    ended = resource.getrusage(resource.RUSAGE_SELF)
    if guard.broken:
        became, said = "went outside its folder", "; ".join(guard.broken[:5])
    seconds = ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime
    megabytes = (ended.ru_maxrss - began.ru_maxrss) / 1024
    os.write(out, json.dumps([became, said[:2_000], seconds, megabytes]).encode())


def read_one(given: Input, box: Path) -> Outcome:
    """Read it in a process of its own, and look what is left behind."""
    (box / "store").mkdir()
    path, (answer, out) = box / "input", os.pipe()
    path.write_bytes(given.content)
    child = os.fork()
    if not child:
        os.close(answer)
        os.chdir(box / "cwd")
        _child(given.kind, path, box, out)
        os._exit(0)
    os.close(out)
    with os.fdopen(answer, "rb") as said:
        told = said.read()
    _, status = os.waitpid(child, 0)
    left = {one.name for one in box.iterdir()} - {"store", "input", "cwd", "canary.json"}
    left |= {one.name for one in (box / "cwd").iterdir()}
    shutil.rmtree(box / "store")
    known = given.kind, given.number, given.maker
    if left:
        return Outcome(*known, "left files behind", str(sorted(left)))
    if not told:
        why = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else str(status)
        return Outcome(*known, "ended by the kernel", why)
    return Outcome(*known, *json.loads(told))


def read_many(inputs: Iterable[Input]) -> Iterator[Outcome]:
    """In this process's children, which begin with all that they need imported."""
    for name in ("holidays", "rapidfuzz.process", "bot.messages.compiled", "babel.dates"):
        import_module(name)  # what Casewalk imports only when it needs it
    check_pack_text(json.dumps(small_pack()))  # its schema is read but once
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        box = Path(folder)
        (box / "cwd").mkdir()
        (box / "canary.json").write_text("{}", "utf-8")
        for given in inputs:
            yield read_one(given, box)


def outcomes(kind: str, count: int = COUNT) -> list[Outcome]:
    """What became of the first ``count`` inputs of a kind."""
    return _run(kind, "0", str(count))


def outcomes_of(kind: str, inputs: Mapping[str, bytes], folder: Path) -> dict[str, Outcome]:
    """What became of these, by their names; ``folder`` is where they are put."""
    for name, content in inputs.items():
        (folder / name).write_bytes(content)
    return {one.maker: one for one in _run(kind, "--files", str(folder))}


def _run(*arguments: str) -> list[Outcome]:
    """In a fresh process: only one without threads may fork at any moment."""
    command = [sys.executable, "-m", "tests.hostile_run", *arguments, "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return [Outcome(*json.loads(line)) for line in done.stdout.splitlines()]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile_run")
    parser.add_argument("kind", choices=READERS)
    parser.add_argument("first", type=int, nargs="?", default=0)
    parser.add_argument("count", type=int, nargs="?", default=1_000)
    parser.add_argument("--files", type=Path, help="read the files of this folder instead")
    parser.add_argument("--json", action="store_true", help="a line for each, for the tests")
    parser.add_argument("--show", action="store_true", help="write the inputs themselves instead")
    options = parser.parse_args()
    numbers = range(options.first, options.first + options.count)
    inputs = (hostile(options.kind, number) for number in numbers)
    if options.files:
        files = sorted(options.files.iterdir())
        inputs = (Input(options.kind, 0, one.name, one.read_bytes()) for one in files)
    if options.show:
        for one in inputs:
            sys.stdout.buffer.write(one.content + b"\n")
        return
    read = []
    for one in read_many(inputs):
        read.append(one)
        if options.json:
            sys.stdout.write(json.dumps(one) + "\n")
        elif not one.is_well or options.count == 1:
            sys.stdout.write(f"{one}\n")
    if not options.json:
        number = Counter(one.became for one in read)
        slowest, largest = (max(read, key=lambda one: one[place]) for place in (5, 6))
        sys.stdout.write(
            f"{len(read)} of kind {options.kind}, seed {SEED}: "
            + ", ".join(f"{count} {became}" for became, count in number.most_common())
            + f". Most: {slowest.seconds:.2f} s ({slowest.maker} {slowest.number}),"
            f" {largest.megabytes:.0f} MB ({largest.maker} {largest.number}).\n"
        )


if __name__ == "__main__":
    main()
