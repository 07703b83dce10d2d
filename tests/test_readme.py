"""What the README shows is what happens: its sessions are typed and compared."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def sessions() -> list[tuple[str, str]]:
    """Each command of the README's consoles, with what it shows."""
    steps = []
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = step.partition("\n")
            steps.append((command, shown))
    return steps


def test_the_sessions_of_the_readme_happen_as_they_are_shown(seeded_service: Any) -> None:
    token = seeded_service.manage("issue_token", "reader-of-the-readme", "--scope", "publish")
    environment = os.environ | {"TOKEN": token.stdout.strip().splitlines()[-1]}
    assert len(sessions()) > 8
    for command, shown in sessions():
        typed = command.replace("http://127.0.0.1:8000", seeded_service.url)
        typed = typed.replace(".venv/bin/python", sys.executable)
        answer = subprocess.run(
            ["bash", "-c", typed],
            capture_output=True,
            text=True,
            env=environment,
            cwd=ROOT,
            check=True,
        ).stdout
        assert answer.replace("\r", "").strip() == shown.strip(), command


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`make (\w+)`", README))))
def test_every_make_target_that_the_readme_names_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"manage\.py (\w+)", README))))
def test_every_command_that_the_readme_names_exists(name: str) -> None:
    assert (ROOT / "timeline" / "management" / "commands" / f"{name}.py").exists()
