"""Every text that a message would leave in the store passes the guard, whatever keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Final, get_args

import pytest

from bot.channels.channel import Media, Message, ReceivedFile
from bot.commands import COMMANDS, TEXTS
from bot.messages import say
from bot.pipeline import Pipeline
from criteria.question_types import TYPES
from tests.bot.handlers.office import Office
from tests.files_store import files_store, folder_of

NAMED: Final = "Karen Brown said so"

Script = tuple[str, Sequence[str], str]
"""Who, what they say before, and the message that holds the text."""

COMMAND_SCRIPTS: Final[dict[str, Script]] = {
    "note": ("I1", ("/case C001",), "/note B1 {text}"),
    "return": ("L1", ("submitted",), "/return C001 B1 {text}"),
    "findings": ("L1", (), "/findings 1 {text}"),
    "new": ("L1", (), "/new movement-of-cases-2004 {text}"),
}
"""The commands that keep a text which is given with them."""

KEEP_NO_TEXT: Final = frozenset({
    *("start", "case", "cases", "next", "back", "goto", "cancel", "review", "submit", "reopen"),
    *("progress", "summary", "export", "team", "assign", "invite", "role", "remove", "revoke"),
    *("second", "agreement", "settle", "agree", "recommend", "followed", "compare", "digest"),
    *("switch", "language", "privacy", "help", "undo", "clear"),
})  # fmt: skip

TEXT_SCRIPTS: Final[dict[str, Sequence[Script]]] = {
    "remark": [("L1", ("submitted", "/return C001"), "{text}")],
    "settle": [("L1", ("differing", "/settle C001 case-file 7 second"), "{text}")],
    "key_finding": [("L1", ("/findings 1 ?",), "{text}")],
    "recommend": [
        ("L1", ("/recommend key",), "{text}"),
        ("L1", ("/recommend key", "CRC", "1", "-"), "{text}"),
    ],
    "title": [("L1", ("/new movement-of-cases-2004",), "{text}")],
}

SCRIPTS: Final[dict[str, Script]] = {
    **{f"/{name}": script for name, script in COMMAND_SCRIPTS.items()},
    **{f"{name} {n}": one for name, them in TEXT_SCRIPTS.items() for n, one in enumerate(them)},
    "a note that was asked for": ("I1", ("/case C001", "/note B1"), "{text}"),
    "a text answer": ("I1", ("/case C001", "/goto B6"), "{text}"),
}


def test_every_command_and_every_text_that_is_asked_for_has_a_script() -> None:
    assert {*COMMAND_SCRIPTS} | KEEP_NO_TEXT == {*COMMANDS}
    assert {*TEXT_SCRIPTS} == {*TEXTS}
    assert [one.name for one in TYPES.values() if one.free_text] == ["text"]


def stored(office: Office) -> str:
    """Everything that the store's files hold."""
    files = [path for path in folder_of(office.store).rglob("*") if path.is_file()]
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in files)


async def prepared(office: Office, before: Sequence[str], person: str) -> None:
    for line in before:
        if line == "submitted":
            await office.submit("I1")
        elif line == "differing":
            await office.submit("I1")
            await office.say("L1", "/second C001 I2")
            await office.submit("I2", c1="not met")
        else:
            await office.say(person, line)


@pytest.mark.parametrize("kind", SCRIPTS)
async def test_a_text_that_names_somebody_is_held_back_and_kept_when_it_is_sent_again(
    office: Office, kind: str
) -> None:
    person, before, last = SCRIPTS[kind]
    await prepared(office, before, person)
    told = await office.say(person, last.format(text=NAMED))
    assert told.startswith("I have not kept that: it seems to hold a person’s name (“Karen Brown”)")
    assert "Karen" not in stored(office)
    assert not told.endswith(say("unknown-command", command=""))
    await office.say(person, last.format(text=NAMED))
    assert NAMED in stored(office)


@pytest.mark.parametrize("kind", SCRIPTS)
async def test_what_is_sent_instead_is_taken_for_the_same_thing(office: Office, kind: str) -> None:
    """Only the text: it need not be said again what it is for."""
    person, before, last = SCRIPTS[kind]
    await prepared(office, before, person)
    await office.say(person, last.format(text=NAMED))
    told = await office.say(person, "The officer said so")
    assert "I have not kept" not in told
    assert "The officer said so" in stored(office)
    assert "Karen" not in stored(office)


@pytest.mark.parametrize("name", sorted(KEEP_NO_TEXT))
async def test_the_other_commands_keep_nothing_of_what_is_said_with_them(
    office: Office, name: str
) -> None:
    for person in ("L1", "I1"):
        await office.say(person, "/case C001" if person == "I1" else "/cases")
        for _ in range(2):
            await office.say(person, f"/{name} {NAMED}")
    assert "Karen" not in stored(office)


@pytest.mark.parametrize("media", [one for one in get_args(Media) if one != "document"])
async def test_a_caption_that_names_somebody_holds_its_file_back(
    office: Office, media: Media
) -> None:
    await office.say("I1", "/case C001")
    await office.say("I1", "/note B1")
    file = ReceivedFile(media, b"\xff\xd8\xffa page", caption=NAMED)
    assert "I have not kept that" in await office.hand("I1", file)
    assert (await office.case()).evidence == ()
    await office.hand("I1", file)
    (kept,) = (await office.case()).evidence
    assert (kept.target, kept.caption) == ("told", NAMED)


async def test_another_text_that_names_somebody_is_held_back_too(office: Office) -> None:
    await office.say("I1", "/case C001")
    for text in (NAMED, f"{NAMED}!", NAMED):
        assert "I have not kept that" in await office.say("I1", f"/note B1 {text}")
    await office.say("I1", "the officer said so")
    assert "I have not kept that" in await office.say("I1", f"/note B1 {NAMED}")


async def test_whatever_is_done_instead_drops_what_was_held_back(office: Office) -> None:
    await office.say("I1", "/case C001")
    await office.say("I1", f"/note B1 {NAMED}")
    await office.say("I1", "/cancel")
    assert "✓ A1 Male" in await office.say("I1", "male")
    assert "I have not kept that" in await office.say("I1", f"/note B1 {NAMED}")


async def test_a_text_that_is_delivered_twice_was_not_sent_twice(office: Office) -> None:
    await office.say("I1", "/case C001")
    message = Message("I1", text=f"/note B1 {NAMED}", update="77")
    await office.send(message)
    await office.send(message)
    assert "Karen" not in stored(office)


async def test_a_choice_and_a_reference_are_no_texts(office: Office) -> None:
    await office.say("I1", "/case C001")
    assert "✓ A1 Male" in await office.say("I1", "male")
    assert "A123456" in await office.say("L1", "/case A123456")
    await office.tap("L1", "Add A123456")
    await office.say("L1", "/case C001")
    assert "A123456 · A1" in await office.say("L1", "/case A123456")


async def test_what_was_held_back_cannot_be_guessed_from_the_store(office: Office) -> None:
    """Its hash has a key that is not there: another process with the same key knows it again."""
    await office.say("I1", "/case C001")
    one, other = (Pipeline(office.store, lambda: office.now, secret=key) for key in (b"1", b"2"))
    text = f"/note B1 {NAMED}"
    for number, (pipeline, held) in enumerate(((one, True), (other, True), (one, True))):
        response = await pipeline.receive(Message("I1", text=text, update=f"a{number}"))
        assert ("I have not kept" in response.replies[0].text) is held
    chat = await office.store.chat_state("I1")
    assert chat is not None
    mark = str(chat.session.held)
    guesses = [NAMED, text, f"C001\0told\0{NAMED}", f"I1\0week\0{NAMED}"]
    assert not any(sha256(guess.encode()).hexdigest().startswith(mark) for guess in guesses)
    restarted = Pipeline(files_store(folder_of(office.store)), lambda: office.now, secret=b"1")
    response = await restarted.receive(Message("I1", text=text, update="b1"))
    assert "✓ Note on B1 kept" in response.replies[0].text


async def test_a_message_that_was_held_back_can_be_taken_away(office: Office) -> None:
    await office.say("L1", "/findings 1 ?")
    await office.send(replace(Message("L1", text=NAMED), id="812"))
    assert office.labels("L1") == [say("take-message-away"), say("cancel-asked")]
