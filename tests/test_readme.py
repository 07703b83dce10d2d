"""What the README and the guide show is what happens: sessions are typed, and programs run."""

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
GUIDE = (ROOT / "GUIDE.md").read_text()
# Where the text says that the service is.
THERE = "http://127.0.0.1:8000"


def sessions(text: str) -> list[tuple[str, str]]:
    """Each command of the consoles, with what it shows."""
    steps = []
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = step.partition("\n")
            steps.append((command, shown))
    return steps


def programs(language: str) -> str:
    """Everything that the guide says in one language, as one program."""
    return "\n".join(re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL))


def token_for(name: str, service: Any) -> dict[str, str]:
    token = service.manage("issue_token", name, "--scope", "publish")
    return {"TOKEN": token.stdout.strip().splitlines()[-1]}


@pytest.mark.parametrize("text", [README, GUIDE], ids=["README", "GUIDE"])
def test_the_sessions_happen_as_they_are_shown(seeded_service: Any, text: str) -> None:
    environment = os.environ | token_for("reader", seeded_service)
    assert len(sessions(text)) > 5
    for command, shown in sessions(text):
        typed = command.replace(THERE, seeded_service.url)
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


def test_the_python_of_the_guide_runs(seeded_service: Any, tmp_path: Path) -> None:
    program = tmp_path / "guide.py"
    program.write_text(programs("python").replace(THERE, seeded_service.url))
    ran = subprocess.run(
        [sys.executable, str(program)],
        capture_output=True,
        text=True,
        env=os.environ | token_for("python", seeded_service),
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(
    "name", ["Dates", "Filters", "Paging", "Errors", "Writing", "Importing", "Webhooks"]
)
def test_each_part_of_the_guide_is_told_in_three_languages(name: str) -> None:
    part = GUIDE.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    assert set(re.findall(r"```(\w+)", part)) == {"console", "python", "typescript"}


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`make (\w+)`", README))))
def test_every_make_target_that_the_readme_names_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"manage\.py (\w+)", README))))
def test_every_command_that_the_readme_names_exists(name: str) -> None:
    assert (ROOT / "timeline" / "management" / "commands" / f"{name}.py").exists()
