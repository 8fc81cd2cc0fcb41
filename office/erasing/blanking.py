"""What is theirs loses its words, what names them loses the name; every row stays, since it still counts."""

from collections.abc import Iterable
from typing import Any, cast

from django.db import models
from django.db.models import Count, Q

from coaching.models import Call, Recap
from office.erasing.names import Names
from office.erasing.person import Person, tables

APART = ("customers.Contact", "post.Recipient")  # see `erase`


def blank_theirs(person: Person) -> None:
    """In every table, the columns that are theirs; of calls and recaps those with nobody else there."""
    for label, handling in tables():
        if label not in APART and handling.theirs:
            _blank(person.theirs(label, handling), handling.theirs.split(), person.names.put)
    _blank(calls_alone(person), ["words"], person.names.put)
    _blank(recaps_alone(person), ["subject", "body"], person.names.put)


def calls_alone(person: Person) -> models.QuerySet[Any]:
    """Calls with them and nobody else: what was said there, they said."""
    with_them = Call.objects.filter(attendees__contact=person.contact).values("pk")
    return Call.objects.filter(pk__in=with_them).alias(n=Count("attendees")).filter(n=1)


def recaps_alone(person: Person) -> models.QuerySet[Any]:
    return Recap.objects.filter(call__in=calls_alone(person).values("pk"))


def replace_names(person: Person) -> int:
    """In every text that may name anybody: in how many rows they were named."""
    rows = 0
    for label, row, found in list(person.named_in(person.names)):
        if label not in APART:
            rows += 1
            write_replaced(row, found, person.names)
    return rows


def write_replaced(row: models.Model, found: dict[str, Any], names: Names) -> None:
    model = type(row)
    changed = {name: fitting(model, name, names.replaced(value)) for name, value in found.items()}
    model._default_manager.filter(pk=row.pk).update(**changed)


def fitting(model: type[models.Model], name: str, value: Any) -> Any:
    """What stands in place of a name may be longer than the name: cut to what the column takes."""
    longest = getattr(model._meta.get_field(name), "max_length", None)
    return value[:longest] if longest and isinstance(value, str) else value


def _blank(rows: models.QuerySet[Any], columns: Iterable[str], put: str) -> None:
    model = rows.model
    found = model._default_manager.filter(pk__in=list(rows.values_list("pk", flat=True)))
    for name in columns:
        field = cast("models.Field[Any, Any]", model._meta.get_field(name))
        if isinstance(field, models.GenericIPAddressField):
            found.update(**{name: None})
        elif isinstance(field, models.JSONField):
            found.update(**{name: field.get_default()})
        else:
            empty = "" if field.blank and name not in checked(model) else put
            found.exclude(**{name: ""}).update(**{name: fitting(model, name, empty)})


def checked(model: type[models.Model]) -> set[str]:
    """Columns of which the database asks that they say something at times."""
    checks = [one for one in model._meta.constraints if isinstance(one, models.CheckConstraint)]
    return {name.split("__")[0] for check in checks for name in _names(check.condition)}


def _names(condition: Any) -> Iterable[str]:
    for child in condition.children:
        yield from _names(child) if isinstance(child, Q) else [child[0]]
