"""The files that the lead leaves the week with, opened as those who get them would."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import docx
import html5lib
import jsonschema
import openpyxl

from criteria.case import Case
from criteria.relevance import form_state
from criteria.scoring.score import percent
from storage.inspection_shape import SCHEMA
from tests.bot.cheshire import (
    ID,
    KEY_FINDING,
    PHOTO,
    RECOMMENDATION,
    TITLE,
    VOICE,
    Week,
    expected_lines,
    expected_score,
)
from tests.files_store import files_store


async def open_files(week: Week) -> None:
    """Every file of the lead's, and what the command line says beside the running bot."""
    await the_json_holds_every_answer_and_comes_back_the_same(week)
    await photos_and_voice_are_kept_with_it(week)
    await the_tables_hold_a_row_for_each_answer_and_each_case(week)
    await the_workbook_holds_the_scores(week)
    await the_page_shows_the_scores_and_the_findings(week)
    await the_draft_has_the_leads_words(week)
    await the_command_line_scores_the_same(week)


async def the_json_holds_every_answer_and_comes_back_the_same(week: Week) -> None:
    content = await week.lead.gets(f"{ID}.json")
    document = json.loads(content)
    jsonschema.validate(document, json.loads(SCHEMA.read_text("utf-8")))
    given = {case["case"]: case for case in document["cases"]}
    assert list(given) == [case.case for case in week.cases]
    for case in week.cases:
        answers = {name: answer["value"] for name, answer in given[case.case]["answers"].items()}
        assert answers | given[case.case]["profile"] == values(week, case), case.case
        assert given[case.case]["status"] in ("submitted", "agreed")
    path = week.folder / "again.json"
    path.write_bytes(content)
    await week.casewalk("import", ID, str(path), store="again")
    again = week.folder / "once-more.json"
    await week.casewalk("export", ID, "--format", "json", "--out", str(again), store="again")
    assert again.read_bytes() == content


def values(week: Week, case: Case) -> dict[str, Any]:
    state = form_state(week.form, case)
    return {question.name: state.values[question.name] for question in state.asked}


async def photos_and_voice_are_kept_with_it(week: Week) -> None:
    document = json.loads(await week.lead.gets(f"{ID}.json"))
    kept = {one["media"]: one for one in document["cases"][0]["attachments"]}
    store = files_store(week.folder / "data")  # beside the running bot
    assert await store.file(ID, kept["photo"]["file"], kept["photo"]["sha256"]) == PHOTO
    assert await store.file(ID, kept["voice"]["file"], kept["voice"]["sha256"]) == VOICE
    await store.close()


async def the_tables_hold_a_row_for_each_answer_and_each_case(week: Week) -> None:
    answers = _rows(await week.lead.gets(f"{ID}.csv"))
    found = {(row["case"], row["question"]): row["value"] for row in answers}
    assert len(found) == len(answers)
    assert found == {
        (case.case, name): value
        for case in week.cases
        for name, value in values(week, case).items()
    }
    noted = {row["kind"] for row in answers if row["note"]}
    assert {"strength", "good_practice", "quotation", "evidence"} == noted
    cases = _rows(await week.lead.gets(f"{ID}-cases.csv"))
    assert [row["case"] for row in cases] == [case.case for case in week.cases]
    own = _rows(await week.inspectors["I2"].gets(f"{ID}.csv"))
    assert {row["case"] for row in own} == {case.case for case in week.share("I2")}


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


async def the_workbook_holds_the_scores(week: Week) -> None:
    book = openpyxl.load_workbook(io.BytesIO(await week.lead.gets(f"{ID}.xlsx")))
    assert {"Summary", "Questions", "Answers", "Cases", "Recommendations"} <= set(book.sheetnames)
    shown = {cell for row in book["Summary"].iter_rows(values_only=True) for cell in row}
    for share in expected_score(week).headlines.values():
        assert share is not None
        assert percent(share) / 100 in shown
    for page in book:
        assert not any(cell.data_type == "f" for row in page.iter_rows() for cell in row)
    answers = sum(len(values(week, case)) for case in week.cases)
    assert book["Answers"].max_row >= answers
    book.close()


async def the_page_shows_the_scores_and_the_findings(week: Week) -> None:
    page = (await week.lead.gets(f"{ID}.html")).decode()
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    text = " ".join(" ".join(tree.itertext()).split())
    assert TITLE in text
    assert KEY_FINDING in text
    assert RECOMMENDATION in text
    assert not [one for one in tree.iter() if one.tag in ("script", "link")]
    for line in expected_lines(week):
        figure, _, label = line.partition(" ")
        assert figure in text
        assert label in text, label


async def the_draft_has_the_leads_words(week: Week) -> None:
    draft = docx.Document(io.BytesIO(await week.lead.gets(f"{ID}.docx")))
    texts = [paragraph.text for paragraph in draft.paragraphs]
    assert texts[0] == TITLE
    assert any(text.endswith(KEY_FINDING) for text in texts)
    assert any(RECOMMENDATION in text for text in texts)
    cells = {cell.text for table in draft.tables for row in table.rows for cell in row.cells}
    for share in expected_score(week).headlines.values():
        assert share is not None
        assert f"{percent(share)}%" in cells


async def the_command_line_scores_the_same(week: Week) -> None:
    """As can be reckoned from the answers as plainly as possible: every base and every share."""
    document = await week.score()
    plain = expected_score(week)
    assert document["cases"] == len(week.cases)
    for question in week.form.questions:
        found, expected = document["questions"][question.name], plain.questions[question.name]
        for figure in ("relevant", "counts", "unanswered"):
            assert found[figure] == expected[figure], (question.name, figure)
        assert found.get("sufficient") == expected["sufficient"], question.name
    for part in ("criteria", "sections", "headlines"):
        shares = getattr(plain, part)
        assert {name: one["percent"] for name, one in document[part].items()} == {
            name: None if share is None else percent(share) for name, share in shares.items()
        }
