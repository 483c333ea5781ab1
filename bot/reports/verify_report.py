"""What was found of a draft's figures, as text for a person: what ``casewalk verify`` prints."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from bot.messages import say
from criteria.verify.verify import Finding, Level

WIDTH = 100
PLACES_NAMED = 3
"""How many places are named of those that were not checked for one reason, unless all are."""


def verify_report(
    findings: Sequence[Finding], *, name_all: bool = False, quiet: bool = False
) -> str:
    """What cannot be first, then what is odd; what was not checked; what fits only so; how many.

    What follows from a finding stands under it. ``name_all``: every place that was not checked, a
    line each. ``quiet`` leaves out what fits.
    """
    lines: list[str] = []
    for level, heading in (
        (Level.CANNOT_BE, say("verify-cannot-be")),
        (Level.ODD, say("verify-odd")),
    ):
        found = [one for one in findings if one.level is level]
        if found:
            lines += [f"{heading}: {len(found)}", *_by_report(found), ""]
    unchecked = [one for one in findings if one.level is Level.NOT_CHECKED]
    if unchecked:
        lines += [
            say("verify-not-checked", count=len(unchecked)),
            *_reasons(unchecked, name_all=name_all),
            "",
        ]
    supposing = [one for one in findings if one.level is Level.FITS and one.would_fit]
    if supposing and not quiet:
        lines += [say("verify-only-so", count=len(supposing)), *_suppositions(supposing), ""]
    return _printable("\n".join([*lines, *_counts(findings)]))


def exit_code(findings: Iterable[Finding]) -> int:
    """1 if something cannot be, for a script; else 0."""
    return int(any(one.level is Level.CANNOT_BE for one in findings))


def _by_report(findings: Iterable[Finding]) -> Iterator[str]:
    reports: defaultdict[str, list[Finding]] = defaultdict(list)
    for one in findings:
        reports[one.report].append(one)
    for report, found in reports.items():
        if report:
            yield f" {report}"
        for one in found:
            yield from _indented(one.place, 2)
            yield from _indented(one.what, 4)
            if one.would_fit:
                yield from _indented(say("verify-would-fit", would_fit=one.would_fit), 4)
            yield from _effects(one)


def _effects(cause: Finding) -> Iterator[str]:
    """What follows from a finding, a line each: putting the one right puts them right."""
    if cause.effects:
        yield from _indented(say("verify-effects", count=len(cause.effects)), 4)
    for one in cause.effects:
        yield from _indented(f"{one.place}: {one.what}", 6)


def _reasons(findings: Iterable[Finding], *, name_all: bool) -> Iterator[str]:
    """Many figures are not checked for the same reason: each reason once, the commonest first.

    A reason that others follow from stands before them.
    """
    reasons: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for one in findings:
        if one.effects:
            yield from _indented(one.place, 2)
            yield from _indented(one.what, 4)
            yield from _indented(say("verify-write", would_fit=one.would_fit), 4)
            yield from _effects(one)
    for one in findings:
        if one.effects:
            continue
        reasons[one.what, one.would_fit].append(one.place)
    for (what, would_fit), places in sorted(reasons.items(), key=lambda one: -len(one[1])):
        yield from _indented(f"{len(places)} × {what}", 2)
        if would_fit:
            yield from _indented(say("verify-write", would_fit=would_fit), 4)
        if name_all:
            for place in places:
                yield from _indented(place, 4)
            continue
        named = "; ".join(places[:PLACES_NAMED])
        more = len(places) - PLACES_NAMED
        rest = say("verify-more", count=more) if more > 0 else ""
        yield from _indented(f"{named}{rest}", 4)


def _suppositions(findings: Iterable[Finding]) -> Iterator[str]:
    for one in findings:
        yield from _indented(
            say("verify-with", place=one.place, what=one.what, would_fit=one.would_fit), 2
        )


def _counts(findings: Sequence[Finding]) -> Iterator[str]:
    number = {level: sum(one.level is level for one in findings) for level in Level}
    checked = len(findings) - number[Level.NOT_CHECKED]
    follow = sum(len(one.effects) for one in findings)
    yield say(
        "verify-counts",
        checked=checked,
        cannot_be=number[Level.CANNOT_BE],
        odd=number[Level.ODD],
        fit=number[Level.FITS],
        not_checked=number[Level.NOT_CHECKED],
    )
    if follow:
        yield say("verify-follow", count=follow)


def _indented(text: str, depth: int) -> list[str]:
    space = " " * depth
    return wrap(text, WIDTH, initial_indent=space, subsequent_indent=f"{space}  ")


def _printable(text: str) -> str:
    """The texts are a file's own: nothing in them may steer the terminal."""
    return "".join(
        one if one.isprintable() or one == "\n" else "\N{REPLACEMENT CHARACTER}" for one in text
    )
