"""``new``, ``invite``, ``adjust``, ``export`` and ``import``."""

from __future__ import annotations

import copy
import json

import pytest

from tests.bot.cli.command_line import PACK, SAMPLE, CommandLine, inspection_file

pytestmark = pytest.mark.long


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
    assert shown.startswith("\ufeffinspection,case,form,")
    casewalk("export", "week", "--format", "csv", "--out", "week.csv")
    # As bytes: a CSV's line breaks are its own.
    assert (casewalk.folder / "week.csv").read_bytes().decode() == shown
    assert (casewalk.folder / "week.csv").stat().st_mode & 0o777 == 0o600
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
    later = casewalk.document("week")
    later["cases"][0]["answers"]["notified"]["value"] = "no"
    later["cases"] += inspection_file({}, {"notified": "yes"})["cases"][1:]
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


def test_an_import_takes_nothing_away_unless_told_to(casewalk: CommandLine) -> None:
    sample = casewalk.write("sample.csv", SAMPLE)
    casewalk("new", PACK, "--title", "Week", "--cases", sample)
    older = casewalk.document("week")
    casewalk.write("older.json", older)
    newer = copy.deepcopy(older)
    newer["cases"][0] |= {"status": "submitted", "place": "Chester"}
    newer["cases"][0]["answers"] = {"notified": {"value": "yes", "at": "2020-11-20T10:00:00Z"}}
    newer["cases"][1]["profile"]["gender"] = "female"
    newer["cases"][2]["inspector"] = "I7"
    casewalk("import", "week", casewalk.write("newer.json", newer))
    document = casewalk.document("week")
    said = casewalk.refused("import", "week", "older.json")
    lost = ("C001 place", "C001 status", "C001 answers notified", "C002 profile gender")
    assert f"otherwise: {', '.join((*lost, 'C003 inspector'))}. Nothing was imported" in said
    assert casewalk.document("week") == document
    casewalk("import", "week", "older.json", "--replace")
    assert [one | {"version": 1} for one in casewalk.document("week")["cases"]] == older["cases"]


def test_a_case_that_was_erased_does_not_come_back_unseen(casewalk: CommandLine) -> None:
    casewalk("new", PACK, "--title", "Week", "--cases", casewalk.write("sample.csv", SAMPLE))
    casewalk("export", "week", "--format", "json", "--out", "week.json")
    casewalk("erase", "week", "--case", "C002", "--yes")
    assert "C002 (erased on 20" in casewalk.refused("import", "week", "week.json")
    assert "1 case changed" in casewalk("import", "week", "week.json", "--replace").stdout
    assert len(casewalk.document("week")["cases"]) == 3


def test_another_inspections_file_and_its_records_may_only_add(casewalk: CommandLine) -> None:
    casewalk("import", "week", casewalk.write("week.json", inspection_file({"notified": "yes"})))
    other = casewalk.document("week")
    other["inspection"]["id"] = "other"
    other["cases"][0]["answers"]["notified"]["value"] = "no"
    said = casewalk.refused("import", "week", casewalk.write("other.json", other))
    assert "C001 answers notified value" in said
    given = casewalk.document("week")
    given["records"] = {"key_findings": {"c1.1": {"text": "Plans were timely."}}}
    casewalk("import", "week", casewalk.write("given.json", given))
    given["records"]["key_findings"]["c1.1"]["text"] = "Plans were late."
    said = casewalk.refused("import", "week", casewalk.write("given.json", given))
    assert "key_findings c1.1 text" in said
    casewalk("import", "week", "given.json", "--replace")
    assert casewalk.document("week")["records"] == given["records"]


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
