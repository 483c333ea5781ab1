"""The command line as a person or another tool has it: real processes, exit codes, files, pipes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from criteria.inspection import Inspection
from criteria.instrument.load import PACKS, pack_names, read_pack
from storage.inspection_file import inspection_document
from tests.storage.exports.filled import filled_cases
from tests.telegram_server import BOT_USERNAME, TOKEN, TelegramServer

ROOT = Path(__file__).parents[2]
PACK = "movement-of-cases-2004"
SETTINGS = ("TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL", "CASEWALK_STORE", "CASEWALK_LOG")
SAMPLE = "case,inspector,gender,mappa\nC001,I1,male,no\nC002,I1,,yes\nC003,I2,Female,not known\n"
PATIENCE = 60.0
"""Seconds that a process may take on a busy machine."""
Done = subprocess.CompletedProcess[str]


class CommandLine:
    """``casewalk`` in a folder of its own, where its store is ``./data``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
        self.environment = {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}

    def __call__(self, *arguments: str, given: str = "", code: int = 0, **settings: str) -> Done:
        """Run one command to its end; it must end with this code, and without a traceback."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=self.folder,
            env=self.environment | settings,
            input=given.encode(),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        shown = Done(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
        assert "Traceback" not in shown.stderr, shown.stderr
        assert shown.returncode == code, f"{shown.stdout}\n{shown.stderr}"
        return shown

    def refused(self, *arguments: str, **settings: Any) -> str:
        """Run a command whose input is at fault; gives the message."""
        done = self(*arguments, code=1, **settings)
        assert done.stderr.startswith("casewalk: ")
        return done.stderr

    def write(self, name: str, content: str | dict[str, Any]) -> str:
        text = content if isinstance(content, str) else json.dumps(content)
        (self.folder / name).write_text(text, "utf-8")
        return name

    def document(self, inspection: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self("export", inspection, "--format", "json").stdout)
        return document


@pytest.fixture
def casewalk(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def inspection_file(*answers: dict[str, str], **fields: Any) -> dict[str, Any]:
    """The least that the contract asks for: a case's reference, form and answers."""
    cases = [
        {
            "case": f"C{number:03d}",
            "form": "case-file",
            "answers": {name: {"value": value} for name, value in given.items()},
        }
        for number, given in enumerate(answers, 1)
    ]
    return {"format": "casewalk-inspection/1", "pack": {"name": PACK}, "cases": cases, **fields}


# --- packs, check -------------------------------------------------------------------------------


def test_packs_lists_every_instrument_with_its_forms(casewalk: CommandLine) -> None:
    listed = casewalk("packs").stdout
    for path in PACKS.glob("*.json"):
        assert f"\n{path.stem}  " in f"\n{listed}"
    assert "    case-file: 40 questions" in listed


def test_check_finds_nothing_in_a_good_pack(casewalk: CommandLine) -> None:
    assert "no problems" in casewalk("check", PACK).stdout
    mine = casewalk.write("mine.json", (PACKS / f"{PACK}.json").read_text("utf-8"))
    assert "no problems" in casewalk("check", mine).stdout


def test_check_lists_every_problem_in_the_files_order(casewalk: CommandLine) -> None:
    pack = json.loads((PACKS / f"{PACK}.json").read_text("utf-8"))
    survey = pack["forms"][0]["survey"]
    survey[1]["relevant"] = "${comunication} = 'yes'"
    survey[4]["type"] = "select_one yes_noo"
    survey[9]["criterion"] = "c0"
    shown = casewalk("check", casewalk.write("bad.json", pack), code=1).stdout
    names = [survey[at]["name"] for at in (1, 4, 9)]
    places = [shown.index(name) for name in names]
    assert places == sorted(places)
    assert "communication" in shown, "the near match"
    assert "3 errors" in shown


def test_check_of_what_is_no_pack_says_so(casewalk: CommandLine) -> None:
    assert "nowhere.json" in casewalk.refused("check", "nowhere.json")
    assert PACK in casewalk.refused("check", "movement-of-case-2004")
    assert "line 2" in casewalk("check", casewalk.write("cut.json", "{\n"), code=1).stdout
    assert "1 error" in casewalk("check", casewalk.write("list.json", "[]"), code=1).stdout


# --- new, invite --------------------------------------------------------------------------------


def test_new_makes_an_inspection_of_a_sample_and_prints_its_id(casewalk: CommandLine) -> None:
    sample = casewalk.write("sample.csv", SAMPLE)
    made = casewalk("new", PACK, "--title", "Autumn visit", "--cases", sample)
    assert made.stdout == "autumn-visit\n"
    document = casewalk.document("autumn-visit")
    assert document["inspection"] == {
        "id": "autumn-visit",
        "title": "Autumn visit",
        "follows": None,
    }
    assert [
        (case["case"], case["inspector"], case["status"], case["profile"])
        for case in document["cases"]
    ] == [
        ("C001", "I1", "assigned", {"gender": "male", "mappa": "no"}),
        ("C002", "I1", "assigned", {"mappa": "yes"}),
        ("C003", "I2", "assigned", {"gender": "female", "mappa": "not_known"}),
    ]


def test_ids_come_from_titles_and_are_never_taken_twice(casewalk: CommandLine) -> None:
    title = "The second visit of the autumn to all of the five offices of the area"
    first = casewalk("new", PACK, "--title", title).stdout.strip()
    second = casewalk("new", PACK, "--title", title).stdout.strip()
    assert first != second
    assert casewalk("new", PACK, "--title", "Later", "--id", "L-1", "--follows", first)
    assert casewalk.document("L-1")["inspection"]["follows"] == first
    assert casewalk("new", PACK, "--title", "L 1").stdout == "l-1-2\n"
    assert "'L-1'" in casewalk.refused("new", PACK, "--title", "Again", "--id", "l-1")
    assert "--id" in casewalk.refused("new", PACK, "--title", "Out", "--id", "../out")
    assert "--title" in casewalk.refused("new", PACK, "--title", " ")
    assert "'never'" in casewalk.refused("new", PACK, "--title", "X", "--follows", "never")
    assert PACK in casewalk.refused("new", "movement-of-case-2004", "--title", "X")
    assert sorted(one.name for one in (casewalk.folder / "data/inspections").iterdir()) == sorted(
        [first, second, "L-1", "l-1-2"]
    )


def test_a_sample_at_fault_is_refused_with_every_problem_by_its_line(casewalk: CommandLine) -> None:
    bad = casewalk.write(
        "bad.csv",
        "case,inspector,gnder,gender,A1,\n"
        "C001,John Smith,,male,,\n"
        "\n"
        "Smith,I1,,male,,\n"
        ",,,,,\n"
        "c001,I1,,blue,,\n"
        "C004,I1,,,,,surplus\n",
    )
    problems = casewalk.refused("new", PACK, "--title", "Bad", "--cases", bad).splitlines()[1:]
    assert [line.partition(":")[0] for line in problems] == [
        *("line 1", "line 1", "line 2", "line 4", "line 6", "line 6", "line 7"),
    ]
    for line, part in enumerate(
        (
            "did you mean `gender`?",
            "`gender` and `A1`",
            "'John Smith'",
            "'Smith'",
            "'blue'",
            "on line 2",
        )
    ):
        assert part in problems[line]
    assert not (casewalk.folder / "data").exists(), "nothing is made of a bad sample"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "no column `case`"),
        ("reference,inspector\nC001,I1\n", "no column `case`"),
        ("case,inspector\n", "no case"),
        ('case,inspector\nC001,"I1\nC002,I1\n', "CSV"),
    ],
)
def test_a_file_that_is_no_sample_is_refused(
    casewalk: CommandLine, content: str, problem: str
) -> None:
    sample = casewalk.write("sample.csv", content)
    assert problem in casewalk.refused("new", PACK, "--title", "X", "--cases", sample)


def test_a_sample_that_cannot_be_read_is_refused(casewalk: CommandLine) -> None:
    (casewalk.folder / "latin.csv").write_bytes(b"case\nC\xe9001\n")
    assert "UTF-8" in casewalk.refused("new", PACK, "--title", "X", "--cases", "latin.csv")
    assert "cannot be read" in casewalk.refused("new", PACK, "--title", "X", "--cases", "no.csv")


def test_a_sample_as_spreadsheets_write_it_is_read(casewalk: CommandLine) -> None:
    sample = casewalk.write("sheet.csv", "\ufeffCase;Inspector;Gender;\r\nC001;I1;Male;\r\n;;;\r\n")
    casewalk("new", PACK, "--title", "Sheet", "--cases", sample)
    assert [case["case"] for case in casewalk.document("sheet")["cases"]] == ["C001"]


def test_invite_prints_a_code_for_the_next_person(casewalk: CommandLine) -> None:
    sample = casewalk.write("sample.csv", SAMPLE)
    casewalk("new", PACK, "--title", "Week", "--cases", sample)
    codes = set()
    for role, person in (("inspector", "I1"), ("inspector", "I2"), ("lead", "L1")):
        done = casewalk("invite", "week", "--role", role)
        assert f"For {person}, {role}" in done.stderr
        codes.add(done.stdout.strip())
    assert len(codes) == 3
    kept = "".join(path.read_text("utf-8") for path in casewalk.folder.rglob("*") if path.is_file())
    assert not any(code in kept for code in codes), "only a code's hash is kept"
    assert "There are: week." in casewalk.refused("invite", "weak", "--role", "lead")


# --- score --------------------------------------------------------------------------------------


def test_score_takes_the_least_that_an_inspection_file_may_hold(casewalk: CommandLine) -> None:
    document = inspection_file(
        {"communication": "yes", "notified": "yes", "enforcement": "largely"},
        {"communication": "no", "enforcement": "na"},
        {"communication": "not_known"},
    )
    named = casewalk.write("named.json", document)
    score = json.loads(casewalk("score", named, "--json").stdout)
    assert (score["pack"], score["cases"]) == (PACK, 3)
    communication = score["questions"]["communication"]
    assert (communication["relevant"], communication["sufficient"]) == (2, 1)
    assert (communication["percent"], communication["counts"]["not_known"]) == (50, 1)
    assert score["questions"]["enforcement"]["proportion"] == 1
    assert score["questions"]["notified"]["percent"] == 100
    assert score["questions"]["plan_reviewed"]["percent"] is None
    assert casewalk("score", named).stdout.startswith("Movement of Cases, version 1.0.0: 3 cases\n")

    unnamed = casewalk.write("unnamed.json", inspection_file({"communication": "yes"}))
    document = json.loads((casewalk.folder / unnamed).read_text())
    del document["pack"]
    casewalk.write("unnamed.json", document)
    assert "--pack" in casewalk.refused("score", "unnamed.json")
    assert ": 1 case\n" in casewalk("score", "unnamed.json", "--pack", PACK).stdout


def test_verify_lists_what_it_did_not_check_where_it_is_asked_to(casewalk: CommandLine) -> None:
    rows = [{"id": f"Para {place}", "printed_percent": 47} for place in range(9)]
    figures = casewalk.write("figures.json", {"tables": rows})
    assert "and 6 more, which --all lists" in casewalk("verify", figures).stdout
    listed = casewalk("verify", figures, "--all").stdout
    assert all(f"    Para {place}" in listed for place in range(9))


def test_score_of_an_inspection_is_that_of_its_file(casewalk: CommandLine) -> None:
    document = inspection_file({"communication": "yes"}, {"communication": "no"})
    casewalk("import", "week", casewalk.write("week.json", document))
    of_id, of_file = casewalk("score", "week", "--json"), casewalk("score", "week.json", "--json")
    assert json.loads(of_id.stdout) == json.loads(of_file.stdout)
    title, _, report = casewalk("score", "week").stdout.partition("\n")
    assert title == "week: 0 of 2 submitted; every answer given counts"
    assert report == casewalk("score", "week.json").stdout


@pytest.mark.parametrize("name", pack_names())
def test_score_reads_well_for_filled_cases_of_every_instrument(
    casewalk: CommandLine, name: str
) -> None:
    pack = read_pack(name)
    inspection = Inspection("week", "Week one", name, pack.version)
    cases = filled_cases(pack)
    casewalk.write("week.json", inspection_document(inspection, pack, cases))
    casewalk("import", "week", "week.json", "--pack", name)
    title, _, report = casewalk("score", "week").stdout.partition("\n")
    assert title.startswith("Week one")
    assert report.startswith(f"{pack.text(pack.title)}, version {pack.version}: ")
    for criterion in pack.criteria.values():
        assert f"{criterion.number} {pack.text(criterion.label)}"[:40] in report


def test_score_of_what_cannot_be_scored_says_where_it_is_at_fault(casewalk: CommandLine) -> None:
    assert "missing.json" in casewalk.refused("score", "missing.json")
    assert "line 2" in casewalk.refused("score", casewalk.write("cut.json", '{"format":\n'))
    assert "There are: none yet" in casewalk.refused("score", "week")
    wrong = inspection_file({"communicaton": "yes", "notified": "maybe"})
    message = casewalk.refused("score", casewalk.write("wrong.json", wrong))
    assert 'Did you mean "communication"?' in message
    assert 'notified: "maybe" is no answer to it' in message
    assert PACK in casewalk.refused("score", "wrong.json", "--pack", "movement")


# --- export, import -----------------------------------------------------------------------------


def test_what_is_exported_and_imported_elsewhere_is_the_same_file(casewalk: CommandLine) -> None:
    sample = casewalk.write("sample.csv", SAMPLE)
    casewalk("new", PACK, "--title", "Woche „eins“", "--id", "week", "--cases", sample)
    shown = casewalk("export", "week", "--format", "json").stdout
    casewalk("export", "week", "--format", "json", "--out", "week.json")
    assert (casewalk.folder / "week.json").read_text("utf-8") == shown
    elsewhere = {"CASEWALK_STORE": "tinydb:elsewhere"}
    assert "created, with 3 cases" in casewalk("import", "week", "week.json", **elsewhere).stdout
    assert casewalk("export", "week", "--format", "json", **elsewhere).stdout == shown
    assert "0 cases changed, of 3" in casewalk("import", "week", "week.json").stdout


def test_export_as_csv_and_where_it_cannot_be_written(casewalk: CommandLine) -> None:
    casewalk("import", "week", casewalk.write("week.json", inspection_file({"notified": "yes"})))
    shown = casewalk("export", "week", "--format", "csv").stdout
    assert shown.startswith("inspection,case,form,")
    casewalk("export", "week", "--format", "csv", "--out", "week.csv")
    # As bytes: a CSV's line breaks are its own.
    assert (casewalk.folder / "week.csv").read_bytes().decode() == shown
    for out in ("nowhere/week.csv", "data"):
        assert "cannot be written" in casewalk.refused(
            "export", "week", "--format", "csv", "--out", out
        )
    assert "There are: week." in casewalk.refused("export", "other", "--format", "csv")
    assert sorted(path.name for path in casewalk.folder.iterdir()) == [
        *("data", "week.csv", "week.json"),
    ]


def test_import_changes_an_inspection_or_nothing(casewalk: CommandLine) -> None:
    casewalk("import", "week", casewalk.write("week.json", inspection_file({"notified": "yes"})))
    later = inspection_file({"notified": "no"}, {"notified": "yes"})
    done = casewalk("import", "week", casewalk.write("later.json", later))
    assert "2 cases changed, of 2 read" in done.stdout
    document = casewalk.document("week")
    values = [case["answers"]["notified"]["value"] for case in document["cases"]]
    assert values == ["no", "yes"]
    wrong = inspection_file({"notified": "yes"}, {"notified": "perhaps"})
    assert "C002" in casewalk.refused("import", "week", casewalk.write("wrong.json", wrong))
    assert "cannot be read" in casewalk.refused("import", "week", "missing.json")
    assert casewalk.document("week") == document
    casewalk.refused("import", "new", "wrong.json")
    casewalk.refused("import", "../new", "later.json")
    assert "There are: week." in casewalk.refused("score", "new")


# --- try ----------------------------------------------------------------------------------------


def test_try_reads_a_conversation_from_a_pipe(casewalk: CommandLine) -> None:
    shown = casewalk("try", given="male\nwhite\n").stdout
    assert "✓ A1 Male\nC001 · A2 · " in shown
    assert "✓ A2 White\nC001 · A3 · " in shown
    assert not list(casewalk.folder.iterdir()), "without --data nothing is left behind"


def test_try_goes_on_where_it_was_left(casewalk: CommandLine) -> None:
    first = casewalk("try", "--data", "demo", "--record", "talk.json", given="male\nwhite\n").stdout
    assert "talk.json" in first
    assert "C001 · A3 · " in casewalk("try", "--data", "demo").stdout
    talk = json.loads((casewalk.folder / "talk.json").read_text("utf-8"))
    assert talk["pack"] == PACK
    assert [step["event"]["type"] for step in talk["steps"]] == [
        *("CaseOpened", "TextReceived", "TextReceived"),
    ]


def test_try_walks_a_pack_of_ones_own_and_refuses_what_is_none(casewalk: CommandLine) -> None:
    pack = json.loads((PACKS / f"{PACK}.json").read_text("utf-8"))
    pack["settings"] |= {"form_id": "mine", "form_title": "Mine"}
    mine = casewalk.write("mine.json", pack)
    assert casewalk("try", "--pack", mine, given="male\n").stdout.startswith("Mine: a demo")
    del pack["forms"]
    message = casewalk.refused("try", "--pack", casewalk.write("bad.json", pack))
    assert "casewalk check bad.json" in message
    casewalk.refused("try", "--data", "mine.json")
    casewalk.refused("try", "--record", "nowhere/talk.json")


# --- settings, usage ----------------------------------------------------------------------------


def test_serve_without_a_usable_setting_says_which(casewalk: CommandLine) -> None:
    assert "TELEGRAM_BOT_TOKEN" in casewalk.refused("serve")
    token = {"TELEGRAM_BOT_TOKEN": TOKEN}
    assert "BotFather" in casewalk.refused("serve", TELEGRAM_BOT_TOKEN="nonsense")
    assert "TELEGRAM_API_URL" in casewalk.refused("serve", TELEGRAM_API_URL="localhost", **token)
    assert "--listen" in casewalk.refused(
        "serve", "--webhook", "https://example.org/bot", "--listen", "here", **token
    )
    assert "web address" in casewalk.refused("serve", "--webhook", "here", **token)


def test_a_store_that_cannot_be_one_is_named_without_its_password(casewalk: CommandLine) -> None:
    refused = "postgresql://me:secret@127.0.0.1:1/db?connect_timeout=1"
    assert "secret" not in casewalk.refused("score", "week", CASEWALK_STORE=refused)
    for store in ("postgres:me:secret@host", "secret", "tinydb:"):
        message = casewalk.refused("score", "week", CASEWALK_STORE=store)
        assert "CASEWALK_STORE" in message
        assert "me:secret" not in message
    casewalk.write("file", "")
    assert "no folder" in casewalk.refused("score", "week", CASEWALK_STORE="tinydb:file")
    assert "CASEWALK_LOG" in casewalk.refused("score", "week", CASEWALK_LOG="loud")


def test_settings_come_from_a_file_too(casewalk: CommandLine) -> None:
    casewalk.write(".env", "CASEWALK_STORE=tinydb:kept\n")
    casewalk("new", PACK, "--title", "Week")
    assert (casewalk.folder / "kept/inspections/week").is_dir()
    casewalk("new", PACK, "--title", "Week", CASEWALK_STORE="tinydb:other")
    assert (casewalk.folder / "other/inspections/week").is_dir()
    (casewalk.folder / ".env").write_bytes(b"CASEWALK_STORE=\xff\n")
    assert ".env" in casewalk.refused("score", "week")


@pytest.mark.parametrize(
    "arguments",
    [
        *("", "frobnicate", "packs more", "check", "new", f"new {PACK}", "invite week"),
        *("invite week --role boss", "score", "export week", "export week --format doc"),
        *("import week", "try --data", "serve --webhook"),
    ],
)
def test_wrong_usage_ends_with_2(casewalk: CommandLine, arguments: str) -> None:
    assert casewalk(*arguments.split(), code=2).stderr.startswith("usage: casewalk")


def test_a_reader_that_goes_away_is_no_fault(casewalk: CommandLine) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "check", PACK],
        cwd=casewalk.folder,
        env=casewalk.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        process.stdout = None
        _, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, errors) == (0, b"")


# --- beside a running bot -----------------------------------------------------------------------


@contextlib.contextmanager
def serving(casewalk: CommandLine, telegram: TelegramServer) -> Iterator[None]:
    """``casewalk serve`` until the block is left; it must then stop as it was asked to."""
    casewalk.environment |= {
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.url,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve"],
        cwd=casewalk.folder,
        env=casewalk.environment,
        stderr=subprocess.PIPE,
    )
    try:
        yield
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0, log.decode()
    assert not any(bad in log.decode() for bad in (" ERROR ", "Traceback", TOKEN)), log.decode()


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


async def beside(run: Callable[..., Done], *arguments: str, code: int = 0) -> Done:
    return await asyncio.to_thread(run, *arguments, code=code)


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGTERM")
async def test_commands_work_beside_a_running_bot_and_a_second_bot_is_refused(
    casewalk: CommandLine, telegram: TelegramServer
) -> None:
    sample = casewalk.write("sample.csv", SAMPLE)
    with serving(casewalk, telegram):
        await telegram.until(lambda: telegram.calls["getUpdates"] > 0, PATIENCE)
        await beside(casewalk, "new", PACK, "--title", "Week", "--cases", sample)
        second = await beside(casewalk, "serve", code=1)
        assert "Another bot is serving from" in second.stderr
        invited = await beside(casewalk, "invite", "week", "--role", "inspector")
        code, link = invited.stdout.split()
        assert link == f"https://t.me/{BOT_USERNAME}?start={code}"

        user = telegram.user()
        await user.send(f"/start {code}", wait=PATIENCE)
        await user.send("/case C001", wait=PATIENCE)
        await user.tap("White", wait=PATIENCE)
        await user.sees("✓ A2 White", PATIENCE)

        exported = await beside(casewalk, "export", "week", "--format", "json")
        document = json.loads(exported.stdout)
        first, other, _ = document["cases"]
        assert first["profile"] == {"gender": "male", "ethnicity": "white", "mappa": "no"}
        # Imported beside an open case, and into it: the chat goes on with both.
        first["answers"] = {"plan_reviewed": {"value": "yes"}}
        other["profile"]["gender"] = "female"
        await beside(casewalk, "import", "week", casewalk.write("more.json", document))
        await user.tap("Yes", wait=PATIENCE)
        await user.sees("✓ A3 Yes", PATIENCE)
        await beside(casewalk, "import", "later", "more.json")
    first, other, _ = casewalk.document("week")["cases"]
    assert (first["profile"]["high_risk_register"], first["profile"]["ethnicity"]) == (
        *("yes", "white"),
    )
    assert first["answers"]["plan_reviewed"]["value"] == "yes"
    assert other["profile"] == {"gender": "female", "mappa": "yes"}
    assert casewalk.document("later")["cases"][1] == other


def test_an_import_takes_no_newer_answer_away_unless_told_to(casewalk: CommandLine) -> None:
    newer = inspection_file({"notified": "yes"})
    newer["cases"][0]["answers"]["notified"]["at"] = "2026-11-20T10:00:00Z"
    casewalk("import", "week", casewalk.write("newer.json", newer))
    older = inspection_file({"notified": "no"})
    older["cases"][0]["answers"]["notified"]["at"] = "2026-11-19T10:00:00Z"
    said = casewalk.refused("import", "week", casewalk.write("older.json", older))
    assert "newer answers than the file: C001 notified" in said
    casewalk("import", "week", "older.json", "--replace")
    assert casewalk.document("week")["cases"][0]["answers"]["notified"]["value"] == "no"


def test_answers_to_one_instrument_are_not_counted_with_another(casewalk: CommandLine) -> None:
    casewalk.write("week.json", inspection_file({"notified": "yes"}))
    casewalk("import", "week", "week.json")
    for command in (("score", "week.json"), ("score", "week")):
        said = casewalk.refused(*command, "--pack", "omi2-2011")
        assert "omi2-2011" in said


def test_a_lead_adjusts_a_comment_and_takes_it_back(casewalk: CommandLine) -> None:
    casewalk("new", "omi2-2011", "--title", "Visit")
    casewalk.refused("adjust", "visit", "c1.1", "--to", "MINIMUM")
    casewalk("adjust", "visit", "c1.1", "--to", "DRASTIC", "--reason", "Two deaths.")
    score = json.loads(casewalk("score", "visit", "--json").stdout)
    assert score["criteria"]["c1.1"]["adjusted"] == {"to": "DRASTIC", "reason": "Two deaths."}
    assert "by the lead DRASTIC: Two deaths." in casewalk("score", "visit").stdout
    casewalk("adjust", "visit", "c1.1", "--clear")
    assert (
        "adjusted"
        not in json.loads(casewalk("score", "visit", "--json").stdout)["criteria"]["c1.1"]
    )


def test_a_follow_up_is_set_beside_its_original(casewalk: CommandLine) -> None:
    casewalk("import", "first", casewalk.write("a.json", inspection_file({"notified": "no"})))
    casewalk("import", "second", casewalk.write("b.json", inspection_file({"notified": "yes"})))
    casewalk.refused("compare", "second")
    shown = casewalk("compare", "second", "first").stdout
    assert "before  after  change" in shown
