"""Where a case stands, and how it may move on."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    UNASSIGNED = "unassigned"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    AGREED = "agreed"

    @property
    def is_in(self) -> bool:
        """Whether the case is submitted, and so closed to changes."""
        return self in (Status.SUBMITTED, Status.AGREED)


class Move(StrEnum):
    ANSWER = "answer"
    SUBMIT = "submit"
    REOPEN = "reopen"
    RETURN = "return"
    AGREE = "agree"


TRANSITIONS: Final[Mapping[tuple[Status, Move], Status]] = {
    (Status.UNASSIGNED, Move.ANSWER): Status.IN_PROGRESS,
    (Status.ASSIGNED, Move.ANSWER): Status.IN_PROGRESS,
    (Status.ASSIGNED, Move.SUBMIT): Status.SUBMITTED,
    (Status.UNASSIGNED, Move.SUBMIT): Status.SUBMITTED,
    (Status.IN_PROGRESS, Move.ANSWER): Status.IN_PROGRESS,
    (Status.IN_PROGRESS, Move.SUBMIT): Status.SUBMITTED,
    (Status.SUBMITTED, Move.REOPEN): Status.IN_PROGRESS,
    (Status.SUBMITTED, Move.RETURN): Status.RETURNED,
    (Status.AGREED, Move.RETURN): Status.RETURNED,
    (Status.RETURNED, Move.RETURN): Status.RETURNED,
    (Status.RETURNED, Move.ANSWER): Status.RETURNED,
    (Status.RETURNED, Move.SUBMIT): Status.SUBMITTED,
    (Status.SUBMITTED, Move.AGREE): Status.AGREED,
}
"""The next status by status and move. A pair that is not here may not happen."""


def initial_status(inspector: str | None) -> Status:
    return Status.ASSIGNED if inspector else Status.UNASSIGNED
