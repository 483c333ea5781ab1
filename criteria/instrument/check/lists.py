"""Check the choice lists: no two answers are called alike, and scales are complete."""

from collections.abc import Sequence

from criteria.instrument.check.draft import Draft, DraftQuestion, Path, said_of, text_of
from criteria.instrument.check.issues import listed
from criteria.instrument.check.report import Report
from criteria.instrument.pack import JSON
from criteria.match_choice import normalise
from criteria.question import NA, OUT_OF_BASE, RESERVED_WORDS


def check_lists(report: Report, draft: Draft) -> None:
    users: dict[str, list[DraftQuestion]] = {}
    for question in draft.questions:
        users.setdefault(question.list_name, []).append(question)
    for name, choices in draft.lists.items():
        if name not in users:
            report.add(("choices", name), "list_unused", name=name)
        for path, choice in choices:
            if (answer := text_of(choice.get("name"))) in OUT_OF_BASE:
                report.add((*path, "name"), "name_reserved", name=answer)
        reserved = [one for one in OUT_OF_BASE if any(q.allows(one) for q in users.get(name, ()))]
        _check_answers_apart(report, choices, sorted(reserved))
        if name in draft.scales:
            _check_scale(report, ("choices", name), [choice for _, choice in choices])


def _check_answers_apart(
    report: Report, choices: Sequence[tuple[Path, JSON]], reserved: Sequence[str]
) -> None:
    """A text that people type or read names one choice, and never N/A or not known."""
    taken: dict[str, dict[tuple[str, str | None], None]] = {}
    for path, choice in choices:
        name = text_of(choice.get("name"))
        for place, text, language in said_of(path, choice):
            word = normalise(text)
            if report.is_faulty(place):
                continue
            others = taken.setdefault(word, {})
            for other, spoken in others:
                if other != name and (spoken == language or None in (spoken, language)):
                    report.add(place, "answer_ambiguous", text=text, other=other)
                    break
            others[name, language] = None
            for meaning in reserved:
                if word in RESERVED_WORDS[meaning] and place[-1] != "name":
                    said = "N/A" if meaning == NA else "Not known"
                    report.add(place, "answer_reserved", text=text, meaning=said)


def _check_scale(report: Report, path: Path, choices: Sequence[JSON]) -> None:
    steps = [choice for choice in choices if choice.get("is_na") is not True]
    silent = [choice for choice in steps if "sufficient" not in choice]
    said = {choice["sufficient"] is True for choice in steps if "sufficient" in choice}
    if silent:
        names = listed((text_of(choice.get("name")) for choice in silent), ", ")
        report.add(path, "scale_half_said", names=names)
    elif True not in said:
        report.add(path, "scale_never_sufficient")
    elif said == {True}:
        report.add(path, "scale_always_sufficient")
