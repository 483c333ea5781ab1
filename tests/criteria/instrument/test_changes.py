"""What a new version of a pack would break."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from criteria.instrument.changes import harmful_changes
from criteria.instrument.load import load_pack
from tests.walk import TINY

Change = Callable[[dict[str, Any]], object]


def changed(change: Change) -> list[str]:
    new: dict[str, Any] = json.loads(json.dumps(TINY))
    new["settings"]["version"] = "1.1.0"
    change(new)
    return [str(issue) for issue in harmful_changes(load_pack(TINY), load_pack(new))]


def question(pack: dict[str, Any], name: str) -> dict[str, Any]:
    form = pack["forms"][0]
    found = [one for one in (*form["profile"], *form["survey"]) if one["name"] == name]
    return found[0]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p: question(p, "kept").update(name="kept_well"), "question kept (C1): is gone"),
        (lambda p: question(p, "kept").update(name="kept_well"), "Did you mean 'kept_well'?"),
        (lambda p: question(p, "visits").update(type="text"), "was integer and is text"),
        (lambda p: p["choices"]["four"].pop(), "choice not_met: is gone"),
        (
            lambda p: p["choices"]["four"][1].update(sufficient=False),
            "choice largely: was sufficient and is not sufficient",
        ),
        (lambda p: question(p, "told").update(na=False), "no longer allows na"),
        (lambda p: question(p, "told").update(criterion="c2"), "counts towards c2"),
        (lambda p: question(p, "told").update(scored=False), "changed whether it is scored"),
        (lambda p: question(p, "how_well").pop("relevant"), "has another relevant"),
        (lambda p: p["sections"][0]["criteria"][0].update(weight=2), "another weight"),
        (lambda p: p["forms"][0].update(name="file"), "form case-file: is gone"),
        (lambda p: p["settings"].update(holidays="GB-ENG"), "holidays: are others"),
        (lambda p: p["sections"][0].update(method="levels"), "weight, section or method"),
        (lambda p: question(p, "visits").update(constraint=". > 5"), "has another constraint"),
        (
            lambda p: p["forms"][0]["survey"].append(
                {"type": "select_one four", "name": "new", "label": "New?", "criterion": "c1"}
            ),
            "question new (new): is new and counts towards c1",
        ),
        (lambda p: p["settings"].update(form_id="tiny-2"), "was 'tiny-1' and is 'tiny-2'"),
        (
            lambda p: p["settings"].update(version="1.0.0", form_title="Other"),
            "is still '1.0.0'",
        ),
        (
            lambda p: p.update(scoring={"bands": [{"name": "ALL", "from": 0}]}),
            "bands: are not what they were",
        ),
    ],
)
def test_a_change_that_hurts_is_listed(change: Change, said: str) -> None:
    assert any(said in issue for issue in changed(change))


@pytest.mark.parametrize(
    "change",
    [
        lambda _: None,
        lambda p: question(p, "kept").update(label="Were the appointments kept to?"),
        lambda p: question(p, "kept").update(number="C9", hint="New."),
        lambda p: p["choices"]["four"].append(
            {"name": "barely", "label": "Barely met", "sufficient": False}
        ),
        lambda p: p["forms"][0]["survey"].append(
            {"type": "text", "name": "more", "label": "More?"}
        ),
    ],
)
def test_wording_order_and_new_questions_do_not_hurt(change: Change) -> None:
    assert changed(change) == []
