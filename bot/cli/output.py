"""Standard output and error, where no text can steer the terminal that it is read in.

Titles, notes and file names come from others. Whatever is printed passes here, so that their
escapes are shown and not obeyed.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from typing import TextIO

from criteria.printable import shown


class ShownText(io.TextIOWrapper):
    """A stream over the bytes of another one, which gets them back when it is detached."""

    def write(self, text: str, /) -> int:
        return super().write(shown(text))


@contextmanager
def escapes_shown() -> Iterator[None]:
    """Put :class:`ShownText` over both streams meanwhile."""
    with ExitStack() as streams:
        if isinstance(sys.stdout, io.TextIOWrapper):
            streams.enter_context(redirect_stdout(streams.enter_context(_over(sys.stdout))))
        if isinstance(sys.stderr, io.TextIOWrapper):
            streams.enter_context(redirect_stderr(streams.enter_context(_over(sys.stderr))))
        yield


@contextmanager
def _over(stream: io.TextIOWrapper) -> Iterator[TextIO]:
    stream.flush()
    text = ShownText(
        stream.buffer,
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )
    try:
        yield text
    finally:
        text.detach()  # flushes; closing it would close the other, too
