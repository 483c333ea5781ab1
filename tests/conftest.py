"""Where tests keep their files, how many run at once, and which the developer's loop leaves out."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

IN_MEMORY = Path("/dev/shm")  # noqa: S108  # only as the parent of folders of our own
ROOM = 4 * 1024**3

# The tests make some hundred thousand small files, which takes a disk as long as all else takes the
# processor. ``--basetemp`` or TMPDIR names a disk, for a harness that is to run on one.
if (
    "TMPDIR" not in os.environ
    and os.access(IN_MEMORY, os.W_OK)
    and shutil.disk_usage(IN_MEMORY).free > ROOM
):
    os.environ["TMPDIR"] = str(IN_MEMORY)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: a worker waits for processes and disks, too."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        callspec = getattr(item, "callspec", None)
        stores = callspec.params.values() if callspec else ()
        if "postgres" in fixtures or "own_postgres" in fixtures or "postgresql" in stores:
            item.add_marker(pytest.mark.long)  # a server takes seconds to start
