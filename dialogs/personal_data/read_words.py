"""The words that recognise personal data: one a line in ``words/*.txt``; ``#`` begins a comment.

They hold no person's data, only common names and the words of the services.
"""

from importlib.resources import files


def read_words(name: str) -> frozenset[str]:
    """Return the words of ``words/<name>.txt``."""
    lines = files(__package__).joinpath("words", f"{name}.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
