"""Evidence on a question: notes, photos and voice messages, their kinds, and what is held back."""

from __future__ import annotations

import json

import pytest

from criteria.case import CaseKey, EvidenceKind
from criteria.case_status import Status
from dialogs import effects, events
from dialogs.events import Card
from dialogs.notes import MAX_ATTACHMENTS
from tests.walk import Walk


def at_told() -> Walk:
    """At B1, whose fact about the case is answered."""
    walk = Walk()
    walk.type("male")
    return walk


def attach(walk: Walk, caption: str = "", media: str = "photo", file: str = "C001-a.jpg") -> None:
    walk.send(events.AttachmentGiven(media, file, caption))


def choose(walk: Walk, kind: str, card: Card | None = None) -> tuple[effects.Effect, ...]:
    return walk.send(events.KindChosen(card or walk.card, kind))


def kind_shown(walk: Walk) -> EvidenceKind | None:
    card = walk.step.effects[-1]
    assert isinstance(card, effects.QuestionAsked | effects.ReviewShown)
    return card.kind


# --- notes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "kept"),
    [
        ("seen in the log", EvidenceKind.EVIDENCE, "seen in the log"),
        ("strength: the plan was clear", EvidenceKind.STRENGTH, "the plan was clear"),
        ("Good practice: told at once", EvidenceKind.GOOD_PRACTICE, "told at once"),
        ("AREA FOR IMPROVEMENT: no dates", EvidenceKind.IMPROVEMENT, "no dates"),
        ("quote: “never late”", EvidenceKind.QUOTATION, "“never late”"),
        ("strength :clear", EvidenceKind.STRENGTH, "clear"),
        ("strength:", EvidenceKind.EVIDENCE, "strength:"),
        ("strengths: many", EvidenceKind.EVIDENCE, "strengths: many"),
        ("at 10:30", EvidenceKind.EVIDENCE, "at 10:30"),
    ],
)
def test_a_note_may_say_what_it_is(text: str, kind: EvidenceKind, kept: str) -> None:
    walk = at_told()
    (recorded, _) = walk.send(events.NoteGiven(text))
    assert isinstance(recorded, effects.NoteRecorded)
    assert (recorded.question.name, recorded.note, recorded.kind) == ("told", kept, kind)
    answer = walk.case.answers["told"]
    assert (answer.value, answer.note, answer.kind) == (None, kept, kind)
    assert kind_shown(walk) is kind


def test_a_note_on_another_question_leaves_the_card_where_it_is() -> None:
    walk = at_told()
    walk.send(events.NoteGiven("C1 strength: never late"))
    assert walk.at == "B1"
    assert walk.case.answers["kept"].kind is EvidenceKind.STRENGTH
    choose(walk, "quotation")
    assert walk.case.answers["kept"].kind is EvidenceKind.QUOTATION


def test_the_kind_of_the_note_just_given_is_chosen_by_a_tap() -> None:
    walk = at_told()
    walk.send(events.NoteGiven("seen"))
    (chosen, _) = choose(walk, "good_practice")
    assert isinstance(chosen, effects.KindSet)
    assert walk.case.answers["told"].kind is EvidenceKind.GOOD_PRACTICE
    assert kind_shown(walk) is EvidenceKind.GOOD_PRACTICE
    assert "● Good practice" in [one.label for row in walk.reply.buttons for one in row]


def test_a_note_given_on_the_review_has_its_kinds_there() -> None:
    walk = at_told()
    walk.send(events.ReviewAsked())
    walk.send(events.NoteGiven("B1 seen"))
    assert kind_shown(walk) is EvidenceKind.EVIDENCE
    assert "● Evidence" in [one.label for row in walk.reply.buttons for one in row]
    choose(walk, "strength")
    assert walk.case.answers["told"].kind is EvidenceKind.STRENGTH


def test_a_kind_tapped_on_a_card_that_is_gone_changes_nothing() -> None:
    walk = at_told()
    walk.send(events.NoteGiven("seen"))
    old = walk.card
    walk.tap("yes")
    before = walk.case
    (refused, _) = choose(walk, "strength", old)
    assert isinstance(refused, effects.TapRefused)
    assert walk.case == before
    assert kind_shown(walk) is None


@pytest.mark.parametrize("kind", ["strength", "rumour", ""])
def test_a_kind_without_a_note_changes_nothing(kind: str) -> None:
    walk = at_told()
    before = walk.case
    (refused, _) = choose(walk, kind)
    assert isinstance(refused, effects.TapRefused)
    assert walk.case == before


def test_a_kind_that_there_is_not_changes_nothing() -> None:
    walk = at_told()
    walk.send(events.NoteGiven("seen"))
    (refused, _) = choose(walk, "rumour")
    assert isinstance(refused, effects.TapRefused)
    assert walk.case.answers["told"].kind is EvidenceKind.EVIDENCE


def test_another_note_takes_the_place_of_the_first_and_is_plain_again() -> None:
    walk = at_told()
    walk.send(events.NoteGiven("strength: seen"))
    (asked,) = walk.press("note")
    assert isinstance(asked, effects.NoteAsked)
    assert asked.note == "seen"
    walk.type("seen twice")
    answer = walk.case.answers["told"]
    assert (answer.note, answer.kind) == ("seen twice", EvidenceKind.EVIDENCE)


def test_a_note_is_taken_away_and_its_answer_stays() -> None:
    walk = at_told()
    walk.send(events.NoteGiven("strength: seen"))
    walk.tap("yes")
    walk.send(events.NoteGiven("B1"))
    (removed, _) = walk.press("unnote")
    assert isinstance(removed, effects.NoteRemoved)
    answer = walk.case.answers["told"]
    assert (answer.value, answer.note, answer.kind) == ("yes", None, EvidenceKind.EVIDENCE)
    assert kind_shown(walk) is None


def test_a_note_on_an_open_question_is_taken_away_with_all_of_it() -> None:
    walk = at_told()
    walk.send(events.NoteGiven("seen"))
    walk.press("note")
    walk.press("unnote")
    assert "told" not in walk.case.answers


def test_where_there_is_no_note_none_is_taken_away() -> None:
    walk = at_told()
    walk.press("note")
    before = walk.case
    (refused, _) = walk.press("unnote")
    assert isinstance(refused, effects.TapRefused)
    assert walk.case == before


def test_a_submitted_case_takes_no_note_file_or_kind() -> None:
    walk = Walk()
    walk.type("male", "yes", "fully", "assessment", "3", "3/6/2014", "nothing", "largely")
    walk.send(events.NoteGiven("C1 seen"))
    card = walk.card
    walk.send(events.SubmitAsked())
    before = walk.case
    for event in (
        events.NoteGiven("C1 late"),
        events.AttachmentGiven("photo", "C001-a.jpg"),
        events.KindChosen(card, "strength"),
    ):
        walk.send(event)
        assert walk.case == before
    assert before.status is Status.SUBMITTED


# --- photos and voice messages ------------------------------------------------------------------


def test_a_file_goes_with_the_question_at_hand_and_its_caption_says_what_it_is() -> None:
    walk = at_told()
    attach(walk, "strength: a full log")
    (attachment,) = walk.case.evidence
    assert (attachment.target, attachment.kind, attachment.caption, attachment.by) == (
        "told", EvidenceKind.STRENGTH, "a full log", "I1"
    )  # fmt: skip
    assert walk.case.status is Status.IN_PROGRESS
    card = walk.step.effects[-1]
    assert isinstance(card, effects.QuestionAsked)
    assert card.attachments == 1


def test_a_file_goes_with_the_question_whose_note_was_asked_for() -> None:
    walk = at_told()
    walk.send(events.NoteGiven("C1"))
    attach(walk)
    attach(walk, file="C001-b.jpg")
    assert [one.target for one in walk.case.evidence] == ["kept", "told"]


def test_the_kind_of_the_file_just_given_is_chosen_by_a_tap() -> None:
    walk = at_told()
    attach(walk)
    attach(walk, media="voice", file="C001-b.ogg")
    (chosen, _) = choose(walk, "area_for_improvement")
    assert isinstance(chosen, effects.KindSet)
    kinds = [one.kind for one in walk.case.evidence]
    assert kinds == [EvidenceKind.EVIDENCE, EvidenceKind.IMPROVEMENT]
    assert "something to improve" in walk.reply.text


@pytest.mark.parametrize(
    ("caption", "target", "kept"),
    [
        ("/note C1 seen on page three", "kept", "seen on page three"),
        ("/note@casewalk_bot C1: seen", "kept", "seen"),
        ("C1 seen on page three", "kept", "seen on page three"),
        ("c1: strength: seen", "kept", "seen"),
        ("/note C1", "kept", None),
        ("C1", "kept", None),
        ("/note seen on page three", "told", "seen on page three"),
        ("/note", "told", None),
        ("3 pages", "told", "3 pages"),
        ("noted on C1", "told", "noted on C1"),
    ],
)
def test_a_caption_may_say_which_question_the_file_is_on(
    caption: str, target: str, kept: str | None
) -> None:
    walk = at_told()
    attach(walk, caption)
    (attachment,) = walk.case.evidence
    assert (attachment.target, attachment.caption) == (target, kept)
    assert walk.at == "B1"


def test_a_caption_that_names_no_question_of_the_form_keeps_nothing() -> None:
    walk = at_told()
    attach(walk, "/note C11 seen")
    refused = walk.step.effects[0]
    assert isinstance(refused, effects.JumpRefused)
    assert walk.case.evidence == ()
    walk.tap("no")
    attach(walk, "B2 seen")
    refused = walk.step.effects[0]
    assert isinstance(refused, effects.JumpRefused)
    assert (refused.reason, walk.case.evidence) == ("not_relevant", ())


def test_the_rest_of_an_album_goes_where_its_first_caption_says() -> None:
    walk = at_told()
    for caption in ("/note C1 seen", ""):
        origin = events.Origin(album="a")
        given = events.AttachmentGiven("photo", f"C001-{caption}.jpg", caption, origin=origin)
        walk.send(given)
    assert [one.target for one in walk.case.evidence] == ["kept", "kept"]


def test_a_fact_about_the_case_and_the_review_take_no_file() -> None:
    walk = Walk()
    attach(walk)
    rejected = walk.step.effects[0]
    assert isinstance(rejected, effects.NoteRejected)
    assert rejected.reason == "profile"
    walk.send(events.ReviewAsked())
    attach(walk)
    rejected = walk.step.effects[0]
    assert isinstance(rejected, effects.NoteRejected)
    assert rejected.reason == "no_question"
    assert walk.case.evidence == ()


def test_a_question_takes_so_many_files_and_another_one_more() -> None:
    walk = at_told()
    for number in range(MAX_ATTACHMENTS):
        attach(walk, file=f"C001-{number}.jpg")
    attach(walk, file="C001-more.jpg")
    rejected = walk.step.effects[0]
    assert isinstance(rejected, effects.NoteRejected)
    assert rejected.reason == "too_many"
    assert len(walk.case.evidence) == MAX_ATTACHMENTS
    walk.tap("yes")
    attach(walk, file="C001-more.jpg")
    assert len(walk.case.evidence) == MAX_ATTACHMENTS + 1


# --- as JSON ------------------------------------------------------------------------------------


def test_events_of_evidence_go_to_json_and_back() -> None:
    for event in (
        events.AttachmentGiven("voice", "C001-b.ogg", "a word"),
        events.KindChosen(Card(CaseKey("C001", "case-file", 2), 3), "strength"),
    ):
        raw = json.loads(json.dumps(events.event_to_json(event)))
        assert events.event_from_json(raw) == event
