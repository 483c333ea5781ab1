"""What a handler decides: what is to change, and what to say. The pipeline commits, then says it.

A handler writes nothing. It returns one :class:`Decision`, whose changes are committed in one
append with the id of the update that caused them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bot.channels.channel import ButtonRows, Response, plain
from bot.context import Context
from dialogs.events import Event
from dialogs.session import Asked, Session, Step
from storage.changes import Change

Later = Callable[[Context], Awaitable[Response]]
"""Makes a response once the changes are committed, from the context as it is then."""


NOTHING: Final = Response()


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that the engine took, and what it was taken from."""

    before: Session
    event: Event
    step: Step


@dataclass(frozen=True, slots=True)
class Decision:
    """``response`` is what is said, or ``later`` makes it where it depends on what was committed;
    ``first`` is said before it.

    ``event`` names what is to be kept, ``why`` is the reason that somebody gave for it; ``event``
    is None where there is nothing to keep, nor to remember.

    ``session`` is the chat's afterwards, None where it stays as it is. ``version`` is that of the
    case which the session opens, as it was loaded. ``goes_to`` is the inspection that the chat
    goes to, if it goes anywhere; ``session`` is its session there. ``files`` are put, each under
    its name, before what names them is committed. With ``remember`` the update's id is kept, so
    that it is never applied again. ``asks`` is what the text is for, if it is asked for again
    since it was held back.
    """

    response: Response = NOTHING
    event: str | None = None
    changes: tuple[Change, ...] = ()
    session: Session | None = None
    version: int | None = None
    goes_to: str | None = None
    files: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    remember: bool = True
    why: str | None = field(default=None, repr=False)
    taken: Taken | None = None
    asks: Asked | None = None
    later: Later | None = None
    first: str | None = field(default=None, repr=False)


def only(text: str, **more: Any) -> Response:
    """A response of one message; ``more`` as :func:`plain` takes it."""
    return Response((plain(text, **more),))


def tell(text: str, **more: Any) -> Decision:
    """Nothing changes; this is said."""
    return Decision(only(text, **more))


def asked_for(context: Context, what: str, about: tuple[str, ...], text: str) -> Decision:
    """Ask for a text, outside the open case; what comes next goes to its handler."""
    session = replace(context.session, asked=Asked(what, about))
    response = only(text, wants_text=True, buttons=cancelling(context))
    return Decision(response, "TextAsked", session=session)


def cancelling(context: Context) -> ButtonRows:
    """What calls off a text that is asked for; typing what it says does as well."""
    return ((context.button(context.say("cancel-asked"), "cancel"),),)
