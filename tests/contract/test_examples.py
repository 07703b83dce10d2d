"""Every operation of the OpenAPI document is shown as it is: what to send, and what comes back."""

from __future__ import annotations

import json
import os

import pytest
from django.core.management import call_command

from tests.contract.answers import ASKED, FIXTURE, asked
from tests.contract.document import Operation, document, faults_of, operations
from timeline.api import illustrating
from timeline.api.explained import explanations
from timeline.api.illustrating import ANSWERS, UNREAD, example_name
from timeline.errors import Invalid
from timeline.services.seeds import BadSeed

OPERATION = pytest.mark.parametrize("operation", operations(), ids=lambda o: o.id)


@pytest.fixture(scope="module")
def _case(lasting: None) -> None:
    """Load the case, and write the examples when `make examples` asks for it."""
    call_command("loaddata", str(FIXTURE), verbosity=0)
    if "WRITE_EXAMPLES" in os.environ:
        text = json.dumps(
            {name: asked(name) for name in sorted(ASKED)}, ensure_ascii=False, indent=1
        )
        ANSWERS.write_text(text + "\n", encoding="utf-8")


@pytest.mark.usefixtures("_case", "db")
@pytest.mark.parametrize("name", ASKED)
def test_the_case_answers_as_the_example_says(name: str) -> None:
    written = json.loads(ANSWERS.read_text(encoding="utf-8"))

    assert asked(name) == written.get(name), "Make the examples anew: make examples"


@OPERATION
def test_an_operation_says_what_it_is_and_who_may(operation: Operation) -> None:
    described = operation.described
    assert described["summary"]
    assert described["description"]
    assert described["operationId"]
    assert described["security"]


@OPERATION
def test_an_operation_shows_what_to_send(operation: Operation) -> None:
    for media_type, content in operation.described.get("requestBody", {"content": {}})[
        "content"
    ].items():
        assert content.get("example"), (
            f"There is no example of what {operation.id} takes as {media_type}. "
            "Add one to timeline/api/examples.py, then: make openapi"
        )


@OPERATION
def test_an_operation_shows_what_comes_back(operation: Operation) -> None:
    only_this = {"paths": {operation.path: {operation.method.lower(): operation.described}}}
    for _, code, content in illustrating.answers(only_this):
        name = example_name(operation.id, content["schema"])
        assert content.get("examples"), (
            f"There is no example “{name}” of what {operation.id} answers with {code}. "
            "Say in ASKED of tests/contract/answers.py how to ask for it, then: make examples"
        )
        [example] = content["examples"].values()
        shown = document()["components"]["examples"][example["$ref"].rpartition("/")[2]]
        assert faults_of(content["schema"], shown["value"]) == []


def test_no_example_is_left_of_what_is_gone() -> None:
    shown = document()["components"]["examples"]

    assert {name for name in shown if not name.startswith("problem-")} == ASKED.keys()


def test_every_refusal_shows_its_problems() -> None:
    # What the command line refuses is told by no answer.
    assert BadSeed.code == Invalid.code
    told = set()
    for name, refusal in document()["components"]["responses"].items():
        status = int(name.removeprefix("Refusal"))
        if str(status) in UNREAD:
            continue
        content = refusal["content"]["application/problem+json"]
        assert content["examples"], name
        for code in content["examples"]:
            problem = document()["components"]["examples"][f"problem-{code}"]["value"]
            assert (problem["type"], problem["status"]) == (f"/problems/{code}", status)
            assert faults_of(content["schema"], problem) == []
            told.add(code)
    # These are for no operation to foresee.
    assert explanations().keys() - told == {"method-not-allowed", "internal-error", "disk-full"}
