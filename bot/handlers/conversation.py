"""Taps and texts: what the engine makes of an event in the open case."""

from __future__ import annotations

from dataclasses import replace

from bot.cards import render
from bot.channels.channel import Message, Response
from bot.context import Context
from bot.decision import Decision, Taken
from dialogs.effects import TapRefused
from dialogs.engine import advance
from dialogs.events import UNKNOWN, Event, Origin
from dialogs.session import Session, Step


def converse(context: Context, event: Event) -> Decision:
    """The step that follows from an event."""
    event = sent_with(context.message, event)
    step = advance(context.session, event, context.pack, context.now)
    return stepped(context, context.session, event, step)


def stepped(context: Context, before: Session, event: Event, step: Step) -> Decision:
    """A step that was taken. A refused tap is refused again, so it need not be remembered."""
    return Decision(
        Response((render(step.effects, context.view(step.session)),)),
        type(event).__name__,
        session=step.session,
        remember=not any(isinstance(effect, TapRefused) for effect in step.effects),
        taken=Taken(before, event, step),
    )


def sent_with(message: Message, event: Event) -> Event:
    """The event with the message that it came in."""
    origin = Origin(message.id, message.sent, message.replies_to, message.edits, message.album)
    return event if origin == UNKNOWN else replace(event, origin=origin)
