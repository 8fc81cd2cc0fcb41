"""python -m bench.inside.seeding N: an organisation of N customers, judged; the sessions and pages to ask for."""

import sys
import time

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from bench.inside import tell
from bench.inside.organisation import MANAGER, READER, analyze, coach, fill, found
from customers.models import Contact, Customer
from milestones.judging import judge
from organisations import tenancy
from organisations.models import Organisation, User

SLUG, PAGES = "harbour", 40


def seed(count: int) -> dict[str, object]:
    began = time.monotonic()
    organisation, journey = found(SLUG)
    with tenancy.within(organisation):
        fill(organisation, journey, count)
        coach(organisation)
        analyze()
        judge(organisation=organisation, customer_ids=None, now=timezone.now(), history=True)
    took = time.monotonic() - began
    with tenancy.within(organisation):
        return {
            "seconds": took,
            "csm": signed_in(READER.format(SLUG)),
            "manager": signed_in(MANAGER.format(SLUG)),
            **some_customers(organisation),
        }


def signed_in(email: str) -> str:
    """The cookie of a session as signing in makes it."""
    user, session = User.objects.get(email=email), SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def some_customers(organisation: Organisation) -> dict[str, list[int]]:
    """Spread evenly over all of them, and a person at each."""
    ids = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    chosen = ids[:: max(1, len(ids) // PAGES)]
    people = dict(Contact.objects.filter(customer__in=chosen).values_list("customer_id", "pk"))
    return {"customers": chosen, "people": [people[pk] for pk in chosen]}


if __name__ == "__main__":
    tell(seed(int(sys.argv[1])))
