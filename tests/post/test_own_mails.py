"""Each member chooses their own digest; the link in one ends it."""

import pytest
from django.test import Client

from organisations import tenancy
from organisations.models import Event, Membership
from post import linking, posting
from post.models import Recipient
from post.preferring import change_wish, choose_digest

pytestmark = pytest.mark.django_db
URL = "/o/harbour/own/mails/"
Wish = Recipient.Wish


def member_of(user):
    return Membership.objects.select_related("organisation", "user").get(user=user)


@pytest.fixture
def link(harbour, mara, now):
    with tenancy.within(harbour):
        member = member_of(mara)
        choose_digest(membership=member, digest="weekly", by=mara, now=now)
        token = linking.make(
            organisation=harbour,
            purpose="digest",
            subject_id=member.pk,
            address=mara.email,
            now=now,
            days=3650,
        )
    return f"/u/{token}/"


def test_nobody_gets_one_unasked_and_each_chooses_for_themselves(client_for, harbour, mara, rio):
    client = client_for(rio)
    assert member_of(rio).digest == "none"
    page = client.get(URL).content.decode()
    assert 'value="none" checked' in page
    assert rio.email in page
    assert client.post(URL, {"digest": "weekly"}).status_code == 302
    assert 'value="weekly" checked' in client.get(URL).content.decode()
    assert (member_of(rio).digest, member_of(mara).digest) == ("weekly", "none")
    with tenancy.within(harbour):
        event = Event.objects.get(verb="digest_chosen")
    assert (event.actor, event.data) == (rio, {"digest": "weekly"})


def test_anything_else_is_refused_and_nothing_kept(client_for, harbour, mara, eve):
    for data in ({}, {"digest": "hourly"}):
        answer = client_for(mara).post(URL, data)
        assert answer.status_code == 422
        assert "Choose which digest you want." in answer.content.decode()
    assert member_of(mara).digest == "none"
    assert client_for(eve).get(URL).status_code == 404
    assert Client().get(URL).status_code == 302


def test_choosing_one_ends_an_earlier_opt_out(client_for, harbour, mara, now):
    with tenancy.within(harbour):
        recipient = posting.recipient_for(organisation=harbour, address=mara.email.upper())
        change_wish(recipient=recipient, wish=Wish.NOTHING, now=now)
    client = client_for(mara)
    assert "asked for no mails at all" in client.get(URL).content.decode()
    client.post(URL, {"digest": "none"})
    with tenancy.within(harbour):
        assert Recipient.objects.get().opted_out_at is not None
    client.post(URL, {"digest": "daily"})
    with tenancy.within(harbour):
        row = Recipient.objects.get()
    assert (row.wish, row.opted_out_at) == (Wish.IMPORTANT, None)


def test_opening_the_link_changes_nothing_and_one_click_ends_it(link, harbour, mara):
    client = Client(enforce_csrf_checks=True)
    for _ in range(2):
        answer = client.get(link)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
    assert "No more digests" in answer.content.decode()
    assert member_of(mara).digest == "weekly"
    answer = client.post(link, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.content) == (200, b"You get no more digests.")
    assert member_of(mara).digest == "none"
    assert "You get no more digests." in client.get(link).content.decode()
    with tenancy.within(harbour):
        assert not Recipient.objects.exclude(opted_out_at=None).exists()
        assert Event.objects.filter(verb="digest_chosen").latest("pk").actor is None


def test_the_button_ends_it_too_and_a_link_of_nobody_opens_nothing(link, harbour, mara, now):
    assert Client().post(link).status_code == 302
    assert member_of(mara).digest == "none"
    with tenancy.within(harbour):
        token = linking.make(
            organisation=harbour, purpose="digest", subject_id=10**6, address="x@y.example", now=now, days=9
        )
    assert Client().post(f"/u/{token}/").status_code == 404
