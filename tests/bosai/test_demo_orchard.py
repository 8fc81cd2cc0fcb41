"""Orchard is crowded: brought in by files, judged by the judge, and nothing of it was ever sent."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import transaction
from django.test import Client

from advocacy.models import Celebration
from bosai.demo import orchard
from bosai.demo.orchard.cast import growers
from coaching.models import Call
from customers.models import Customer, Reading
from dashboards.figures import Wish, figures
from milestones.models import Achievement, Ask, Journey, Verdict
from office.models import Import
from organisations import tenancy
from organisations.models import Event, User
from post.models import Delivery, PostDue, Recipient
from tests.counting import queries_of
from tests.milestones import oracle

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
FEW = 80  # by the same code as the 2,000


@pytest.fixture(scope="module")
def crowded(django_db_setup, django_db_blocker):
    """Made once for this file and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        organisation = orchard.build(now=NOW, customers=FEW)
        with tenancy.within(organisation):
            yield organisation
        transaction.set_rollback(True)


def test_its_two_thousand_have_names_of_their_own_and_five_hundred_to_a_csm():
    everyone = list(growers(orchard.IN_ALL))
    assert len({each.key for each in everyone}) == len(everyone) == 2000
    assert set(Counter(each.owner.name for each in everyone).values()) == {500}
    assert {person.address.endswith(".example") for each in everyone for person in each.people} == {True}


def test_it_is_the_same_in_every_run():
    assert list(growers(50)) == list(growers(50))


def test_it_comes_in_by_files_a_part_of_it_as_history(crowded):
    assert set(Import.objects.values_list("state", flat=True)) == {"applied"}
    assert Customer.objects.count() == FEW
    assert Import.objects.filter(is_history=True).count() == 3
    standing = Achievement.objects.standing()
    assert standing.filter(is_history=True).count() > FEW
    assert standing.filter(is_history=False).count() > 5


def test_the_judge_and_the_slow_oracle_agree_on_all_of_it(crowded):
    assert len(oracle.stored()) > 2 * FEW
    assert oracle.stored() == oracle.truth()


def test_nothing_was_sent_and_nothing_waits(crowded):
    assert set(Delivery.objects.values_list("state", flat=True)) == {Delivery.State.SIMULATED}
    assert not PostDue.objects.exists()
    assert not Delivery.objects.exclude(sent_at=None).exists()


def test_history_was_not_celebrated(crowded):
    assert not Celebration.objects.filter(achievement__is_history=True).exists()
    assert Celebration.objects.filter(state=Celebration.State.SIMULATED).count() > 5


def test_its_people_talked_and_answered(crowded):
    assert Call.objects.count() > 20
    assert Ask.objects.exists()
    assert Verdict.objects.standing().filter(kind="confirmed").exists()


def test_its_figures_are_believable(crowded):
    found = figures(Wish(crowded, Journey.objects.get(), as_of=NOW.date()))
    achieved = [row.achieved for row in found.milestones]
    assert achieved == sorted(achieved, reverse=True)
    assert found.enrolled == FEW
    assert 0.4 < found.on_time / found.due < 0.9


def test_nothing_happened_later_than_now_and_every_address_is_nobodys(crowded):
    assert not Event.objects.filter(recorded_at__gt=NOW).exists()
    assert not Reading.objects.filter(at__gt=NOW).exists()
    assert Event.objects.order_by("-at").first().at > NOW - timedelta(days=3)
    addresses = [
        *Recipient.objects.values_list("address", flat=True),
        *User.objects.values_list("email", flat=True),
    ]
    assert [address for address in addresses if not address.endswith(".example")] == []


PAGES = {  # (who, address below the organisation's) → most queries it may make, however many customers
    ("lena", "today/"): 36,
    ("ines", "today/"): 39,
    ("ines", "today/?all=late"): 9,
    ("lena", "customers/"): 13,
    ("ines", "milestones/"): 32,
    ("ines", "outbox/?show=simulated"): 10,
}


def test_its_pages_make_few_queries_and_end_somewhere(crowded, settings):
    settings.DEMO = True
    asked = {}
    for who, page in PAGES:
        client, url = Client(), f"/o/orchard/{page}"
        client.force_login(User.objects.get(email=f"{who}@orchard.example"))
        asked[who, page] = len(queries_of(partial(client.get, url)))
        answer = client.get(url)
        assert answer.status_code == 200
        assert len(answer.content) < 110 * 1024  # fifty rows, a path drawn in each
    assert {at: count for at, count in asked.items() if count > PAGES[at]} == {}
