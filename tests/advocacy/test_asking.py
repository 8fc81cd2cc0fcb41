"""One person is asked for one thing if they may be; else nothing is stored and the words say until when."""

import pytest
from django.urls import reverse
from django.utils import timezone

from advocacy import recruiting
from advocacy.candidates import Wish, candidates
from advocacy.ledger import lines_of
from advocacy.models import Advocate, AskTerms, Favour
from customers.models import Contact, OutcomeAsk
from milestones.models import Agreement, Verdict
from organisations import tenancy
from organisations.models import Event
from post.models import Delivery
from tests import factories
from tests.advocacy.advocating import DAY, ask, link_of, token_of, verify, willing
from tests.advocacy.test_races import at_once

Kind, State = Favour.Kind, Favour.State


@pytest.fixture
def amara(customer) -> Contact:
    return customer.contacts.select_related("recipient", "customer__organisation").get()


@pytest.fixture
def verified(enrolment, now):
    return verify(enrolment, at=now - 5 * DAY)


class TestMayBeAsked:
    def test_nobody_is_invited_without_a_verified_outcome(self, amara, enrolment, mara, now):
        with pytest.raises(recruiting.MayNotBeAsked, match="Kestrel Freight has confirmed no outcome yet"):
            ask(amara, Kind.INVITATION, by=mara, now=now)
        assert (Favour.objects.count(), Delivery.objects.count(), Advocate.objects.count()) == (0, 0, 0)

    def test_nobody_is_asked_while_they_contest(self, amara, enrolment, verified, mara, now):
        said = {"enrolment": enrolment, "milestone": verified.milestone, "milestone_key": "m1"}
        Verdict.objects.create(organisation=amara.organisation, kind="contested", words="No", at=now, **said)
        with pytest.raises(recruiting.MayNotBeAsked, match="contests “Milestone 1”"):
            ask(amara, Kind.INVITATION, by=mara, now=now)

    def test_more_is_asked_of_those_alone_who_said_yes(self, amara, verified, mara, now, in_harbour):
        with pytest.raises(recruiting.MayNotBeAsked, match="was not invited yet"):
            ask(amara, Kind.REFERENCE, by=mara, now=now)
        invited = ask(amara, Kind.INVITATION, by=mara, now=now)
        with pytest.raises(recruiting.MayNotBeAsked, match="has not answered the invitation"):
            ask(amara, Kind.REFERENCE, by=mara, now=now)
        link = link_of(invited, now=now, organisation=in_harbour)
        recruiting.answer(favour=invited, link=link, is_yes=False, reply="No time.", now=now)
        with pytest.raises(recruiting.MayNotBeAsked, match="would rather not"):
            ask(amara, Kind.REFERENCE, by=mara, now=now)

    def test_a_second_ask_is_refused_with_the_day_from_which_it_may_be(self, amara, verified, mara, now):
        willing(amara, by=mara, now=now - 20 * DAY)
        first = ask(amara, Kind.REFERENCE, by=mara, now=now - 10 * DAY)
        with pytest.raises(recruiting.MayNotBeAsked, match="has not answered yet"):
            ask(amara, Kind.REFERENCE, by=mara, now=now)
        recruiting.note_answer(favour=first, is_yes=False, reply="Not now", by=mara, now=now - 9 * DAY)
        with pytest.raises(recruiting.MayNotBeAsked) as refused:
            ask(amara, Kind.REFERENCE, by=mara, now=now)
        assert str(refused.value) == (
            "Amara Okafor was asked this on 2 March 2026, and rests for 60 days. "
            "They may be asked from 1 May 2026 on."
        )
        assert refused.value.free_at == now + 50 * DAY
        assert Favour.objects.filter(kind=Kind.REFERENCE).count() == 1
        ask(amara, Kind.REFERENCE, by=mara, now=now + 50 * DAY)  # that very moment it may be

    def test_the_budget_counts_questions_about_wordings_and_not_is_it_so(
        self, amara, verified, enrolment, mara, now, in_harbour
    ):
        outcome = factories.make_outcome(amara.customer)
        about = {"organisation": in_harbour, "contact": amara}
        OutcomeAsk.objects.create(outcome=outcome, asked_at=now - 80 * DAY, **about)
        said = {"enrolment": enrolment, "milestone": verified.milestone}
        Agreement.objects.create(asked_at=now - 70 * DAY, **said, **about)
        enrolment.asks.create(milestone=verified.milestone, asked_at=now - DAY, **about)
        willing(amara, by=mara, now=now - 60 * DAY)
        with pytest.raises(recruiting.MayNotBeAsked) as refused:
            ask(amara, Kind.TALK, by=mara, now=now)
        assert "was asked 3 times in 90 days" in str(refused.value)
        assert refused.value.free_at == now + 10 * DAY
        assert [line.is_counted for line in lines_of(amara, now=now)] == [False, True, True, True]

    def test_the_organisation_says_how_much(self, amara, verified, mara, theo, now, in_harbour):
        values = {"asks": 1, "rest_days": {"talk": 7}}
        recruiting.save_terms(organisation=in_harbour, values=values, by=theo, now=now)
        willing(amara, by=mara, now=now)
        with pytest.raises(recruiting.MayNotBeAsked, match="asked 1 time in 90 days"):
            ask(amara, Kind.TALK, by=mara, now=now)
        assert AskTerms.of(in_harbour).rest_of("talk") == 7 * DAY
        assert AskTerms.of(in_harbour).rest_of("review") == 365 * DAY

    @pytest.mark.parametrize("how", ["left", "no mails", "customer left"])
    def test_who_cannot_be_written_to_is_not_asked(self, how, amara, verified, mara, now):
        if how == "left":
            Contact.objects.update(left_on=now.date())
        elif how == "no mails":
            amara.recipient.opted_out_at = now
            amara.recipient.save()
        else:
            type(amara.customer).objects.update(left_on=now.date())
        with pytest.raises(recruiting.MayNotBeAsked):
            ask(amara, Kind.INVITATION, by=mara, now=now)
        assert not Delivery.objects.exists()

    def test_it_says_what_it_asks(self, amara, verified, mara, now):
        for words in ("  ", "x" * 1001):
            with pytest.raises(recruiting.WordsMissing):
                ask(amara, Kind.INVITATION, by=mara, now=now, words=words)
        assert not Favour.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_workers_that_ask_at_once_ask_once(harbour, mara, now):
    with tenancy.within(harbour):
        customer = factories.make_customer(harbour, owner=mara)
        contact = factories.make_contact(customer, is_primary=True)
        enrolment = factories.make_enrolment(customer, factories.make_journey(harbour))
        verify(enrolment, at=now - DAY)

    refused: list[str] = []

    def click() -> None:
        try:
            ask(Contact.objects.get(pk=contact.pk), Kind.INVITATION, by=mara, now=now)
        except recruiting.MayNotBeAsked as why:
            refused.append(str(why))

    at_once(harbour, click, click, click)
    assert refused == ["Amara Okafor was asked this on 12 March 2026 and has not answered yet."] * 2
    with tenancy.within(harbour):
        assert Favour.objects.count() == 1
        assert Delivery.objects.filter(purpose="favour").count() == 1
        assert Event.objects.filter(verb="favour_asked").count() == 1


class TestAnswering:
    def test_looking_answers_nothing_and_yes_makes_an_advocate(
        self, amara, verified, mara, now, in_harbour, client
    ):
        favour = ask(amara, Kind.INVITATION, by=mara, now=now)
        mail = Delivery.objects.get()
        assert (mail.purpose, mail.reply_to) == ("favour", "mara@harbour.example")
        assert "[favour link]" in mail.text
        assert "by your own word: Milestone 1." in mail.text
        url = reverse(
            "dashboards:favour", args=[token_of(favour, now=timezone.now(), organisation=in_harbour)]
        )
        assert b"May we ask you?" in client.get(url).content
        assert Favour.objects.get().state == State.ASKED
        assert client.post(url, {"answer": "perhaps"}).status_code == 422
        assert client.post(url, {"answer": "yes", "words": "Gladly."}).status_code == 302
        row, advocate = Favour.objects.get(), Advocate.objects.get()
        assert (row.state, row.reply, row.answered_by) == (State.ACCEPTED, "Gladly.", None)
        assert (advocate.state, advocate.achievement) == (Advocate.State.WILLING, verified)
        assert b"You said yes" in client.get(url).content
        client.post(url, {"answer": "no"})
        assert Advocate.objects.get().state == Advocate.State.DECLINED

    def test_a_member_cannot_accept_for_them(self, amara, verified, mara, now, in_harbour, client_for):
        favour = ask(amara, Kind.INVITATION, by=mara, now=now)
        url = reverse(
            "dashboards:favour", args=[token_of(favour, now=timezone.now(), organisation=in_harbour)]
        )
        assert client_for(mara).post(url, {"answer": "yes"}).status_code == 403
        with pytest.raises(recruiting.NotPossible, match="Only they can accept"):
            recruiting.note_answer(favour=favour, is_yes=True, by=mara, now=now)
        assert Favour.objects.get().state == State.ASKED

    def test_another_link_of_theirs_answers_nothing(self, amara, verified, mara, now, in_harbour):
        willing(amara, by=mara, now=now - DAY)
        favour, other = ask(amara, Kind.TALK, by=mara, now=now), Favour.objects.get(kind=Kind.INVITATION)
        link = link_of(other, now=now, organisation=in_harbour)
        with pytest.raises(recruiting.NotPossible, match="only shows"):
            recruiting.answer(favour=favour, link=link, is_yes=True, now=now)


class TestFollowing:
    def test_it_is_done_and_thanked_once_each_with_date_and_who(self, amara, verified, mara, theo, now):
        willing(amara, by=mara, now=now - DAY)
        favour = ask(amara, Kind.REFERENCE, by=mara, now=now)
        with pytest.raises(recruiting.NotPossible, match="said yes"):
            recruiting.finish(favour=favour, result="Spoke", by=mara, now=now)
        recruiting.note_answer(favour=favour, is_yes=True, reply="On the phone", by=mara, now=now)
        with pytest.raises(recruiting.NotPossible, match="when it is done"):
            recruiting.thank(favour=favour, thanks="Thank you", by=mara, now=now)
        recruiting.finish(favour=favour, result="Spoke with Corvid.", by=theo, now=now + DAY)
        for _twice in range(2):
            row = recruiting.thank(favour=favour, thanks="That helped.", by=mara, now=now + 2 * DAY)
        assert (row.answered_by, row.done_by, row.thanked_by) == (mara, theo, mara)
        assert (row.done_at, row.thanked_at) == (now + DAY, now + 2 * DAY)
        [mail] = Delivery.objects.filter(purpose="thanks")
        assert "That helped." in mail.text
        verbs = list(
            Event.objects.filter(verb__startswith="favour").order_by("id").values_list("verb", flat=True)
        )
        assert verbs[2:] == ["favour_asked", "favour_accepted", "favour_done", "favour_thanked"]

    def test_what_is_taken_back_recalls_its_mail_and_still_counts(
        self, amara, verified, mara, now, in_harbour
    ):
        favour = ask(amara, Kind.INVITATION, by=mara, now=now)
        recruiting.withdraw(favour=favour, by=mara, now=now)
        assert Delivery.objects.get().state == Delivery.State.STOPPED
        link = link_of(favour, now=now, organisation=in_harbour)
        with pytest.raises(recruiting.NotPossible, match="taken back"):
            recruiting.answer(favour=favour, link=link, is_yes=True, now=now)
        with pytest.raises(recruiting.MayNotBeAsked, match="rests for 180 days"):
            ask(amara, Kind.INVITATION, by=mara, now=now)

    def test_whoever_ended_is_asked_no_more(self, amara, verified, mara, now):
        advocate = willing(amara, by=mara, now=now - DAY)
        recruiting.end(advocate=advocate, by=mara, now=now)
        with pytest.raises(recruiting.MayNotBeAsked, match="no longer speaks"):
            ask(amara, Kind.TALK, by=mara, now=now)
        assert recruiting.take_back(advocate=advocate, by=mara, now=now).is_willing
        recruiting.end(advocate=advocate, by=mara, now=now)
        with pytest.raises(recruiting.MayNotBeAsked, match="rests for 180 days"):
            ask(amara, Kind.INVITATION, by=mara, now=now)
        assert ask(amara, Kind.INVITATION, by=mara, now=now + 180 * DAY).is_open


def test_it_ranks_by_fit_and_says_why_others_may_not_be_asked(amara, verified, mara, now, in_harbour):
    segment = factories.make_segment(in_harbour)
    amara.customer.segment = segment
    amara.customer.save()
    factories.make_outcome(amara.customer)
    other = factories.make_customer(in_harbour, "Corvid Couriers", owner=mara)
    corvid = factories.make_contact(other, "Ben Ash")
    journey = factories.make_journey(in_harbour, slug="second")
    verify(factories.make_enrolment(other, journey), at=now - DAY)
    resting = factories.make_contact(other, "Cleo Vance")
    ask(resting, Kind.INVITATION, by=mara, now=now - DAY)
    wish = Wish(Kind.INVITATION, segment, "onboarding", "fewer empty kilometres")
    found = candidates(wish, AskTerms.of(in_harbour), now=now)
    assert [(one.contact, one.points) for one in found.may] == [(amara, 8), (corvid, 3)]
    words = [reason.words for reason in found.may[0].reasons]
    assert words[0] == "in the segment Freight"
    assert "their outcome speaks of empty, fewer, kilometres" in words
    [refused] = found.may_not
    assert (refused.contact, refused.refusal.why) == (
        resting,
        "Cleo Vance was asked this on 11 March 2026 and has not answered yet.",
    )


def test_erasing_a_person_takes_what_was_asked_of_them(amara, verified, mara, now):
    willing(amara, by=mara, now=now)
    amara.recipient.delete()
    amara.delete()
    assert (Favour.objects.count(), Advocate.objects.count()) == (0, 0)


class TestPages:
    def test_a_refused_ask_says_why_and_keeps_what_was_typed(self, amara, verified, mara, now, client_for):
        willing(amara, by=mara, now=now)
        client = client_for(mara)
        url = reverse("advocacy:favour_new", args=["harbour", amara.pk])
        sent = {"kind": "reference", "words": "Twenty minutes with Corvid?"}
        assert client.post(url, sent).status_code == 302
        answer = client.post(url, sent)
        assert answer.status_code == 409
        assert b"has not answered yet" in answer.content
        assert b"Twenty minutes with Corvid?" in answer.content
        assert Favour.objects.filter(kind="reference").count() == 1

    def test_words_that_ask_for_something_else_are_refused(self, amara, verified, mara, now, client_for):
        willing(amara, by=mara, now=now)
        url = reverse("advocacy:favour_new", args=["harbour", amara.pk])
        sent = {"kind": "review", "words": recruiting.beginning("reference", "en")}
        answer = client_for(mara).post(url, sent)
        assert answer.status_code == 422
        assert "this asks for something else: reference call" in answer.content.decode()
        assert not Favour.objects.filter(kind="review").exists()

    def test_a_word_that_is_missing_is_said_where_it_is_missing(self, amara, verified, mara, now, client_for):
        willing(amara, by=mara, now=now)
        favour = ask(amara, Kind.TALK, by=mara, now=now)
        recruiting.note_answer(favour=favour, is_yes=True, by=mara, now=now)
        client, args = client_for(mara), ["harbour", favour.pk]
        answer = client.post(reverse("advocacy:favour_result", args=args), {"result": ""})
        assert answer.status_code == 422
        assert b"Say what came of it" in answer.content
        sent = {"result": "Forty listened."}
        assert client.post(reverse("advocacy:favour_result", args=args), sent).status_code == 302
        sent = {"thanks": "Well said."}
        assert client.post(reverse("advocacy:favour_thanks", args=args), sent).status_code == 302
        assert Favour.objects.get(pk=favour.pk).state == State.THANKED

    def test_terms_are_saved_by_managers_alone(self, in_harbour, mara, theo, client_for):
        url = reverse("advocacy:terms", args=["harbour"])
        assert client_for(mara).get(url).status_code == 403
        client = client_for(theo)
        page = client.get(url)
        sent = {**page.context["form"].initial, "asks": 5, "rest_talk": 30}
        assert client.post(url, sent).status_code == 302
        row = AskTerms.objects.get()
        assert (row.asks, row.rest_days) == (5, {"talk": 30})
        assert client.post(url, sent | {"rest_talk": 0}).status_code == 422
