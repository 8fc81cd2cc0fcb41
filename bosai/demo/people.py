"""Who works at Harbour Analytics, and how the demo's people get in. They share one password, and their
accounts work in demo mode only."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.hashers import make_password

from organisations import governing
from organisations.models import Organisation, Role, User
from organisations.signing_in import DEMO_PASSWORD, DEMO_PEOPLE, DemoPerson

COLLEAGUES = (DemoPerson("Jonas Weber", Role.CSM), DemoPerson("Priya Raman", Role.CSM))
EVERYONE = (*DEMO_PEOPLE, *COLLEAGUES)


def make_people(wanted: Iterable[DemoPerson] = EVERYONE, *, now: datetime) -> dict[str, User]:
    """Everyone's account, by first name. The password is hashed once: it is the same, and hashing is slow."""
    hashed = make_password(DEMO_PASSWORD)
    return {
        person.key: User.objects.create(
            email=person.email, name=person.name, password=hashed, is_demo=True, joined_at=now
        )
        for person in wanted
    }


def join_all(
    organisation: Organisation,
    people: dict[str, User],
    *,
    now: datetime,
    wanted: Iterable[DemoPerson] = EVERYONE,
    by: str = "ada",
) -> None:
    """Everyone works here from now on. Who does already stays as they are."""
    for person in wanted:
        governing.join(
            organisation=organisation, user=people[person.key], role=person.role, by=people[by], now=now
        )
