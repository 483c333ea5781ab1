"""What a handler decides."""

from __future__ import annotations

from bot.channels.channel import Message
from bot.context import Context
from bot.decision import asked_for, only, tell
from dialogs.session import Asked
from tests.bot.handlers.office import Office
from tests.walk import tiny_pack


async def context_of(office: Office) -> Context:
    chat = await office.store.chat_state("L1")
    assert chat is not None
    return Context(office.store, chat, tiny_pack(), office.now, Message("L1", text="/recommend"))


def test_what_is_only_told_changes_nothing() -> None:
    decision = tell("Hello.")
    assert decision.response == only("Hello.")
    assert (decision.event, decision.changes, decision.session) == (None, (), None)


async def test_a_text_that_is_asked_for_is_kept_with_what_it_is_for(office: Office) -> None:
    context = await context_of(office)
    decision = asked_for(context, "recommend", ("c1",), "What do you recommend?")
    assert decision.session is not None
    assert decision.session.asked == Asked("recommend", ("c1",))
    assert decision.event is not None
    assert decision.response.replies[0].wants_text


def test_a_decision_shows_no_words_of_a_person_in_a_log() -> None:
    assert "secret" not in repr(tell("Hello.").__class__(why="secret", first="secret"))
