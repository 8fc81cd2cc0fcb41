"""At the same moment: two answers, two claims, two loops, a contest and a celebration. Real threads."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from advocacy import celebrating
from advocacy.models import Celebration
from milestones import judging, verifying
from milestones.models import Achievement, Ask, Claim, Enrolment, Journey, Milestone, Verdict
from milestones.verifying import NotPossible
from organisations import tenancy
from organisations.models import Organisation, User
from post.models import Delivery, Link
from tests import factories
from tests.milestones.asked import make_asking_journey, make_link

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 8


@pytest.fixture
def journey(harbour: Organisation) -> Journey:
    """Committed: `within` is a transaction on PostgreSQL."""
    with tenancy.within(harbour):
        return make_asking_journey(harbour, hold_hours=0)


def at_once(organisation: Organisation, *acts: Callable[[], Any]) -> None:
    """Run these in threads that begin together, each with its own connection. Their faults are the test's."""
    ready, faults = Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        try:
            ready.wait(timeout=10)
            with tenancy.within(organisation), suppress(NotPossible):
                act()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert faults == []


def reached(
    organisation: Organisation, journey: Journey, mara: User, now: datetime, number: int = 1
) -> tuple[Enrolment, Ask, Link]:
    """A customer whose m3 is reached by a claim, who has the question, and whose link is open."""
    with tenancy.within(organisation):
        customer = factories.make_customer(organisation, f"Customer {number}", owner=mara)
        factories.make_contact(customer, "Amara Okafor", is_primary=True)
        enrolment = factories.make_enrolment(customer, journey)
        verifying.claim(
            enrolment=enrolment, milestone=Milestone.objects.get(version=enrolment.version, key="m3"),
            statement="So it is", number=1, reached_at=now, by=mara, now=now,
        )  # fmt: skip
        ask = Ask.objects.select_related("contact__recipient", "organisation").get(enrolment=enrolment)
        return enrolment, ask, make_link(ask, now=now)


def test_it_never_lets_a_contested_celebration_leave(harbour, journey, mara, now):
    for number in range(ROUNDS):
        enrolment, ask, link = reached(harbour, journey, mara, now, number)

        def loop() -> None:
            celebrating.gather(organisation=harbour, now=now)
            celebrating.post_due(organisation=harbour, now=now)

        def contest(ask: Ask = ask, link: Link = link) -> None:
            verifying.contest(ask=ask, link=link, words="Not yet", now=now)

        def judge_everybody() -> None:
            judging.judge(organisation=harbour, customer_ids=None, now=now)

        at_once(harbour, loop, contest, judge_everybody)
        with tenancy.within(harbour):
            mails = Delivery.objects.filter(purpose="celebration", subject_key__startswith=f"{enrolment.pk}:")
            assert Verdict.objects.filter(enrolment=enrolment).count() == 1
            assert not mails.filter(state="pending").exists()
            assert not Achievement.objects.standing().filter(enrolment=enrolment).exists()


def test_it_celebrates_once_with_two_loops(harbour, journey, mara, now):
    reached(harbour, journey, mara, now)

    def loop() -> None:
        celebrating.gather(organisation=harbour, now=now)
        celebrating.post_due(organisation=harbour, now=now + timedelta(seconds=1))

    at_once(harbour, loop, loop, loop)
    with tenancy.within(harbour):
        loop()
        assert Celebration.objects.count() == 1
        assert Delivery.objects.filter(purpose="celebration").count() == 1


def test_it_takes_one_answer_of_two_at_the_same_moment(harbour, journey, mara, now):
    for number in range(ROUNDS):
        enrolment, ask, link = reached(harbour, journey, mara, now, number)

        def yes(ask: Ask = ask, link: Link = link) -> None:
            verifying.confirm(ask=ask, link=link, now=now)

        def no(ask: Ask = ask, link: Link = link) -> None:
            verifying.contest(ask=ask, link=link, words="Not yet", now=now)

        at_once(harbour, yes, no, yes)
        with tenancy.within(harbour):
            assert Verdict.objects.filter(enrolment=enrolment).count() == 1


def test_it_keeps_one_claim_and_one_question_of_a_double_click(harbour, journey, mara, now):
    enrolment, _ask, _link = reached(harbour, journey, mara, now)
    with tenancy.within(harbour):
        first = Milestone.objects.get(version=enrolment.version, key="m1")

    def click() -> None:
        verifying.claim(
            enrolment=enrolment, milestone=first, statement="Every depot", number=11, reached_at=now, by=mara,
            now=now,
        )  # fmt: skip

    at_once(harbour, click, click, click)
    with tenancy.within(harbour):
        assert Claim.objects.filter(milestone_key="m1").count() == 1
        assert Ask.objects.filter(milestone=first).count() == 1
