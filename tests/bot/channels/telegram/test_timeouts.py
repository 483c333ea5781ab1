"""How long the channel waits."""

from __future__ import annotations

from bot.channels.telegram.timeouts import Timeouts


def test_a_call_is_given_up_and_the_connection_never() -> None:
    timeouts = Timeouts()
    assert timeouts.calls.wait(50) is None
    assert timeouts.connection.wait(50) is not None


def test_replies_are_out_before_a_container_is_killed() -> None:
    assert Timeouts().flush < 10
