"""Which database the tests get, and that they leave everything else alone.

Django is set up here, and not by pytest's configuration, because the database is an option:
`pytest --database postgresql`. Each worker of xdist has a state folder and a test database of its
own; one PostgreSQL server, started by the process that started the workers, serves them all.
"""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from tests.network import refuse_the_outside_world
from tests.postgres import running_postgresql

pytest_plugins = ["tests.databases", "tests.servers", "tests.browser", "tests.clients"]

# A slow machine is no bug; and what fails is to fail again. Developers try other examples in every run;
# what is to be let in is tried with the same ones, and is not held up by what nobody changed.
hypothesis_settings.register_profile(
    "timeline", deadline=None, print_blob=True, derandomize="CI" in os.environ
)
hypothesis_settings.load_profile("timeline")

# What the service reads from its environment and a developer's shell may hold.
SERVICE_ENVIRONMENT = (
    "ALLOWED_HOSTS",
    "BEHIND_TLS",
    "CACHE_URL",
    "CORS_ORIGINS",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASE_POOLER",
    "DATABASE_URL",
    "DEBUG",
    "DEFAULT_ZONE",
    "FOUR_EYES",
    "HOST",
    "LOGIN_REQUIRED",
    "PORT",
    "REPLICA_MAX_LAG",
    "REPLICA_URL",
    "REQUIRE_IF_MATCH",
    "SECRET_KEY",
    "STATIC_ROOT",
    "TRUSTED_PROXIES",
    "WEBHOOK_ALLOW_PRIVATE",
)

# What takes ten seconds and more by itself.
LONG = (
    *("/fuzzing/", "/generated/", "/journeys/"),
    *("test_nothing_leaks", "test_migrations", "test_merging.py", "test_explaining_and_counting"),
)

cleanup = ExitStack()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=["sqlite", "postgresql"],
        default="sqlite",
        help="the database to test on; TEST_POSTGRES_URL names a server to use instead of our own",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    postgresql = config.getoption("--database") == "postgresql"
    if worker is None:
        folder = tempfile.mkdtemp(prefix="timeline-tests-")
        cleanup.callback(shutil.rmtree, folder, ignore_errors=True)
        os.environ["TEST_FOLDER"] = folder
        if postgresql and "TEST_POSTGRES_URL" not in os.environ and not config.option.help:
            os.environ["TEST_POSTGRES_URL"] = cleanup.enter_context(running_postgresql())
            cleanup.callback(os.environ.pop, "TEST_POSTGRES_URL")
        if postgresql and not config.option.help:
            from tests.databases import drop_template

            cleanup.callback(drop_template)

    config.addinivalue_line("markers", "database: asks for a database; set by tests/conftest.py")
    for name in SERVICE_ENVIRONMENT:
        os.environ.pop(name, None)
    state = Path(os.environ["TEST_FOLDER"], worker or "alone")
    os.environ["STATE_DIR"] = str(state)
    os.environ["SECRET_KEY"] = "known to every reader of this repository"
    os.environ["THROTTLE_ANON"] = os.environ["THROTTLE_TOKEN"] = "off"
    os.environ["LOG_LEVEL"] = "WARNING"
    if postgresql:
        os.environ["DATABASE_URL"] = os.environ["TEST_POSTGRES_URL"]

    # Once the settings are there pytest-django goes on. Left in the environment, their name would
    # make it read them in a worker too before this hook has said what they are to be.
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    from django.conf import settings

    database = settings.DATABASES["default"]
    del os.environ["DJANGO_SETTINGS_MODULE"]
    if postgresql:
        database["TEST"] = {"NAME": "test_timeline"}
    else:
        # A file with the options of production, since in memory there is no write-ahead log.
        database["TEST"] = {"NAME": str(state / "test.sqlite3")}
    # The pages are tested as they are, without a manifest of collected files.
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    # The passwords are nobody's; those of the services that are started are hashed as they are to be.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    Path(settings.STATIC_ROOT).mkdir(parents=True)
    refuse_the_outside_world()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for a database, and so has to be tested on both."""
    from django.test import TestCase

    for item in items:
        asked = {"db", "engine"} & set(getattr(item, "fixturenames", ()))
        is_case = issubclass(getattr(item, "cls", None) or object, TestCase)
        if asked or is_case or item.get_closest_marker("django_db"):
            item.add_marker("database")
    # What takes longest begins first, so that no worker waits for another in the end.
    items.sort(key=lambda item: not any(name in item.nodeid for name in LONG))


def pytest_collection_finish() -> None:
    """Leave the thousands of tests, which are here to stay, out of every collection of garbage."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    cleanup.close()


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.getoption('--database')}"


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> str:
    """Name the database of this run: `sqlite` or `postgresql`."""
    return str(request.config.getoption("--database"))


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Leave no count and no key of one test to the next."""
    yield
    from django.core.cache import cache

    cache.clear()
