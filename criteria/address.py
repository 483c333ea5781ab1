"""Where an answer stands in a case: the question's name, and the instances of groups it is in.

``kept`` is the answer to the question of that name. ``requirement[2]/kept`` will be the answer to
``kept`` in the second instance of the group ``requirement``, once groups can repeat.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_STEP: Final = re.compile(r"(?P<group>[^\s/\[\]]+)\[(?P<instance>[1-9][0-9]{0,3})\]")
_NAME: Final = re.compile(r"[^\s/\[\]]+")


@dataclass(frozen=True, slots=True)
class Address:
    """``path`` holds the repeated groups with their instance, from 1, the outermost first."""

    name: str
    path: tuple[tuple[str, int], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Address:
        """The address that a text is. Raises ``ValueError`` where it is none."""
        *steps, name = text.split("/")
        found = [_STEP.fullmatch(step) for step in steps]
        if not _NAME.fullmatch(name) or None in found:
            raise ValueError(f"{text[:80]!r} is no address; it is name, or group[1]/name")
        return cls(name, tuple((step["group"], int(step["instance"])) for step in found if step))

    def __str__(self) -> str:
        return "".join(f"{group}[{instance}]/" for group, instance in self.path) + self.name
