"""An inspection week over loopback Telegram: one lead, four inspectors, the cases of Cheshire 2011.

From an empty store to the exported report, each step as a person would do it: the first invitation
on the command line beside the running bot, everything else in chat. :func:`inspection_week` is the
script; the test runs it with some of the cases, ``python -m tests.benchmarks.inspection_week`` with
all 140. Whatever somebody waits to see is checked on the way.

Two cases are answered with a slip, and one of them is read again with another, so that there is
something to return and to settle; once the lead has dealt with that, every answer is the one it
should be, and so are the figures.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from bot.pipeline import Pipeline
from criteria.case import Answer, Case
from criteria.instrument.pack import Form, Pack
from criteria.question import Question
from criteria.scoring.score import percent
from storage.exports import EXPORTS
from tests.bot.phones import Answers, Inspector, Phone, open_answers
from tests.bot.telegram_harness import SHORT, serving
from tests.changing import remember_bot
from tests.criteria.instrument.packs.test_omi2 import case_files, omi2
from tests.criteria.scoring.plain_scoring import PlainScore, plain_score
from tests.files_store import files_store
from tests.telegram_server import BOT_USERNAME, TelegramServer

ID, TITLE = "cheshire-2011", "Cheshire 2011"
ROOT = Path(__file__).parents[2]
PEOPLE = ("I1", "I2", "I3", "I4")
IN_SAMPLE = ("gender", "ethnicity", "case_type")
"""What the probation area tells of each case beforehand; inspectors find the other facts."""
PHOTO = b"\xff\xd8\xff\xe0 a page of the file \xff\xd9"
VOICE = b"OggS a thought on the way"
KEY_FINDING = "Plans were timely, and did not always say who would do what."
RECOMMENDATION = "Plans should say who does what, and by when."
LEFT_AFTER = 10
"""Answers after which I4 leaves a case on the first evening."""


class Clock:
    """The time in the inspection's rooms: it runs as ours does, from where it is set."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def set(self, day: int, time: str) -> None:
        """``set(2, "9:00")``: nine on the second day, counted from today."""
        hour, minute = map(int, time.split(":"))
        today = datetime.now(UTC).replace(hour=hour, minute=minute, second=0, microsecond=0)
        self._ahead = today + timedelta(days=day - 1) - datetime.now(UTC)


@dataclass
class Week:
    """Who takes part, and what the answers should be when it is over."""

    telegram: TelegramServer
    folder: Path
    cases: Sequence[Case]
    lead: Phone
    clock: Clock
    tell: Callable[[str], None] = lambda _: None
    pack: Pack = field(default_factory=omi2)
    inspectors: dict[str, Inspector] = field(default_factory=dict)
    asked_at: dict[str, float] = field(default_factory=dict)
    """Seconds that the lead waited for each export."""
    left_lying: Answers = field(default_factory=list)
    """What I4 left open on the first evening."""
    walking: float = 0.0
    """Seconds that the inspectors walked, side by side."""

    @property
    def form(self) -> Form:
        return self.pack.case_form

    def share(self, person: str) -> Sequence[Case]:
        """Whose cases are whose: a quarter each, in the sample's order."""
        each, place = len(self.cases) // len(PEOPLE), PEOPLE.index(person)
        end = None if person == PEOPLE[-1] else (place + 1) * each
        return self.cases[place * each : end]

    async def casewalk(self, *arguments: str, store: str = "data") -> str:
        """The command line, in a process of its own beside the running bot."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            cwd=ROOT,
            env={**os.environ, "CASEWALK_STORE": f"tinydb:{self.folder / store}"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        assert process.returncode == 0, f"casewalk {' '.join(arguments)}: {err.decode()}"
        return out.decode()

    async def score(self) -> dict[str, Any]:
        """What ``casewalk score --json`` says by now."""
        document: dict[str, Any] = json.loads(await self.casewalk("score", ID, "--json"))
        return document


@contextlib.asynccontextmanager
async def bot_and_team(
    folder: Path, cases: int, tell: Callable[[str], None] = lambda _: None
) -> AsyncIterator[Week]:
    """A bot with an empty store, and people who do not know it yet; ``cases`` of the 140."""
    clock = Clock()
    clock.set(1, "9:00")
    store = files_store(folder / "data", exclusive=True)
    timeouts = replace(SHORT, outbox=1.0)
    async with TelegramServer() as telegram:
        conversation = Pipeline(store, clock)
        try:
            async with serving(
                telegram, conversation, on_username=partial(remember_bot, store), timeouts=timeouts
            ):
                yield Week(
                    telegram, folder, case_files()[:cases], Phone(telegram.user()), clock, tell
                )
        finally:
            await store.close()


async def inspection_week(week: Week) -> None:
    """The whole of it, in the order in which it happens."""
    await the_lead_gets_in(week)
    await the_sample_is_loaded(week)
    await the_team_is_invited(week)
    await cases_are_assigned(week)
    week.tell("Day 1: inspectors walk their cases")
    await the_first_day(week)
    await a_case_is_returned(week)
    await a_second_reading_is_asked_for(week)
    await the_evening_digest_comes(week)
    week.tell("Day 2: the second reading, and the rest of the cases")
    await the_second_day(week)
    await differences_are_settled(week)
    await the_last_case_is_in(week)
    week.tell("The findings")
    await findings_are_drafted(week)
    await recommendations_are_recorded(week)
    await a_follow_up_begins(week)
    week.tell("The exports")
    await the_report_is_exported(week)


# --- Monday morning -----------------------------------------------------------------------------


async def the_lead_gets_in(week: Week) -> None:
    """The first inspection and the first code are made on the command line."""
    lead = week.lead
    await lead.says("/start", "This bot works by invitation.")
    assert (await week.casewalk("new", "omi2-2011", "--title", TITLE)).strip() == ID
    code, link = (await week.casewalk("invite", ID, "--role", "lead")).split()
    assert link == f"https://t.me/{BOT_USERNAME}?start={code}"
    welcome = await lead.says(f"/start {code}", f"You are L1, lead of “{TITLE}”.")
    assert "There is no case yet." in welcome
    await week.telegram.quiet()
    assert {"team", "findings", "export"} <= set(lead.user.menu())


async def the_sample_is_loaded(week: Week) -> None:
    """A CSV from a spreadsheet, with the labels as people write them; at first with a slip."""
    columns = ["case", *(week.form.by_name[name].label["en"] for name in IN_SAMPLE)]
    rows = [columns, *([case.case, *_sample_facts(week, case)] for case in week.cases)]
    text = "".join(f"{','.join(row)}\r\n" for row in rows)
    wrong = text.replace(columns[1], "Sex", 1).encode()
    refused = await week.lead.sends("document", wrong, "nothing was added", name="sample.csv")
    assert "line 1: column `Sex` is no profile question" in refused
    loaded = await week.lead.sends("document", text.encode(), "added", name="sample.csv")
    assert loaded.startswith(f"✓ {len(week.cases)} cases added.")


def _sample_facts(week: Week, case: Case) -> list[str]:
    facts = []
    for name in IN_SAMPLE:
        choice = week.form.by_name[name].choice(str(case.profile[name]))
        assert choice is not None
        facts.append(week.pack.text(choice.label))
    return facts


async def the_team_is_invited(week: Week) -> None:
    """Two by typing, two by the button under ``/team``; they join by what the lead passes on."""
    lead = week.lead
    for person in PEOPLE:
        if person in ("I1", "I2"):
            text = await lead.says("/invite inspector", f"one inspector, {person}, good for 7 days")
        else:
            await lead.says("/team", f"The team of “{TITLE}”:")
            text = await lead.taps_on("Invite an inspector", f"one inspector, {person}, ")
        code = text.partition("/start ")[2].split()[0]
        inspector = Inspector(week.telegram.user(), person, week.pack)
        week.inspectors[person] = inspector
        if person == "I4":
            waiting = await lead.says("/team", "I4, inspector, invited until")
            assert "I3, inspector" in waiting
        welcome = await inspector.says(f"/start {code}", f"You are {person}, inspector of")
        assert "Your cases" in welcome or "C001" in welcome
    await week.inspectors["I1"].says("/team", "/team is for the lead of the inspection.")


async def cases_are_assigned(week: Week) -> None:
    """Ranges to three, the rest to the fourth; each is told, and sees the own cases."""
    for person in PEOPLE[:-1]:
        share = week.share(person)
        await week.lead.says(
            f"/assign {share[0].case}-{share[-1].case} {person}",
            f"✓ {len(share)} cases now with {person}.",
        )
    await week.lead.says("/assign rest I4", f"✓ {len(week.share('I4'))} cases now with I4.")
    for person, inspector in week.inspectors.items():
        await inspector.hears(f"{len(week.share(person))} cases waiting for you now.")
    team = await week.lead.says("/team", f"The team of “{TITLE}”:")
    for person in PEOPLE:
        assert f"{person}, inspector: 0 of {len(week.share(person))} cases submitted" in team
    inspector = week.inspectors["I2"]
    listed = await inspector.says("/cases", week.share("I2")[0].case)
    assert week.share("I1")[0].case not in listed
    await inspector.says(f"/case {week.share('I1')[0].case}", "is not one of your cases.")


# --- the first day ------------------------------------------------------------------------------


async def the_first_day(week: Week) -> None:
    """Everybody walks about half; I4 begins one more and leaves it. The lead looks on."""
    start = perf_counter()
    async with asyncio.TaskGroup() as work:
        for person in PEOPLE:
            work.create_task(_monday(week, person))
        work.create_task(_look_on(week))
    week.walking += perf_counter() - start
    await week.lead.hears(f"submitted {week.share('I4')[0].case}. {TITLE}: ")
    done = sum(len(_mondays(week, person)) for person in PEOPLE)
    await week.lead.hears(f". {TITLE}: ", times=done)


def _mondays(week: Week, person: str) -> Sequence[Case]:
    half = week.share(person)[: (len(week.share(person)) + 1) // 2]
    return half[:-1] if person == "I4" else half


def _tuesdays(week: Week, person: str) -> Sequence[Case]:
    return week.share(person)[len(_mondays(week, person)) :]


async def _monday(week: Week, person: str) -> None:
    inspector = week.inspectors[person]
    for place, case in enumerate(_mondays(week, person)):
        asides = EVIDENCE if (person, place) == ("I1", 0) else ()
        given = slipped(week, case, 0) if place == 0 and person in ("I1", "I2") else case
        await inspector.walks(given, open_answers(week.form, given, IN_SAMPLE), asides=asides)
        await inspector.submits(case.case)
        week.tell(f"{person} submitted {case.case}")
    if person == "I4":
        left = _tuesdays(week, "I4")[0]
        todo = open_answers(week.form, left, IN_SAMPLE)
        week.left_lying = await inspector.walks(left, todo, stops_after=LEFT_AFTER)


async def _look_on(week: Week) -> None:
    """The lead asks how far it is while the others answer; a group is told totals only."""
    text = await week.lead.says("/progress", f"of {len(week.cases)} cases submitted")
    assert "Questions answered:" in text
    assert "I2: " in text
    assert await week.lead.gets(f"{ID}-progress.png")
    group = week.telegram.group()
    await week.lead.user.say_in(group, f"/progress@{BOT_USERNAME}")
    (told,) = [one.text for one in group.replies()]
    assert f"of {len(week.cases)} cases submitted" in told
    assert "I2" not in told


def slips(week: Week, case: Case) -> list[Question]:
    """The judgements of this case on which no other question depends: yes or no."""
    needed = {name for question in week.form.questions for name in question.depends_on}
    return [
        question
        for question, value in open_answers(week.form, case)
        if question.is_scored and value in ("yes", "no") and question.name not in needed
    ]


def slipped(week: Week, case: Case, place: int) -> Case:
    """The case with the other answer to one of those judgements."""
    question = slips(week, case)[place]
    other = "no" if case.value(question) == "yes" else "yes"
    return replace(case, answers={**case.answers, question.name: Answer(other)})


# --- evidence -----------------------------------------------------------------------------------


async def _note_by_button(inspector: Inspector, question: Question) -> None:
    await inspector.taps_on("Note", f"Your next message is the note on {question.number}")
    await inspector.says(
        "The plan was written with the offender.", f"✓ Note on {question.number} kept as evidence."
    )
    await inspector.taps_on("Strength", f"✓ Kept as strength on {question.number}.")


async def _note_of_a_kind(inspector: Inspector, question: Question) -> None:
    await inspector.says(
        "/note good practice: the plan is on one page",
        f"✓ Note on {question.number} kept as good practice.",
    )


async def _quotation(inspector: Inspector, question: Question) -> None:
    await inspector.says(
        f"/note {question.number} quote: I knew what I had to do",
        f"✓ Note on {question.number} kept as quotation.",
    )


async def _photo(inspector: Inspector, question: Question) -> None:
    await inspector.sends(
        "photo",
        PHOTO,
        f"✓ Photo on {question.number} kept as evidence.",
        caption="The plan as it was signed",
    )


async def _voice(inspector: Inspector, question: Question) -> None:
    await inspector.sends("voice", VOICE, f"✓ Voice message on {question.number} kept as evidence.")
    await inspector.taps_on("To improve", f"✓ Kept as something to improve on {question.number}.")


async def _note_with_a_name(inspector: Inspector, question: Question) -> None:
    """It is held back; the inspector takes it out of the chat, and writes it again without."""
    await inspector.taps_on("Note", f"Your next message is the note on {question.number}")
    named = "Mr Dafydd Probert of Acorn House rang on 07911 123456."
    held = await inspector.says(named, "I have not kept that: ")
    assert "a person’s name" in held
    await inspector.takes_away("Take my message away", named)
    await inspector.says(
        "The hostel rang the same day.", f"✓ Note on {question.number} kept as evidence."
    )


EVIDENCE = (
    _note_by_button, _note_of_a_kind, _quotation, _photo, _voice, _note_with_a_name,
)  # fmt: skip
"""What I1 adds to the first case, at a judgement each."""


# --- returning, reading again -------------------------------------------------------------------


async def a_case_is_returned(week: Week) -> None:
    """The lead reads I1's first case, sees the slip, and gives it back; I1 lands on it."""
    lead, inspector, case = week.lead, week.inspectors["I1"], week.share("I1")[0]
    question = slips(week, case)[0]
    seen = await lead.says(f"/case {case.case}", f"{case.case}")
    assert f"{question.number} " in seen
    assert "Good practice: the plan is on one page" in seen
    assert "Photo, evidence: The plan as it was signed" in seen
    await lead.taps_on("Return …", f"Your next message is the remark on {case.case}.")
    await lead.says(
        f"{question.number} The file says otherwise, please look again.",
        f"{case.case} is back with I1, at {question.number}.",
    )
    await inspector.hears(f"The lead gave {case.case} back to you")
    card = await inspector.says(f"/case {case.case}", f"{case.case} · {question.number} · ")
    assert "L1 asks: The file says otherwise, please look again." in card
    value = case.value(question)
    assert value is not None
    await inspector.answers_one(question, value, f"{case.case} · review · ")
    await inspector.submits(case.case)


async def a_second_reading_is_asked_for(week: Week) -> None:
    """I3 is to read I2's first case, blind."""
    case = week.share("I2")[0]
    await week.lead.says(f"/second {case.case}", f"Who reads {case.case} a second time?")
    assert "I2" not in week.lead.labels, "nobody reads the own case again"
    await week.lead.taps_on("I3", f"I3 will read {case.case}")
    await week.inspectors["I3"].hears(f"please read {case.case} as a second inspector.")


async def the_evening_digest_comes(week: Week) -> None:
    """The lead would rather hear once a day than of each case."""
    lead = week.lead
    await lead.says("/digest", "When should I message you about progress?")
    await lead.taps_on("At 18:00", "I will tell you every day at 18:00 (")
    heard = lead.times_heard("cases submitted")
    week.clock.set(1, "18:00")
    await lead.hears("cases submitted", times=heard + 1)


# --- the second day -----------------------------------------------------------------------------


async def the_second_day(week: Week) -> None:
    """What was left lying is seen; then everybody walks the rest, but for the very last case."""
    week.clock.set(2, "9:30")
    stuck = _tuesdays(week, "I4")[0].case
    text = await week.lead.says("/progress", "Begun and not touched for a day or more: 1 case")
    assert f"{stuck}, I4: since" in text
    start = perf_counter()
    async with asyncio.TaskGroup() as work:
        for person in PEOPLE:
            work.create_task(_tuesday(week, person))
    week.walking += perf_counter() - start


async def _tuesday(week: Week, person: str) -> None:
    inspector = week.inspectors[person]
    if person == "I3":
        await _second_reading(week, inspector)
    for place, case in enumerate(_tuesdays(week, person)):
        if person == "I4" and case is week.cases[-1]:
            return
        lying = person == "I4" and place == 0
        todo = week.left_lying if lying else open_answers(week.form, case, IN_SAMPLE)
        await inspector.walks(case, todo)
        await inspector.submits(case.case)
        week.tell(f"{person} submitted {case.case}")


async def _second_reading(week: Week, inspector: Inspector) -> None:
    """I3 sees no answer of I2's, is right where I2 was wrong, and wrong in another place."""
    case = week.share("I2")[0]
    reading = slipped(week, case, 1)
    todo = open_answers(week.form, reading, case.profile)
    card = await inspector.says(f"/case {case.case}", f"{case.case} · {todo[0][0].number} · ")
    assert "Your answer" not in card
    await inspector.walks(reading, todo)
    await inspector.submits(case.case)


async def differences_are_settled(week: Week) -> None:
    """Two differences: once the second reading stands, once the first; with that it is agreed."""
    lead, case = week.lead, week.share("I2")[0]
    both = [one for one, _ in open_answers(week.form, case, case.profile) if one.is_judgement]
    share = percent(Fraction(len(both) - 2, len(both)))
    told = await lead.says("/agreement", "Read twice: 1 case.")
    assert f"{len(both) - 2} of {len(both)} judgements agree ({share}%), kappa 0." in told
    await lead.says(f"/agreement {case.case}", f"{case.case}")
    first, other = slips(week, case)[:2]
    for question, stands in ((first, "I3, second"), (other, "I2, first")):
        value = case.value(question)
        assert value is not None
        answer = week.inspectors["I3"].label(question, value)
        await lead.taps_on(question.number, f"{case.case} · {question.number}\n")
        await lead.taps_on(f"{stands}: {answer}", f"is the reason for {question.number}")
        await lead.says("So it stands in the file.", f"✓ {question.number} stands as {answer}.")
    await lead.hears(f"You have agreed {case.case}.")
    seen = await lead.says(f"/case {case.case}", "History")
    assert "settled by L1: So it stands in the file." in seen
    returned = week.share("I1")[0].case
    await lead.says(f"/agree {returned}", f"You have agreed {returned}.")
    await week.inspectors["I1"].says(f"/case {returned}", f"The lead has agreed {returned}")


async def the_last_case_is_in(week: Week) -> None:
    """The lead, who wants to hear nothing else, gets the final score summary and a picture."""
    lead, case, inspector = week.lead, week.cases[-1], week.inspectors["I4"]
    await lead.says("/digest off", "I will tell you only when the last case is submitted.")
    so_far = await lead.says("/summary", f"{len(week.cases) - 1} of {len(week.cases)} cases")
    assert "So far" in so_far
    pictures = lead.times_shown(f"{ID}.png")
    start = perf_counter()
    await inspector.walks(case, open_answers(week.form, case, IN_SAMPLE))
    result = await inspector.submits(case.case)
    week.walking += perf_counter() - start
    assert "Sufficient judgements, of those that count:" in result
    summary = await lead.hears(
        f"{TITLE}: all {len(week.cases)} cases are submitted. The score summary:"
    )
    await lead.is_shown(f"{ID}.png", times=pictures + 1)
    for line in expected_lines(week):
        assert line in summary, f"{line!r} is missing:\n{summary}"


def expected_score(week: Week) -> PlainScore:
    """What the answers come to, worked out as plainly as can be."""
    return plain_score(week.pack, week.cases)


def expected_lines(week: Week) -> list[str]:
    """``76% Implementation of interventions``, ``78% 1.2 Planning …`` and the like."""
    pack, score = week.pack, expected_score(week)
    shares = [
        *((pack.text(one.label), score.sections[one.name]) for one in pack.sections),
        *((pack.text(one.label), score.headlines[one.name]) for one in pack.headlines),
        *(
            (f"{one.number} {pack.text(one.label)}", score.criteria[one.name])
            for one in pack.criteria.values()
        ),
    ]
    return [f"{percent(share)}% {label}" for label, share in shares if share is not None]


# --- the report ---------------------------------------------------------------------------------


async def findings_are_drafted(week: Week) -> None:
    """The lead reads the draft, and writes the key finding over the first criterion with notes."""
    lead = week.lead
    told = await lead.says("/findings", f"{TITLE}, draft findings:")
    number = noted_criterion(week)
    assert number in told
    one = await lead.taps_on(number, f"{number} ")
    assert "Strengths" in one
    assert "the plan is on one page" in one
    await lead.taps_on("Write the key finding", f"is the key finding on {number}.")
    await lead.says(KEY_FINDING, f"✓ Key finding on {number} kept.")
    again = await lead.says(f"/findings {number}", KEY_FINDING)
    assert "In " in again


def noted_criterion(week: Week) -> str:
    """The number of the criterion with the good practice that I1 noted."""
    case = week.share("I1")[0]
    judged = [one for one, _ in open_answers(week.form, case, IN_SAMPLE) if one.is_judgement]
    return week.pack.criteria[judged[1].criterion or ""].number


async def recommendations_are_recorded(week: Week) -> None:
    """One from the list, step by step; another from a criterion's findings."""
    lead, criterion = week.lead, noted_criterion(week)
    await lead.says("/recommend", "No recommendation yet.")
    await lead.taps_on("Key recommendation", "Who is to act on it?")
    await lead.says("Probation Trust", "Which criteria does it concern?")
    await lead.says("9.9", "There is no criterion “9.9”")
    await lead.says(f"{criterion}, 2.1", "Which questions does it rest on?")
    await lead.says("1.2.1 2.1.1", "What should be done?")
    kept = await lead.says(RECOMMENDATION, "✓ Kept.")
    assert f"R1 (key) Probation Trust: {RECOMMENDATION}" in kept
    await lead.says("/findings 2.1", "2.1 ")
    await lead.taps_on("Recommend …", "Is it a key recommendation?")
    await lead.taps_on("Other", "Who is to act on it?")
    await lead.says("Local managers", "Which questions does it rest on?")
    await lead.says("-", "What should be done?")
    await lead.says("Managers should read one plan a week.", "R2 Local managers: Managers should")


async def a_follow_up_begins(week: Week) -> None:
    """A year on: an inspection that follows this one up, made in chat, and back again."""
    lead = week.lead
    await lead.says("/new", "Which instrument?")
    await lead.taps_on("Offender Management Inspection 2", "What is it called?")
    await lead.taps_on(f"Follow up {TITLE}", "What is it called?")
    await lead.says("Cheshire 2012", "“Cheshire 2012” is ready, and you are its lead, L1.")
    earlier = await lead.says("/recommend", f"From {TITLE}; tap one to say how far it has got:")
    assert "R1 (key) Probation Trust" in earlier
    await lead.taps_on("R1 ›", RECOMMENDATION)
    await lead.taps_on("under way", "✓ R1: under way.")
    await lead.says("/compare", f"{TITLE} → Cheshire 2012")
    await lead.says("/switch", "You are in “Cheshire 2012”.")
    await lead.taps_on(TITLE, f"You are L1, lead of “{TITLE}”.")


async def the_report_is_exported(week: Week) -> None:
    """Every format, by the buttons under ``/export``; an inspector gets the own cases only."""
    for name in (one.name for one in EXPORTS.values() if one.goes_with is None):
        await week.lead.says("/export", "Which file?")
        start = perf_counter()
        await week.lead.taps_on(name, f"{len(week.cases)} cases, as they stand now.")
        week.asked_at[name] = perf_counter() - start
    await week.lead.gets(f"{ID}-cases.csv")
    own = len(week.share("I2"))
    await week.inspectors["I2"].says("/export csv", f"{own} cases, as they stand now.")
    await week.inspectors["I2"].says("/export docx", "/export docx is for the lead")
