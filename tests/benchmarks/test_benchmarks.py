"""The benchmarks run: a smoke run of Casewalk alone, which says nothing of how fast it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.storage.postgres_server import GIVEN, PACKAGE

pytest.importorskip("psutil", reason="measures other processes")
ROOT = Path(__file__).parents[2]


def test_the_benchmarks_measure_answers_and_progress(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.benchmarks", "--quick", "--parts", "load", "progress"]
    command += ["--folder", str(tmp_path)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    figures = [line.partition("  ")[0] for line in done.stdout.splitlines()]
    assert "CPU per durable answer, 5 inspectors" in figures
    assert "/progress at 20 cases, lead" in figures
    assert not list(tmp_path.iterdir()), "a store was left behind"


def test_several_workers_are_measured_on_one_postgresql() -> None:
    given = os.environ.get(GIVEN)
    if given is None:
        pytest.importorskip(PACKAGE, reason="there is no PostgreSQL server")
    command = [sys.executable, "-m", "tests.benchmarks.scale", "--quick"]
    command += ["--postgres", given] if given else []
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    _, header, full, thinking, *notes = done.stdout.splitlines()
    rates = [
        float(line.split()[header.split().index("answers/s") - 1]) for line in (full, thinking)
    ]
    assert min(rates) > 0
    assert all("deadlocks 0" in note for note in notes if "steps" in note)
