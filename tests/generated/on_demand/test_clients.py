"""Further clients, generated from the committed document, compiled and taken on a round trip.

`make clients` asks for them: they want Java, and packages of their own.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
DOCUMENT = HERE.parent.parent.parent / "openapi" / "openapi.json"
# openapi-generator takes the webhooks of OpenAPI 3.1 for operations without a path.
WITHOUT_WEBHOOKS = DOCUMENT.with_name("openapi-3.0.yaml")
BIN = HERE / "node_modules" / ".bin"


def run(*command: str | Path, cwd: Path, **environment: str) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-10_000:] + done.stderr[-10_000:]


def openapi_generator(kind: str, folder: Path, *options: str) -> None:
    """Generate a client of this kind."""
    there = importlib.util.find_spec("openapi_generator_cli") and shutil.which("java")
    assert there, "openapi-generator or Java is not here: make clients"
    program = [sys.executable, "-c", "from openapi_generator_cli import cli; cli()"]
    made = ["generate", "-g", kind, "-i", str(WITHOUT_WEBHOOKS), "-o", str(folder), *options]
    run(*program, *made, cwd=folder.parent)


def compiled(journey: str, folder: Path) -> Path:
    """Compile a journey with the client that lies in the folder; returns the program."""
    for name in (journey, "package.json", "tsconfig.json"):
        shutil.copy(HERE / name, folder)
    run(BIN / "tsc", "--project", folder, cwd=folder)
    return (folder / journey).with_suffix(".js")


@pytest.fixture
def node_folder(tmp_path: Path) -> Path:
    """A folder with the packages of Node."""
    assert BIN.is_dir(), "The packages of Node are not here: make clients"
    (tmp_path / "node_modules").symlink_to(HERE / "node_modules")
    return tmp_path


def test_python_by_openapi_generator(tmp_path: Path, journeyed: Any) -> None:
    client = tmp_path / "client"
    openapi_generator("python", client)
    mypy = [sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path / "cache")]
    # Its package as strictly as it sets itself to be, and what is written against it in full.
    config = ["--config-file", str(client / "pyproject.toml")]
    run(*mypy, *config, "--package", "openapi_client", cwd=client)
    strictly = ["--config-file", os.devnull, "--strict", "--follow-imports", "silent"]
    run(*mypy, *strictly, HERE / "journey.py", cwd=client, MYPYPATH=str(client))
    journey = [sys.executable, "-W", "error", HERE / "journey.py"]
    run(*journey, cwd=client, PYTHONPATH=str(client), **journeyed)


def test_typescript_fetch_by_openapi_generator(node_folder: Path, journeyed: Any) -> None:
    to_run_in_node = "--additional-properties=importFileExtension=.js"
    openapi_generator("typescript-fetch", node_folder / "fetch", to_run_in_node)
    run("node", compiled("journey_fetch.ts", node_folder), cwd=node_folder, **journeyed)


def test_typescript_by_hey_api(node_folder: Path, journeyed: Any) -> None:
    shutil.copy(HERE / "tsconfig.json", node_folder)
    run(BIN / "openapi-ts", "-i", DOCUMENT, "-o", node_folder / "heyapi", cwd=node_folder)
    run("node", compiled("journey_heyapi.ts", node_folder), cwd=node_folder, **journeyed)
