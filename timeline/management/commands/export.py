"""Write what is public to a file."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.test import RequestFactory
from django.urls import resolve

from timeline.formats import FORMATS


class Command(BaseCommand):
    help = (
        "Write the public events to a file, in the format that its name ends in: "
        f"{', '.join(FORMATS)}. What is written is what the API answers."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file to write, e.g. events.geojson")
        parser.add_argument(
            "--query", default="", help="filters of the event list: 'before=2019&match=certain'"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        suffix = options["file"].name.partition(".")[2]
        if suffix not in FORMATS:
            raise CommandError(
                f"There is no format “{suffix}”; the formats are {', '.join(FORMATS)}."
            )
        path = f"/api/v1/events.{suffix}"
        view = resolve(path)
        host = next((name for name in settings.ALLOWED_HOSTS if "*" not in name), "localhost")
        request = RequestFactory(SERVER_NAME=host).get(f"{path}?{options['query']}")
        response = view.func(request, *view.args, **view.kwargs)
        if response.status_code != 200:
            raise CommandError(json.loads(response.content)["detail"])
        with options["file"].open("wb") as file:
            for chunk in response.streaming_content:
                file.write(chunk)
        self.stdout.write(f"Written to {options['file']}.")
