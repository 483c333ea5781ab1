"""What a step and a score look like as a message."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.cards import summary_lines
from bot.messages import say
from criteria.case import Case
from criteria.instrument.load import load_pack, pack_names, read_pack
from criteria.report.score_rows import summary_rows
from criteria.scoring.score import score_cases
from dialogs import events
from tests.criteria.random_cases import random_cases
from tests.storage.exports.filled import filled_cases
from tests.walk import TINY, Walk, tiny_pack


@pytest.mark.parametrize("name", pack_names())
def test_an_example_of_where_to_go_is_one_of_the_instruments_own(name: str) -> None:
    pack = read_pack(name)
    for form in pack.forms:
        walk = Walk(pack, Case("C001", form.name))
        walk.send(events.ReviewAsked())
        for event in (events.JumpedTo(""), events.TextReceived("thanks"), events.NoteGiven("")):
            walk.send(event)
            found = re.search(r"/goto (\S+?),? ", walk.reply.text)
            assert found is not None, walk.reply.text
            walk.send(events.JumpedTo(found[1]))
            assert walk.at == found[1]
            walk.send(events.ReviewAsked())


def test_no_sentence_names_a_question_that_an_instrument_may_not_have() -> None:
    assert not [name for name, source in say.sources.items() if "B4" in source]


def test_the_summary_says_how_many_answers_a_score_is_of() -> None:
    pack = tiny_pack()
    score = score_cases(pack, random_cases(pack.forms[0], 1, seed=1))
    lines = summary_lines(summary_rows(score), score.warnings)
    of_two = score.scored_in("c2")[0].relevant
    assert of_two == 1
    assert re.search(r"% 2 Management \(1 answer\)$", "\n".join(lines), re.MULTILINE)


def test_the_summary_counts_the_answers_of_a_headline_beside_its_comment() -> None:
    pack = read_pack("omi2-2011")
    score = score_cases(pack, filled_cases(pack))
    lines = summary_lines(summary_rows(score), score.warnings)
    headlines = lines[lines.index(say("headlines")) + 1 :][: len(pack.headlines)]
    for headline, line in zip(pack.headlines, headlines, strict=True):
        base = sum(
            one.relevant for one in score.questions.values()
            if one.question.is_scored and headline.name in one.question.headlines
        )  # fmt: skip
        band = score.headlines[headline.name].band
        assert band is not None
        assert line.endswith(f"{pack.text(headline.label)} ({band.name}, {base} answers)")


def test_a_label_that_names_an_answer_is_filled_in() -> None:
    survey: list[dict[str, Any]] = [
        {"type": "integer", "name": "visits", "number": "1", "label": "Visits?", "na": True},
        {
            "type": "select_one yes_no",
            "name": "kept",
            "number": "2",
            "label": "Were all ${visits} visits kept?",
            "hint": "${ visits } were planned.",
        },
        {
            "type": "text",
            "name": "why",
            "number": "3",
            "label": "Why ${kept}?",
            "constraint": ". != 'x'",
            "constraint_message": "Not x, of ${visits}.",
        },
    ]
    form = {**TINY["forms"][0], "profile": [], "survey": survey}
    walk = Walk(load_pack({**TINY, "forms": [form]}))
    walk.type("12")
    assert "Were all 12 visits kept?" in walk.reply.text
    assert "12 were planned." in walk.reply.text
    walk.type("yes")
    assert "Why Yes?" in walk.reply.text
    walk.type("x")
    assert "Not x, of 12." in walk.reply.text
    walk.send(events.JumpedTo("1"))
    walk.type("n/a")
    walk.send(events.JumpedTo("2"))
    assert "Were all N/A visits kept?" in walk.reply.text
    assert "${" not in walk.pack.text(walk.pack.forms[0].by_name["kept"].label)
    walk = Walk(walk.pack)
    walk.send(events.JumpedTo("2"))
    assert "Were all … visits kept?" in walk.reply.text


@pytest.mark.parametrize("label", ["None of these", "None", "none of the above."])
def test_a_list_with_a_choice_for_none_has_one_button_for_it(label: str) -> None:
    papers = [{"name": "log", "label": "Log"}, {"name": "nil", "label": label}]
    survey = [{"type": "select_multiple papers", "name": "m", "number": "1", "label": "Which?"}]
    form = {**TINY["forms"][0], "profile": [], "survey": survey}
    choices = {**TINY["choices"], "papers": papers}
    walk = Walk(load_pack({**TINY, "choices": choices, "forms": [form]}))

    def labels() -> list[str]:
        return [button.label for row in walk.reply.buttons for button in row]

    assert say("done", count=0) not in set(labels()) - {label}
    assert labels().count(label) == 1
    walk.tap("nil", "m")
    assert say("done", count=1) in labels()
