"""What changed in a case between its return by a lead and its next submission."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.messages import Messages
from criteria.case_status import Status
from criteria.instrument.pack import Form
from dialogs.events import GivenChange
from storage.case_tables import HistoryEntry

_IN: Final = tuple(status for status in Status if status.is_in)


def changes_told(say: Messages, form: Form, history: Sequence[HistoryEntry]) -> str | None:
    """``B7 changed, B8 as it was``: the questions that were remarked on, set beside what they were.

    Where no question was, how many answers changed. None where the case was not returned since it
    was submitted before.
    """
    steps = _since_returned(history)
    if not steps:
        return None
    changes = [change for step in steps for change in step.changes]
    remarked = {
        change.after["question"] for change in changes if change.table == "remarks" and change.after
    }
    changed, noted = _differing(changes, "value"), _differing(changes, "note")
    evidence = [
        change.after for change in changes
        if change.table == "evidence" and (change.before or {}).get("state") != "awaited"
    ]  # fmt: skip  # a file that has come since was given before
    noted |= {after["question"] for after in evidence if after}
    told = []
    for question in form.questions:
        if question.name in remarked:
            was = "as-it-was-noted" if question.name in noted else "as-it-was"
            text = "was-changed" if question.name in changed else was
            told.append(say(text, number=question.number))
    return ", ".join(told) or say("changed-answers", count=len(changed))


def _since_returned(history: Sequence[HistoryEntry]) -> Sequence[HistoryEntry]:
    """The steps from the one that gave the case back to the last one, which submitted it again.

    There are none where it is in for the first time, or was reopened by its inspector.
    """
    for place in range(len(history) - 1, -1, -1):
        for change in history[place].changes:
            was, now = ((one or {}).get("status") for one in (change.before, change.after))
            if change.table == "case" and was in _IN and now not in _IN:
                return history[place:] if now == Status.RETURNED else ()
    return ()


def _differing(changes: Iterable[GivenChange], part: str) -> set[str]:
    """The questions whose answer's value, or note, is another in the end than it was at first."""
    ends: dict[str, tuple[object, object]] = {}
    for change in changes:
        if change.table in ("profile", "answers"):
            was, now = ((one or {}).get(part) for one in (change.before, change.after))
            first, _ = ends.get(change.name, (was, now))
            ends[change.name] = first, now
    return {name for name, (was, now) in ends.items() if was != now}
