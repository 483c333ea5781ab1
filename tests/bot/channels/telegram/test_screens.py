"""What was on a chat's screen when a message was sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.channels.channel import Message, Paragraph, Reply, ShownCard
from bot.channels.telegram.screens import Screens
from dialogs.turn import iso

CHAT = 5
EDITED = 1_795_000_000


def card(name: str) -> Reply:
    return Reply((Paragraph("?"),), card=True, name=name)


def text(number: int = 12, at: int = EDITED, to: str | None = None) -> Message:
    return Message(
        "tg-5", text="yes", id=str(number), sent=iso(datetime.fromtimestamp(at, UTC)), replies_to=to
    )


def test_nothing_is_known_before_a_card_was_shown() -> None:
    screens = Screens()
    assert screens.seen_by(CHAT, text()) is None
    screens.shown(CHAT, "B8", 11)
    assert screens.seen_by(CHAT, text()) is None, "what was not expected is another process's"


def test_a_card_that_is_still_to_be_sent_was_not_seen() -> None:
    screens = Screens()
    screens.expect(CHAT, [Reply((Paragraph("so"),)), card("B8")])
    assert screens.seen_by(CHAT, text()) == ShownCard("B8", came_before=True)


@pytest.mark.parametrize(("number", "before"), [(10, True), (12, False)])
def test_a_card_that_was_sent_anew_came_before_higher_ids(number: int, before: bool) -> None:
    screens = Screens()
    screens.expect(CHAT, [card("B8")])
    screens.shown(CHAT, "B8", 11)
    assert screens.seen_by(CHAT, text(number)) == ShownCard("B8", before)


@pytest.mark.parametrize(("later", "before"), [(-1, True), (0, True), (1, False)])
def test_an_edited_card_is_seen_from_the_second_after(later: int, before: bool) -> None:
    screens = Screens()
    screens.expect(CHAT, [card("B8")])
    screens.shown(CHAT, "B8", 11, EDITED)
    assert screens.seen_by(CHAT, text(at=EDITED + later)) == ShownCard("B8", before)


def test_a_card_that_is_shown_again_was_seen_before() -> None:
    screens = Screens()
    for message in (11, 20):
        screens.expect(CHAT, [card("B8")])
        screens.shown(CHAT, "B8", message)
    assert screens.seen_by(CHAT, text(15)) == ShownCard("B8", came_before=False)
    assert screens.seen_by(CHAT, text(21, to="20")) == ShownCard("B8", False, replied_to=True)
    assert screens.seen_by(CHAT, text(21, to="11")) == ShownCard("B8", False)


def test_a_card_that_is_shown_again_may_have_been_shown_by_another_process() -> None:
    screens = Screens()
    screens.expect(CHAT, [replace(card("B8"), again=True)])
    assert screens.seen_by(CHAT, text()) is None
    screens.expect(CHAT, [card("B9")])
    screens.expect(CHAT, [replace(card("B9"), again=True)])
    screens.shown(CHAT, "B9", 11)
    assert screens.seen_by(CHAT, text()) == ShownCard("B9", came_before=False)


def test_a_card_that_is_late_does_not_hide_the_next_one() -> None:
    screens = Screens()
    screens.expect(CHAT, [card("B8")])
    screens.expect(CHAT, [card("B9")])
    screens.shown(CHAT, "B8", 11)
    assert screens.seen_by(CHAT, text()) == ShownCard("B9", came_before=True)
