"""A database's address, and the driver's errors as ours."""

from __future__ import annotations

import psycopg
import pytest

from storage.errors import Conflict, NotSaved, StoreError, Unreachable
from storage.postgres_database import read_address, translated


def test_an_address_is_read_into_the_drivers_arguments() -> None:
    read = read_address("postgresql://me:p%40ss@db.example:5433/casewalk")
    assert (read["user"], read["password"], read["host"], read["port"], read["dbname"]) == (
        *("me", "p@ss", "db.example", "5433", "casewalk"),
    )


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:p@ss@db/casewalk",
        "postgresql://me:p/ss@db/casewalk",
        "postgresql://me:p#ss@db/casewalk",
        "postgresql:me:pss@db",
    ],
)
def test_a_careless_password_is_refused_and_not_shown(address: str) -> None:
    with pytest.raises(StoreError, match="%40 for @") as caught:
        read_address(address)
    assert "ss@" not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (psycopg.errors.UniqueViolation("secret"), Conflict, "somebody else"),
        (psycopg.errors.SerializationFailure("secret"), Conflict, "somebody else"),
        (psycopg.errors.DiskFull("secret"), NotSaved, "disk is full"),
        (psycopg.errors.InvalidPassword("secret"), NotSaved, "user or the password"),
        (psycopg.errors.UntranslatableCharacter("secret"), NotSaved, "a text or a number"),
        (psycopg.errors.SyntaxError("secret"), NotSaved, "SQLSTATE 42601"),
        (psycopg.OperationalError("secret"), Unreachable, "cannot be reached"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_the_drivers_errors_become_ours_without_what_they_say(
    error: psycopg.Error, kind: type[StoreError], said: str
) -> None:
    ours = translated(error)
    assert type(ours) is kind
    assert said in str(ours)
    assert "secret" not in str(ours)
