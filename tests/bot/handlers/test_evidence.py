"""What people send: photos and voice messages as evidence, a table as the sample."""

from __future__ import annotations

from bot.channels.channel import ReceivedFile
from criteria.case import EvidenceKind
from tests.bot.handlers.office import WEEK, Office
from tests.files_store import folder_of

PHOTO = ReceivedFile("photo", b"\xff\xd8\xff a photo", caption="strength: the log is full")


async def test_a_photo_is_kept_with_the_question_at_hand_and_of_the_kind_said(
    office: Office,
) -> None:
    await office.say("I1", "/case C001")
    await office.say("I1", "m")
    told = await office.hand("I1", PHOTO)
    assert told.startswith("✓ Photo on B1 kept as strength. Tap below if it is something else.")
    assert "1 file kept with it" in told
    (kept,) = (await office.case()).evidence
    assert (kept.target, kept.media, kept.kind, kept.caption, kept.by) == (
        "told", "photo", EvidenceKind.STRENGTH, "the log is full", "I1"
    )  # fmt: skip
    assert await office.store.file(WEEK, kept.file, kept.sha256) == b"\xff\xd8\xff a photo"
    assert kept.file.startswith("C001-")
    assert kept.filename.endswith(".jpg")


async def test_a_voice_message_goes_with_the_question_whose_note_was_asked_for(
    office: Office,
) -> None:
    await office.say("I1", "/case C001")
    await office.say("I1", "m")
    await office.say("I1", "/note C1")
    told = await office.hand("I1", ReceivedFile("voice", b"OggS a voice"))
    assert told.startswith("✓ Voice message on C1 kept as evidence.")
    (kept,) = (await office.case()).evidence
    assert (kept.target, kept.filename[-4:]) == ("kept", ".ogg")


async def test_what_names_somebody_is_held_back_and_nothing_is_kept_of_it(office: Office) -> None:
    await office.say("I1", "/case C001")
    await office.say("I1", "m")
    await office.say("I1", "/note C1")
    named = ReceivedFile("photo", b"\xff\xd8\xff a photo", caption="Mr John Smith at the door")
    told = await office.hand("I1", named)
    assert told.startswith("I have not kept that:")
    assert (await office.case()).evidence == ()
    assert not (folder_of(office.store) / "inspections" / WEEK / "files").exists()
    assert "✓ Photo on C1 kept" in await office.hand("I1", named), "the same once more"
    (kept,) = (await office.case()).evidence
    assert kept.target == "kept"


async def test_a_photo_without_a_question_is_told_where_to_go(office: Office) -> None:
    assert await office.hand("I1", PHOTO) == "No case is open. /cases lists yours."
    await office.say("I1", "/case C001")
    assert "takes no note" in await office.hand("I1", PHOTO), "a fact about the case"
    await office.submit("I1", "C002")
    assert "is submitted, so nothing changes" in await office.hand("I1", PHOTO)
    assert not (folder_of(office.store) / "inspections" / WEEK / "files").exists()


async def test_a_table_that_is_no_csv_is_to_be_saved_as_one(office: Office) -> None:
    told = await office.hand("L1", ReceivedFile("document", b"PK", "sample.xlsx"))
    assert told == "Please save that table as CSV and send it again. Nothing was changed."
    told = await office.hand("I1", ReceivedFile("document", b"PK", "sample.xlsx"))
    assert told.startswith("I cannot keep that kind of file.")
