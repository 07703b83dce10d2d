"""How records are read and told. Whoever asks for one kind of them knows all."""

from timeline.api.serializers import events, evidence, records

__all__ = ["events", "evidence", "records"]
