"""What the OpenAPI document says about each operation, in sentences."""

from __future__ import annotations

from typing import Any

STEPS = {
    "submit": ("Submit", "Submit a draft for review. Needs the scope `write`."),
    "approve": ("Approve", "Publish what was in review. Needs the scope `publish`."),
    "return_": ("Return", "Send what was in review back to draft. Needs the scope `publish`."),
    "publish": (
        "Publish",
        (
            "Make the record public, its citations with it. An event needs at least one "
            "citation. Needs the scope `publish`."
        ),
    ),
    "withdraw": ("Withdraw", "Take the record back from the public. Needs the scope `publish`."),
}

ANSWERS = {
    "200": "As asked.",
    "201": "Recorded. `Location` is its address.",
    "204": "Deleted.",
}

DATES = (
    " Dates are asked in EDTF windows: `before=2019-08` with `match=certain` lists what certainly "
    "ended before August 2019."
)


# For members that no serializer of ours or column describes.
MEMBERS = {
    "format": "What the file was.",
    "id": "The public id.",
    "actor": "Who took part.",
    "assessment": "How far the editors believe it.",
    "anchor": "Whether the quote stands in the held text of the source.",
    "bearing": "What the passage does to the record.",
    "date": "When; null when nothing is known.",
    "event": "The other event.",
    "identity": "What is known of who it is.",
    "kind": "What sort it is.",
    "name": "What it is called.",
    "point_precision": "What the point stands for.",
    "publication": "How far it has come on its way to the public.",
    "published": "When it was published.",
    "publisher": "Who published it.",
    "results": "The rows.",
    "role": "A code of `/vocabularies/roles`.",
    "said_on": "When it was said.",
    "source": "Where the passage stands.",
    "speaker": "Who says it.",
    "stance": "What the speaker does.",
    "status": "What the editors hold of it.",
    "title": "Its title.",
    "url": "Where it can be read.",
}


def is_step(view: Any) -> bool:
    """Whether the operation is a verb of publication."""
    return getattr(view, "action", "") in (*STEPS, "revert")


def takes_a_version(view: Any) -> bool:
    """Whether it changes a record that somebody has read (`If-Match`)."""
    action = getattr(view, "action", "")
    return is_step(view) or action in ("partial_update", "destroy", "merge")


def verb(view: Any, method: str) -> str:
    """The last word of the operation's id."""
    action = getattr(view, "action", None)
    names = {
        "partial_update": "update",
        "destroy": "delete",
        "return_": "return",
        "accept": "approve",
    }
    return names.get(action, action) or getattr(view, "operation", "retrieve")


def _one(view: Any) -> str:
    model = view.queryset.model
    return str(model._meta.verbose_name)


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _docstring(view: Any) -> str:
    return " ".join((type(view).__doc__ or "").split())


def summary(view: Any, method: str) -> str:
    """One line."""
    action = getattr(view, "action", None)
    if action in COUNTING:
        return COUNTING[action][0]
    if action in STEPS:
        return f"{STEPS[action][0]} {_article(_one(view))}"
    match action:
        case "list" if type(view).__name__ == "SearchViewSet":
            return "Search in everything"
        case "list":
            return f"List {view.queryset.model._meta.verbose_name_plural}"
        case "create" if _one(view) == "import":
            return "Import events from a file"
        case "create":
            return f"Create {_article(_one(view))}"
        case "retrieve":
            return f"Read {_article(_one(view))}"
        case "partial_update":
            return f"Change {_article(_one(view))}"
        case "destroy":
            return f"Delete {_article(_one(view))}"
        case _:
            return _docstring(view).rstrip(".")


def description(view: Any, method: str) -> str:
    """What it does, needs and means."""
    action = getattr(view, "action", None)
    if action in COUNTING:
        return COUNTING[action][1]
    if action in STEPS:
        return STEPS[action][1] + " An optional `reason` is kept in the ledger."
    about = _docstring(view)
    match action:
        case "list":
            dated = DATES if hasattr(view.queryset.model, "sort_key") else ""
            return f"{about}{dated} The public sees what is published."
        case "create" if _one(view) == "import":
            return IMPORTING
        case "create":
            return f"Record {_article(_one(view))}, as a draft where it can be one. " + SCOPE
        case "partial_update":
            return "A JSON merge patch (RFC 7396): what it does not name stays. " + SCOPE
        case "destroy":
            return "Delete it; the ledger keeps what it was. " + SCOPE
        case _:
            return about


SCOPE = "Needs the scope `write`, and `publish` for what is no draft."


def answer(code: str) -> str:
    """What a success means."""
    return ANSWERS.get(code, "Done.")


IMPORTING = (
    "Import events from JSON Lines, one object a line, or from a table with a header, as CSV or a "
    "workbook (XLSX), as the part `file` of a form, whose name says which it is. The file may also be "
    "the body itself, sent as `application/x-ndjson`, `text/csv` or "
    "`application/vnd.openxmlformats-officedocument.spreadsheetml.sheet`. A column fills the member of "
    "a row that it is named like, such as `title` or `place.name`, unless `mapping` says otherwise, "
    "and is kept in `extra` if it is named like none. Rows are matched by `dataset` and "
    "`external_id`: new ones are created, changed ones updated, and running the same file twice "
    "changes nothing. Actors, places and sources are found by name, alias or address before new "
    "ones are made. What a curator corrected is left alone where the data set did not change. All "
    "or nothing, unless `on_error=skip`. Needs the scope `write`; `publish=true` needs `publish`."
)

COUNTING = {
    "feed": (
        "Follow the changes",
        (
            "All that the public came to know or may no longer know, oldest first. Who carries the "
            "changes out in order on an empty store has what the lists have, at every point; the "
            "standard vocabulary comes with the software. `cursor` is what to send as `since` next "
            "time. It is a hash over the change and all before it: keep one, and "
            "`manage.py verify_ledger --pinned` proves that nothing before it was rewritten."
        ),
    ),
    "accept": (
        "Approve a proposal",
        (
            "Make the change that was proposed; refused where others changed the same since. Needs "
            "the scope `publish`."
        ),
    ),
    "dismiss": (
        "Dismiss a proposal",
        "Leave the record as it is. Needs the scope `publish`, but for a proposal of one's own.",
    ),
    "merge": (
        "Merge into another",
        (
            "What pointed to this record points to the other, of the same kind, and this one goes; "
            "its id leads to the other from then on (308). With `dry_run` nothing is written: the "
            "report says what would move, what would become one, and what stands in the way. What "
            "would be lost is refused, in words that say what to do first. "
            "`POST /operations/{id}/undo` undoes it. Needs the scope `publish`."
        ),
    ),
    "undo": (
        "Undo",
        (
            "Put back all that one operation changed to exactly what it was before, its state of "
            "publication too: a merge, an import, a batch, a deletion with what went along. All or "
            "nothing, as new versions with entries of their own; refused when any of it has "
            "changed since. Needs the scope `publish`."
        ),
    ),
    "batch": (
        "Change many events at once",
        (
            "Up to 1,000 creates, updates and deletes in their order, all or nothing; answered by "
            "index and id. Needs the scope `write`, and `publish` for what is no draft."
        ),
    ),
    "history": (
        "Read the history",
        (
            "Every version, newest first, with what it changed. The public sees the versions that "
            "were public, each compared with the public one before it."
        ),
    ),
    "revert": (
        "Put back to an earlier version",
        (
            "Make a new version that says what version `n` said; a deleted record comes back as a "
            "draft. Needs the scope `write`, and `publish` for what is no draft."
        ),
    ),
    "test": (
        "Send a test",
        (
            "Send the receiver a message of the type `webhook.test`, signed like the rest, and answer "
            "what came of it; also while the webhook is disabled. Needs the scope `publish`."
        ),
    ),
    "rotate": (
        "Make a new secret",
        (
            "The answer tells the new secret, once. For a day each request is signed with both, so "
            "that the receiver can change in its own time. Needs the scope `publish`."
        ),
    ),
    "replay": (
        "Send changes again",
        (
            "Go on after the change with this `cursor`, or with the changes made `since` an instant: "
            "to fill a receiver from the beginning, to send again what it lost, or to leave out what "
            "it will never take. Each has the `webhook-id` that it had. Needs the scope `publish`."
        ),
    ),
    "histogram": (
        "Count events over time",
        (
            "Events by century, decade, year, quarter, month, week or day, with every filter of the "
            "list. `certain` and `possible` are what the list would count with `within` and "
            "`match=certain`, or with `overlapping`; `expected` spreads each event over its extent "
            "and adds up to the number of dated events less `unplaced`."
        ),
    ),
    "facets": (
        "Count events by what they share",
        (
            "How many events have each kind, actor, role, place and so on, with every filter of the "
            "list: the count that the list would give with that value chosen as well."
        ),
    ),
    "explain": (
        "Say why an event matches",
        (
            "What each parameter of the list says of one event: which bound, which word, whether "
            "certain or possible."
        ),
    ),
}
