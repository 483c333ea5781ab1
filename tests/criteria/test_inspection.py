"""Who judges, and what they may do; the references and ids that are made up for them."""

from __future__ import annotations

import pytest

from criteria.inspection import RIGHTS, Member, Right, Role, inspection_id, next_person


def test_every_role_has_its_rights() -> None:
    assert set(RIGHTS) == set(Role)
    assert {right for rights in RIGHTS.values() for right in rights} == set(Right)


def test_a_lead_leads_and_an_inspector_does_not() -> None:
    lead, inspector = Member("L1", Role.LEAD), Member("I1", Role.INSPECTOR)
    assert (lead.is_lead, inspector.is_lead) == (True, False)
    assert lead.may(Right.ANSWER)
    assert inspector.may(Right.ANSWER)


@pytest.mark.parametrize(
    ("role", "assigned", "taken", "person"),
    [
        (Role.INSPECTOR, [], [], "I1"),
        (Role.INSPECTOR, ["I1", "I2"], ["I1"], "I2"),
        (Role.INSPECTOR, ["I1"], ["I1"], "I2"),
        (Role.LEAD, ["I1", "L1"], [], "L2"),
    ],
)
def test_who_joins_gets_the_next_reference(
    role: Role, assigned: list[str], taken: list[str], person: str
) -> None:
    assert next_person(role, assigned, taken) == person


def test_an_id_is_made_of_the_title_and_numbered_where_it_is_taken() -> None:
    assert inspection_id("Cheshire, 2011", ()) == "cheshire-2011"
    assert inspection_id("Cheshire, 2011", {"cheshire-2011"}) == "cheshire-2011-2"
    assert inspection_id("…", ()) == "inspection"
