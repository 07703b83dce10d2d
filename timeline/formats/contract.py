"""What a format is, and what it is told beside the records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeAlias

# A record in the shape in which the API shows it to the public.
Record: TypeAlias = Mapping[str, Any]

# Small pieces cost a system call each; this many bytes are passed on together.
_CHUNK = 32_768


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """Of the export as a whole, each of which has its own.

    ``self_url`` is the address of this very export, ``site_url`` what the addresses of pages begin
    with, ``updated`` the last change of anything in it in RFC 3339, if that is known.
    """

    title: str
    self_url: str
    site_url: str
    updated: str | None = None
    description: str = ""

    def page(self, resource: str, record: Record | None) -> str:
        """The address at which readers find a record, or nothing for no record."""
        identity = (record or {}).get("id")
        return f"{self.site_url.rstrip('/')}/{resource}/{identity}" if identity else ""


Write: TypeAlias = Callable[[Iterable[Any], Context], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Format:
    """One way of writing records: ``write`` streams, and holds one record at a time.

    ``is_json`` says that it takes records that are JSON already as they are, ``reads`` which members
    of an event it reads, such as ``place.name``; if none are named, it reads all.
    """

    suffix: str
    media_type: str
    filename_suffix: str
    write: Write
    description: str
    is_json: bool = False
    reads: tuple[str, ...] = ()


def gathered(write: Write) -> Write:
    """The same bytes in chunks worth sending."""

    @wraps(write)
    def write_chunks(records: Iterable[Record], context: Context) -> Iterator[bytes]:
        held = bytearray()
        for piece in write(records, context):
            held += piece
            if len(held) >= _CHUNK:
                yield bytes(held)
                held.clear()
        if held:
            yield bytes(held)

    return write_chunks
