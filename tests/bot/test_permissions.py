"""Who may do what: every command, button and file against everybody who may not.

One small inspection is walked far enough that there is something to see; then everybody tries
everything. For each attempt: what is answered, that the store's bytes are the same, and that
nobody else hears of it.
"""

from __future__ import annotations

import asyncio
import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from bot import callback_data
from bot.callback_data import CardData, inspection_mark
from bot.channels.channel import Message, ReceivedFile, Response
from bot.commands import COMMANDS, TEXTS, read_command
from bot.invitations import invite
from bot.messages import say
from bot.pipeline import Pipeline
from criteria.case import Case, CaseKey, EvidenceKind
from criteria.case_status import initial_status
from criteria.inspection import Inspection, Member, Role
from dialogs.events import Card, Control
from tests.bot.telegram_harness import serving
from tests.bot.test_conversation_telegram import AT, now
from tests.changing import change_member
from tests.files_store import files_store
from tests.telegram_server import TelegramServer
from tests.walk import tiny_pack

LEAD, FIRST, ANOTHER, SECOND = "tg-1", "tg-11", "tg-12", "tg-13"
FORMER_LEAD, REMOVED, STRANGER = "tg-2", "tg-14", "tg-99"
OTHER_LEAD, OTHER_INSPECTOR = "tg-3", "tg-31"
WEEK = {
    LEAD: Member("L1", Role.LEAD),
    FORMER_LEAD: Member("L2", Role.LEAD),
    FIRST: Member("I1", Role.INSPECTOR),
    ANOTHER: Member("I2", Role.INSPECTOR),
    SECOND: Member("I3", Role.INSPECTOR),
    REMOVED: Member("I4", Role.INSPECTOR),
}
OTHER = {
    OTHER_LEAD: Member("L1", Role.LEAD),
    OTHER_INSPECTOR: Member("I1", Role.INSPECTOR),
}
FIRST_SAID, SECOND_SAID, BEGUN_SAID = "herons by the door", "otters by the gate", "newts in a jar"
SAID = (FIRST_SAID, SECOND_SAID, BEGUN_SAID)

Attempt = tuple[str, Message]
"""What is tried, in words, and as it comes; whose chat it comes from is filled in."""

UPDATES = itertools.count(1)


class House:
    """A store with the conversation over it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.store = files_store(directory)
        self.conversation = Pipeline(self.store, now)

    async def send(self, chat: str, incoming: Message) -> Response:
        came = Message(
            chat,
            text=incoming.text,
            data=incoming.data,
            file=incoming.file,
            id="77",
            update=str(next(UPDATES)),
            group=incoming.group,
        )
        return await self.conversation.receive(came)

    async def say(self, chat: str, *texts: str) -> Response:
        for text in texts:
            outcome = await self.send(chat, Message("", text=text))
        return outcome

    def bytes(self, *parts: str) -> dict[str, bytes]:
        """Every file there is, or those below a folder."""
        root = self.directory.joinpath(*parts)
        return {
            path.relative_to(self.directory).as_posix(): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file()
        }


def said(outcome: Response) -> str:
    return "\n".join(reply.text for reply in outcome.replies)


def shown(outcome: Response) -> str:
    """All that somebody gets to see: texts, toasts, buttons and files."""
    parts = []
    for reply in outcome.replies:
        parts += [reply.text, reply.toast or ""]
        parts += [button.label for row in reply.buttons for button in row]
        if reply.document is not None and reply.document.filename.endswith(("json", "csv")):
            parts.append(reply.document.make().decode())
    return "\n".join(parts)


def buttons(outcome: Response) -> dict[str, str]:
    return {b.data: b.label for reply in outcome.replies for row in reply.buttons for b in row}


async def walked(directory: Path) -> House:
    """C001 read twice and in, C002 begun by I1, C003 with I2, C004 with nobody."""
    house = House(directory)
    pack = tiny_pack()
    for name, people in (("week", WEEK), ("other", OTHER)):
        listed = [
            Case(case, "case-file", person, initial_status(person))
            for case, person in (("C001", "I1"), ("C002", "I1"), ("C003", "I2"), ("C004", None))
        ]
        inspection = Inspection(name, f"The {name}", pack.name, pack.version)
        await house.store.create_inspection(inspection, pack, listed, at=AT)
        for chat, member in people.items():
            await house.store.add_member(name, chat, member, at=AT)
    whole = ("male", "yes", "fully", "none", "3", "today")
    await house.say(FIRST, "/case C001", *whole, FIRST_SAID, "not met", "/submit")
    await house.say(LEAD, "/second C001 I3")
    await house.say(
        SECOND, "/case C001", "y", "largely", "none", "3", "today", SECOND_SAID, "fully"
    )
    await house.say(SECOND, "/submit")
    await house.say(FIRST, "/case C002", "male", f"/note B1 {BEGUN_SAID}")
    await house.say(REMOVED, "/case C004")
    await house.say(ANOTHER, "/case C003")
    return house


@pytest.fixture(scope="module")
def walked_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The folder, and every button that a lead was ever shown."""
    directory = tmp_path_factory.mktemp("walked") / "data"
    return asyncio.run(walked_with_buttons(directory))


async def walked_with_buttons(directory: Path) -> tuple[Path, dict[str, str]]:
    house = await walked(directory)
    copy = House(directory.with_name("tried"))
    shutil.copytree(directory, copy.directory)
    prepared: dict[str, str] = {}
    for words in LEADS_SCREENS:
        prepared |= buttons(await copy.say(LEAD, words))
    await change_member(house.store, "week", REMOVED, None, by="L1", at=AT)
    demoted = Member("L2", Role.INSPECTOR)
    await change_member(house.store, "week", FORMER_LEAD, demoted, by="L1", at=AT)
    return directory, prepared


@pytest.fixture
def house(walked_once: tuple[Path, dict[str, str]], tmp_path: Path) -> House:
    shutil.copytree(walked_once[0], tmp_path / "data")
    return House(tmp_path / "data")


LEADS_SCREENS = (
    "/team", "/team I2", "/assign C004", "/invite", "/team I5", "/case C001", "/case C002",
    "/case C077", "/cases", "/second C002", "/agreement", "/agreement C001",
    "/settle C001 case-file 2", "/findings", "/findings 1", "/recommend", "/recommend 1",
    "/recommend key", "CRC", "1", "-", "Do better.", "/recommend R1", "/remove I2", "/digest",
    "/new", "/export", "/language", "/compare", "/next",
)  # fmt: skip

WORDS: dict[str, tuple[str, ...]] = {
    "start": ("", "ABCDEFGHJKLMNPQR"),
    "case": ("", "C001", "C001 case-file", "c002"),
    "cases": ("",),
    "next": ("",),
    "back": ("",),
    "goto": ("", "B2"),
    "note": ("", "B1 a plain note"),
    "cancel": ("",),
    "review": ("",),
    "submit": ("",),
    "undo": ("",),
    "clear": ("", "B1"),
    "reopen": ("",),
    "progress": ("",),
    "summary": ("",),
    "export": ("", "json", "csv", "docx", ".DOCX"),
    "team": ("", "I1"),
    "assign": ("", "C001", "C002 I2", "rest I2", "C002 nobody"),
    "invite": ("", "lead", "inspector"),
    "role": ("", "I1 lead", "I2 lead", "L1 inspector"),
    "remove": ("", "I1", "I1 yes"),
    "revoke": ("", "I5"),
    "return": ("", "C001", "C001 look again"),
    "second": ("", "C002", "C002 I2"),
    "agreement": ("", "C001"),
    "settle": ("", "C001 case-file 2", "C001 case-file 2 second"),
    "agree": ("", "C001"),
    "findings": ("", "1", "1 in my words"),
    "recommend": ("", "key", "R1 remove"),
    "followed": ("", "R1 done"),
    "compare": ("", "week", "other"),
    "digest": ("", "each", "18:00"),
    "new": ("", "tiny-1 Week two", "movement-of-cases-2004 Week two"),
    "switch": ("", "week", "other"),
    "language": ("", "cy"),
    "privacy": ("",),
    "help": ("",),
    "frobnicate": ("",),
}
FOR_LEADS = {name for name, command in COMMANDS.items() if command.lead}
SAMPLE = ReceivedFile("document", b"case,inspector\nC900,I2\n", "sample.csv")
FILES = (
    SAMPLE,
    ReceivedFile("document", b"case\nC901\n", "SAMPLE.TXT"),
    ReceivedFile("document", b"%PDF", "report.pdf"),
    ReceivedFile("photo", b"\x89PNG\r\n\x1a\n heron", caption="a plain caption"),
    ReceivedFile("voice", b"OggS heron"),
    ReceivedFile("photo", source="a-photo"),
    ReceivedFile("document", filename="sample.csv", source="a-sample"),
)
TEXT = ("y", "female", "y fully", "a plain text", "", "C001 /submit")


def test_every_command_is_tried() -> None:
    assert set(WORDS) == {*COMMANDS, "frobnicate"}


def typed() -> Iterator[Attempt]:
    for name, several in WORDS.items():
        for words in several:
            text = f"/{name} {words}".strip()
            yield text, Message("", text=text)


def card_taps(key: CaseKey) -> Iterator[Attempt]:
    """Every button that a card of this case could ever have."""
    pack = tiny_pack()
    form, mark = pack.case_form, inspection_mark("week")
    told = form.by_name["told"]
    for card in (1, 7):
        made = CardData(mark, form, Card(key, card))
        several = [made.control(control) for control in get_args(Control)]
        several += [made.kind(kind) for kind in EvidenceKind]
        several += [made.question(form.by_name["how_well"]), made.offer(0), made.page(1)]
        several += [made.choice(told, choice) for choice in ("yes", "na", "not_known")]
        for tap in several:
            yield f"{key} {tap}", Message("", data=tap)


def tapped(prepared: dict[str, str]) -> Iterator[Attempt]:
    form, mark = tiny_pack().case_form, inspection_mark("week")
    for case, reading in (("C001", 1), ("C001", 2), ("C002", 1), ("C003", 1)):
        yield from card_taps(CaseKey(case, "case-file", reading))
        for new in (False, True):
            tap = callback_data.case_data(mark, CaseKey(case, form.name, reading), form, new=new)
            yield f"open {case} {reading} {new}", Message("", data=tap)
    for tap, label in prepared.items():
        yield f"the lead's {label!r}", Message("", data=tap)
    for name, several in WORDS.items():
        for words in several:
            command = f"{name} {words}".strip()
            if len(command) < 50 and "." not in command:  # a dot stands for a form's place there
                yield (
                    f"tapped /{command}",
                    Message("", data=callback_data.command_data(mark, command)),
                )
    odd = [f"c|{mark}|", f"c|{mark}|//", f"o|{mark}|../x|0", f"o|{mark}|C001|9"]
    odd += ["", "|", "t|", "\0"]
    for tap in (
        callback_data.next_case_data(mark),
        callback_data.language_data("cy"),
        callback_data.remove_data("5"),
        *odd,
    ):
        yield f"tap {tap!r}", Message("", data=tap)


def everything(prepared: dict[str, str]) -> list[Attempt]:
    attempts = [*typed(), *tapped(prepared)]
    attempts += [(f"file {one.filename or one.media}", Message("", file=one)) for one in FILES]
    attempts += [(f"text {text!r}", Message("", text=text)) for text in TEXT]
    return [*attempts, ("a sticker", Message(""))]


def test_every_kind_of_button_is_tried(walked_once: tuple[Path, dict[str, str]]) -> None:
    """Also every command that any button of a lead's stands for."""
    pack, mark = tiny_pack(), inspection_mark("week")
    found = {
        type(callback_data.read_data(one.data, pack, mark))
        for _, one in tapped(walked_once[1])
        if one.data is not None
    }
    assert found == set(get_args(callback_data.Tap))
    commanded = {tap.split("|")[2].split()[0] for tap in walked_once[1] if tap.startswith("c|")}
    assert commanded >= {
        *("assign", "invite", "team", "role", "remove", "return", "second", "agreement", "settle"),
        *("findings", "recommend", "digest", "new", "export"),
    }


def concerns(attempt: Attempt) -> str | None:
    """The command that is tried, typed or as a button; None for everything else."""
    _, one = attempt
    text = one.text
    if one.data is not None and one.data.startswith(f"c|{inspection_mark('week')}|"):
        text = "/" + one.data.split("|", 2)[2]
    found = read_command(text or "")
    return found.name if found else None


# --- those who may do nothing -------------------------------------------------------------------


@pytest.mark.parametrize("chat", [STRANGER, REMOVED])
async def test_strangers_and_removed_people_get_one_answer_to_everything(
    house: House, walked_once: tuple[Path, dict[str, str]], chat: str
) -> None:
    before = house.bytes()
    for name, one in everything(walked_once[1]):
        outcome = await house.send(chat, one)
        wrong_code = name == f"/start {WORDS['start'][1]}"
        assert shown(outcome).strip() == (say("bad-code") if wrong_code else say("stranger")), name
        assert (outcome.notifications, outcome.remove, outcome.role) == ((), (), None), name
        assert outcome.files == (), "nor are their files fetched"
        assert outcome.stranger is not wrong_code
        assert house.bytes() == before, name


@pytest.mark.parametrize("chat", [STRANGER, REMOVED, ANOTHER, FORMER_LEAD, OTHER_INSPECTOR, LEAD])
async def test_a_group_gets_a_leads_totals_and_nothing_else(
    house: House, walked_once: tuple[Path, dict[str, str]], chat: str
) -> None:
    code, _ = await invite(house.store, "week", Role.LEAD, now())
    before = house.bytes()
    attempts = [*everything(walked_once[1]), ("a real code", Message("", text=f"/start {code}"))]
    for name, one in attempts:
        there = Message("", text=one.text, data=one.data, file=one.file, group=True)
        outcome = await house.send(chat, there)
        if chat == LEAD and concerns((name, one)) == "progress":
            assert said(outcome) == "The week\n■□□□□ 1 of 4 cases submitted, 1 begun", name
            assert (outcome.notifications, outcome.role, outcome.stranger) == ((), None, False)
            assert not buttons(outcome)
        else:
            assert outcome == Response(), name
        assert house.bytes() == before, name


# --- those of another inspection ----------------------------------------------------------------


@pytest.mark.parametrize("chat", [OTHER_LEAD, OTHER_INSPECTOR])
async def test_nobody_reaches_into_another_inspection(
    house: House, walked_once: tuple[Path, dict[str, str]], chat: str
) -> None:
    """Its cases have the same references, and its people too; what they do stays there."""
    before = house.bytes("inspections", "week")
    for name, one in everything(walked_once[1]):
        await house.store.add_member("other", chat, OTHER[chat], at=AT)  # whatever was done before
        outcome = await house.send(chat, one)
        if one.data is not None and inspection_mark("week") in one.data:
            assert said(outcome) == say("foreign-tap"), name
        assert not [said for said in SAID if said in shown(outcome)], name
        assert not {notice.chat for notice in outcome.notifications} & set(WEEK), name
        assert house.bytes("inspections", "week") == before, name


# --- those of the same inspection ---------------------------------------------------------------


@pytest.mark.parametrize("chat", [ANOTHER, FORMER_LEAD, FIRST, SECOND])
async def test_what_is_a_leads_is_refused_to_everybody_else(
    house: House, walked_once: tuple[Path, dict[str, str]], chat: str
) -> None:
    before = house.bytes()
    refused = 0
    for attempt in everything(walked_once[1]):
        name, one = attempt
        command = concerns(attempt)
        if command in FOR_LEADS:
            told = say("lead-only", command=command)
        elif command == "export" and "docx" in (one.text or one.data or "").casefold():
            told = "is for the lead of the inspection."
        elif one.file in FILES[:2]:
            told = say("sample-leads")
        else:
            continue
        outcome = await house.send(chat, one)
        assert said(outcome).endswith(told), name
        assert (len(outcome.replies), outcome.notifications, outcome.remove) == (1, (), ()), name
        assert outcome.role is Role.INSPECTOR
        assert house.bytes() == before, name
        refused += 1
    assert refused > 80


OTHERS: dict[str, tuple[str, ...]] = {
    ANOTHER: (FIRST_SAID, SECOND_SAID, BEGUN_SAID),
    FORMER_LEAD: (FIRST_SAID, SECOND_SAID, BEGUN_SAID),
    SECOND: (FIRST_SAID, BEGUN_SAID),
    FIRST: (SECOND_SAID,),
}
"""What each must never see: the readings of one case are blind to each other, too."""
FILES_OF = {
    FIRST: ("C001~case-file.jsonl", "C002~case-file.jsonl"),
    SECOND: ("C001~case-file~2.jsonl",),
    ANOTHER: ("C003~case-file.jsonl",),
    FORMER_LEAD: (),
}


@pytest.mark.parametrize("chat", OTHERS)
async def test_an_inspector_neither_sees_nor_changes_anybody_elses_case(
    house: House, walked_once: tuple[Path, dict[str, str]], chat: str
) -> None:
    """Whatever is done, and in whatever order: only the own files and the own place change."""
    own = {*FILES_OF[chat], "C004~case-file.jsonl", "C077~case-file.jsonl"}

    def others() -> dict[str, bytes]:
        cases = house.bytes("inspections", "week", "cases")
        return {name: held for name, held in cases.items() if Path(name).name not in own}

    async def people() -> Any:
        store = house.store
        found = await store.records("week", "key_findings")
        return await store.members("week"), await store.invitations("week"), found

    before, team = others(), await people()
    for name, one in everything(walked_once[1]):
        outcome = await house.send(chat, one)
        assert not [text for text in OTHERS[chat] if text in shown(outcome)], name
        assert {notice.chat for notice in outcome.notifications} <= {LEAD}, name
        assert others() == before, name
    assert await people() == team


async def test_a_case_of_somebody_else_is_refused_by_its_reference_and_by_its_button(
    house: House,
) -> None:
    before = house.bytes()
    form, mark = tiny_pack().case_form, inspection_mark("week")
    for case, reading in (("C001", 1), ("C001", 2), ("C002", 1)):
        told = say("case-others", case=case)
        for new in (False, True):
            tap = callback_data.case_data(mark, CaseKey(case, form.name, reading), form, new=new)
            assert said(await house.send(ANOTHER, Message("", data=tap))) == told
        assert said(await house.say(ANOTHER, f"/case {case}")) == told
    assert house.bytes() == before


async def test_a_former_lead_is_taken_out_of_what_was_under_way(house: House) -> None:
    """The case that stood open, and the remark that was asked for."""
    lead = Member("L2", Role.LEAD)
    await change_member(house.store, "week", FORMER_LEAD, lead, by="L1", at=AT)
    for text in ("/case C002", "/return C001"):
        await house.say(FORMER_LEAD, text)
    tap = callback_data.case_data(
        inspection_mark("week"), CaseKey("C002", "case-file"), tiny_pack().case_form
    )
    await house.send(FORMER_LEAD, Message("", data=tap))
    await house.say(FORMER_LEAD, "/return C001")
    inspector = Member("L2", Role.INSPECTOR)
    await change_member(house.store, "week", FORMER_LEAD, inspector, by="L1", at=AT)
    cases = house.bytes("inspections")
    told = say("case-others", case="C002")
    assert said(await house.say(FORMER_LEAD, "look at B1 again")) == told
    seat = await house.store.chat_state(FORMER_LEAD)
    assert seat is not None
    assert (seat.session.case, seat.session.asked) == (None, None)
    assert said(await house.say(FORMER_LEAD, "look at B1 again")) == say("no-case")
    assert house.bytes("inspections") == cases


@pytest.mark.parametrize("what", TEXTS)
async def test_a_text_that_was_asked_of_a_lead_is_not_taken_from_an_inspector(
    house: House, what: str
) -> None:
    asking = {
        "remark": "/return C001", "settle": "/settle C001 case-file 2 second",
        "key_finding": "/findings 1 ?", "recommend": "/recommend key",
        "title": "/new movement-of-cases-2004",
    }  # fmt: skip
    lead = Member("L2", Role.LEAD)
    await change_member(house.store, "week", FORMER_LEAD, lead, by="L1", at=AT)
    await house.say(FORMER_LEAD, asking[what])
    seat = await house.store.chat_state(FORMER_LEAD)
    assert seat is not None
    assert seat.session.asked is not None
    assert seat.session.asked.what == what
    inspector = Member("L2", Role.INSPECTOR)
    await change_member(house.store, "week", FORMER_LEAD, inspector, by="L1", at=AT)
    inspections = house.bytes("inspections")
    assert said(await house.say(FORMER_LEAD, "a plain text")) == say("lead-only-text")
    assert said(await house.say(FORMER_LEAD, "a plain text")) == say("no-case")
    assert house.bytes("inspections") == inspections


# --- blind readings, and cases that change hands ------------------------------------------------


async def test_a_reading_that_is_nobodys_is_not_shown_to_the_other_reader(house: House) -> None:
    """C002 is taken from I1 half done, while I3 has its second reading."""
    await house.say(LEAD, "/second C002 I3")
    await house.say(LEAD, "/assign C002 nobody")
    form, mark = tiny_pack().case_form, inspection_mark("week")
    opened = callback_data.case_data(mark, CaseKey("C002", "case-file"), form)
    for one in (
        Message("", data=opened), Message("", text="/cases"), Message("", text="/export json"),
        Message("", text="/summary"), Message("", text="/case C002"), Message("", text="/next"),
    ):  # fmt: skip
        assert BEGUN_SAID not in shown(await house.send(SECOND, one))
    assert said(await house.send(SECOND, Message("", data=opened))).startswith(
        say("case-others", case="C002")
    )
    seat = await house.store.chat_state(SECOND)
    assert seat is not None
    assert seat.session.case is not None
    assert seat.session.case.reading == 2
    assert "Your note" in said(await house.send(ANOTHER, Message("", data=opened)))


async def test_what_comes_again_shows_no_case_that_is_somebody_elses_by_now(house: House) -> None:
    conversation = house.conversation
    first = Message(FIRST, text="/goto B1", update="500")
    assert BEGUN_SAID in said(await conversation.receive(first))
    code, _ = await invite(house.store, "week", Role.INSPECTOR, now())
    joined = Message(FIRST, text=f"/start {code}", update="501")
    await conversation.receive(joined)
    await house.say(LEAD, "/assign C002 I2")
    await house.say(ANOTHER, "/case C002")
    for again in (first, joined):
        outcome = await conversation.receive(again)
        assert BEGUN_SAID not in shown(outcome)
        assert "C002 · " not in shown(outcome)


async def test_who_is_removed_here_goes_on_where_else_they_serve(house: House) -> None:
    await house.store.add_member("other", ANOTHER, Member("I7", Role.INSPECTOR), at=AT)
    await house.say(ANOTHER, "/switch week")
    await change_member(house.store, "week", ANOTHER, None, by="L1", at=AT)
    week = house.bytes("inspections", "week")
    assert "You are I7, inspector of “The other”." in said(await house.say(ANOTHER, "male"))
    for text in ("/switch week", "/case C003", "/export json"):
        await house.say(ANOTHER, text)
    assert house.bytes("inspections", "week") == week


async def test_two_codes_for_one_reference_make_one_inspector(house: House) -> None:
    """Two leads who invite at one moment may be given the same reference."""
    code, person = await invite(house.store, "week", Role.INSPECTOR, now())
    await house.store.add_member("week", "tg-70", Member(person, Role.INSPECTOR), at=AT)
    assert said(await house.say("tg-71", f"/start {code}")) == say("bad-code")
    assert "tg-71" not in await house.store.members("week")


async def test_strangers_files_are_not_fetched_and_group_taps_are_not_answered(
    house: House,
) -> None:
    async with TelegramServer() as telegram, serving(telegram, house.conversation):
        stranger, lead, group = telegram.user(99), telegram.user(1), telegram.group()
        await stranger.send_file("document", b"case\nC9\n", name="sample.csv")
        await stranger.send_file("photo", b"\x89PNG\r\n\x1a\n")
        assert {message.text for message in stranger.replies()} == {say("stranger")}
        assert (telegram.calls["getFile"], telegram.calls["download"]) == (0, 0)
        await lead.quiet()  # what was queued for the lead has come
        await lead.send("/cases")
        card = lead.raw(lead.card().message_id)
        in_group = {**card, "chat": {"id": group.chat.chat_id, "type": "supergroup"}}
        tap = card["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        await lead.tap_data(tap, in_group, reply=False)
        await lead.say_in(group, "/case C001", reply=False)
        await lead.say_in(group, "/progress")
        await lead.quiet()
        assert [message.text for message in group.replies()] == [
            "The week\n■□□□□ 1 of 4 cases submitted, 1 begun"
        ]
