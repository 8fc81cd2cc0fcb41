"""What people say back to a celebration, with one tap, and that they pass its card on."""

from datetime import timedelta

import pytest
from django.test import Client

from advocacy import replying
from advocacy.models import CelebrationGuest, CelebrationReply
from organisations.models import Event
from post import linking
from tests.advocacy.loop import mails, sweep
from tests.dashboards.customer_page.visit import database

HOUSE = "/o/harbour"


@pytest.fixture
def seat(reached, in_harbour, now):
    """Amara's, at a celebration that is in the post."""
    sweep(in_harbour, now)
    sweep(in_harbour, now + timedelta(days=2))
    return CelebrationGuest.objects.select_related("contact__recipient", "celebration").get()


@pytest.fixture
def later(monkeypatch, now):
    from bosai import middleware

    at = now + timedelta(days=2)
    monkeypatch.setattr(middleware.timezone, "now", lambda: at)
    return at


def token_of(seat, now):
    return linking.make(
        organisation=seat.celebration.organisation,
        purpose="reply",
        subject_id=seat.pk,
        address=seat.contact.address,
        now=now,
        days=90,
    )


def test_the_mail_brings_a_link_of_its_own_to_answer(seat):
    [mail] = mails()
    assert [(link["purpose"], link["subject_id"]) for link in mail.links] == [
        ("customer", seat.contact_id),
        ("reply", seat.pk),
    ]
    assert mail.text.count("[reply link]") == 1
    assert mail.html.count("[reply link]") == 1


def test_one_tap_lands_on_today_and_in_the_history(seat, later, mara, client_for):
    door, amara, member = f"/c/{token_of(seat, later)}/reply/", Client(), client_for(mara)
    before = database()
    for _ in range(3):
        assert amara.get(door).status_code == amara.head(door).status_code == 200
    assert database() == before, "looking says nothing"
    assert member.post(door).status_code == 403
    for _ in range(2):
        assert amara.post(door, {"words": "The board asked for it."}).status_code == 302
    row = CelebrationReply.objects.get()
    assert Event.objects.filter(verb="celebration_replied").count() == 1
    assert "board" not in repr(Event.objects.get(verb="celebration_replied").data)
    for page in ("today/", f"customers/{seat.contact.customer_id}/", f"celebrations/{row.celebration_id}/"):
        assert "The board asked for it." in member.get(f"{HOUSE}/{page}").content.decode(), page
    for _ in range(2):
        assert member.post(f"{HOUSE}/replies/{row.pk}/sight/").status_code == 302
    assert "The board asked for it." not in member.get(f"{HOUSE}/today/").content.decode()
    assert Event.objects.filter(verb="celebration_reply_seen").count() == 1


def test_a_tap_without_words_is_an_answer_and_other_words_are_news(seat, later):
    link = linking.find(token_of(seat, later))[1]
    row = replying.reply(seat=seat, link=link, now=later)
    replying.see(row=row, by=None, now=later)
    assert not CelebrationReply.objects.unseen().exists()
    replying.reply(seat=seat, link=link, now=later + timedelta(hours=1), words="And more.")
    again = CelebrationReply.objects.unseen().get()
    assert (again.replied_at, again.words) == (later, "And more.")


def test_the_card_is_passed_on_once_and_holds_no_link_of_theirs(seat, later):
    token = token_of(seat, later)
    door, amara = f"/c/{token}/card/", Client()
    for _ in range(2):
        assert amara.post(door).status_code == 302
    row = CelebrationReply.objects.get()
    assert (row.shared_at, row.replied_at) == (later, None)
    assert Event.objects.filter(verb="celebration_shared").count() == 1
    assert not CelebrationReply.objects.unseen().exists(), "nothing to read"
    page = amara.get(door).content.decode()
    text = page.partition("<textarea")[2].partition("</textarea>")[0]
    assert "78" in text
    assert token not in text
    assert "mailto:?subject=" in page


def test_the_link_of_a_celebration_answers_for_that_one_alone(seat, later):
    """It opens their page, where nothing can be confirmed by it."""
    token = token_of(seat, later)
    assert Client().get(f"/c/{token}/").status_code == 200
    assert Client().post(f"/c/{token}/story/").status_code == 409
    other = linking.make(
        organisation=seat.celebration.organisation, purpose="customer", subject_id=seat.contact_id,
        address=seat.contact.address, now=later, days=9,
    )  # fmt: skip
    assert Client().post(f"/c/{other}/reply/").status_code == 409
    assert Client().post(f"/c/{other}/card/").status_code == 409
    assert not CelebrationReply.objects.exists()
