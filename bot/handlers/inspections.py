"""Where one serves: the welcome to an inspection, and going to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.channels.channel import ButtonRows, Paragraph, Response
from bot.context import Context
from bot.decision import Decision, tell
from bot.handlers import cases
from criteria.inspection import Inspection, Member
from dialogs.session import Session
from storage.store import Store


async def start(context: Context, _words: str) -> Decision:
    return Decision(await welcome(context))


async def welcome(context: Context) -> Response:
    """Who one is here, and the cases that wait."""
    listed = (await cases.cases(context, "")).response.replies[0]
    text = context.say(
        "welcome",
        person=context.person,
        role=context.say(f"role-name-{context.member.role}"),
        title=context.inspection.title,
        begin=context.say("begin") if listed.buttons else "",
    )
    reply = replace(listed, paragraphs=(Paragraph(text), *listed.paragraphs))
    return Response((reply,), role=context.member.role)


async def switch(context: Context, words: str) -> Decision:
    """``/switch`` lists the inspections one serves in, ``/switch ID`` goes to another."""
    serves = await context.store.memberships(context.chat.chat)
    for inspection, member in serves:
        if inspection.id == words and words != context.id:
            return going_to(inspection, member, context.session.language)
    if words and words != context.id:
        return tell(context.say("switch-unknown", inspection=words[:40]))
    others = [inspection for inspection, _ in serves if inspection.id != context.id]
    if not others:
        return tell(context.say("switch-none", title=context.inspection.title))
    rows = inspection_buttons(context, others, "switch")
    return tell(context.say("switch", title=context.inspection.title), buttons=rows)


def going_to(inspection: Inspection, member: Member, language: str | None = None) -> Decision:
    """The chat goes to an inspection in which it serves."""
    session = Session(member.person, language)
    return Decision(event="Switched", session=session, goes_to=inspection.id, later=welcome)


async def going_on_elsewhere(store: Store, chat: str) -> Decision | None:
    """Who was taken out of one inspection and serves in another goes on there."""
    for inspection, member in await store.memberships(chat):
        return going_to(inspection, member)
    return None


def inspection_buttons(
    context: Context,
    inspections: Sequence[Inspection],
    command: str,
    label: Callable[[str], str] = str,
) -> ButtonRows:
    """A button for each by its title, and by its id where others have the same title."""
    titles = Counter(one.title for one in inspections)
    return tuple(
        (context.button(label(shown), f"{command} {one.id}"),)
        for one in inspections
        if (shown := one.title if titles[one.title] == 1 else f"{one.title} ({one.id})")
    )
