"""python -m bench.inside.seeding N: an organisation of N customers; the sessions and pages to ask for."""

import sys
import time

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db.models import F
from django.utils import timezone

from bench.inside import tell
from bench.inside.organisation import MANAGER, READER, analyze, coach, fill, found
from customers.models import Customer
from milestones.judging import judge
from organisations import tenancy
from organisations.models import User
from organisations.sessions import SessionStore

SLUG, PAGES = "harbour", 40


def seed(count: int) -> dict[str, object]:
    began = time.monotonic()
    organisation, journey = found(SLUG)
    with tenancy.within(organisation):
        fill(organisation, journey, count)
        coach(organisation, busy_step=step(count))
        analyze()
        judge(organisation=organisation, customer_ids=None, now=timezone.now(), history=True)
    took = time.monotonic() - began
    with tenancy.within(organisation):
        return {
            "seconds": took,
            "csm": signed_in(READER.format(SLUG)),
            "manager": signed_in(MANAGER.format(SLUG)),
            "customers": busy_customers(step(count)),
        }


def step(count: int) -> int:
    """One customer in so many is busy, and asked for."""
    return max(2, count // PAGES)


def signed_in(email: str) -> str:
    """The cookie of a session as signing in makes it."""
    user, session = User.objects.get(email=email), SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def busy_customers(step: int) -> list[int]:
    """Those with twenty calls, spread evenly over all."""
    rows = Customer.objects.alias(place=F("pk") % step).filter(place=1)
    return list(rows.order_by("pk").values_list("pk", flat=True))


if __name__ == "__main__":
    tell(seed(int(sys.argv[1])))
