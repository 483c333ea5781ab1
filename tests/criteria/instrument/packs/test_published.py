"""The page of published figures is what the tests compare."""

from __future__ import annotations

from tests import ROOT
from tests.criteria.instrument.packs.published import reports, table

PAGE = ROOT / "docs" / "figures.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == table()


def test_every_report_has_figures_that_come_out() -> None:
    assert len(reports()) == 6
    assert all(report.compared > len(report.misprinted) for report in reports())
