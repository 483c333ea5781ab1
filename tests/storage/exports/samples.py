"""Inspections with made-up answers, for what is made from a whole report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

from criteria.adjustments import Adjustment
from criteria.case import Case
from criteria.case_status import Status
from criteria.findings import (
    CriterionFindings,
    Finding,
    KeyFinding,
    NoteQuoted,
    draft_findings,
)
from criteria.inspection import Inspection
from criteria.instrument.load import read_pack
from criteria.instrument.pack import Form, Pack
from criteria.question import NA, NOT_KNOWN, Question, Value
from criteria.recommendations import FollowUp, FollowUpStatus, Recommendation
from criteria.relevance import form_state
from criteria.scoring.score import score_cases
from storage.exports.report import Earlier, InspectionReport

AT = "2026-11-20T10:00:00Z"
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "nul\0bell\x07half\ud800end\ufffe",
    "\u202eright to left\u05d0\u05d1",
    "{{ 7 * 7 }}",
    "javascript:alert(1)//http://example.org",
)


def answer_to(question: Question, random: Random) -> Value:
    """An answer as a person may give it, more often sufficient than not."""
    out_of_base = [NA] * question.na + [NOT_KNOWN] * question.not_known
    if out_of_base and random.random() < 0.1:
        return random.choice(out_of_base)
    match question.type.name:
        case "select_one":
            return random.choices(
                [choice.name for choice in question.choices],
                [5 if choice.sufficient else 2 for choice in question.choices],
            )[0]
        case "select_multiple":
            return tuple(choice.name for choice in question.choices if random.random() < 0.3)
        case "integer":
            return random.randrange(1, 90)
        case "decimal":
            return random.randrange(10, 900) / 10
        case "date":
            return f"2026-0{random.randrange(1, 10)}-{random.randrange(10, 29)}"
        case _:
            return "As the file says."


def filled(case: Case, form: Form, seed: str) -> Case:
    """The case with an answer to whatever is asked, the same for the same seed."""
    random = Random(f"{seed} {case.case} {form.name}")  # noqa: S311  # any answers will do
    for question in form.questions:
        if question in form_state(form, case).asked:
            by = case.inspector or "I1"
            case = case.answered(question, answer_to(question, random), by, AT)
    return case


def filled_cases(pack: Pack, number: int, seed: str = "now") -> list[Case]:
    """``number`` cases of each form; the last of them is still open."""
    return [
        filled(
            Case(
                f"C{one:03}",
                form.name,
                f"I{one % 3 + 1}",
                Status.IN_PROGRESS if one == number else Status.SUBMITTED,
            ),
            form,
            seed,
        )
        for form in pack.forms
        for one in range(1, number + 1)
    ]


def a_report(pack_name: str, number: int, **parts: Any) -> InspectionReport:
    """A report without findings."""
    pack = read_pack(pack_name)
    cases = filled_cases(pack, number)
    return report_of(pack, cases, **parts)


def report_of(pack: Pack, cases: Sequence[Case], **parts: Any) -> InspectionReport:
    inspection = Inspection("cheshire-2026", "Cheshire", pack.name, pack.version)
    score = score_cases(pack, cases)
    return InspectionReport(inspection, pack, cases, score, AT, **parts)


def found_by_hand(report: InspectionReport, **parts: Any) -> tuple[CriterionFindings, ...]:
    """For each criterion what ``parts`` give, and nothing else."""
    nothing: dict[str, Any] = dict.fromkeys(
        ("strengths", "improvements", "good_practice", "quotations"), ()
    )
    return tuple(
        CriterionFindings(
            criterion=criterion,
            score=report.score.criteria[criterion.name],
            level=report.score.levels.get(criterion.name),
            adjustment=report.adjustments.get(criterion.name),
            **{"key_finding": None, **nothing, **parts},
        )
        for criterion in report.pack.criteria.values()
    )


def drafted(report: InspectionReport) -> InspectionReport:
    """The report with the findings that follow from its answers."""
    findings = draft_findings(
        report.score, report.cases, adjustments=report.adjustments, key_findings={}
    )
    return replace(report, findings=findings)


def recommendation(pack: Pack, text: str, *, key: bool, owner: str = "CRC") -> Recommendation:
    criterion = next(iter(pack.criteria))
    question = next(
        one for form in pack.forms for one in form.questions if one.criterion == criterion
    )
    return Recommendation(key, owner, text, (criterion,), (question.name,), "L1", AT)


def follow_up(report: InspectionReport) -> InspectionReport:
    """The report with an earlier inspection, whose recommendations got somewhere."""
    pack = report.pack
    before = score_cases(pack, filled_cases(pack, 12, "before"))
    earlier = Earlier(
        Inspection("cheshire-2024", "Cheshire 2024", pack.name, pack.version),
        before,
        {
            "R1": recommendation(pack, "Every plan should be reviewed in time.", key=True),
            "R2": recommendation(pack, "Victims should be told.", key=False, owner="NPS"),
        },
        {"R1": FollowUp(FollowUpStatus.UNDER_WAY, "L1", AT)},
    )
    return replace(report, earlier=earlier)


def second_readings(report: InspectionReport, number: int) -> list[Case]:
    """A second inspector's readings of the first cases, with answers of their own."""
    forms = {form.name: form for form in report.pack.forms}
    return [
        filled(
            Case(case.case, case.form, "I9", Status.SUBMITTED, reading=2), forms[case.form], "again"
        )
        for case in report.cases[:number]
    ]


def hostile_report(pack_name: str) -> InspectionReport:
    """Every text that people write is hostile."""
    report = a_report(pack_name, 3)
    question = next(one for form in report.pack.forms for one in form.questions if one.criterion)
    text = " ".join(HOSTILE)
    adjusted = next(iter(report.pack.criteria))
    to = report.pack.bands[0].name if report.pack.bands else "poor"
    report = replace(
        report,
        inspection=replace(report.inspection, title=text),
        cases=[replace(case, inspector=text) for case in report.cases],
        adjustments={adjusted: Adjustment(to, text)},
        recommendations={
            "R1": Recommendation(True, text, text, (text,), (text,)),
        },
    )
    note = NoteQuoted("C001", question, text)
    finding = Finding(question, 1, 1, 100, text, ("C001",))
    findings = found_by_hand(
        report,
        key_finding=KeyFinding(text),
        strengths=(finding,),
        improvements=(finding,),
        good_practice=(note,),
        quotations=(note,),
        strength_notes=(note,),
        improvement_notes=(note,),
    )
    earlier = Earlier(
        replace(report.inspection, id="earlier"), report.score, report.recommendations, {}
    )
    return replace(report, findings=findings, earlier=earlier)
