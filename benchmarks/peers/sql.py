"""The physical limit: the same page as one SQL statement that returns JSON, and no HTTP.

The conditions are those that a person would write over the ordinary columns and indexes; the answers
are what everybody else's are compared with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from benchmarks.questions import Question

ORDER = ("undated", "sort_key", "end_max", "sequence", "uuid")
ORDER_BY = ", ".join(f"e.{column}" for column in ORDER)
ACTOR_SHOWN = "a.publication = 'published' AND NOT a.protected"
CITATION_SHOWN = "c.publication = 'published' AND s.publication = 'published'"


@dataclass(frozen=True)
class Dialect:
    """How a database spells what the standard does not."""

    object: str
    array: str
    nested: str
    position: str
    # The first column of a subquery, the others having what names they will.
    first: str

    def build(self, **members: str) -> str:
        pairs = ", ".join(f"'{name}', {value}" for name, value in members.items())
        return f"{self.object}({pairs})"

    def rows(self, item: str, rest: str, order: str) -> str:
        """A list of objects from a subquery, empty where there is no row."""
        return self.nested.format(
            f"(SELECT COALESCE({self.array}({item} ORDER BY {order}), '[]') {rest})"
        )


SQLITE = Dialect("json_object", "json_group_array", "json({})", "instr", "id FROM ({}) q")
POSTGRESQL = Dialect("json_build_object", "json_agg", "{}", "strpos", "key FROM ({}) q(key)")
DIALECTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def date(row: str) -> dict[str, str]:
    names = ("start_min", "start_max", "end_min", "end_max")
    return {"edtf": f"{row}.date", "text": f"{row}.date_text"} | {n: f"{row}.{n}" for n in names}


def members(d: Dialect) -> dict[str, str]:
    """The members of an event, each with the expression that makes it."""
    place = d.build(
        **{name: f"p.{name}" for name in ("name", "country", "latitude", "longitude")},
        id="p.uuid",
    )
    actor = d.build(
        id="a.uuid", **{name: f"a.{name}" for name in ("name", "kind", "identity", "count")}
    )
    source = d.build(
        id="s.uuid",
        **{name: f"s.{name}" for name in ("title", "kind", "publisher", "url")},
        published=d.build(**date("s")),
    )
    plain = ("title", "summary", "status", "assessment", "sequence", "dataset", "external_id")
    return {
        "id": "e.uuid",
        **{name: f"e.{name}" for name in (*plain, "version", "published_at", "updated_at")},
        "extra": d.nested.format("e.extra"),
        "kind": "k.code",
        "date": f"CASE WHEN e.undated THEN NULL ELSE {d.build(**date('e'))} END",
        "place": f"CASE WHEN p.id IS NULL THEN NULL ELSE {place} END",
        "tags": d.rows(
            "t.slug",
            "FROM timeline_event_tags et JOIN timeline_tag t ON t.id = et.tag_id "
            "WHERE et.event_id = e.id",
            "t.slug",
        ),
        "participations": d.rows(
            d.build(id="tp.uuid", actor=actor, role="r.code", note="tp.note", outcome="tp.outcome"),
            "FROM timeline_participation tp JOIN timeline_actor a ON a.id = tp.actor_id "
            "JOIN timeline_term r ON r.id = tp.role_id "
            f"WHERE tp.event_id = e.id AND {ACTOR_SHOWN}",
            "tp.position",
        ),
        "citations": d.rows(
            d.build(
                id="c.uuid",
                source=source,
                **{name: f"c.{name}" for name in ("bearing", "quote", "locator", "note", "anchor")},
            ),
            "FROM timeline_citation c JOIN timeline_source s ON s.id = c.source_id "
            f"WHERE c.event_id = e.id AND {CITATION_SHOWN}",
            "c.id",
        ),
    }


JOINED = (
    "LEFT JOIN timeline_term k ON k.id = e.kind_id LEFT JOIN timeline_place p ON p.id = e.place_id"
)


def conditions(d: Dialect, question: Question) -> str:
    """WHERE, for what the question asks."""
    parts = ["e.publication = 'published'"]
    if question.event:
        parts.append("e.uuid = :event")
    if question.actor:
        parts.append(
            "e.id IN (SELECT tp.event_id FROM timeline_participation tp JOIN timeline_actor a "
            f"ON a.id = tp.actor_id WHERE a.uuid = :actor AND {ACTOR_SHOWN})"
        )
    if question.years:
        parts.append("NOT e.undated AND e.start_min <= :end AND e.end_max >= :start")
    if question.kind:
        parts.append(
            "e.kind_id = (SELECT id FROM timeline_term WHERE vocabulary = 'kinds' AND code = :kind)"
        )
    if question.word:
        parts.append(
            f"({d.position}(' ' || e.search_text || ' ', :token) > 0 OR EXISTS (SELECT 1 FROM "
            "timeline_citation c JOIN timeline_source s ON s.id = c.source_id "
            f"WHERE c.event_id = e.id AND {CITATION_SHOWN} "
            f"AND {d.position}(' ' || c.search_text || ' ', :token) > 0))"
        )
    if question.after:
        marks = ", ".join(f":after_{column}" for column in ORDER)
        parts.append(f"({ORDER_BY}) > ({marks})")
    return " AND ".join(parts)


def page(d: Dialect, question: Question) -> str:
    """The page as one value: a list of objects."""
    found = (
        f"SELECT e.* FROM timeline_event e WHERE {conditions(d, question)} "
        f"ORDER BY {ORDER_BY} LIMIT :limit OFFSET :offset"
    )
    built = d.build(**members(d))
    listed = f"COALESCE({d.array}({built} ORDER BY {ORDER_BY}), '[]')"
    return f"SELECT CAST({listed} AS text) FROM ({found}) e {JOINED}"


def page_of(d: Dialect, found: str) -> str:
    """The page of the events whose keys a statement finds in its first column."""
    built = d.build(**members(d))
    listed = f"COALESCE({d.array}({built} ORDER BY {ORDER_BY}), '[]')"
    return (
        f"SELECT CAST({listed} AS text) FROM (SELECT e.* FROM timeline_event e WHERE e.id IN "
        f"(SELECT {d.first.format(found)} LIMIT :limit)) e {JOINED}"
    )


def rows(d: Dialect, question: Question) -> str:
    """The page as rows, for whoever makes objects of rows."""
    columns = ", ".join(f"{expression} AS {name}" for name, expression in members(d).items())
    return (
        f"SELECT {columns} FROM timeline_event e {JOINED} "
        f"WHERE {conditions(d, question)} ORDER BY {ORDER_BY} LIMIT :limit OFFSET :offset"
    )


def objects(d: Dialect, question: Question) -> str:
    """The events each as an object of its own, to be streamed."""
    return (
        f"SELECT CAST({d.build(**members(d))} AS text) FROM timeline_event e {JOINED} "
        f"WHERE {conditions(d, question)} ORDER BY {ORDER_BY}"
    )


def count(d: Dialect, question: Question) -> str:
    return f"SELECT COUNT(*) FROM timeline_event e WHERE {conditions(d, question)}"


def by_month(d: Dialect, question: Question) -> str:
    """Events by the month that they begin in; a month being a twelfth of a year of 365.2425 days."""
    return (
        "SELECT e.start_min / 2629746 AS month, COUNT(*) FROM timeline_event e "
        f"WHERE {conditions(d, question)} AND NOT e.undated GROUP BY e.start_min / 2629746"
    )


def by_kind(d: Dialect, question: Question) -> str:
    return (
        "SELECT k.code, COUNT(*) FROM timeline_event e JOIN timeline_term k ON k.id = e.kind_id "
        f"WHERE {conditions(d, question)} GROUP BY k.code ORDER BY 2 DESC"
    )


def by_actor(d: Dialect, question: Question) -> str:
    return (
        "SELECT a.uuid, COUNT(DISTINCT tp.event_id) FROM timeline_participation tp "
        "JOIN timeline_actor a ON a.id = tp.actor_id JOIN timeline_event e ON e.id = tp.event_id "
        f"WHERE {ACTOR_SHOWN} AND {conditions(d, question)} GROUP BY a.uuid ORDER BY 2 DESC LIMIT 100"
    )


def by_tag(d: Dialect, question: Question) -> str:
    return (
        "SELECT t.slug, COUNT(*) FROM timeline_event_tags et JOIN timeline_tag t ON t.id = et.tag_id "
        "JOIN timeline_event e ON e.id = et.event_id "
        f"WHERE {conditions(d, question)} GROUP BY t.slug ORDER BY 2 DESC LIMIT 100"
    )


FOUND = {
    "sqlite": "e.id IN (SELECT rowid FROM timeline_event_fts WHERE timeline_event_fts MATCH :match)",
    "postgresql": "to_tsvector('simple', e.search_text) @@ to_tsquery('simple', :match)",
}
# The rank that the service gives: how often the word stands in the text, for the text's length.
TEXT = "(' ' || e.search_text || ' ')"
NUMBER = f"CAST(LENGTH({TEXT}) - LENGTH(REPLACE({TEXT}, :token, '')) AS BIGINT)"


def relevance(vendor: str) -> str:
    # Behind the text stand, each with an x before it, the words that are prominent in it.
    length = f"{DIALECTS[vendor].position}(e.search_text || ' x', ' x') - 1"
    return f"{NUMBER} * 1000000 / LENGTH(CAST(:token AS text)) / ({length} + 100)"


def ranked(vendor: str) -> str:
    """All that hold the word, ranked, and of these the best fifty."""
    return (
        f"SELECT e.uuid, {relevance(vendor)} AS relevance FROM timeline_event e "
        f"WHERE {FOUND[vendor]} AND e.publication = 'published' "
        "ORDER BY relevance DESC, e.uuid LIMIT :limit"
    )


def relevance_of(vendor: str, ids: list[str]) -> str:
    """How these rank, which were found by somebody."""
    listed = ", ".join(f"'{one}'" for one in ids)
    return f"SELECT e.uuid, {relevance(vendor)} FROM timeline_event e WHERE e.uuid IN ({listed})"


def parameters(question: Question, vendor: str) -> dict[str, Any]:
    """The values of the marks; unused ones do no harm."""
    plain = vendor == "sqlite"
    return {
        "actor": question.actor.replace("-", "") if plain else question.actor or None,
        "event": question.event.replace("-", "") if plain else question.event or None,
        "start": question.start if question.years else None,
        "end": question.end if question.years else None,
        "kind": question.kind,
        "token": f" w{question.word} ",
        "match": f'"w{question.word}"' if plain else f"w{question.word}",
        "limit": question.limit,
        "offset": 0 if question.after else question.offset,
        **{f"after_{n}": v for n, v in zip(ORDER, question.after, strict=False)},
    }


def for_psycopg(statement: str) -> str:
    """``:name`` as psycopg has it."""
    return re.sub(r"(?<!:):([a-z_]+)", r"%(\1)s", statement.replace("%", "%%"))
