"""The types of question: a file here that holds a ``TYPE`` is a new type everywhere."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from criteria.question import QuestionType


def type_in(module: str) -> QuestionType:
    """The type that a file of this package holds. Raises ``TypeError`` where it holds none."""
    found = getattr(import_module(f"{__name__}.{module}"), "TYPE", None)
    if not isinstance(found, QuestionType):
        raise TypeError(f"{__name__}/{module}.py holds no question type; set TYPE to one")
    return found


TYPES: Final[Mapping[str, QuestionType]] = {
    kind.name: kind for kind in (type_in(module.name) for module in iter_modules(__path__))
}
"""Every type by its name in a pack."""
