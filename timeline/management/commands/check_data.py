"""Check what is recorded against itself."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from timeline.admin.checks import page_of
from timeline.services.checks import RULES, Finding, Rule, Severity, check

CODES = [rule.code for rule in RULES]
COLOURS = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.NOTE: "NOTICE"}


class Command(BaseCommand):
    help = (
        "Check what is recorded against itself: dates, evidence, claims, held texts, duplicates "
        "and dead ends. Names each record, what is wrong with it and what to do. Nothing is "
        "changed. The exit status is 1 when there is an error, and 0 when there are warnings and "
        "notes alone."
    )

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        rules = "\n".join(f"  {r.code:28}{r.severity.value:9}{r.meaning}" for r in RULES)
        kwargs["formatter_class"] = argparse.RawDescriptionHelpFormatter
        return super().create_parser(*args, epilog=f"The rules:\n{rules}", **kwargs)

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help="answer with one JSON object, for programs"
        )
        parser.add_argument(
            "--rule",
            action="append",
            choices=CODES,
            metavar="CODE",
            help="check this alone; may be given more than once",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        asked = options["rule"] or CODES
        rules = [rule for rule in RULES if rule.code in asked]
        findings = check(rules, progress=self._progress)
        try:
            counts = (self._as_json if options["json"] else self._in_words)(findings)
        except BrokenPipeError:
            # Who reads, as `head` does, has read enough; Python would complain once more on leaving.
            findings.close()
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        if counts[Severity.ERROR]:
            raise CommandError(f"There are errors in the data: {counts[Severity.ERROR]}.")

    def _progress(self, rule: Rule) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r\033[K{rule.meaning}\r", ending="")

    def _in_words(self, findings: Iterable[Finding]) -> Counter[Severity]:
        counts: Counter[Severity] = Counter()
        for rule, found in findings:
            counts[rule.severity] += 1
            colour = getattr(self.style, COLOURS[rule.severity])
            head = f"{colour(rule.severity.value)} {rule.code}: {found.type} {found.id}"
            self.stdout.write(
                f"{head} “{found.title}”\n  {found.problem}\n  {rule.remedy}\n  {page_of(found)}"
            )
        told = ", ".join(f"{severity.value}s: {counts[severity]}" for severity in Severity)
        self.stdout.write(f"{told}.".capitalize())
        return counts

    def _as_json(self, findings: Iterable[Finding]) -> Counter[Severity]:
        """One object, written as it is found."""
        counts: Counter[Severity] = Counter()
        self.stdout.write('{"findings": [', ending="")
        for rule, found in findings:
            self.stdout.write("," if counts.total() else "", ending="\n")
            counts[rule.severity] += 1
            line = {
                "rule": rule.code,
                "severity": rule.severity.value,
                "type": found.type,
                "id": str(found.id),
                "title": found.title,
                "problem": found.problem,
                "remedy": rule.remedy,
                "admin": page_of(found),
            }
            self.stdout.write(json.dumps(line, ensure_ascii=False), ending="")
        told = {f"{severity.value}s": counts[severity] for severity in Severity}
        self.stdout.write(f"\n], {json.dumps(told)[1:]}")
        return counts
