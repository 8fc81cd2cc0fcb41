"""From achievement to celebration: its fact, its people, and when a person must say yes."""

from datetime import timedelta

import pytest

from advocacy import celebrating
from advocacy.models import Celebration
from customers.models import Contact, Metric
from milestones import verifying
from milestones.models import Achievement, Ask, Milestone
from organisations.models import Organisation
from post.models import PostDue
from tests import factories
from tests.advocacy.loop import gather, mails, post_due, reach, sweep, verbs
from tests.milestones.asked import make_asking_enrolment, make_link, milestone, person


def test_it_names_one_specific_fact_and_waits_its_hold(in_harbour, enrolment, metric, now, mara):
    reach(enrolment, metric, now)
    assert gather(in_harbour, now) == 1
    row = Celebration.objects.get()
    assert row.fact == "Score reached 78 (target 40) on 6 March"
    assert (row.state, row.due_at) == ("waiting", now + timedelta(hours=24))
    assert row.signed_by == mara
    assert [contact.name for contact in row.guests.all()] == ["Amara Okafor"]
    assert verbs() == ["celebration_waiting"]
    assert mails() == []


def test_it_says_that_something_fell_when_less_is_better(in_harbour, enrolment, metric, now):
    metric.criteria.filter(threshold=40).update(operator="lte", threshold=8)
    Metric.objects.update(name="Waste", unit="%")
    reach(enrolment, metric, now, 7.6)
    gather(in_harbour, now)
    assert Celebration.objects.get().fact == "Waste fell to 7.6% (target 8%) on 6 March"


def test_it_goes_into_the_post_when_the_hold_has_passed(in_harbour, enrolment, metric, now):
    reach(enrolment, metric, now)
    gather(in_harbour, now)
    assert post_due(in_harbour, now + timedelta(hours=23, minutes=59)) == 0
    assert post_due(in_harbour, now + timedelta(hours=24)) == 1
    [mail] = mails()
    assert mail.address == "amara@kestrel-freight.example"
    assert mail.subject == "Score reached 78 (target 40) on 6 March"
    assert mail.reply_to == "mara@harbour.example"
    assert mail.state == "pending"
    assert PostDue.objects.filter(delivery=mail).exists()
    assert verbs() == ["celebration_waiting", "celebration_posted"]


def test_it_goes_once_however_often_the_loop_runs(in_harbour, enrolment, metric, now):
    Milestone.objects.update(hold_hours=0)
    reach(enrolment, metric, now)
    for minute in range(5):
        sweep(in_harbour, now + timedelta(minutes=minute))
    assert len(mails()) == 1
    assert Celebration.objects.count() == 1


def test_it_says_what_it_means_and_where_they_are(in_harbour, enrolment, metric, now):
    Milestone.objects.update(hold_hours=0)
    reach(enrolment, metric, now)
    sweep(in_harbour, now)
    [mail] = mails()
    for part in (mail.text, mail.html):
        assert "Dear Amara," in part
        assert "Score reached 78 (target 40) on 6 March" in part
        assert "What milestone 1 means for you." in part
        assert "Milestone 5" in part
        assert "Mara Lindqvist" in part
        assert "[unsubscribe link]" in part
        assert "Kade 1" in part
    assert len(mail.html.encode()) < 60_000


def test_it_prefers_the_claim_to_the_metric_and_brings_their_words(in_harbour, mara, now):
    enrolment = make_asking_enrolment(in_harbour, owner=mara)
    verifying.claim(
        enrolment=enrolment, milestone=milestone(enrolment), statement="10 of 11 depots open with it",
        reached_at=now, number=10, by=mara, now=now,
    )  # fmt: skip
    ask = Ask.objects.get()
    verifying.confirm(ask=ask, link=make_link(ask, now=now), now=now, words="Now I drink my coffee.")
    Milestone.objects.update(hold_hours=0)
    sweep(in_harbour, now)
    [celebration] = Celebration.objects.filter(state="posted")
    assert celebration.fact == "10 of 11 depots open with it"
    [mail] = mails()
    assert "Now I drink my coffee." in mail.text
    assert "you, 12 March" in mail.text


def test_it_takes_the_customers_confirming_words_when_there_is_nothing_else(in_harbour, mara, now):
    enrolment = make_asking_enrolment(in_harbour, owner=mara)
    one = milestone(enrolment)
    one.criteria.filter(kind="claim").delete()
    ask = verifying.ask(
        enrolment=enrolment, milestone=one, contact=person(enrolment.customer), by=mara, now=now
    )
    verifying.confirm(ask=ask, link=make_link(ask, now=now), now=now, words="Every depot, every day.")
    gather(in_harbour, now)
    assert Celebration.objects.get().fact == "Every depot, every day."


def test_it_goes_to_those_marked_before_anybody_else(in_harbour, enrolment, metric, now, customer):
    factories.make_contact(customer, "Tomás Silva", celebrate_with=True)
    factories.make_contact(customer, "Ines Vaz", celebrate_with=True)
    reach(enrolment, metric, now)
    gather(in_harbour, now)
    names = {contact.name for contact in Celebration.objects.get().guests.all()}
    assert names == {"Tomás Silva", "Ines Vaz"}


def test_it_goes_to_whoever_is_named_when_nobody_is_marked(in_harbour, mara, now):
    enrolment = make_asking_enrolment(in_harbour, owner=mara)
    tomas = person(enrolment.customer, "Tomás")
    verifying.claim(
        enrolment=enrolment, milestone=milestone(enrolment, "m3"), statement="So it is", number=1,
        reached_at=now, by=mara, now=now, named_contact=tomas, asked=[],
    )  # fmt: skip
    gather(in_harbour, now)
    assert list(Celebration.objects.get().guests.all()) == [tomas]


def test_it_passes_over_people_who_left_or_have_no_address(in_harbour, enrolment, metric, now, customer):
    factories.make_contact(customer, "Ines Vaz", celebrate_with=True, left_on=now.date())
    factories.make_contact(customer, "Tomás Silva", celebrate_with=True)
    Contact.objects.filter(name="Tomás Silva").update(recipient=None)
    reach(enrolment, metric, now)
    gather(in_harbour, now)
    assert [contact.name for contact in Celebration.objects.get().guests.all()] == ["Amara Okafor"]


def test_it_waits_for_a_person_when_there_is_nobody_to_celebrate_with(in_harbour, enrolment, metric, now):
    Contact.objects.update(recipient=None)
    reach(enrolment, metric, now)
    gather(in_harbour, now)
    row = Celebration.objects.get()
    assert (row.state, row.state_why) == ("review", "nobody with an e-mail address to celebrate with")


def test_it_waits_for_a_person_when_the_address_is_gone_by_the_time_it_is_due(
    in_harbour, enrolment, metric, now
):
    reach(enrolment, metric, now)
    gather(in_harbour, now)
    Contact.objects.update(recipient=None)
    assert post_due(in_harbour, now + timedelta(days=2)) == 0
    assert Celebration.objects.get().state == "review"


def test_it_waits_for_a_person_without_a_fact(in_harbour, mara, now):
    enrolment = make_asking_enrolment(in_harbour, owner=mara)
    one = milestone(enrolment)
    one.criteria.filter(kind="claim").delete()
    ask = verifying.ask(
        enrolment=enrolment, milestone=one, contact=person(enrolment.customer), by=mara, now=now
    )
    verifying.confirm(ask=ask, link=make_link(ask, now=now), now=now)
    gather(in_harbour, now)
    row = Celebration.objects.get()
    assert (row.state, row.state_why) == ("review", "no specific fact to name yet")


def test_it_waits_for_a_person_when_the_milestone_says_so(in_harbour, enrolment, metric, now):
    Milestone.objects.update(celebrate="review")
    reach(enrolment, metric, now)
    gather(in_harbour, now)
    assert Celebration.objects.get().state == "review"
    assert post_due(in_harbour, now + timedelta(days=30)) == 0


def test_it_makes_none_for_a_silent_milestone(in_harbour, enrolment, metric, now):
    Milestone.objects.update(celebrate="silent")
    reach(enrolment, metric, now)
    assert gather(in_harbour, now) == 0
    assert not Celebration.objects.exists()


def test_it_makes_none_when_the_milestone_became_silent_after_it_was_reached(
    in_harbour, enrolment, metric, now
):
    reach(enrolment, metric, now)
    Milestone.objects.update(celebrate="silent")
    assert gather(in_harbour, now) == 0
    assert not Achievement.objects.to_celebrate().exists()


@pytest.mark.parametrize(("days", "state"), [(14, "waiting"), (15, "review")])
def test_it_waits_for_a_person_when_it_was_reached_long_ago(in_harbour, enrolment, metric, now, days, state):
    reach(enrolment, metric, now, at=now - timedelta(days=days))
    gather(in_harbour, now)
    assert Celebration.objects.get().state == state


def test_it_knows_no_age_when_the_setting_is_empty(in_harbour, enrolment, metric, now):
    Organisation.objects.update(celebrate_within_days=None)
    in_harbour.refresh_from_db()
    reach(enrolment, metric, now, at=now - timedelta(days=100))
    gather(in_harbour, now)
    assert Celebration.objects.get().state == "waiting"


def test_it_never_cheers_history_by_itself_but_a_person_may(in_harbour, enrolment, metric, now, mara):
    reach(enrolment, metric, now, history=True)
    assert gather(in_harbour, now) == 0
    row = celebrating.celebrate(achievement=Achievement.objects.get(), by=mara, now=now)
    assert (row.state, row.state_why) == ("review", "started by Mara Lindqvist")
    assert row.fact.startswith("Score reached 78")
    assert celebrating.celebrate(achievement=Achievement.objects.get(), by=mara, now=now) == row
    celebrating.approve(celebration=row, by=mara, now=now)
    assert post_due(in_harbour, now + timedelta(days=1)) == 1
