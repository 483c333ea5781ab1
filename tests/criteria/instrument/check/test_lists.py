"""The checks of choice lists."""

from __future__ import annotations

import pytest

from criteria.instrument.check.pack import check_pack
from criteria.question import OUT_OF_BASE
from tests.criteria.instrument.check.mistakes import (
    YES_NO,
)
from tests.criteria.instrument.small_pack import (
    Case,
    both,
    changed,
    finds,
    found,
    put,
    take,
)

LONG = [{"name": name, "label": name} for name in ("plan", "log", *(f"p{n}" for n in range(99)))]

LIST_CASES: list[Case] = [
    # (code, what is wrong, its place, what was meant)
    ("name_reserved", put("choices.papers.0.name", "na"), "choices.papers[0] (na) name", ()),
    (
        "answer_ambiguous",
        put("choices.papers.1.aliases", ["PLAN"]),
        "choices.papers[1] (log) aliases[0]",
        (),
    ),
    (
        "answer_ambiguous",
        put("choices.papers.1.label", {"en": " plan "}),
        "choices.papers[1] (log) label.en",
        (),
    ),
    (
        "answer_reserved",
        put("choices.fact.1.aliases", ["NK"]),
        "choices.fact[1] (no) aliases[0]",
        (),
    ),
    (
        "answer_reserved",
        put("choices.yes_no.1.label", {"en": "N/A"}),
        "choices.yes_no[1] (no) label.en",
        (),
    ),
    ("scale_half_said", take("choices.yes_no.1.sufficient"), "choices.yes_no", ()),
    ("scale_never_sufficient", put("choices.yes_no.0.sufficient", False), "choices.yes_no", ()),
    ("scale_always_sufficient", put("choices.yes_no.1.sufficient", True), "choices.yes_no", ()),
    ("list_long", put("choices.papers", LONG), "choices.papers", ()),
    ("list_unused", put("choices.spare", YES_NO), "choices.spare", ()),
]


@pytest.mark.parametrize(
    "case", LIST_CASES, ids=[f"{one[0]}-{n}" for n, one in enumerate(LIST_CASES)]
)
def test_every_mistake_is_found_at_its_place(case: Case) -> None:
    finds(case)


@pytest.mark.parametrize("name", sorted(OUT_OF_BASE))
@pytest.mark.parametrize("choices", ["yes_no", "papers", "spare"])
def test_no_list_may_name_a_choice_as_what_leaves_the_base(choices: str, name: str) -> None:
    """Stored answers rely on it: ``na`` is never a choice."""
    pack = changed(both(put("choices.spare", YES_NO), put(f"choices.{choices}.1.name", name)))
    place = f"choices.{choices}[1] ({name}) name"
    assert found(check_pack(pack), "name_reserved", place).is_error
