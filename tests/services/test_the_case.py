"""The first case, as seeded: who, when, on whose word."""

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import TestCase

from timeline.models import (
    RECORDS,
    Actor,
    Affiliation,
    Anchor,
    Citation,
    Claim,
    Event,
    Figure,
    Participation,
    Place,
    Relation,
    Source,
    Tag,
    Timeline,
)
from timeline.querysets.visibility import CONTRIBUTOR, EDITOR, PUBLIC
from timeline.services import ledger
from timeline.services.checks import check
from timeline.services.seeding import seed_records
from timeline.temporal import parse

SEEDS = Path(settings.BASE_DIR) / "seeds"


def event(words: str) -> Event:
    return Event.objects.get(title__contains=words)


def participation(words: str, actor: str, role: str) -> Participation:
    return event(words).participations.get(actor__name=actor, role__code=role)


class TestTheCase(TestCase):
    """Seeded once; what these tests do to it is undone after each."""

    @classmethod
    def setUpTestData(cls) -> None:
        seed_records(path=SEEDS)

    def test_the_tip_is_of_some_time_in_2017(self) -> None:
        tip = event("An informant tells")

        assert tip.date == parse("2017")
        assert Event.objects.within(parse("2017"), "certain").get() == tip
        assert not Event.objects.within(parse("2017-06"), "certain").exists()
        assert tip in Event.objects.overlapping(parse("2017-06"), "possible")

    def test_the_investigation_lasts_from_2017_to_the_verdict(self) -> None:
        investigation = event("work on a fentanyl case together")

        assert investigation.date.text == "2017/2019-11-07"
        assert investigation in Event.objects.overlapping(parse("2018"), "certain")
        assert investigation.end_max == event("sentences nine people").end_max

    def test_the_year_of_the_august_accusation_is_inferred_and_says_why(self) -> None:
        accusation = event("accuses Xi Jinping")

        assert (accusation.date.text, accusation.date_basis) == ("2019-08", "inferred")
        assert accusation.date_text == "In August"
        assert "7 November 2019" in accusation.date_basis_note

    def test_the_promise_came_before_the_accusation_and_nobody_knows_how_long(self) -> None:
        promise = event("promises to act")

        assert promise in Event.objects.before(parse("2019-08"), "certain")
        assert promise in Event.objects.overlapping(parse("2012"), "possible")

    def test_the_sentence_fell_on_thursday_7_november_2019_in_xingtai(self) -> None:
        sentencing = event("sentences nine people")

        assert sentencing.date == parse("2019-11-07")
        assert date(2019, 11, 7).strftime("%A") == "Thursday"
        assert sentencing.date_text == "on Thursday"
        assert sentencing.place.name == "Xingtai"
        assert sentencing in Event.objects.at([Place.objects.get(name="China").uuid])

    def test_nine_were_sentenced_one_to_a_suspended_death_and_two_for_life(self) -> None:
        outcomes = {
            row.note: (row.outcome, row.actor.count)
            for row in event("sentences nine people").participations.filter(role__code="defendant")
        }

        assert outcomes == {
            "All nine": ("imprisoned", 9),
            "one of the nine": ("suspended death sentence", None),
            "two of the nine": ("life sentences", 2),
            "six of the nine": ("imprisoned; for how long is not told", 6),
        }

    def test_sentence_announcement_and_statement_stand_in_their_order(self) -> None:
        titles = list(Event.objects.chronological().values_list("title", flat=True))
        order = [
            next(i for i, title in enumerate(titles) if words in title)
            for words in ("sentences nine", "announce the outcome", "welcomes the arrests")
        ]

        assert order == sorted(order)

    def test_the_day_of_the_american_statement_is_presumed_so_never_certain(self) -> None:
        day = parse("2019-11-07")
        statement = event("welcomes the arrests")

        assert statement in Event.objects.within(day, "possible")
        assert statement not in Event.objects.within(day, "certain")
        assert statement in Event.objects.within(day, "certain", trust_uncertain=True)

    def test_the_other_two_cases_go_on_without_an_end(self) -> None:
        others = event("Two other joint fentanyl cases")

        assert others.status == "ongoing"
        assert others in Event.objects.overlapping(parse("2030"), "possible")
        assert others not in Event.objects.before(parse("2030"), "possible")

    def test_the_trade_deal_is_expected_and_not_before_the_report(self) -> None:
        deal = event("interim trade deal")

        assert deal.status == "planned"
        assert deal not in Event.objects.before(parse("2019-11-07"), "possible")

    def test_diana_is_a_pseudonym_and_not_said_to_be_one_of_the_nine(self) -> None:
        diana = participation("An informant tells", "Diana", "seller").actor

        assert (diana.identity, diana.kind) == ("pseudonym", "unknown")
        assert diana.affiliations.count() == diana.affiliates.count() == 0

    def test_officials_speak_for_the_bodies_that_they_belong_to(self) -> None:
        officials = {
            (a.actor.name, a.title, a.organisation.name)
            for a in Affiliation.objects.filter(actor__kind="person")
        }

        assert {
            ("Austin Moore", "regional attaché", "Department of Homeland Security"),
            ("Yu Haibin", "senior official", "National Narcotics Control Commission"),
            ("Jim Carroll", "head", "Office of National Drug Control Policy"),
            ("Donald Trump", "President", "Government of the United States"),
            ("Xi Jinping", "President", "Government of China"),
        } <= officials

    def test_the_field_office_belongs_to_its_department(self) -> None:
        office = Actor.objects.get(name__startswith="New Orleans office")

        assert office.affiliations.get().type.code == "part_of"
        assert office.affiliations.get().organisation.name == "Department of Homeland Security"

    def test_actors_are_found_by_their_chinese_names(self) -> None:
        names = ["习近平", "唐纳德·特朗普", "美国国土安全部", "国家禁毒委员会"]

        assert {actor.name for actor in Actor.objects.named(names)} == {
            "Xi Jinping",
            "Donald Trump",
            "Department of Homeland Security",
            "National Narcotics Control Commission",
        }

    def test_the_deaths_of_2017_have_a_lower_bound_and_no_upper_one(self) -> None:
        deaths = Figure.objects.get(measure__contains="overdose")

        assert (deaths.low, deaths.high, deaths.text) == (28000, None, "more than 28,000")
        assert (deaths.date.text, deaths.unit) == ("2017", "deaths")
        assert deaths.speaker.name == "Centers for Disease Control and Prevention"

    def test_whether_the_drug_comes_from_china_is_claimed_and_denied(self) -> None:
        flow = event("Illegal fentanyl reaches")
        rivals = Claim.objects.contradicted().filter(about=flow, about_field="place")

        assert flow.assessment == "disputed"
        assert {(claim.speaker.name, claim.stance) for claim in rivals} == {
            ("American drug enforcement officials", "asserts"),
            ("Government of China", "denies"),
        }

    def test_the_promise_and_the_accusation_contradict_each_other(self) -> None:
        promise = Claim.objects.get(speaker__name="Xi Jinping")

        assert Claim.objects.against([promise.uuid]).get().speaker.name == "Donald Trump"

    def test_the_case_hangs_together_from_tip_to_announcement(self) -> None:
        relations = {
            (relation.subject.kind.code, relation.type.code, relation.object.kind.code)
            for relation in Relation.objects.all()
        }

        assert {
            ("tip", "led_to", "investigation"),
            ("arrest", "part_of", "investigation"),
            ("investigation", "same_case_as", "trial"),
            ("trial", "led_to", "sentencing"),
            ("sentencing", "led_to", "announcement"),
            ("accusation", "responds_to", "promise"),
        } <= relations

    def test_each_quotation_of_the_dossier_stands_in_it_word_for_word_and_once(self) -> None:
        dossier = Source.objects.get(title__contains="dossier")
        quotes = dossier.citations.exclude(quote="")

        assert quotes.count() > 50
        assert set(quotes.values_list("anchor", flat=True)) == {Anchor.EXACT}
        assert dossier.text_is_public
        assert dossier.text == (SEEDS / "fentanyl" / "dossier.md").read_text(encoding="utf-8")

    def test_each_quotation_of_the_dossier_stands_in_the_paragraph_that_is_named(self) -> None:
        dossier = Source.objects.get(title__contains="dossier")
        paragraphs = {line.split(".")[0]: line for line in dossier.text.splitlines()}

        for citation in dossier.citations.all():
            number = citation.locator.removeprefix("paragraph ")
            assert citation.quote in paragraphs[number], citation.quote

    def test_the_report_is_cited_by_paragraph_and_its_text_is_not_held(self) -> None:
        report = Source.objects.get(publisher="Reuters")

        assert report.text == ""
        assert not report.citations.filter(locator="").exists()
        for quote in report.citations.values_list("quote", flat=True):
            assert len(quote.split()) <= 8, quote

    def test_the_dossier_descends_from_the_report_so_the_two_are_one_source(self) -> None:
        dossier = Source.objects.get(title__contains="dossier")

        assert dossier.derived_from == Source.objects.get(publisher="Reuters")

    def test_each_event_claim_and_figure_is_cited_from_both(self) -> None:
        for model in (Event, Claim, Figure):
            for record in model.objects.all():
                sources = set(record.citations.values_list("source__publisher", flat=True))
                assert sources == {"Reuters", "Timeline"}, record

    def test_the_timeline_shows_every_event_once_in_the_order_chosen(self) -> None:
        shown = Timeline.objects.get(slug="fentanyl-2019").entries.order_by("position")

        assert {entry.event_id for entry in shown} == set(
            Event.objects.values_list("pk", flat=True)
        )
        assert list(shown.values_list("position", flat=True)) == list(range(len(shown)))

    def test_everything_is_published_and_every_public_id_is_random(self) -> None:
        for model in RECORDS:
            assert not model.objects.exclude(publication="published").exists(), model
        for model in (Tag, *RECORDS):
            assert {row.uuid.version for row in model.objects.all()} == {4}

    def test_the_informant_is_known_to_editors_only(self) -> None:
        informant = Actor.objects.get(protected=True)

        assert informant.identity == "unnamed"
        assert informant in Actor.objects.visible_to(EDITOR)
        for viewer in (PUBLIC, CONTRIBUTOR):
            assert informant not in Actor.objects.visible_to(viewer)
            rows = Participation.objects.visible_to(viewer)
            assert not rows.filter(actor=informant).exists()
            assert not rows.filter(role__code="informant").exists()
            passages = Citation.objects.visible_to(viewer)
            assert not passages.filter(participation__actor=informant).exists()

    def test_but_for_the_informant_the_public_sees_the_whole_case(self) -> None:
        hidden: list[Any] = [
            record
            for model in RECORDS
            for record in model.objects.exclude(
                pk__in=model.objects.visible_to(PUBLIC).values("pk")
            )
        ]
        informant = Actor.objects.get(protected=True)

        assert hidden == [informant, Citation.objects.get(participation__actor=informant)]

    def test_the_ledger_has_every_record_and_is_unbroken(self) -> None:
        assert ledger.first_broken() is None

    def test_no_check_finds_anything_wrong_with_it(self) -> None:
        assert [(one.rule.code, one.found.title) for one in check()] == []
