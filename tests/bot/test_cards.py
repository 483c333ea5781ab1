"""What a step and a score look like as a message."""

from __future__ import annotations

import re

import pytest

from bot.cards import summary_lines
from bot.messages import say
from criteria.case import Case
from criteria.instrument.load import pack_names, read_pack
from criteria.report.score_rows import summary_rows
from criteria.scoring.score import score_cases
from dialogs import events
from tests.criteria.random_cases import random_cases
from tests.storage.exports.filled import filled_cases
from tests.walk import Walk, tiny_pack


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
