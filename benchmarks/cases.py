"""The sorts of question that are measured over HTTP, and who is asked each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from typing import Any
from urllib.parse import quote, unquote, urlencode

from benchmarks.answers import counted, dated, facet_counts, told
from benchmarks.client import Connection
from benchmarks.databases import Database
from benchmarks.measure import ByStatement, OverHttp
from benchmarks.peers import sql
from benchmarks.questions import Question, Questions
from benchmarks.servers import Server

LIMIT, SAME, OURS = "limit", "limit, same filter", "Timeline"
AGAIN = "Timeline, asked again"
# The service with `REMEMBERED_MB=0`.
FORGETFUL = "Timeline, nothing remembered"
DEEPEST = 100_000
WALK = 200
Statement = Callable[[sql.Dialect, Question], str]


@dataclass
class Case:
    """One sort of question."""

    name: str
    title: str
    questions: list[Question]
    contenders: dict[str, Any]
    # What of an answer has to be the same for everybody; None where nothing can be held against.
    read: Callable[[bytes], Any] | None = None
    at_once: bool = False
    notes: dict[str, float] = field(default_factory=dict)

    def keep_only(self, who: str) -> None:
        """Ask this one alone, one question after the other."""
        self.contenders = {n: one for n, one in self.contenders.items() if n.startswith(who)}
        self.at_once = False


@dataclass
class Cases:
    """Makes them for one database."""

    database: Database
    servers: dict[str, Server]
    questions: Questions

    def __post_init__(self) -> None:
        self.dialect = sql.DIALECTS[self.database.vendor]
        self.direct = Connection(self.ours.port)

    @property
    def ours(self) -> Server:
        return self.servers[OURS]

    def statement(self, of: Statement) -> ByStatement:
        return ByStatement(self.database, partial(of, self.dialect))

    def pages(self, questions: list[Question]) -> dict[str, Any]:
        """Everybody, the limit first."""
        return (
            {LIMIT: self.statement(sql.page)}
            | self._behind_the_same_filter(questions)
            | self.as_ours(self.ours.page)
            | {
                name: OverHttp(self.database, server, server.page)
                for name, server in self.servers.items()
                if name != OURS
            }
        )

    def _behind_the_same_filter(self, questions: list[Question]) -> dict[str, Any]:
        """The limit once more, with the rows found as the service finds them."""
        paths = json.dumps([self.ours.page(question) for question in questions])
        found = json.loads(self.database.python("benchmarks.own_filter", told=paths))
        if None in found:
            return {}
        filters = dict(zip(questions, found, strict=True))
        return {SAME: self.statement(lambda d, q: sql.page_of(d, filters[q]))}

    def page(self, name: str, title: str, questions: list[Question], **more: Any) -> Case:
        return Case(name, title, questions, self.pages(questions), told, **more)

    def makers(self) -> dict[str, Callable[[], Case | None]]:
        """How to make each case, by its name."""
        q = self.questions
        pages = {
            "list": ("page with window and actor", q.window_and_actor, True),
            "first": ("first page of all", lambda: [Question()], False),
            "filtered": ("page with actor, window, kind and word", q.filtered, True),
            "hot": ("page of a hot actor, with window", q.hot_actor, True),
            "window": ("page with a window of a year", q.window, False),
        }
        searches = ("rare", "middling", "common")
        return {
            **{
                name: partial(self._page, name, title, questions, at_once)
                for name, (title, questions, at_once) in pages.items()
            },
            "deep": self._deep,
            "detail": lambda: self.page("detail", "one event", self._some_events()),
            "changes": self._changes,
            "count": lambda: Case("count", "count of a year", q.window(), self._counts(), counted),
            "304": self._not_modified,
            **{f"search-{word}": partial(self._search, word) for word in searches},
            **{
                f"{name}-{over}": partial(self._summary, name, over)
                for name in SUMMARIES
                for over in ("all", "filtered")
            },
        }

    def _page(
        self, name: str, title: str, questions: Callable[[], list[Question]], at_once: bool
    ) -> Case:
        return self.page(name, title, questions(), at_once=at_once)

    # --- Deep pages ---

    def _deep(self) -> Case:
        depth = min(DEEPEST, self.questions.world.size // 2) // WALK * WALK
        cursor, last = self._walk(depth)
        row = self._order_of(last)
        question = Question(offset=depth, cursor=cursor, after=row)
        title = f"page at depth {depth:,}"
        return self.page("deep", title, [question], at_once=True)

    def _walk(self, depth: int) -> tuple[str, str]:
        """The cursor of the page so deep, and the last event before it, as a reader gets there."""
        path = f"/api/v1/events?page_size={WALK}&fields=id"
        for _ in range(depth // WALK):
            answer = self._json(path)
            path = "/" + answer["next"].split("/", 3)[3]
        cursor = path.partition("cursor=")[2].partition("&")[0]
        return unquote(cursor), answer["results"][-1]["id"]

    def _order_of(self, event: str) -> tuple[Any, ...]:
        columns = ", ".join(f"e.{name}" for name in sql.ORDER)
        by_id = self.statement(
            lambda d, q: f"SELECT {columns} FROM timeline_event e WHERE e.uuid = :event"
        )
        return tuple(by_id.rows(Question(event=event))[0])

    def _json(self, path: str) -> Any:
        status, body, _ = self.direct.get(path)
        if status != 200:
            raise RuntimeError(f"{path}: {status} {body[:300]!r}")
        return json.loads(body)

    # --- One event ---

    def _some_events(self) -> list[Question]:
        found = self._json("/api/v1/events?page_size=64&fields=id&ordering=-date")["results"]
        return [Question(event=event["id"]) for event in found]

    def _not_modified(self) -> Case:
        questions = self._some_events()
        tags = {question: self.direct.get(self.ours.page(question))[2] for question in questions}
        ours = OverHttp(
            self.database,
            self.ours,
            self.ours.page,
            headers=lambda question: {"If-None-Match": tags[question]},
            expected=304,
        )
        return Case("304", "one event that has not changed", questions, {OURS: ours})

    # --- Counts, searches, summaries ---

    def _counts(self) -> dict[str, Any]:
        return (
            {LIMIT: self.statement(sql.count)}
            | self.as_ours(self.ours.count)
            | {
                name: OverHttp(self.database, server, server.count)
                for name, server in self.servers.items()
                if server.count and name != OURS
            }
        )

    def as_ours(self, path: Callable[[Question], str]) -> dict[str, OverHttp]:
        """The service, asked as if for the first time, and once more, since it remembers."""
        return {
            OURS: OverHttp(
                self.database, self.ours, partial(_anew, path, count()), spellings=SPELLINGS
            ),
            AGAIN: self._ask_us(path),
        }

    def _ask_us(self, path: Callable[[Question], str]) -> OverHttp:
        return OverHttp(self.database, self.ours, path)

    def _search(self, name: str) -> Case:
        statement = self.statement(lambda d, q: sql.ranked(self.database.vendor))
        question = Question(word=getattr(self.questions, name))
        contenders: dict[str, Any] = {
            LIMIT: statement,
            f"{OURS} /events": self._ask_us(partial(_anew, _search_events, count())),
            f"{OURS} /search": self._ask_us(_search_all),
        }
        case = Case(f"search-{name}", f"search, {name} word", [question], contenders)
        best = statement.rows(question)
        for contender in (f"{OURS} /events", f"{OURS} /search"):
            answer = contenders[contender].ask(question)
            case.notes[contender] = self._recall(question, best, answer)
        return case

    def _recall(self, question: Question, best: list[Any], answer: bytes) -> float:
        """The share of what was found that ranks no lower than the fiftieth of the full ranking."""
        if not best:
            return 1.0
        ids = [row["id"] for row in json.loads(answer)["results"]]
        if self.database.vendor == "sqlite":
            ids = [one.replace("-", "") for one in ids]
        if not ids:
            return 0.0
        lowest = best[-1][1]
        found = self.statement(lambda d, q: sql.relevance_of(self.database.vendor, ids)).rows(
            question
        )
        return sum(relevance >= lowest for _, relevance in found) / len(best)

    def _summary(self, name: str, over: str) -> Case:
        path, statement, read = SUMMARIES[name]
        return Case(
            f"{name}-{over}",
            f"{name.replace('-', ' by ')}, {over}",
            [Question()] if over == "all" else self.questions.window(),
            {LIMIT: self.statement(statement)} | self.as_ours(partial(_summary_path, path)),
            read,
        )

    # --- The change feed ---

    def _changes(self) -> Case | None:
        status, _, _ = self.direct.get("/api/v1/changes?page_size=1")
        if status != 200:
            return None
        entries = self.statement(
            lambda d, q: "SELECT hash FROM timeline_change ORDER BY id LIMIT 1 OFFSET :offset"
        )
        number = self.statement(lambda d, q: "SELECT COUNT(*) FROM timeline_change")
        half = number.rows(Question())[0][0] // 2
        cursor = entries.rows(Question(offset=half))[0][0]
        ours = self._ask_us(lambda q: f"/api/v1/changes?page_size={q.limit}&since={q.cursor}")
        title = "page of the change feed"
        return Case("changes", title, [Question(cursor=cursor)], {OURS: ours})


def _search_events(question: Question) -> str:
    return f"/api/v1/events?q={quote(question.word)}&ordering=relevance"


def _search_all(question: Question) -> str:
    return f"/api/v1/search?q={quote(question.word)}&type=event"


def _summary_path(path: str, question: Question) -> str:
    asked = replace(question, limit=0).parameters
    asked.pop("page_size", None)
    return f"/api/v1/events{path}" + (f"&{urlencode(asked)}" if asked else "")


# The service takes no more parts of a query, empty or not.
SPELLINGS = 190


def _anew(path: Callable[[Question], str], times: Iterator[int], question: Question) -> str:
    """The same question, spelled as it was not of late, so that nobody remembers the answer."""
    asked = path(question)
    return asked + ("" if "?" in asked else "?") + "&" * (next(times) % SPELLINGS)


SUMMARIES: dict[str, tuple[str, Statement, Callable[[bytes], Any]]] = {
    "histogram": ("/histogram?interval=decade", sql.by_month, dated),
    "facets-kind": ("/facets?by=kind", sql.by_kind, facet_counts),
    "facets-tag": ("/facets?by=tag", sql.by_tag, facet_counts),
    "facets-actor": ("/facets?by=actor", sql.by_actor, facet_counts),
}
# What is to take no longer of a million events than of ten thousand.
FLAT = ("list", "filtered", "hot", "window", "first", "deep", "detail", "304", "changes")
