"""What a new version of a pack would break for those who used the old one.

Files, stored answers and other tools' queries know questions and choices by name, so a name must
mean the same in both versions. Wording, the order of questions and new questions that are not
scored do not hurt. ``casewalk check FILE --against OLD`` lists what does.
"""

from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz, process

from criteria.instrument.check.issues import PackIssue
from criteria.instrument.pack import Form, Pack
from criteria.question import Choice, Question


def harmful_changes(old: Pack, new: Pack) -> list[PackIssue]:
    """Return every harmful change: errors lose answers, warnings alter figures."""
    return [
        *_head(old, new),
        *(issue for form in old.forms for issue in _form(form, new.form(form.name), new)),
        *_criteria(old, new),
    ]


def _head(old: Pack, new: Pack) -> Iterator[PackIssue]:
    if old.name != new.name:
        yield _lost("settings form_id", f"was {old.name!r} and is {new.name!r}", "Keep the name")
    elif old.version == new.version and old.document != new.document:
        yield _other("settings version", f"is still {new.version!r}", "Give it a new version")
    if _levels(old) != _levels(new):
        yield _other("scoring levels", "are not what they were", "Criteria get other levels now")
    holidays = [pack.document["settings"].get("holidays") for pack in (old, new)]
    if holidays[0] != holidays[1]:
        yield _other("settings holidays", "are others", "working_days() counts otherwise now")
    if old.bands != new.bands:
        yield _other("scoring bands", "are not what they were", "Scores get other comments now")


def _levels(pack: Pack) -> list[tuple[object, ...]]:
    if pack.levels is None:
        return []
    rules = [(r.name, r.each, r.most, r.some, r.others) for r in pack.levels.rules]
    return [*rules, *((choice.name,) for choice in pack.levels.items.choices)]


def _form(old: Form, new: Form | None, pack: Pack) -> Iterator[PackIssue]:
    if new is None:
        near = _near(old.name, (form.name for form in pack.forms))
        yield _lost(f"form {old.name}", "is gone", "Keep the form and its name", near)
        return
    added = [question for question in new.questions if question.name not in old.by_name]
    for question in old.questions:
        place = f"form {old.name}, question {question.name} ({question.number})"
        if (now := new.by_name.get(question.name)) is not None:
            yield from _question(place, question, now)
        else:
            same = tuple(one.name for one in added if one.label == question.label)
            near = same or _near(question.name, (one.name for one in added))
            yield _lost(place, "is gone", "Keep the name: its answers are stored under it", near)
    counted = {question.criterion for question in old.questions}
    for question in added:
        if question.is_scored and question.criterion in counted:
            place = f"form {new.name}, question {question.name} ({question.number})"
            what = f"is new and counts towards {question.criterion}"
            yield _other(place, what, "Its score alters")


def _question(place: str, old: Question, new: Question) -> Iterator[PackIssue]:
    if old.type is not new.type:
        what = f"was {old.type.name} and is {new.type.name}"
        yield _lost(place, what, "Give a question of another type a new name")
        return
    if old.profile != new.profile:
        yield _lost(place, "moved between profile and survey", "Leave it where it was")
    yield from _choices(place, old, new)
    for allowed, was, now in (("na", old.na, new.na), ("not_known", old.not_known, new.not_known)):
        if was and not now:
            yield _lost(place, f"no longer allows {allowed}", f"Allow {allowed} as before")
    if old.criterion != new.criterion:
        what = f"counted towards {old.criterion} and counts towards {new.criterion}"
        yield _other(place, what, "Both criteria have other scores now")
    if old.is_scored != new.is_scored and old.criterion == new.criterion:
        yield _other(place, "changed whether it is scored", "Its criterion has another score now")
    if set(old.headlines) != set(new.headlines):
        yield _other(place, "counts towards other headlines", "They have other figures now")
    for name in ("relevant", "calculation", "constraint"):
        was, now = getattr(old, name), getattr(new, name)
        if (was and was.source) != (now and now.source):
            yield _other(place, f"has another {name}", "Its base may not be what it was")


def _choices(place: str, old: Question, new: Question) -> Iterator[PackIssue]:
    listed = {choice.name: choice for choice in new.choices}
    for choice in old.choices:
        now = listed.get(choice.name)
        where = f"{place}, choice {choice.name}"
        if now is None:
            near = _near(choice.name, listed)
            yield _lost(where, "is gone", "Keep it: answers are stored under its name", near)
        elif (choice.sufficient, choice.is_na) != (now.sufficient, now.is_na):
            what = f"was {_said(choice)} and is {_said(now)}"
            yield _other(where, what, "Give a choice of another meaning a new name")


def _said(choice: Choice) -> str:
    if choice.is_na:
        return "out of the base"
    return {True: "sufficient", False: "not sufficient", None: "a plain fact"}[choice.sufficient]


def _criteria(old: Pack, new: Pack) -> Iterator[PackIssue]:
    for name in old.criteria:
        place, now = f"criterion {name}", new.criteria.get(name)
        if now is None:
            near = _near(name, new.criteria)
            yield _lost(place, "is gone", "Keep it, or compare by other means", near)
        elif _counts(old, name) != _counts(new, name):
            what = "has another weight, section or method"
            yield _other(place, what, "The sections have other scores now")


def _counts(pack: Pack, name: str) -> tuple[object, ...]:
    criterion = pack.criteria[name]
    by_levels = next(one.by_levels for one in pack.sections if one.name == criterion.section)
    return criterion.weight, criterion.section, by_levels


def _near(name: str, names: Iterable[str]) -> tuple[str, ...]:
    found = process.extractOne(name, list(names), scorer=fuzz.ratio, score_cutoff=66)
    return (found[0],) if found else ()


def _lost(place: str, problem: str, remedy: str, near: tuple[str, ...] = ()) -> PackIssue:
    return PackIssue("change_loses_answers", "error", place, problem, f"{remedy}.", near)


def _other(place: str, problem: str, remedy: str) -> PackIssue:
    return PackIssue("change_alters_figures", "warning", place, problem, f"{remedy}.")
