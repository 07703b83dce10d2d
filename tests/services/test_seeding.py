"""Seeding: as often as one likes, all or nothing, and never over somebody else's work."""

from pathlib import Path

import pytest

from timeline.models import Action, Actor, Change, Event, Origin, Publication, Redirect, Source, Tag
from timeline.services import ledger
from timeline.services.access import the_command_line
from timeline.services.publication import take_step
from timeline.services.records import create_record, delete_record, update_record
from timeline.services.seeding import Outcome, seed_records
from timeline.services.seeds import BadSeed

pytestmark = pytest.mark.django_db

EVENT, SOURCE, ACTOR, TAG, CITATION, PART = (
    "2f2a8c5e-0f0e-4b51-9d5c-0d2a4c3a9b01",
    "5d1e0a44-7a0b-4f3a-8a51-3b1f6f1f2c02",
    "9b8f3d0c-1c57-4f0e-b1e4-7d2e5c8a4d03",
    "c3c1e6d7-58a9-4d5e-9f2a-6b7c8d9e0f04",
    "e0d4b7a1-2b3c-4d5e-8f60-718293a4b505",
    "1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c06",
)
SMALL = f"""
[[event]]
key = "fire"
id = "{EVENT}"
title = "A mill burns"
date = {{ edtf = "1912~", text = "about 1912" }}
kind = "disaster"
tags = ["mills"]

[[event.participations]]
id = "{PART}"
actor = "miller"
role = "victim"

[[event.citations]]
id = "{CITATION}"
source = "chronicle"
quote = "the mill burnt"

[[source]]
key = "chronicle"
id = "{SOURCE}"
title = "The chronicle"
text_file = "chronicle.txt"

[[actor]]
key = "miller"
id = "{ACTOR}"
name = "The miller"
kind = "person"

[[tag]]
key = "mills"
id = "{TAG}"
label = "mills"
"""
SOMEBODY = the_command_line(origin=Origin.ADMIN)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "chronicle.txt").write_text("In that year the mill burnt down.")
    path = tmp_path / "small.toml"
    path.write_text(SMALL)
    return path


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def counts(outcome: Outcome) -> tuple[int, int, int, int]:
    return outcome.created, outcome.updated, outcome.unchanged, len(outcome.left)


def problems(file: Path) -> list[str]:
    with pytest.raises(BadSeed) as refused:
        seed_records(path=file)
    assert not Change.objects.exists()
    return str(refused.value).splitlines()


def test_what_is_created_is_published_with_its_fixed_id(file: Path) -> None:
    outcome = seed_records(path=file)

    fire = Event.objects.get()
    assert counts(outcome) == (5, 0, 0, 0)
    assert str(fire.uuid) == EVENT
    assert fire.publication == Publication.PUBLISHED
    assert fire.date.text == "1912~"
    assert [tag.slug for tag in fire.tags.all()] == ["mills"]
    assert str(fire.participations.get().uuid) == PART
    assert fire.citations.get().anchor == "exact"
    assert fire.citations.get().publication == Publication.PUBLISHED
    assert ledger.first_broken() is None


def test_the_second_run_writes_no_version_and_no_entry(file: Path) -> None:
    seed_records(path=file)
    entries = Change.objects.count()
    versions = list(Event.objects.values_list("version", "updated_at"))

    assert counts(seed_records(path=file)) == (0, 0, 5, 0)
    assert Change.objects.count() == entries
    assert list(Event.objects.values_list("version", "updated_at")) == versions


def test_an_edited_file_makes_a_new_version_with_its_history(file: Path) -> None:
    seed_records(path=file)
    edit(file, "A mill burns", "The old mill burns")

    assert counts(seed_records(path=file)) == (0, 1, 4, 0)
    fire = Event.objects.get()
    last = Change.objects.order_by("id").last()
    assert (fire.title, fire.version) == ("The old mill burns", 3)
    assert (last.action, last.record_uuid, last.version) == (Action.UPDATED, fire.uuid, 3)
    assert last.data["title"] == "The old mill burns"
    assert fire.is_published


def test_a_field_taken_out_of_the_file_becomes_empty(file: Path) -> None:
    seed_records(path=file)
    edit(file, 'kind = "disaster"\n', "")

    seed_records(path=file)

    assert Event.objects.get().kind is None


def test_a_part_taken_out_of_the_file_goes_and_a_new_one_comes(file: Path) -> None:
    seed_records(path=file)
    new = PART.replace("1a2b", "1a2c")
    edit(file, 'role = "victim"', 'role = "witness"')
    edit(file, PART, new)

    seed_records(path=file)

    row = Event.objects.get().participations.get()
    assert (str(row.uuid), row.role.code) == (new, "witness")


def test_what_a_curator_has_changed_is_left_and_named(file: Path) -> None:
    seed_records(path=file)
    update_record(Event.objects.get(), values={"title": "The fire"}, by=SOMEBODY)
    entries = Change.objects.count()

    outcome = seed_records(path=file)

    assert counts(outcome) == (0, 0, 4, 1)
    assert outcome.left == [f"{file}: event “fire”: somebody else has changed it since"]
    assert Event.objects.get().title == "The fire"
    assert Change.objects.count() == entries


def test_a_curators_change_that_the_file_adopts_is_nothing_to_report(file: Path) -> None:
    seed_records(path=file)
    update_record(Event.objects.get(), values={"title": "The fire"}, by=SOMEBODY)
    edit(file, "A mill burns", "The fire")

    assert counts(seed_records(path=file)) == (0, 0, 5, 0)


def test_what_a_curator_has_withdrawn_stays_withdrawn(file: Path) -> None:
    seed_records(path=file)
    take_step(Event.objects.get(), "withdraw", by=SOMEBODY)

    seed_records(path=file)

    assert Event.objects.get().publication == Publication.WITHDRAWN


def test_what_a_curator_has_deleted_does_not_come_back(file: Path) -> None:
    seed_records(path=file)
    delete_record(Event.objects.get(), by=SOMEBODY)

    outcome = seed_records(path=file)

    assert not Event.objects.exists()
    assert counts(outcome) == (0, 0, 3, 2)
    assert f"{file}: event “fire”: somebody has deleted it" in outcome.left


def test_what_refers_to_a_deleted_record_is_left_too(file: Path) -> None:
    seed_records(path=file)
    delete_record(Event.objects.get(), by=SOMEBODY)
    edit(file, CITATION, CITATION.replace("e0d4", "e0d5"))

    outcome = seed_records(path=file)

    [citation] = [line for line in outcome.left if "citation" in line]
    assert citation.endswith("“fire”, to which it refers, is no more")


def test_a_passage_for_a_participation_that_a_curator_has_removed_is_left(file: Path) -> None:
    seed_records(path=file)
    update_record(Event.objects.get(), values={"participations": []}, by=SOMEBODY)
    cited = CITATION.replace("e0d4", "e0d5")
    edit(
        file,
        'role = "victim"',
        f'role = "victim"\ncitations = [{{ id = "{cited}", source = "chronicle" }}]',
    )

    outcome = seed_records(path=file)

    assert any("participation that it is cited for is no more" in line for line in outcome.left)


def test_a_merged_record_is_left_and_its_survivor_is_referred_to(file: Path) -> None:
    seed_records(path=file)
    survivor = create_record(Actor, values={"name": "Jan the miller"}, by=SOMEBODY)
    miller = Actor.objects.get(uuid=ACTOR)
    fire = Event.objects.get()
    fire.participations.update(actor=survivor)
    Redirect.objects.create(record_type="actor", old_uuid=miller.uuid, new_uuid=survivor.uuid)
    miller.delete()

    outcome = seed_records(path=file)

    assert outcome.left == [f"{file}: actor “miller”: somebody has merged it into another"]
    assert fire.participations.get().actor == survivor


def test_a_tag_that_somebody_has_made_is_used_as_it_is(file: Path) -> None:
    create_record(Tag, values={"slug": "mills", "label": "Mills"}, by=SOMEBODY)

    outcome = seed_records(path=file)

    assert len(outcome.left) == 1
    assert Event.objects.get().tags.get().label == "Mills"


def test_a_record_that_no_file_has_is_referred_to_by_its_id(file: Path) -> None:
    known = create_record(Source, values={"title": "Known"}, by=SOMEBODY)
    edit(file, 'source = "chronicle"', f'source = "{known.uuid}"')

    seed_records(path=file)

    assert Event.objects.get().citations.get().source == known


def test_a_reference_by_id_follows_a_merge(file: Path) -> None:
    known = create_record(Source, values={"title": "Known"}, by=SOMEBODY)
    Redirect.objects.create(record_type="source", old_uuid=CITATION, new_uuid=known.uuid)
    edit(file, 'source = "chronicle"', f'source = "{CITATION}"')
    edit(file, f'id = "{CITATION}"', f'id = "{CITATION.replace("e0d4", "e0d5")}"')

    seed_records(path=file)

    assert Event.objects.get().citations.get().source == known


def test_dates_may_be_written_without_quotes_or_as_text_alone(file: Path) -> None:
    edit(file, '{ edtf = "1912~", text = "about 1912" }', "1912-05-01")
    seed_records(path=file)
    assert Event.objects.get().date.text == "1912-05-01"

    edit(file, "1912-05-01", '"1912-05"')
    seed_records(path=file)
    assert Event.objects.get().date.text == "1912-05"


def test_an_event_without_a_citation_is_refused_and_nothing_is_kept(file: Path) -> None:
    text = file.read_text()
    start = text.index("[[event.citations]]")
    file.write_text(text[:start] + text[text.index("[[source]]") :])

    [problem] = problems(file)

    assert problem.startswith(f"{file}: event “fire”: “A mill burns” cites no source.")
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param(
            'title = "A mill burns"',
            'titel = "A mill burns"',
            "event “fire”: titel: No such field. Did you mean “title”?",
            id="unknown field",
        ),
        pytest.param(
            'title = "A mill burns"\n', "", "event “fire”: title: ", id="a field that is due"
        ),
        pytest.param(
            '"1912~"',
            '"spring 1912"',
            "event “fire”: date.edtf: ",
            id="a date that is none",
        ),
        pytest.param('"1912~"', "1912", "event “fire”: date.edtf: ", id="a year without quotes"),
        pytest.param(
            'text = "about',
            'txt = "about',
            "event “fire”: date.txt: No such field.",
            id="date field",
        ),
        pytest.param(
            '"disaster"',
            '"disastre"',
            "event “fire”: kind: “disastre” is not one of the kinds. Did you mean “disaster”?",
            id="unknown term",
        ),
        pytest.param(
            'actor = "miller"',
            'actor = "millar"',
            "event “fire”: participations.0.actor: There is no actor “millar”. "
            "Did you mean “miller”?",
            id="unknown reference",
        ),
        pytest.param(
            'actor = "miller"\n',
            "",
            "event “fire”: participations.0.actor: This has to be given.",
            id="a reference that is due",
        ),
        pytest.param(
            '["mills"]', '["milks"]', "event “fire”: tags.0: There is no tag “milks”.", id="tag"
        ),
        pytest.param('["mills"]', '"mills"', "event “fire”: tags: This is to be a list", id="tags"),
        pytest.param(
            '"person"', '"human"', "actor “miller”: kind: ", id="a value that is not offered"
        ),
        pytest.param(
            'name = "The miller"', "name = 5", "actor “miller”: name: This is to be text", id="type"
        ),
        pytest.param(
            'kind = "person"',
            "protected = 1",
            "actor “miller”: protected: This is to be true or false.",
            id="no flag",
        ),
        pytest.param(
            'kind = "person"',
            'count = "two"',
            "actor “miller”: count: This is to be a whole number.",
            id="no number",
        ),
        pytest.param(
            'kind = "person"',
            'kind = "person"\ncount = 2',
            "actor “miller”: ",
            id="a broken constraint",
        ),
        pytest.param(
            'kind = "person"',
            "names = 3",
            "actor “miller”: names: This is to be a list of tables.",
            id="parts",
        ),
        pytest.param(
            'title = "The chronicle"',
            'title = "The chronicle"\nretrieved_at = 2020-01-01T00:00:00',
            "source “chronicle”: retrieved_at: Say in which zone",
            id="an instant without a zone",
        ),
        pytest.param(
            '"chronicle.txt"', '"lost.txt"', "source “chronicle”: text_file: ", id="a lost text"
        ),
        pytest.param(
            f'id = "{ACTOR}"\n', "", "actor “miller”: id: Give it a random id", id="no id"
        ),
        pytest.param(
            ACTOR,
            "00000000-0000-1000-8000-000000000000",
            "actor “miller”: id: Give it a random id",
            id="an id that tells the time",
        ),
        pytest.param(PART, ACTOR, "actor “miller”: id: ", id="an id twice"),
        pytest.param('key = "miller"\n', "", "actor number 1: key: Give it a key", id="no key"),
        pytest.param(
            "[[tag]]",
            f'[[actor]]\nkey = "miller"\nid = "{ACTOR.replace("9b8f", "9b8e")}"\nname = "M"\n\n[[tag]]',
            "actor “miller”: key: ",
            id="a key twice",
        ),
        pytest.param("[[tag]]", "[[tags]]", "tags: There is no such kind of record.", id="kind"),
        pytest.param("[[tag]]", "[tag]", "tag: Begin each record with [[tag]].", id="one table"),
        pytest.param("[[tag]]", "[[tag", "", id="not TOML"),
    ],
)
def test_a_bad_file_is_refused_by_file_record_and_field(
    file: Path, old: str, new: str, told: str
) -> None:
    edit(file, old, new)

    assert any(problem.startswith(f"{file}: {told}") for problem in problems(file))


def test_all_that_is_wrong_with_the_files_is_told_at_once(file: Path) -> None:
    edit(file, '"1912~"', '"1912-13"')
    edit(file, "[[tag]]", "[[tagg]]")
    (file.parent / "second.toml").write_text('[[place]]\nkey = "x"\n')

    assert len(problems(file.parent)) >= 3


def test_a_record_that_leads_back_to_itself_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "places.toml"
    file.write_text(
        f'[[place]]\nkey = "a"\nid = "{EVENT}"\nname = "A"\nparent = "b"\n'
        f'[[place]]\nkey = "b"\nid = "{ACTOR}"\nname = "B"\nparent = "a"\n'
    )

    [problem] = problems(file)

    assert problem == f"{file}: place “b”: parent: “a” leads back to this record, in a circle."


def test_a_record_may_stand_before_what_it_refers_to(tmp_path: Path) -> None:
    file = tmp_path / "places.toml"
    file.write_text(
        f'[[place]]\nkey = "town"\nid = "{EVENT}"\nname = "Town"\nparent = "land"\n'
        f'[[place]]\nkey = "land"\nid = "{ACTOR}"\nname = "Land"\n'
    )

    assert counts(seed_records(path=file)) == (2, 0, 0, 0)


def test_a_folder_without_seed_files_is_refused(tmp_path: Path) -> None:
    [problem] = problems(tmp_path)

    assert "no .toml file" in problem
