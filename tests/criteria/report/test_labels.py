"""What a pack calls its parts."""

from __future__ import annotations

from criteria.instrument.load import read_pack
from criteria.report.labels import (
    Named,
    criterion_numbers,
    form_label,
    headline_labels,
    named,
    question_numbers,
)


def test_bands_and_levels_have_their_label_and_anything_else_its_name() -> None:
    esi, omi = read_pack("esi-2006"), read_pack("omi2-2011")
    assert esi.levels is not None
    rule = esi.levels.rules[0]
    assert named(esi, rule.name) == Named(rule.name, esi.text(rule.label))
    assert named(omi, omi.bands[0].name).name == omi.bands[0].name
    assert named(omi, "gone") == Named("gone", "gone")


def test_names_that_the_pack_does_not_have_stay() -> None:
    pack = read_pack("omi2-2011")
    criterion = next(iter(pack.criteria.values()))
    question = pack.forms[0].questions[0]
    assert criterion_numbers(pack, [criterion.name, "gone"]) == f"{criterion.number}, gone"
    assert question_numbers(pack, [question.name, "gone"]) == f"{question.number}, gone"
    assert form_label(pack, "gone") == "gone"
    headline = pack.headlines[0]
    labels = f"{pack.text(headline.label)}; gone"
    assert headline_labels(pack, [headline.name, "gone"]) == labels
