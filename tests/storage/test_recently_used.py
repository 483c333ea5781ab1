"""What was used last is kept."""

from __future__ import annotations

from storage.recently_used import RecentlyUsed


def filled() -> RecentlyUsed[str, int]:
    kept: RecentlyUsed[str, int] = RecentlyUsed(2)
    kept.put("a", 1)
    kept.put("b", 2)
    return kept


def test_the_entry_that_was_used_longest_ago_goes_first() -> None:
    kept = filled()
    assert kept.get("a") == 1
    kept.put("c", 3)
    assert kept.keys() == ["a", "c"]


def test_a_peek_is_no_use() -> None:
    kept = filled()
    assert kept.peek("a") == 1
    kept.put("c", 3)
    assert kept.keys() == ["b", "c"]


def test_what_is_put_again_takes_no_second_room() -> None:
    kept = filled()
    kept.put("a", 9)
    assert kept.keys() == ["b", "a"]
    assert kept.get("a") == 9


def test_what_is_forgotten_is_gone_and_may_have_been_gone() -> None:
    kept = filled()
    kept.forget("a")
    kept.forget("a")
    assert kept.get("a") is None
