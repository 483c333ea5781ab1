"""Taps and texts: what the engine makes of an event in the open case."""

from dataclasses import replace

from bot.cards import render
from bot.channels.channel import Message, Response
from bot.context import Context
from bot.decision import Decision, Taken
from dialogs.effects import TapRefused
from dialogs.engine import advance
from dialogs.events import UNKNOWN, Event, Origin
from dialogs.session import Session


def converse(context: Context, event: Event, before: Session | None = None) -> Decision:
    """The step that follows from an event, in the chat's session or in another."""
    before = before or context.session
    event = _sent_with(context.message, event)
    step = advance(before, event, context.pack, context.now)
    return Decision(
        Response((render(step.effects, context.view(step.session)),)),
        type(event).__name__,
        session=step.session,
        # A refused tap is refused again, so it need not be remembered.
        remember=not any(isinstance(effect, TapRefused) for effect in step.effects),
        taken=Taken(before, event, step),
    )


def _sent_with(message: Message, event: Event) -> Event:
    """The event with the message that it came in."""
    origin = Origin(message.id, message.sent, message.replies_to, message.edits, message.album)
    return event if origin == UNKNOWN else replace(event, origin=origin)
