"""The level of a criterion that is described, not counted: it follows from its items by rule.

ESI, 2006 ("Scoring approach", Quality of Management criteria) gives each management criterion one
of six levels, from the strength of its evidence items. A pack states the rules
(:class:`criteria.instrument.pack.Levels`); a lead may adjust the level.
"""

from collections.abc import Callable, Sequence

from criteria.instrument.pack import LevelRule, Levels
from criteria.question import OUT_OF_BASE


def criterion_level(levels: Levels, items: Sequence[str]) -> LevelRule | None:
    """The first rule that the items' steps satisfy; None of no items ("Not followed up").

    The report's rules (ESI, 2006, "Scoring approach") are, in turn: very strong on each item;
    strong on each; strong on the majority and at least satisfactory on the others; good on some
    and at least satisfactory on the others; at best only satisfactory on some; otherwise poor. It
    does not define its words, so they are read like this:

    - A step is reached by itself and by every better one: a very strong item is also strong.
    - *Majority* is more than half: two of four strong items are no majority.
    - *Some* is at least one.
    - *Good performance* is a step of its own, between satisfactory and strong. So items that are
      all satisfactory are "not met": none of them is good.
    - *At best only satisfactory on some* asks that at least one item reaches satisfactory, and
      nothing of the others. Read as a ceiling on every item, it would let a criterion with one
      weak item and otherwise strong ones fall to "poor", below one with nothing but weak and
      satisfactory items.

    N/A and not known leave the base. The report also leaves out items that concern the national
    directorate: a pack does not ask them.

    Raises:
        ValueError: an item's step is not in the pack's list, or no rule holds for the items.
    """
    places = {choice.name: place for place, choice in enumerate(levels.items.choices)}
    left_out = OUT_OF_BASE.difference(places).union(
        choice.name for choice in levels.items.choices if choice.is_na
    )
    in_base = [item for item in items if item not in left_out]
    if unknown := [item for item in in_base if item not in places]:
        raise ValueError(f"{unknown[0]!r} is no step of the list {levels.items.name!r}")
    if not in_base:
        return None

    def reaching(step: str) -> int:
        return sum(places[item] <= places[step] for item in in_base)

    for rule in levels.rules:
        if _holds(rule, reaching, len(in_base)):
            return rule
    raise ValueError(f"no level's rule holds for {', '.join(in_base)}")


def _holds(rule: LevelRule, reaching: Callable[[str], int], items: int) -> bool:
    """Return whether a rule holds; every item has to reach ``others``, which is a lower step."""
    return (
        (rule.each is None or reaching(rule.each) == items)
        and (rule.most is None or 2 * reaching(rule.most) > items)
        and (rule.some is None or reaching(rule.some) > 0)
        and (rule.others is None or reaching(rule.others) == items)
    )
