"""The draft findings: sentences, figures, order, and whose cases bear them out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from criteria.adjustments import Adjustment
from criteria.case import Answer, Case, Evidence, EvidenceKind
from criteria.findings import (
    CriterionFindings,
    KeyFinding,
    draft_findings,
    strength_from,
)
from criteria.instrument.load import load_pack, pack_names, read_pack
from criteria.instrument.pack import Form, Pack
from criteria.question import NA, NOT_KNOWN, Question, Value
from criteria.scoring.score import score_cases
from tests import DATA
from tests.criteria.instrument.packs import test_omi2 as omi2
from tests.movement import eighty_cases, movement_pack

YES_NO = [
    {"name": "yes", "label": {"en": "Yes"}, "sufficient": True},
    {"name": "no", "label": {"en": "No"}, "sufficient": False},
]
PROPER = ("MAPPA ", "OASys ", "ViSOR ")
"""What a half sentence may begin with beside a small letter."""


def question(name: str, criterion: str | None = "c1", **more: Any) -> dict[str, Any]:
    return {
        "type": "select_one yes_no", "name": name, "label": {"en": f"Was it {name}?"},
        "criterion": criterion, "na": True, "not_known": True, **more,
    }  # fmt: skip


SURVEY = [
    question("planned", finding={"en": "the plan was made", "cy": "gwnaed y cynllun"}),
    question("reviewed", relevant="${planned} = 'yes'", finding={"en": "it was reviewed."}),
    question("checked", scored=False, finding={"en": "it was checked"}),
    question("sent"),
    question("met", "c2", finding={"en": "they met"}),
]


def a_pack(*survey: dict[str, Any], subject: str = "case", **scoring: Any) -> Pack:
    return load_pack(
        {
            "settings": {"form_id": "small", "form_title": {"en": "Small"}, "version": "1"},
            "choices": {"yes_no": YES_NO},
            "sections": [
                {
                    "name": "s1",
                    "label": {"en": "Section"},
                    "criteria": [
                        {"name": "c1", "label": {"en": "First"}},
                        {"name": "c2", "label": {"en": "Second"}},
                    ],
                }
            ],
            "forms": [
                {
                    "name": "file",
                    "label": {"en": "File"},
                    "subject": subject,
                    "survey": list(survey or SURVEY),
                }
            ],
            "scoring": scoring,
        }
    )


def a_case(reference: str = "C001", **answers: Value) -> Case:
    return Case(reference, "file", answers={name: Answer(one) for name, one in answers.items()})


def counted(name: str, sufficient: int, relevant: int) -> list[Case]:
    return [
        a_case(f"C{number:03}", **{name: "yes" if number <= sufficient else "no"})
        for number in range(1, relevant + 1)
    ]


def drafted(
    pack: Pack,
    cases: list[Case],
    *,
    adjustments: Mapping[str, Adjustment] | None = None,
    key_findings: Mapping[str, KeyFinding] | None = None,
    language: str | None = None,
) -> dict[str, CriterionFindings]:
    found = draft_findings(
        score_cases(pack, cases),
        cases,
        adjustments=adjustments or {},
        key_findings=key_findings or {},
        language=language,
    )
    assert [one.criterion.name for one in found] == list(pack.criteria)
    return {one.criterion.name: one for one in found}


def sentences(found: CriterionFindings) -> list[str]:
    return [one.sentence for one in (*found.strengths, *found.improvements)]


# --- sentences ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sufficient", "relevant", "sentence"),
    [
        (61, 79, "In 61 of 79 relevant cases (77%), they met."),
        (34, 80, "In only 34 of 80 relevant cases (43%), they met."),
        (79, 79, "In all 79 relevant cases, they met."),
        (0, 79, "In none of 79 relevant cases, they met."),
        (2, 2, "In both relevant cases, they met."),
        (1, 2, "In only 1 of 2 relevant cases (50%), they met."),
        (1, 1, "In the one relevant case, they met."),
        (0, 1, "In the one relevant case, it was not so that they met."),
    ],
)
def test_a_sentence_carries_the_figures(sufficient: int, relevant: int, sentence: str) -> None:
    found = drafted(a_pack(), counted("met", sufficient, relevant))["c2"]
    assert sentences(found) == [sentence]


@pytest.mark.parametrize(
    ("subject", "some", "one"),
    [
        (
            "area",
            "In 4 of 5 relevant areas (80%), they met.",
            "In the one relevant area, they met.",
        ),
        (
            "offender",
            "For 4 of 5 relevant offenders (80%), they met.",
            "For the one relevant offender, they met.",
        ),
        (
            "group",
            "In 4 of 5 relevant staff groups (80%), they met.",
            "In the one relevant staff group, they met.",
        ),
        (
            "something else",
            "In 4 of 5 relevant cases (80%), they met.",
            "In the one relevant case, they met.",
        ),
    ],
)
def test_the_noun_is_the_forms_subject(subject: str, some: str, one: str) -> None:
    pack = a_pack(subject=subject)
    assert sentences(drafted(pack, counted("met", 4, 5))["c2"]) == [some]
    assert sentences(drafted(pack, counted("met", 1, 1))["c2"]) == [one]


def test_every_subject_of_the_instruments_findings_has_its_noun() -> None:
    for name in pack_names():
        for form in read_pack(name).forms:
            if any(is_finding(one) for one in form.questions) and form.subject != "case":
                found = drafted(a_pack(subject=form.subject), counted("met", 4, 5))["c2"]
                assert "relevant cases" not in found.strengths[0].sentence, form.subject


def test_a_question_without_wording_is_quoted() -> None:
    found = drafted(a_pack(), counted("sent", 1, 6))["c1"]
    assert sentences(found) == [
        "In only 1 of 6 relevant cases (17%), the answer to “Was it sent?” was sufficient."
    ]


def test_a_full_stop_in_the_wording_is_not_doubled() -> None:
    cases = [a_case(f"C{one}", planned="yes", reviewed="yes") for one in range(6)]
    assert "In all 6 relevant cases, it was reviewed." in sentences(drafted(a_pack(), cases)["c1"])


def test_the_wording_is_in_the_language_asked_for_or_in_the_packs() -> None:
    cases = counted("planned", 6, 6)
    assert "gwnaed y cynllun" in drafted(a_pack(), cases, language="cy")["c1"].strengths[0].sentence
    assert (
        "the plan was made" in drafted(a_pack(), cases, language="fr")["c1"].strengths[0].sentence
    )


# --- what counts --------------------------------------------------------------------------------


def test_na_not_known_and_open_answers_leave_the_base_and_the_cases() -> None:
    cases = [
        a_case("C001", met="yes"),
        a_case("C002", met=NA),
        a_case("C003", met="no"),
        a_case("C004", met=NOT_KNOWN),
        a_case("C005"),
        a_case("C006", met="yes"),
        a_case("C007", met="yes"),
    ]
    (found,) = drafted(a_pack(), cases)["c2"].strengths
    assert (found.sufficient, found.relevant, found.percent) == (3, 4, 75)
    assert found.cases == ("C001", "C006", "C007")


def test_an_area_for_improvement_lists_the_insufficient_cases_in_case_order() -> None:
    answers = {"C009": "no", "C002": "yes", "C005": "no"}
    cases = [a_case(reference, met=answer) for reference, answer in answers.items()]
    (found,) = drafted(a_pack(), cases)["c2"].improvements
    assert found.cases == ("C009", "C005")


def test_an_answer_to_a_question_that_is_hidden_now_is_not_counted() -> None:
    cases = [
        a_case("C001", planned="yes", reviewed="no"),
        a_case("C002", planned="no", reviewed="yes"),
    ]
    found = drafted(a_pack(), cases)["c1"]
    (reviewed,) = [one for one in found.improvements if one.question.name == "reviewed"]
    assert (reviewed.sufficient, reviewed.relevant, reviewed.cases) == (0, 1, ("C001",))


def test_a_judgement_that_is_kept_beside_the_score_is_a_finding_too() -> None:
    found = drafted(a_pack(), counted("checked", 6, 6))["c1"]
    assert found.score.score is None
    assert sentences(found) == ["In all 6 relevant cases, it was checked."]


def test_a_question_without_a_base_or_a_criterion_is_no_finding() -> None:
    pack = a_pack(question("loose", None), question("met", "c2"))
    found = drafted(pack, [a_case(loose="yes", met=NA)])
    assert [sentences(one) for one in found.values()] == [[], []]


def test_a_case_of_an_unknown_form_is_refused() -> None:
    score = score_cases(a_pack(), [])
    with pytest.raises(ValueError, match="no form 'other'"):
        draft_findings(score, [Case("C001", "other")], adjustments={}, key_findings={})


def test_what_the_lead_wrote_stands_with_its_criterion() -> None:
    key, change = KeyFinding("Plans were late.", "L1"), Adjustment("POOR", "Two deaths.")
    found = drafted(a_pack(), [], adjustments={"c2": change}, key_findings={"c1": key})
    assert (found["c1"].key_finding, found["c1"].adjustment) == (key, None)
    assert (found["c2"].key_finding, found["c2"].adjustment) == (None, change)


# --- the line and the order ---------------------------------------------------------------------


def bands(*cuts: float) -> list[dict[str, Any]]:
    return [{"name": f"from_{cut}", "from": cut} for cut in cuts]


@pytest.mark.parametrize(
    ("cuts", "line"),
    [
        ((), 65),
        ((0,), 65),
        ((50, 0), 50),
        ((80, 50, 0), 80),
        ((0, 45, 65, 85), 65),
        ((90, 70, 50, 30), 70),
    ],
)
def test_the_line_is_the_middle_cut_point_of_the_bands(cuts: tuple[int, ...], line: int) -> None:
    assert strength_from(a_pack(bands=bands(*cuts))) == line


@pytest.mark.parametrize(
    ("sufficient", "relevant", "is_strength"),
    [(13, 20, True), (64, 100, False), (129, 200, True), (128, 200, False)],
)
def test_from_the_line_upwards_as_printed_it_is_a_strength(
    sufficient: int, relevant: int, *, is_strength: bool
) -> None:
    """64.5% prints as 65%, and is a strength from 65%."""
    found = drafted(a_pack(), counted("met", sufficient, relevant))["c2"]
    assert (len(found.strengths), len(found.improvements)) == (is_strength, not is_strength)


def test_the_bands_of_a_pack_move_the_line() -> None:
    found = drafted(a_pack(bands=bands(90, 80, 20, 0)), counted("met", 79, 100))["c2"]
    assert sentences(found) == ["In only 79 of 100 relevant cases (79%), they met."]


def test_the_line_parts_omi_2_nearly_as_its_report_does() -> None:
    """The sources of the pack say under which heading the report has a figure."""
    pack, as_printed, compared = omi2.omi2(), 0, 0
    rows = {row["question"]: row for row in omi2.DATA["rows"] if row.get("figures")}
    for found in drafted(pack, list(omi2.everything())).values():
        for one in (*found.strengths, *found.improvements):
            source = one.question.source or ""
            is_strength = "strength" in source
            if one.question.name in rows and is_strength != ("improvement" in source):
                compared += 1
                as_printed += (one in found.strengths) == is_strength
    assert (as_printed, compared) == (167, 178)


def many(**counts: tuple[int, int]) -> list[Case]:
    """Cases in which each question has so many sufficient answers of so many."""
    most = max(relevant for _, relevant in counts.values())
    return [
        a_case(
            f"C{number:03}",
            **{
                name: ("yes" if number < sufficient else "no") if number < relevant else NA
                for name, (sufficient, relevant) in counts.items()
            },
        )
        for number in range(most)
    ]


def order(*questions: str, **counts: tuple[int, int]) -> tuple[list[str], list[str]]:
    found = drafted(a_pack(*(question(name) for name in questions)), many(**counts))["c1"]
    return (
        [one.question.name for one in found.strengths],
        [one.question.name for one in found.improvements],
    )


def test_many_cases_tell_more_than_a_few() -> None:
    """6 of 6 is a higher share than 61 of 79, and its interval reaches farther down."""
    assert order("few", "many", few=(6, 6), many=(61, 79)) == (["many", "few"], [])
    assert order("few", "many", few=(1, 5), many=(20, 79)) == ([], ["many", "few"])


def test_of_bases_alike_the_farthest_from_the_line_comes_first() -> None:
    strengths, improvements = order(
        "a", "b", "c", "d", a=(70, 90), b=(85, 90), c=(50, 90), d=(5, 90)
    )
    assert (strengths, improvements) == (["b", "a"], ["d", "c"])


def test_what_is_alike_keeps_the_packs_order() -> None:
    assert order("b", "a", a=(7, 9), b=(7, 9))[0] == ["b", "a"]


def test_a_small_base_is_marked_and_stands_last() -> None:
    pack = a_pack(*(question(name) for name in ("three", "five")))
    found = drafted(pack, many(three=(4, 4), five=(4, 5)))["c1"]
    assert [(one.question.name, one.small_base) for one in found.strengths] == [
        ("five", False),
        ("three", True),
    ]


@pytest.mark.parametrize(
    ("of_question", "of_pack", "small"),
    [(None, None, False), (None, 10, True), (8, 10, False), (9, None, True)],
)
def test_a_small_base_is_as_the_question_or_the_pack_says(
    of_question: int | None, of_pack: int | None, *, small: bool
) -> None:
    pack = a_pack(question("met", min_base=of_question), min_base=of_pack)
    assert drafted(pack, counted("met", 8, 8))["c1"].strengths[0].small_base == small


# --- notes --------------------------------------------------------------------------------------


def test_notes_stand_by_kind_in_case_order() -> None:
    cases = [
        noted("C002", "met", "Seen weekly.", EvidenceKind.GOOD_PRACTICE),
        noted("C001", "met", "“They rang me first.”", EvidenceKind.QUOTATION),
        noted("C003", "met", "Prompt.", EvidenceKind.STRENGTH),
        noted("C004", "met", "Late.", EvidenceKind.IMPROVEMENT),
        noted("C005", "met", "See letter of 3 May.", EvidenceKind.EVIDENCE),
        noted("C006", "met", "A buddy scheme.", EvidenceKind.GOOD_PRACTICE),
    ]
    found = drafted(a_pack(), cases)["c2"]
    assert [(one.case, one.text) for one in found.good_practice] == [
        ("C002", "Seen weekly."),
        ("C006", "A buddy scheme."),
    ]
    assert [one.text for one in found.quotations] == ["“They rang me first.”"]
    assert [one.text for one in found.strength_notes] == ["Prompt."]
    assert [one.text for one in found.improvement_notes] == ["Late."]


def noted(reference: str, name: str, note: str, kind: EvidenceKind) -> Case:
    return Case(reference, "file", answers={name: Answer(None, note, kind=kind)})


def test_an_attachments_caption_is_quoted_with_its_file() -> None:
    pictures = tuple(
        Evidence(
            "question", "met", "photo", f"C001-{number}.jpg", EvidenceKind.GOOD_PRACTICE, caption
        )
        for number, caption in enumerate(("The board.", None))
    )
    found = drafted(a_pack(), [Case("C001", "file", evidence=pictures)])["c2"]
    (note,) = found.good_practice
    assert (note.case, note.question.name, note.text, note.attachment) == (
        "C001",
        "met",
        "The board.",
        "C001-0.jpg",
    )


def test_a_note_on_a_hidden_question_is_not_quoted() -> None:
    hidden = noted("C001", "reviewed", "Weekly.", EvidenceKind.GOOD_PRACTICE)
    shown = Case("C002", "file", answers={**hidden.answers, "planned": Answer("yes")})
    assert [one.case for one in drafted(a_pack(), [hidden, shown])["c1"].good_practice] == ["C002"]


# --- criteria described by levels ---------------------------------------------------------------


def test_a_described_criterion_has_its_level_and_its_high_and_low_items() -> None:
    pack = read_pack("esi-2006")
    steps = {
        "me_lead_practice": "strong",
        "me_lead_risk": "satisfactory",
        "me_assessment": "good",
        "me_policies": "very_strong",
        "me_training": "weak",
        "me_diversity": NA,
    }
    case = Case(
        "AREA",
        "management-evidence",
        answers={name: Answer(step) for name, step in steps.items()},
    )
    found = drafted(pack, [case])["a1"]
    assert found.level is not None
    assert found.level.name == "not_met"
    assert (found.strengths, found.improvements) == ((), ())
    assert [one.question.name for one in found.high_items] == ["me_policies", "me_lead_practice"]
    assert [one.question.name for one in found.low_items] == ["me_training", "me_lead_risk"]
    assert found.low_items[1].sentence == (
        "How strong is the lead on assessing and managing risk of harm? Satisfactory."
    )
    assert found.low_items[1].cases == ("AREA",)


def test_a_described_criterion_that_was_not_followed_up_has_neither() -> None:
    found = drafted(read_pack("esi-2006"), [])["a1"]
    assert (found.level, found.high_items, found.low_items) == (None, (), ())


# --- the instruments ----------------------------------------------------------------------------


def test_the_movement_of_cases_draft_has_the_reports_figures() -> None:
    """Appendix 2 prints 61 of 79 (77%) in touch and 22 of 79 (28%) reviewed; 5.2 its strengths."""
    found = drafted(movement_pack(), eighty_cases())
    assert found["c1"].strengths[1].sentence == (
        "In 61 of 79 relevant cases (77%),"
        " the file showed that the two areas had been in touch before the case moved."
    )
    reviewed = next(one for one in found["c2"].improvements if one.question.name == "plan_reviewed")
    assert reviewed.sentence == (
        "In only 22 of 79 relevant cases (28%),"
        " the supervision plan was reviewed within four weeks of the move."
    )
    assert len(reviewed.cases) == 57
    assert [one.question.name for one in found["c2"].strengths[:2]] == [
        "appointments_made",
        "appointments_attended",
    ]


def test_every_printed_figure_of_movement_of_cases_is_in_one_sentence() -> None:
    rows = json.loads((DATA / "movement_of_cases_2004.json").read_text("utf-8"))["rows"]
    said = {
        one.question.name: one
        for found in drafted(movement_pack(), eighty_cases()).values()
        for one in (*found.strengths, *found.improvements)
    }
    scored = [row for row in rows if row["kind"] in ("yes_of_relevant", "four_level")]
    assert len(scored) == len(said) == 30
    for row in scored:
        counts, one = row["counts"], said[row["question"]]
        good = counts["yes"] if "yes" in counts else counts["fully"] + counts["largely"]
        assert f"{good} of {row['base']} relevant cases (" in one.sentence
        assert len(one.cases) in (good, row["base"] - good)


def is_finding(one: Question) -> bool:
    return one.is_judgement and one.criterion is not None


def judged(name: str) -> list[tuple[Form, Question]]:
    return [
        (form, one) for form in read_pack(name).forms for one in form.questions if is_finding(one)
    ]


@pytest.mark.parametrize("name", pack_names())
def test_every_judgement_of_a_criterion_says_what_a_sufficient_answer_means(name: str) -> None:
    assert judged(name)
    assert [one.name for _, one in judged(name) if not (one.finding or {}).get("en")] == []


@pytest.mark.parametrize("name", pack_names())
def test_a_wording_is_the_second_half_of_a_sentence(name: str) -> None:
    for _, one in judged(name):
        assert one.finding is not None
        for text in one.finding.values():
            assert text == text.strip(), one.name
            assert text[0].islower() or text.startswith(PROPER), text
            assert text[-1] not in ".,;:!?", text
            assert 10 <= len(text) <= 110, text


@pytest.mark.parametrize("name", pack_names())
def test_no_two_wordings_of_an_instrument_read_alike(name: str) -> None:
    """Several forms may ask the same of different people: the sentence has to say whom."""
    texts = [one.finding["en"] for _, one in judged(name) if one.finding]
    assert sorted(texts) == sorted(set(texts))
