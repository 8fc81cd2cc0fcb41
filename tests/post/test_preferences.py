from datetime import timedelta

import pytest
from django.test import Client

from organisations import tenancy
from organisations.models import Event
from post import dispatching, linking, posting
from post.models import Delivery, Recipient
from tests.post.conftest import again

Wish = Recipient.Wish


@pytest.fixture
def nadia(harbour):
    with tenancy.within(harbour):
        return posting.recipient_for(organisation=harbour, address="nadia@customer.example")


@pytest.fixture
def link(harbour, nadia, now):
    with tenancy.within(harbour):
        token = linking.make(
            organisation=harbour,
            purpose="unsubscribe",
            subject_id=nadia.pk,
            address=nadia.address,
            now=now,
            days=3650,
        )
    return f"/u/{token}/"


def wish_of(recipient):
    with tenancy.within(recipient.organisation_id):
        row = Recipient.objects.get(pk=recipient.pk)
    return row.wish, row.opted_out_at is not None


def test_opening_it_changes_nothing(link, nadia):
    for _ in range(3):
        assert Client().get(link).status_code == 200
        assert Client().head(link).status_code == 200
    assert wish_of(nadia) == (Wish.ALL, False)


def test_it_says_whose_mails_and_offers_four_choices(link):
    response = Client().get(link)
    page = response.content.decode()
    choices = ("Everything", "One mail a week", "Only what asks", "Nothing")
    for words in ("Harbour Analytics", "nadia@customer.example", *choices):
        assert words in page
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_mail_programs_unsubscribe_with_one_click(harbour, link, nadia, now, post_to, mail_server):
    waiting = post_to()
    client = Client(enforce_csrf_checks=True)
    response = client.post(
        link, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain")
    assert wish_of(nadia) == (Wish.NOTHING, True)
    assert dispatching.dispatch(now=now) == 0
    assert again(waiting).state == Delivery.State.SUPPRESSED
    with tenancy.within(harbour):
        [event] = Event.objects.filter(verb="opted_out")
    assert event.data == {"recipient_id": nadia.pk}


def test_the_link_in_a_mail_that_arrived_unsubscribes(nadia, now, post_to, mail_server):
    post_to()
    dispatching.dispatch(now=now)
    [mail] = mail_server.mails()
    address = mail.message["List-Unsubscribe"].strip("<>")
    path = "/u/" + address.split("/u/")[1]
    Client().post(path, {"List-Unsubscribe": "One-Click"})
    assert wish_of(nadia) == (Wish.NOTHING, True)


@pytest.mark.parametrize("wish", [Wish.IMPORTANT, Wish.NOTHING])
def test_a_choice_is_kept_and_can_be_undone(link, nadia, wish):
    client = Client(enforce_csrf_checks=True)
    page = client.post(link, {"wish": wish}, follow=True)
    assert wish_of(nadia) == (wish, wish == Wish.NOTHING)
    assert page.redirect_chain[0][0] == f"{link}?before=all"
    assert '<input type="hidden" name="wish" value="all">' in page.content.decode()
    client.post(link, {"wish": Wish.ALL})
    assert wish_of(nadia) == (Wish.ALL, False)


def test_one_mail_a_week_comes_on_the_day_they_choose(harbour, link, nadia):
    client = Client(enforce_csrf_checks=True)
    page = client.post(link, {"wish": Wish.WEEKLY, "weekday": "3"}, follow=True).content.decode()
    assert '<option value="3" selected>Thursday</option>' in page
    assert wish_of(nadia) == (Wish.WEEKLY, False)
    client.post(link, {"wish": Wish.ALL})  # as “undo” does: the day stays
    with tenancy.within(harbour):
        assert Recipient.objects.get(pk=nadia.pk).weekday == 3
    assert client.post(link, {"wish": Wish.WEEKLY, "weekday": "6"}).status_code == 422
    assert wish_of(nadia) == (Wish.ALL, False)


def test_a_choice_that_is_none_is_told(link, nadia):
    response = Client().post(link, {"wish": "perhaps"})
    assert response.status_code == 422
    assert "Choose which mails you want." in response.content.decode()
    assert wish_of(nadia) == (Wish.ALL, False)


def test_whatever_does_not_open_gets_the_same_polite_answer(harbour, nadia, now, link):
    with tenancy.within(harbour):
        given = {"organisation": harbour, "subject_id": nadia.pk, "address": nadia.address, "now": now}
        other = linking.make(purpose="confirm", days=3650, **given)
        old = linking.make(purpose="unsubscribe", days=1, **(given | {"now": now - timedelta(days=3650)}))
        gone = linking.make(purpose="unsubscribe", days=3650, **(given | {"subject_id": nadia.pk + 999}))
    tokens = [
        other,
        old,
        gone,
        "x",
        "1-",
        "zzzzzzzzzzzzzz-aaaa",
        link.split("/")[2][:-1],
        "%00",
        "é-è",
        "1" * 500,
    ]
    answers = {(r.status_code, r.content) for r in (Client().get(f"/u/{token}/") for token in tokens)}
    assert len(answers) == 1
    [(status, content)] = answers
    assert status == 404
    assert b"does not open any more" in content
    posted = [Client().post(f"/u/{t}/", {"List-Unsubscribe": "One-Click"}).status_code for t in tokens]
    assert set(posted) == {404}
    assert wish_of(nadia) == (Wish.ALL, False)


def test_an_address_in_two_organisations_unsubscribes_from_one(harbour, rival, link, nadia):
    with tenancy.within(rival):
        theirs = posting.recipient_for(organisation=rival, address=nadia.address)
    Client().post(link, {"List-Unsubscribe": "One-Click"})
    assert wish_of(nadia) == (Wish.NOTHING, True)
    assert wish_of(theirs) == (Wish.ALL, False)
