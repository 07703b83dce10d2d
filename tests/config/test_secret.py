import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from config.secret import make_secret_key, read_secret_key


def test_a_key_is_made_once_and_read_again(tmp_path: Path) -> None:
    file = tmp_path / "state" / "secret_key"

    made = make_secret_key(file)

    assert len(made) >= 50
    assert read_secret_key(file) == made
    assert make_secret_key(file) == made


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "state" / "secret_key"

    make_secret_key(file)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    file = tmp_path / "secret_key"

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(make_secret_key, [file] * 8))

    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_an_empty_file_holds_no_key(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()

    assert read_secret_key(tmp_path / "secret_key") is None
