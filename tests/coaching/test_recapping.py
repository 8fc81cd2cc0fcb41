"""The recap of a call: drafted from its record without the notes, edited, sent once to each."""

from datetime import timedelta

import pytest

from coaching import recapping, scheduling, sharing, shelving
from coaching.models import Call, Recap, RecapCopy
from coaching.recapping import Draft
from coaching.scheduling import NewCommitment
from organisations.models import Event
from post.models import Delivery, Recipient

pytestmark = pytest.mark.django_db
SECRET = "Amara may be gone by summer."


@pytest.fixture
def call(in_harbour, kestrel, amara, tomas, mara, theo, now) -> Call:
    resource = shelving.write(
        organisation=in_harbour,
        resource=None,
        type="guide",
        values={"title": "Ten minutes", "summary": "A habit.", "body": "Begin."},
        at=None,
        by=theo,
        now=now,
    ).resource
    return scheduling.log_call(
        organisation=in_harbour,
        customer=kestrel,
        by=mara,
        held_at=now - timedelta(hours=1),
        now=now,
        contacts=[amara],
        commitments=[
            NewCommitment("ask the depots.", amara, "the list is there", now.date() + timedelta(days=8)),
            NewCommitment("send the numbers", mara),
        ],
        then=scheduling.Then(sharing.Share([resource], amara)),
        goal="Fewer empty kilometres.",
        words="We finally see it.\nEvery day.",
        notes=SECRET,
    )


def test_it_is_drafted_from_what_they_may_see(call):
    draft = recapping.draft_of(call)
    assert "12 March" in draft.subject
    assert "> Fewer empty kilometres." in draft.body
    assert "> We finally see it.\n> Every day." in draft.body
    assert "- **Amara Okafor**: when the list is there, ask the depots, by Friday 20 March 2026" in draft.body
    assert "- **Mara Lindqvist**: send the numbers\n" in draft.body
    assert "- Ten minutes" in draft.body
    assert SECRET not in draft.body + draft.subject
    assert "Where it stands" not in draft.body


def test_it_goes_once_to_each(call, amara, tomas, mara, now):
    made = {"call": call, "draft": Draft("We agreed", "**You**: ask."), "by": mara, "now": now}
    recapping.send(contacts=[amara], **made)
    mail = Delivery.objects.get(purpose="recap")
    assert (mail.subject, mail.address, mail.reply_to) == ("We agreed", amara.address, mara.email)
    assert "You: ask." in mail.text
    assert "<strong>You</strong>: ask." in mail.html
    assert SECRET not in mail.text + mail.html
    with pytest.raises(recapping.NotPossible, match="Amara Okafor has this recap already"):
        recapping.send(contacts=[amara, tomas], **made)
    assert RecapCopy.objects.count() == 1
    recapping.send(contacts=[tomas], **made)
    assert Event.objects.filter(verb="recap_sent", customer_id=call.customer_id).count() == 2
    assert not recapping.drop(call=call)


def test_what_was_stopped_goes_after_all(call, amara, mara, now):
    made = {"call": call, "contacts": [amara], "by": mara, "now": now}
    recapping.send(draft=Draft("A", "First."), **made)
    Delivery.objects.filter(purpose="recap").update(state="stopped")
    recapping.send(draft=Draft("A", "Second."), **made)
    mail = Delivery.objects.get(purpose="recap")
    assert mail.state == "pending"
    assert "Second." in mail.text


def test_their_wishes_hold_and_the_draft_stays(call, amara, mara, now):
    recapping.keep(call=call, draft=Draft("A", "Mine."), by=mara, now=now)
    Recipient.objects.filter(pk=amara.recipient_id).update(opted_out_at=now)
    made = {"call": call, "draft": Draft("A", "Else."), "by": mara, "now": now}
    with pytest.raises(recapping.NotPossible, match="asked for no mails"):
        recapping.send(contacts=[amara], **made)
    assert Recap.objects.get().body == "Mine."


def test_a_draft_waits_on_the_call_and_on_today(call, mara, theo, client_for, clock):
    client, address = client_for(mara), f"/o/harbour/calls/{call.pk}/recap/"
    fresh = client.get(address).content.decode()
    assert "Fewer empty kilometres." in fresh
    assert SECRET not in fresh
    assert not Recap.objects.exists()
    client.post(address, {"subject": "We agreed", "body": "Ask."})
    assert "Nobody has it yet." in client.get(f"/o/harbour/calls/{call.pk}/").content.decode()
    assert "Recap for Kestrel Freight" in client.get("/o/harbour/today/").content.decode()
    assert "Recap for Kestrel Freight" not in client_for(theo).get("/o/harbour/today/").content.decode()
    nobody = client.post(address, {"subject": "We agreed", "body": "Ask them.", "then": "send"})
    assert nobody.status_code == 422
    assert "Choose who gets it." in nobody.content.decode()
    assert "Ask them." in nobody.content.decode()
    amara = call.contacts.get()
    client.post(address, {"subject": "We agreed", "body": "Ask.", "contacts": amara.pk, "then": "send"})
    assert Delivery.objects.get(purpose="recap").subject == "We agreed"
    assert "Recap for Kestrel Freight" not in client.get("/o/harbour/today/").content.decode()
    late = client.post(address, {"subject": "We agreed", "body": "Something else."})
    assert late.status_code == 422
    assert "stays as it was sent" in late.content.decode()
    assert Recap.objects.get().body == "Ask."


def test_it_is_begun_with_the_call_and_thrown_away(kestrel, amara, mara, rio, client_for, clock):
    form = {"held_on": "2026-03-12", "held_time": "09:00", "goal": "Less paper", "then": "recap"}
    client = client_for(mara)
    done = client.post(f"/o/harbour/customers/{kestrel.pk}/calls/new/", form)
    call = Call.objects.get()
    assert done["Location"] == f"/o/harbour/calls/{call.pk}/recap/"
    assert "> Less paper" in Recap.objects.get().body
    assert client_for(rio).get(done["Location"]).status_code == 403
    client.post(f"{done['Location']}removal/")
    assert not Recap.objects.exists()
    again = client.post(f"{done['Location']}removal/", follow=True)
    assert "There is no draft" in again.content.decode()
