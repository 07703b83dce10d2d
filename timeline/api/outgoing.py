"""What is sent to webhooks, as the OpenAPI document has it: requests in the other direction."""

from __future__ import annotations

from typing import Any

CURSOR = "5f2a9c0d1e4b7a685f2a9c0d1e4b7a685f2a9c0d1e4b7a685f2a9c0d1e4b7a68"
RECORD = "0e9a7c1d-2b7f-4d55-8a8e-6d8f3c1b2a90"


def _envelope(about: str, kind: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "description": about,
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"type": "string", **kind},
            "timestamp": {
                "type": "string",
                "format": "date-time",
                "description": "When it happened, and not when it is sent.",
            },
            "data": data,
        },
    }


SCHEMAS: dict[str, Any] = {
    "ChangeMessage": _envelope(
        "A change, as a webhook is sent it.",
        {
            "description": "The type of the record and the action, with a dot between.",
            "pattern": "^[a-z]+\\.(created|published|updated|withdrawn|deleted|merged)$",
            "example": "event.withdrawn",
        },
        {
            "description": "The entry of `/changes`, as it may be told at this moment.",
            "allOf": [{"$ref": "#/components/schemas/Change"}],
        },
    )
    | {
        "example": {
            "type": "event.withdrawn",
            "timestamp": "2026-11-07T13:29:21.042000Z",
            "data": {
                "cursor": CURSOR,
                "at": "2026-11-07T13:29:21.042000Z",
                "action": "withdrawn",
                "type": "event",
                "id": RECORD,
                "version": 3,
                "reason": "",
                "merged_into": None,
                "record": None,
            },
        }
    },
    "TestMessage": _envelope(
        "What `/webhooks/{id}/test` sends.",
        {"description": "Says that it is a test.", "const": "webhook.test"},
        {
            "type": "object",
            "description": "No change of anything.",
            "required": ["webhook"],
            "properties": {
                "webhook": {
                    "type": "string",
                    "format": "uuid",
                    "description": "The webhook that is tested.",
                }
            },
        },
    ),
}

HEADERS = [
    ("webhook-id", "The same whenever the same is sent: of a change its `cursor`.", CURSOR),
    ("webhook-timestamp", "When it is sent, in seconds; refuse what is minutes old.", "1794058161"),
    (
        "webhook-signature",
        (
            "Signatures with spaces between, any of which may fit: `v1,` and the HMAC-SHA256 of the "
            "id, the timestamp and the body, with dots between, in base64. The key is the secret "
            "without `whsec_`, read as base64."
        ),
        "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
    ),
]


def _sent(name: str, summary: str, description: str, schema: str) -> dict[str, Any]:
    return {
        "post": {
            "operationId": name,
            "summary": summary,
            "description": description,
            "tags": ["webhooks"],
            "security": [],
            "parameters": [
                {
                    "name": header,
                    "in": "header",
                    "required": True,
                    "description": about,
                    "schema": {"type": "string"},
                    "example": example,
                }
                for header, about, example in HEADERS
            ],
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}
                },
            },
            "responses": {
                "2XX": {"description": "Taken. The next change follows."},
                "410": {"description": "Not wanted any more: the webhook is disabled."},
                "default": {"description": "Not taken: the same is sent again later."},
            },
        }
    }


WEBHOOKS: dict[str, Any] = {
    "change": _sent(
        "change_sent",
        "A change",
        "Sent for every entry of `/changes`, in order. It may come twice, and then has the same "
        "`webhook-id`. Who carries the changes out in order has what the lists have.",
        "ChangeMessage",
    ),
    "test": _sent("test_sent", "A test", "Sent by `POST /webhooks/{id}/test`.", "TestMessage"),
}
