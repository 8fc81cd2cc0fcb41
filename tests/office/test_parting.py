"""When people and customers go: nothing without an owner, every end with its reason."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from coaching.models import Commitment, Touchpoint
from customers.models import Customer
from milestones import enrolling
from milestones.models import Enrolment
from office import parting
from organisations import governing, tenancy
from organisations.models import Event, Membership, Organisation, Role, User
from tests.factories import make_customer, make_enrolment, make_journey, make_member

pytestmark = pytest.mark.django_db


def membership(user: User) -> Membership:
    return Membership.objects.select_related("organisation", "user").get(user=user)


@pytest.fixture
def owned(in_harbour: Organisation, mara: User, now: datetime) -> list[Customer]:
    customers = [make_customer(in_harbour, f"Customer {n}", owner=mara) for n in range(3)]
    customers[2].archived_at = now
    customers[2].save()
    return customers


def test_it_hands_over_everything_in_one_go(
    owned: list[Customer], ada: User, theo: User, mara: User, in_harbour: Organisation, now: datetime
) -> None:
    common = {"organisation": in_harbour, "customer": owned[0]}
    planned = Touchpoint.objects.create(**common, owner=mara, due_at=now + timedelta(days=1))
    held = Touchpoint.objects.create(**common, owner=mara, due_at=now, state=Touchpoint.State.SKIPPED)
    promise = Commitment.objects.create(**common, owner_user=mara, will="call", made_at=now)
    moved = parting.member_leaves(membership=membership(mara), heir=theo, by=ada, now=now)
    assert moved == 3
    assert set(Customer.objects.values_list("owner", flat=True)) == {theo.pk}
    assert membership(mara).ended_at == now
    for row in (planned, held, promise):
        row.refresh_from_db()
    assert (planned.owner, held.owner, promise.owner_user) == (theo, mara, theo)
    handed = Event.objects.filter(verb="owner_changed", data__owner_id=theo.pk, data__from_id=mara.pk)
    assert handed.count() == 3
    assert handed.get(customer_id=owned[0].pk).data["along"] == {"calls": 1, "commitments": 1}


@pytest.mark.parametrize("heir", ["nobody", "themselves"])
def test_it_lets_nobody_go_whose_customers_have_no_heir(
    owned: list[Customer], ada: User, mara: User, now: datetime, heir: str
) -> None:
    with pytest.raises(parting.HeirNeeded):
        parting.member_leaves(
            membership=membership(mara), heir=None if heir == "nobody" else mara, by=ada, now=now
        )
    assert membership(mara).ended_at is None


def test_it_moves_nothing_when_the_last_admin_wants_to_go(
    in_harbour: Organisation, ada: User, theo: User, now: datetime
) -> None:
    customer = make_customer(in_harbour, owner=ada)
    with pytest.raises(governing.LastAdmin):
        parting.member_leaves(membership=membership(ada), heir=theo, by=ada, now=now)
    customer.refresh_from_db()
    assert customer.owner == ada
    assert not Event.objects.exists()


@pytest.mark.parametrize("what", ["a planned call", "a promise"])
def test_it_leaves_no_call_and_no_promise_to_nobody(
    in_harbour: Organisation, ada: User, theo: User, mara: User, now: datetime, what: str
) -> None:
    common = {"organisation": in_harbour, "customer": make_customer(in_harbour, owner=theo)}
    if what == "a planned call":
        Touchpoint.objects.create(**common, owner=mara, due_at=now + timedelta(days=1))
    else:
        Commitment.objects.create(**common, owner_user=mara, will="call", made_at=now)
    with pytest.raises(parting.HeirNeeded):
        parting.member_leaves(membership=membership(mara), heir=None, by=ada, now=now)
    assert parting.member_leaves(membership=membership(mara), heir=theo, by=ada, now=now) == 0
    assert not parting.leaves_behind(mara)


def test_it_needs_no_heir_without_customers(
    in_harbour: Organisation, ada: User, rio: User, now: datetime
) -> None:
    assert parting.member_leaves(membership=membership(rio), heir=None, by=ada, now=now) == 0
    assert membership(rio).ended_at == now


def test_it_ends_every_journey_with_the_reason_and_keeps_judging(
    in_harbour: Organisation, mara: User, now: datetime
) -> None:
    customer = make_customer(in_harbour)
    for slug in ("one", "two"):
        make_enrolment(customer, make_journey(in_harbour, slug=slug))
    day = date(2026, 3, 1)
    ended = parting.customer_leaves(customer=customer, on=day, why="Bought", by=mara, now=now)
    customer.refresh_from_db()
    assert ended == 2
    assert (customer.left_on, customer.left_why) == (day, "Bought")
    rows = Enrolment.objects.all()
    assert {(row.ended_why, row.is_judged, row.ended_at) for row in rows} == {("Bought", True, now)}
    assert list(Event.objects.order_by("id").values_list("verb", flat=True)) == [
        "enrolment_ended", "enrolment_ended", "customer_left",
    ]  # fmt: skip


def test_it_does_not_let_a_customer_go_without_a_reason(
    in_harbour: Organisation, mara: User, now: datetime
) -> None:
    customer = make_customer(in_harbour)
    with pytest.raises(enrolling.NoReason):
        parting.customer_leaves(customer=customer, on=now.date(), why=" ", by=mara, now=now)
    customer.refresh_from_db()
    assert customer.left_on is None


def test_it_asks_on_the_page_who_takes_over(
    client_for: Callable[[User], Client], owned: list[Customer], ada: User, theo: User, mara: User, rio: User
) -> None:
    client, path = client_for(ada), f"/o/harbour/members/{membership(mara).pk}/end/"
    page = client.get(path)
    assert "Their 3 customers go to" in page.text
    assert "Theo Brandt" in page.text
    assert "Rio Tanaka" not in page.text, "who only reads owns nothing"
    assert client.post(path, {}).status_code == 422
    assert client.post(path, {"heir": rio.pk}).status_code == 422
    assert membership(mara).ended_at is None
    done = client.post(path, {"heir": theo.pk}, follow=True)
    assert "3 customers were handed over" in done.text
    assert client_for(mara).get("/o/harbour/today/").status_code == 404, "out at once"
    assert client.get(path).status_code == 404


def test_it_says_that_the_last_admin_stays(client_for: Callable[[User], Client], ada: User) -> None:
    client, pk = client_for(ada), membership(ada).pk
    assert "Make somebody else an admin first" in client.post(f"/o/harbour/members/{pk}/end/", {}).text
    demoted = client.post(f"/o/harbour/members/{pk}/role/", {"role": "csm"}, follow=True)
    assert "Make somebody else an admin first" in demoted.text
    nonsense = client.post(f"/o/harbour/members/{pk}/role/", {"role": "emperor"}, follow=True)
    assert "no such role" in nonsense.text
    assert membership(ada).role == Role.ADMIN


def test_it_touches_no_member_of_another_organisation(
    client_for: Callable[[User], Client], rival: Organisation, mara: User, harbour: Organisation
) -> None:
    client, pk = client_for(make_member(rival, "Otto Rival", role=Role.ADMIN)), membership(mara).pk
    for action in ("role", "end"):
        theirs = client.post(f"/o/rival/members/{pk}/{action}/", {"role": "readonly"})
        nothing = client.post(f"/o/rival/members/999999/{action}/", {"role": "readonly"})
        assert theirs.status_code == nothing.status_code == 404
        assert theirs.content == nothing.content
    assert membership(mara).role == Role.CSM


def test_it_lets_a_customer_leave_on_the_page(
    client_for: Callable[[User], Client], harbour: Organisation, mara: User
) -> None:
    with tenancy.within(harbour):
        customer = make_customer(harbour)
        make_enrolment(customer, make_journey(harbour))
    client, path = client_for(mara), f"/o/harbour/customers/{customer.pk}/leaving/"
    assert "First data" in client.get(path).text
    assert client.post(path, {"on": "2026-03-01", "why": ""}).status_code == 422
    answer = client.post(path, {"on": "2026-03-01", "why": "Bought"})
    assert answer.url == f"/o/harbour/customers/{customer.pk}/"
    with tenancy.within(harbour):
        customer.refresh_from_db()
    assert customer.left_on == date(2026, 3, 1)
