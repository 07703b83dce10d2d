"""Tell receivers of what the public comes to know, as it does."""

from timeline.services.webhooks.changing import (
    create_webhook,
    delete_webhook,
    replay,
    rotate_secret,
    update_webhook,
)
from timeline.services.webhooks.delivering import (
    COUNTED,
    Teller,
    count_waiting,
    deliver_due,
    send_test,
)
from timeline.services.webhooks.signing import secret_of
from timeline.services.webhooks.targets import read_target

__all__ = [
    "COUNTED",
    "Teller",
    "count_waiting",
    "create_webhook",
    "delete_webhook",
    "deliver_due",
    "read_target",
    "replay",
    "rotate_secret",
    "secret_of",
    "send_test",
    "update_webhook",
]
