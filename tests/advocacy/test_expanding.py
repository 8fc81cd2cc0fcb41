"""Growth is signalled where an outcome, a number and a need meet; people decide; no celebration offers."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from advocacy import expanding, tasks
from advocacy.models import Celebration, Expansion, ExpansionRule, Need
from advocacy.pipeline import totals
from customers.models import LatestReading
from dashboards.today.lines import Kind
from dashboards.today.page import READERS
from milestones.models import Achievement, Verdict
from organisations import tenancy
from organisations.models import Event
from post.models import Delivery
from tests import factories
from tests.advocacy.advocating import DAY, verify
from tests.advocacy.loop import reach, sweep
from tests.advocacy.test_races import at_once
from tests.dashboards.on_today import scope_of

State = Expansion.State
WORDS = "We open a second depot in spring."


@pytest.fixture
def seats(in_harbour):
    return factories.make_metric(in_harbour, "seats", name="Seats used", unit="%")


@pytest.fixture
def rule(in_harbour, seats, theo, now) -> ExpansionRule:
    values = {
        "name": "A second site",
        "metric": seats,
        "operator": "at_least",
        "threshold": 80,
        "need_days": 90,
    }
    return expanding.save_rule(organisation=in_harbour, values=values, by=theo, now=now)


def measure(customer, metric, value: float, now) -> None:
    about = {"organisation": customer.organisation, "customer": customer, "metric": metric}
    LatestReading.objects.update_or_create(**about, defaults={"value": value, "at": now})


def say(customer, *, by, now, words: str = WORDS, ago: int = 1, **who) -> Need:
    said_on = (now - ago * DAY).date()
    who = who or {"said_by": "Their director"}
    return expanding.note_need(customer=customer, words=words, said_on=said_on, by=by, now=now, **who)


@pytest.fixture
def signal(rule, customer, enrolment, seats, mara, now) -> Expansion:
    verify(enrolment, at=now - 5 * DAY)
    measure(customer, seats, 91, now)
    return say(customer, by=mara, now=now).expansions.get()


class TestFinding:
    def test_it_needs_all_three(self, rule, customer, enrolment, seats, mara, now, in_harbour):
        def signals() -> int:
            expanding.look(organisation=in_harbour, now=now)
            return Expansion.objects.count()

        say(customer, by=mara, now=now)
        assert signals() == 0
        measure(customer, seats, 80, now)
        assert signals() == 0
        achievement = verify(enrolment, at=now - 5 * DAY)
        assert signals() == 1
        row = Expansion.objects.get()
        assert (row.achievement, row.value, row.need.words) == (achievement, 80, WORDS)
        assert signals() == 1  # looking again finds nothing new

    @pytest.mark.parametrize("why", ["not verified", "contested", "below", "need too old", "customer left"])
    def test_what_is_missing_one_is_no_signal(
        self, why, rule, customer, enrolment, seats, mara, now, in_harbour
    ):
        verified = verify(enrolment, at=now - 5 * DAY)
        measure(customer, seats, 79.9 if why == "below" else 95, now)
        if why == "not verified":
            Achievement.objects.update(verified_at=None)
        if why == "contested":
            said = {"enrolment": enrolment, "milestone": verified.milestone, "milestone_key": "m1"}
            Verdict.objects.create(organisation=in_harbour, kind="contested", words="No", at=now, **said)
        say(customer, by=mara, now=now, ago=91 if why == "need too old" else 1)
        if why == "customer left":
            Expansion.objects.all().delete()
            type(customer).objects.update(left_on=now.date())
            expanding.look(organisation=in_harbour, now=now)
        assert not Expansion.objects.exists()

    def test_a_preview_names_whom_it_would_find_and_keeps_nothing(
        self, signal, rule, seats, theo, now, client_for
    ):
        other = factories.make_customer(rule.organisation, "Quiet Ltd")
        journey = factories.make_journey(rule.organisation, slug="second")
        verify(factories.make_enrolment(other, journey), at=now)
        measure(other, seats, 99, now)
        Need.objects.update(said_on=timezone.localdate())
        sent = {
            "name": "Other", "metric": seats.pk, "operator": "at_least", "threshold": 90, "need_days": 30,
            "do": "look",
        }  # fmt: skip
        page = client_for(theo).post(reverse("advocacy:expansion_rule_new", args=["harbour"]), sent)
        text = page.content.decode()
        assert page.status_code == 200
        assert "This 1 would signal today" in text
        assert "Kestrel Freight" in text
        assert "1 more has the outcome and the number" in text
        assert ExpansionRule.objects.count() == 1

    def test_whoever_said_it_is_named(self, customer, mara, now):
        for who in ({"said_by": " "}, {"contact": factories.make_contact(factories.make_customer(
            customer.organisation, "Elsewhere"), "Eve Ash")}):  # fmt: skip
            with pytest.raises(expanding.Incomplete):
                say(customer, by=mara, now=now, **who)
        with pytest.raises(expanding.Incomplete, match="still to come"):
            say(customer, by=mara, now=now, ago=-2)
        assert not Need.objects.exists()

    def test_the_worker_finds_what_was_measured_since(self, rule, customer, enrolment, seats, mara, now):
        today = timezone.now()
        verify(enrolment, at=now)
        say(customer, by=mara, now=today)
        measure(customer, seats, 85, today)
        assert (tasks.find_growth(), tasks.find_growth()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_two_who_look_at_once_find_it_once(harbour, theo, mara, now):
    with tenancy.within(harbour):
        customer = factories.make_customer(harbour, owner=mara)
        verify(factories.make_enrolment(customer, factories.make_journey(harbour)), at=now - DAY)
        metric = factories.make_metric(harbour, "seats")
        say(customer, by=mara, now=now)
        measure(customer, metric, 90, now)
        values = {"name": "Site", "metric": metric, "operator": "at_least", "threshold": 80, "need_days": 90}
        expanding.save_rule(organisation=harbour, values=values, by=theo, now=now)

    def find() -> None:
        expanding.look(organisation=harbour, now=now)

    at_once(harbour, find, find, find)
    with tenancy.within(harbour):
        assert Expansion.objects.count() == 1
        assert Event.objects.filter(verb="expansion_found").count() == 1


class TestDeciding:
    def test_dismissed_with_a_reason_this_need_never_signals_again(
        self, signal, mara, now, in_harbour, customer
    ):
        with pytest.raises(expanding.Incomplete):
            expanding.dismiss(expansion=signal, why=" ", by=mara, now=now)
        expanding.dismiss(expansion=signal, why="They just bought.", by=mara, now=now)
        assert expanding.look(organisation=in_harbour, now=now) == 0
        with pytest.raises(expanding.NotPossible, match="over already"):
            expanding.confirm(expansion=signal, next_step="Call", next_on=now.date(), by=mara, now=now)
        say(customer, by=mara, now=now, words="And a third one.", ago=0)
        assert Expansion.objects.signals().count() == 1

    def test_pursued_with_a_step_a_day_and_a_value_and_won(self, signal, mara, theo, now):
        plan = {"expansion": signal, "by": mara, "now": now}
        with pytest.raises(expanding.Incomplete, match="which day"):
            expanding.confirm(next_step="Call", next_on=None, **plan)
        with pytest.raises(expanding.Incomplete, match="three letters"):
            expanding.confirm(next_step="Call", next_on=now.date(), amount_e4=1, **plan)
        with pytest.raises(expanding.NotPossible, match="Confirm"):
            expanding.win(expansion=signal, amount_e4=None, currency="", by=mara, now=now)
        expanding.confirm(next_step="Call", next_on=now.date(), amount_e4=50_000_000, currency="eur", **plan)
        row = expanding.win(expansion=signal, amount_e4=60_000_000, currency="EUR", by=theo, now=now + DAY)
        assert (row.state, row.decided_by, row.closed_by, row.closed_at) == (State.WON, mara, theo, now + DAY)
        won = next(one for one in totals() if one.state == State.WON)
        assert (won.n, dict(won.sums)) == (1, {"EUR": 60_000_000})

    def test_today_shows_what_waits(self, signal, mara, now, in_harbour):
        read = READERS[Kind.GROWTH]
        [line] = read(scope_of(in_harbour, mara, now=now)).lines
        assert (line.when, line.words) == ("Decide", WORDS)
        about = {"expansion": signal, "next_step": "Call them", "by": mara, "now": now}
        expanding.confirm(next_on=(now + 3 * DAY).date(), **about)
        assert read(scope_of(in_harbour, mara, now=now)).lines == []
        [line] = read(scope_of(in_harbour, mara, now=now + 4 * DAY)).lines
        assert (line.when, line.is_bad) == ("1 day late", True)

    def test_the_pages_take_what_verbs_take(self, signal, mara, rio, client_for):
        client, args = client_for(mara), ["harbour", signal.pk]
        url = reverse("advocacy:expansion_confirmation", args=args)
        assert client_for(rio).post(url, {}).status_code == 403
        answer = client.post(url, {"next_step": "Call", "next_on": "", "amount": "12.5", "currency": "EUR"})
        assert answer.status_code == 422
        assert b"Say by which day" in answer.content
        sent = {"next_step": "Call", "next_on": "2026-12-01", "amount": "12.5", "currency": "eur"}
        assert client.post(url, sent).status_code == 302
        signal.refresh_from_db()
        assert (signal.state, signal.amount_e4, signal.currency) == (State.CONFIRMED, 125_000, "EUR")
        assert (
            client.post(reverse("advocacy:expansion_loss", args=args), {"why": "No budget"}).status_code
            == 302
        )
        signal.refresh_from_db()
        assert signal.state == State.LOST


def test_it_never_stands_in_a_celebration(rule, customer, enrolment, metric, seats, mara, now, in_harbour):
    """Pursued, with words of its own: the mail of the same customer's next milestone says none of them."""
    achievement = verify(enrolment, at=now - 5 * DAY, key="m2")
    measure(customer, seats, 91, now)
    [signal] = say(customer, by=mara, now=now, words="Zwetschge depot").expansions.all()
    assert signal.achievement == achievement
    expanding.confirm(
        expansion=signal, next_step="Zwetschge offer", next_on=now.date(), amount_e4=77_770_000,
        currency="EUR", by=mara, now=now,
    )  # fmt: skip
    reach(enrolment, metric, now)
    sweep(in_harbour, now)
    sweep(in_harbour, now + timedelta(days=2))
    assert Celebration.objects.get().state == Celebration.State.POSTED
    [mail] = Delivery.objects.filter(purpose="celebration")
    said = mail.subject + mail.text + mail.html
    assert not [word for word in ("Zwetschge", "7,777", "A second site", "Seats used") if word in said]


def test_erasing_whoever_said_it_takes_their_name(rule, customer, mara, now):
    contact = customer.contacts.get()
    need = say(customer, by=mara, now=now, contact=contact)
    contact.delete()
    need.refresh_from_db()
    assert (need.contact, need.whose, need.words) == (None, "", WORDS)
