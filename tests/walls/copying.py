"""A second organisation like the first, row for row, with every text of somebody else's choosing.

It is made by reading the models, so a new table or a new column is in it by itself.
"""

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils.http import int_to_base36

from coaching.models import CalendarFeed
from milestones.models import Journey, Milestone
from organisations import tenancy, walls
from organisations.models import Membership, Organisation, User
from post.models import Link
from tests.house.lived_in import World
from tests.house.ours import ROOMS

type Say = Callable[[models.Field, int, str], str]
"""What a column of a row is to say instead: the column, the row's id, what it said."""

# Texts that are not words: kept, because the rows would mean something else without them.
KEPT = {
    "organisations.Organisation": {"slug", "zone", "language", "accent"},
    "organisations.User": {"password", "zone"},
    "organisations.Event": {"verb", "subject_type"},
    "organisations.Invitation": {"token_hash"},
    "organisations.Seal": {"previous", "head"},
    "advocacy.Advocate": {"code"},
    "advocacy.Expansion": {"currency"},
    "advocacy.Referral": {"currency"},
    "coaching.CalendarFeed": {"token_hash"},
    "office.Import": {"file_path", "file_sha256"},
    "office.ImportClaim": {"about", "says"},
    "milestones.Criterion": {"urgency"},  # no journey of the demo asks for silence of one urgency
    "office.Token": {"token_hash", "start"},
    "office.KeptAnswer": {"fingerprint"},
    "office.IncomingEvent": {"message_id", "kind", "waits_for", "user_key"},
    "office.EventPerson": {"user_key"},
    "customers.Transaction": {"currency"},
    "customers.Subscription": {"currency"},
    "post.Recipient": {"language", "zone"},
    "post.Delivery": {"links"},
    "post.WebhookEndpoint": {"url", "secret", "earlier_secret"},
    "post.WebhookDelivery": {"kind", "fact", "message_id", "body"},
    "post.Digest": {"period"},
    "post.Link": {"purpose", "token_hash"},
}
POINTS = re.compile(r"_id$|^retracted_by$")  # numbers and JSON values that are ids
SAID_AS_WELL = {"columns", "cells"}  # lists in JSON whose single words are people's too


def tenant_models() -> list[type[models.Model]]:
    ours = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in ROOMS]
    return [model for model in ours if model._meta.db_table not in walls.OUTSIDE]


class Copying:
    """`source` once more: ids moved by `offset`, slugs with `prefix` before them, texts as `say` says."""

    def __init__(self, source: Organisation, *, slug: str, offset: int, prefix: str, say: Say) -> None:
        self.source, self.slug, self.offset, self.prefix, self.say = source, slug, offset, prefix, say
        self.made = Organisation.objects.get(pk=source.pk)

    def run(self) -> Organisation:
        with transaction.atomic():
            self._change(self.made)
            self.made.slug = self.slug
            self.made.save(force_insert=True)
            people = User.objects.filter(memberships__organisation=self.source)
            User.objects.bulk_create(map(self._change, people))
            Membership.objects.bulk_create(
                map(self._change, Membership.objects.filter(organisation=self.source))
            )
            for model in tenant_models():
                with tenancy.within(self.source):
                    rows = list(model._base_manager.filter(organisation=self.source))
                with tenancy.within(self.made):
                    model._base_manager.bulk_create(map(self._change, rows))
        return self.made

    def world(self, known: World) -> World:
        """The ids and tokens of the copy, by the names of the source's; its slugs stand among the tokens."""
        tokens = {name: self._token(token) for name, token in known.tokens.items() if name not in PEOPLES}
        return World(
            {name: pk + self.offset for name, pk in known.ids.items()},
            slugs(self.source, self.prefix) | tokens,
        )

    def _token(self, token: str) -> str:
        """Links of the copy open with the source's secrets behind the copy's own number."""
        own = f"{int_to_base36(self.made.pk)}-{token.partition('-')[2]}"
        with tenancy.within(self.made):
            for model in (Link, CalendarFeed):
                model.objects.filter(token_hash=_hash(token)).update(token_hash=_hash(own))
        return own

    def _change(self, row: Any) -> Any:
        for field in row._meta.concrete_fields:
            value = getattr(row, field.attname)
            if value is not None:
                setattr(row, field.attname, self._changed(field, row, value))
        row._state.adding = True
        return row

    def _changed(self, field: models.Field, row: models.Model, value: Any) -> Any:
        kept = KEPT.get(row._meta.label, set())
        if field.primary_key or field.remote_field or (_is_number(field) and POINTS.search(field.name)):
            return value + self.offset
        if field.name in kept or field.choices or (value == "" and field.name in _in_checks(row)):
            return value
        if field.name == "subject_key":
            return re.sub(r"^(\d+):(\S+)", self._pointing, value)
        if isinstance(field, models.JSONField):
            return self._json(field, row.pk, value)
        if isinstance(field, models.SlugField):
            return f"{self.prefix}{value}"
        return self.say(field, row.pk, value) if isinstance(value, str) else value

    def _pointing(self, found: re.Match[str]) -> str:
        return f"{int(found[1]) + self.offset}:{self.prefix}{found[2]}"

    def _json(self, field: models.Field, pk: int, value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: self._json(field, pk, one, key) for key, one in value.items()}
        if isinstance(value, list):
            return [self._json(field, pk, one, name) for one in value]
        if isinstance(value, str) and (" " in value or name in SAID_AS_WELL):
            return self.say(field, pk, value)
        return value + self.offset if isinstance(value, int) and POINTS.search(name) else value


PEOPLES = {"uid", "key"}  # belong to a person, not to an organisation


def slugs(source: Organisation, prefix: str) -> dict[str, str]:
    """Every slug that stands in an address, and the one it became."""
    with tenancy.within(source):
        found = {
            *Journey.objects.values_list("slug", flat=True),
            *Milestone.objects.values_list("key", flat=True),
        }
    return {slug: f"{prefix}{slug}" for slug in found}


def _in_checks(row: models.Model) -> set[str]:
    """Columns of which the database asks that they are empty at times: those empty ones stay so."""
    checks = [one for one in row._meta.constraints if isinstance(one, models.CheckConstraint)]
    return {name.split("__")[0] for check in checks for name in _names(check.condition)}


def _names(condition: models.Q) -> Iterator[str]:
    for child in condition.children:
        yield from _names(child) if isinstance(child, models.Q) else [child[0]]


def _is_number(field: models.Field) -> bool:
    return isinstance(field, models.BigIntegerField)


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
