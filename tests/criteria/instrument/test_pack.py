"""A loaded pack: its forms, and its labels in a language."""

from __future__ import annotations

from copy import deepcopy

from criteria.instrument.load import load_pack
from criteria.instrument.pack import Group
from tests.criteria.instrument.small_pack import a_pack
from tests.storage.tiny import DOCUMENT, tiny_pack


def test_a_form_is_found_by_its_name() -> None:
    form = tiny_pack().form("interview")
    assert form is not None
    assert form.index == 1
    assert tiny_pack().form("Interview") is None


def test_the_case_form_is_the_first_whose_subject_is_a_case() -> None:
    document = deepcopy(DOCUMENT)
    document["forms"][0]["subject"] = "area"
    assert load_pack(document).case_form.name == "interview"
    document["forms"][1]["subject"] = "person"
    assert load_pack(document).case_form.name == "case-file"


def test_a_label_falls_back_to_the_default_language() -> None:
    pack = tiny_pack()
    label = {"en": "Yes", "cy": "Ie"}
    assert [pack.text(label, one) for one in ("cy", "en", "de", None)] == [
        "Ie",
        "Yes",
        "Yes",
        "Yes",
    ]
    assert pack.text({"cy": "Ie"}) == "Ie"
    assert pack.text({}) == ""


def test_the_questions_of_a_group_stand_among_the_forms_in_their_order() -> None:
    document = a_pack()
    survey = document["forms"][0]["survey"]
    before = [row["name"] for row in survey]
    survey.insert(0, {"type": "begin group", "name": "contact", "label": {"en": "Contact"}})
    survey.insert(3, {"type": "end group"})
    form = load_pack(document).forms[0]
    (group,) = (child for child in form.children if isinstance(child, Group))
    assert [child.name for child in group.children] == before[:2]
    assert [one.name for one in form.questions if not one.profile] == before
    assert [one.name for one in form.profile] == ["age"]
