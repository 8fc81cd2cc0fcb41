"""An introduction is made by the yes of both, once, and before that nobody learns who the other is."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from advocacy import convening
from advocacy.ledger import lines_of
from advocacy.models import AskTerms, CircleSeat, Introduction
from advocacy.peers import Match, matches
from organisations import tenancy
from organisations.models import Event
from post.models import Delivery
from tests.advocacy.circles.gathered import DAY, asked, gather, pair, seat_of, token_of, waiting
from tests.advocacy.test_races import at_once

State = Introduction.State


def mails(**about):
    return list(Delivery.objects.filter(purpose="introduction", **about).order_by("address"))


def test_whoever_reached_what_another_attempts_is_proposed_and_nobody_else(circle, amara, ken, lucia, now):
    found = {(one.seeker.contact.name, one.peer.contact.name, one.milestone.key) for one in matches(circle)}
    assert found == {
        ("Amara Okafor", "Ken Osei", "m2"),
        ("Lucía Marín", "Amara Okafor", "m1"),
        ("Lucía Marín", "Ken Osei", "m1"),
    }
    convening.leave(seat=seat_of(lucia), now=now)
    assert matches(circle) == []  # of two, each would know who is meant


def test_both_are_asked_apart_and_neither_mail_names_the_other(circle, amara, ken, mara, now):
    row = asked(circle, by=mara, now=now)
    assert convening.ask_both(match=_again(row), by=mara, now=now).pk == row.pk
    to_amara, to_ken = waiting(purpose="favour")
    assert (to_amara.address, to_ken.address) == (amara.address, ken.address)
    for mail, others in ((to_amara, ("Ken", "Alder")), (to_ken, ("Amara", "Kestrel"))):
        assert all(word not in mail.subject + mail.text + mail.html for word in others)
    assert "has reached what you attempt next: Milestone 2" in to_amara.text
    assert "attempts what you have reached: Milestone 2" in to_ken.text
    for person in (amara, ken):
        words = [line.what for line in lines_of(person, now=now)]
        assert "to be introduced to somebody, about “Milestone 2”" in words
    assert [one for one in matches(circle) if one.seeker.contact == amara] == []


def _again(row):
    rows = {one.contact_id: one for one in CircleSeat.objects.with_people()}
    return Match(rows[row.seeker_id], rows[row.peer_id], row.milestone)


def test_it_is_made_once_by_the_second_yes_and_names_both_to_both(circle, amara, ken, mara, now):
    row = asked(circle, by=mara, now=now)
    for _twice in range(2):
        convening.answer(introduction=row, contact=ken, is_yes=True, now=now)
    assert (Introduction.objects.get().state, Introduction.objects.get().yeses) == (State.ASKED, 1)
    assert mails() == []
    for _twice in range(2):
        assert convening.answer(introduction=row, contact=amara, is_yes=True, now=now).state == State.MADE
    to_amara, to_ken = mails()
    assert (to_amara.address, to_amara.subject) == (amara.address, "Meet Ken Osei, Alder Finch")
    assert ken.address in to_amara.text
    assert (to_ken.address, to_ken.subject) == (ken.address, "Meet Amara Okafor, Kestrel Freight")
    made = Event.objects.filter(verb="introduction_made")
    assert {event.customer_id for event in made} == {amara.customer_id, ken.customer_id}
    with pytest.raises(convening.NotPossible, match="introduced already"):
        convening.withdraw(introduction=row, by=mara, now=now)


def test_a_no_ends_it_and_says_nothing_about_whose(circle, amara, ken, mara, now, client):
    row = asked(circle, by=mara, now=now)
    convening.answer(introduction=row, contact=amara, is_yes=True, now=now)
    token = token_of(ken, now=now)
    html = client.get(reverse("dashboards:customer_page", args=[token])).text
    assert "May we introduce you to somebody?" in html
    assert "Amara Okafor" not in html
    assert "Kestrel" not in html
    said = {"introduction": row.pk, "answer": "no"}
    assert client.post(reverse("dashboards:their_introduction", args=[token]), said).status_code == 302
    assert Introduction.objects.get().state == State.DECLINED
    assert waiting(purpose="favour") == []
    answer = client.post(reverse("dashboards:their_introduction", args=[token]), said | {"answer": "yes"})
    assert answer.status_code == 409
    theirs = client.get(reverse("dashboards:customer_page", args=[token_of(amara, now=now)])).text
    assert "May we introduce you" not in theirs
    assert mails() == []


def test_only_the_two_answer_each_on_a_link_that_acts(circle, amara, ken, lucia, mara, now, client):
    row = asked(circle, by=mara, now=now)
    said = {"introduction": row.pk, "answer": "yes"}
    looks = token_of(ken, now=now, purpose="customer")
    assert client.post(reverse("dashboards:their_introduction", args=[looks]), said).status_code == 403
    stranger = token_of(lucia, now=now)
    assert client.post(reverse("dashboards:their_introduction", args=[stranger]), said).status_code == 409
    with pytest.raises(convening.NotPossible, match="not asked of you"):
        convening.answer(introduction=row, contact=lucia, is_yes=True, now=now)
    for contact in (ken, amara):
        token = token_of(contact, now=now)
        assert client.post(reverse("dashboards:their_introduction", args=[token]), said).status_code == 302
    assert Introduction.objects.get().state == State.MADE


def test_who_was_asked_enough_is_not_asked_for_one(circle, amara, ken, mara, now, in_harbour):
    match = pair(circle)
    AskTerms.objects.create(organisation=in_harbour, asks=1)
    with pytest.raises(convening.MayNotBeAsked, match="more is not allowed"):
        convening.ask_both(match=match, by=mara, now=now)
    assert Introduction.objects.count() == 0


def test_it_ends_by_itself_when_somebody_leaves_their_company(circle, ken, amara, mara, now):
    row = asked(circle, by=mara, now=now)
    ken.left_on = now.date()
    ken.save()
    with pytest.raises(convening.NotPossible, match="cannot come about"):
        convening.answer(introduction=row, contact=amara, is_yes=True, now=now)
    assert convening.tend_everywhere(now=now) == 1
    assert Introduction.objects.get().state == State.ENDED
    assert convening.tend_everywhere(now=now) == 0


def test_the_database_makes_none_without_both(circle, mara, now):
    row = asked(circle, by=mara, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Introduction.objects.filter(pk=row.pk).update(state="made", closed_at=now, peer_yes_at=now)


@pytest.mark.django_db(transaction=True)
def test_two_yeses_at_once_make_it_once(harbour, mara, now):
    with tenancy.within(harbour):
        row = asked(gather(harbour, by=mara, now=now), by=mara, now=now)
        both = [row.seeker, row.peer]
    acts = [
        lambda who=who: convening.answer(introduction=row, contact=who, is_yes=True, now=now) for who in both
    ]
    at_once(harbour, *acts, *acts)
    with tenancy.within(harbour):
        assert Introduction.objects.get().state == State.MADE
        assert len(mails()) == 2
        assert Event.objects.filter(verb="introduction_made").count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_yes_and_a_leaving_at_once_are_one_before_the_other(harbour, mara, now):
    with tenancy.within(harbour):
        row = asked(gather(harbour, by=mara, now=now), by=mara, now=now - DAY)
        convening.answer(introduction=row, contact=row.peer, is_yes=True, now=now)
        seat = seat_of(row.peer)

    def say_yes():
        try:
            convening.answer(introduction=row, contact=row.seeker, is_yes=True, now=now)
        except convening.NotPossible:
            return

    at_once(harbour, say_yes, lambda: convening.leave(seat=seat, now=now))
    with tenancy.within(harbour):
        is_made = Introduction.objects.get().state == State.MADE
        assert len(mails()) == (2 if is_made else 0)
        assert waiting(purpose="introduction") == []
