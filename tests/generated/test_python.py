"""The Python client that openapi-python-client generates: strictly typed, and it works."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


@pytest.fixture(scope="module")
def client_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generate the client; returns the folder to import it from."""
    folder = tmp_path_factory.mktemp("python-client")
    made = subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"),
            *("--path", str(ROOT / "openapi" / "openapi.json")),
            *("--config", str(HERE / "python_client.yaml")),
            *("--output-path", str(folder / "timeline_client")),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert "WARNING" not in made.stdout, made.stdout
    return folder


def test_it_is_typed_strictly(client_folder: Path) -> None:
    checked = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--config-file", os.devnull, "--strict"),
            *("--cache-dir", str(client_folder / "cache")),
            *(str(client_folder / "timeline_client"), str(HERE / "journey.py")),
        ],
        capture_output=True,
        text=True,
        env=os.environ | {"MYPYPATH": str(client_folder)},
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_it_makes_a_round_trip(client_folder: Path, journeyed: Any) -> None:
    trip = subprocess.run(
        [sys.executable, str(HERE / "journey.py")],
        capture_output=True,
        text=True,
        env=os.environ | journeyed | {"PYTHONPATH": str(client_folder)},
        check=False,
    )
    assert trip.returncode == 0, trip.stdout + trip.stderr
