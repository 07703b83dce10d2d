"""What strangers send by mistake or on purpose: always answered, never by a failure of ours."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest

from tests.clients import Api, is_problem
from tests.factories.records import make_actor, make_event, make_place, make_timeline

pytestmark = pytest.mark.django_db

ANY_ID = "3f0c9f52-6d1b-4a53-9d55-0c1d6f6e1a2b"
LISTS = ["events", "citations", "vocabularies/roles"]


def param(*values: Any, name: str) -> Any:
    return pytest.param(*values, id=name)


def assert_answered(answer: Any, *, refused: bool | None = None) -> None:
    assert answer.status_code < 500, answer.content[:500]
    if answer.status_code >= 400:
        assert is_problem(answer), (answer.status_code, answer.headers, answer.content[:300])
    if refused is not None:
        assert (answer.status_code >= 400) is refused, (answer.status_code, answer.content[:500])


# --- Queries --------------------------------------------------------------------------------------

QUERIES = [
    param("page_size=1e9", name="a page size in floating point"),
    param("page_size=1000000000", name="a page of a billion rows"),
    param("page_size=99999999999999999999999", name="a page beyond 64 bits"),
    param("page_size=-1", name="a negative page"),
    param("page_size=0", name="an empty page"),
    param("page_size=%D9%A1%D9%A0", name="a page size in Arabic digits"),
    param("page_size=10%0A", name="a page size with a newline"),
    param("page_size=", name="no page size"),
    param("page_size=10&page_size=20", name="two page sizes"),
    param("cursor=abc", name="a made-up cursor"),
    param("cursor=", name="an empty cursor"),
    param("cursor=%00", name="a cursor of NUL"),
    param("cursor=a:b:c", name="a cursor with colons"),
    param("cursor=:::::", name="a cursor of colons"),
    param("cursor=.eJw:1:2", name="a cursor that says it is compressed"),
    param("cursor=%F0%9F%92%A9", name="a cursor beyond ASCII"),
    param("cursor=W10&cursor=W10", name="two cursors"),
    param(f"cursor={'A' * 4000}", name="a long cursor"),
    param("cursor=Infinity", name="an infinite cursor"),
    param("count=maybe", name="counting perhaps"),
    param("count=1", name="counting in digits"),
    param("count=true&count=false", name="counting and not counting"),
    param("ordering=", name="no order"),
    param("ordering=id", name="an order by the inner key"),
    param("ordering=--updated_at", name="an order turned twice"),
    param("ordering=created_by__password", name="an order by somebody's password"),
    param("ordering=updated_at,-updated_at", name="two orders in one"),
    param("ordering=updated_at&ordering=updated_at", name="an order given twice"),
    param("ordering=?", name="a random order"),
    param("ordering=updated_at%00", name="an order with NUL"),
    param("x=1", name="an unknown parameter"),
    param("%00=1", name="a parameter named NUL"),
    param("=1", name="a parameter without a name"),
    param("%ED%A0%80=1", name="a parameter named by half a surrogate pair"),
    param("%FF%FE=%FF", name="a parameter that is not UTF-8"),
    param("created_by__password__startswith=a", name="a look-up of the database's"),
    param("publication__in=draft", name="a filter with a look-up"),
    param("format=json", name="a format"),
    param("format=xml", name="a format that there is not"),
    param("page=2", name="a page number"),
    param("&".join(f"p{n}=1" for n in range(400)), name="four hundred parameters"),
    param("&".join(["x=1"] * 1999), name="one parameter two thousand times"),
    param("&".join(["a=1"] * 2001), name="one parameter more than Django reads"),
    param("x=" + "a" * 9000, name="a query of nine kilobytes"),
]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("path", LISTS)
def test_a_hostile_query_is_refused(path: str, query: str, anonymous: Api) -> None:
    assert_answered(anonymous.get(f"{path}?{query}"), refused=True)


EVENT_QUERIES = [
    param(f"{name}={value.replace('{name}', name)}", name=f"{name} {title}")
    for name, (title, value) in product(
        ["before", "overlapping", "containing"],
        [
            ("empty", ""),
            ("NUL", "2019%00"),
            ("a year too large", "Y999999999999999999999"),
            ("an exponent that explodes", "Y9E99999999"),
            ("a half surrogate", "%ED%A0%80"),
            ("reversed", "2019/2018"),
            ("no month", "2019-13"),
            ("no day", "2019-02-30"),
            ("a thousand years apart by comma", ",".join(["2019"] * 600)),
            ("brackets without end", "[" * 400),
            ("Arabic digits", "%D9%A2%D9%A0%D9%A1%D9%A9"),
            ("a date twice", "2019&{name}=2020"),
            ("words", "last%20summer"),
        ],
    )
]
EVENT_QUERIES += [
    param("match=perhaps", name="match perhaps"),
    param("match=possible&match=certain", name="match both"),
    param("trust_uncertain=1", name="trust in digits"),
    param("trust_uncertain=", name="no trust"),
    param("undated=yes", name="undated yes"),
    param("undated=true&undated=false", name="undated both"),
    param("updated_since=0000-01-01T00:00:00Z", name="since the year 0"),
    param("updated_since=0001-01-01T00:00:00%2B23:59", name="since before the first year"),
    param("updated_since=9999-12-31T23:59:59-23:59", name="since after the last year"),
    param("updated_since=-0001-01-01T00:00:00Z", name="since the year -1"),
    param("updated_since=10000-01-01T00:00:00Z", name="since the year 10000"),
    param("updated_since=2019-11-07T13:29:21", name="since no zone"),
    param("updated_since=2019-11-07", name="since a day"),
    param("updated_since=2019-13-45T99:99:99Z", name="since no time at all"),
    param("updated_since=NaN", name="since not a number"),
    param("id=1", name="a number for an id"),
    param("id=", name="no id"),
    param(f"id={ANY_ID},", name="an id and nothing"),
    param("id=99999999999999999999999999999999999999999", name="a number beyond 128 bits"),
    param(f"id={'a' * 500}", name="a long id"),
    param(f"id={ANY_ID}%00", name="an id with NUL"),
    param("id=" + ",".join([ANY_ID] * 101), name="a hundred and one ids"),
    param("&".join([f"id={ANY_ID}"] * 101), name="a hundred and one ids one by one"),
    param("tag=" + ",".join(["a"] * 1200), name="twelve hundred tags"),
    param("kind=" + "a" * 301, name="a long kind"),
    param("publication=secret", name="a state that there is not"),
    param("status=occurred,", name="a status and nothing"),
    param("actor=*", name="any actor"),
    param("befor=2019", name="a parameter with a letter missing"),
    param("extra=1", name="extra as a whole"),
]


@pytest.mark.parametrize("query", EVENT_QUERIES)
def test_a_hostile_question_about_events_is_refused(query: str, anonymous: Api) -> None:
    assert_answered(anonymous.get(f"events?{query}"), refused=True)


HARMLESS = [
    param(f"id={{{ANY_ID}}}", name="an id in braces"),
    param(f"id=urn:uuid:{ANY_ID}", name="an id as a URN"),
    param(f"id={ANY_ID.upper()}", name="an id in capitals"),
    param(f"id={ANY_ID.replace('-', '')}", name="an id without hyphens"),
    param("tag=%F0%9F%92%A9", name="a tag beyond the basic plane"),
    param("tag=%ED%A0%80", name="a tag of half a surrogate pair"),
    param("kind=%FF", name="a kind that is not UTF-8"),
    param("country=%27%3BDROP%20TABLE--", name="a country with SQL"),
    param("dataset=%25%25%25", name="a data set of wildcards"),
    param("timeline=..%2F..%2Fetc", name="a timeline of dots"),
    param("actor=" + ",".join([ANY_ID] * 100), name="a hundred actors"),
    param("overlapping=../..", name="all of time"),
    param("overlapping=Y-170000000000", name="long before the earth"),
    param("before=9999-12-31T23:59:59-12:00", name="an instant at the edge of the calendar"),
    param("after=0000", name="the year 0"),
    param("within=-0001", name="the year before it"),
    param("containing=Y10000", name="the year 10000"),
    param("updated_since=0002-01-01T00:00:00%2B23:59", name="since the second year"),
    param("updated_since=9998-12-31T23:59:59-23:59", name="since nearly the last year"),
    param("updated_since=2019-11-07T13:29:21+00:00", name="a plus that is not escaped"),
]


@pytest.mark.parametrize("query", HARMLESS)
def test_an_odd_question_that_has_an_answer_gets_it(query: str, anonymous: Api) -> None:
    assert_answered(anonymous.get(f"events?{query}"), refused=False)


# --- Paths ----------------------------------------------------------------------------------------

PATHS = [
    param("/api/v1/nothing", name="nothing there"),
    param("/api/", name="the root of the API"),
    param("/api/v2/events", name="another version"),
    param("/api/v1/events/%00", name="NUL for an id"),
    param("/api/v1/events/1", name="a number for an id"),
    param("/api/v1/events/-1", name="a negative number"),
    param("/api/v1/events/99999999999999999999", name="a number beyond 64 bits"),
    param(f"/api/v1/events/{ANY_ID}%0A", name="an id with a newline"),
    param("/api/v1/events%0A", name="a list with a newline"),
    param("/api/v1/%0D%0ASet-Cookie:%20a=b", name="a header in the path"),
    param("/api/v1/events/%FF%FE", name="a path that is not UTF-8"),
    param("/api/v1/%ED%A0%80", name="half a surrogate pair in the path"),
    param("/api/v1/events/../../admin", name="dots in the path"),
    param("/api/v1/events/%2e%2e%2f", name="escaped dots"),
    param("/api/v1//events", name="a double slash"),
    param("/api/v1/events/" + "a" * 5000, name="a long path"),
    param("/api/v1/vocabularies/secrets", name="a vocabulary that there is not"),
    param("/api/v1/vocabularies/%00", name="a vocabulary of NUL"),
    param("/api/v1/vocabularies/roles/%00", name="a term of NUL"),
    param("/api/v1/vocabularies/roles/a.b", name="a term with a dot"),
    param("/api/v1/tags/%00", name="a tag of NUL"),
    param("/api/v1/tags/%F0%9F%92%A9", name="a tag beyond the basic plane"),
    param("/api/v1/tags/" + "a" * 3000, name="a long tag"),
    param("/api/v1/timelines/%00", name="a timeline of NUL"),
    param("/api/v1/timelines/%00/events", name="the events of NUL"),
    param("/api/v1/timelines/nothing/events", name="the events of nothing"),
    param("/api/v1/events.json", name="a suffix"),
    param("/api/v1/events;a=b", name="a matrix parameter"),
    param(f"/api/v1/events/{ANY_ID}/publish", name="a verb without POST"),
    param(f"/api/v1/events/{ANY_ID}/destroy", name="a verb that there is not"),
    param("/api/v1/EVENTS", name="capitals"),
    param("/api//", name="only slashes"),
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_path_that_leads_nowhere_is_a_problem_in_words(
    method: str, path: str, publisher: Api
) -> None:
    answer = publisher.send(method, path)

    assert_answered(answer, refused=True)
    assert answer.status_code in {400, 404, 405}


@pytest.mark.parametrize("spelling", [str.upper, "{{{}}}".format, "urn:uuid:{}".format])
def test_another_spelling_of_an_id_is_that_record_or_none(spelling: Any, anonymous: Api) -> None:
    event = make_event()

    answer = anonymous.get(f"events/{spelling(str(event.uuid))}")

    assert_answered(answer)
    assert answer.status_code in {200, 404}


# --- Methods and headers --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "method", ["PUT", "TRACE", "CONNECT", "PROPFIND", "FOO", "get", "HEAD", "OPTIONS"]
)
@pytest.mark.parametrize(
    "path",
    [
        *("/api/v1", "/api/v1/events", "/api/v1/me", "/api/v1/openapi.json", "/api/docs"),
        *("/api/v1/nothing", "/api/v1/events/", f"/api/v1/events/{ANY_ID}"),
    ],
)
def test_any_method_is_answered(method: str, path: str, publisher: Api) -> None:
    answer = publisher.send(method, path)

    assert answer.status_code < 500
    if method not in {"HEAD", "OPTIONS"} and answer.status_code >= 400:
        assert_answered(answer)


@pytest.mark.parametrize("path", ["openapi.json", "openapi.yaml", "me", "vocabularies", ""])
def test_what_can_only_be_read_refuses_to_be_written(path: str, publisher: Api) -> None:
    answer = publisher.post(f"/api/v1/{path}".rstrip("/"))

    assert answer.status_code == 405
    assert_answered(answer)


HEADERS = [
    param({"Authorization": "Bearer"}, 401, name="a bearer of nothing"),
    param({"Authorization": "Bearer "}, 401, name="a bearer of a space"),
    param({"Authorization": "Bearer tl_"}, 401, name="a token without a key"),
    param({"Authorization": "Bearer tl_."}, 401, name="a token of a dot"),
    param({"Authorization": "Bearer tl_a.b"}, 401, name="a token of nobody"),
    param({"Authorization": "Bearer tl_\0.b"}, 401, name="a token with NUL"),
    param({"Authorization": "Bearer tl_ä.ö"}, 401, name="a token beyond ASCII"),
    param({"Authorization": "Bearer \udcff"}, 401, name="a token that is not UTF-8"),
    param({"Authorization": "Bearer " + "a" * 8000}, 401, name="a long token"),
    param({"Authorization": "Bearer tl_' OR 1=1--.x"}, 401, name="a token with SQL"),
    param({"Authorization": "Basic YWRtaW46YWRtaW4="}, 401, name="a password"),
    param({"Authorization": "Token abc"}, 401, name="a token of another sort"),
    param({"Authorization": "garbage"}, 401, name="one word"),
    param({"Accept": "text/html"}, 406, name="a page"),
    param({"Accept": "application/xml"}, 406, name="XML"),
    param({"Accept": "garbage"}, 406, name="no media type"),
    param({"Accept": "application/json;version=2"}, 200, name="a version"),
    param({"Accept": "*/*;q=0.1, text/html"}, 200, name="anything"),
    param({"Accept": ""}, 406, name="an empty Accept"),
    param({"Accept": ";;;,,,"}, 406, name="punctuation"),
    param({"Accept-Language": "xx-\0"}, 200, name="a language with NUL"),
    param({"Accept-Language": "a" * 3000}, 200, name="a long language"),
    param({"If-None-Match": "garbage"}, 200, name="a tag without quotes"),
    param({"If-None-Match": '"' * 500}, 200, name="tags without end"),
    param({"If-Match": '"1"'}, 412, name="a precondition for reading"),
    param({"If-Modified-Since": "yesterday"}, 200, name="since yesterday"),
    param({"If-Unmodified-Since": "Mon, 99 Foo 0000 99:99:99 GMT"}, 200, name="no date at all"),
    param({"Range": "bytes=0-1,-9999999999999999999"}, 200, name="a range"),
    param({"Host": "evil.example"}, 400, name="another host"),
    param({"Host": "a b"}, 400, name="no host"),
    param({"Host": "localhost:99999999"}, 200, name="no port"),
    param({"X-HTTP-Method-Override": "DELETE"}, 200, name="a method override"),
    param({"X-Request-ID": "x" * 5000}, 200, name="an id of the request made up"),
    param({"X-Forwarded-For": "1.2.3.4, \0"}, 200, name="a forged address"),
    param({"X-Forwarded-Host": "evil.example"}, 200, name="a forged host"),
    param({"Cookie": "sessionid=../../etc; csrftoken=\0"}, 200, name="a forged cookie"),
    param({"Content-Length": "-1"}, 200, name="a negative length"),
    param({"Content-Length": "many"}, 200, name="a length in words"),
    param({"Origin": "null"}, 200, name="no origin"),
    param({"Expect": "the unexpected"}, 200, name="an expectation"),
]


@pytest.mark.parametrize(("headers", "status"), HEADERS)
def test_a_hostile_header_is_answered(headers: dict[str, str], status: int, anonymous: Api) -> None:
    answer = anonymous.send("GET", "events", headers=headers)

    assert_answered(answer)
    assert answer.status_code == status
    assert "evil.example" not in answer.content.decode()


def test_an_override_of_the_method_deletes_nothing(publisher: Api) -> None:
    event = make_event()
    path = f"events/{event.uuid}"

    publisher.send("GET", path, headers={"X-HTTP-Method-Override": "DELETE"})
    publisher.send("POST", f"{path}?_method=DELETE", headers={"X-Method-Override": "DELETE"})

    assert publisher.get(path).status_code == 200


def test_a_slash_at_the_end_changes_nothing(publisher: Api) -> None:
    event = make_event()

    assert publisher.get(f"events/{event.uuid}/").status_code == 200
    assert publisher.get("events/", page_size=1).json()["results"]
    assert publisher.patch(f"events/{event.uuid}/", {"title": "Told anew"}).status_code == 200
    assert publisher.post("actors/", {"name": "Somebody"}).status_code == 201
    assert publisher.delete(f"events/{event.uuid}/").status_code == 204


# --- Bodies ---------------------------------------------------------------------------------------


def nested(depth: int, opening: str = "[", closing: str = "]") -> bytes:
    return (opening * depth + "0" + closing * depth).encode()


BODIES = [
    param(b"", name="an empty body"),
    param(b" ", name="a body of a space"),
    param(b"null", name="null"),
    param(b"[]", name="an empty list"),
    param(b"[{}]", name="a list"),
    param(b'["a", "b"]', name="a list of words"),
    param(b'"text"', name="a text"),
    param(b"0", name="a number"),
    param(b"true", name="a boolean"),
    param(b"{", name="an object without end"),
    param(b'{"title": "a"', name="an object that breaks off"),
    param(b"{'title': 'a'}", name="single quotes"),
    param(b'{"title": "a",}', name="a comma too many"),
    param(b'{"title": "a"} x', name="something after the end"),
    param(b'{"title": NaN}', name="not a number"),
    param(b'{"extra": {"a": Infinity}}', name="infinity"),
    param(b'{"title": "a", "extra": {"a": 1e999}}', name="a float too large"),
    param(b'{"title": "a", "extra": {"a": 99999999999999999999}}', name="an integer too large"),
    param(b'{"title": "a", "extra": {"a": ' + b"9" * 5000 + b"}}", name="five thousand digits"),
    param(b'{"title": "a", "title": "b"}', name="a member twice"),
    param(b'{"title": "a", "extra": {"b": 1, "b": 2}}', name="an inner member twice"),
    param(b'{"title": "a\\u0000b"}', name="NUL in a text"),
    param(b'{"title": "a", "extra": {"\\u0000": 1}}', name="NUL in a name"),
    param(b'{"title": "\\ud800"}', name="half a surrogate pair"),
    param(b'{"title": "a", "extra": {"k": ["\\udfff"]}}', name="the other half, deep inside"),
    param(b'{"title": "a", "\\ud800": 1}', name="half a surrogate pair for a name"),
    param(b'{"title": "\xff\xfe"}', name="not UTF-8"),
    param('{"title": "ä"}'.encode("utf-16"), name="UTF-16"),
    param('{"title": "ä"}'.encode("latin-1"), name="Latin-1"),
    param(b'{"title": "a", "extra": {"a": ' + nested(100) + b"}}", name="a hundred levels"),
    param(nested(100_000), name="a hundred thousand levels"),
    param(nested(50_000, '{"a":', "}"), name="fifty thousand objects"),
    param(b"[" * 200_000, name="brackets without end"),
    param(b"{}" + b" " * 2_700_000, name="more than the limit"),
    param(b"title=a", name="a form"),
    param(b"<event/>", name="XML"),
    param(b'{"": 1}', name="a member without a name"),
    param(b'{"title": {}}', name="an object for a text"),
    param(b'{"title": []}', name="a list for a text"),
    param(b'{"title": true}', name="a boolean for a text"),
    param(b'{"title": null}', name="null for a text"),
    param(b'{"title": ""}', name="an empty title"),
    param(b'{"title": "   "}', name="a title of spaces"),
    param(b'{"title": "a", "titel": "b"}', name="a member misspelt"),
    param(b'{"title": "a", "id": "b"}', name="a member that is told"),
    param(b'{"title": "a", "publication": "published"}', name="a state made up"),
    param(b'{"title": "a", "created_by": 1}', name="an author made up"),
    param(b'{"title": "a", "version": 7}', name="a version made up"),
    param(b'{"title": "a", "sequence": 99999999999}', name="a sequence beyond 32 bits"),
    param(b'{"title": "a", "sequence": -9223372036854775808}', name="the least sequence"),
    param(b'{"title": "a", "sequence": 1.5}', name="a sequence and a half"),
    param(b'{"title": "a", "sequence": "x"}', name="a sequence in letters"),
    param(b'{"title": "a", "date": "2019"}', name="a date as a text"),
    param(b'{"title": "a", "date": {}}', name="a date of nothing"),
    param(b'{"title": "a", "date": []}', name="a date of a list"),
    param(b'{"title": "a", "date": {"edtf": 2019}, "x": 1}', name="a date in digits"),
    param(b'{"title": "a", "date": {"edtf": {"edtf": "2019"}}}', name="a date in a date"),
    param(b'{"title": "a", "date": {"edtf": "Y9E99999999"}}', name="a year that explodes"),
    param(b'{"title": "a", "date": {"text": "07/11/2019"}}', name="a date with two meanings"),
    param(b'{"title": "a", "date": {"edtf": "2019", "label": "2020"}}', name="a label made up"),
    param(b'{"title": "a", "date": {"edtf": "2019", "basis": "guess"}}', name="a basis made up"),
    param(b'{"title": "a", "place": 1}', name="a number for a place"),
    param(b'{"title": "a", "place": {"id": "x"}}', name="an object for a place"),
    param(b'{"title": "a", "place": "nowhere"}', name="a word for a place"),
    param(f'{{"title": "a", "place": "{ANY_ID}"}}'.encode(), name="a place that there is not"),
    param(b'{"title": "a", "kind": "no such kind"}', name="a kind that there is not"),
    param(b'{"title": "a", "kind": ["trial"]}', name="a list of kinds"),
    param(b'{"title": "a", "status": "happened"}', name="a status that there is not"),
    param(b'{"title": "a", "status": null, "assessment": {}}', name="an object for a word"),
    param(b'{"title": "a", "tags": "courts"}', name="a tag for a list of tags"),
    param(b'{"title": "a", "tags": [""]}', name="an empty tag"),
    param(b'{"title": "a", "tags": ["!!!"]}', name="a tag of punctuation"),
    param(b'{"title": "a", "tags": [["a"]]}', name="a list in a list of tags"),
    param(b'{"title": "a", "tags": [null]}', name="a tag of null"),
    param(b'{"title": "a", "tags": {"0": "a"}}', name="an object for a list"),
    param(b'{"title": "a", "image": "javascript:alert(1)"}', name="a script for an address"),
    param(b'{"title": "a", "image": "not a url"}', name="no address"),
    param(b'{"title": "a", "extra": []}', name="a list for extra"),
    param(b'{"title": "a", "extra": "text"}', name="a text for extra"),
    param(b'{"title": "a", "participations": {}}', name="an object for participations"),
    param(b'{"title": "a", "participations": [1]}', name="a number for a participation"),
    param(b'{"title": "a", "participations": [{}]}', name="a participation of nothing"),
    param(b'{"title": "a", "participations": [null]}', name="a participation of null"),
    param(b'{"title": "a", "participations": [[]]}', name="a participation of a list"),
    param(
        f'{{"title": "a", "participations": [{{"actor": "{ANY_ID}"}}]}}'.encode(),
        name="a participation without a role",
    ),
    param(
        json.dumps({"title": "a", "participations": [{"actor": ANY_ID, "role": "court"}] * 201}),
        name="more participations than may be",
    ),
    param(json.dumps({"title": "a", "tags": [f"t{n}" for n in range(201)]}), name="201 tags"),
    param(json.dumps({"title": "a" * 501}), name="a long title"),
    param(json.dumps({"title": "a", "summary": "a" * 20_001}), name="a long summary"),
    param(json.dumps({"title": "a", "extra": {"a": "b" * 20_001}}), name="a large extra"),
    param(json.dumps({"title": "a", "reason": "r" * 2001}), name="a long reason"),
    param(json.dumps({"title": "a", "dataset": "d" * 101}), name="a long data set"),
    param(
        json.dumps({"title": "a"} | {f"m{n}": n for n in range(20_000)}),
        name="twenty thousand members that there are not",
    ),
    param(
        b"{" + b",".join(b'"m%d":1' % n for n in range(150_000)) + b',"m149999":1}',
        name="a member twice among a hundred thousand",
    ),
]


@pytest.mark.parametrize("body", BODIES)
def test_a_hostile_body_makes_no_event(body: bytes | str, publisher: Api) -> None:
    sent = body if isinstance(body, bytes) else body.encode()

    assert_answered(publisher.send("POST", "events", sent), refused=True)
    assert publisher.get("events", count="true").json()["count"] == 0


@pytest.mark.parametrize(
    "body", [b for b in BODIES if b.id not in {"an empty body", "a body of a space"}]
)
def test_a_hostile_patch_changes_no_event(body: bytes | str, publisher: Api) -> None:
    event = make_event()
    sent = body if isinstance(body, bytes) else body.encode()

    answer = publisher.send("PATCH", f"events/{event.uuid}", sent)

    assert_answered(answer)
    if answer.status_code >= 400:
        assert publisher.get(f"events/{event.uuid}").json()["version"] == event.version


@pytest.mark.parametrize(
    "body",
    [b"[]", b"[1]", b"0", b"1", b'""', b'"x"', b"false", b'{"reason": []}', b'{"why": "x"}'],
)
def test_a_verb_refuses_what_is_no_reason(body: bytes, publisher: Api) -> None:
    place = make_place("draft")

    assert_answered(publisher.send("POST", f"places/{place.uuid}/publish", body), refused=True)


VALUES: list[Any] = [None, True, -1, 2**63 - 1, 1.5, "", "nan", "1e999999999", "x" * 25_000]
VALUES += [[], [None], {}, {"a": None}, ANY_ID, {"x": "y" * 30_000}]


def _members() -> list[Any]:
    """Every member of every request body of the committed document."""
    from pathlib import Path

    document = json.loads((Path(__file__).parents[2] / "openapi/openapi.json").read_text())
    schemas = document["components"]["schemas"]
    rows = []
    for path, operations in document["paths"].items():
        if "post" not in operations or "{id}" in path or "{slug}" in path or "imports" in path:
            continue
        content = operations["post"].get("requestBody", {}).get("content", {})
        reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
        schema = schemas.get(reference.rpartition("/")[2], {})
        address = path.removeprefix("/api/v1/").replace("{vocabulary}", "roles")
        rows += [
            pytest.param(address, name, id=f"{address} {name}") for name in schema["properties"]
        ]
    return rows


@pytest.mark.parametrize(("path", "member"), _members())
def test_whatever_a_member_is_given_the_answer_is_no_failure(
    path: str, member: str, publisher: Api
) -> None:
    for value in VALUES:
        assert_answered(publisher.post(path, _plausible(path) | {member: value}))


def _plausible(path: str) -> dict[str, Any]:
    from timeline.api.examples import REQUESTS

    singular = {"vocabularies/roles": "term"}.get(path, path.removesuffix("s"))
    return dict(REQUESTS.get(singular, {}))


@pytest.mark.parametrize(
    ("path", "make"),
    [
        pytest.param("events", make_event, id="events"),
        pytest.param("actors", make_actor, id="actors"),
        pytest.param("places", make_place, id="places"),
        pytest.param("timelines", make_timeline, id="timelines"),
    ],
)
def test_whatever_a_patch_gives_a_member_the_answer_is_no_failure(
    path: str, make: Any, publisher: Api
) -> None:
    record = make("draft")
    address = f"{path}/{record.slug if path == 'timelines' else record.uuid}"
    members = [row.values[1] for row in _members() if row.values[0] == path]

    for member in members:
        for value in (None, True, "", "x" * 25_000, [], [None], {}, {"a": None}):
            answer = publisher.patch(address, {member: value})
            assert_answered(answer)
            if answer.status_code == 200 and path == "timelines":
                address = f"{path}/{answer.json()['slug']}"


@pytest.mark.parametrize(
    "content_type",
    [
        *("text/plain", "application/xml", "application/x-www-form-urlencoded", "", "garbage", ";"),
        *(
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "multipart/form-data; boundary=x",
        ),
        *("application/json;;;=", "application/jsonp", "text/json", "application/*", "*/*", "\xff"),
    ],
)
def test_a_body_of_another_sort_is_refused(content_type: str, publisher: Api) -> None:
    answer = publisher.client.generic(
        "POST",
        "/api/v1/events",
        b'{"title": "a"}',
        content_type,
        headers=publisher.headers,
    )

    assert answer.status_code < 500
    if answer.status_code != 201:
        assert_answered(answer)
