"""The customer's own word about a wording: right, better, wrong, taken back; and nobody else's."""

from datetime import date, timedelta

import pytest

from customers import defining, keeping
from customers.editions import history_of
from customers.models import Customer, Outcome, OutcomeAsk, OutcomeReply, OutcomeRevision
from organisations.models import Event
from post.models import Delivery
from tests.customers.defining.conftest import WORDS, link_of
from tests.factories import make_contact

pytestmark = pytest.mark.django_db


def right(ask, now, values=None, edition=None, **fields):
    given = {"link": fields.pop("link", None) or link_of(ask, now=now), "now": now}
    edition = edition or Outcome.objects.get(pk=ask.outcome_id).edition
    return defining.confirm(ask=ask, edition=edition, values=values or {}, **given)


def wrong(ask, now, words="Not fewer: none."):
    return defining.object_to(ask=ask, link=link_of(ask, now=now), words=words, now=now)


def test_it_is_asked_by_mail_with_a_placeholder_for_the_link(ask, amara, now):
    mail = Delivery.objects.get()
    assert (mail.purpose, mail.address, mail.customer_id) == (
        "confirmation",
        amara.address,
        amara.customer_id,
    )
    assert "[outcome link]" in mail.text
    assert WORDS in mail.text
    assert mail.links == [
        {"placeholder": "[outcome link]", "purpose": "outcome", "subject_id": ask.pk, "days": 30}
    ]
    assert Event.objects.get(verb="wording_asked").data == {"contact_id": amara.pk}


def test_asking_again_replaces_the_question_and_a_form_sent_twice_is_one(outcome, ask, amara, mara, now):
    assert defining.ask(outcome=outcome, contact=amara, by=mara, now=now) == ask
    later = defining.ask(outcome=outcome, contact=amara, by=mara, now=now + timedelta(hours=1))
    assert list(OutcomeAsk.objects.filter(closed_at=None)) == [later]
    assert Delivery.objects.filter(recalled_why="asked again").count() == 1
    assert right(later, now, link=link_of(ask, now=now)).is_right  # on the mail of the first one


def test_it_is_confirmed_in_their_own_words(outcome, ask, amara, now):
    values = {"words": "None at all.", "target": 20.0, "target_on": date(2026, 12, 31), "required": "ignored"}
    reply = right(ask, now, values)
    row = Outcome.objects.select_related("contact", "confirmed_by").get()
    assert (row.words, row.target, row.target_on) == ("None at all.", 20.0, date(2026, 12, 31))
    assert (row.required, row.contact, row.said_by, row.said_on) == ("", amara, "", now.date())
    assert (row.confirmed_at, row.confirmed_by, row.edition) == (now, amara, 2)
    assert (reply.edition, sorted(reply.changed)) == (2, ["target", "target_on", "words"])
    revision = OutcomeRevision.objects.get()
    assert (revision.contact, revision.by, revision.was["words"]) == (amara, None, WORDS)
    assert history_of(row)[0].title == "Confirmed, with changes"
    assert OutcomeAsk.objects.get().closed_at == now
    assert {"outcome", "outcome_by", "outcome_on"} <= Customer.objects.get().edited.keys()
    event = Event.objects.get(verb="wording_confirmed")
    assert (event.actor, event.data["contact_id"], event.data["demo"]) == (None, amara.pk, False)
    assert right(ask, now, {"words": "Sent twice"}) == reply
    assert Outcome.objects.get().words == "None at all."


def test_undo_gives_back_the_wording_and_the_question_within_24_hours(outcome, ask, mara, now):
    defining.edit(outcome=outcome, values={"words": "Mine."}, by=mara, now=now)
    reply = right(ask, now, {"words": "Theirs."})
    with pytest.raises(defining.TooLate):
        defining.undo(reply=reply, now=now + timedelta(hours=24, seconds=1))
    defining.undo(reply=reply, now=now + timedelta(hours=23))
    row = Outcome.objects.get()
    assert (row.words, row.confirmed_at, row.said_by, row.edition) == ("Mine.", None, "kick-off", 4)
    assert OutcomeAsk.objects.get().closed_at is None
    defining.undo(reply=reply, now=now)
    assert Event.objects.filter(verb="wording_undone").count() == 1


def test_what_a_member_wrote_since_stays_when_it_is_undone(outcome, ask, mara, now):
    reply = right(ask, now, {"words": "Theirs."})
    defining.edit(outcome=outcome, values={"words": "Newer."}, by=mara, now=now)
    assert Outcome.objects.get().confirmed_at is None
    defining.undo(reply=reply, now=now)
    assert Outcome.objects.get().words == "Newer."


def test_only_another_meaning_takes_a_confirmation_back(outcome, ask, mara, now):
    right(ask, now)
    defining.edit(outcome=outcome, values={"said_by": "by telephone"}, by=mara, now=now)
    assert Outcome.objects.get().confirmed_at == now
    defining.edit(outcome=outcome, values={"target": 12.5}, by=mara, now=now)
    row = Outcome.objects.get()
    assert (row.confirmed_at, row.confirmed_by) == (None, None)
    assert history_of(row)[0].title == "Changed; no longer confirmed"


def test_they_see_what_they_confirm(outcome, ask, mara, now):
    read = outcome.edition
    defining.edit(outcome=outcome, values={"target": 1.0}, by=mara, now=now)
    with pytest.raises(defining.MovedOn):
        right(ask, now, edition=read)
    assert not OutcomeReply.objects.exists()


def test_it_is_wrong_with_a_sentence_until_the_wording_is_changed(outcome, ask, amara, mara, now):
    with pytest.raises(defining.WordsMissing):
        wrong(ask, now, words=" ")
    reply = wrong(ask, now)
    assert list(OutcomeReply.objects.open_objections()) == [reply]
    assert Outcome.objects.get().words == WORDS
    with pytest.raises(defining.NothingToAnswer):
        right(ask, now)
    defining.edit(outcome=outcome, values={"said_by": "Amara"}, by=mara, now=now)
    assert OutcomeReply.objects.open_objections().exists()
    defining.edit(outcome=outcome, values={"words": "None."}, by=mara, now=now)
    assert not OutcomeReply.objects.open_objections().exists()


def test_taking_a_yes_back_opens_the_objection_that_it_settled(outcome, ask, amara, mara, now):
    wrong(ask, now)
    again = defining.ask(outcome=outcome, contact=amara, by=mara, now=now + timedelta(hours=1))
    reply = right(again, now + timedelta(hours=2))
    assert not OutcomeReply.objects.open_objections().exists()
    defining.undo(reply=reply, now=now + timedelta(hours=3))
    assert OutcomeReply.objects.open_objections().count() == 1


def test_taking_an_objection_back_gives_the_confirmation_back(outcome, ask, amara, mara, now):
    right(ask, now)
    again = defining.ask(outcome=outcome, contact=amara, by=mara, now=now + timedelta(hours=1))
    reply = wrong(again, now + timedelta(hours=2))
    assert Outcome.objects.get().confirmed_at is None
    defining.undo(reply=reply, now=now + timedelta(hours=3))
    row = Outcome.objects.get()
    assert (row.confirmed_at, row.confirmed_by) == (now, amara)


def test_only_the_link_of_the_question_answers_it(outcome, ask, customer, mara, now):
    tomas = make_contact(customer, "Tomás Silva", address="tomas@kestrel-freight.example")
    other = defining.ask(outcome=outcome, contact=tomas, by=mara, now=now)
    with pytest.raises(defining.NothingToAnswer):
        right(ask, now, link=link_of(other, now=now))
    assert not OutcomeReply.objects.exists()
    assert right(ask, now, link=link_of(ask, now=now, is_demo=True)).is_demo


def test_nobody_waits_for_whoever_left(ask, amara, mara, now):
    keeping.contact_left(contact=amara, on=now.date(), by=mara, now=now)
    assert OutcomeAsk.objects.get().closed_at == now
    with pytest.raises(defining.NothingToAnswer):
        right(ask, now)
    assert defining.send_link(ask=OutcomeAsk.objects.get(), now=now) is None
    amara.refresh_from_db()
    with pytest.raises(defining.CannotBeAsked):
        defining.ask(outcome=ask.outcome, contact=amara, by=mara, now=now)
