"""A filled report of every instrument."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from criteria.instrument.load import pack_names, read_pack
from storage.exports.report import InspectionReport
from tests.storage.exports.filled import filled_cases, report_of
from tests.storage.exports.read_back import opened

SMALLEST = "movement-of-cases-2004"
PACKS = [
    pytest.param(name, marks=() if name == SMALLEST else pytest.mark.long) for name in pack_names()
]


@pytest.fixture(scope="session", params=PACKS)
def filled(request: pytest.FixtureRequest) -> tuple[InspectionReport, Workbook]:
    pack = read_pack(request.param)
    report = report_of(pack, filled_cases(pack))
    return report, opened(report)
