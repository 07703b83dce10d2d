"""The checks of the data: what the rules for single writes cannot see, or could not when it was
written.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable

from timeline.services.checks import claims, dates, dead_ends, duplicates, evidence, lives
from timeline.services.checks.findings import Finding, Found, Rule, Severity

__all__ = ["RULES", "Finding", "Found", "Rule", "Severity", "check"]

ERROR, WARNING, NOTE = Severity
MERGE = "If they are the same, merge them; if not, tell them apart by name, place or date."
BELIEVE = "Cite a public source, publish the one that is cited, or withdraw the event."

RULES = (
    Rule(
        "text-altered",
        ERROR,
        "Restore the text from a backup or the source, and see who could write to the database.",
        evidence.altered_texts,
    ),
    Rule(
        "quote-missing",
        ERROR,
        "Correct the quote, or the text if that was retrieved badly.",
        evidence.missing_quotes,
    ),
    Rule("event-uncited", ERROR, BELIEVE, evidence.uncited),
    Rule("evidence-hidden", ERROR, BELIEVE, evidence.hidden),
    Rule(
        "relation-against-dates",
        ERROR,
        "Correct a date, or change or delete the relation.",
        dates.relations,
    ),
    Rule(
        "accepted-and-contradicted",
        ERROR,
        "Decide which one is accepted, or take the contradiction away if it is none.",
        claims.contradictions,
    ),
    Rule(
        "echo-as-corroboration",
        ERROR,
        "Cite a source of another origin for one of the two, or take the link away.",
        claims.echoes,
    ),
    Rule(
        "two-values-accepted",
        WARNING,
        "Decide which value is accepted, or write the same value the same way.",
        claims.values,
    ),
    Rule(
        "source-before-event",
        WARNING,
        "Correct a date, or say that the source only mentions what was still to come.",
        dates.sources_of_events,
    ),
    Rule(
        "source-before-claim",
        WARNING,
        "Correct when it was said or when the source came out, or cite the source that has it.",
        dates.sources_of_claims,
    ),
    Rule(
        "participation-outside-life",
        WARNING,
        "Correct a date or who is meant; two people may share the name.",
        lives.participations,
    ),
    Rule(
        "affiliation-outside-life",
        WARNING,
        "Correct a date or who is meant; two people may share the name.",
        lives.affiliations,
    ),
    Rule(
        "inferred-date-outdated",
        WARNING,
        "Infer the date again, and say in its reasoning from what; that settles it.",
        dates.inferred,
    ),
    Rule(
        "quote-ambiguous",
        WARNING,
        "Give the words before or after the quote, or its position.",
        evidence.ambiguous_quotes,
    ),
    Rule("duplicate-event", WARNING, MERGE, duplicates.events, costly=True),
    Rule("duplicate-actor", WARNING, MERGE, duplicates.actors, costly=True),
    Rule("duplicate-place", WARNING, MERGE, duplicates.places, costly=True),
    Rule("duplicate-source", WARNING, MERGE, duplicates.sources, costly=True),
    Rule("draft-uncited", NOTE, "Cite the passage of a source for it.", evidence.drafts),
    Rule(
        "actor-unmentioned", NOTE, "Say what it has to do with, or withdraw it.", dead_ends.actors
    ),
    Rule("source-uncited", NOTE, "Cite it, or withdraw it.", dead_ends.sources),
    Rule("place-unused", NOTE, "Say what happened there, or withdraw it.", dead_ends.places),
    Rule("timeline-empty", NOTE, "Enter its events, or withdraw it.", dead_ends.timelines),
)


def check(
    rules: Iterable[Rule] = RULES, *, progress: Callable[[Rule], None] | None = None
) -> Generator[Finding, None, None]:
    """What each of ``rules`` finds, one at a time; ``progress`` is told which one begins."""
    for rule in rules:
        if progress is not None:
            progress(rule)
        for found in rule.find():
            yield Finding(rule, found)
