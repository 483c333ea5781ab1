"""Taps and texts: what the engine makes of an event in the open case."""

from dataclasses import replace

from bot.cards import render
from bot.channels.channel import Response
from bot.context import Context
from bot.decision import Decision, Taken
from dialogs.effects import TapRefused
from dialogs.engine import advance
from dialogs.events import UNKNOWN, Event, Origin
from dialogs.session import Session


def converse(
    context: Context, event: Event, before: Session | None = None, about: str | None = None
) -> Decision:
    """The step that follows from an event, in the chat's session or in another.

    ``about`` is the question that the message belongs to by what it replies to.
    """
    before = before or context.session
    event = _sent_with(context, event, about)
    step = advance(before, event, context.pack, context.now)
    view = context.view(step.session)
    reply = render(step.effects, view)
    if view.card_name == context.view(before).card_name:
        reply = replace(reply, again=True)
    return Decision(
        Response((reply,)),
        type(event).__name__,
        session=step.session,
        # A refused tap is refused again, so it need not be remembered.
        remember=not any(isinstance(effect, TapRefused) for effect in step.effects),
        taken=Taken(before, event, step),
    )


def _sent_with(context: Context, event: Event, about: str | None) -> Event:
    """The event with the message that it came in."""
    message = context.message
    origin = Origin(
        message.id,
        message.sent,
        message.replies_to,
        message.edits,
        message.album,
        about,
        early=about is None and _came_before_the_card(context),
    )
    return event if origin == UNKNOWN else replace(event, origin=origin)


def _came_before_the_card(context: Context) -> bool:
    """Whether a text was sent before the card at hand was on the screen.

    The channel knows it of the card that it showed last. Of another one, shown before a restart or
    by another worker, the times tell: a text of the same second counts as before.
    """
    message, shown = context.message, context.session.cursor.shown
    if message.text is None or message.edits is not None:
        return False
    if message.card is not None and message.card.name == context.view().card_name:
        return message.card.came_before
    return None not in (message.sent, shown) and str(message.sent) <= str(shown)
