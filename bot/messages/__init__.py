"""Every message to people, one catalogue a language: ``en.ftl`` holds the English ones.

``say = messages("en")``, then ``say("case-line", case="C001", status="begun", ...)``. It is written
in Fluent (https://projectfluent.org): placeholders have names, and each language chooses
its own plural forms. A message that a language lacks is said in English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from bot.messages.compiled import Compiled

ENGLISH: Final = "en"
LOCALES: Final = {ENGLISH: "en_GB"}
"""Where a language has several: how its lists and dates are written."""

Value = str | int | Path | Exception

_MESSAGE: Final = re.compile(r"^([a-zA-Z][\w-]*) =.*(?:\n(?:[ ].*)?)*", re.MULTILINE)


class Messages:
    """The messages of one language; calling it returns one of them.

    ``sources`` holds each message as it stands in the catalogue, by its id.
    """

    def __init__(
        self, language: str, sources: Mapping[str, str], fallback: Messages | None = None
    ) -> None:
        self.language: Final = language
        self.sources: Final = sources
        self._locale: Final = LOCALES.get(language, language)
        self._fallback: Final = fallback
        self._compiled: Final[dict[str, Compiled]] = {}

    def __call__(self, message: str, /, **values: Value) -> str:
        """Return the message with these values. Raises if it is unknown or a value is missing."""
        say = self._compiled.get(message)
        if say is None:
            if message not in self.sources and self._fallback is not None:
                return self._fallback(message, **values)
            # A whole catalogue takes 0.3 s to compile, and one message 1 ms.
            from bot.messages.compiled import compiled  # noqa: PLC0415

            say = compiled(message, self.sources[message], self._locale.replace("_", "-"))
            self._compiled[message] = say
        return say(values)

    def any_of(self, texts: Sequence[str]) -> str:
        """Return ``A``, ``A or B``, ``A, B or C``."""
        return self._listed(texts, "or")

    def all_of(self, texts: Sequence[str]) -> str:
        """Return ``A``, ``A and B``, ``A, B and C``."""
        return self._listed(texts, "standard")

    def _listed(self, texts: Sequence[str], style: Literal["or", "standard"]) -> str:
        from babel.lists import format_list  # noqa: PLC0415  # few replies list anything

        return format_list(texts, style, self._locale)

    def day(self, day: date, pattern: str = "d MMMM y") -> str:
        """Return ``20 November 2026``, or the parts of it that the pattern names."""
        from babel.dates import format_date  # noqa: PLC0415

        return format_date(day, pattern, self._locale)

    def day_and_time(self, moment: datetime) -> str:
        """Return ``20 Nov 11:00``, in the moment's own zone."""
        return f"{self.day(moment, 'd MMM')} {moment:%H:%M}"


@cache
def messages(language: str | None) -> Messages:
    """Return the messages of a language; those of one without a catalogue are the English."""
    english = None if language == ENGLISH else messages(ENGLISH)
    catalogue = files(__package__).joinpath(f"{language}.ftl")
    if english is not None and (not language or not catalogue.is_file()):
        return english
    return Messages(language or ENGLISH, read_catalogue(catalogue), english)


def read_catalogue(catalogue: Traversable) -> dict[str, str]:
    """Return each message of a catalogue as it is written, by its id."""
    return {found[1]: found[0] for found in _MESSAGE.finditer(catalogue.read_text("utf-8"))}


def language_name(code: str) -> str:
    """Return what a language calls itself: ``Cymraeg`` for ``cy``; an unknown code stays."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415

    try:
        return Locale.parse(code).get_display_name() or code
    except (UnknownLocaleError, ValueError):
        return code


say: Final = messages(ENGLISH)
"""The English messages: for the command line, and where no chat is at hand."""
