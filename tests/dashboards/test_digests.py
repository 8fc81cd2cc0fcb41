"""Digests: at 7:00 of the organisation, once for each day or week, with something to say or not at all."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coaching.models import Commitment, Touchpoint
from dashboards import digests
from dashboards.digests import sending
from dashboards.digests.periods import turn_of
from milestones.models import Verdict
from organisations import tenancy
from organisations.models import Membership
from post import webhooks
from post.composing import compose
from post.models import Delivery, Digest, WebhookDelivery
from tests import factories
from tests.dashboards.on_today import journey, make

__all__ = ["journey", "make"]

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 16, 6, 30, tzinfo=UTC)  # 7:30 in Amsterdam
THURSDAY = datetime(2026, 3, 12, 6, 30, tzinfo=UTC)
DAILY, WEEKLY, NONE = Membership.Digest.DAILY, Membership.Digest.WEEKLY, Membership.Digest.NONE


@pytest.fixture
def choose(in_harbour):
    """choose(mara, DAILY): as their own page does it."""

    def choose(user, digest):
        Membership.objects.filter(organisation=in_harbour, user=user).update(digest=digest)
        return Membership.objects.get(organisation=in_harbour, user=user)

    return choose


@pytest.fixture
def send(in_harbour):
    """send(THURSDAY): the mails that were made then."""

    def send(now):
        known = set(Delivery.objects.values_list("pk", flat=True))
        digests.send_due(organisation=in_harbour, now=now)
        return list(Delivery.objects.exclude(pk__in=known).order_by("pk"))

    return send


@pytest.mark.once
@pytest.mark.parametrize(
    ("digest", "local", "period"),
    [
        (DAILY, "2026-03-12 06:59", None),
        (DAILY, "2026-03-12 07:00", ("2026-03-12", False)),
        (DAILY, "2026-03-12 11:59", ("2026-03-12", False)),
        (DAILY, "2026-03-12 12:00", ("2026-03-12", True)),
        (WEEKLY, "2026-03-15 07:00", ("2026-W11", True)),
        (WEEKLY, "2026-03-16 06:59", None),
        (WEEKLY, "2026-03-16 23:59", ("2026-W12", False)),
        (WEEKLY, "2026-03-17 05:00", ("2026-W12", True)),
        (WEEKLY, "2024-12-30 07:00", ("2025-W01", False)),
        (NONE, "2026-03-16 07:00", None),
    ],
)
def test_a_digest_has_its_hour(digest, local, period):
    turn = turn_of(digest, datetime.fromisoformat(local))
    assert (turn and (turn.period, turn.is_late)) == period


def test_a_missed_digest_is_made_up_once_and_only_the_latest(choose, send, make, mara, theo):
    """Nothing ran from Thursday's noon until the next week's Wednesday; Theo asks for his only then."""
    choose(mara, DAILY)
    make("Kestrel", started=date(2026, 1, 5), outcome="")
    assert len(send(THURSDAY)) == 1
    back = MONDAY + timedelta(days=2, hours=9)
    choose(theo, DAILY)
    assert [mail.address for mail in send(back)] == [mara.email]
    assert send(back + timedelta(hours=1)) == []
    assert len(send(back + timedelta(days=1, hours=-9))) == 2


def test_a_missed_week_is_made_up_in_its_week(choose, send, make, mara, theo):
    choose(mara, WEEKLY)
    make("Kestrel", started=date(2026, 1, 5), outcome="")
    assert len(send(MONDAY)) == 1
    choose(theo, WEEKLY)
    late = MONDAY + timedelta(days=9)
    assert [mail.address for mail in send(late)] == [mara.email]
    assert send(late + timedelta(days=1)) == []


def test_the_day_says_what_today_shows(choose, send, make, mara, in_harbour):
    choose(mara, DAILY)
    customer, other = make("Kestrel & Sons"), make("Theirs", owner=None, outcome="")
    values = {"organisation": in_harbour, "customer": customer, "owner_user": mara, "will": "send the plan"}
    Commitment.objects.create(due_on=date(2026, 3, 11), made_at=THURSDAY - timedelta(days=3), **values)
    at = THURSDAY + timedelta(hours=3)
    Touchpoint.objects.create(
        organisation=in_harbour, customer=customer, owner=mara, due_at=at, purpose="Look at the numbers"
    )
    enrolment = customer.enrolments.get()
    milestone = enrolment.current
    Verdict.objects.create(
        organisation=in_harbour, enrolment=enrolment, milestone=milestone, kind="contested",
        contact=customer.contacts.get(), words="<b>Not so</b>", at=THURSDAY,
    )  # fmt: skip
    data = {"milestone_id": milestone.pk, "customer_id": customer.pk}
    in_harbour.log("milestone_achieved", by=None, now=THURSDAY - timedelta(hours=5), **data)
    in_harbour.log("milestone_achieved", by=None, now=THURSDAY - timedelta(hours=25), **data)
    [mail] = send(THURSDAY)
    assert (mail.address, mail.purpose) == (mara.email, "digest")
    assert mail.subject == "Thursday 12 March: 1 call, 2 things to do, 1 milestone reached"
    for words in (
        "10:30: Kestrel & Sons",
        "Look at the numbers",
        "You promised: send the plan",
        "1 day late",
    ):
        assert words in mail.text
    assert "“<b>Not so</b>”" in mail.text
    assert "&lt;b&gt;Not so" in mail.html
    assert "Kestrel &amp; Sons" in mail.html
    assert other.name not in mail.text
    assert f"/o/harbour/customers/{customer.pk}/" in mail.html
    assert "[unsubscribe link]" in mail.text
    assert "/o/harbour/own/mails/" in mail.text


def test_nothing_to_say_is_no_mail_and_no_second_look(choose, send, make, mara, theo):
    member = choose(mara, DAILY)
    choose(theo, WEEKLY)
    assert send(THURSDAY) == []
    assert Digest.objects.get(membership=member).delivery is None
    make("Later on", outcome="")
    assert send(THURSDAY + timedelta(hours=1)) == []
    assert len(send(THURSDAY + timedelta(days=1))) == 1


def test_it_is_made_once_for_each_period(choose, send, make, mara, theo, rio, in_harbour):
    make("Kestrel Freight", outcome="")
    choose(mara, DAILY)
    choose(rio, DAILY)
    assert [mail.address for mail in send(THURSDAY)] == [mara.email, rio.email]
    assert send(THURSDAY) == send(THURSDAY + timedelta(hours=4)) == []
    Membership.objects.filter(user=mara).update(ended_at=THURSDAY)
    assert [mail.address for mail in send(THURSDAY + timedelta(days=1))] == [rio.email]
    assert Digest.objects.count() == 3


def test_two_at_once_make_one(choose, make, mara, in_harbour, monkeypatch):
    """The other process is done between our looking and our writing."""
    make("Kestrel Freight", outcome="")
    member = choose(mara, DAILY)
    written = sending._day

    def slow(member, now):
        mail = written(member, now)
        if not Digest.objects.exists():
            sending._keep(member, mail, period="2026-03-12", now=now)
        return mail

    monkeypatch.setattr(sending, "_day", slow)
    assert digests.send_due(organisation=in_harbour, now=THURSDAY) == 0
    assert Delivery.objects.filter(purpose="digest").count() == 1
    assert Digest.objects.get(membership=member).delivery is not None


def test_one_that_fails_holds_up_no_other(choose, send, make, mara, rio, monkeypatch, caplog):
    make("Kestrel Freight", outcome="")
    choose(mara, DAILY)
    choose(rio, DAILY)
    written = sending._day

    def failing(member, now):
        if member.user_id == mara.pk:
            raise RuntimeError("no luck")
        return written(member, now)

    monkeypatch.setattr(sending, "_day", failing)
    assert [mail.address for mail in send(THURSDAY)] == [rio.email]
    assert "the digest 2026-03-12 of member" in caplog.text
    monkeypatch.undo()
    assert [mail.address for mail in send(THURSDAY)] == [mara.email]


def test_the_week_says_figures_changes_and_who_is_stuck(choose, send, make, mara, theo, in_harbour, settings):
    choose(theo, WEEKLY)
    settings.CALL_HOSTS = ["chat.example:8443"]
    given = {"organisation": in_harbour, "by": theo, "now": THURSDAY, "about": "", "style": "teams"}
    webhooks.add_channel(url="https://chat.example:8443/x", kinds=[webhooks.WEEKLY], **given)
    late = make("Heron Glass", started=date(2026, 1, 5))
    make("Kite Foods")
    for days, by in ((1, None), (6, theo), (8, None)):
        in_harbour.log("milestone_achieved", by=by, now=MONDAY - timedelta(days=days), customer_id=late.pk)
    assert send(MONDAY - timedelta(days=1)) == []
    [mail] = send(MONDAY)
    assert mail.address == theo.email
    assert mail.subject == "The week 9 March to 15 March: 2 milestones reached"
    assert "1 customer past the target" in mail.text
    assert "Heron Glass" in mail.text
    assert "Kite Foods" not in mail.text
    assert "2 customers on it" in mail.text
    assert "* Achieved: 0% (0 to 79%, n=1 customers with a milestone due)" in mail.text
    assert "* Milestone 1: 0% (0 to 66%, n=2)" in mail.text
    in_channel = WebhookDelivery.objects.get().body
    assert "Heron Glass" in in_channel
    assert "Achieved 0% (0 to 79%, n=1)" in in_channel
    assert send(MONDAY + timedelta(hours=9)) == []


def test_the_link_in_it_ends_digests_alone(choose, send, make, mara, client, in_harbour):
    make("Kestrel Freight", outcome="")
    member = choose(mara, DAILY)
    [mail] = send(THURSDAY)
    made = compose(mail, organisation=in_harbour, sender="bosai@host.example", now=THURSDAY)
    [link] = made.links
    assert link.purpose == "digest"
    assert f"/u/{link.token}/" in made.message.decode().replace("=\r\n", "")
    assert "List-Unsubscribe: <http" in made.message.decode()
    member.refresh_from_db()
    assert member.digest == DAILY


def test_all_organisations_have_their_own_clock(choose, make, mara, rival, eve):
    make("Kestrel Freight", outcome="")
    choose(mara, DAILY)
    with tenancy.within(rival):
        factories.make_customer(rival, "Osprey", owner=eve)
        Membership.objects.filter(user=eve).update(digest=DAILY)
    assert digests.send_all(now=THURSDAY) == 1  # 6:30 at the rival
    assert digests.send_all(now=THURSDAY + timedelta(minutes=30)) == 1
    with tenancy.within(rival):
        assert Digest.objects.get().delivery is None


def test_a_channel_has_the_day_without_anybodys_name(in_harbour, make, ada, mara, settings):
    settings.CALL_HOSTS = ["chat.example:8443"]
    given = {"organisation": in_harbour, "by": ada, "now": THURSDAY, "about": "", "style": "slack"}
    kinds = [webhooks.DAILY, webhooks.WEEKLY]
    webhooks.add_channel(url="https://chat.example:8443/x", kinds=kinds, **given)
    customer = make("Kestrel & Sons", outcome="")
    values = {"organisation": in_harbour, "customer": customer, "owner_contact": customer.contacts.get()}
    at = THURSDAY - timedelta(days=3)
    Commitment.objects.create(due_on=date(2026, 3, 11), made_at=at, will="ask Priya", **values)
    for hour in (0, 1, 5):
        digests.send_due(organisation=in_harbour, now=THURSDAY + timedelta(hours=hour))
    (call,) = WebhookDelivery.objects.all()
    assert call.fact == "digest.daily:2026-03-12"
    assert "Kestrel &amp; Sons" in call.body
    assert "What customers promised: 1 promise of theirs" in call.body
    for name in ("Amara", "Okafor", "Priya", "Mara", "Lindqvist", "@"):
        assert name not in call.body
    digests.send_due(organisation=in_harbour, now=MONDAY)
    digests.send_due(organisation=in_harbour, now=MONDAY + timedelta(hours=3))
    assert Digest.objects.exclude(channel=None).count() == 3
    facts = list(WebhookDelivery.objects.order_by("pk").values_list("fact", flat=True))
    assert facts == ["digest.daily:2026-03-12", "digest.daily:2026-03-16"]  # the week had nothing to say


def test_a_channel_with_nothing_to_say_says_nothing_and_is_not_asked_again(in_harbour, ada, settings):
    settings.CALL_HOSTS = ["chat.example:8443"]
    given = {"organisation": in_harbour, "by": ada, "now": THURSDAY, "about": "", "style": "teams"}
    webhooks.add_channel(url="https://chat.example:8443/x", kinds=[webhooks.DAILY], **given)
    assert digests.send_due(organisation=in_harbour, now=THURSDAY) == 1
    assert digests.send_due(organisation=in_harbour, now=THURSDAY) == 0
    assert not WebhookDelivery.objects.exists()
