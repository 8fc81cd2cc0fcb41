"""How a column that may hold something personal is dealt with when a person is erased or asks for a copy."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

COLUMNS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.FileField,
    models.BinaryField,
    models.GenericIPAddressField,
)


@dataclass(frozen=True)
class Handling:
    """One table's columns, each named once. Columns with choices hold our own words and need no entry.

    never    machines' words, keys, methods and figures: nobody is in them
    members  about colleagues, who are no customers' people
    theirs   blanked in the rows of the person, which `person` leads to; elsewhere as `typed`
    typed    members' words, which may name anybody: the full name and the address are replaced
    copies   machines' copies: the whole row goes where it names the person (a mail to others: its words)
    kept     cannot be changed by anybody: the sealed log, files of the library; said in the guide
    """

    never: str = ""
    members: str = ""
    theirs: str = ""
    typed: str = ""
    copies: str = ""
    kept: str = ""
    person: str = ""
    """The ways from a row to the contact it is about, as look-ups: "contact", "ask__contact"."""

    @property
    def named(self) -> list[str]:
        kinds = (self.never, self.members, self.theirs, self.typed, self.copies, self.kept)
        return [name for kind in kinds for name in kind.split()]

    @property
    def searched(self) -> list[str]:
        """In which a name or an address may stand."""
        return [*self.theirs.split(), *self.typed.split()]


def personal_columns(model: type[models.Model]) -> list[str]:
    """Columns that need an entry: everything that can hold words, but for fixed choices and references."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, COLUMNS) and not field.is_relation and not field.choices
    ]


def contact_columns(model: type[models.Model]) -> list[str]:
    """References to a person at a customer."""
    contact = apps.get_model("customers.Contact")
    return [field.name for field in model._meta.concrete_fields if field.related_model is contact]


def customer_path(model: type[models.Model]) -> str | None:
    """The shortest way from a row to its customer; None for what belongs to no customer."""
    customer = apps.get_model("customers.Customer")
    if model is customer:
        return "pk"
    waiting: list[tuple[Any, str]] = [(model, "")]
    seen = {model, apps.get_model("organisations.User"), apps.get_model("organisations.Organisation")}
    while waiting:
        at, way = waiting.pop(0)
        for field in at._meta.concrete_fields:
            if field.related_model is customer:
                return f"{way}{field.name}"
            if field.is_relation and field.related_model not in seen:
                seen.add(field.related_model)
                waiting.append((field.related_model, f"{way}{field.name}__"))
    return None
