import pytest

from organisations import tenancy
from organisations.models import Event
from post import dispatching
from post.models import Delivery, PostDue
from tests.post.conftest import again, set_state, url

State = Delivery.State


def test_a_person_says_that_it_arrived(client_for, mara, harbour, post_to):
    delivery = post_to(customer_id=7)
    set_state(delivery, State.UNCERTAIN)
    client_for(mara).post(url("arrival", harbour, delivery.pk))
    delivery = again(delivery)
    assert (delivery.state, delivery.reason) == (State.SENT, "Mara Lindqvist says it arrived")
    assert delivery.sent_at is not None
    with tenancy.within(harbour):
        [event] = Event.objects.filter(verb="mail_settled")
    assert (event.actor, event.customer_id) == (mara, 7)
    assert event.data == {"purpose": "celebration", "state": "sent"}
    page = client_for(mara).get(url("delivery", harbour, delivery.pk)).content.decode()
    assert "Mara Lindqvist said that it arrived" in page


@pytest.mark.parametrize("state", [State.UNCERTAIN, State.FAILED])
def test_a_person_sends_again_under_the_same_message_id(
    client_for, mara, harbour, post_to, mail_server, state
):
    delivery = post_to()
    with tenancy.within(harbour):
        PostDue.objects.all().delete()
    set_state(delivery, state, attempts=9)
    client_for(mara).post(url("resending", harbour, delivery.pk))
    assert again(delivery).state == State.PENDING
    assert dispatching.dispatch(now=again(delivery).due_at) == 1
    [mail] = mail_server.mails()
    assert mail.message["Message-ID"] == delivery.message_id
    assert again(delivery).attempts == 1


def test_a_person_stops_what_waits(client_for, mara, harbour, now, post_to, mail_server):
    delivery = post_to()
    client_for(mara).post(url("stop", harbour, delivery.pk))
    assert again(delivery).state == State.STOPPED
    assert dispatching.dispatch(now=now) == 0
    with tenancy.within(harbour):
        assert not PostDue.objects.exists()


def test_a_person_does_not_wait_for_the_next_try(client_for, mara, harbour, now, post_to, mail_server):
    delivery = post_to()
    mail_server.misbehave(refuse_rcpt=1)
    dispatching.dispatch(now=now)
    mail_server.behave()
    client_for(mara).post(url("next_try", harbour, delivery.pk))
    assert dispatching.dispatch(now=again(delivery).due_at) == 1


@pytest.mark.parametrize("action", ["arrival", "resending", "next_try", "stop"])
def test_what_is_over_cannot_be_decided_again(client_for, mara, harbour, post_to, action):
    delivery = post_to()
    set_state(delivery, State.SENT)
    page = client_for(mara).post(url(action, harbour, delivery.pk), follow=True).content.decode()
    assert "It is taken by the mail server by now." in page
    assert again(delivery).state == State.SENT


def test_it_goes_back_only_to_our_own_pages(client_for, mara, harbour, post_to):
    delivery = post_to()
    address = url("stop", harbour, delivery.pk)
    assert client_for(mara).post(address, {"next": "/o/harbour/outbox/?show=kept"}).url.endswith("show=kept")
    for evil in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert client_for(mara).post(address, {"next": evil}).url == url("delivery", harbour, delivery.pk)


@pytest.mark.parametrize("action", ["arrival", "resending", "next_try", "stop"])
def test_readers_see_no_buttons_and_may_not(client_for, rio, harbour, post_to, action):
    delivery = post_to()
    set_state(delivery, State.UNCERTAIN)
    page = client_for(rio).get(url("delivery", harbour, delivery.pk)).content.decode()
    for word in ("It arrived", "Send again", "Try now"):
        assert f">{word}<" not in page
    assert client_for(rio).post(url(action, harbour, delivery.pk)).status_code == 403
    assert again(delivery).state == State.UNCERTAIN
