"""One row of an import, read and checked without asking the database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeVar

import orjson
from django.conf import settings

from timeline.db.dates import read_edtf
from timeline.errors import Flaw
from timeline.models import ActorKind, Assessment, Status
from timeline.services.imports.columns import Columns
from timeline.services.imports.members import Members, composed
from timeline.services.limits import MAX_LINKS, MAX_OBJECT
from timeline.services.strict_json import Unsound, read_json
from timeline.temporal import Edtf, EdtfError, parse_words

MAX_LINE = 1_000_000
# So many places, actors and sources are known by what was written of them, if it is not long.
KEPT = 5_000
SHORT = 1000
_as_json = json.JSONEncoder(ensure_ascii=False).encode
STATUSES, ASSESSMENTS = Status.values, Assessment.values

Spec = TypeVar("Spec")


@dataclass(frozen=True, slots=True)
class PlaceSpec:
    """A place as a row names it."""

    name: str
    country: str = ""
    region: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class ActorSpec:
    """An actor as a row names it, and the role it had."""

    name: str
    kind: str
    role: str
    aliases: tuple[str, ...] = ()
    note: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A source as a row names it."""

    title: str
    url: str | None = None
    publisher: str = ""
    published: Edtf | None = None


@dataclass(slots=True)
class Row:
    """A row that can be written."""

    line: int
    dataset: str
    external_id: str
    given: dict[str, Any]
    values: dict[str, Any]
    place: PlaceSpec | None
    actors: list[ActorSpec]
    sources: list[SourceSpec]
    tags: list[str]
    warnings: list[str]
    # The columns of the table that it stands in; None if it is whole.
    table: Columns | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.dataset, self.external_id

    @property
    def date(self) -> Edtf | None:
        return self.values["date"]

    @property
    def written(self) -> str:
        """The row as it is kept, to tell whether it has changed when it comes again."""
        return orjson.dumps(self.given, option=orjson.OPT_SORT_KEYS).decode()


@dataclass(slots=True)
class BadRow:
    """A row that cannot be written, and why."""

    line: int
    flaws: list[Flaw]
    external_id: str = ""


class Known:
    """What rows name again and again: each place, actor and source is read once."""

    def __init__(self) -> None:
        self._specs: dict[tuple[Any, str], Any] = {}

    def read(
        self,
        how: Callable[..., Spec],
        data: dict[str, Any],
        reader: Members,
        path: tuple[str | int, ...],
        *more: Any,
    ) -> Spec:
        """What ``how`` makes of this object within another; kept if there is nothing to tell of it."""
        # As text, for these bytes hold on to far more room than they fill.
        key = (how, orjson.dumps(data).decode())
        if (known := self._specs.get(key)) is not None:
            return known
        one, warnings = reader.within(data, *path), more[0]
        told = len(one.flaws), len(warnings)
        spec = how(one, *more)
        if told == (len(one.flaws), len(warnings)) and len(key[1]) <= SHORT:
            if len(self._specs) == KEPT:
                del self._specs[next(iter(self._specs))]
            self._specs[key] = spec
        return spec


def read_rows(file: BinaryIO) -> Iterator[Row | BadRow]:
    """The rows of a JSON Lines file, in order; what cannot be read comes as a bad row."""
    number, known = 0, Known()
    while line := file.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_LINE + 1)
            yield bad(number, "too-long", f"The line is longer than {MAX_LINE} bytes.")
            continue
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip():
            yield _read_line(number, line, known)


def bad(line: int, code: str, detail: str) -> BadRow:
    return BadRow(line, [Flaw((), code, detail)])


def _read_line(number: int, line: bytes, known: Known) -> Row | BadRow:
    try:
        data = read_json(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        return bad(number, "not-utf-8", f"The line is not UTF-8 (byte {error.start + 1}).")
    except json.JSONDecodeError as error:
        hint = "" if line.endswith(b"\n") else " The file may have been cut off."
        return bad(number, "not-json", f"The line is no JSON: {error}.{hint}")
    except Unsound as error:
        return bad(number, error.code, str(error))
    if not isinstance(data, dict):
        return bad(number, "not-an-object", "The line is one JSON object, {…}.")
    return read_row(number, data, known)


def read_row(number: int, data: dict[str, Any], known: Known | None = None) -> Row | BadRow:
    """Check one row as ``POST /imports`` takes it."""
    known = known or Known()
    flaws: list[Flaw] = []
    warnings: list[str] = []
    reader = Members(data, (), flaws)
    extra = _extra(reader)
    dataset = reader.text("dataset", 100, needed=True)
    external_id = reader.text("external_id", 200, needed=True)
    values: dict[str, Any] = {
        "title": reader.text("title", 500, needed=True),
        "summary": reader.text("summary", 20_000),
        "status": reader.choice("status", STATUSES, Status.OCCURRED.value),
        "assessment": reader.choice("assessment", ASSESSMENTS, Assessment.UNASSESSED.value),
        "kind": reader.text("kind", 80),
        "image": reader.url("image"),
        **_date(reader, warnings, extra),
    }
    row = Row(
        line=number,
        dataset=dataset,
        external_id=external_id,
        given=data,
        values=values | {"extra": extra},
        place=known.read(_place, place, reader, ("place",), warnings, extra)
        if (place := _of_place(reader))
        else None,
        actors=[
            known.read(_actor, one, reader, ("actors", number), warnings)
            for number, one in enumerate(reader.objects("actors"))
        ],
        sources=[
            known.read(_source, one, reader, ("sources", number), warnings)
            for number, one in enumerate(reader.objects("sources"))
        ],
        tags=_tags(reader),
        warnings=warnings,
    )
    for name in reader.unread():
        extra.setdefault(name, data[name])
        warnings.append(f"“{name}” is no member of a row; it is kept in “extra”.")
    if extra and len(_as_json(extra).encode()) > MAX_OBJECT:
        reader.refuse("extra", "too-long", f"“extra” has at most {MAX_OBJECT} bytes as JSON.")
    return BadRow(number, flaws, external_id) if flaws else row


def _date(reader: Members, warnings: list[str], extra: dict[str, Any]) -> dict[str, Any]:
    edtf, words = reader.text("edtf", 500), reader.text("date_text", 500)
    date = None
    try:
        if edtf:
            date = read_edtf(edtf)
        elif words:
            date = parse_words(words, zone=settings.DEFAULT_ZONE)
    except EdtfError as error:
        if edtf or "edtf" not in reader.data:
            reader.refuse("edtf" if edtf else "date_text", error.code, str(error))
        else:
            # The row says itself that it has no date. Its words are not lost, and make none up.
            extra.setdefault("date_text", words)
            warnings.append(f"“{words}” is no date; it is kept in “extra” as “date_text”.")
            words = ""
    return {"date": date, "date_text": words}


def _extra(reader: Members) -> dict[str, Any]:
    value = reader.take("extra")
    if value is None:
        return {}
    if not isinstance(value, dict):
        reader.refuse("extra", "not-an-object", "“extra” is an object.")
        return {}
    return dict(value)


def _tags(reader: Members) -> list[str]:
    value = reader.take("tags")
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        reader.refuse("tags", "not-a-list", "“tags” is a list of texts.")
        return []
    if len(value) > MAX_LINKS or any(len(word) > 120 for word in value):
        reader.refuse("tags", "too-long", "There are too many tags, or one is too long.")
        return []
    return [word.strip() for word in value if word.strip()]


def _of_place(reader: Members) -> dict[str, Any] | None:
    value = reader.take("place")
    if value is None:
        return None
    if not isinstance(value, dict):
        reader.refuse("place", "not-an-object", "“place” is an object with a name.")
        return None
    if all(member in (None, "") for member in value.values()):
        return None
    return value


def _place(inner: Members, warnings: list[str], extra: dict[str, Any]) -> PlaceSpec:
    latitude, longitude = inner.number("lat", -90, 90), inner.number("lon", -180, 180)
    if (latitude is None) != (longitude is None) and not inner.flaws:
        inner.refuse("lat", "half-a-point", "A point has both “lat” and “lon”.")
    written, region = inner.text("country", 100), inner.text("region", 100)
    name = inner.text("name", 300) or region or written
    country = written.upper()
    if country and (len(country) != 2 or not country.isascii() or not country.isalpha()):
        extra.setdefault("country", written)
        warnings.append(
            f"“{written}” is no code of ISO 3166-1 such as US; it is kept in “extra” as “country”."
        )
        country = ""
    if not name and latitude is not None:
        name = f"{latitude}, {longitude}"
    if not name:
        inner.refuse("name", "required", "A place has a name.")
    _warn_unread(inner, warnings)
    return PlaceSpec(name, country, region, latitude, longitude)


def _actor(reader: Members, warnings: list[str]) -> ActorSpec:
    kind = reader.text("kind", 40)
    if kind and kind not in ActorKind.values:
        warnings.append(
            f"An actor of the kind “{kind}” is recorded as “unknown”; the kinds are "
            f"{', '.join(ActorKind.values)}."
        )
        kind = ActorKind.UNKNOWN
    aliases = reader.take("aliases") or []
    if not isinstance(aliases, list) or not all(isinstance(a, str) for a in aliases):
        reader.refuse("aliases", "not-a-list", "“aliases” is a list of texts.")
        aliases = []
    aliases = [alias for alias in map(composed, aliases) if alias]
    if any(len(alias) > 300 for alias in aliases) or len(aliases) > MAX_LINKS:
        reader.refuse("aliases", "too-long", "There are too many aliases, or one is too long.")
    spec = ActorSpec(
        name=" ".join(reader.text("name", 300, needed=True).split()),
        kind=kind or ActorKind.UNKNOWN,
        role=reader.text("role", 80) or "participant",
        aliases=tuple(aliases),
        note=reader.text("note", 500),
        outcome=reader.text("outcome", 500),
    )
    _warn_unread(reader, warnings)
    return spec


def _source(reader: Members, warnings: list[str]) -> SourceSpec:
    url, title = reader.url("url"), reader.text("title", 500)
    if not url and not title:
        reader.refuse("title", "required", "A source has a title or a URL.")
    published = None
    try:
        if text := reader.text("published", 500):
            published = _edtf_or_words(text)
    except EdtfError as error:
        reader.refuse("published", error.code, str(error))
    spec = SourceSpec((title or url or "")[:500], url, reader.text("publisher", 300), published)
    _warn_unread(reader, warnings)
    return spec


def _edtf_or_words(text: str) -> Edtf:
    try:
        return read_edtf(text)
    except EdtfError:
        try:
            return parse_words(text, zone=settings.DEFAULT_ZONE)
        except EdtfError:
            pass
        # What is wrong with it as EDTF, which is what a row should have.
        raise


def _warn_unread(reader: Members, warnings: list[str]) -> None:
    where = ".".join(str(step) for step in reader.path)
    warnings.extend(f"“{where}.{name}” is not read." for name in reader.unread())
