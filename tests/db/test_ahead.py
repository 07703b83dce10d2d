"""What is read ahead is all that is asked for, in order, and the connection comes back."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator

import pytest
from django.db import DatabaseError, connections

from timeline.db.ahead import read_ahead

pytestmark = pytest.mark.django_db


class Dividing:
    """Asks this test's connection, wherever it is called, and keeps who called it."""

    def __init__(self) -> None:
        self.connection = connections["default"]
        self.read_by: set[int] = set()

    def __call__(self, number: int) -> int:
        self.read_by.add(threading.get_ident())
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT 12 / (%s - 5)", [number])
            (found,) = cursor.fetchone()
        if found is None:
            raise ArithmeticError("SQLite divides by nothing, and finds nothing.")
        return int(found)

    def ahead(self, *numbers: int) -> Generator[int, None, None]:
        return read_ahead(self, numbers, self.connection)


def test_all_is_read_in_order_in_another_thread() -> None:
    read = Dividing()

    assert list(read.ahead(6, 7, 8, 9)) == [12, 6, 4, 3]
    assert len(read.read_by) == 1
    assert threading.get_ident() not in read.read_by
    assert list(read.ahead()) == []


def test_no_more_than_one_is_read_that_is_not_used_yet() -> None:
    taken: list[int] = []

    def asked() -> Iterator[int]:
        for number in (6, 7, 8, 9):
            taken.append(number)
            yield number

    read = Dividing()
    found = read_ahead(read, asked(), read.connection)

    assert next(found) == 12
    assert taken == [6, 7]
    assert next(found) == 6
    assert taken == [6, 7, 8]
    found.close()


def test_who_stops_early_has_the_connection_again() -> None:
    read = Dividing()
    threads = set(threading.enumerate())
    found = read.ahead(6, 7, 8, 9)
    next(found)

    found.close()

    assert set(threading.enumerate()) == threads
    assert not read.connection.allow_thread_sharing
    assert read(6) == 12


def test_what_goes_wrong_is_said_when_its_turn_comes() -> None:
    read = Dividing()
    found = read.ahead(6, 5, 7)

    assert next(found) == 12
    with pytest.raises((ArithmeticError, DatabaseError)):
        next(found)
    assert not read.connection.allow_thread_sharing
