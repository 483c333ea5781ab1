"""A pack of 150 questions to walk: as long as the longest published instrument, and as wired."""

from __future__ import annotations

from typing import Any, Final

QUESTIONS: Final = 150
CRITERIA: Final = 10
FORM: Final = "case-file"
FIRST_CHOICE: Final = "Yes"
"""What the inspectors of the benchmarks tap: the question after it then always applies."""


def long_pack() -> dict[str, Any]:
    """The pack's document. Each third question applies only where the one before it is "yes"."""
    return {
        "settings": {
            "form_id": "long-walk",
            "form_title": "A long walk",
            "version": "1.0.0",
            "default_language": "en",
        },
        "choices": {
            "yes_no": [
                {"name": "yes", "label": FIRST_CHOICE, "sufficient": True, "aliases": ["y"]},
                {"name": "no", "label": "No", "sufficient": False, "aliases": ["n"]},
            ]
        },
        "sections": [
            {
                "name": "s1",
                "label": "Assessment and planning",
                "criteria": [
                    {"name": f"c{place}", "number": f"1.{place}", "label": f"Criterion {place}"}
                    for place in range(1, CRITERIA + 1)
                ],
            }
        ],
        "forms": [
            {
                "name": FORM,
                "label": "Case file",
                "subject": "case",
                "survey": [_question(number) for number in range(1, QUESTIONS + 1)],
            }
        ],
    }


def _question(number: int) -> dict[str, Any]:
    question: dict[str, Any] = {
        "type": "select_one yes_no",
        "name": question_name(number),
        "number": f"1.{number}",
        "label": f"Was the plan of step {number} made in time, and with the offender taking part?",
        "hint": "Within fifteen working days of the order or of release.",
        "criterion": f"c{(number - 1) * CRITERIA // QUESTIONS + 1}",
        "na": True,
        "not_known": True,
    }
    if number % 3 == 0:
        question["relevant"] = f"${{{question_name(number - 1)}}} = 'yes'"
    return question


def question_name(number: int) -> str:
    return f"q{number:03d}"
