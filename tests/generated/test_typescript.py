"""openapi-fetch on the types of openapi-typescript: compiles strictly, and it works in Node."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.test_readme import THERE, programs

HERE = Path(__file__).parent / "typescript"
ROOT = HERE.parent.parent.parent
BIN = HERE / "node_modules" / ".bin"


def run(*command: str | Path, **environment: str) -> None:
    """Run a program of Node's in the folder of its packages."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=HERE,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory, journeyed: Any) -> Path:
    """Write the types and compile the journey and the guide against them; returns the folder of the result."""
    assert BIN.is_dir(), "The packages of Node are not here: make node"
    folder = tmp_path_factory.mktemp("typescript")
    for name in ("journey.ts", "package.json", "tsconfig.json"):
        shutil.copy(HERE / name, folder)
    (folder / "guide.ts").write_text(programs("typescript").replace(THERE, journeyed["URL"]))
    (folder / "node_modules").symlink_to(HERE / "node_modules")
    document = ROOT / "openapi" / "openapi.json"
    run(BIN / "openapi-typescript", document, "--output", folder / "schema.d.ts")
    run(BIN / "tsc", "--project", folder, "--outDir", folder)
    return folder


def test_it_makes_a_round_trip(compiled: Path, journeyed: Any) -> None:
    run("node", compiled / "journey.js", **journeyed)


def test_the_typescript_of_the_guide_runs(compiled: Path, journeyed: Any) -> None:
    run("node", compiled / "guide.js", **journeyed)


def test_the_document_keeps_the_rules_that_redocly_recommends() -> None:
    document = ROOT / "openapi" / "openapi.json"
    run(
        BIN / "redocly",
        "lint",
        document,
        "--config",
        HERE / "redocly.yaml",
        REDOCLY_TELEMETRY="off",
    )
