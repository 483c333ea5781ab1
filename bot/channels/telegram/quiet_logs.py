"""Keeping the token, and what people wrote, out of the logs."""

import logging
import traceback
from urllib.parse import quote

NOISY = ("httpx", "httpcore", "telegram", "aiohttp.access", "asyncio")
"""At INFO httpx logs every address it calls, and the token is part of each; at DEBUG
python-telegram-bot logs every parameter, and so every question and answer."""


def quiet_libraries() -> None:
    """Let the libraries log only what went wrong."""
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


class HideToken(logging.Filter):
    """Replace the token wherever a record would show it; put it on every handler.

    A filter on a logger would miss what its child loggers hand up.
    """

    def __init__(self, token: str) -> None:
        super().__init__()
        secret = token.partition(":")[2]
        forms = {token, quote(token, safe="")}
        if len(secret) >= 16:  # a shorter one could be an ordinary word
            forms.add(secret)
        self._forms = sorted(filter(None, forms), key=len, reverse=True)

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        hidden = self._hide(message)
        if hidden != message:
            record.msg, record.args = hidden, None
        if record.exc_info and record.exc_info[1]:
            trace = "".join(traceback.format_exception(record.exc_info[1]))
            hidden = self._hide(trace)
            if hidden != trace:
                record.exc_info, record.exc_text = None, hidden.rstrip()
        return True

    def _hide(self, text: str) -> str:
        for form in self._forms:
            text = text.replace(form, "<token>")
        return text


def describe(error: BaseException) -> str:
    """Return the error's name and place, ``KeyError@channel.py:120``; never its message.

    Messages of errors may hold the token or what somebody wrote.
    """
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    *_, last = frames
    return f"{type(error).__name__}@{last.filename.rpartition('/')[2]}:{last.lineno}"
