"""A page of events as JSON in one statement: the serializers, compiled.

Of the time that a page takes, instances, prefetching and Django REST framework are nine tenths;
a database writes the same JSON while it reads the rows. What is compiled here is not declared here:
the members and their order are those of the serializers, the rows behind an event with their order
those of :meth:`told_with`, and what may be told is the condition of :mod:`visibility`. Two members
that a serializer makes by a method have their expression below. The statement hangs on the reader
alone and is kept. A test holds what it tells equal to what the serializer tells.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce
from rest_framework import serializers

from timeline.api.serializers.base import CodeReference, Reference
from timeline.api.serializers.dates import DateSerializer
from timeline.api.serializers.events import EventClaimSerializer, EventSerializer, TagsField
from timeline.api.serializers.summaries import EventSummarySerializer
from timeline.api.shape import Tree, tree_of
from timeline.db.json_text import (
    ByCodePoint,
    InstantJson,
    IntegerJson,
    IsGiven,
    IsOneOf,
    Joined,
    JoinedRows,
    ListedRows,
    TextJson,
    UuidJson,
    WithoutComma,
    column_json,
    written_keys,
)
from timeline.db.prepared import Prepared
from timeline.models import Change, Event
from timeline.querysets.visibility import Viewer, visible
from timeline.services import ledger

NULL = Value("null")
EDTF: Tree = {"edtf": {}}
NEWEST = Subquery(Change.objects.order_by("-id").values("hash")[:1])
HEAD = Coalesce(NEWEST, Value(ledger.GENESIS))


class Teller:
    """Tells a reader of events by their keys, each as a JSON object; of those that there are.

    Of ``members``, such as ``place.name``, if any are named, and otherwise of all. Another thread may
    call it, as long as nobody else uses its connection.
    """

    def __init__(self, viewer: Viewer, members: tuple[str, ...] = ()) -> None:
        self.connection = connections[Event.objects.db]
        self._statement = _statement(viewer, self.connection.vendor, "pk", members)

    def __call__(self, keys: Sequence[int]) -> dict[int, bytes]:
        given = written_keys(keys, self.connection.vendor)
        return dict(map(_numbered, self._statement.told(given, self.connection)))


def one_told_as_json(uuid: UUID, viewer: Viewer) -> tuple[str, int, bytes] | None:
    """The event with this public id: the newest entry of the ledger, its version, and itself."""
    connection = connections[Event.objects.db]
    key = Event._meta.get_field("uuid").get_db_prep_value(uuid, connection)
    told = _statement(viewer, connection.vendor, "uuid").told(key, connection)
    if not told:
        return None
    head, _, event = told[0].partition(b" ")
    return head.decode(), *_numbered(event)


def _numbered(told: bytes) -> tuple[int, bytes]:
    number, _, text = told.partition(b" ")
    return int(number), text


@cache
def _statement(viewer: Viewer, vendor: str, by: str, members: tuple[str, ...] = ()) -> Prepared:
    """Events found by their keys, or one by its public id; before each what else is told of it."""
    found, before = {
        "pk": (IsOneOf(F("pk")), [IntegerJson("pk"), " "]),
        "uuid": (IsGiven(F("uuid")), [HEAD, " ", IntegerJson("version"), " "]),
    }[by]
    events = Event.objects.visible_to(viewer).filter(found)
    serializer = EventSerializer(context={"viewer": viewer})
    told = _Compiler(events, viewer).object(serializer, kept=tree_of(members))
    return Prepared.of(events.annotate(told=Joined(*before, told)))


class _Compiler:
    """Makes of each member of a serializer an expression."""

    def __init__(self, events: Any, viewer: Viewer) -> None:
        self.viewer = viewer
        # The rows behind an event, by relation: visible, in order.
        self.rows = {
            one.prefetch_through: one.queryset
            for tellings in events.told_with(()).values()
            for one in tellings
            if not isinstance(one, str)
        }

    def object(
        self, serializer: serializers.Serializer, path: str = "", kept: Tree | None = None
    ) -> Joined:
        """The row at ``path`` as ``serializer`` tells it: of its members those that are kept."""
        kept = kept or {}
        parts: list[Any] = []
        for name, field in serializer.fields.items():
            if not field.write_only and (not kept or name in kept):
                told = self.member(name, field, path, kept.get(name, {}))
                parts += [f'{"," if parts else "{"}"{name}":', told]
        return Joined(*parts, "}")

    def member(self, name: str, field: serializers.Field, path: str, kept: Tree) -> Any:
        match field:
            case serializers.SerializerMethodField():
                return MADE[name](self)
            case DateSerializer():
                return _date(path, kept)
            case Reference():
                return self.reference(field, f"{path}{field.source}", kept)
            case CodeReference():
                return TextJson(F(f"{path}{field.source}__code"))
            case TagsField():
                return self.tags()
            case serializers.ListSerializer():
                return ListedRows(self.told(name, self.object(field.child, kept=kept)))
            case serializers.Serializer():
                return self.object(field, f"{path}{field.source}__", kept)
        column = str(field.source)
        return column_json(field.parent.Meta.model._meta.get_field(column), path + column)

    def reference(self, field: Reference, path: str, kept: Tree) -> Case:
        """What a row points to, in short; null to whom it is hidden."""
        seen = Q(**{f"{path}__isnull": False})
        seen &= visible(field.queryset.model._meta.model_name, self.viewer, f"{path}__")
        return Case(
            When(seen, then=self.object(field.shown_as(), f"{path}__", kept)),
            default=NULL,
            output_field=TextField(),
        )

    def told(self, relation: str, row: Joined) -> Any:
        """The rows behind ``relation``, each as ``row``."""
        pointer = Event._meta.get_field(relation).field.name
        return self.rows[relation].filter(**{pointer: OuterRef("pk")}).values(told=row)

    def tags(self) -> ListedRows:
        tagging = Event.tags.through.objects.filter(event=OuterRef("pk"))
        tagging = tagging.order_by(ByCodePoint(F("tag__slug")))
        return ListedRows(tagging.values(told=TextJson(F("tag__slug"))))

    def claims(self) -> Joined:
        claims = self.rows["claims"].filter(about=OuterRef("pk")).order_by()
        disputed = claims.filter(status__in=["disputed", "refuted"])
        return Joined(
            '{"count":', _number(claims), ',"disputed":', _number(disputed), ',"results":',
            ListedRows(self.told("claims", self.object(EventClaimSerializer()))), "}",
        )  # fmt: skip

    def links(self) -> Joined:
        """How a claim about the event stands to other claims."""
        return _both(
            self._link("out", "links", "other", "position"),
            self._link("in", "linked_by", "claim", "claim__uuid"),
        )

    def _link(self, direction: str, relation: str, other: str, order: str) -> JoinedRows:
        claims = self.rows["claims"]
        pointer = claims.model._meta.get_field(relation).field.name
        row = Joined(
            '{"type":', TextJson(F("type")), f',"direction":"{direction}","claim":',
            UuidJson(F(f"{other}__uuid")), "}",
        )  # fmt: skip
        links = claims.of(relation).filter(**{pointer: OuterRef("pk")}).order_by(order)
        return JoinedRows(links.values(told=row))

    def relations(self) -> Joined:
        return _both(self._relation("out", "object"), self._relation("in", "subject"))

    def _relation(self, direction: str, other: str) -> JoinedRows:
        row = Joined(
            '{"id":', UuidJson(F("uuid")), ',"type":', TextJson(F("type__code")),
            f',"direction":"{direction}","event":',
            self.object(EventSummarySerializer(), f"{other}__"), "}",
        )  # fmt: skip
        return JoinedRows(self.told(f"relations_{direction}", row))

    def of_staff(self, column: str) -> Any:
        """What is null to the public."""
        if not self.viewer.unpublished:
            return NULL
        return (InstantJson if column.endswith("_at") else TextJson)(F(column))


def _both(*rows: JoinedRows) -> Joined:
    """A list of the rows of both."""
    return Joined("[", WithoutComma(Joined(*rows)), "]")


def _number(rows: Any) -> Coalesce:
    """How many ``rows`` there are behind an event."""
    numbers = rows.values("about").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(numbers), 0)


def _date(path: str, kept: Tree) -> Case:
    """A date as it is stored, whatever is kept of it; unless that is its EDTF alone."""
    alone = Joined('{"edtf":', TextJson(F(f"{path}date")), "}")
    whole = Joined(
        "{", F(f"{path}date_json"),
        ',"text":', TextJson(F(f"{path}date_text")),
        ',"basis":', TextJson(F(f"{path}date_basis")),
        ',"basis_note":', TextJson(F(f"{path}date_basis_note")), "}",
    )  # fmt: skip
    return Case(
        When(**{f"{path}date__isnull": False}, then=alone if kept == EDTF else whole),
        default=NULL,
        output_field=TextField(),
    )


MADE: dict[str, Callable[[_Compiler], Any]] = {
    "claims": _Compiler.claims,
    "links": _Compiler.links,
    "relations": _Compiler.relations,
    # Told with `highlight=true` only, which is not compiled.
    "highlights": lambda _: NULL,
    "created_at": lambda compiler: compiler.of_staff("created_at"),
    "created_by": lambda compiler: compiler.of_staff("created_by__username"),
}
