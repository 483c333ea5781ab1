"""The guided conversation, event by event."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.messages import say
from criteria.case import Case, CaseKey
from criteria.case_status import Status
from criteria.instrument.load import load_pack
from dialogs import effects, events
from dialogs.session import Offer, Session
from dialogs.turn import iso, turn_of
from tests.walk import TINY, Walk

ALL = ("male", "yes", "fully", "assessment, contact log", "3", "3/6/2014", "nothing", "largely")


def finished() -> Walk:
    walk = Walk()
    walk.type(*ALL)
    return walk


def test_a_case_is_answered_from_first_question_to_submission() -> None:
    walk = Walk()
    seen = []
    for text in ALL:
        seen.append(walk.at)
        walk.type(text)
    assert seen == ["A1", "B1", "B2", "B3", "B4", "B5", "B6", "C1"]
    assert walk.at is None
    walk.send(events.SubmitAsked())
    (submitted, _) = walk.step.effects
    assert isinstance(submitted, effects.CaseSubmitted)
    assert submitted.result == {"c1": (2, 2), "c2": (1, 1)}
    assert walk.case.status is Status.SUBMITTED


def test_the_first_answer_takes_a_case_nobody_has() -> None:
    walk = Walk()
    assert (walk.case.inspector, walk.case.status) == (None, Status.UNASSIGNED)
    walk.type("male")
    assert (walk.case.inspector, walk.case.status) == ("I1", Status.IN_PROGRESS)


def test_a_tap_answers_and_brings_the_next_card() -> None:
    walk = Walk()
    told = walk.tap("female")
    assert isinstance(told[0], effects.AnswerRecorded)
    assert walk.at == "B1"
    assert walk.value("sex") == "female"


@pytest.mark.parametrize("text", ["m y largely", "y n", "yes no", "y maybe", "y not fully"])
def test_no_text_answers_a_question_that_the_card_does_not_show(text: str) -> None:
    walk = Walk()
    walk.type("male")
    before = walk.case
    rejected = walk.type(text)[0]
    assert isinstance(rejected, effects.AnswerRejected | effects.LineRejected)
    assert walk.case == before


def test_a_line_of_codes_that_is_too_long_offers_those_that_fit() -> None:
    walk = Walk()
    walk.type("male")
    rejected = walk.type("y n na")[0]
    assert rejected == effects.LineRejected("n", None, 1)
    assert walk.session.cursor.offers == (Offer((("told", "yes"),)),)
    walk.send(events.OfferTaken(walk.card, 0))
    assert (walk.value("told"), walk.at) == ("yes", "B2")


def test_an_answer_with_a_rest_is_offered_with_the_rest_as_its_note() -> None:
    walk = Walk()
    walk.type("male", "Yes, but late.")
    assert walk.reply.text.splitlines()[0] == "Yes, with the note “but late”?"
    assert [button.label for button in walk.reply.buttons[0]] == ["Yes and note", "Only Yes"]
    assert walk.value("told") is None
    old = walk.card
    walk.type("y (p3)")
    walk.send(events.OfferTaken(old, 0))
    assert walk.value("told") is None
    told = walk.send(events.OfferTaken(walk.card, 0))
    assert [type(one).__name__ for one in told[:2]] == ["AnswerRecorded", "NoteRecorded"]
    assert (walk.value("told"), walk.case.answers["told"].note, walk.at) == ("yes", "p3", "B2")


def test_only_the_answer_may_be_taken_and_a_fact_takes_no_note() -> None:
    walk = Walk()
    walk.type("male, I think so")
    assert walk.session.cursor.offers == (Offer((("sex", "male"),)),)
    walk.type("yes")
    assert walk.value("sex") == "male"
    walk.type("no - no letter on file")
    walk.send(events.OfferTaken(walk.card, 1))
    assert (walk.value("told"), walk.case.answers["told"].note) == ("no", None)


@pytest.mark.parametrize(
    ("first", "then", "value"),
    [("yes?", "yes", "yes"), ("no?", "no", None), ("no?", "yes", None), ("maybe", "yes", "yes"),
     ("yes, late", "yes", "yes"), ("yes?", "no", "no"), ("dunno?", "ok", None),
     ("dunno?", "yes", None)],
)  # fmt: skip
def test_what_was_offered_may_be_resolved_by_typing(first: str, then: str, value: object) -> None:
    walk = Walk()
    walk.type("male", first)
    assert walk.value("told") is None
    walk.type(then)
    assert walk.value("told") == value


def test_what_was_offered_is_over_with_the_next_card() -> None:
    walk = Walk()
    walk.type("male", "no", "none", "20ish cases")
    assert walk.session.cursor.offers == ()
    walk.type("c. 20")
    assert [button.label for button in walk.reply.buttons[0]] == ["20"]
    walk.press("skip")
    assert walk.session.cursor.offers == ()
    walk.send(events.OfferTaken(walk.card, 0))
    assert walk.value("visits") is None


def test_an_offer_that_breaks_the_constraint_is_none() -> None:
    walk = Walk()
    walk.type("male", "no", "none")
    rejected = walk.type("c. 200")[0]
    assert isinstance(rejected, effects.AnswerRejected)
    assert (rejected.reason, rejected.near) == ("constraint", ())


@pytest.mark.parametrize("text", ["not fully", "Not Fully met", "never fully", "isn't fully met"])
def test_a_negation_never_becomes_its_opposite(text: str) -> None:
    walk = Walk()
    walk.type("male", "yes")
    (rejected, _) = walk.type(text)
    assert isinstance(rejected, effects.AnswerRejected)
    assert walk.value("how_well") is None
    assert "fully" not in rejected.near


def test_a_near_miss_is_recorded_and_echoed() -> None:
    walk = Walk()
    walk.type("male", "yes")
    (recorded, _) = walk.type("largly")
    assert isinstance(recorded, effects.AnswerRecorded)
    assert (recorded.value, recorded.read_from) == ("largely", "largly")


def test_what_two_answers_are_near_to_is_asked() -> None:
    walk = Walk()
    walk.type("male", "yes")
    (rejected, _) = walk.type("fully or partly")
    assert isinstance(rejected, effects.AnswerRejected)
    assert rejected.near == ("fully", "partly")
    assert walk.value("how_well") is None


@pytest.mark.parametrize(
    "text",
    ["not-fully met", "notfully met", "nt fully met", "nto fully met", "non fully met",
     "fully unmet", "0 fully", "isnt fully", "n fully met", "not-fully"],
)  # fmt: skip
def test_no_spelling_of_a_negation_is_taken_for_its_opposite(text: str) -> None:
    walk = Walk()
    walk.type("male", "yes")
    walk.type(text)
    assert walk.value("how_well") not in ("fully", "largely")


def test_two_numbers_are_never_run_together() -> None:
    walk = Walk()
    walk.type("male", "no", "none")
    (rejected, _) = walk.type("3 4")
    assert isinstance(rejected, effects.AnswerRejected)
    assert walk.value("visits") is None


def test_words_that_only_start_a_reserved_answer_are_no_answers_in_a_line() -> None:
    walk = Walk()
    walk.type("male", "yes")
    walk.type("dont no")
    assert walk.value("how_well") is None


def test_typed_choices_add_to_the_ticks() -> None:
    walk = Walk()
    walk.type("male", "no")
    walk.tap("assessment")
    walk.type("contact log")
    assert walk.value("papers") == ("assessment", "log")


def test_leaving_a_list_says_that_its_ticks_are_not_kept() -> None:
    walk = Walk()
    walk.type("male", "no")
    walk.tap("assessment")
    told = walk.press("skip")
    assert told[0] == effects.TicksDropped(walk.pack.forms[0].by_name["papers"], 1)
    assert walk.value("papers") is None


def test_an_answer_to_what_is_no_longer_asked_is_not_taken() -> None:
    walk = Walk()
    walk.type("male", "yes")
    changed = walk.case.answered(walk.pack.forms[0].by_name["told"], "no", "L1", "then")
    walk.session = replace(walk.session, case=changed)
    (told, asked) = walk.type("fully")
    assert isinstance(told, effects.JumpRefused)
    assert isinstance(asked, effects.QuestionAsked)
    assert (walk.value("how_well"), walk.at) == (None, "B3")


def test_a_note_that_names_no_question_is_not_put_on_another() -> None:
    walk = Walk()
    walk.type("male")
    walk.send(events.NoteGiven("b1 lower case"))
    assert walk.case.answers["told"].note == "lower case"
    (refused, _) = walk.send(events.NoteGiven("B99 hello"))
    assert isinstance(refused, effects.JumpRefused)
    (refused, _) = walk.send(events.NoteGiven("B2 not asked"))
    assert isinstance(refused, effects.JumpRefused)
    assert list(walk.case.answers) == ["told"]


def test_a_note_can_be_taken_away() -> None:
    walk = Walk()
    walk.type("male")
    walk.send(events.NoteGiven("A name by mistake"))
    walk.press("note")
    walk.press("unnote")
    assert walk.case.note(walk.pack.forms[0].by_name["told"]) is None
    assert walk.at == "B1"


def test_na_and_not_known_are_answers_where_they_are_allowed() -> None:
    walk = Walk()
    walk.type("male", "not applicable")
    assert walk.value("told") == "na"
    assert walk.at == "B3"
    (rejected, _) = walk.type("na")
    assert isinstance(rejected, effects.AnswerRejected)
    assert rejected.reason == "na_not_allowed"


def test_ticks_are_kept_until_done_and_their_card_stays_current() -> None:
    walk = Walk()
    walk.type("male", "no")
    card = walk.card
    for choice in ("log", "assessment", "plan", "plan"):
        walk.tap(choice, "papers")
    assert walk.value("papers") is None
    assert walk.card == card
    walk.press("done")
    assert walk.value("papers") == ("assessment", "log")
    assert walk.at == "B4"


def test_no_ticks_at_all_is_an_answer() -> None:
    walk = Walk()
    walk.type("male", "no")
    walk.press("done")
    assert walk.value("papers") == ()
    assert walk.at == "B4"


@pytest.mark.parametrize("text", ["none", "None of these", "nothing"])
def test_a_list_may_be_done_by_typing_with_nothing_ticked(text: str) -> None:
    walk = Walk()
    walk.type("male", "no", text)
    assert walk.value("papers") == ()
    assert walk.at == "B4"


def test_done_with_nothing_ticked_is_asked() -> None:
    walk = Walk()
    walk.type("male", "no", "done")
    assert walk.value("papers") is None
    assert [button.label for button in walk.reply.buttons[0]] == ["None of these"]
    walk.type("yes")
    assert walk.value("papers") == ()


@pytest.mark.parametrize("stands", [False, True])
def test_typing_adds_to_the_ticks_that_a_card_shows_fresh_or_not(stands: bool) -> None:
    walk = Walk()
    walk.type("male", "no")
    walk.tap("plan")
    if stands:
        walk.press("done")
        walk.send(events.JumpedTo("B3"))
    walk.type("none")
    assert walk.value("papers") == (("plan",) if stands else None)
    assert [button.label for button in walk.reply.buttons[0]] == [
        "None of these",
        "Supervision plan",
    ]
    walk.type("contact log")
    assert walk.value("papers") == ("plan", "log")
    walk.send(events.JumpedTo("B3"))
    walk.type("assessment only")
    assert walk.value("papers") == ("assessment",)


def test_done_leaves_an_answer_to_a_list_as_it_stands() -> None:
    walk = Walk()
    walk.type("male", "no", "assessment, contact log")
    walk.send(events.JumpedTo("B3"))
    walk.type("done")
    assert walk.value("papers") == ("assessment", "log")


@pytest.mark.parametrize("text", ["1 3", "1, 3", "3,1", "1 and 3", "1; 3"])
def test_several_numbers_choose_from_a_list(text: str) -> None:
    walk = Walk()
    walk.type("male", "no", text)
    assert walk.value("papers") == ("assessment", "log")


def test_numbers_typed_add_to_the_ticks_of_a_list() -> None:
    walk = Walk()
    walk.type("male", "no")
    walk.tap("plan")
    walk.type("1 3")
    assert walk.value("papers") == ("assessment", "plan", "log")


@pytest.mark.parametrize("text", ["1 4", "0 1", "1 2 x"])
def test_a_number_that_the_list_has_not_chooses_nothing(text: str) -> None:
    walk = Walk()
    walk.type("male", "no", text)
    assert walk.value("papers") is None
    assert walk.at == "B3"


def test_a_plain_word_where_no_question_is_up_is_answered_without_the_review() -> None:
    walk = Walk()
    walk.send(events.ReviewAsked())
    before = walk.session
    assert walk.type("thanks") == (effects.MoveRefused("nothing_asked"),)
    assert walk.reply.text == (
        "No question is open, so nothing was recorded. /goto B1 brings one up, /review shows the"
        " case, /help lists what I can do."
    )
    assert walk.session == before


def test_a_case_that_is_in_is_shown_with_its_result_when_it_is_opened() -> None:
    walk = finished()
    walk.send(events.SubmitAsked())
    assert isinstance(walk.send(events.CaseOpened())[0], effects.ReviewShown)
    assert walk.reply.text.splitlines() == [
        "C001 · review · 8 of 8 answered",
        "C001 is submitted.",
        "",
        "Sufficient judgements, of those that count:",
        "■■■■■ 100% · 2 of 2 · 1 Systems",
        "■■■■■ 100% · 1 of 1 · 2 Management",
    ]


def test_next_in_a_case_that_is_in_says_how_to_come_to_another() -> None:
    walk = finished()
    walk.send(events.SubmitAsked())
    assert walk.send(events.MovedOn())[0] == effects.MoveRefused("case_is_in")
    assert walk.reply.text.startswith(
        "C001 is submitted, so none of it is open. “Next case ›” or /cases leads on."
    )
    assert say("next-case") in [button.label for row in walk.reply.buttons for button in row]
    assert walk.type("yes") == (effects.CaseClosed(),)


def test_what_is_still_open_in_a_case_that_is_in_is_not_put_at_hand() -> None:
    walk = finished()
    open_card = walk.card
    case = walk.case
    left = {name: one for name, one in case.answers.items() if name != "remark"}
    handed_in = replace(case, answers=left, status=Status.SUBMITTED)
    walk.session = replace(walk.session, case=handed_in)
    told = walk.send(events.ControlTapped(open_card, "next_open"))
    assert told[0] == effects.MoveRefused("case_is_in")
    assert walk.session.cursor.question is None


def test_an_answer_outside_its_constraint_is_refused() -> None:
    walk = Walk()
    walk.type("male", "no", "none")
    (rejected, _) = walk.type("100")
    assert isinstance(rejected, effects.AnswerRejected)
    assert rejected.reason == "constraint"
    assert walk.value("visits") is None
    walk.type("not known")
    assert walk.value("visits") == "not_known"


def test_an_edit_that_hides_answers_says_which_and_keeps_them() -> None:
    walk = finished()
    walk.send(events.JumpedTo("B1"))
    told = walk.type("no")
    hidden = next(one for one in told if isinstance(one, effects.AnswersHidden))
    assert [question.number for question in hidden.questions] == ["B2"]
    assert walk.case.answers["how_well"].value == "fully"
    walk.send(events.SubmitAsked())
    submitted = walk.step.effects[0]
    assert isinstance(submitted, effects.CaseSubmitted)
    assert submitted.result == {"c1": (0, 1), "c2": (1, 1)}


def test_hidden_answers_come_back_when_they_apply_again() -> None:
    walk = finished()
    walk.send(events.JumpedTo("B1"))
    walk.type("no")
    walk.send(events.JumpedTo("B1"))
    told = walk.type("yes")
    returned = next(one for one in told if isinstance(one, effects.AnswersReturned))
    assert [question.number for question in returned.questions] == ["B2"]
    assert walk.at is None


def test_a_tap_on_an_old_card_is_explained_and_changes_nothing() -> None:
    walk = Walk()
    old = walk.card
    walk.type("male")
    before = walk.session
    for event in (
        events.ChoiceTapped(walk.case.key, "sex", "female"),
        events.ControlTapped(old, "skip"),
    ):
        (refused, asked) = walk.send(event)
        assert refused == effects.TapRefused()
        assert isinstance(asked, effects.QuestionAsked)
        assert walk.session == before


def test_an_answer_belongs_to_its_question_also_from_an_earlier_card_of_it() -> None:
    walk = Walk()
    walk.type("male")
    walk.send(events.WentBack())
    assert walk.at == "A1"
    walk.tap("female", "sex")
    assert (walk.value("sex"), walk.at) == ("female", "B1")


def test_a_double_tap_is_taken_once() -> None:
    walk = Walk()
    walk.tap("male")
    before = walk.session
    (refused, _) = walk.tap("male", "sex")
    assert refused == effects.TapRefused(repeated=True)
    assert walk.session == before


def test_a_tap_on_another_cases_card_is_explained() -> None:
    walk = Walk()
    before = walk.session
    other = CaseKey("C999", "case-file")
    (refused, _) = walk.send(events.ChoiceTapped(other, "sex", "male"))
    assert refused == effects.TapRefused(other_case="C999")
    assert walk.session == before


def test_back_skip_and_goto_move_without_changing_answers() -> None:
    walk = Walk()
    walk.type("male", "yes")
    answers = dict(walk.case.answers)
    walk.press("skip")
    assert walk.at == "B3"
    walk.send(events.WentBack())
    walk.send(events.WentBack())
    assert walk.at == "B1"
    walk.send(events.JumpedTo("management"))
    assert walk.at == "C1"
    walk.send(events.JumpedTo("b2"))
    assert walk.at == "B2"
    assert walk.case.answers == answers


def test_there_is_nothing_before_the_first_question() -> None:
    walk = Walk()
    (refused, _) = walk.send(events.WentBack())
    assert refused == effects.MoveRefused("at_start")


def test_a_jump_to_what_is_unknown_or_does_not_apply_is_refused() -> None:
    walk = Walk()
    (unknown, _) = walk.send(events.JumpedTo("B9"))
    assert isinstance(unknown, effects.JumpRefused)
    assert unknown.reason == "unknown"
    (hidden, _) = walk.send(events.JumpedTo("B2"))
    assert isinstance(hidden, effects.JumpRefused)
    assert hidden.reason == "not_relevant"
    assert walk.at == "A1"


def test_a_skipped_question_is_listed_and_can_be_gone_to() -> None:
    walk = Walk()
    walk.type("male")
    walk.press("skip")
    walk.type("none", "3", "yesterday", "nothing", "partly")
    review = walk.step.effects[-1]
    assert isinstance(review, effects.ReviewShown)
    assert [question.number for question in review.open_required] == ["B1"]
    walk.press("next_open")
    assert walk.at == "B1"


def test_submitting_is_refused_while_required_questions_are_open() -> None:
    walk = Walk()
    walk.type("male")
    (refused, review) = walk.send(events.SubmitAsked())
    assert isinstance(refused, effects.SubmitRefused)
    assert isinstance(review, effects.ReviewShown)
    assert [question.number for question in refused.open_required] == ["B1", "B3", "B4", "B5", "C1"]
    assert walk.case.status is Status.IN_PROGRESS


def with_dates() -> Walk:
    survey = [
        {"type": "date", "name": "d1", "number": "1", "label": "Sentenced?", "not_known": True},
        {
            "type": "date",
            "name": "d2",
            "number": "2",
            "label": "Seen?",
            "constraint": ". >= ${d1}",
            "constraint_message": "Before the sentence.",
        },
        {"type": "integer", "name": "n", "number": "3", "label": "Visits?"},
    ]
    form = {**TINY["forms"][0], "profile": [], "survey": survey}
    return Walk(load_pack({**TINY, "forms": [form]}))


def read(walk: Walk) -> str:
    return "\n".join(one.text for one in walk.reply.paragraphs)


def test_today_in_a_constraint_is_the_day_of_the_message_where_the_inspection_is() -> None:
    survey = [
        {"type": "date", "name": "d1", "label": "Seen?", "constraint": ". <= today()"},
        {"type": "integer", "name": "n", "label": "Visits?"},
    ]
    form = {**TINY["forms"][0], "profile": [], "survey": survey}
    pack = load_pack({**TINY, "forms": [form]})
    # 23:30 on 1 June in UTC is 00:30 on 2 June in British summer.
    sent = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)
    for zone, taken in ((timezone(timedelta(hours=1)), True), (UTC, False)):
        turn = turn_of(
            Session("I1"), Case("C001", "case-file"), pack, pack.forms[0], sent.astimezone(zone)
        )
        question = turn.form.by_name["d1"]
        assert turn.meets(question, "2026-06-02") is taken
        later = turn.with_answer(question, "2026-06-02", iso(sent))
        assert (question in later.broken) is not taken


def test_a_constraint_is_looked_at_again_when_what_it_names_changes() -> None:
    walk = with_dates()
    walk.type("1/6/2014", "20/6/2014", "4")
    walk.send(events.JumpedTo("1"))
    walk.type("1/7/2014")
    told = [type(one) for one in walk.step.effects]
    assert told[:2] == [effects.AnswerRecorded, effects.ConstraintsBroken]
    assert "2 does not go with that any more: Before the sentence." in read(walk)
    (refused, review) = walk.send(events.SubmitAsked())
    assert isinstance(refused, effects.SubmitRefused)
    assert [question.number for question in refused.broken] == ["2"]
    assert isinstance(review, effects.ReviewShown)
    assert "2: Before the sentence." in read(walk)
    assert not walk.case.status.is_in
    walk.send(events.JumpedTo("2"))
    walk.type("2/7/2014")
    assert not any(isinstance(one, effects.ConstraintsBroken) for one in walk.step.effects)
    (submitted, _) = walk.send(events.SubmitAsked())
    assert isinstance(submitted, effects.CaseSubmitted)


def test_an_answer_that_waits_for_what_its_constraint_names_is_taken() -> None:
    walk = with_dates()
    walk.press("skip")
    walk.type("20/6/2014", "4")
    walk.send(events.JumpedTo("1"))
    walk.type("1/7/2014")
    assert any(isinstance(one, effects.ConstraintsBroken) for one in walk.step.effects)
    walk.send(events.JumpedTo("1"))
    walk.type("not known")
    (submitted, _) = walk.send(events.SubmitAsked())
    assert isinstance(submitted, effects.CaseSubmitted)


@pytest.mark.parametrize(
    "event",
    [
        events.TextReceived("yes"),
        events.WentBack(),
        events.MovedOn(),
        events.JumpedTo("B1"),
        events.NoteGiven("B1 late"),
        events.SubmitAsked(),
    ],
)
def test_a_submitted_case_does_not_change(event: events.Event) -> None:
    walk = finished()
    walk.send(events.SubmitAsked())
    before = walk.session
    walk.send(event)
    assert walk.session == before


def test_a_reopened_case_takes_answers_again() -> None:
    walk = finished()
    walk.send(events.SubmitAsked())
    walk.press("reopen")
    assert walk.case.status is Status.IN_PROGRESS
    walk.send(events.JumpedTo("C1"))
    walk.type("not met")
    assert walk.value("kept") == "not_met"


def test_reopening_what_is_not_submitted_is_refused() -> None:
    walk = Walk()
    (refused, _) = walk.send(events.ReopenAsked())
    assert refused == effects.MoveRefused("not_submitted")


def test_a_note_is_asked_for_and_kept_beside_the_answer() -> None:
    walk = Walk()
    walk.type("male")
    walk.press("note")
    walk.type("Phoned on the day.")
    assert walk.case.answers["told"].note == "Phoned on the day."
    assert walk.at == "B1"
    walk.type("yes")
    assert walk.case.answers["told"].note == "Phoned on the day."
    assert walk.case.answers["told"].value == "yes"


def test_a_note_can_name_its_question() -> None:
    walk = finished()
    walk.send(events.NoteGiven("B2 Fax of the second day."))
    assert walk.case.answers["how_well"].note == "Fax of the second day."


def test_no_note_after_all_leaves_the_question_open() -> None:
    walk = Walk()
    walk.type("male")
    walk.press("note")
    walk.press("cancel")
    walk.type("yes")
    assert walk.value("told") == "yes"
    assert walk.case.answers["told"].note is None


def test_a_fact_about_the_case_takes_no_note() -> None:
    walk = Walk()
    (rejected, _) = walk.send(events.NoteGiven("hello"))
    assert rejected == effects.NoteRejected(walk.pack.forms[0].by_name["sex"], "profile")


def test_progress_counts_what_applies() -> None:
    walk = Walk()
    walk.type("male", "no")
    (shown,) = walk.send(events.ProgressAsked())
    assert isinstance(shown, effects.ProgressShown)
    assert (shown.progress.answered, shown.progress.relevant) == (2, 7)
    assert {name: (p.answered, p.relevant) for name, p in shown.by_criterion.items()} == {
        None: (1, 4),
        "c1": (1, 2),
        "c2": (0, 1),
    }


def test_a_language_of_the_pack_can_be_chosen() -> None:
    walk = Walk()
    assert walk.send(events.LanguageChosen("cy")) == (effects.LanguageSet("cy"),)
    walk.type("male")
    assert "A ddywedwyd?" in walk.reply.text
    (refused,) = walk.send(events.LanguageChosen("fr"))
    assert refused == effects.LanguageRefused("fr", ("en", "cy"))


def test_the_same_answer_again_keeps_who_gave_it_first() -> None:
    walk = finished()
    before = walk.case
    walk.send(events.JumpedTo("B1"))
    walk.type("yes")
    assert walk.case == before


def test_a_case_goes_on_where_it_was_left() -> None:
    walk = Walk()
    walk.type("male", "yes")
    walk.send(events.CaseOpened())
    assert walk.at == "B2"


def test_done_on_a_list_that_is_no_longer_asked_is_not_taken() -> None:
    document = json.loads(json.dumps(TINY))
    document["forms"][0]["survey"][2]["relevant"] = "${told} = 'yes'"
    walk = Walk(load_pack(document))
    walk.type("male", "yes", "fully")
    walk.tap("assessment")
    form = walk.pack.forms[0]
    changed = walk.case.answered(form.by_name["told"], "no", "L1", "then")
    walk.session = replace(walk.session, case=changed)
    told = walk.press("done")
    assert any(isinstance(one, effects.JumpRefused) for one in told)
    assert (walk.value("papers"), walk.at) == (None, "B4")
