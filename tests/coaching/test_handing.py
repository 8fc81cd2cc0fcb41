"""Customers go to another coach with what was planned and promised there, and the timeline says so."""

from datetime import timedelta

import pytest

from coaching import handing
from coaching.models import Commitment, Touchpoint
from customers.models import Customer
from organisations import tenancy
from organisations.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(in_harbour, kestrel, mara, theo, now):
    """Two customers of Mara's with a call planned and something promised; Theo promised something, too."""
    other = factories.make_customer(in_harbour, "Lumen Dental", owner=mara)
    for customer in (kestrel, other):
        about = {"organisation": in_harbour, "customer": customer}
        Touchpoint.objects.create(**about, owner=mara, due_at=now + timedelta(days=2))
        Touchpoint.objects.create(**about, owner=mara, due_at=now, state="skipped")
        Commitment.objects.create(**about, owner_user=mara, will="send it", made_at=now)
        Commitment.objects.create(
            **about, owner_user=mara, will="sent it", made_at=now, state="kept", settled_at=now
        )
    Commitment.objects.create(
        organisation=in_harbour, customer=kestrel, owner_user=theo, will="ask", made_at=now
    )
    return [kestrel, other]


def whose(rows, name):
    return sorted(rows.values_list(name, flat=True))


def test_several_go_at_once_and_nothing_stays_behind(given, in_harbour, mara, theo, ada, now):
    made = {"organisation": in_harbour, "by": mara, "now": now}
    handed = handing.hand_over(customers=given, owner=ada, **made)
    assert (handed.customers, handed.total("calls"), handed.total("commitments")) == (2, 2, 2)
    assert set(Customer.objects.values_list("owner", flat=True)) == {ada.pk}
    assert whose(Touchpoint.objects.planned(), "owner__name") == ["Ada Okonjo"] * 2
    assert whose(Commitment.objects.open(), "owner_user__name") == ["Ada Okonjo"] * 2 + ["Theo Brandt"]
    assert whose(Touchpoint.objects.filter(state="skipped"), "owner__name") == ["Mara Lindqvist"] * 2
    assert Commitment.objects.filter(state="kept", owner_user=mara).count() == 2
    assert Event.objects.filter(verb="owner_changed", data__from_id=mara.pk).count() == 2
    assert handing.hand_over(customers=given, owner=ada, **made).customers == 0


def test_given_to_nobody_what_is_to_be_done_stays_with_who_has_it(given, in_harbour, mara, now):
    handed = handing.hand_over(organisation=in_harbour, customers=given, owner=None, by=mara, now=now)
    assert (handed.customers, handed.along) == (2, {})
    assert set(whose(Touchpoint.objects.planned(), "owner__name")) == {"Mara Lindqvist"}


def test_from_the_list_and_on_the_timeline_it_says_what_went_along(given, client_for, mara, theo, in_harbour):
    client = client_for(mara)
    sent = {"customer": [one.pk for one in given], "owner": theo.pk}
    page = client.post("/o/harbour/customers/owners/", sent, follow=True).content.decode()
    assert "2 customers now have Theo Brandt. Went along: 2 planned calls, 2 commitments." in page
    told = client.get(f"/o/harbour/customers/{given[0].pk}/").content.decode()
    assert "Handed over from Mara Lindqvist to Theo Brandt" in told
    assert "1 planned call, 1 commitment went along." in told
    with tenancy.within(in_harbour):
        assert Touchpoint.objects.planned().filter(owner=theo).count() == 2
