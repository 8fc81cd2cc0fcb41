"""Harbour is lived-in today: whole, believable, and nothing of it was ever sent."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.db.models import F

from advocacy.models import Celebration
from bosai.demo import seeding
from coaching.models import Call, CallDraft, Commitment, Touchpoint
from customers.models import (
    ChampionChange,
    Contact,
    Customer,
    Promise,
    Reading,
    Subscription,
    SupportCase,
    Transaction,
)
from dashboards.figures import Wish, figures
from dashboards.figures.promises import promise_figures
from dashboards.today.lines import Kind
from dashboards.today.page import today
from dashboards.today.scope import Scope
from milestones.models import Ask, Baseline, Claim, CriterionProgress, Enrolment, Journey, Pick, Verdict
from organisations import tenancy
from organisations.models import Event, Invitation, Organisation, User
from post.models import Delivery, PostDue, Recipient
from tests.milestones import oracle

pytestmark = [pytest.mark.once, pytest.mark.django_db]
NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
MAIN = "from-first-data-to-daily-decisions"
State = Celebration.State


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The whole demo, made once for this file and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        seeding.seed(now=NOW, crowd=0)
        harbour = Organisation.objects.get(slug="harbour")
        with tenancy.within(harbour):
            yield harbour
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def marked_today(demo):
    mara = User.objects.get(email="mara@harbour.example")
    local = NOW.astimezone(ZoneInfo("Europe/Amsterdam"))
    return today(Scope(demo, mara, mara, True, local))


def test_it_has_sixty_customers_some_of_whom_left(demo):
    assert Customer.objects.count() == 60
    assert 3 <= Customer.objects.exclude(left_on=None).count() <= 10
    assert Customer.objects.values("segment").distinct().count() >= 5
    assert Enrolment.objects.filter(journey__slug=MAIN).count() == 60
    assert 5 <= Enrolment.objects.exclude(journey__slug=MAIN).count() < 20
    first, last = Event.objects.order_by("at").first(), Event.objects.order_by("at").last()
    assert last.at - first.at > timedelta(days=540)


def test_the_judge_and_the_slow_oracle_agree_on_all_of_it(demo):
    assert oracle.stored() == oracle.truth()


def test_nothing_was_sent_and_nothing_waits_that_is_history(demo):
    states = Counter(Delivery.objects.values_list("state", flat=True))
    assert set(states) <= {Delivery.State.SIMULATED, Delivery.State.PENDING}
    assert states[Delivery.State.SIMULATED] > 300
    waiting = Delivery.objects.filter(state=Delivery.State.PENDING)
    assert set(waiting.values_list("pk", flat=True)) == set(PostDue.objects.values_list("pk", flat=True))
    assert not waiting.filter(created_at__lt=NOW - timedelta(days=2)).exists()
    assert not Delivery.objects.exclude(sent_at=None).exists()


def test_every_address_is_nobodys(demo):
    addresses = [
        *Recipient.objects.values_list("address", flat=True),
        *Delivery.objects.values_list("address", flat=True),
        *Delivery.objects.exclude(reply_to="").values_list("reply_to", flat=True),
        *User.objects.values_list("email", flat=True),
        *Invitation.objects.values_list("email", flat=True),
    ]
    assert len(addresses) > 500
    assert [address for address in addresses if not address.endswith(".example")] == []


def test_nothing_happened_later_than_now(demo):
    assert not Event.objects.filter(recorded_at__gt=NOW).exists()
    assert not Reading.objects.filter(at__gt=NOW).exists()
    assert not Call.objects.filter(saved_at__gt=NOW).exists()
    assert not Verdict.objects.filter(at__gt=NOW).exists()


def test_its_figures_are_believable(demo):
    day = NOW.date()
    found = figures(Wish(demo, Journey.objects.get(slug=MAIN), as_of=day))
    achieved = [row.achieved for row in found.milestones]
    assert achieved == sorted(achieved, reverse=True)
    assert achieved[0] > 50 > 30 > achieved[-1] > 8
    assert 0.5 < found.on_time / found.due < 0.85
    assert 0.6 < found.verified / found.achieved < 0.95
    for row in found.milestones:
        assert 0.6 * row.milestone.target_days < row.median_days < 1.2 * row.milestone.target_days


def test_contests_were_mended_and_two_are_open(demo):
    contests = Verdict.objects.standing().filter(kind=Verdict.Kind.CONTESTED)
    assert contests.open_contests().count() == 2
    assert contests.exclude(settled_at=None).count() >= 5
    assert set(contests.exclude(settled_at=None).values_list("answer", flat=True)).isdisjoint({""})


def test_celebrations_wait_for_a_hold_and_for_a_yes(demo):
    states = Counter(Celebration.objects.values_list("state", flat=True))
    assert states[State.WAITING] >= 2
    assert states[State.REVIEW] >= 1
    assert states[State.STOPPED] >= 1
    assert states[State.SIMULATED] > 100
    assert states[State.POSTED] == 0
    assert not Celebration.objects.filter(state=State.WAITING, due_at__lte=NOW).exists()


def test_today_has_every_kind_of_line_that_does_not_mean_a_lost_mail(marked_today):
    kinds = {line.kind for line in marked_today.lines}
    assert kinds >= {
        Kind.CONTESTED, Kind.NOT_LOGGED, Kind.PROMISED, Kind.LATE, Kind.NEAR, Kind.CLAIM, Kind.QUIET,
    }  # fmt: skip
    assert len(marked_today.calls) >= 4
    assert len(marked_today.lines) < 20
    assert marked_today.drafts
    assert any(
        "outcome" in said.lower() for line in (*marked_today.calls, *marked_today.lines) for said in line.also
    )


def test_a_newcomer_finds_a_milestone_to_claim_and_somebody_to_confirm_it(demo, marked_today):
    kestrel = next(line.customer for line in marked_today.calls if line.customer.key == "kestrel-freight")
    enrolment = Enrolment.objects.open().get(customer=kestrel)
    assert enrolment.current.key == "every-site-opens-with-it"
    met = CriterionProgress.objects.get(enrolment=enrolment, criterion__milestone=enrolment.current)
    assert met.criterion.kind == "metric"
    assert not Claim.objects.filter(enrolment=enrolment, milestone=enrolment.current).exists()
    assert not Ask.objects.filter(enrolment=enrolment, closed_at=None).exists()
    contact = Contact.objects.current().get(customer=kestrel, is_primary=True)
    assert contact.address
    assert Touchpoint.objects.planned().filter(customer=kestrel, due_at__date=NOW.date()).exists()


def test_the_rules_that_people_live_by_held(demo):
    """Commitments are kept and not kept; a call is written by who owned the customer, about people there."""
    states = Counter(Commitment.objects.values_list("state", flat=True))
    assert states["kept"] > states["not_kept"] > 20
    assert states["open"] > 10
    assert Call.objects.exclude(words="").count() > 200
    assert CallDraft.objects.count() == 1
    assert not Call.objects.filter(contacts=None).exists()
    weekends = [call.held_at for call in Call.objects.all() if call.held_at.weekday() > 4]
    assert weekends == []


def test_no_sentence_was_left_with_a_gap(demo):
    said = [
        *Call.objects.values_list("goal", "reality", "options", "words", "notes"),
        *Claim.objects.values_list("statement", "evidence_words"),
        *Verdict.objects.values_list("words", "answer"),
        *Commitment.objects.values_list("when", "will"),
    ]
    assert [words for row in said for words in row if "{" in words or "  " in words] == []


def test_timelines_are_full(demo):
    longest = Counter(Event.objects.exclude(customer_id=None).values_list("customer_id", flat=True))
    assert sum(1 for n in longest.values() if n > 60) >= 10


def test_it_is_paid_and_asked_and_remembers_how_it_stood(demo):
    assert Subscription.objects.count() == Customer.objects.count()
    left = Customer.objects.exclude(left_on=None)
    assert not Subscription.objects.running(NOW.date()).filter(customer__in=left).exists()
    (sums,) = Transaction.objects.standing().sums()
    assert sums["currency"] == "EUR"
    assert sums["n"] == sums["n_costed"] > 300
    assert 0.5 < 1 - sums["costs_e4"] / sums["total_e4"] < 0.8
    late = Transaction.objects.filter(customer__left_on__lt=F("at__date")).count()
    assert late == 0
    assert 50 < SupportCase.objects.count() < 1000
    assert SupportCase.objects.open().count() < 10
    baseline = Baseline.objects.get()
    assert baseline.rates.count() >= 5
    assert baseline.enrolled > 20


def test_promises_are_in_every_state_people_have_parts_and_somebody_picked(demo):
    assert set(Promise.objects.values_list("state", flat=True)) == set(Promise.State.values)
    report = promise_figures(today=NOW.date())
    assert all(one.share is not None for one in report.by_seller)
    assert Contact.objects.values_list("role", flat=True).distinct().count() == 5
    assert ChampionChange.objects.open().get().sign == "seen"
    assert Commitment.objects.filter(pk=Pick.objects.get().commitment_id).exists()
