"""Invented notes, with and without personal data."""

from __future__ import annotations

from dialogs.personal_data import personal_data


def kinds(note: str) -> list[str]:
    return [found.kind for found in personal_data(note)]
