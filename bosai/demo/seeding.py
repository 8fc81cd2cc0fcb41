"""The organisations of the demo, once: a second run changes nothing."""

from datetime import datetime

from django.db import connection, transaction

from bosai.demo import cleanslate, harbour, orchard
from bosai.demo.people import make_people
from organisations.models import Membership, Organisation


class RealOrganisation(Exception):
    """The database holds somebody's own organisation. Nothing was changed."""

    def __init__(self, organisation: Organisation) -> None:
        super().__init__(organisation.name)
        self.organisation = organisation


def seed(*, now: datetime, customers: int | None = None, crowd: int | None = None) -> bool:
    """Fill the database with the demo; whether there was anything to do. Raises RealOrganisation.

    All of it in one transaction: cut off half-way, it begins anew. `customers` makes a smaller one,
    in which there is no crowd unless `crowd` says how many.
    """
    if crowd is None:
        crowd = 0 if customers is not None else orchard.IN_ALL
    with transaction.atomic():
        refuse_real()
        if Organisation.objects.exists():
            return False
        people = make_people(now=now)
        harbour.build(people=people, now=now, customers=customers)
        cleanslate.build(admin_email=people["ada"].email, now=now)
        if crowd:
            orchard.build(now=now, customers=crowd)
    _learn_what_is_where()
    return True


def refuse_real() -> None:
    """Raises RealOrganisation when one is not the demo's: none of those who worked there is of the demo."""
    of_the_demo = Membership.objects.filter(user__is_demo=True).values("organisation")
    real = Organisation.objects.exclude(pk__in=of_the_demo).first()
    if real is not None:
        raise RealOrganisation(real)


def _learn_what_is_where() -> None:
    """Thousands of rows came at once: without statistics the database would plan as if it were empty."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
