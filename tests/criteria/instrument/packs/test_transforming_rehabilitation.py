"""The Transforming Rehabilitation instrument: its rules, and the figures that the report printed.

The report (December 2014) gives percentages and few bases. Samples that have its figures are made
from the counts in tests/data; timeliness is never entered as such, but worked out from dates.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any, NamedTuple

import pytest

from criteria.case import Case
from criteria.instrument.check.pack import check_pack_text
from criteria.instrument.load import load_pack, pack_path, read_pack
from criteria.instrument.pack import Form, Pack
from criteria.question import NA, Question, Value
from criteria.relevance import form_state
from criteria.scoring.score import InspectionScore, percent, score_cases
from tests import DATA
from tests.criteria.instrument.packs.one_table import table_document
from tests.movement import typed
from tests.walk import Walk

NAME = "transforming-rehabilitation-2014"
DATA: dict[str, Any] = json.loads(
    (DATA / "transforming_rehabilitation_2014.json").read_text("utf-8")
)
FIGURES: list[dict[str, Any]] = DATA["figures"]
SAMPLES: dict[str, dict[str, Any]] = DATA["samples"]

NOT_REPRODUCED = {
    "001-Q10": "80% with the CRC: 144 (or 143) of 171 are 84%, and no other base is printed",
    "001-SAMPLES CRC": "Methodology has 144 CRC cases and 171 in all, section 3 has 143 cases",
    "2.1 already supervised": "words only: just over one-quarter",
    "2.20 risk, 2.28 on nDelius, 2.37 abuse and children": "words only: half, over half, and so on",
    "3 introduction, level of risk": "words only: two-thirds medium, one-third low",
    "3.3 not assigned in time": "words only: one-fifth, beside the 81% of 001-Q13",
    "3.12 no assessment": "words only: just over one-quarter",
    "3.17 not involved in planning": "words only: just over one-third",
    "3.19 risk management plans, oversight": "words only: just under half, one-third, one-quarter",
    "3.21 talk about the offence": "words only: two-thirds",
    "3.24 diversity": "words only: about one-third",
    "3.25 warnings": "words only: two-thirds",
    "4.1 assigned in time": "words only: three-quarters, and one-quarter without a clear date",
    "4.5, 4.6, 4.9 work, attendance, victims": "words only: two-thirds, under half",
    "3.29, 4.15 caseloads, 2.46 escalations": "as staff told them, rounded; no counts",
    "Appendix I, CRC and NPS": "words only: nearly three-quarters, just over one-quarter",
    "Appendix I, transfers pending": "words only: two-thirds",
}
"""What the report says and no count can give back, each with the reason."""

BANK_HOLIDAYS = {date(2014, 5, 26), date(2014, 8, 25)}
SENTENCED = [
    date(2014, month, day) for month, day in [(5, 22), (6, 12), (7, 4), (8, 8), (8, 20), (8, 22)]
]
"""Days of sentence; those in May and August are followed by a bank holiday."""


def the_pack() -> Pack:
    return read_pack(NAME)


def form_of(name: str) -> Form:
    form = the_pack().form(name)
    assert form is not None
    return form


# --- samples that have the printed figures ------------------------------------------------------


def days_after(start: date, count: int) -> date:
    """The day that is this many working days later, counted one by one."""
    day = start
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5 and day not in BANK_HOLIDAYS
    return day


@cache
def sample(name: str) -> tuple[Case, ...]:
    """The cases of one sample of the data file."""
    described = SAMPLES[name]
    form = form_of(described["form"])
    groups = [group for group in described["groups"] for _ in range(group["cases"])]
    cases = [Case(f"{name}-{number + 1}", form.name) for number in range(len(groups))]
    for question in form.questions:
        cases = _answer(question, form, cases, described, groups)
    return tuple(cases)


def _answer(
    question: Question,
    form: Form,
    cases: list[Case],
    described: Mapping[str, Any],
    groups: list[Mapping[str, Any]],
) -> list[Case]:
    """Answer one question in all cases where it applies."""
    if not question.is_answered_by_people or question.type.name == "text":
        return cases
    asked = [
        number
        for number, case in enumerate(cases)
        if question.relevant is None or question in form_state(form, case).relevant
    ]
    given = dict(zip(asked, _answers(question, len(asked), described), strict=True))
    spread: dict[int, list[str]] = {}
    after = list(cases)
    for number in asked:
        group = groups[number]
        value = group["values"].get(question.name, given[number])
        if question.name in group.get("days", {}):
            days = spread.setdefault(id(group), _spread(group["days"][question.name]))
            value = days.pop()
        if question.type.name == "date":
            value = _day(question, number, value)
        value = tuple(value) if isinstance(value, list) else value
        after[number] = cases[number].answered(question, value, "I1", "2014-09-30T00:00:00Z")
    return after


def _answers(question: Question, asked: int, described: Mapping[str, Any]) -> list[Any]:
    """What the report counted, in some order that is always the same; else any answer."""
    counts = described["answers"].get(question.name) or described["days"].get(question.name)
    if counts is None:
        return [_any_answer(question)] * asked
    given = _spread(counts)
    assert len(given) <= asked, f"{question.name}: {len(given)} answers for {asked} cases"
    assert len(given) == asked or question.na, f"{question.name}: {asked} cases, {len(given)} given"
    given += [NA] * (asked - len(given))
    Random(question.name).shuffle(given)  # noqa: S311  # any order will do
    return given


def _spread(counts: Mapping[str, int]) -> list[str]:
    return [answer for answer, count in counts.items() for _ in range(count)]


def _any_answer(question: Question) -> Any:
    if question.na:
        return NA
    match question.type.name:
        case "select_one":
            return question.choices[0].name
        case "select_multiple":
            return [question.choices[0].name]
        case "date":
            return "0"
        case _:
            return 3


def _day(question: Question, number: int, days: str) -> str:
    """The day that lies this many working days after the sentence, which itself has turns."""
    if not days.isdecimal():
        return days
    sentenced = SENTENCED[number % len(SENTENCED)]
    return days_after(sentenced, 0 if question.profile else int(days)).isoformat()


@cache
def score_of(name: str) -> InspectionScore:
    return score_cases(the_pack(), sample(name))


def half_up(count: int, base: int) -> int:
    return percent(Fraction(count, base))


# --- the pack -----------------------------------------------------------------------------------


def test_the_pack_has_neither_errors_nor_warnings() -> None:
    assert [str(issue) for issue in check_pack_text(pack_path(NAME).read_text("utf-8"))] == []


def test_the_forms_are_the_parts_of_the_inspection() -> None:
    assert [(form.name, form.subject) for form in the_pack().forms] == [
        ("court-case", "case"),
        ("start-of-order", "case"),
        ("case-allocation", "case"),
        ("offender-interview", "offender"),
        ("staff-group", "group"),
        ("recommendation", "recommendation"),
    ]


QUESTIONS = [question for form in the_pack().forms for question in form.questions]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_a_question_fits_a_phone_and_names_its_place(question: Question) -> None:
    assert len(question.label["en"]) < 110
    assert question.hint is None or len(question.hint["en"]) < 110
    assert all(len(choice.label["en"]) <= 32 for choice in question.choices)
    assert (question.source or "").startswith("001")


def test_timeliness_is_worked_out_and_never_asked() -> None:
    worked_out = {q.name for q in QUESTIONS if q.type.name == "calculate" and q.is_scored}
    assert worked_out == {
        "cc_allocation",
        "cc_allocation_time",
        "so_assigned_time",
        "so_appointment_time",
        "so_assessed_time",
    }


# --- the printed figures ------------------------------------------------------------------------


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure["id"])
def test_a_printed_figure_comes_out(figure: dict[str, Any]) -> None:
    question = score_of(figure["sample"]).questions[figure["question"]]
    assert question.relevant == figure["base"]
    assert question.counts[figure["choice"]] == figure["count"]
    if figure["percent"] is not None:
        assert question.percent_of(figure["choice"]) == figure["percent"]


@pytest.mark.parametrize("printed", DATA["people_met"], ids=lambda printed: printed["id"])
def test_the_number_of_staff_met_comes_out(printed: dict[str, Any]) -> None:
    pack = the_pack()
    table = next(table for table in pack.tables if table.name == "people")
    rows: Any = table_document(pack, table, sample(printed["sample"]))["rows"]
    assert rows[0]["total"] == printed["people"]


def test_every_numbered_figure_is_reproduced_or_named_with_the_reason() -> None:
    printed = {f"001-Q{number:02}" for number in range(1, 30)}
    reproduced = {figure["id"] for figure in FIGURES}
    assert len(reproduced) == len(FIGURES)
    assert printed - reproduced == {name for name in NOT_REPRODUCED if name.startswith("001-Q")}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_answered_completely(name: str) -> None:
    form = form_of(SAMPLES[name]["form"])
    assert not any(form_state(form, case).open_required for case in sample(name))


def could_print(shown: int, base: int) -> bool:
    return any(half_up(count, base) == shown for count in range(base + 1))


def test_four_figures_cannot_have_the_base_that_their_sample_suggests() -> None:
    assert not could_print(14, 67)  # 001-Q01, the court sample
    assert not could_print(4, 65)  # 001-Q06, the cases with a known allocation
    assert not could_print(65, 27)  # 001-Q24, the NPS cases
    assert {half_up(crc, total) for crc in (143, 144) for total in (170, 171)} == {84, 85}  # Q10


def test_the_shares_of_report_types_fix_how_many_had_a_report() -> None:
    """37, 42 and 21% of those with a report, 14% without one: nearest to 67 cases, 57 and 9."""

    def fits(reports: int, without: int) -> bool:
        return half_up(without, reports + without) == 14 and any(
            [half_up(n, reports) for n in (full, short, reports - full - short)] == [37, 42, 21]
            for full in range(reports + 1)
            for short in range(reports + 1 - full)
        )

    found = [(reports, all_ - reports) for all_ in range(60, 68) for reports in range(all_ + 1)]
    assert [pair for pair in found if fits(*pair)][-1] == (57, 9)


def test_wrong_allocations_are_counted_where_the_rule_can_tell() -> None:
    question = score_of("court").questions["cc_allocation"]
    assert question.counts == {"right": 51, "wrong": 2, "not_known": 14}
    assert question.proportion is not None
    assert percent(question.proportion) == 96  # printed as its failure, 4%


def test_the_table_sets_crc_beside_nps() -> None:
    pack = the_pack()
    table = next(table for table in pack.tables if table.name == "first_weeks")
    document: Any = table_document(pack, table, [*sample("crc"), *sample("nps")])
    shares = {
        row["label"]: [cell["sufficient_percent"] for cell in row["cells"]]
        for row in document["rows"]
    }
    assert document["columns"] == ["CRC", "NPS"]
    assert shares["Assigned within five working days"] == [81, 74]
    assert shares["First appointment"] == [45, 78]
    assert shares["Assigned officer within five working days"] == [45, 65]


def test_without_the_bank_holidays_the_figures_would_be_others() -> None:
    pack = the_pack()
    settings = {key: one for key, one in pack.document["settings"].items() if key != "holidays"}
    every_weekday = load_pack({**pack.document, "settings": settings})
    score = score_cases(every_weekday, sample("crc"))
    assert score.questions["so_assigned_time"].percent_of("in_time") != 81


# --- the rules ----------------------------------------------------------------------------------

KNOWN: dict[str, Value] = {
    "cc_rsr_calculated": "yes",
    "cc_rsr": 3,
    "cc_mappa": "no",
    "cc_rosh": "medium",
    "cc_deportation": "no",
    "cc_deferred": "no",
    "cc_public_interest": "no",
    "cc_allocated": "crc",
}


def worked_out(form_name: str, values: Mapping[str, Value]) -> Mapping[str, Value]:
    """The values of a case with these answers, calculates included."""
    form = form_of(form_name)
    case = Case("C001", form.name)
    for name, value in values.items():
        case = case.answered(form.by_name[name], value, "I1", "2014-09-30T00:00:00Z")
    return form_state(form, case).values


def test_a_corrected_day_of_sentence_after_the_allocation_is_to_be_mended() -> None:
    form = form_of("court-case")

    def broken(sentenced: str) -> list[str]:
        case = Case("C001", form.name)
        for name, day in (("cc_allocated_on", "2014-07-03"), ("cc_sentenced", sentenced)):
            case = case.answered(form.by_name[name], day, "I1", "2014-09-30T00:00:00Z")
        return [question.name for question in form_state(form, case).broken]

    assert broken("2014-07-01") == []
    assert broken("2014-07-20") == ["cc_allocated_on"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "crc"),
        ({"cc_rsr": 6.89}, "crc"),  # not over 6.89
        ({"cc_rsr": 6.9}, "nps"),
        ({"cc_rsr": 6.8901}, "nps"),
        ({"cc_rsr": 0}, "crc"),
        ({"cc_rsr": 100}, "nps"),
        ({"cc_mappa": "yes"}, "nps"),
        ({"cc_rosh": "low"}, "crc"),
        ({"cc_rosh": "high"}, "nps"),
        ({"cc_rosh": "very_high"}, "nps"),
        ({"cc_deportation": "yes"}, "nps"),
        ({"cc_deferred": "yes"}, "nps"),
        ({"cc_public_interest": "yes"}, "nps"),
        ({"cc_rsr": 6.89, "cc_mappa": "yes", "cc_rosh": "very_high"}, "nps"),
    ],
)
def test_one_ground_is_enough_for_the_nps_and_all_must_be_absent_for_the_crc(
    facts: dict[str, Value], expected: str
) -> None:
    for allocated in ("crc", "nps"):
        values = worked_out("court-case", {**KNOWN, **facts, "cc_allocated": allocated})
        assert values["cc_expected"] == expected
        assert values["cc_allocation"] == ("right" if allocated == expected else "wrong")


FACTS = ["cc_mappa", "cc_rosh", "cc_deportation", "cc_deferred", "cc_public_interest"]


@pytest.mark.parametrize("fact", ["cc_rsr", *FACTS])
def test_a_fact_that_is_not_known_leaves_the_allocation_not_known(fact: str) -> None:
    values = worked_out("court-case", {**KNOWN, fact: "not_known"})
    assert (values["cc_expected"], values["cc_allocation"]) == ("not_known", "not_known")


def test_without_an_rsr_score_the_rule_cannot_tell_the_crc() -> None:
    values = worked_out("court-case", {**KNOWN, "cc_rsr_calculated": "no"})
    assert (values["cc_expected"], values["cc_allocation"]) == ("not_known", "not_known")


@pytest.mark.parametrize("fact", ["cc_rsr_calculated", "cc_rsr", *FACTS])
def test_while_a_fact_is_unanswered_nothing_is_said_of_the_allocation(fact: str) -> None:
    values = worked_out("court-case", {name: one for name, one in KNOWN.items() if name != fact})
    assert not {"cc_expected", "cc_allocation"} & values.keys()


@pytest.mark.parametrize(
    "fact", [name for name in KNOWN if name not in ("cc_allocated", "cc_mappa")]
)
def test_one_ground_decides_whatever_else_is_open(fact: str) -> None:
    known = {**KNOWN, "cc_mappa": "yes"}
    without = {name: one for name, one in known.items() if name != fact}
    assert worked_out("court-case", without)["cc_allocation"] == "wrong"


def test_an_allocation_that_is_not_known_or_open_is_neither_right_nor_wrong() -> None:
    values = worked_out("court-case", {**KNOWN, "cc_allocated": "not_known"})
    assert (values["cc_expected"], values["cc_allocation"]) == ("crc", "not_known")
    undecided = {name: one for name, one in KNOWN.items() if name != "cc_allocated"}
    assert "cc_allocation" not in worked_out("court-case", undecided)


@pytest.mark.parametrize(
    ("sentenced", "allocated", "result"),
    [
        ("2014-06-12", "2014-06-12", "in_time"),
        ("2014-06-12", "2014-06-13", "in_time"),
        ("2014-06-12", "2014-06-16", "late"),
        ("2014-06-13", "2014-06-16", "in_time"),  # over a weekend
        ("2014-06-13", "2014-06-17", "late"),
        ("2014-08-22", "2014-08-26", "in_time"),  # over the summer bank holiday
        ("2014-08-22", "2014-08-27", "late"),
        ("2014-04-17", "2014-04-22", "in_time"),  # over Easter
        ("2014-12-24", "2014-12-29", "in_time"),  # over Christmas
        ("2014-12-31", "2015-01-02", "in_time"),
        ("2014-06-12", "not_known", "not_clear"),
        ("2014-06-12", None, None),
        (None, "2014-06-12", None),
    ],
)
def test_allocation_is_in_time_by_the_next_working_day(
    sentenced: str | None, allocated: str | None, result: str | None
) -> None:
    values = {"cc_sentenced": sentenced, "cc_allocated_on": allocated}
    given = {name: value for name, value in values.items() if value is not None}
    assert worked_out("court-case", given).get("cc_allocation_time") == result


FRIDAY = {"so_sentenced": "2014-08-22"}
"""Before the summer bank holiday: five working days end on Monday 1 September."""


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        ({"so_assigned_on": "2014-09-01"}, "in_time"),
        ({"so_assigned_on": "2014-09-02"}, "late"),
        ({"so_assigned_on": "2014-03-03"}, "in_time"),  # under an earlier order
        ({"so_assigned_on": "not_known"}, "not_recorded"),
        ({}, None),
    ],
)
def test_assignment_is_in_time_within_five_working_days(
    answers: dict[str, Value], result: str | None
) -> None:
    assert worked_out("start-of-order", {**FRIDAY, **answers}).get("so_assigned_time") == result


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        ({"so_arranged": "yes", "so_appointment_on": "2014-09-01"}, "in_time"),
        ({"so_arranged": "yes", "so_appointment_on": "2014-09-02"}, "late"),
        ({"so_arranged": "no"}, "late"),
        ({"so_arranged": "not_known"}, "not_known"),
        ({"so_arranged": "yes", "so_appointment_on": "not_known"}, "not_known"),
        ({"so_arranged": "yes"}, None),
        ({}, None),
    ],
)
def test_a_first_appointment_is_in_time_within_five_working_days(
    answers: dict[str, Value], result: str | None
) -> None:
    values = worked_out("start-of-order", {**FRIDAY, **answers})
    assert values.get("so_appointment_time") == result


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        ({"so_assessed": "yes", "so_assessed_on": "2014-09-22"}, "in_time"),
        ({"so_assessed": "yes", "so_assessed_on": "2014-09-23"}, None),
        (
            {"so_assessed": "yes", "so_assessed_on": "2014-09-23", "so_delay_reasoned": "yes"},
            "late_reasoned",
        ),
        ({"so_assessed": "yes", "so_assessed_on": "2014-09-23", "so_delay_reasoned": "no"}, "late"),
        (  # in time: what was once said of a delay is out of the way
            {"so_assessed": "yes", "so_assessed_on": "2014-09-22", "so_delay_reasoned": "no"},
            "in_time",
        ),
        ({"so_assessed": "yes", "so_assessed_on": "not_known"}, "not_known"),
        ({"so_assessed": "yes"}, None),
        ({"so_assessed": "no"}, "not_done"),
    ],
)
def test_an_assessment_is_in_time_within_twenty_working_days(
    answers: dict[str, Value], result: str | None
) -> None:
    assert worked_out("start-of-order", {**FRIDAY, **answers}).get("so_assessed_time") == result


def test_a_reasoned_delay_is_above_the_line() -> None:
    choices = form_of("start-of-order").by_name["so_assessed_time"].choices
    assert [choice.name for choice in choices if choice.sufficient] == ["in_time", "late_reasoned"]


@pytest.mark.parametrize(
    ("requested", "result"),
    [
        ("2014-08-29", "same_day"),
        ("2014-08-21", "within_five"),  # 25 August does not count
        ("2014-08-20", "longer"),
        ("not_known", "not_known"),
        (None, None),
    ],
)
def test_an_adjournment_is_worked_out_from_its_dates(
    requested: str | None, result: str | None
) -> None:
    values: dict[str, Value] = {"cc_sentenced": "2014-08-29", "cc_report": "yes"}
    values |= {"cc_requested": requested} if requested else {}
    assert worked_out("court-case", values).get("cc_adjournment") == result


# --- walking it ---------------------------------------------------------------------------------


class LongWalk(NamedTuple):
    """A case's answers that lead to other questions, and the questions they lead past."""

    form: str
    answers: dict[str, Value]
    passed_by: frozenset[str]

    def __str__(self) -> str:
        return " ".join([self.form, *map(str, self.answers.values())][:4])


COURT: dict[str, Value] = {
    "cc_current": "crc",
    "cc_report_type": "full",
    "cc_sentence": "community",
    "cc_rsr": 6.89,
}
OF_THE_NPS = frozenset({"so_mappa", "so_mappa_level", "so_mappa_referral", "so_visor"})
OF_THE_CRC = frozenset({"so_package", "so_escalated", "so_escalation"})
LATE: dict[str, Value] = {"so_assessed_on": "2014-09-01", "so_rmp": "yes", "so_attended": "no"}
TOPICS = ("court", "interface", "crc_start", "nps_start", "before")
ORAL = frozenset({"cc_delivered_by_author", "cc_oral_notes"})
WRITTEN = frozenset({"cc_copies", "cc_explained"})
IN_THE_COMMUNITY = frozenset(
    {
        "cc_seen_after",
        "cc_appointment",
        "cc_appointment_written",
        "cc_appointment_recorded",
        "cc_appointment_confirmed",
        "cc_information_ahead",
    }
)
WALKS = [
    LongWalk("court-case", COURT, ORAL | {"cc_prison_told"}),
    LongWalk("court-case", {**COURT, "cc_report_type": "oral"}, WRITTEN | {"cc_prison_told"}),
    LongWalk("court-case", {**COURT, "cc_sentence": "custody"}, ORAL | IN_THE_COMMUNITY),
    LongWalk(
        "start-of-order",
        {**LATE, "so_provider": "nps", "so_mappa_level": "level_2"},
        OF_THE_CRC | {"so_earlier_assessment"},
    ),
    LongWalk(
        "start-of-order", {**LATE, "so_provider": "crc"}, OF_THE_NPS | {"so_earlier_assessment"}
    ),
    LongWalk(
        "start-of-order",
        {**LATE, "so_provider": "crc", "so_assessed": "no"},
        OF_THE_NPS
        | {"so_assessed_on", "so_delay_reasoned", "so_plan", "so_plan_children"}
        | {"so_plan_involved", "so_screening", "so_full_analysis"},
    ),
    LongWalk("case-allocation", {}, frozenset()),
    LongWalk("offender-interview", {}, frozenset()),
    LongWalk("staff-group", {"sg_topics": TOPICS}, frozenset()),
    LongWalk("recommendation", {"rc_paragraphs": "1.10, 1.7"}, frozenset()),
]


def answer_to(question: Question, answers: Mapping[str, Value]) -> Value:
    if question.name in answers:
        return answers[question.name]
    match question.type.name:
        case "select_one":
            return question.choices[0].name
        case "select_multiple":
            return tuple(choice.name for choice in question.choices)
        case "date":
            return "2014-07-01"
        case "text":
            return "Nothing more."
        case _:
            return 4


@pytest.mark.parametrize("long_walk", WALKS, ids=str)
def test_a_walk_goes_from_the_first_question_to_the_last(long_walk: LongWalk) -> None:
    pack, form = the_pack(), form_of(long_walk.form)
    walk = Walk(pack=pack, case=replace(Case("C001", form.name), inspector="I1"))
    asked = []
    while (name := walk.session.cursor.question) is not None:
        question = form.by_name[name]
        assert name not in asked, f"{name} is asked again"
        asked.append(name)
        value = answer_to(question, long_walk.answers)
        walk.type(typed(question, value, pack))
        assert walk.value(name) == value
    everything = [question.name for question in form.questions if question.is_answered_by_people]
    assert asked == [name for name in everything if name not in long_walk.passed_by]
    assert not form_state(form, walk.case).open


def test_every_question_is_on_some_walk() -> None:
    for form in the_pack().forms:
        missed = [walk.passed_by for walk in WALKS if walk.form == form.name]
        assert not frozenset.intersection(*missed)
