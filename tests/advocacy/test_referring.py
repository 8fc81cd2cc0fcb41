"""Somebody writes by an advocate's address: credited once, never themselves, whatever they type."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from advocacy import recruiting, referring
from advocacy.models import Advocate, Favour, Referral, ReferralOpening
from dashboards.figures.referrals import funnel
from organisations import tenancy
from organisations.models import Event
from post import webhooks
from post.models import Delivery, WebhookDelivery
from tests import factories
from tests.advocacy.advocating import DAY, ask, verify, willing
from tests.advocacy.test_races import at_once
from tests.hostile.corpus import payloads

State, Known = Referral.State, Referral.Known
JONNA = {
    "name": "Jonna Vik",
    "company": "Nordlys",
    "address": "jonna@nordlys.example",
    "words": "Who decides?",
    "consent": "You may keep it.",
}


@pytest.fixture
def advocate(enrolment, customer, mara, now) -> Advocate:
    verify(enrolment, at=now - 5 * DAY)
    contact = customer.contacts.select_related("recipient", "customer__organisation").get()
    return willing(contact, by=mara, now=now)


def submit(advocate: Advocate, now, **other: str) -> Referral:
    return referring.submit(advocate=advocate, now=now, **(JONNA | other))


class TestArriving:
    def test_it_is_credited_to_the_advocate_and_the_outcome_they_pass_on(
        self, advocate, enrolment, mara, now
    ):
        second = verify(enrolment, at=now - DAY, key="m2")
        ask(advocate.contact, Favour.Kind.REFERRAL, by=mara, now=now)
        row = submit(advocate, now)
        assert (row.state, row.advocate, row.achievement) == (State.SUBMITTED, advocate, second)
        event = Event.objects.get(verb="referral_submitted")
        assert (event.customer_id, event.data) == (enrolment.customer_id, {"contact_id": advocate.contact_id})

    @pytest.mark.parametrize("address", ["amara@kestrel-freight.example", "Someone@Kestrel-Freight.example"])
    def test_neither_the_advocate_nor_their_company_can_be_the_newcomer(self, address, advocate, now):
        with pytest.raises(referring.SelfReferral, match="belongs to Kestrel Freight, who recommend us"):
            submit(advocate, now, address=address)
        assert not Referral.objects.exists()

    def test_a_colleague_with_an_address_elsewhere_is_known_too(self, advocate, customer, now):
        factories.make_contact(customer, "Cleo Vance", address="cleo@gmail.com")
        with pytest.raises(referring.SelfReferral):
            submit(advocate, now, address="CLEO@gmail.com")
        assert submit(advocate, now, address="other@gmail.com").state == State.SUBMITTED

    def test_the_same_once_more_is_one(self, advocate, now):
        first = submit(advocate, now)
        assert submit(advocate, now + DAY, address="JONNA@Nordlys.example") == first
        assert Referral.objects.count() == 1

    def test_who_came_by_another_first_is_kept_and_counts_nowhere(
        self, advocate, customer, mara, now, in_harbour
    ):
        other = willing(factories.make_contact(customer, "Ben Ash"), by=mara, now=now)
        first, again = submit(advocate, now), submit(other, now + DAY)
        assert (again.state, again.known_as) == (State.KNOWN, Known.REFERRED)
        with pytest.raises(referring.NotPossible):
            referring.qualify(referral=again, by=mara, now=now)
        assert funnel(in_harbour, now=now).all.wrote == 1
        assert first.state == State.SUBMITTED

    def test_who_works_at_a_customer_is_known(self, advocate, in_harbour, now):
        lumen = factories.make_customer(in_harbour, "Lumen Dental")
        factories.make_contact(lumen, "Rhys Calloway", address="rhys@lumen.example")
        assert submit(advocate, now, address="rhys@lumen.example").known_as == Known.CUSTOMER

    def test_who_was_lost_may_come_again(self, advocate, mara, now):
        first = submit(advocate, now)
        referring.lose(referral=first, why="No budget", by=mara, now=now)
        assert submit(advocate, now + DAY) != first

    @pytest.mark.parametrize(
        "wrong",
        [{"name": " "}, {"address": "nobody"}, {"consent": ""}, {"words": "x" * 2001}, {"name": "a\0b"}],
        ids=lambda wrong: next(iter(wrong)),
    )
    def test_what_is_wrong_is_said_and_nothing_is_kept(self, wrong, advocate, now):
        with pytest.raises(referring.Incomplete) as refused:
            submit(advocate, now, **wrong)
        assert refused.value.field in wrong
        assert not Referral.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_bring_the_same_person_at_once_share_one_credit(harbour, mara, now):
    with tenancy.within(harbour):
        customer = factories.make_customer(harbour, owner=mara)
        verify(factories.make_enrolment(customer, factories.make_journey(harbour)), at=now - DAY)
        people = [factories.make_contact(customer, name) for name in ("Amara Okafor", "Ben Ash")]
        one, other = [willing(each, by=mara, now=now) for each in people]
    at_once(harbour, lambda: submit(one, now), lambda: submit(other, now), lambda: submit(one, now))
    with tenancy.within(harbour):
        assert sorted(Referral.objects.values_list("state", flat=True)) == ["known", "submitted"]


class TestFollowing:
    def test_from_qualified_to_won_with_thanks_once_and_no_money(self, advocate, mara, theo, now, in_harbour):
        recruiting.save_terms(
            organisation=in_harbour, values={"reward_advocate": "A tree in your name"}, by=theo, now=now
        )
        row = submit(advocate, now)
        with pytest.raises(referring.NotPossible, match="qualified; then"):
            referring.win(referral=row, by=mara, now=now)
        assert not Delivery.objects.filter(purpose="thanks").exists()  # no stranger makes a mail leave
        for _twice in range(2):
            referring.qualify(referral=row, by=mara, now=now)
        [mail] = Delivery.objects.filter(purpose="thanks")
        assert "As we said: A tree in your name" in mail.text
        assert "Jonna" not in mail.text + mail.html + mail.subject
        with pytest.raises(referring.Incomplete, match="three letters"):
            referring.win(referral=row, by=mara, now=now, amount_e4=5, currency="euro")
        referring.win(referral=row, by=mara, now=now, amount_e4=120_000_000, currency="eur")
        row = referring.win(referral=row, by=theo, now=now + DAY, amount_e4=130_000_000, currency="EUR")
        assert (row.state, row.amount_e4, row.closed_at, row.closed_by) == (State.WON, 130_000_000, now, mara)
        referring.note_reward(referral=row, reward="Planted.", by=theo, now=now)
        with pytest.raises(referring.NotPossible):
            referring.lose(referral=row, why="No", by=mara, now=now)

    def test_a_crm_hears_of_it_without_a_name(self, advocate, mara, ada, now, in_harbour, settings):
        settings.DEMO = False
        kinds = ["referral.submitted", "referral.won"]
        webhooks.add(
            organisation=in_harbour, url="https://crm.example/h", about="", kinds=kinds, by=ada, now=now
        )
        row = submit(advocate, now)
        referring.qualify(referral=row, by=mara, now=now)
        for _corrected in range(2):
            referring.win(referral=row, by=mara, now=now, amount_e4=10_000, currency="EUR")
        bodies = dict(WebhookDelivery.objects.values_list("kind", "body"))
        assert sorted(bodies) == kinds
        assert '"amount_e4":10000,"currency":"EUR"' in bodies["referral.won"]
        assert "Jonna" not in "".join(bodies.values())
        assert "nordlys" not in "".join(bodies.values())

    def test_erased_they_are_nowhere_and_still_counted(self, advocate, theo, now, in_harbour):
        row = referring.forget(referral=submit(advocate, now), by=theo, now=now)
        assert (row.name, row.company, row.address, row.words) == ("", "", "", "")
        assert funnel(in_harbour, now=now).all.wrote == 1
        assert submit(advocate, now + DAY).pk != row.pk

    def test_erasing_the_advocate_keeps_that_somebody_came(self, advocate, now, in_harbour):
        row = submit(advocate, now)
        advocate.contact.recipient.delete()
        advocate.contact.delete()
        row.refresh_from_db()
        assert row.advocate is None
        assert funnel(in_harbour, now=now).all.wrote == 1


class TestLanding:
    @pytest.fixture
    def url(self, advocate) -> str:
        return reverse("dashboards:landing", args=[advocate.full_code])

    def test_it_shows_who_recommends_us_and_takes_a_line_without_a_cookie(self, url, advocate, in_harbour):
        client = Client(enforce_csrf_checks=True)
        page = client.get(url)
        assert "“Milestone 1”, with Harbour Analytics" in page.content.decode()
        assert "/o/harbour/theme.css" in page.content.decode()
        sent = client.post(url, JONNA | {"consent": "on"}, follow=True)
        assert "Thank you. We have it." in sent.content.decode()
        assert not client.cookies
        row = Referral.objects.get()
        assert row.consent.startswith("Harbour Analytics may keep what I write here")

    def test_without_consent_nothing_is_kept_and_what_was_typed_stands(self, url):
        answer = Client().post(url, {key: value for key, value in JONNA.items() if key != "consent"})
        assert answer.status_code == 422
        assert "only keep this with your yes" in answer.content.decode()
        assert "jonna@nordlys.example" in answer.content.decode()
        assert not Referral.objects.exists()

    def test_a_stranger_cannot_tell_who_is_known(self, url, advocate, now):
        client = Client()
        answers = [client.post(url, JONNA | {"consent": "on"}) for _twice in range(2)]
        assert [each["Location"] for each in answers] == [f"{url}?sent=1"] * 2

    def test_hostile_words_stay_words(self, url, advocate, mara, client_for):
        client = Client()
        for number, text in enumerate(payloads()[:9]):
            sent = {"name": text[:100], "company": text[:100], "words": text, "consent": "on"}
            answer = client.post(url, sent | {"address": f"h{number}@evil.example"})
            assert answer.status_code in (302, 422)
        for row in Referral.objects.all():
            shown = (
                client_for(mara).get(reverse("advocacy:referral", args=["harbour", row.pk])).content.decode()
            )
            assert "<script>alert" not in shown
            assert "<img src=x" not in shown

    def test_it_is_rate_limited_in_the_database(self, url):
        client = Client()
        statuses = [client.post(url, {}).status_code for _n in range(11)]
        assert statuses == [422] * 10 + [429]

    def test_other_sites_cannot_post(self, url):
        assert Client().post(url, JONNA, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403

    def test_opening_is_counted_by_day_and_get_counts_nothing(self, url, advocate):
        client = Client()
        client.get(url)
        assert not ReferralOpening.objects.exists()
        for _twice in range(2):
            assert (
                client.post(reverse("dashboards:landing_opening", args=[advocate.full_code])).status_code
                == 204
            )
        assert ReferralOpening.objects.get().count == 2

    def test_a_code_can_be_typed_and_what_leads_nowhere_says_so(self, url, advocate, mara):
        client, typed = Client(), reverse("dashboards:landing", args=["code"])
        assert client.get(typed).status_code == 200
        assert client.get(typed, {"code": f" {advocate.full_code.upper()} "})["Location"] == url
        assert client.get(typed, {"code": "zz-nothing"}).status_code == 404
        recruiting.end(advocate=advocate, by=mara, now=timezone.now())
        assert client.get(url).status_code == 404
        assert client.post(url, JONNA | {"consent": "on"}).status_code == 404
        assert not Referral.objects.exists()


def test_each_role_does_what_it_may_and_no_form_takes_more_than_it_shows(
    advocate, mara, theo, rio, now, client_for
):
    row = submit(advocate, now)
    own = Referral.objects.values(*REST).get()
    more = {
        "state": "won",
        "amount_e4": "9",
        "name": "Other",
        "consent": "none",
        "advocate": "",
        "reward": "x",
    }
    for page, allowed in {"qualification": (mara, theo), "forgetting": (theo,)}.items():
        url = reverse(f"advocacy:referral_{page}", args=["harbour", row.pk])
        for user in (rio, mara, theo):
            assert client_for(user).post(url, more).status_code == (302 if user in allowed else 403), page
        if page == "qualification":
            assert Referral.objects.values(*REST).get() == own | {"state": "qualified"}
    row.refresh_from_db()
    assert (row.state, row.name, row.is_forgotten) == (State.QUALIFIED, "", True)


REST = ("state", "name", "address", "consent", "advocate", "amount_e4", "currency", "reward", "customer")


def test_the_funnel_adds_up_and_says_how_many_customers_bring_somebody(
    advocate, customer, mara, now, in_harbour
):
    old = now - timedelta(days=500)
    type(customer).objects.update(created_at=old)
    factories.make_customer(in_harbour, "Quiet Ltd", created_at=old)
    new = factories.make_customer(in_harbour, "Nordlys", created_at=now - DAY)
    referring.opened(advocate=advocate, now=now)
    row = submit(advocate, now)
    referring.qualify(referral=row, by=mara, now=now)
    referring.win(referral=row, by=mara, now=now, amount_e4=90_000_000, currency="EUR", customer=new)
    submit(advocate, now, address="x@elsewhere.example")
    found = funnel(in_harbour, now=now)
    [by] = found.by_advocate
    assert (by.name, by.opened, by.wrote, by.qualified, by.won) == ("Amara Okafor", 1, 2, 1, 1)
    assert by.worth.replace("\N{NO-BREAK SPACE}", " ") == "EUR 9,000.00"
    [milestone] = found.by_milestone
    assert (milestone.name, milestone.wrote, milestone.won) == ("Milestone 1", 2, 1)
    assert (found.brings.count, found.brings.of, found.brings.target) == (1, 2, 0.15)
    assert found.brings.low is not None
    assert (found.among_new.count, found.among_new.of) == (1, 1)
