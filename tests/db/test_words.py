"""Words are found again, whatever script they are in, and alike on both databases."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from timeline.db.words import Term, indexed, passages, read_query, words
from timeline.models import Event
from timeline.querysets.visibility import EDITOR

pytestmark = pytest.mark.django_db

few = hypothesis_settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def store(*texts: str, summary: str = "") -> list[Event]:
    Event.objects.all().delete()
    return Event.objects.bulk_create(Event(title=text, summary=summary) for text in texts)


def found(query: str) -> list[str]:
    rows = Event.objects.visible_to(EDITOR).matching(query)
    return sorted(rows.values_list("title", flat=True))


def holds(term: Term, *texts: str) -> bool:
    """The same question, asked of the words one by one."""
    for text in texts:
        row = [word.token for word in words(unicodedata.normalize("NFC", text))]
        for first in range(len(row) - len(term.tokens) + 1):
            *whole, last = row[first : first + len(term.tokens)]
            begins = last.startswith(term.tokens[-1]) if term.prefix else last == term.tokens[-1]
            if begins and whole == list(term.tokens[:-1]):
                return True
    return False


def expected(query: str, events: list[Event]) -> list[str]:
    terms = read_query(query)
    if all(term.excluded for term in terms):
        return []
    return sorted(
        event.title
        for event in events
        if all(holds(term, event.title, event.summary) is not term.excluded for term in terms)
    )


@pytest.mark.parametrize(
    ("text", "query"),
    [
        pytest.param("The Siege of Güns", "gUNS", id="accents and case"),
        pytest.param("the siege of guns", "Güns", id="accents in the query alone"),
        pytest.param("Gu\u0308ns", "G\u00fcns", id="composed and decomposed"),
        pytest.param("ＴＩＰ line", "tip", id="full width"),
        pytest.param("Straße nach Łódź", "strasse lodz", id="letters that do not decompose"),
        pytest.param("İstanbul ISPARTA ılıca", "istanbul isparta ilica", id="Turkish i"),
        pytest.param("co\u00adoperation", "cooperation", id="soft hyphen"),
        pytest.param("河北省邢台市中级人民法院", "邢台", id="Chinese"),
        pytest.param("河北省邢台市中级人民法院", "人民法院", id="Chinese of four"),
        pytest.param("東京で会議が開かれた", "会議", id="Japanese"),
        pytest.param("ﾄｳｷｮｳ の会議", "トウキョウ", id="Japanese, half width"),
        pytest.param("서울에서 열린 회의", "서울", id="Korean, before a particle"),
        pytest.param("اجتمعت المحكمة في بكين", "محكمة", id="Arabic, behind its article"),
        pytest.param("بית המשפט בבייג'ינג", "משפט", id="Hebrew, behind its article"),
        pytest.param("שָׁלוֹם", "שלום", id="Hebrew, pointed"),
        pytest.param("การประชุมที่กรุงเทพ", "กรุงเทพ", id="Thai"),
        pytest.param("Москва́ и Ёлка", "москва елка", id="Cyrillic with marks"),
        pytest.param("ΑΘΗΝΑ και Σόφια", "αθηνα σοφια", id="Greek"),
        pytest.param("उत्तर प्रदेश", "प्रदेश", id="Devanagari"),
        pytest.param("flight MH370 of 2014", "mh370", id="letters and digits"),
        pytest.param("It cost 2e10", "2e10", id="what looks like a number"),
        pytest.param("U.S. officials", '"u s"', id="points part words"),
        pytest.param("O'Neill’s", "o'neill's", id="apostrophes of either kind"),
        pytest.param("ﬁnal", "final", id="ligature"),
        pytest.param("ﾄﾞｲﾂ", "ドイツ", id="voiced sounds, half width"),
        pytest.param("ﻻ", "لا", id="Arabic ligature"),
        pytest.param(
            "서울", "\u1109\u1165\u110b\u116e\u11af", id="Korean, decomposed in the query"
        ),
    ],
)
def test_a_word_is_found_however_it_is_written(text: str, query: str) -> None:
    store(f"before {text} after", "something else")
    assert found(query) == [f"before {text} after"]


@pytest.mark.parametrize(
    ("query", "hit"),
    [
        pytest.param('"new orleans"', True, id="phrase"),
        pytest.param('"orleans new"', False, id="phrase in another order"),
        pytest.param('"orleans informant"', False, id="from the title into the summary"),
        pytest.param("orleans informant", True, id="both words, anywhere"),
        pytest.param("inform*", True, id="beginning"),
        pytest.param("inform", False, id="no beginning unless asked"),
        pytest.param('"inform*"', False, id="no beginning within a phrase"),
        pytest.param("new -informant", False, id="excluded"),
        pytest.param("new -absent", True, id="excluded what is not there"),
        pytest.param('new -"orleans new"', True, id="excluded phrase that is not there"),
        pytest.param("-absent", False, id="nothing but exclusions"),
        pytest.param("", False, id="empty"),
        pytest.param("… — “”", False, id="no word in it"),
        pytest.param("new-orleans", True, id="joined by a hyphen is a phrase"),
        pytest.param("orleans OR absent", False, id="OR is a word"),
        pytest.param("0gap", False, id="what parts title and summary in the index"),
        pytest.param("gap", False, id="and its letters"),
    ],
)
def test_a_query_finds_what_it_says(query: str, hit: bool) -> None:
    store("In New Orleans", summary="informant")
    assert found(query) == (["In New Orleans"] if hit else [])


@pytest.mark.parametrize(
    ("long", "query"),
    [
        pytest.param("的" * 600 + "邢台", '"的邢台"', id="a character more than 256 times"),
        pytest.param("字" * 17_000 + "邢台", "邢台", id="beyond the 16,383rd character"),
        pytest.param("α" * 500, "α" * 190 + "*", id="a word of 500 letters, by its beginning"),
        pytest.param("α" * 500 + " tip line", '"tip line"', id="behind a word of 500 letters"),
    ],
)
def test_long_texts_are_found_to_their_end(long: str, query: str) -> None:
    store("long", summary=long)
    assert found(query) == ["long"]
    store(
        "long", summary=long.replace("台", " 台").replace("x y", "y x").replace("tip ", "tip, a ")
    )
    assert found('"x y"') == found('"tip line"') == []


def test_a_word_that_stands_often_can_be_ranked() -> None:
    store("often", summary="wage " * 3900)
    assert [event.relevance > 0 for event in Event.objects.ranked("wage")] == [True]


ANY = st.text(
    st.one_of(
        st.sampled_from('abAB12 éü"-*邢台法庭שםمحกรΑα\u0301\u00ad.,()'),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    max_size=40,
)


@few
@given(ANY.filter(lambda text: any(words(text))))
def test_every_word_of_any_text_is_found_again(text: str) -> None:
    events = store(text, "wholly other")
    for word in list(words(text))[:5]:
        assert text in found(f'"{text[word.start : word.end]}"')
    assert len(events) == 2


@few
@given(st.lists(ANY.filter(str.strip), min_size=1, max_size=5), ANY, ANY)
def test_the_database_finds_what_reading_word_by_word_finds(
    titles: list[str], summary: str, query: str
) -> None:
    events = store(*titles, summary=summary)
    assert found(query) == expected(query, events)
    # And something that is likely to be there.
    part = titles[0][: len(query) + 1]
    for likely in (part, f"{part}*", f'"{part}"', f"{part} -{query}"):
        assert found(likely) == expected(likely, events)


@few
@given(ANY)
def test_passages_are_where_the_words_are(text: str) -> None:
    for word in words(text):
        term = Term((word.token,))
        assert (word.start, word.end) in set(passages(text, [term]))
    for start, end in passages(text, read_query("ab 邢台 法*")):
        assert 0 <= start < end <= len(text)


@few
@given(ANY)
def test_decomposition_changes_no_words(text: str) -> None:
    assert indexed(unicodedata.normalize("NFD", text)) == indexed(
        unicodedata.normalize("NFC", text)
    )


HOSTILE = [
    *("'", '"', '""', '"""', "-", "--", "*", "**", "-*", "a*b*", "(", ")", "NEAR(a b)", ":"),
    *("title:a", "{a b}: c", "^a", "a AND", "NOT", "&", "|", "!", "<->", "\\", "%", "_", "$1"),
    *("\u202e", "\ufeff", "\U0010ffff", "a" * 200, "é" * 200, '-"', 'a"b"c', '"-a"'),
    *("'; DROP TABLE timeline_event; --", "\t\n\r", "\x01", "\x1a", "0", "1e999", "-1"),
]


@pytest.mark.parametrize("query", HOSTILE)
def test_no_query_is_a_syntax_error(query: str) -> None:
    events = store("a b c", "title near not and")
    assert found(query) == expected(query, events)


@few
@given(st.lists(st.text(max_size=30) | st.sampled_from(["ﬁ 邢台", "Straße", "한국", "a\u0301"])))
def test_the_index_holds_the_words_that_are_found_one_by_one(texts: list[str]) -> None:
    said = [unicodedata.normalize("NFC", text) for text in texts if text]
    one_by_one = " gap ".join(" ".join(word.token for word in words(text)) for text in said)

    assert indexed(*texts) == one_by_one
