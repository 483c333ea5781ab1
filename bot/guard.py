"""The guard on personal data: every text that a decision would keep passes it, whoever decided.

What a person wrote is set beside everything that is about to be committed, so no handler has to
ask, and none can forget to. A text that seems to name somebody is held back; sent again, it is kept
as it is. Of what was held back nothing stays but a keyed hash, whose key is in no store.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from hashlib import sha256
from typing import Final

from bot import long_texts
from bot.callback_data import remove_data
from bot.cards import render
from bot.channels.channel import Button, Message, Response
from bot.context import Context
from bot.decision import Decision, cancelling
from criteria.case import Case
from criteria.instrument.pack import Form, Pack
from criteria.question import Value
from dialogs import effects, events
from dialogs.engine import advance
from dialogs.personal_data import Found, personal_data
from dialogs.session import Asked, Session

REFERENCES: Final = frozenset({
    *("inspection", "id", "case", "form", "question", "target", "file", "person", "inspector"),
    *("chat", "channel", "by", "at", "kind", "name", "media", "criteria", "findings", "code_hash"),
    *("questions", "note_on", "picked", "kind_for", "shown", "remarks_until", "value", "given"),
})  # fmt: skip
"""Fields whose texts are names of ours, times and references, and never somebody's words."""


def guarded(context: Context, decision: Decision, secret: bytes) -> Decision:
    """The decision; where it would keep what seems to name somebody, one that holds it back."""
    kept = kept_texts(context, decision)
    found = tuple(one for text in kept for one in personal_data(text))
    held, after = context.session.held, decision.session or context.session
    # A text that came in parts is known again by each of them, as that is how it comes again.
    texts = context.message.parts or (("\0".join(kept),) if kept else ())
    marks = tuple(_mark(context, text, secret) for text in texts)
    if found and not set(marks) <= set(held):
        return _held_back(context, decision, found, marks)
    if not held or decision.event is None or after.part is not None:
        return decision
    return replace(decision, session=replace(after, held=()))


def rest_held_back(context: Context, message: Message, until: str, secret: bytes) -> Decision:
    """What goes on with a part that was held back: nothing of it is kept either."""
    session, rest = context.session, message.parts[-1]
    held = (*session.held, _mark(context, rest, secret))
    more = session.part if long_texts.may_go_on(message) else None
    part = None if more is None else replace(more, until=until)
    return Decision(event="TextHeldBack", session=replace(session, held=held, part=part))


def kept_texts(context: Context, decision: Decision) -> list[str]:
    """What a decision would keep of the words that its message holds."""
    message = context.message
    said = message.text or (message.file.caption if message.file else "")
    if not said or decision.event is None:
        return []
    new = [
        *([decision.why] if decision.why else ()),
        *_session_texts(context.session, decision.session or context.session, context.pack),
        *(text for change in decision.changes for text in _texts(change, context.pack)),
    ]
    all_of_it = _spaced(said)
    kept = {}
    for text in new:
        part = _spaced(text)
        if part and part in all_of_it:
            kept[part] = text
        elif all_of_it in part:
            kept[all_of_it] = said
    return [*kept.values()]


def _session_texts(before: Session, after: Session, pack: Pack) -> Iterator[str]:
    if after.case is not None and before.case is not None and after.case.key == before.case.key:
        yield from _case_texts(after.case, before.case, pack)
    if after.cursor != before.cursor:
        yield from _texts(after.cursor, pack)
    if after.part is not None:
        yield from after.part.texts
    if after.asked is not None and after.asked != before.asked:
        yield from _asked_texts(after.asked)


def _asked_texts(asked: Asked) -> Iterator[str]:
    """Beside references, what was given so far: ``owner=The trust``."""
    return (one.partition("=")[2] for one in asked.about if "=" in one)


def _case_texts(case: Case, before: Case | None, pack: Pack) -> Iterator[str]:
    """Notes, answers in somebody's own words, captions and remarks, where they are new."""
    form = pack.form(case.form)
    if before is None or case.profile is not before.profile:
        yield from (str(one) for name, one in case.profile.items() if _is_text(form, name, one))
    for address, answer in case.answers.items():
        if before is not None and before.answers.get(address) is answer:
            continue
        yield from _texts(answer, pack)
        if _is_text(form, address, answer.value):
            yield str(answer.value)
    if before is None or case.evidence is not before.evidence:
        yield from _texts(case.evidence, pack)
    if before is None or case.remarks is not before.remarks:
        yield from _texts(case.remarks, pack)


def _is_text(form: Form | None, address: str, value: Value | None) -> bool:
    """Whether a value is in somebody's own words, and no choice, date or number."""
    question = None if form is None else form.by_name.get(address.rpartition("/")[2])
    return isinstance(value, str) and (question is None or question.type.free_text)


def _texts(value: object, pack: Pack) -> Iterator[str]:
    """Every text in a value that may be somebody's words."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Case):
        yield from _case_texts(value, None, pack)
    elif isinstance(value, Mapping):
        for name, one in value.items():
            if name not in REFERENCES or not isinstance(one, str | tuple | list):
                yield from _texts(one, pack)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _texts(one, pack)
    elif is_dataclass(value) and not isinstance(value, Pack):
        yield from _texts({one.name: getattr(value, one.name) for one in fields(value)}, pack)


def _spaced(text: str) -> str:
    return " ".join(text.split())


# --- holding back -------------------------------------------------------------------------------


def _mark(context: Context, text: str, secret: bytes) -> str:
    """Known again where the same is sent again; without the key nothing can be guessed from it."""
    marked = "\0".join((context.chat.chat, context.id, text))
    return hmac.new(secret, marked.encode(), sha256).hexdigest()[:16]


def _held_back(
    context: Context, decision: Decision, found: tuple[Found, ...], marks: tuple[str, ...]
) -> Decision:
    """Nothing is kept, and the same thing is waited for again."""
    session = replace(context.session, held=marks, asked=decision.asks or context.session.asked)
    if decision.session is not None and (part := decision.session.part) is not None:
        session = replace(session, part=replace(part, texts=(), held=True))
    if (noted := _noted(decision)) is not None:
        session = replace(session, cursor=replace(session.cursor, note_on=noted))
    told: tuple[effects.Effect, ...] = (effects.TextHeld(found),)
    if session.asked is None and session.case is not None:
        step = advance(session, events.CardAsked(), context.pack, context.now)
        session, told = step.session, (*told, *step.effects)
    reply = render(told, context.view(session))
    if session.asked is not None:
        reply = replace(reply, wants_text=True, buttons=cancelling(context))
    if (message := context.message.id) is not None:
        button = Button(context.say("take-message-away"), remove_data(message))
        reply = replace(reply, buttons=((button,), *reply.buttons))
    return Decision(Response((reply,)), "TextHeldBack", session=session)


def _noted(decision: Decision) -> str | None:
    """The question that the held note or file is on: the next text is its note."""
    told = decision.taken.step.effects if decision.taken else ()
    for effect in told:
        if isinstance(effect, effects.NoteRecorded | effects.AttachmentRecorded):
            return effect.question.name
    return None
