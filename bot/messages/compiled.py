"""One message of a catalogue, compiled by fluent-compiler; imported when one is first said."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fluent_compiler.bundle import FluentBundle
from fluent_compiler.types import FluentInt

Compiled = Callable[[Mapping[str, object]], str]


class WholeNumber(FluentInt):  # type: ignore[misc]  # the library has no types
    """A number that chooses a plural form and is written in plain digits.

    The library would write 1200 as 1,200, which no card's head does, and take 20 µs for it.
    """

    def __new__(cls, value: int) -> WholeNumber:
        return int.__new__(cls, value)

    def format(self, _locale: object) -> str:
        return str(int(self))


def compiled(message: str, source: str, locale: str) -> Compiled:
    """Return what says this message. Raises what is wrong with its source or its values."""
    # Isolating marks are for values that are written in another direction; packs have none.
    bundle = FluentBundle.from_string(locale, source, use_isolating=False)
    for _, error in bundle.check_messages():
        raise error

    def say(values: Mapping[str, object]) -> str:
        text, errors = bundle.format(
            message,
            {
                name: WholeNumber(value) if isinstance(value, int) else str(value)
                for name, value in values.items()
            },
        )
        for error in errors:
            raise error
        return str(text)

    if "{" not in source:  # as in most buttons
        fixed = say({})
        return lambda _values: fixed
    return say
