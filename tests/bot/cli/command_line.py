"""The command line as a person or another tool has it: real processes, exit codes, files, pipes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests import ROOT

PACK = "movement-of-cases-2004"

SETTINGS = ("TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL", "CASEWALK_STORE", "CASEWALK_LOG")

SAMPLE = "case,inspector,gender,mappa\nC001,I1,male,no\nC002,I1,,yes\nC003,I2,Female,not known\n"

TIMEOUT = 60.0
"""Seconds that a process may take on a busy machine."""

Done = subprocess.CompletedProcess[str]


class CommandLine:
    """``casewalk`` in a folder of its own, where its store is ``./data``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
        self.environment = {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}

    def __call__(self, *arguments: str, given: str = "", code: int = 0, **settings: str) -> Done:
        """Run one command to its end; it must end with this code, and without a traceback."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=self.folder,
            env=self.environment | settings,
            input=given.encode(),
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
        shown = Done(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
        assert "Traceback" not in shown.stderr, shown.stderr
        assert shown.returncode == code, f"{shown.stdout}\n{shown.stderr}"
        return shown

    def refused(self, *arguments: str, **settings: Any) -> str:
        """Run a command whose input is at fault; gives the message."""
        done = self(*arguments, code=1, **settings)
        assert done.stderr.startswith("casewalk: ")
        return done.stderr

    def write(self, name: str, content: str | dict[str, Any]) -> str:
        text = content if isinstance(content, str) else json.dumps(content)
        (self.folder / name).write_text(text, "utf-8")
        return name

    def document(self, inspection: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self("export", inspection, "--format", "json").stdout)
        return document


def inspection_file(*answers: dict[str, str], **fields: Any) -> dict[str, Any]:
    """The least that the contract asks for: a case's reference, form and answers."""
    cases = [
        {
            "case": f"C{number:03d}",
            "form": "case-file",
            "answers": {name: {"value": value} for name, value in given.items()},
        }
        for number, given in enumerate(answers, 1)
    ]
    return {"format": "casewalk-inspection/1", "pack": {"name": PACK}, "cases": cases, **fields}
