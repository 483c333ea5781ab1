"""Check a pack and list every problem, in the order of the document.

:func:`check_pack` first checks the document's shape against the published JSON Schema
(``pack.schema.json``), then what a schema cannot say: references, scales, labels, bands, levels,
tables, questions that can never be asked. It accepts any document, and never raises.
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator

from criteria.instrument.check.draft import Draft
from criteria.instrument.check.expressions import check_expressions
from criteria.instrument.check.issues import PackIssue, pack_issue, quoted
from criteria.instrument.check.levels import check_levels
from criteria.instrument.check.lists import check_lists
from criteria.instrument.check.long_lists import check_long_lists
from criteria.instrument.check.names import check_labels, check_names, check_numbers
from criteria.instrument.check.questions import check_questions
from criteria.instrument.check.report import Report
from criteria.instrument.check.scoring import check_scoring
from criteria.instrument.check.shape import MAX_DEPTH, check_shape, check_values, validator_of
from criteria.instrument.check.tables import check_sample_lists, check_tables
from criteria.instrument.pack import MAX_SIZE
from criteria.question_types import TYPES

SCHEMA: Final = Path(__file__).parents[1] / "pack.schema.json"

CHECKS: Final[tuple[Callable[[Report, Draft], None], ...]] = (
    check_names,
    check_numbers,
    check_labels,
    check_lists,
    check_long_lists,
    check_questions,
    check_expressions,
    check_scoring,
    check_levels,
    check_tables,
    check_sample_lists,
)
"""The checks beyond the schema. A check may skip a place where an earlier check found a problem."""


def check_pack_text(text: str) -> list[PackIssue]:
    """Return every problem of a pack's file, including invalid JSON and repeated keys."""
    if len(text) > MAX_SIZE:
        return [pack_issue("too_large", "the pack", kilobytes=MAX_SIZE // 1_000)]
    try:
        document = json.loads(text, object_pairs_hook=_Object)
    except json.JSONDecodeError as exc:
        place = f"line {exc.lineno}, column {exc.colno}"
        return [pack_issue("not_json", place, what=exc.msg)]
    except RecursionError:
        return [pack_issue("nested_too_deeply", "the pack", depth=MAX_DEPTH)]
    except ValueError as exc:  # a number of more digits than Python reads
        return [pack_issue("not_json", "the pack", what=exc)]
    return check_pack(document)


def check_pack(document: Any) -> list[PackIssue]:
    report = Report(document)
    if not isinstance(document, dict):
        report.add((), "not_an_object", value=quoted(document))
    elif check_values(report):
        check_shape(report, _validator(type_pattern()))
        draft = Draft(document)
        for check in CHECKS:
            check(report, draft)
    return report.in_order()


class _Object(dict[str, Any]):
    __slots__ = ("repeated",)

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        counts = Counter(key for key, _ in pairs) if len(pairs) != len(self) else {}
        self.repeated = tuple(key for key, count in counts.items() if count > 1)


def type_pattern() -> str:
    """What a question's ``type`` may be, as the published schema says it too."""
    names = (f"{name} +\\S+" if kind.takes_list else name for name, kind in TYPES.items())
    return f"^({'|'.join(names)})$"


@lru_cache(maxsize=1)
def _validator(types: str) -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    schema["$defs"]["question"]["properties"]["type"]["pattern"] = types
    return validator_of(schema)
