"""What comes in is exactly what it says: a number is a number, a time has its zone, nothing is unknown."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

FIRST, LAST = date(1900, 1, 1), date(2200, 1, 1)
MOST_DEEP = 100  # of what is kept as it comes


class Text(serializers.CharField):
    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A whole number."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int | float) or data != data // 1:
            self.fail("invalid")
        return super().to_internal_value(int(data))


class Number(serializers.FloatField):
    default_error_messages = {"infinite": _("This number is too large to be kept.")}

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        try:
            value = float(data)
        except OverflowError:
            self.fail("infinite")
        if not isfinite(value):
            self.fail("infinite")
        return value


class YesNo(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Day(serializers.DateField):
    default_error_messages = {"strange": _("Give a day between 1900 and 2200.")}

    def to_internal_value(self, value: Any) -> date:
        day: date = super().to_internal_value(value)
        if not FIRST <= day < LAST:
            self.fail("strange")
        return day


class Moment(serializers.DateTimeField):
    """A time with its zone, such as 2026-03-12T09:00:00Z."""

    default_error_messages = {
        "zone": _("Say the time zone too, such as 2026-03-12T09:00:00Z."),
        "strange": _("Give a time between 1900 and 2200."),
    }

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            self.fail("zone")
        if not FIRST <= value.date() < LAST:
            self.fail("strange")
        return value.astimezone(UTC)


class Ref(serializers.PrimaryKeyRelatedField):
    """The id of a row of one's own organisation. Somebody else's is as one there is not."""

    default_error_messages = {
        "does_not_exist": _("There is no such row. Look for its id in the list of them."),
        "incorrect_type": _("This is an id: a whole number."),
    }

    def __init__(self, rows: Callable[[Any], QuerySet[Any]], **options: Any) -> None:
        self.rows = rows
        super().__init__(pk_field=Whole(min_value=1, max_value=2**63 - 1), **options)

    def get_queryset(self) -> QuerySet[Any]:
        """Asked anew for each request, in its organisation."""
        return self.rows(self.context["organisation"])


@extend_schema_field({"type": "string", "minLength": 1})
class Named(serializers.SlugRelatedField):
    """A row of one's own organisation by its key or slug."""

    default_error_messages = {
        "does_not_exist": _("There is no such {slug_name}. Look for it in the list of them."),
        "invalid": _("This is a text."),
    }

    def __init__(self, rows: Callable[[Any], QuerySet[Any]], *, by: str, **options: Any) -> None:
        self.rows = rows
        super().__init__(slug_field=by, **options)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)

    def get_queryset(self) -> QuerySet[Any]:
        return self.rows(self.context["organisation"])


def number_of(what: str, **options: Any) -> serializers.IntegerField:
    """A filter by the id of a row this one belongs to."""
    return serializers.IntegerField(required=False, source=what, min_value=1, max_value=2**63 - 1, **options)


class Strict(serializers.Serializer):
    # A body. A field it does not have is refused, so that a slip of the pen is not lost in silence.
    # (No docstring: those of its kinds stand in the reference.)

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - self.fields.keys() if isinstance(data, Mapping) else set()
        faults = {str(name): [_("There is no such field.")] for name in unknown}
        try:
            given = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**error.detail, **faults}) from error
        if faults:
            raise serializers.ValidationError(faults)
        return given


class Filters(Strict):
    # What a list can be narrowed by; each field's `source` is what is looked up.

    after = serializers.IntegerField(
        required=False, min_value=0, max_value=2**63 - 1, help_text=_("The id after which the page begins.")
    )
    limit = serializers.IntegerField(
        required=False, min_value=1, max_value=200, help_text=_("Rows on a page, 50 unless told.")
    )


class Shown(serializers.ModelSerializer):
    # What goes out. Meta.fields names each field; a new column stays inside until it is named.

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.Meta.read_only_fields = cls.Meta.fields
