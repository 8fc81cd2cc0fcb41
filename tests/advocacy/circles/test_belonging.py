"""Nobody is in a circle but by their yes, shows more than they ticked, or stays in anything they left."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from advocacy import convening
from advocacy.ledger import lines_of
from advocacy.models import AskTerms, Circle, CircleSeat, Introduction, MeetingNotice
from customers.models import Contact
from organisations.models import Event
from post.models import Delivery
from tests import factories
from tests.advocacy.circles.gathered import DAY, asked, seat_of, token_of, waiting

State = CircleSeat.State


def page(name, token):
    return reverse(f"dashboards:{name}", args=[token])


@pytest.fixture
def nora(circle, in_harbour, mara) -> Contact:
    """Asked, and has not answered."""
    customer = factories.make_customer(in_harbour, "Saltmarsh Water", owner=mara)
    contact = factories.make_contact(customer, "Nora Blom")
    contact.customer.organisation = in_harbour
    return contact


def test_being_asked_is_not_being_in_it_and_the_mail_says_so(circle, nora, mara, now):
    seat = convening.ask(circle=circle, contact=nora, by=mara, now=now)
    assert convening.ask(circle=circle, contact=nora, by=mara, now=now).pk == seat.pk
    assert seat.state == State.ASKED
    assert not CircleSeat.objects.here().filter(pk=seat.pk).exists()
    (mail,) = waiting(purpose="favour")
    assert (mail.address, mail.reply_to) == (nora.address, mara.email)
    assert "You are not in it before you say yes" in mail.text
    assert "Kestrel" not in mail.text + mail.html
    assert [link["purpose"] for link in mail.links] == ["own"]
    assert [(line.what, line.is_counted) for line in lines_of(nora, now=now)] == [
        ("to join the circle “Daily data”", True)
    ]
    assert Event.objects.filter(verb="circle_asked", customer_id=nora.customer_id).count() == 1


def test_asking_is_within_the_ask_ledger_and_refused_with_the_day(circle, nora, mara, now, in_harbour):
    AskTerms.objects.create(organisation=in_harbour, asks=1)
    other = convening.save(
        organisation=in_harbour, values={"name": "Another", "about": "More."}, by=mara, now=now
    )
    convening.ask(circle=circle, contact=nora, by=mara, now=now - DAY)
    with pytest.raises(convening.MayNotBeAsked, match=r"asked 1 time in 90 days.*from 9 June 2026"):
        convening.ask(circle=other, contact=nora, by=mara, now=now)
    assert CircleSeat.objects.filter(contact=nora).count() == 1


def test_whoever_said_no_rests_and_whoever_we_took_out_does_not(circle, amara, ken, mara, now):
    convening.leave(seat=seat_of(amara), now=now)
    with pytest.raises(convening.MayNotBeAsked, match=r"left this circle.*8 September 2026"):
        convening.ask(circle=circle, contact=amara, by=mara, now=now + 30 * DAY)
    convening.take_out(seat=seat_of(ken), by=mara, now=now)
    with pytest.raises(convening.NotPossible, match="were not asked"):
        convening.join(seat=seat_of(ken), now=now)
    assert convening.ask(circle=circle, contact=ken, by=mara, now=now).state == State.ASKED


def test_they_join_on_their_own_link_with_what_they_tick_and_may_come_back_for_a_day(
    circle, nora, mara, now, client
):
    seat = convening.ask(circle=circle, contact=nora, by=mara, now=now)
    looks, acts = token_of(nora, now=now, purpose="customer"), token_of(nora, now=now)
    assert client.post(page("their_circle", looks), {"seat": seat.pk, "do": "join"}).status_code == 403
    said = {"seat": seat.pk, "do": "join", "shows": ["shows_company", "is_demo"]}
    for _twice in range(2):
        assert client.post(page("their_circle", acts), said).status_code == 302
    seat = seat_of(nora)
    assert (seat.state, seat.shown, seat.is_demo) == (State.JOINED, "Nora, Saltmarsh Water", False)
    assert Event.objects.filter(verb="circle_joined", customer_id=nora.customer_id).count() == 1
    assert client.post(page("their_circle", acts), {"seat": seat.pk, "do": "show"}).status_code == 302
    assert seat_of(nora).shown == "Nora"
    # going needs no link that acts: it only takes away
    assert client.post(page("their_circle", looks), {"seat": seat.pk, "do": "leave"}).status_code == 302
    assert seat_of(nora).state == State.LEFT
    assert client.post(page("their_circle", acts), said).status_code == 302
    assert seat_of(nora).state == State.JOINED
    convening.leave(seat=seat, now=now)
    with pytest.raises(convening.NotPossible):
        convening.join(seat=seat_of(nora), now=now + 2 * DAY)


def test_nobody_sees_what_was_not_shown(circle, amara, ken, lucia, now, client):
    convening.show(seat=seat_of(ken), shows=["shows_name", "shows_title"], now=now)
    token = token_of(amara, now=now)
    html = client.get(page("customer_page", token)).text
    assert "Ken Osei, Planner of Alder Finch" in html
    assert "Lucía" in html
    for hidden in ("Lucía Marín", "Lumen", "osei@", ken.address, lucia.address):
        assert hidden not in html
    # who has gone is gone from the page, and a link that only shows names nobody
    convening.leave(seat=seat_of(lucia), now=now)
    assert "Lucía" not in client.get(page("customer_page", token)).text
    looks = client.get(page("customer_page", token_of(amara, now=now, purpose="customer"))).text
    assert "Daily data" in looks
    assert "Ken" not in looks
    # nor anybody who is not in it
    convening.leave(seat=seat_of(amara), now=now)
    assert "Ken" not in client.get(page("customer_page", token)).text


def test_somebody_elses_seat_cannot_be_moved(amara, ken, now, client):
    seat = seat_of(ken)
    for do in ("show", "leave"):
        said = {"seat": seat.pk, "do": do, "shows": "shows_company"}
        assert client.post(page("their_circle", token_of(amara, now=now)), said).status_code == 409
    assert (seat_of(ken).state, seat_of(ken).shown) == (State.JOINED, "Ken")


def test_a_member_answers_for_nobody(circle, amara, now, mara, client_for):
    token, seat = token_of(amara, now=now), seat_of(amara)
    for do in ("join", "leave"):
        answer = client_for(mara).post(page("their_circle", token), {"seat": seat.pk, "do": do})
        assert answer.status_code == 403
    assert seat_of(amara).state == State.JOINED


def test_leaving_takes_one_out_of_everything(circle, amara, ken, mara, now):
    values = {"title": "Show", "about": "", "starts_at": now + 9 * DAY, "minutes": 60, "place": "Room 4"}
    convening.plan(circle=circle, values=values, by=mara, now=now - DAY)
    row = asked(circle, by=mara, now=now)
    convening.answer(introduction=row, contact=ken, is_yes=True, now=now)
    convening.tell_news(organisation=circle.organisation, now=now)
    convening.show(seat=seat_of(amara), shows=["shows_company"], now=now)
    convening.leave(seat=seat_of(amara), now=now)
    convening.leave(seat=seat_of(amara), now=now)  # twice is once
    assert seat_of(amara).shown == "Amara"
    assert Introduction.objects.get().state == Introduction.State.ENDED
    assert waiting(address=amara.address) == []
    assert waiting(address=ken.address, purpose="favour") == []
    assert MeetingNotice.objects.filter(contact=amara, ended_at=None).count() == 0
    assert Event.objects.filter(verb="circle_left").count() == 1
    with pytest.raises(convening.NotPossible):
        convening.answer(introduction=row, contact=amara, is_yes=True, now=now)
    assert Delivery.objects.filter(purpose="introduction").count() == 0


def test_a_closed_circle_shows_nobody_and_its_name_is_free(circle, amara, nora, mara, now, client):
    convening.ask(circle=circle, contact=nora, by=mara, now=now)
    row = asked(circle, by=mara, now=now)
    for _twice in range(2):
        convening.close(circle=circle, by=mara, now=now)
    assert "Daily data" not in client.get(page("customer_page", token_of(amara, now=now))).text
    assert waiting(purpose="favour") == []
    row.refresh_from_db()
    assert row.state == Introduction.State.ENDED
    assert Event.objects.filter(verb="circle_closed").count() == 1
    values = {"name": "Daily data", "about": "Again."}
    again = convening.save(organisation=circle.organisation, values=values, by=mara, now=now)
    with pytest.raises(convening.WordsMissing, match="already"):
        convening.save(organisation=circle.organisation, values=values, by=mara, now=now)
    assert Circle.objects.open().get() == again


def test_the_database_shows_nothing_of_who_is_not_in_it(circle, amara):
    with pytest.raises(IntegrityError), transaction.atomic():
        CircleSeat.objects.filter(contact=amara).update(
            state="left", ended_at=circle.made_at, shows_company=True
        )


def test_erasing_a_person_takes_their_seat_and_introductions_along(circle, amara, mara, now):
    asked(circle, by=mara, now=now)
    amara.delete()
    assert CircleSeat.objects.count() == 2
    assert Introduction.objects.count() == 0
