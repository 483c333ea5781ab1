"""How soon the command line has counted: ``casewalk score --json`` of 140 cases, start to end.

``python -m tests.benchmarks.start_up`` also says which of the chat's and the exports' libraries it
imported, where it should have imported none.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from criteria.inspection import Inspection
from criteria.instrument.load import read_pack
from storage.inspection_file import dump_document, inspection_document
from tests.benchmarks.telegram_load import ROOT, disk_folder
from tests.criteria.random_cases import random_cases

CASES: Final = 140
PACK: Final = "omi2-2011"
NOT_FOR_SCORING: Final = frozenset(
    {
        *("telegram", "aiohttp", "httpx", "tinydb", "psycopg", "cryptography"),
        *("prompt_toolkit", "PIL", "docx", "xlsxwriter", "jinja2", "phonenumbers", "rapidfuzz"),
        *("jsonschema", "holidays"),
    }
)


@dataclass(frozen=True, slots=True)
class Start:
    """``seconds`` from start to end; ``bare`` is what Python itself takes; ``imported`` the
    libraries that were imported for nothing."""

    seconds: float
    bare: float
    imported: tuple[str, ...]


def measure(folder: Path, rounds: int = 7) -> Start:
    file = folder / "inspection.json"
    pack = read_pack(PACK)
    inspection = Inspection("week", "A week", pack.name, pack.version)
    cases = random_cases(pack.case_form, CASES)
    file.write_bytes(dump_document(inspection_document(inspection, pack, cases)))
    score = ["-m", "bot", "score", str(file), "--json"]
    _seconds(score)  # what is compiled, and read from the disk, the first time
    seconds, bare = [], []
    for _ in range(rounds):
        seconds.append(_seconds(score))
        bare.append(_seconds(["-c", "pass"]))
    return Start(median(seconds), median(bare), _imported_for_nothing(score))


def _seconds(arguments: list[str]) -> float:
    start = time.perf_counter()
    command = [sys.executable, *arguments]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def _imported_for_nothing(arguments: list[str]) -> tuple[str, ...]:
    command = [sys.executable, "-X", "importtime", *arguments]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    names = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    return tuple(sorted(NOT_FOR_SCORING & names))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with disk_folder(None) as folder:
        start = measure(folder, options.rounds)
    print(f"casewalk score --json, {CASES} cases: {start.seconds:.3f} s")
    print(f"Python alone: {start.bare:.3f} s")
    print(f"imported for nothing: {', '.join(start.imported) or 'nothing'}")


if __name__ == "__main__":
    main()
