"""After months of life nothing in one organisation points into another."""

import pytest
from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef

from organisations import tenancy
from organisations.models import Membership, Organisation, User
from tests.walls.copying import tenant_models
from tests.walls.two import Two

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(1200),
]
# Numbers that are ids without a foreign key: what they point to may be gone, never somebody else's.
NUMBERS = {
    "organisations.Event": {"customer_id": "customers.Customer"},
    "post.Delivery": {"customer_id": "customers.Customer"},
    "customers.Reading": {"import_id": "office.Import"},
}


def references() -> list[tuple[type[models.Model], models.ForeignKey]]:
    return [
        (model, field)
        for model in tenant_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model is not Organisation
    ]


def test_no_row_points_into_another_organisation(two: Two) -> None:
    assert len(references()) > 60
    astray = []
    for organisation in Organisation.objects.all():
        with tenancy.within(organisation):
            for model, field in references():
                rows = model._base_manager.filter(organisation=organisation).exclude(**{field.name: None})
                if rows.exclude(Exists(_own(field, organisation))).exists():
                    astray.append((organisation.slug, f"{model._meta.label}.{field.name}"))
    assert astray == []


def _own(field: models.ForeignKey, organisation: Organisation) -> models.QuerySet:
    """What a row of this organisation may point to."""
    to, at = field.related_model, OuterRef(field.attname)
    if to is User:  # whoever works or worked there
        return Membership.objects.filter(organisation=organisation, user=at)
    return to._base_manager.filter(organisation=organisation, pk=at)


def test_no_number_points_into_another_organisation(two: Two) -> None:
    for organisation in Organisation.objects.all():
        with tenancy.within(organisation):
            for label, numbers in NUMBERS.items():
                for name, to in numbers.items():
                    rows = apps.get_model(label)._base_manager.filter(organisation=organisation)
                    own = apps.get_model(to)._base_manager.filter(
                        organisation=organisation, pk=OuterRef(name)
                    )
                    assert not rows.exclude(**{name: None}).exclude(Exists(own)).exists(), (label, name)
