"""Schemathesis asks a throw-away service what its schema allows and forbids, with a fixed seed.

In short it is by whoever may do everything (in `make test`); `make fuzz` asks everything, for long, of
strangers too.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import Service, running_service

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
# How many examples `make fuzz` asks for of each operation.
LONG = os.environ.get("FUZZ_EXAMPLES", "")

# Each operation by its examples, its links and something drawn. To cover every value that a schema
# tells apart takes five seconds for each: so in short it is two, for every export and summary has the
# filters of its list (some sixty, which are tested one by one), every kind of record the verbs of events.
ASKED_IN_SHORT = """
[[operations]]
include-operation-id-regex = '^(?!(events_create|search_list)$)'
phases.coverage.enabled = false
"""


def configuration(folder: Path, token: str) -> Path:
    """Write what schemathesis is to know: the exceptions, the token, and what to ask in short."""
    text = (HERE / "schemathesis.toml").read_text()
    if token:
        text += f'\n[auth.openapi.token]\nbearer = "{token}"\n'
    if not LONG:
        text += ASKED_IN_SHORT
    file = folder / "schemathesis.toml"
    file.write_text(text)
    return file


def fuzz(service: Service, token: str) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli"),
            *("--config-file", str(configuration(service.state, token))),
            *("run", str(ROOT / "openapi" / "openapi.json"), "--url", service.url),
            *("--seed", "20191107", "--workers", "1", "--no-shrink", "--max-examples", LONG or "1"),
        ],
        cwd=service.state,
        env=os.environ | {"SCHEMATHESIS_HOOKS": "tests.fuzzing.hooks", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]


@pytest.mark.parametrize("scope", ["admin", None] if LONG else ["admin"])
def test_the_service_does_what_its_schema_says(scope: str | None, database_url: str) -> None:
    with running_service(database_url, seed=True, static_files=True) as service:
        token = ""
        if scope:
            told = service.manage("issue_token", "fuzzer", "--scope", scope).stdout
            token = told.strip().splitlines()[-1]
        fuzz(service, token)
