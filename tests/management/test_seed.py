"""`manage.py seed` and `manage.py write_fixture`."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from timeline.models import RECORDS, Change, Event, Tag, Versioned
from timeline.services import ledger
from timeline.services.access import the_command_line
from timeline.services.records import create_record, update_record

pytestmark = pytest.mark.django_db

FIXTURE = Path(settings.BASE_DIR) / "fixtures" / "fentanyl.json"
# These differ each time that the fixture is written.
STAMPS = {
    "at",
    "created_at",
    "updated_at",
    "published_at",
    "previous_hash",
    "hash",
    "operation",
}


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def seed(*arguments: str, out: StringIO | None = None, **options: Any) -> str:
    out = out or StringIO()
    call_command("seed", *arguments, stdout=out, stderr=out, **options)
    return out.getvalue()


def snapshots() -> dict[str, Any]:
    models: tuple[type[Versioned], ...] = (Tag, *RECORDS)
    return {
        str(record.uuid): ledger.snapshot(record)
        | {"version": record.version, "publication": getattr(record, "publication", "")}
        for model in models
        for record in model._default_manager.all()
    }


def without_stamps(path: Path) -> list[dict[str, Any]]:
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [
        {
            # Tags have no order of their own, and PostgreSQL gives them none.
            name: sorted(value) if name == "tags" else value
            for name, value in row["fields"].items()
            # An operation is known by chance, and its last entry by a key.
            if name not in STAMPS and row["model"] != "timeline.operation"
        }
        | {"model": row["model"]}
        for row in rows
    ]


def test_without_a_path_the_case_is_seeded_and_a_pipe_hears_one_line() -> None:
    assert seed().count("\n") == 1
    assert Event.objects.published().count() == 14


def test_a_terminal_sees_how_far_it_is() -> None:
    out = Terminal()

    seed(str(settings.BASE_DIR / "seeds" / "fentanyl" / "places.toml"), out=out)

    assert "3 of 6" in out.getvalue()


def test_quiet_is_quiet() -> None:
    assert seed(str(settings.BASE_DIR / "seeds" / "fentanyl" / "places.toml"), verbosity=0) == ""


def test_what_is_left_alone_is_named() -> None:
    seed()
    event = Event.objects.get(title__contains="nine people")
    update_record(event, values={"title": "Nine sentenced"}, by=the_command_line())

    assert "Left alone: " in seed()


def test_a_missing_path_is_an_error() -> None:
    with pytest.raises(CommandError, match="no file or folder"):
        seed("nowhere.toml")


def test_a_bad_file_is_an_error_and_nothing_is_recorded(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text('[[place]]\nkey = "x"\n')

    with pytest.raises(CommandError, match="Nothing was recorded"):
        seed(str(file))


def test_the_fixture_loads_as_it_was_seeded_with_its_ledger_unbroken() -> None:
    with transaction.atomic():
        seed()
        seeded = snapshots()
        transaction.set_rollback(True)

    call_command("loaddata", str(FIXTURE), verbosity=0)

    assert ledger.first_broken() is None
    assert snapshots() == seeded
    latest = {str(c.record_uuid): c.data for c in Change.objects.order_by("id")}
    assert latest.keys() == seeded.keys()
    for uuid, record in seeded.items():
        assert record.items() >= latest[uuid].items()


def test_after_the_fixture_there_is_nothing_left_to_seed() -> None:
    call_command("loaddata", str(FIXTURE), verbosity=0)

    assert "0 created, 0 updated, 213 unchanged, 0 left alone" in seed()


def test_the_committed_fixture_is_what_the_seeds_say(tmp_path: Path) -> None:
    path = tmp_path / "now.json"

    call_command("write_fixture", str(path), verbosity=0)

    assert without_stamps(path) == without_stamps(FIXTURE), "run manage.py write_fixture"
    assert not Change.objects.exists()


def test_a_fixture_is_written_from_an_empty_database_only(tmp_path: Path) -> None:
    create_record(Tag, values={"slug": "mills", "label": "mills"}, by=the_command_line())

    with pytest.raises(CommandError, match="has records"):
        call_command("write_fixture", str(tmp_path / "x.json"))


def test_a_fixture_of_bad_seeds_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "x.json"

    with pytest.raises(CommandError, match="There is no"):
        call_command("write_fixture", str(path), seeds=tmp_path)
    assert not path.exists()
