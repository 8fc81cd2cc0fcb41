"""Which outcome a milestone serves: said once each, changed, taken away, shown to members and customers."""

import pytest
from django.utils import timezone

from customers.models import Outcome
from milestones import aiming
from milestones.models import Aim
from organisations.models import Event
from post import linking
from tests.factories import make_customer, make_outcome
from tests.milestones.asked import make_asking_enrolment, milestone, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment(in_harbour, mara):
    return make_asking_enrolment(in_harbour, owner=mara)


def test_a_milestone_serves_one_outcome_at_most(enrolment, mara, now):
    first = Outcome.objects.get()
    second = make_outcome(enrolment.customer, "Nobody waits for Monday.", position=2)
    about = {"enrolment": enrolment, "milestone": milestone(enrolment), "by": mara, "now": now}
    aiming.aim(outcome=first, **about)
    aiming.aim(outcome=first, **about)
    aiming.aim(outcome=second, **about)
    assert [(aim.milestone_key, aim.outcome) for aim in Aim.objects.all()] == [("m1", second)]
    assert aiming.served_by([enrolment]) == {enrolment.pk: {"m1": second}}
    aiming.aim(outcome=None, **about)
    assert not Aim.objects.exists()
    said = [event.data["outcome_id"] for event in Event.objects.filter(verb="milestone_aimed").order_by("pk")]
    assert said == [first.pk, second.pk, None]


def test_it_refuses_anothers_outcome_and_one_that_is_retired(in_harbour, enrolment, mara, now):
    about = {"enrolment": enrolment, "milestone": milestone(enrolment), "by": mara, "now": now}
    theirs = make_outcome(make_customer(in_harbour, "Lumen"))
    gone = make_outcome(enrolment.customer, retired_at=now, retired_why="reached")
    for outcome in (theirs, gone):
        with pytest.raises(aiming.CannotServe):
            aiming.aim(outcome=outcome, **about)
    assert not Aim.objects.exists()


def test_it_stands_on_the_milestone_the_customers_page_and_their_own(
    client_for, visitor_of, enrolment, mara, now
):
    outcome, client = Outcome.objects.get(), client_for(mara)
    claim = f"/o/harbour/enrolments/{enrolment.pk}/milestones/m1/"
    kept = client.post(f"{claim}aim/", {"outcome": outcome.pk}, follow=True).content.decode()
    assert "This step serves" in kept
    own = client.get(f"/o/harbour/customers/{enrolment.customer_id}/").content.decode()
    assert "“Milestone 1” serves:" in own
    assert "Milestone 1 serves:" in own  # on the timeline
    assert "“Milestone 1” serves:" in visitor_of(person(enrolment.customer))
    assert client.post(f"{claim}aim/", {"outcome": "999999"}).status_code == 404
    client.post(f"{claim}aim/", {"outcome": ""})
    assert not Aim.objects.exists()


@pytest.fixture
def visitor_of(client, in_harbour):
    def seen(contact) -> str:
        about = {"organisation": in_harbour, "purpose": "customer", "subject_id": contact.pk}
        token = linking.make(**about, address=contact.address, now=timezone.now(), days=30)
        return client.get(f"/c/{token}/").content.decode()

    return seen
