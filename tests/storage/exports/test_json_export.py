"""The JSON export is the inspection file."""

from __future__ import annotations

import json

from criteria.case import Case
from storage.exports.json_export import inspection_json
from storage.inspection_file import read_inspection_file
from tests.storage.exports.filled import report_of
from tests.storage.tiny import tiny_cases, tiny_pack


def test_it_reads_back_as_the_same_cases() -> None:
    second = Case("C002", "case-file", "I2", reading=2)
    report = report_of(tiny_pack(), tiny_cases(), second_readings=[second])
    read = read_inspection_file(inspection_json(report), lambda _: tiny_pack())
    assert list(read.cases) == tiny_cases()
    assert list(read.second_readings) == [second]


def test_it_says_its_format() -> None:
    document = json.loads(inspection_json(report_of(tiny_pack(), [])))
    assert document["format"].startswith("casewalk-inspection/")
    assert document["cases"] == []
