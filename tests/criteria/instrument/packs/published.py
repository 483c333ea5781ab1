"""How many of each report's printed figures come out, and which do not: the table of the docs.

``python -m tests.criteria.instrument.packs.published > docs/figures.md`` writes it anew; a test
holds the two together. The figures are compared one by one in the tests of each instrument; here
they are counted.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.bot import test_published_figures as movement
from tests.criteria.instrument.packs import test_area_questionnaire as areas
from tests.criteria.instrument.packs import test_esi as esi
from tests.criteria.instrument.packs import test_omi2 as omi2
from tests.criteria.instrument.packs import test_risk_of_harm as risk
from tests.criteria.instrument.packs import test_transforming_rehabilitation as rehabilitation
from tests.movement import ROWS


@dataclass(frozen=True)
class Report:
    """``compared`` figures, of which those in ``misprinted`` come out otherwise than printed."""

    title: str
    tests: str
    compared: int
    misprinted: dict[str, str]
    not_compared: dict[str, str]


def reports() -> list[Report]:
    misprints = {
        f"{row}, {choice}": f"printed {printed}%, and {found}% by rounding half up"
        for (row, choice), (printed, found) in movement.MISPRINTS.items()
    }
    printed_risk = {
        f"{name}: {choice} {printed}%" for (name, choice), (printed, _) in risk.MISPRINTS.items()
    }
    return [
        Report(
            "Movement of Cases, 2004 (000), Appendix 2",
            "tests/bot/test_published_figures.py",
            sum(len(row["printed"]) for row in ROWS),
            misprints,
            {},
        ),
        Report(
            "Movement of Cases, 2004 (000), Appendix 3",
            "tests/criteria/instrument/packs/test_area_questionnaire.py",
            len(areas.FIGURES),
            {},
            areas.NOT_REPRODUCED,
        ),
        Report(
            "Putting Risk of Harm in Context, 2006 (002)",
            "tests/criteria/instrument/packs/test_risk_of_harm.py",
            sum(risk.FIGURES.values()),
            {name: why for name, why in risk.NOT_REPRODUCED.items() if name in printed_risk},
            {name: why for name, why in risk.NOT_REPRODUCED.items() if name not in printed_risk},
        ),
        Report(
            "ESI follow-up, Gloucestershire, 2006 (003)",
            "tests/criteria/instrument/packs/test_esi.py",
            len(esi.FIGURES)
            + sum(
                len(part)
                for inspection in esi.PRINTED.values()
                for part in (inspection["criteria"], inspection["sections"])
            ),
            {},
            esi.NOT_REPRODUCED,
        ),
        Report(
            "OMI 2, Cheshire, 2011 (004)",
            "tests/criteria/instrument/packs/test_omi2.py",
            len(omi2.FIGURES),
            {
                name: f"printed {printed}, and it is {found}: {why}"
                for name, (printed, found, why) in omi2.NOT_REPRODUCED.items()
            },
            {},
        ),
        Report(
            "Transforming Rehabilitation, 2014 (001)",
            "tests/criteria/instrument/packs/test_transforming_rehabilitation.py",
            len(rehabilitation.FIGURES),
            {},
            rehabilitation.NOT_REPRODUCED,
        ),
    ]


WORDS = (
    "",
    "## Two columns of the exported answers",
    "",
    "- `relevant` is 1 where the question applies to the case, also of an N/A; 0 of an answer that",
    "  is kept though its question no longer applies.",
    "- `in_base` is 1 where the percentage divides by the answer: not of N/A, not known, an answer",
    "  that no longer applies, or a second reading. Added up by question it is what",
    "  `casewalk score --json` calls `relevant`.",
)


def table() -> str:
    """The page ``docs/figures.md``."""
    lines = [
        "# Published figures that come out",
        "",
        "For each report an inspection is built whose answers have the counts that it prints, or,",
        "where it prints only percentages, counts that give them (the data files beside the tests",
        "say which). Casewalk scores it, and every figure is compared with the printed one. Where",
        "a report prints percentages without counts, this shows that its figures hold together and",
        "follow from its rules; it does not show what the inspectors counted. What is *not",
        "compared* is left out by these tests, for the reason given; it may be right or wrong.",
        "",
        "Run `make tests` for all of it.",
        "`python -m tests.criteria.instrument.packs.published` makes this page.",
        "",
        "| report | figures compared | come out as printed | tests |",
        "|---|---|---|---|",
    ]
    for report in reports():
        come_out = report.compared - len(report.misprinted)
        lines.append(f"| {report.title} | {report.compared} | {come_out} | `{report.tests}` |")
    for report in reports():
        named = {"Come out otherwise": report.misprinted, "Not compared": report.not_compared}
        if not any(named.values()):
            continue
        lines += ["", f"## {report.title}"]
        for heading, reasons in named.items():
            if reasons:
                lines += ["", f"{heading}:", ""]
                lines += [f"- {name}: {why}" for name, why in reasons.items()]
    return "\n".join([*lines, *WORDS]) + "\n"


if __name__ == "__main__":
    print(table(), end="")
