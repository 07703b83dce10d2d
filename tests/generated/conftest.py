"""A service to travel through, and a token to travel with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.databases import migrated_database, some_name
from tests.servers import running_service

# Runs beside the client that a test generates, not here.
collect_ignore = ["journey.py"]


@pytest.fixture(scope="session")
def journeyed(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Run a service with the case loaded that the generated clients may write to."""
    name = some_name(engine, tmp_path_factory.mktemp("journeyed"))
    with (
        migrated_database(engine, name) as url,
        running_service(url, seed=True, static_files=True) as service,
    ):
        told = service.manage("issue_token", "traveller", "--scope", "publish").stdout
        yield {"URL": service.url, "TOKEN": told.strip().splitlines()[-1]}
