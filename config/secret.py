"""The secret key: from a file that only its owner reads.

`python -m config.secret` makes one if there is none, for `make run`.
"""

import os
import secrets
import sys
from pathlib import Path
from tempfile import NamedTemporaryFile


def private_folder(path: Path) -> Path:
    """Return the folder, made readable by its owner alone if it was not there."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def read_secret_key(path: Path) -> str | None:
    """Return the key kept in the file, or nothing where there is no such file."""
    try:
        return path.read_text().strip() or None
    except FileNotFoundError:
        return None


def make_secret_key(path: Path) -> str:
    """Keep a new random key in the file; return it, or that of another process that was first."""
    private_folder(path.parent)
    # Such a file has mode 600 from the start.
    with NamedTemporaryFile("w", dir=path.parent, prefix=path.name, delete=False) as draft:
        draft.write(secrets.token_urlsafe(50) + "\n")
    try:
        # A link, unlike an open, makes the file appear whole or not at all.
        os.link(draft.name, path)
    except FileExistsError:
        pass
    finally:
        Path(draft.name).unlink()
    return path.read_text().strip()


if __name__ == "__main__":
    file = Path(sys.argv[1])
    if read_secret_key(file) is None:
        make_secret_key(file)
