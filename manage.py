#!/usr/bin/env python3
"""The command line."""

import os
import sys


def main() -> None:
    """Run a management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # The limit on a statement is there for requests; a command may take its time.
    os.environ.setdefault("DATABASE_STATEMENT_TIMEOUT", "0")

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
