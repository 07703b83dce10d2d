"""The next that is wanted of the database, read while the one before is used."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from django.db.backends.base.base import BaseDatabaseWrapper

_Asked = TypeVar("_Asked")
_Read = TypeVar("_Read")


def read_ahead(
    read: Callable[[_Asked], _Read], asked: Iterable[_Asked], connection: BaseDatabaseWrapper
) -> Generator[_Read, None, None]:
    """What ``read`` finds for each of ``asked``, by ``connection``; one of them ahead.

    It is read in a thread of its own. Both drivers let other threads go on while a statement runs,
    and until what is returned ends, or is closed, nobody else may use the connection.
    """
    coming: Future[_Read] | None = None
    connection.inc_thread_sharing()
    try:
        with ThreadPoolExecutor(max_workers=1) as reader:
            for one in asked:
                found, coming = coming, reader.submit(read, one)
                if found:
                    yield found.result()
            if coming:
                yield coming.result()
    finally:
        connection.dec_thread_sharing()
