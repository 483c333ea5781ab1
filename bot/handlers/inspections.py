"""The inspections that a person serves in: the welcome to an inspection, and going to another."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.channels.channel import ButtonRows, Paragraph, Response
from bot.context import Context
from bot.decision import Decision, tell
from bot.handlers import cases
from criteria.inspection import Inspection, Member
from dialogs.session import Session


async def start(context: Context, _words: str) -> Decision:
    return Decision(await welcome(context))


async def welcome(context: Context) -> Response:
    """Say who the person is here, and which cases wait."""
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
    """``/switch`` lists the person's inspections, ``/switch ID`` goes to another."""
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


def inspection_buttons(
    context: Context,
    inspections: Sequence[Inspection],
    command: str,
    label: Callable[[str], str] = str,
) -> ButtonRows:
    """A button for each by its title, and by its id where others have the same title."""
    titles = Counter(one.title for one in inspections)
    return context.column(
        (
            label(one.title if titles[one.title] == 1 else f"{one.title} ({one.id})"),
            f"{command} {one.id}",
        )
        for one in inspections
    )


async def led(context: Context, pack_name: str = "") -> list[Inspection]:
    """The inspections (with this instrument) that this person leads."""
    serves = await context.store.memberships(context.chat.chat)
    return [one for one, member in serves if member.is_lead and pack_name in ("", one.pack_name)]
