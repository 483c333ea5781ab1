"""The names of logs and blobs."""

from __future__ import annotations

import pytest

from criteria.case import CaseKey
from storage.errors import StoreError
from storage.logs import case_log, chat_log, evidence_blob, is_inspection_id


def test_a_cases_log_stands_in_its_inspection() -> None:
    key = CaseKey("C001", "case-file", 2)
    assert case_log("week", key) == "inspections/week/cases/C001~case-file~2"


@pytest.mark.parametrize("name", ["../a", "", "a/b"])
def test_no_name_leads_out_of_its_folder(name: str) -> None:
    assert not is_inspection_id(name)
    with pytest.raises(StoreError, match="a chat"):
        chat_log(name)
    with pytest.raises(StoreError, match="name of a file"):
        evidence_blob("week", name)


def test_an_inspections_id_is_any_name_of_a_folder() -> None:
    assert is_inspection_id("cheshire-2011")
