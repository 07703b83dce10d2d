"""What is wrong with the data is told to people, and to programs that watch over it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import resolve

from tests.factories.records import make_citation, make_event, make_source
from timeline.models import Change, Citation
from timeline.services.checks import RULES

pytestmark = pytest.mark.django_db


@pytest.fixture
def misquoted() -> Citation:
    """A quote that is not in its text, which is an error; and a draft without a source."""
    make_event("draft", title="A draft")
    return make_citation(source=make_source(text="He said nothing."), quote="He said “no”")


def test_data_without_a_fault_is_said_to_have_none(capsys: Any) -> None:
    make_event()

    call_command("check_data")

    assert capsys.readouterr().out == "Errors: 0, warnings: 0, notes: 0.\n"


def test_each_finding_names_the_record_what_is_wrong_and_what_to_do(
    misquoted: Citation, capsys: Any
) -> None:
    written = Change.objects.count()
    with pytest.raises(CommandError, match="errors in the data: 1"):
        call_command("check_data")

    told = capsys.readouterr()
    assert f"error quote-missing: citation {misquoted.uuid} “He said “no””" in told.out
    assert "The quote does not stand in the text of" in told.out
    assert "Correct the quote" in told.out
    assert f"/admin/timeline/citation/{misquoted.pk}/change/" in told.out
    assert "note draft-uncited: event" in told.out
    assert told.out.endswith("Errors: 1, warnings: 0, notes: 1.\n")
    # Nobody looks on, so there is no progress to show.
    assert told.err == ""
    assert Change.objects.count() == written


def test_notes_and_warnings_are_no_failure(misquoted: Citation, capsys: Any) -> None:
    call_command("check_data", rule=["draft-uncited"])

    assert "quote-missing" not in capsys.readouterr().out


@pytest.mark.parametrize("rules", [None, ["draft-uncited"], ["timeline-empty"]])
def test_programs_read_one_object(misquoted: Citation, capsys: Any, rules: Any) -> None:
    try:
        call_command("check_data", json=True, rule=rules)
        failed = False
    except CommandError:
        failed = True

    told = json.loads(capsys.readouterr().out)
    severities = [one["severity"] for one in told["findings"]]
    assert [told["errors"], told["warnings"], told["notes"]] == [
        severities.count(severity) for severity in ("error", "warning", "note")
    ]
    assert failed == (rules is None) == ("error" in severities)
    if failed:
        assert told["findings"][0] | {"problem": ""} == {
            "rule": "quote-missing",
            "severity": "error",
            "type": "citation",
            "id": str(misquoted.uuid),
            "title": "He said “no”",
            "problem": "",
            "remedy": "Correct the quote, or the text if that was retrieved badly.",
            "admin": f"/admin/timeline/citation/{misquoted.pk}/change/",
        }


def test_the_help_explains_every_rule_and_the_exit_status(capsys: Any) -> None:
    with pytest.raises(SystemExit) as leaving:
        call_command("check_data", "--help")

    told = " ".join(capsys.readouterr().out.split())
    assert leaving.value.code == 0
    assert "exit status is 1 when there is an error" in told
    for rule in RULES:
        assert f"{rule.code} {rule.severity.value} {rule.meaning}" in told


def test_a_rule_that_does_not_exist_is_refused() -> None:
    with pytest.raises(CommandError, match="qoute-missing"):
        call_command("check_data", "--rule", "qoute-missing")


def test_the_addresses_lead_to_pages_of_the_admin(
    misquoted: Citation, capsys: Any, admin_client: Client
) -> None:
    with pytest.raises(CommandError):
        call_command("check_data")

    addresses = re.findall(r"/admin/\S+", capsys.readouterr().out)
    assert len(addresses) == 2
    for address in addresses:
        assert resolve(address)
        assert admin_client.get(address).status_code == 200
