"""What a journey writes by itself: on four occasions, once each, never more than a person may get."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from django.utils import timezone

from customers.recording import NewReading
from milestones import judging, messaging, pausing, tasks
from milestones.messaging.wording import EVERY, shipped
from milestones.models import Achievement, Journey, MessageWritten, Milestone, Occasion
from organisations.models import Event, Organisation
from post import dispatching, leases, preferring
from post.models import Delivery, Recipient
from tests import factories

NOON = datetime(2026, 3, 11, 11, 0, tzinfo=UTC)  # a Wednesday, noon in Amsterdam
DAY = timedelta(days=1)
State = Delivery.State


@pytest.fixture
def journey(in_harbour) -> Journey:
    return factories.make_journey(in_harbour)


@pytest.fixture
def kestrel(in_harbour, mara):
    customer = factories.make_customer(in_harbour, owner=mara)
    factories.make_outcome(customer, "Deliver on the promised day.")
    factories.make_contact(customer, is_primary=True)
    return customer


@pytest.fixture
def writes(journey, theo):
    """Switch occasions on and begin to write, the day before NOON unless told otherwise."""

    def switch_on(*occasions, at=NOON - 40 * DAY, key=EVERY, **changes):
        for occasion in occasions:
            wording = replace(shipped(occasion), is_on=True, **changes)
            messaging.keep_message(journey=journey, milestone_key=key, wording=wording, by=theo, now=at)
        messaging.start(journey=journey, by=theo, now=at)
        journey.refresh_from_db()

    return switch_on


@pytest.fixture
def on_the_way(kestrel, journey):
    """Kestrel set out so many days before NOON."""

    def set_out(days: int):
        began = (NOON - timedelta(days=days)).date()
        return factories.make_enrolment(
            kestrel, journey, started_on=began, moved_at=NOON - timedelta(days=days)
        )

    return set_out


def write(organisation, now=NOON) -> list[tuple[str, str]]:
    """A round; what was written in it, by occasion and milestone."""
    before = set(MessageWritten.objects.values_list("pk", flat=True))
    messaging.write_due(organisation=organisation, now=now)
    rows = MessageWritten.objects.exclude(pk__in=before).order_by("occasion")
    return [(row.occasion, row.milestone_key) for row in rows]


def reach(organisation, customer, key: str, at=NOON - 3 * DAY):
    milestone = Milestone.objects.get(key=key)
    metric = milestone.criteria.get().metric
    reading = NewReading(customer.pk, metric.pk, at, 50.0, external_id=f"{key}{at}")
    judging.record([reading], organisation=organisation, source="test", now=at)


class TestOccasions:
    def test_it_says_what_comes_a_day_after_they_set_out(self, in_harbour, writes, on_the_way):
        writes(Occasion.EXPECTATION)
        on_the_way(1)
        assert write(in_harbour, NOON - 2 * timedelta(hours=1)) == []
        assert write(in_harbour) == [("expectation", "m1")]

    def test_it_asks_a_week_before_the_target(self, in_harbour, writes, on_the_way):
        writes(Occasion.MOMENTUM)
        on_the_way(12)
        assert write(in_harbour) == []
        assert write(in_harbour, NOON + DAY) == [("momentum", "m1")]

    def test_it_asks_nothing_once_the_target_has_passed(self, in_harbour, writes, on_the_way):
        writes(Occasion.MOMENTUM, days=3)
        on_the_way(21)
        assert write(in_harbour) == []

    def test_it_asks_what_would_help_when_nothing_moved_for_a_month(self, in_harbour, writes, on_the_way):
        writes(Occasion.STALL)
        on_the_way(30)
        assert write(in_harbour) == [("stall", "m1")]

    def test_it_leads_on_to_the_next(self, in_harbour, writes, on_the_way, kestrel):
        writes(Occasion.HANDOVER)
        on_the_way(10)
        reach(in_harbour, kestrel, "m1")
        assert write(in_harbour) == [("handover", "m1")]
        delivery = Delivery.objects.get()
        assert delivery.subject == "Milestone 1, and what follows"
        assert "What follows is this: Milestone 2. What milestone 2 means for you." in delivery.text
        assert "<strong>Milestone 2</strong>" in delivery.html

    def test_what_leads_on_is_not_said_again_as_what_comes(self, in_harbour, writes, on_the_way, kestrel):
        writes(Occasion.HANDOVER, Occasion.EXPECTATION)
        on_the_way(5)
        reach(in_harbour, kestrel, "m1", at=NOON - 2 * DAY)
        assert write(in_harbour) == [("handover", "m1")]

    def test_the_last_milestone_leads_on_to_nothing(self, in_harbour, writes, on_the_way, kestrel):
        writes(Occasion.HANDOVER)
        on_the_way(10)
        reach(in_harbour, kestrel, "m5")
        assert write(in_harbour) == []

    def test_a_milestone_may_have_words_of_its_own_or_none(
        self, in_harbour, writes, on_the_way, journey, theo
    ):
        writes(Occasion.EXPECTATION)
        silent = replace(shipped(Occasion.EXPECTATION), is_on=False)
        messaging.keep_message(journey=journey, milestone_key="m1", wording=silent, by=theo, now=NOON)
        on_the_way(1)
        assert write(in_harbour) == []
        own = replace(silent, is_on=True, subject="Only this: {milestone}")
        messaging.keep_message(journey=journey, milestone_key="m1", wording=own, by=theo, now=NOON)
        assert write(in_harbour) == [("expectation", "m1")]
        assert Delivery.objects.get().subject == "Only this: Milestone 1"


class TestPaused:
    """While the clock of a journey stands, no days go by and nothing is written."""

    @pytest.fixture
    def rests(self, mara):
        def pause(enrolment, starts: int, resumes: int | None):
            def on(days: int):
                return NOON.date() + timedelta(days=days)

            at = NOON + timedelta(days=starts)
            about = {"starts_on": on(starts), "resumes_on": None if resumes is None else on(resumes)}
            return pausing.pause(enrolment=enrolment, why="Holiday", by=mara, now=at, **about)

        return pause

    def test_it_says_what_comes_when_the_clock_runs_again(self, in_harbour, writes, on_the_way, rests):
        writes(Occasion.EXPECTATION)
        rests(on_the_way(1), 0, 20)
        assert write(in_harbour) == []
        assert write(in_harbour, NOON + 19 * DAY) == []
        assert write(in_harbour, NOON + 20 * DAY) == [("expectation", "m1")]

    def test_a_standstill_counts_running_days(self, in_harbour, writes, on_the_way, rests):
        writes(Occasion.STALL)
        rests(on_the_way(40), -20, -5)
        assert write(in_harbour) == []
        assert write(in_harbour, NOON + 4 * DAY) == []
        assert write(in_harbour, NOON + 5 * DAY) == [("stall", "m1")]

    def test_it_goes_by_the_target_that_moved(self, in_harbour, writes, on_the_way, rests):
        writes(Occasion.MOMENTUM)
        rests(on_the_way(13), -3, 4)
        assert write(in_harbour) == []
        assert write(in_harbour, NOON + 7 * DAY) == [("momentum", "m1")]

    def test_it_leads_on_to_the_next_afterwards(self, in_harbour, writes, on_the_way, rests, kestrel):
        writes(Occasion.HANDOVER)
        rests(on_the_way(10), -5, None)
        reach(in_harbour, kestrel, "m1")
        assert write(in_harbour) == []

    def test_what_waits_is_taken_back(self, in_harbour, writes, on_the_way, rests):
        writes(Occasion.STALL)
        enrolment = on_the_way(30)
        assert write(in_harbour) == [("stall", "m1")]
        rests(enrolment, 0, None)
        assert write(in_harbour) == []
        assert Delivery.objects.get().state == State.STOPPED


class TestOnce:
    def test_it_is_written_once_for_ever(self, in_harbour, writes, on_the_way, kestrel):
        writes(Occasion.EXPECTATION)
        on_the_way(1)
        assert write(in_harbour) == [("expectation", "m1")]
        assert write(in_harbour, NOON + DAY) == []
        Recipient.objects.update(address="someone.else@kestrel.example")
        assert write(in_harbour, NOON + 2 * DAY) == []
        assert Delivery.objects.count() == 1
        event = Event.objects.get(verb="message_written")
        assert event.customer_id == kestrel.pk

    def test_what_happened_before_it_began_to_write_is_not_spoken_of(self, in_harbour, writes, on_the_way):
        writes(Occasion.EXPECTATION, at=NOON)
        on_the_way(1)
        assert write(in_harbour, NOON + timedelta(hours=1)) == []

    def test_what_became_due_more_than_a_week_ago_is_past_saying(self, in_harbour, writes, on_the_way):
        writes(Occasion.EXPECTATION)
        on_the_way(9)
        assert write(in_harbour) == []

    @pytest.mark.parametrize("how", ["ended", "left", "nobody to write to", "stopped"])
    def test_nobody_is_written_who_should_not_be(
        self, in_harbour, writes, on_the_way, kestrel, journey, theo, how
    ):
        writes(Occasion.EXPECTATION)
        enrolment = on_the_way(1)
        if how == "ended":
            type(enrolment).objects.update(ended_at=NOON - DAY)
        elif how == "left":
            type(kestrel).objects.update(left_on=NOON.date())
        elif how == "nobody to write to":
            kestrel.contacts.update(recipient=None)
        else:
            messaging.stop(journey=journey, by=theo, now=NOON)
        assert write(in_harbour) == []

    def test_what_is_overtaken_does_not_leave(self, in_harbour, writes, on_the_way, kestrel):
        writes(Occasion.STALL)
        on_the_way(30)
        write(in_harbour)
        reach(in_harbour, kestrel, "m1", at=NOON)
        write(in_harbour, NOON + timedelta(minutes=5))
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.reason) == (State.STOPPED, "reached meanwhile")

    def test_what_was_contested_meanwhile_is_not_said_to_be_done(
        self, in_harbour, writes, on_the_way, kestrel
    ):
        writes(Occasion.HANDOVER)
        on_the_way(10)
        reach(in_harbour, kestrel, "m1")
        write(in_harbour)
        Achievement.objects.update(withdrawn_at=NOON, withdrawn_why="contested")
        write(in_harbour, NOON + timedelta(minutes=5))
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.reason) == (State.STOPPED, "no longer reached")

    def test_whom_nobody_can_write_to_holds_up_nobody(self, in_harbour, writes, on_the_way, journey):
        writes(Occasion.EXPECTATION)
        for n in range(30):  # more than are looked at together, and before the one who can be written to
            other = factories.make_customer(in_harbour, f"Nobody {n}")
            factories.make_enrolment(other, journey, started_on=NOON.date(), moved_at=NOON - DAY)
        on_the_way(1)
        assert messaging.write_due(organisation=in_harbour, now=NOON, at_most=1) == 1

    def test_stopping_stops_what_waits(self, in_harbour, writes, on_the_way, journey, theo):
        writes(Occasion.STALL)
        on_the_way(30)
        write(in_harbour)
        messaging.stop(journey=journey, by=theo, now=NOON)
        assert Delivery.objects.get().state == State.STOPPED

    def test_a_message_that_names_what_nobody_knows_waits_for_it(
        self, in_harbour, writes, on_the_way, kestrel
    ):
        writes(Occasion.EXPECTATION, body="You want this: {outcome}")
        kestrel.outcomes.all().delete()
        on_the_way(1)
        assert write(in_harbour) == []
        factories.make_outcome(kestrel, "No more calls about late parcels.")
        assert write(in_harbour, NOON + DAY) == [("expectation", "m1")]
        assert "No more calls about late parcels." in Delivery.objects.get().text


def test_the_worker_writes_what_is_due_in_every_organisation(harbour, journey, kestrel, writes, rival):
    now = timezone.now()
    writes(Occasion.EXPECTATION, at=now - 40 * DAY)
    factories.make_enrolment(kestrel, journey, started_on=now.date(), moved_at=now - 1.5 * DAY)
    assert tasks.write_messages() == 1
    assert tasks.write_messages() == 0
    assert Delivery.objects.get().purpose == "message"


class TestGoing:
    @pytest.fixture
    def sends(self, smtp_sink, settings, in_harbour):
        settings.SMTP_URL = smtp_sink.url
        settings.MAIL_FROM = "bosai@harbour.example"

        def send(now):
            dispatching.dispatch(now=now)
            return smtp_sink.count()

        return send

    def test_it_goes_in_working_hours_where_the_reader_is(self, in_harbour, writes, on_the_way, sends):
        writes(Occasion.EXPECTATION)
        on_the_way(1)
        saturday = datetime(2026, 3, 14, 11, 0, tzinfo=UTC)
        write(in_harbour, saturday)
        assert sends(saturday) == 0
        delivery = Delivery.objects.get()
        assert delivery.reason == "waits for their working hours"
        assert delivery.due_at == datetime(2026, 3, 16, 7, 0, tzinfo=UTC)  # Monday, eight in Amsterdam
        assert sends(delivery.due_at) == 1

    def test_who_sleeps_by_day_is_written_outside_their_own_quiet_hours(
        self, in_harbour, writes, on_the_way, sends, journey
    ):
        Recipient.objects.update(quiet_from=time(7), quiet_to=time(19))
        writes(Occasion.EXPECTATION)
        on_the_way(1)
        [line] = messaging.forecast(journey=journey, organisation=in_harbour, now=NOON).lines
        seven = datetime(2026, 3, 11, 18, 0, tzinfo=UTC)  # in the evening, in Amsterdam
        assert (line.goes_at, line.why) == (seven, "waits for their quiet hours to end")
        friday = NOON + 2 * DAY
        write(in_harbour, friday)
        assert sends(friday) == 0
        assert sends(friday + timedelta(hours=7)) == 1

    def test_it_waits_when_they_had_enough_mail_and_a_question_does_not(
        self, harbour, in_harbour, writes, on_the_way, kestrel, sends, smtp_sink
    ):
        Organisation.objects.filter(pk=harbour.pk).update(mails_per_week=2)
        recipient = Recipient.objects.get()
        for n, days in ((1, 6), (2, 3), (3, 9)):
            went = NOON - timedelta(days=days)
            Delivery.objects.create(
                organisation=in_harbour, purpose="celebration", subject_key=f"c{n}",
                address=recipient.address, recipient=recipient, state=State.SENT,
                created_at=went, due_at=went, sent_at=went,
            )  # fmt: skip
        writes(Occasion.EXPECTATION)
        on_the_way(1)
        write(in_harbour)
        assert sends(NOON) == 0
        waiting = Delivery.objects.get(purpose="message")
        assert waiting.reason == "waits: they had 2 mails from us in seven days"
        assert waiting.due_at == NOON + DAY
        Delivery.objects.filter(pk=waiting.pk).update(purpose="confirmation", due_at=NOON)
        waiting.refresh_from_db()
        leases.set_due(waiting, NOON)
        assert sends(NOON) == 1

    def test_whoever_wants_only_what_asks_something_gets_none(self, in_harbour, writes, on_the_way, sends):
        writes(Occasion.EXPECTATION)
        on_the_way(1)
        preferring.change_wish(recipient=_recipient(in_harbour), wish="important", now=NOON)
        write(in_harbour)
        assert sends(NOON) == 0
        assert Delivery.objects.get().state == State.SUPPRESSED


def _recipient(organisation) -> Recipient:
    row = Recipient.objects.get()
    row.organisation = organisation
    return row


class TestForecast:
    def test_it_tells_what_would_go_to_whom_if_nobody_moved(self, in_harbour, journey, theo, on_the_way):
        for occasion in (Occasion.EXPECTATION, Occasion.MOMENTUM, Occasion.STALL):
            messaging.keep_message(
                journey=journey, milestone_key=EVERY, by=theo, now=NOON,
                wording=replace(shipped(occasion), is_on=True),
            )  # fmt: skip
        on_the_way(0)
        ahead = messaging.forecast(journey=journey, organisation=in_harbour, now=NOON)
        said = [(line.due.occasion, line.goes_at.date().isoformat(), line.why) for line in ahead.lines]
        assert said == [
            (Occasion.EXPECTATION, "2026-03-12", ""),
            (Occasion.MOMENTUM, "2026-03-24", "waits for their working hours"),
            (Occasion.STALL, "2026-04-10", ""),
        ]
        with timezone.override(in_harbour.tzinfo):
            assert (len(ahead.going), ahead.people, ahead.waiting, len(ahead.over_budget)) == (3, 1, 0, 0)
        assert not MessageWritten.objects.exists()
        assert not Delivery.objects.exists()

    def test_it_counts_whose_budget_would_be_spent(self, harbour, in_harbour, journey, theo, on_the_way):
        in_harbour.mails_per_week = 1
        for occasion in (Occasion.EXPECTATION, Occasion.STALL):
            wording = replace(shipped(occasion), is_on=True, days=2)
            messaging.keep_message(journey=journey, milestone_key=EVERY, wording=wording, by=theo, now=NOON)
        on_the_way(0)
        ahead = messaging.forecast(journey=journey, organisation=in_harbour, now=NOON)
        first, second = ahead.lines
        assert second.goes_at == first.goes_at + 7 * DAY
        assert second.why == "waits: they had 1 mail from us in seven days"
        assert len(ahead.over_budget) == 1

    def test_it_names_whom_it_cannot_write_to(self, in_harbour, journey, theo, on_the_way, kestrel):
        wording = replace(shipped(Occasion.EXPECTATION), is_on=True, body="By {target}: {outcome}")
        messaging.keep_message(journey=journey, milestone_key=EVERY, wording=wording, by=theo, now=NOON)
        on_the_way(0)
        kestrel.outcomes.all().delete()
        [line] = messaging.forecast(journey=journey, organisation=in_harbour, now=NOON).left_out
        assert line.why == "Not known of this customer: what they want to reach, in their own words."
        kestrel.contacts.update(recipient=None)
        [line] = messaging.forecast(journey=journey, organisation=in_harbour, now=NOON).left_out
        assert line.why == "Nobody there has an e-mail address."

    def test_it_asks_as_much_for_many_as_for_one(
        self, in_harbour, journey, theo, on_the_way, django_assert_num_queries
    ):
        wording = replace(shipped(Occasion.EXPECTATION), is_on=True)
        messaging.keep_message(journey=journey, milestone_key=EVERY, wording=wording, by=theo, now=NOON)
        on_the_way(0)
        for n in range(5):
            other = factories.make_customer(in_harbour, f"Customer {n}")
            factories.make_contact(other, is_primary=True)
            factories.make_enrolment(other, journey, started_on=NOON.date(), moved_at=NOON)
        in_harbour.mails_per_week = 3
        with django_assert_num_queries(10):
            ahead = messaging.forecast(journey=journey, organisation=in_harbour, now=NOON)
        assert ahead.people == 6


def test_what_people_are_called_stays_text(in_harbour, writes, on_the_way, kestrel):
    hostile = 'A [link](https://evil.example) <b onclick="x()">*B*</b> {outcome}'
    type(kestrel).objects.update(name=hostile)
    writes(
        Occasion.EXPECTATION, subject="{customer}", body="# {customer}\n\n[us](javascript:alert(1)) <script>"
    )
    on_the_way(1)
    write(in_harbour)
    mail = Delivery.objects.get()
    assert "https://evil.example" not in mail.html.replace("(https://evil.example)", "")
    assert "<b onclick" not in mail.html
    assert "<script" not in mail.html
    assert 'href="javascript' not in mail.html
    assert mail.subject == hostile
    assert hostile in mail.text
