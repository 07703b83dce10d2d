"""A date as JSON: the EDTF text, the source's words, and what follows from them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from timeline.api.serializers.base import Choice, StrictSerializer
from timeline.db.dates import described, read_edtf
from timeline.models import Basis
from timeline.temporal import Edtf, EdtfError, Precision, parse_words

UNDATED = {"date": None, "date_text": "", "date_basis": Basis.STATED, "date_basis_note": ""}
PRECISIONS = [(precision.value, precision.value) for precision in Precision]
END_STATES = [("closed", "It has an end"), ("open", "It goes on"), ("unknown", "Not known")]
WRITTEN = ("edtf", "text", "basis", "basis_note")


class MomentSerializer(serializers.Serializer):
    """The earliest and latest that a moment can have been; null where nothing bounds it."""

    earliest = serializers.CharField(
        allow_null=True,
        help_text="RFC 3339, or with more than four digits beyond the years 0000 to 9999.",
    )
    latest = serializers.CharField(allow_null=True, help_text="As `earliest`.")


@extend_schema_field({"type": "string", "format": "edtf", "maxLength": 500})
class EdtfField(serializers.CharField):
    """A date in EDTF, as text."""


class DateSerializer(StrictSerializer):
    """A date that may be known inexactly.

    To write, give `edtf`, or `text` in plain words (`c. 1912`, `late 2019`); with both, `text` is
    kept as the words of the source.
    """

    edtf = EdtfField(required=False, max_length=500, help_text="The date in EDTF, as written.")
    text = serializers.CharField(
        required=False, allow_blank=True, max_length=500, help_text="The words of the source."
    )
    label = serializers.CharField(read_only=True, help_text="The date said in words.")
    basis = Choice(Basis.choices, required=False, help_text="How the date is known.")
    basis_note = serializers.CharField(
        required=False, allow_blank=True, max_length=2000, help_text="The reasoning."
    )
    precision = serializers.ChoiceField(
        PRECISIONS,
        read_only=True,
        help_text="The unit in which it is known.",
    )
    approximate = serializers.BooleanField(read_only=True, help_text="Said to be about right.")
    uncertain = serializers.BooleanField(read_only=True, help_text="Said with doubt.")
    start = MomentSerializer(read_only=True, help_text="The first moment.")
    end = MomentSerializer(read_only=True, help_text="The last moment.")
    end_state = serializers.ChoiceField(
        END_STATES,
        read_only=True,
        help_text="Whether it has an end.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, source="*", **kwargs)

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        if data is None and self.allow_null:
            return True, dict(UNDATED)
        return super().validate_empty_values(data)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, dict):
            data = self._merged(data)
        values = super().to_internal_value(data)
        date, text = self._read(values)
        return {
            "date": date,
            "date_text": text,
            "date_basis": values.get("basis", Basis.STATED),
            "date_basis_note": values.get("basis_note", ""),
        }

    def _merged(self, patch: dict[str, Any]) -> dict[str, Any]:
        """RFC 7396: what the patch does not name stays, what it names null goes."""
        record = getattr(self.root, "instance", None) if self._patches() else None
        merged: dict[str, Any] = {}
        if record is not None and record.date is not None:
            merged = {
                "edtf": record.date.text,
                "text": record.date_text,
                "basis": record.date_basis,
                "basis_note": record.date_basis_note,
            }
            if patch.get("text") and "edtf" not in patch:
                del merged["edtf"]
        for name, value in patch.items():
            if value is None and name in WRITTEN:
                merged.pop(name, None)
            else:
                merged[name] = value
        return merged

    def _patches(self) -> bool:
        return self.parent is self.root and getattr(self.root, "partial", False)

    def _read(self, values: dict[str, Any]) -> tuple[Edtf, str]:
        edtf, text = values.get("edtf"), values.get("text", "")
        if edtf:
            return _parsed("edtf", read_edtf, edtf), text
        if text:
            return _parsed("text", _read_words, text), text
        raise serializers.ValidationError(
            "Give the date as “edtf” or in words as “text”; send null for no date.",
            code="required",
        )

    def to_representation(self, record: Any) -> dict[str, Any] | None:
        date: Edtf | None = record.date
        if date is None:
            return None
        return {
            **described(date),
            "text": record.date_text,
            "basis": record.date_basis,
            "basis_note": record.date_basis_note,
        }


def _read_words(text: str) -> Edtf:
    return parse_words(text, zone=settings.DEFAULT_ZONE)


def _parsed(name: str, read: Any, text: str) -> Edtf:
    try:
        return read(text)
    except EdtfError as error:
        raise serializers.ValidationError({name: [str(error)]}, code=error.code) from error
