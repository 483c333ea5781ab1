"""What a store may raise. Messages are for people: what happened, what to do; without answers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from errno import EACCES, EDQUOT, EFBIG, EIO, ENOSPC, EPERM, EROFS
from pathlib import Path
from typing import Final


class StoreError(Exception):
    """The store could not do it. Nothing that was kept is lost."""


class NotSaved(StoreError):
    """The write did not reach the disk (full, read-only, failing); what stood before stands."""


class Conflict(StoreError):
    """Somebody else wrote since this was read: read it again, take the step anew."""


class Damaged(StoreError):
    """A log or file is not what was written. It is refused by its place, never read as empty."""


class NotFound(StoreError):
    """There is no such inspection, case or file."""


class AlreadyThere(StoreError):
    """An inspection or case of that name exists."""


class WouldLose(StoreError):
    """An import would take away what is stored; ``lost`` says where, without answers."""

    def __init__(self, lost: Sequence[str]) -> None:
        super().__init__(f"It would take away what is stored: {', '.join(lost)}.")
        self.lost = tuple(lost)


class InUse(StoreError):
    """Another bot holds the store."""


_RESTORE: Final = (
    "Nothing was changed in it, and other cases are not touched;"
    " put this file back from a backup and start Casewalk again"
)


class DamagedFile(Damaged):
    """Its parts, for those that list what is wrong; ``line`` is None for the file as a whole."""

    def __init__(self, path: Path, line: int | None, what: str, remedy: str = _RESTORE) -> None:
        place = f"{path}, line {line}" if line else str(path)
        super().__init__(f"{place}: {what}. {remedy}.")
        self.path, self.line, self.what, self.remedy = path, line, what, remedy


class Unreachable(NotSaved):
    """The database does not answer; it may in a moment."""


class WrongKey(DamagedFile):
    """Not damaged, as far as can be told: it wants another key than the one given, or none."""


def not_saved(path: Path, exc: OSError) -> NotSaved:
    cause = _CAUSES.get(exc.errno or 0, exc.strerror or type(exc).__name__)
    return NotSaved(f"Not saved: {cause}, and try again. What was saved before is kept. ({path})")


@contextmanager
def saving(path: Path) -> Iterator[None]:
    """What the disk refuses within is :class:`NotSaved`, about this file."""
    try:
        yield
    except OSError as exc:
        raise not_saved(path, exc) from exc


def cannot_read(path: Path, exc: OSError) -> StoreError:
    return StoreError(f"{path} cannot be read: {exc.strerror or type(exc).__name__}.")


_CAUSES: Final = {
    ENOSPC: "the disk is full; free some space",
    EDQUOT: "the disk quota is used up; free some space",
    EFBIG: "the file may not grow further; raise the limit on file sizes",
    EROFS: "the disk is read-only; make it writable",
    EACCES: "writing there is not allowed; change the permissions",
    EPERM: "writing there is not allowed; change the permissions",
    EIO: "the disk reports an error; look after the disk",
}
