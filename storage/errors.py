"""What a store may raise. A message is for people: what happened, what to do; it holds no answer."""

from __future__ import annotations


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


class InUse(StoreError):
    """Another bot holds the store."""
