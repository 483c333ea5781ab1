"""What words a message for people; the rooms below ``bot`` are given one as an argument."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Protocol


class Say(Protocol):
    """The messages of one language: ``say("doctor-no-form", form="case-file")``."""

    @property
    def language(self) -> str: ...

    def __call__(self, message: str, /, **values: str | int | Path | Exception) -> str: ...

    def any_of(self, texts: Sequence[str]) -> str: ...

    def all_of(self, texts: Sequence[str]) -> str: ...

    def day(self, day: date, pattern: str = ...) -> str: ...
