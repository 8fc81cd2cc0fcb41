"""Looking changes nothing: members' pages of customers, people, members and the log, opened by an admin."""

from collections.abc import Callable

import pytest
from django.test import Client

from organisations.models import Membership, Organisation, User
from tests.counting import queries_of
from tests.factories import make_contact, make_customer, make_enrolment, make_journey

pytestmark = pytest.mark.django_db
READS = ("SELECT", "WITH", "DECLARE")
PAGES = [
    "customers/",
    "customers/?q=kes&show=mine&stage=onboarding",
    "customers/?format=csv",
    "customers/new/",
    "customers/{customer}/",
    "customers/{customer}/?show=calls",
    "customers/{customer}/edit/",
    "customers/{customer}/leaving/",
    "customers/{customer}/people/new/",
    "people/{contact}/",
    "members/",
    "members/{member}/end/",
    "settings/",
    "beginning/",
    "audit/",
    "audit/?format=csv",
    "theme.css",
]


@pytest.mark.parametrize("page", PAGES)
def test_it_writes_nothing_when_somebody_looks(
    client_for: Callable[[User], Client], in_harbour: Organisation, ada: User, mara: User, page: str
) -> None:
    customer = make_customer(in_harbour, owner=ada, outcome="Fewer empty kilometres.")
    make_enrolment(customer, make_journey(in_harbour))
    known = {
        "customer": customer.pk,
        "contact": make_contact(customer).pk,
        "member": Membership.objects.get(user=mara).pk,
    }
    client, answers = client_for(ada), []

    def look() -> None:
        answer = client.get("/o/harbour/" + page.format(**known))
        answers.append((answer.status_code, b"".join(answer)))

    wrote = [
        sql for sql in queries_of(look) if sql.lstrip().split(" ")[0] not in ("SELECT", "WITH", "DECLARE")
    ]
    assert answers[0][0] == 200
    assert not wrote
