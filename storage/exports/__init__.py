"""The ways out: an inspection and its cases as a file for other tools."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from criteria.case import Case
from criteria.inspection import Inspection
from criteria.pack import Pack
from storage.exports.csv_export import answers_csv
from storage.inspection_file import dump_document, inspection_document

Export = Callable[[Inspection, Pack, Sequence[Case]], bytes]


def _json(inspection: Inspection, pack: Pack, cases: Sequence[Case]) -> bytes:
    return dump_document(inspection_document(inspection, pack, cases))


def _csv(inspection: Inspection, pack: Pack, cases: Sequence[Case]) -> bytes:
    return answers_csv(inspection, pack, cases).encode()


EXPORTS: Final[Mapping[str, Export]] = {"json": _json, "csv": _csv}
"""By format, as ``casewalk export --format`` and ``/export`` name it."""
