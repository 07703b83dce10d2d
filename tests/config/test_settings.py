"""Settings are read when a process starts, so each of these starts one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def manage(*arguments: str, state: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=kept | {"STATE_DIR": str(state)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def setting(name: str, *, state: Path, **environment: str) -> str:
    done = manage(
        *("shell", "--no-imports", "-c"),
        f"from django.conf import settings; print(repr(settings.{name}))",
        state=state,
        **environment,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_deployment_behind_tls_raises_no_warning(tmp_path: Path) -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", state=tmp_path, BEHIND_TLS="True")

    assert done.returncode == 0, done.stderr


def test_without_a_secret_key_postgresql_is_refused(tmp_path: Path) -> None:
    done = manage("check", state=tmp_path, DATABASE_URL="postgres://user@127.0.0.1/timeline")

    assert done.returncode != 0
    assert "SECRET_KEY is not set" in done.stderr


def test_with_sqlite_the_key_made_at_the_first_start_is_kept(tmp_path: Path) -> None:
    first = setting("SECRET_KEY", state=tmp_path)

    assert setting("SECRET_KEY", state=tmp_path) == first


def test_another_database_is_refused_by_name(tmp_path: Path) -> None:
    done = manage("check", state=tmp_path, DATABASE_URL="mysql://user@127.0.0.1/timeline")

    assert done.returncode != 0
    assert "sqlite:// and postgres:// only" in done.stderr


def test_a_replica_of_sqlite_is_refused(tmp_path: Path) -> None:
    done = manage("check", state=tmp_path, REPLICA_URL="postgres://user@127.0.0.1/timeline")

    assert done.returncode != 0
    assert "REPLICA_URL is of a standby of PostgreSQL" in done.stderr


@pytest.mark.parametrize(
    ("name", "environment", "value"),
    [
        pytest.param("DEBUG", {}, "False", id="no debugging unless asked for"),
        pytest.param(
            "REST_FRAMEWORK['DEFAULT_THROTTLE_RATES']",
            {"THROTTLE_ANON": "off"},
            "{'anon': None, 'token': '6000/min'}",
            id="a throttle can be switched off",
        ),
        pytest.param(
            "DATABASES['default']['CONN_MAX_AGE']",
            {
                "DATABASE_URL": "postgres://u@127.0.0.1/t",
                "SECRET_KEY": "x",
                "DATABASE_POOL_SIZE": "0",
            },
            "60",
            id="without a pool connections live a minute",
        ),
        pytest.param(
            "DATABASES['default']['OPTIONS']['pool']['max_size']",
            {"DATABASE_URL": "postgres://u@127.0.0.1/t", "SECRET_KEY": "x"},
            "8",
            id="connections to PostgreSQL are pooled",
        ),
        pytest.param(
            "DATABASES['default']['OPTIONS'].keys()",
            {
                "DATABASE_URL": "postgres://u@127.0.0.1/t",
                "SECRET_KEY": "x",
                "DATABASE_POOLER": "True",
            },
            "dict_keys(['connect_timeout', 'tcp_user_timeout', 'pool'])",
            id="a pooler is sent no limits of a session, which it refuses",
        ),
        pytest.param(
            "DATABASES['replica']['OPTIONS'] | {'pool': 0} == "
            "settings.DATABASES['default']['OPTIONS'] | {'pool': 0}",
            {
                "DATABASE_URL": "postgres://u@127.0.0.1/t",
                "SECRET_KEY": "x",
                "REPLICA_URL": "postgres://u@127.0.0.2/t",
            },
            "True",
            id="a replica has the limits of its primary",
        ),
        pytest.param("DATABASE_ROUTERS", {}, "[]", id="without a replica nothing is chosen"),
        pytest.param(
            "DATABASES['default']['NAME'][-16:]", {}, "'timeline.sqlite3'", id="SQLite by default"
        ),
    ],
)
def test_setting(name: str, environment: dict[str, str], value: str, tmp_path: Path) -> None:
    assert setting(name, state=tmp_path, **environment) == value
