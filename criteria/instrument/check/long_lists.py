"""Check which choice lists do not fit on one card of a chat: people get them page by page."""

from collections.abc import Mapping

from criteria.instrument.check.draft import Draft, text_of
from criteria.instrument.check.report import Report
from criteria.pages import are_long


def check_long_lists(report: Report, draft: Draft) -> None:
    used = {question.list_name for question in draft.questions}
    for name, choices in draft.lists.items():
        labels = [_label(choice.get("label")) for _, choice in choices]
        if name in used and are_long(labels):
            report.add(("choices", name), "list_long", name=name, count=len(labels))


def _label(raw: object) -> Mapping[str, str]:
    if isinstance(raw, dict):
        return {language: text_of(text) for language, text in raw.items()}
    return {"": text_of(raw)}
