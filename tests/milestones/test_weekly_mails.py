"""Whoever wishes for it gets one mail a week instead of single ones: once, on their day, with what holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from milestones import messaging
from milestones.messaging import gathering
from milestones.messaging.wording import EVERY, shipped
from milestones.models import Enrolment, Journey, MessageWritten, Milestone, Occasion, WeeklyMail
from organisations.models import Event, Organisation
from post import dispatching, preferring, wishes
from post.models import Delivery, Recipient
from tests import factories

TUESDAY = datetime(2026, 3, 10, 7, 0, tzinfo=UTC)  # eight in Amsterdam
DAY, WEEK = timedelta(days=1), timedelta(days=7)
State = Delivery.State


@pytest.fixture
def journey(in_harbour) -> Journey:
    return factories.make_journey(in_harbour)


@pytest.fixture
def kestrel(in_harbour, mara):
    customer = factories.make_customer(in_harbour, owner=mara)
    factories.make_contact(customer, is_primary=True)
    return customer


@pytest.fixture
def amara(kestrel, in_harbour) -> Recipient:
    row = kestrel.contacts.get().recipient
    row.organisation = in_harbour
    return row


@pytest.fixture
def wants(amara):
    def wants(wish="weekly", weekday=1, at=TUESDAY - 20 * DAY):
        return preferring.change_wish(recipient=amara, wish=wish, weekday=weekday, now=at)

    return wants


@pytest.fixture
def writes(journey, theo):
    def switch_on(*occasions, of=journey, **changes):
        for occasion in occasions or (Occasion.EXPECTATION, Occasion.STALL):
            wording = replace(shipped(occasion), is_on=True, **changes)
            messaging.keep_message(
                journey=of, milestone_key=EVERY, wording=wording, by=theo, now=TUESDAY - 50 * DAY
            )
        messaging.start(journey=of, by=theo, now=TUESDAY - 50 * DAY)
        of.refresh_from_db()

    return switch_on


@pytest.fixture
def moved(kestrel, journey):
    """Kestrel last moved so long before that Tuesday: what comes is due a day later, a stall after thirty."""

    def moved(before: timedelta, customer=kestrel, of=journey) -> Enrolment:
        at = TUESDAY - before
        return factories.make_enrolment(customer, of, started_on=at.date(), moved_at=at)

    return moved


def write(organisation, now) -> int:
    return messaging.write_due(organisation=organisation, now=now)


class TestGathering:
    def test_it_gathers_what_was_due_by_their_day_into_one_mail(
        self, in_harbour, wants, writes, moved, journey, theo
    ):
        wants()
        other = factories.make_journey(in_harbour, slug="second")
        writes()
        writes(of=other)
        moved(30 * DAY + timedelta(hours=1))  # the stall, an hour before
        moved(5 * DAY, of=other)  # what comes, four days before
        assert write(in_harbour, TUESDAY - timedelta(minutes=1)) == 0
        assert write(in_harbour, TUESDAY) == 2
        mail = Delivery.objects.get()
        assert (mail.purpose, mail.state) == ("week", State.PENDING)
        assert mail.subject == "What would help with this? Milestone 1 (and 1 more)"
        assert "What comes next: Milestone 1" in mail.text
        assert "who wished for one mail a week instead of single ones" in mail.text
        assert mail.html.count("<h2") == 2
        assert [link["placeholder"] for link in mail.links] == ["[customer page]"]
        assert {row.delivery for row in MessageWritten.objects.all()} == {mail}
        assert Event.objects.filter(verb="message_written", data__delivery_id=mail.pk).count() == 2

    def test_it_is_one_for_each_week_and_the_rest_waits_for_the_next(
        self, in_harbour, wants, writes, moved, kestrel
    ):
        wants()
        writes(Occasion.EXPECTATION, days=0)
        moved(DAY)
        assert write(in_harbour, TUESDAY) == 1
        Enrolment.objects.update(moved_at=TUESDAY + DAY, current=Milestone.objects.get(key="m2"))
        for later in range(1, 7):
            assert write(in_harbour, TUESDAY + later * DAY) == 0
        assert write(in_harbour, TUESDAY + WEEK) == 1
        assert WeeklyMail.objects.count() == 2

    def test_what_comes_due_on_their_day_is_for_next_week(self, in_harbour, wants, writes, moved):
        wants()
        writes(Occasion.EXPECTATION)
        moved(DAY - timedelta(minutes=1))
        for later in (timedelta(minutes=1), timedelta(hours=5), 3 * DAY, 6 * DAY):
            assert write(in_harbour, TUESDAY + later) == 0
        assert write(in_harbour, TUESDAY + WEEK) == 1

    def test_it_is_made_up_once_when_bosai_stood_still_on_their_day(self, in_harbour, wants, writes, moved):
        wants()
        writes(Occasion.EXPECTATION)
        moved(3 * DAY)
        assert write(in_harbour, TUESDAY + 3 * DAY) == 1
        assert write(in_harbour, TUESDAY + 3 * DAY) == 0
        assert WeeklyMail.objects.get().week == (TUESDAY - DAY).date()

    def test_another_day_does_not_make_two_in_one_week(self, in_harbour, wants, writes, moved):
        wants()
        writes(Occasion.EXPECTATION, days=0)
        moved(DAY)
        assert write(in_harbour, TUESDAY) == 1
        wants(weekday=3)
        Enrolment.objects.update(moved_at=TUESDAY + DAY, current=Milestone.objects.get(key="m2"))
        assert write(in_harbour, TUESDAY + 2 * DAY) == 0
        assert write(in_harbour, TUESDAY + WEEK + DAY) == 0
        assert write(in_harbour, TUESDAY + WEEK + 2 * DAY) == 1

    def test_two_customers_of_one_person_are_told_apart(
        self, in_harbour, wants, writes, moved, kestrel, theo, amara
    ):
        wants()
        writes(Occasion.EXPECTATION)
        other = factories.make_customer(in_harbour, "Osprey Rail", owner=theo)
        factories.make_contact(other, address=amara.address, is_primary=True)
        moved(2 * DAY)
        moved(2 * DAY, customer=other)
        assert write(in_harbour, TUESDAY) == 2
        mail = Delivery.objects.get()
        assert mail.customer_id is None
        assert {link["placeholder"] for link in mail.links} == {"[customer page]", "[customer page 2]"}
        assert "Your page at Osprey Rail: [customer page" in mail.text
        assert "asks this:" in mail.text  # the other CSM, with an address
        assert (mail.reply_to in (theo.email,)) or theo.email in mail.text

    def test_a_message_that_lacks_something_holds_up_no_other(self, in_harbour, wants, writes, moved, theo):
        wants()
        other = factories.make_journey(in_harbour, slug="second")
        writes(Occasion.EXPECTATION)
        writes(Occasion.EXPECTATION, of=other, body="You want this: {outcome}")
        moved(2 * DAY)
        moved(2 * DAY, of=other)
        assert write(in_harbour, TUESDAY) == 1
        assert MessageWritten.objects.get().enrolment.journey.slug == "first-data"

    def test_only_messages_of_journeys_are_gathered(self, in_harbour, wants, amara):
        recipient = wants()
        recipient.organisation = in_harbour
        night = TUESDAY + 4 * DAY
        for purpose in ("celebration", "confirmation", "contest", "receipt", "appointment"):
            assert wishes.ask(recipient, purpose=purpose, now=night).later is None
        assert wishes.ask(recipient, purpose="message", now=night).later == TUESDAY + WEEK


class TestOnce:
    def test_two_at_once_write_one(self, in_harbour, wants, writes, moved, monkeypatch):
        """The second has looked before the first has written; the constraint answers."""
        wants()
        writes(Occasion.EXPECTATION)
        moved(2 * DAY)
        assert write(in_harbour, TUESDAY) == 1
        MessageWritten.objects.all().delete()
        monkeypatch.setattr(gathering.Gathering, "_had", set())
        assert write(in_harbour, TUESDAY + timedelta(minutes=5)) == 0
        assert Delivery.objects.count() == 1
        assert not MessageWritten.objects.exists()

    def test_a_crash_stores_nothing_and_the_next_round_writes_it(
        self, in_harbour, wants, writes, moved, monkeypatch
    ):
        wants()
        writes(Occasion.EXPECTATION)
        moved(2 * DAY)
        with monkeypatch.context() as broken:
            broken.setattr(gathering, "note", _fail)
            assert write(in_harbour, TUESDAY) == 0
        assert not Delivery.objects.exists()
        assert not WeeklyMail.objects.exists()
        assert write(in_harbour, TUESDAY + timedelta(minutes=5)) == 1

    def test_a_part_of_the_round_writes_no_half_a_mail(self, in_harbour, wants, writes, moved, journey):
        """What ends early has not seen everything that belongs into a week."""
        wants()
        writes(Occasion.EXPECTATION)
        moved(2 * DAY)
        single = factories.make_customer(in_harbour, "Osprey Rail")
        factories.make_contact(single, is_primary=True)
        moved(2 * DAY, customer=single)
        assert messaging.write_due(organisation=in_harbour, now=TUESDAY, at_most=0) == 0
        assert not WeeklyMail.objects.exists()
        assert write(in_harbour, TUESDAY) == 2


def _fail(*_args, **_kwargs):
    raise RuntimeError


class TestWaiting:
    @pytest.fixture
    def waits(self, in_harbour, wants, writes, moved):
        """Two messages in a mail of the week that has not left."""
        wants()
        other = factories.make_journey(in_harbour, slug="second")
        writes(Occasion.EXPECTATION)
        writes(Occasion.EXPECTATION, of=other, subject="The other one")
        moved(2 * DAY)
        moved(2 * DAY, of=other)
        write(in_harbour, TUESDAY)
        return Delivery.objects.get()

    def test_what_is_overtaken_is_taken_out_of_it(self, in_harbour, waits):
        Enrolment.objects.filter(journey__slug="second").update(current=None)
        Delivery.objects.update(lease_token="6f9619ff-8b86-d011-b42d-00c04fc964ff")
        write(in_harbour, TUESDAY + timedelta(minutes=5))
        waits.refresh_from_db()
        assert waits.state == State.PENDING
        assert waits.subject == "What comes next: Milestone 1"
        assert "The other one" not in waits.text + waits.html
        assert waits.lease_token is None  # who has built it with the old words does not send them
        Enrolment.objects.update(ended_at=TUESDAY)
        write(in_harbour, TUESDAY + timedelta(minutes=10))
        waits.refresh_from_db()
        assert (waits.state, waits.reason) == (State.STOPPED, "they are no longer on this journey")

    def test_a_journey_that_stops_takes_its_own_out(self, in_harbour, waits, journey, theo):
        messaging.stop(journey=journey, by=theo, now=TUESDAY)
        waits.refresh_from_db()
        assert (waits.state, waits.subject) == (State.PENDING, "The other one")
        assert "What comes next" not in waits.text

    def test_single_mails_that_wait_when_they_choose_it_go_into_it(self, in_harbour, wants, writes, moved):
        writes(Occasion.EXPECTATION)
        moved(4 * DAY)
        assert write(in_harbour, TUESDAY - 2 * DAY) == 1
        single = Delivery.objects.get()
        wants(at=TUESDAY - DAY)
        assert write(in_harbour, TUESDAY) == 1
        single.refresh_from_db()
        assert (single.state, single.reason) == (State.STOPPED, "is in their one mail of the week")
        row = MessageWritten.objects.get()
        assert row.delivery.purpose == "week"
        assert Event.objects.filter(verb="message_written").count() == 1


class TestGoing:
    @pytest.fixture
    def sends(self, smtp_sink, settings, in_harbour):
        settings.SMTP_URL = smtp_sink.url
        settings.MAIL_FROM = "bosai@harbour.example"

        def send(now):
            dispatching.dispatch(now=now)
            return smtp_sink.count()

        return send

    def test_it_counts_as_one_of_their_budget_and_waits_for_it(
        self, harbour, in_harbour, wants, writes, moved, sends, amara
    ):
        Organisation.objects.filter(pk=harbour.pk).update(mails_per_week=1)
        wants()
        writes()
        moved(30 * DAY + timedelta(hours=1))
        went = TUESDAY - 6 * DAY
        Delivery.objects.create(
            organisation=in_harbour, purpose="celebration", subject_key="c", address=amara.address,
            recipient=amara, state=State.SENT, created_at=went, due_at=went, sent_at=went,
        )  # fmt: skip
        write(in_harbour, TUESDAY)
        assert sends(TUESDAY) == 0
        mail = Delivery.objects.get(purpose="week")
        assert mail.due_at == TUESDAY + DAY
        assert sends(TUESDAY + DAY) == 1
        lately = Delivery.objects.when_counted([amara.pk], now=TUESDAY + 2 * DAY)
        assert len(lately) == 1  # the celebration is out of the seven days

    def test_whoever_wants_none_by_then_gets_none(self, in_harbour, wants, writes, moved, sends):
        wants()
        writes(Occasion.EXPECTATION)
        moved(2 * DAY)
        write(in_harbour, TUESDAY)
        wants("important")
        assert sends(TUESDAY) == 0
        assert Delivery.objects.get().state == State.SUPPRESSED

    def test_a_single_mail_never_leaves_for_them(self, in_harbour, wants, writes, moved, sends):
        writes(Occasion.EXPECTATION)
        moved(4 * DAY)
        write(in_harbour, TUESDAY - 2 * DAY)
        wants(at=TUESDAY - 2 * DAY)
        assert sends(TUESDAY - DAY) == 0
        assert Delivery.objects.get().due_at == TUESDAY
        later = TUESDAY - DAY + timedelta(hours=1)
        wants("all", at=later)
        assert sends(later) == 1


class TestForecast:
    def test_it_counts_what_goes_together_as_one(self, in_harbour, wants, writes, moved, journey):
        wants()
        writes(Occasion.EXPECTATION, Occasion.MOMENTUM, days=14)
        moved(timedelta(0))
        in_harbour.mails_per_week = 1
        ahead = messaging.forecast(journey=journey, organisation=in_harbour, now=TUESDAY)
        # what comes is due on day 14, before the target on day 6: another week
        weeks = [line.week.isoformat() for line in ahead.going]
        assert weeks == ["2026-03-16", "2026-03-23"]
        assert [line.goes_at for line in ahead.going] == [TUESDAY + WEEK, TUESDAY + 2 * WEEK]
        assert (ahead.mails, ahead.gathered, ahead.people, ahead.waiting) == (2, 2, 1, 0)
        wants(weekday=4)
        messaging.keep_message(
            journey=journey, milestone_key=EVERY, by=None, now=TUESDAY,
            wording=replace(shipped(Occasion.EXPECTATION), is_on=True, days=7),
        )  # fmt: skip
        ahead = messaging.forecast(journey=journey, organisation=in_harbour, now=TUESDAY)
        assert (len(ahead.going), ahead.mails, len(ahead.over_budget)) == (2, 1, 0)
        [day] = ahead.by_day()
        assert (day.mails, len(day.lines)) == (1, 2)

    def test_a_week_that_has_had_its_mail_is_past(self, in_harbour, wants, writes, moved, journey):
        wants()
        writes(Occasion.EXPECTATION)
        moved(2 * DAY)
        write(in_harbour, TUESDAY)
        MessageWritten.objects.all().delete()
        [line] = messaging.forecast(
            journey=journey, organisation=in_harbour, now=TUESDAY + timedelta(hours=1)
        ).going
        assert line.goes_at == TUESDAY + WEEK


@pytest.mark.once
@pytest.mark.parametrize(
    "zone", ["Europe/Amsterdam", "America/New_York", "Asia/Kathmandu", "Pacific/Chatham"]
)
def test_there_is_one_opening_in_each_week_of_two_years(harbour, zone):
    """At eight on their clock on their day, whatever daylight saving does."""
    amara = Recipient(organisation=harbour, address="amara@kestrel.example", zone=zone, weekday=4)
    now, seen = datetime(2026, 1, 1, tzinfo=UTC), []
    while (now := wishes.next_opening(amara, now)) < datetime(2028, 1, 1, tzinfo=UTC):
        seen.append(now)
        local = now.astimezone(amara.tzinfo())
        assert (local.weekday(), local.hour, local.minute) == (4, 8, 0)
        assert wishes.week_of(amara, now) == local.date() - 4 * DAY
    assert len(seen) == len({wishes.week_of(amara, at) for at in seen}) == 105
