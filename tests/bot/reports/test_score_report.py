"""The score summary as text."""

from __future__ import annotations

from bot.messages import say
from bot.reports.score_report import score_report
from criteria.instrument.load import read_pack
from criteria.scoring.score import score_cases
from tests.storage.exports.filled import filled_cases


def test_a_judgement_that_counts_towards_no_criterion_is_marked() -> None:
    pack = read_pack("omi2-2011")
    score = score_cases(pack, filled_cases(pack))
    marked = [line for line in score_report(score).splitlines() if say("score-not-counted") in line]
    apart = [
        one for one in score.questions.values()
        if one.sufficient is not None and one.relevant and not one.question.is_scored
    ]  # fmt: skip
    assert apart
    assert [line.split()[0] for line in marked if "no base" not in line] == [
        one.question.number for one in apart
    ]


def test_the_next_band_is_told_in_answers() -> None:
    pack = read_pack("omi2-2011")
    report = score_report(score_cases(pack, filled_cases(pack)))
    assert " insufficient answers had been sufficient" in report
