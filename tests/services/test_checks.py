"""Each check finds what it is for in a small world, and nothing else in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.people import someone
from tests.factories.records import (
    make_actor,
    make_affiliation,
    make_citation,
    make_claim,
    make_event,
    make_figure,
    make_place,
    make_relation,
    make_source,
    make_timeline,
    taking_part,
    term,
)
from timeline.db.dates import read_edtf
from timeline.models import Actor, Citation, Source
from timeline.services.checks import RULES, Found, Severity, check
from timeline.services.checks.duplicates import NEIGHBOURS, Row, twins
from timeline.services.publication import take_step
from timeline.services.records import delete_record, update_record

pytestmark = pytest.mark.django_db

BY_CODE = {rule.code: rule for rule in RULES}


def found(code: str) -> list[Found]:
    return list(BY_CODE[code].find())


def titles(code: str) -> list[str]:
    return [one.title for one in found(code)]


def change(record: Any, **values: Any) -> Any:
    if isinstance(values.get("date"), str):
        values["date"] = read_edtf(values["date"])
    return update_record(record, values=values, by=someone())


# --- Texts and quotes -----------------------------------------------------------------------------


def damage(source: Source, before: bytes, after: bytes) -> None:
    """Change the stored bytes, as a failing disk would."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "UPDATE timeline_source SET text = CAST(%s AS TEXT) WHERE id = %s",
                [source.text.encode().replace(before, after), source.pk],
            )
        else:
            text = source.text.replace(before.decode(), after.decode())
            cursor.execute("UPDATE timeline_source SET text = %s WHERE id = %s", [text, source.pk])


@pytest.mark.parametrize("bit", range(8))
def test_one_flipped_bit_of_a_held_text_is_found(bit: int, engine: str) -> None:
    source, _, _ = make_source(text="“He said.”"), make_source(text="He did."), make_source()
    flipped = bytes([ord("H") ^ 1 << bit])
    if engine == "postgresql" and bit == 7:
        pytest.skip("what is no UTF-8 cannot be put into this database")

    assert found("text-altered") == []
    damage(source, b"H", flipped)

    (one,) = found("text-altered")
    assert (one.type, one.key, one.id, one.title) == (
        "source",
        source.pk,
        source.uuid,
        source.title,
    )
    assert "SHA-256" in one.problem


def test_quotes_that_are_not_in_the_text_or_more_than_once_are_found() -> None:
    source = make_source(title="The report", text="A step, he said. A step.")
    for quote in ("he said", "she said", "A step"):
        make_citation(source=source, quote=quote)
    make_citation(quote="of a source whose text is not held")
    make_citation("withdrawn", source=source, quote="withdrawn already")

    (missing,), (ambiguous,) = found("quote-missing"), found("quote-ambiguous")

    assert (missing.type, missing.title) == ("citation", "she said")
    assert "“The report”" in missing.problem
    assert ambiguous.title == "A step"


# --- Evidence -------------------------------------------------------------------------------------


def test_what_is_public_without_a_citation_is_found_however_it_came_about() -> None:
    event = make_event(title="Believed")
    bare = make_event(title="Bare")
    Citation.objects.filter(event=bare).delete()
    make_event("withdrawn", title="Withdrawn").citations.all().delete()

    assert titles("event-uncited") == ["Bare"]
    Citation.objects.filter(event=event).update(publication="withdrawn")
    assert titles("event-uncited") == ["Believed", "Bare"]


@pytest.mark.parametrize(
    "hide",
    [
        pytest.param(
            lambda: Citation.objects.update(publication="draft"), id="its citation is a draft"
        ),
        pytest.param(
            lambda: Source.objects.update(publication="withdrawn"),
            id="its source is withdrawn",
        ),
    ],
)
def test_evidence_that_the_public_cannot_read_is_found(hide: Callable[[], Any]) -> None:
    make_event(title="Hidden")
    assert found("evidence-hidden") == []

    hide()

    assert titles("evidence-hidden") == ["Hidden"]
    assert found("event-uncited") == []


def test_drafts_that_nobody_has_cited_for_yet_are_noted() -> None:
    make_event("draft", title="A draft")
    make_citation("draft", event=make_event("draft"))
    make_event("in_review", title="For review")

    assert titles("draft-uncited") == ["A draft", "For review"]


# --- Dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["led_to", "precedes", "responds_to", "part_of"])
def test_a_relation_is_found_once_a_date_was_corrected_to_rule_it_out(code: str) -> None:
    first, second = make_event(title="One", date="2017"), make_event(title="Two", date="2017")
    make_relation(subject=first, object=second, type=term("relation-types", code))
    make_relation(type=term("relation-types", code))
    assert found("relation-against-dates") == []

    change(second, date="2018" if code in ("responds_to", "part_of") else "2016")

    (one,) = found("relation-against-dates")
    assert one.title == f"“One” {term('relation-types', code).label} “Two”"
    assert "“Two”" in one.problem


def test_a_set_of_dates_is_asked_for_its_members_and_not_for_its_hull() -> None:
    first, second = make_event(date="[2015,2019]"), make_event(date="2017")
    make_relation(subject=first, object=second)
    assert found("relation-against-dates") == []

    change(first, date="[2018,2019]")

    assert len(found("relation-against-dates")) == 1


def test_a_source_that_came_out_before_what_it_reports_is_found() -> None:
    early = make_source(title="The report", date="2018")
    event = make_event(title="A fire", date="2019-08")
    make_citation(source=early, event=event, quote="It burnt.")
    for harmless in (
        {"event": make_event(date="2018")},
        {"event": make_event(date="2017/2019")},
        {"event": make_event(date="2019", status="planned")},
        {"event": event, "bearing": "mentions"},
        {"claim": make_claim(date="2018-12")},
    ):
        make_citation(source=early, **harmless)
    late = make_claim(date="2019")
    make_citation(source=early, claim=late, quote="It will burn.")

    (of_event,), (of_claim,) = found("source-before-event"), found("source-before-claim")

    assert of_event.title == "It burnt."
    assert "“The report” (2018) came out before “A fire” (August 2019)" in of_event.problem
    assert of_claim.title == "It will burn."


def born_and_died(actor: Actor, born: str, died: str) -> None:
    for kind, date in (("birth", born), ("death", died)):
        make_event(
            date=date, kind=term("kinds", kind), participations=[taking_part(actor, "subject")]
        )


def test_who_acts_before_birth_or_after_death_is_found() -> None:
    actor = make_actor(name="Ann", kind="person")
    born_and_died(actor, "1950", "2010")
    for title, date, role in (
        ("Too early", "1949", "court"),
        ("In time", "1950/2010", "court"),
        ("Too late", "2011", "court"),
        ("A memorial", "2011", "subject"),
        ("Undated", None, "court"),
    ):
        make_event(title=title, date=date, participations=[taking_part(actor, role)])
    make_event(date="1900", participations=[taking_part(make_actor(), "court")])

    early, late = found("participation-outside-life")

    assert (early.type, early.title, late.title) == ("event", "Too early", "Too late")
    assert early.problem == "“Ann” takes part as court (1949) before their birth (1950)."
    assert late.problem == "“Ann” takes part as court (2011) after their death (2010)."


def test_what_an_organisation_does_before_its_founding_is_found() -> None:
    office = make_actor(kind="organisation")
    founder = term("affiliation-types", "founder_of")
    make_affiliation(organisation=office, type=founder, date="2000")
    make_event(title="Too early", date="1999", participations=[taking_part(office)])
    make_event(title="In time", date="2001", participations=[taking_part(office)])
    make_affiliation(organisation=office, date="1998", title="member no. 1")
    make_affiliation(organisation=office, date="1998/2003", title="in time")

    assert titles("participation-outside-life") == ["Too early"]
    assert titles("affiliation-outside-life") == ["member no. 1"]


INFERRED = [
    pytest.param(make_event, "event", id="an event"),
    pytest.param(make_claim, "claim", id="a claim"),
    pytest.param(make_figure, "figure", id="a figure"),
    pytest.param(make_affiliation, "affiliation", id="an affiliation"),
]


@pytest.mark.parametrize(("make", "name"), INFERRED)
def test_a_date_inferred_from_a_source_is_found_when_that_got_another_date(
    make: Any, name: str
) -> None:
    source = make_source(title="The report", date="2019-11-07")
    inferred = make(date="2019-08", date_basis="inferred")
    stated = make(date="2019-08", date_basis="stated")
    for record in (inferred, stated):
        make_citation(source=source, **{name: record})
    change(source, publisher="Somebody")
    assert found("inferred-date-outdated") == []

    change(source, date="2020-11-07")
    change(source, publisher="Somebody else")

    (one,) = found("inferred-date-outdated")
    assert (one.type, one.id) == (name, inferred.uuid)
    assert "“The report” was redated from 2019-11-07 to 2020-11-07" in one.problem
    change(inferred, date_basis_note="Still of August 2019.")
    assert found("inferred-date-outdated") == []


# --- Claims ---------------------------------------------------------------------------------------


def test_accepted_claims_that_contradict_each_other_are_found() -> None:
    accepted = {"status": "accepted"}
    one, other = make_claim(text="Yes.", **accepted), make_claim(text="No.", **accepted)
    change(one, links=[{"type": "contradicts", "other": other}])
    make_claim(links=[{"type": "contradicts", "other": one}], status="refuted")
    make_claim(links=[{"type": "supersedes", "other": one}], **accepted)

    (found_one,) = found("accepted-and-contradicted")

    assert (found_one.title, "“No.”" in found_one.problem) == ("Yes.", True)


def test_an_event_with_two_accepted_values_is_found() -> None:
    event, other = make_event(title="A fire"), make_event()
    for about, name, value, status in (
        (event, "date", "2017", "accepted"),
        (event, "date", "2018", "accepted"),
        (other, "date", "2017", "accepted"),
        (other, "date", "2018", "disputed"),
        (other, "place", "Rome", "accepted"),
    ):
        make_claim(about=about, about_field=name, about_value=value, status=status)

    (one,) = found("two-values-accepted")

    assert (one.type, one.title, "2 different values for its date" in one.problem) == (
        "event",
        "A fire",
        True,
    )


def corroborating() -> tuple[Any, Source, Source]:
    """Two claims of which one corroborates the other, and the source of each."""
    claim, other = make_claim(), make_claim(text="It burnt.")
    change(claim, links=[{"type": "corroborates", "other": other}])
    sources = make_source(title="The wire"), make_source()
    make_citation(claim=other, source=sources[0])
    make_citation(claim=claim, source=sources[1])
    return claim, *sources


def test_a_corroboration_is_found_once_it_is_known_to_be_an_echo() -> None:
    claim, wire, reprint = corroborating()
    corroborating()
    assert found("echo-as-corroboration") == []

    change(reprint, derived_from=make_source(derived_from=wire))

    (one,) = found("echo-as-corroboration")
    assert one.id == claim.uuid
    assert "“It burnt.”" in one.problem
    assert "“The wire”" in one.problem


def test_a_corroboration_is_found_when_its_own_origin_was_withdrawn() -> None:
    claim, wire, _ = corroborating()
    own = claim.citations.get()
    make_citation(claim=claim, source=wire)
    assert found("echo-as-corroboration") == []

    take_step(own, "withdraw", by=someone())

    assert len(found("echo-as-corroboration")) == 1


# --- Duplicates -----------------------------------------------------------------------------------


def test_events_of_the_same_words_and_time_are_found() -> None:
    place = make_place()
    make_event(title="The fire of Rome", date="0064-07", place=place)
    for title, date, more in (
        ("Rome: the Fire of Rome!", "0064", {}),
        ("Fire of Rome", "0065", {"place": place}),
        ("Fire of Rome", "0064", {"place": make_place()}),
        ("Fires of Rome", "0064", {}),
        ("Fire of Rome", None, {}),
    ):
        make_event(title=title, date=date, **more)

    (one,) = found("duplicate-event")

    assert {one.title, one.problem.split("“")[1].split("”")[0]} == {
        "The fire of Rome",
        "Rome: the Fire of Rome!",
    }


def test_actors_who_share_a_name_in_any_order_or_script_are_found() -> None:
    make_actor(name="José Muñoz", kind="person", names=[{"text": "习近平"}])
    make_actor(name="Munoz, Jose", kind="unknown")
    make_actor(name="习近平", kind="person")
    make_actor(name="José Muñoz", kind="organisation")
    make_actor(name="A seller", identity="unnamed")
    make_actor(name="A seller", identity="unnamed")

    assert set(titles("duplicate-actor")) >= {"习近平"}
    assert len(found("duplicate-actor")) == 3


def test_places_of_one_name_are_found_unless_they_lie_apart() -> None:
    make_place(name="Springfield", country="US", region="IL")
    for more in ({"country": "US", "region": "MO"}, {"country": "CA"}, {"country": "US"}):
        make_place(name="springfield", **more)

    assert len(found("duplicate-place")) == 1


def test_sources_of_one_address_or_title_are_found() -> None:
    make_source(title="Fire!", url="https://www.a.example/1/", publisher="A", date="2019-11-07")
    make_source(title="Later title", url="http://a.example/1#top")
    make_source(title="Fire!", url="https://b.example/1", publisher="A", date="2019-11")
    make_source(title="Fire!", url="https://c.example/1", publisher="C", date="2019-11")
    make_source(title="Fire!", publisher="A", date="2020")

    assert len(found("duplicate-source")) == 2


def test_a_row_is_compared_with_a_few_neighbours_however_many_are_alike() -> None:
    rows = [Row("fire", n, n, "", n, "", "") for n in range(1000)]
    rows += [Row("fire", 5000, 5000, str(n), 5000 + n, "", "") for n in range(NEIGHBOURS + 2)]
    rows.append(Row("fire", 5000, 5000, "0", 9000, "", ""))

    assert list(twins(rows)) == []


# --- Dead ends ------------------------------------------------------------------------------------


def test_what_is_public_and_leads_nowhere_is_noted() -> None:
    forgotten = [
        ("actor-unmentioned", make_actor(name="Nobody")),
        ("source-uncited", make_source(title="Unread")),
        ("place-unused", make_place(name="Nowhere")),
        ("timeline-empty", make_timeline(title="Empty")),
    ]
    hidden = make_event(
        "draft", place=forgotten[2][1], participations=[taking_part(forgotten[0][1])]
    )
    make_citation("draft", event=hidden, source=forgotten[1][1])
    change(forgotten[3][1], entries=[{"event": hidden}])
    event = make_event(
        place=make_place(parent=make_place()), participations=[taking_part(make_actor())]
    )
    make_claim(speaker=make_actor())
    make_affiliation()
    make_timeline(entries=[{"event": event}])
    make_timeline(filter={"tag": ["fire"]})
    make_citation(event=event, source=make_source(derived_from=make_source()))
    for make in (make_actor, make_source, make_place, make_timeline):
        make("draft")

    assert [(code, [record.pk]) for code, record in forgotten] == [
        (code, [one.key for one in found(code)]) for code, _ in forgotten
    ]


# --- All of them ----------------------------------------------------------------------------------


def test_every_finding_names_its_rule_and_what_to_do() -> None:
    make_event("draft", title="A draft")

    (one,) = check()

    assert (one.rule.code, one.rule.severity) == ("draft-uncited", Severity.NOTE)
    assert one.rule.remedy.endswith(".")
    assert one.found.title == "A draft"
    assert len(BY_CODE) == len(RULES)


def a_world_with_everything_wrong() -> None:
    source = make_source(text="One. One.", date="2018")
    make_citation(source=source, quote="two")
    make_citation(source=source, quote="One")
    make_citation(source=source, event=make_event(date="2019", date_basis="inferred"))
    change(source, date="2017")
    _, wire, reprint = corroborating()
    change(reprint, derived_from=wire)
    person = make_actor(kind="person")
    born_and_died(person, "1950", "2010")
    make_event(date="2011", participations=[taking_part(person, "court")])
    first, second = make_event(title="Fire", date="2017"), make_event(title="Fire", date="2017")
    make_relation(subject=first, object=second)
    change(second, date="2016/2017")
    change(first, date="2017-12")
    delete_record(make_event(), by=someone())
    accepted = make_claim(status="accepted", about=first, about_field="date", about_value="2017")
    make_claim(
        status="accepted",
        about=first,
        about_field="date",
        about_value="2018",
        links=[{"type": "contradicts", "other": accepted}],
    )
    for make in (make_actor, make_source, make_place, make_timeline):
        make()


def queries(rule: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        list(rule.find())
    return len(captured)


def test_a_check_asks_no_more_however_much_there_is_to_find() -> None:
    a_world_with_everything_wrong()
    few = {rule.code: queries(rule) for rule in RULES}
    for _ in range(2):
        a_world_with_everything_wrong()

    assert {rule.code: queries(rule) for rule in RULES} == few
