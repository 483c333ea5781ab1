"""What an import makes of a case that is stored, and what it would take away from it.

Both are cases as :mod:`criteria.case_json` has them. Whatever a case holds, now or later, is
compared in the same way: nothing needs a rule of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

JSON = Mapping[str, Any]


def completed(stored: JSON, given: JSON) -> dict[str, Any]:
    """The given case, with what it does not speak of as it is stored.

    That is a field of its head, and a field of an answer whose value is the stored one. Its answers
    and its lists are whole: what is not among them is left out.
    """
    spoken = {**given, "answers": dict(given["answers"])}
    for name, one in stored.items():
        if not isinstance(one, list):
            spoken.setdefault(name, one)
    for name, answer in stored["answers"].items():
        now = spoken["answers"].get(name)
        if now is not None and now["value"] == answer["value"]:
            spoken["answers"][name] = {**answer, **now}
    return spoken


def losses(before: Any, after: Any, *, may_change: bool, place: str = "") -> Iterator[str]:
    """Yield the place of everything in ``before`` that ``after`` lacks or, unless it may, changes.

    Null is nothing; a list of documents is taken as the documents in it.
    """
    if before is None or before == after:
        return
    if after is None:
        yield place
    elif isinstance(before, Mapping):
        for name, one in before.items():
            within = f"{place} {name}".lstrip()
            yield from losses(one, after.get(name), may_change=may_change, place=within)
    elif isinstance(before, list) and any(isinstance(one, Mapping) for one in before):
        yield from (f"{place}[{n}]" for n, one in enumerate(before) if one not in after)
    elif not may_change:
        yield place
