"""What needs a PostgreSQL server is left out of the developer's loop."""

from __future__ import annotations

import pytest


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        callspec = getattr(item, "callspec", None)
        stores = callspec.params.values() if callspec else ()
        if "postgres" in fixtures or "own_postgres" in fixtures or "postgresql" in stores:
            item.add_marker(pytest.mark.long)  # a server takes seconds to start
