"""Resources on their way: suggested where they fit, sent once by the outbox, opened and judged by people."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from coaching import challenging, sharing, shelving
from coaching.models import Call, Resource, Sending
from organisations.models import Event
from post import linking
from post.models import Delivery, Link, Recipient
from tests import factories

pytestmark = pytest.mark.django_db
STEPS = [{"words": "Ask", "days": 2}]


@pytest.fixture
def write(in_harbour, theo, now):
    def write(title="Sheet", stages=(), kinds=(), **texts) -> Resource:
        draft = shelving.write(
            organisation=in_harbour,
            resource=None,
            type="worksheet",
            values={"title": title, "summary": f"{title} is good.", "body": "Count **twice**."} | texts,
            at=shelving.Place(stages=stages, kinds=kinds, owner=theo),
            by=theo,
            now=now,
        )
        return draft.resource

    return write


@pytest.fixture
def on_the_way(in_harbour, kestrel):
    """At the second milestone, which is of adoption."""
    journey = factories.make_journey(in_harbour)
    enrolment = factories.make_enrolment(kestrel, journey)
    enrolment.current = journey.current_version().milestones.get(key="m2")
    enrolment.save()
    return enrolment


@pytest.fixture
def sent(write, amara, mara, now) -> Sending:
    return sharing.send(resource=write(), contact=amara, by=mara, now=now, words="For your Monday.")


def token_of(sending: Sending, harbour, now, *, purpose: str = "resource") -> str:
    subject = sending.pk if purpose == "resource" else sending.contact_id
    return linking.make(
        organisation=harbour,
        purpose=purpose,
        subject_id=subject,
        address=sending.contact.address,
        now=now,
        days=9,
    )


def test_what_fits_is_suggested_and_what_they_had_is_not(
    write, kestrel, amara, on_the_way, in_harbour, theo, mara, now
):
    kind = challenging.add_kind(
        organisation=in_harbour, values={"name": "No time", "steps": STEPS}, by=theo, now=now
    )
    special = write("Half an hour", ["adoption"], [kind])
    plain, early = write("Monday", ["adoption"]), write("First", ["onboarding"])
    anywhere = write("Anywhere")

    def suggested() -> list[Resource]:
        return sharing.suggested(sharing.fit_of(kestrel), customer=kestrel)

    assert suggested() == [anywhere, plain]
    challenging.open_challenge(customer=kestrel, kind=kind, by=mara, now=now)
    assert suggested() == [special, anywhere, plain]
    sharing.send(resource=special, contact=amara, by=mara, now=now)
    shelving.retire(resource=plain, by=theo, now=now)
    assert suggested() == [anywhere]
    assert early not in suggested()


def test_it_goes_into_the_outbox_with_a_link_that_is_made_at_send(sent, harbour):
    mail = Delivery.objects.get()
    assert (mail.purpose, mail.state, mail.subject) == ("resource", "pending", "Sheet")
    assert "[resource link]" in mail.text
    assert "For your Monday." in mail.text
    assert mail.links == [
        {"placeholder": "[resource link]", "purpose": "resource", "subject_id": sent.pk, "days": 90}
    ]
    event = Event.objects.get(verb="resource_sent")
    assert event.customer_id == sent.customer_id
    assert "Amara" not in str(event.data)


def test_an_edition_goes_to_a_person_once(sent, write, amara, tomas, mara, theo, now):
    again = {"resource": sent.resource, "by": mara, "now": now}
    with pytest.raises(sharing.NotPossible, match="Each goes to a person once"):
        sharing.send(contact=amara, **again)
    sharing.send(contact=tomas, **again)
    made = {"organisation": sent.resource.organisation, "by": theo, "now": now}
    shelving.write(resource=sent.resource, type="worksheet", values={"body": "Anew."}, at=None, **made)
    assert sharing.send(contact=amara, **again).edition.number == 2
    assert Delivery.objects.count() == 3


def test_what_was_stopped_before_it_left_goes_after_all(sent, amara, mara, now):
    Delivery.objects.update(state="stopped")
    later = now + timedelta(days=1)
    again = sharing.send(resource=sent.resource, contact=amara, by=mara, now=later, words="After all.")
    assert again.pk == sent.pk
    mail = Delivery.objects.get()
    assert mail.state == "pending"
    assert "After all." in mail.text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"opted_out_at": "now"}, "asked for no mails"),
        ({"wish": "important"}, "only when something is asked"),
        ({"bounced_at": "now"}, "came back"),
    ],
)
def test_their_wishes_hold(write, amara, mara, now, change, words):
    values = {name: now if value == "now" else value for name, value in change.items()}
    Recipient.objects.filter(pk=amara.recipient_id).update(**values)
    with pytest.raises(sharing.NotPossible, match=words):
        sharing.send(resource=write(), contact=amara, by=mara, now=now)
    assert not Sending.objects.exists()


def test_who_is_gone_or_has_no_address_is_named(write, kestrel, amara, tomas, mara, theo, now):
    resource = write()
    amara.left_on = now.date()
    amara.save()
    tomas.recipient = None
    tomas.save()
    for contact, words in ((amara, "works there no more"), (tomas, "has no mail address")):
        with pytest.raises(sharing.NotPossible, match=words):
            sharing.send(resource=resource, contact=contact, by=mara, now=now)
    shelving.retire(resource=resource, by=theo, now=now)
    third = factories.make_contact(kestrel, "Ines Roth")
    with pytest.raises(sharing.NotPossible, match="not on the shelf"):
        sharing.send(resource=resource, contact=third, by=mara, now=now)


def test_its_reader_opens_and_judges_it(sent, harbour, now, clock):
    door = f"/c/{token_of(sent, harbour, now)}/resource/"
    page = Client().get(door).content.decode()
    assert "<strong>twice</strong>" in page
    assert "For your Monday." in page
    sent.refresh_from_db()
    assert sent.opened_at is None  # a scanner fetches as much
    assert Client().post(f"{door}opening/").status_code == 204
    sent.refresh_from_db()
    assert sent.opened_at == now
    assert Link.objects.get(purpose="resource").first_opened_at == now
    assert Client().post(f"{door}answer/", {"answer": "perhaps"}).status_code == 422
    said = Client().post(f"{door}answer/", {"answer": "no"}, follow=True).content.decode()
    assert "You said no." in said
    Client().post(f"{door}answer/", {"answer": "yes"})
    Client().post(f"{door}answer/", {"answer": "yes"})
    sent.refresh_from_db()
    assert (sent.has_helped, sent.judged_at) == (True, now)
    assert list(Event.objects.filter(verb="resource_judged").values_list("data__has_helped", flat=True)) == [
        False,
        True,
    ]


def test_another_link_of_theirs_shows_and_does_not_answer(sent, harbour, now, clock):
    token = token_of(sent, harbour, now, purpose="customer")
    Delivery.objects.update(state="sent", sent_at=now)
    own = Client().get(f"/c/{token}/").content.decode()
    assert f"/c/{token}/resource/?of={sent.pk}" in own
    page = Client().get(f"/c/{token}/resource/?of={sent.pk}").content.decode()
    assert "twice" in page
    assert "this one only shows" in page
    assert Client().post(f"/c/{token}/resource/answer/", {"answer": "yes", "of": sent.pk}).status_code == 409
    assert Client().get(f"/c/{token}/resource/").status_code == 404
    sent.refresh_from_db()
    assert sent.has_helped is None


def test_a_link_that_ran_out_is_made_anew(sent, harbour, now, clock):
    made = {"organisation": harbour, "address": sent.contact.address, "now": now - timedelta(days=99)}
    token = linking.make(purpose="resource", subject_id=sent.pk, days=90, **made)
    assert Client().get(f"/c/{token}/resource/").status_code == 404
    Client().post(f"/c/{token}/link/")
    [link] = Delivery.objects.get(purpose="link").links
    assert (link["purpose"], link["subject_id"]) == ("resource", sent.pk)


def test_a_colleague_of_theirs_does_not_see_it(sent, tomas, harbour, now, clock):
    token = linking.make(
        organisation=harbour, purpose="customer", subject_id=tomas.pk, address=tomas.address, now=now, days=9
    )
    assert Client().get(f"/c/{token}/resource/?of={sent.pk}").status_code == 404


def test_a_member_may_look_and_answers_nothing(sent, harbour, mara, now, client_for, clock):
    door = f"/c/{token_of(sent, harbour, now)}/resource/"
    client = client_for(mara)
    assert "Only Amara Okafor can answer." in client.get(door).content.decode()
    assert client.post(f"{door}answer/", {"answer": "yes"}).status_code == 403
    client.post(f"{door}opening/")
    sent.refresh_from_db()
    assert (sent.opened_at, sent.has_helped) == (None, None)


def test_it_is_sent_from_the_customers_page(write, kestrel, amara, mara, client_for, clock, on_the_way):
    resource, client = write("Monday", ["adoption"]), client_for(mara)
    listed = f"/o/harbour/customers/{kestrel.pk}/resources/"
    assert "Monday" in client.get(f"/o/harbour/customers/{kestrel.pk}/").content.decode()
    assert f"{listed}{resource.pk}/" in client.get(listed).content.decode()
    assert client.post(f"{listed}{resource.pk}/", {}).status_code == 422
    done = client.post(f"{listed}{resource.pk}/", {"contact": amara.pk, "words": "Look."}, follow=True)
    assert "in the outbox for Amara Okafor" in done.content.decode()
    twice = client.post(f"{listed}{resource.pk}/", {"contact": amara.pk, "words": "My words."})
    assert twice.status_code == 422
    assert "My words." in twice.content.decode()
    shown = client.get(f"/o/harbour/customers/{kestrel.pk}/?show=resources").content.decode()
    assert "“Monday” sent to Amara Okafor" in shown
    assert Sending.objects.count() == 1


def sent_form(**fields) -> dict:
    return {"held_on": "2026-03-12", "held_time": "09:00", "goal": "Less paper"} | fields


def test_it_is_sent_along_with_a_call(write, kestrel, amara, mara, client_for, clock, on_the_way):
    resource, client = write("Monday", ["adoption"]), client_for(mara)
    form = f"/o/harbour/customers/{kestrel.pk}/calls/new/"
    assert f'name="send" value="{resource.pk}"' in client.get(form).content.decode()
    refused = client.post(form, sent_form(send=resource.pk))
    assert refused.status_code == 422
    assert "Choose to whom these go" in refused.content.decode()
    assert not Call.objects.exists()
    client.post(f"/o/harbour/customers/{kestrel.pk}/calls/draft/", sent_form(send=resource.pk))
    html = client.get(form).content.decode()
    assert re.search(rf'name="send" value="{resource.pk}"[^>]* checked', html)
    client.post(form, sent_form(send=resource.pk, send_to=amara.pk))
    call = Call.objects.get()
    assert [sending.resource for sending in call.sendings.all()] == [resource]
    assert "Monday" in client.get(f"/o/harbour/calls/{call.pk}/").content.decode()


def test_a_call_is_not_half_stored_when_it_cannot_be_sent(
    write, kestrel, amara, mara, client_for, clock, on_the_way, now
):
    resource = write("Monday", ["adoption"])
    Recipient.objects.filter(pk=amara.recipient_id).update(opted_out_at=now)
    form = f"/o/harbour/customers/{kestrel.pk}/calls/new/"
    refused = client_for(mara).post(form, sent_form(send=resource.pk, send_to=amara.pk))
    assert refused.status_code == 422
    assert "they asked for no mails" in refused.content.decode()
    assert not Call.objects.exists()
    assert not Delivery.objects.exists()
