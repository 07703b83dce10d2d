"""Send the changes to those who asked for them."""

from __future__ import annotations

import argparse
import signal
import sys
from collections import Counter
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from timeline.api.feed import told_plainly
from timeline.models import Delivery, Webhook
from timeline.services.webhooks import deliver_due

LONGEST_WAIT = 3_600.0
UNANSWERED = (OperationalError, InterfaceError)
BUSY = "The database cannot answer just now."


def seconds(text: str) -> float:
    """How long to wait."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= LONGEST_WAIT:
        raise argparse.ArgumentTypeError(
            f"“{text}” is no number of seconds up to {LONGEST_WAIT:.0f}"
        )
    return number


class Command(BaseCommand):
    help = (
        "Send each webhook the changes it has not had yet, in order. Without --watch what is due is "
        "sent once, and the exit status is 1 when a receiver did not take something, which is then "
        "due again later. Several may run at once, on several machines: none sends what another is "
        "sending."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--watch",
            action="store_true",
            help="go on until stopped (SIGTERM, SIGINT), and send changes as they come",
        )
        parser.add_argument(
            "--every",
            type=seconds,
            default=2.0,
            metavar="SECONDS",
            help="with --watch, how often to look for changes (default: 2)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.counts: Counter[str] = Counter()
        self.stopping = Event()
        if options["watch"]:
            self._watch(options["every"])
        else:
            try:
                self._deliver()
            except UNANSWERED as error:
                raise CommandError(f"{BUSY} Run it again. ({error})") from error
        told = f"Delivered {self.counts['delivered']}, failed {self.counts['failed']}."
        if not options["watch"] and self.counts["failed"]:
            raise CommandError(f"{told} What failed is sent again when it is due.")
        self.stdout.write(told)

    def _watch(self, every: float) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        while not self.stopping.is_set():
            try:
                self._deliver()
            except UNANSWERED as error:
                # Databases are restarted; what was being sent is due again soon.
                self.stderr.write(f"{BUSY} ({error})")
                connection.close()
            close_old_connections()
            self.stopping.wait(every)

    def _deliver(self) -> None:
        for delivery in deliver_due(told_plainly, stopped=self.stopping.is_set):
            self.counts["delivered" if delivery.is_delivered else "failed"] += 1
            if sys.stderr.isatty():
                self.stderr.write(f"\r{self.counts['delivered']} delivered", ending="")
            if not delivery.is_delivered:
                self._tell(delivery)

    def _tell(self, delivery: Delivery) -> None:
        webhook = Webhook.objects.filter(pk=delivery.webhook_id).first()
        if webhook is None:
            return
        then = "It is disabled."
        if delivery.next_attempt_at is not None:
            then = f"Again at {delivery.next_attempt_at:%Y-%m-%d %H:%M:%S} UTC."
        told = f"{webhook}: attempt {delivery.attempt} failed. {delivery.error} {then}"
        self.stderr.write(told)
