"""What people do on their own page: pick what is next, tick what they did, ask about their data."""

from datetime import timedelta

import pytest

from coaching import picking, scheduling
from coaching.models import Commitment
from coaching.scheduling import NewCommitment
from customers.models import ChampionChange, Contact, DataRequest, Outcome
from customers.noticing import notice
from milestones import choosing, verifying
from milestones.models import Achievement, Pick
from post import linking
from post.models import Delivery, Link
from tests.dashboards.customer_page.visit import database, make_page_token, page, send
from tests.milestones.asked import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def amara(ask):
    return ask.contact


def own_token(organisation, contact, now, **how):
    given = {"purpose": "own", "subject_id": contact.pk, "address": contact.address, "now": now, "days": 1}
    return linking.make(organisation=organisation, **{**given, **how})


@pytest.fixture
def own(in_harbour, amara, now):
    return own_token(in_harbour, amara, now)


@pytest.fixture
def reached(token, visitor, amara):
    """Confirmed by her, on the link of the question."""
    assert send(visitor, token, "yes").status_code == 302
    return Achievement.objects.get()


def commitment_of(contact, now, will="count the empty kilometres", **fields):
    new = NewCommitment(will=will, owner=contact, due_on=now.date() + timedelta(days=2))
    return scheduling.note(customer=contact.customer, new=new, by=None, now=now)


def test_after_their_yes_they_pick_what_is_next_on_the_same_link_and_it_is_a_commitment(
    reached, token, visitor, amara, now
):
    html = visitor.get(page("customer_page", token)).text
    assert "What comes after it" in html
    offer = choosing.offers(reached.milestone.stage)[1]
    assert offer.words in html
    given = {"achievement": reached.pk, "kind": "teach", "due_on": "2026-03-20"}
    for _twice in range(2):  # the same pick sent twice is one
        assert visitor.post(page("pick", token), given).status_code == 302
    commitment = Commitment.objects.get()
    assert (commitment.owner_contact, commitment.will, str(commitment.due_on)) == (
        amara,
        offer.words,
        "2026-03-20",
    )
    pick = Pick.objects.get()
    assert (pick.commitment_id, pick.contact, pick.milestone_key) == (
        commitment.pk,
        amara,
        reached.milestone_key,
    )
    html = visitor.get(page("customer_page", token)).text
    assert "You picked" in html
    other = visitor.post(page("pick", token), given | {"kind": "deepen"})
    assert (other.status_code, "was picked for this already" in other.text) == (409, True)


def test_a_stretch_goal_becomes_a_draft_of_an_outcome_and_is_taken_back(
    reached, own, visitor, amara, mara, now
):
    given = {"achievement": reached.pk, "kind": "stretch", "due_on": ""}
    assert visitor.post(page("pick", own), given).status_code == 302
    pick = Pick.objects.get()
    assert (pick.outcome.contact, pick.outcome.is_confirmed, pick.outcome.is_standing) == (amara, False, True)
    visitor.post(page("pick_withdrawal", own), {"pick": pick.pk})
    assert (
        Pick.objects.standing().count(),
        Outcome.objects.standing().filter(pk=pick.outcome_id).count(),
    ) == (0, 0)
    visitor.post(page("pick", own), given | {"kind": "present"})
    again = Pick.objects.standing().get()
    picking.take_up(pick=again, by=mara, now=now)
    late = visitor.post(page("pick_withdrawal", own), {"pick": again.pk})
    assert (late.status_code, "has been taken up" in late.text) == (409, True)
    assert Commitment.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "status", "says"),
    [
        ({"kind": "nonsense"}, 409, "not offered any more"),
        ({"kind": "teach", "due_on": "2026-02-31"}, 422, "Write a date like"),
        ({"kind": "teach", "due_on": "2031-01-01"}, 409, "within the next year"),
        ({"kind": "teach", "achievement": "7777"}, 403, "Nothing was stored"),
    ],
)
def test_what_cannot_be_picked_is_said_and_nothing_is_stored(reached, own, visitor, given, status, says):
    answer = visitor.post(page("pick", own), {"achievement": reached.pk, **given})
    assert (answer.status_code, says in answer.text) == (status, True)
    assert not Pick.objects.exists()


def test_they_tick_what_they_did_and_take_it_back(own, visitor, amara, mara, now, in_harbour):
    row = commitment_of(amara, now)
    assert "I did it" in visitor.get(page("customer_page", own)).text
    visitor.post(page("tick", own), {"commitment": row.pk, "is": "kept"})
    row.refresh_from_db()
    assert (row.state, row.settled_at) == ("kept", now)
    assert "Not yet after all" in visitor.get(page("customer_page", own)).text
    visitor.post(page("tick", own), {"commitment": row.pk, "is": "open"})
    row.refresh_from_db()
    assert (row.state, row.settled_at) == ("open", None)
    scheduling.settle(commitment=row, state="not_kept", by=mara, now=now)
    refused = visitor.post(page("tick", own), {"commitment": row.pk, "is": "kept"})
    assert (refused.status_code, "settled before" in refused.text) == (409, True)


def test_nobody_ticks_what_is_somebody_elses(own, visitor, amara, mara, now):
    ours = scheduling.note(
        customer=amara.customer, new=NewCommitment(will="send it", owner=mara), by=mara, now=now
    )
    theirs = commitment_of(person(amara.customer, "Tomás"), now)
    for row in (ours, theirs):
        answer = visitor.post(page("tick", own), {"commitment": row.pk, "is": "kept"})
        assert answer.status_code == 409
        with pytest.raises(scheduling.NotTheirs):
            scheduling.settle_own(commitment=row, contact=amara, is_kept=True, now=now)
    assert not Commitment.objects.exclude(state="open").exists()


def test_a_link_that_may_be_passed_on_only_shows_and_sends_the_one_that_acts(
    reached, in_harbour, visitor, amara, now
):
    row, shows = commitment_of(amara, now), make_page_token(in_harbour, amara, now)
    html = visitor.get(page("customer_page", shows)).text
    assert "count the empty kilometres" in html
    assert "I did it" not in html
    assert "Ask that it be erased" not in html
    before = database()
    for name, given in (
        ("tick", {"commitment": row.pk, "is": "kept"}),
        ("pick", {"achievement": reached.pk, "kind": "teach"}),
        ("pick_withdrawal", {"pick": 1}),
        ("data_request", {"kind": "erasure"}),
    ):
        answer = visitor.post(page(name, shows), given)
        assert (answer.status_code, "Nothing was stored" in answer.text) == (403, True), name
    assert database() == before
    visitor.post(page("own_link", shows))
    sent = Delivery.objects.get(purpose="link")
    assert (sent.address, sent.links[0]["purpose"], sent.links[0]["days"]) == (amara.address, "own", 1)
    assert "[own link]" in sent.text


def test_the_link_that_acts_is_short_and_is_renewed_as_one_that_shows(in_harbour, visitor, amara, now):
    old = own_token(in_harbour, amara, now - timedelta(hours=25))
    assert visitor.get(page("customer_page", old)).status_code == 404
    asked = visitor.post(page("new_link", old))
    assert "Look into your mail" in asked.text
    assert Delivery.objects.get(purpose="link").links[0]["purpose"] == "customer"
    assert visitor.post(page("new_link", "1-" + "x" * 43)).text == asked.text  # known or not


def test_they_ask_about_their_data_an_admin_answers_and_both_are_in_the_post(
    own, visitor, amara, ada, mara, client_for
):
    for _twice in range(2):
        visitor.post(page("data_request", own), {"kind": "erasure"})
    asked = DataRequest.objects.get()
    assert "Until then nothing changes" in visitor.get(page("customer_page", own)).text
    assert Delivery.objects.filter(purpose="receipt", address=amara.address).count() == 1
    wrong = visitor.post(page("data_request", own), {"kind": "everything"})
    assert wrong.status_code == 422
    today = client_for(ada).get("/o/harbour/today/").text
    assert "asks that their data be erased" in today
    assert client_for(mara).get("/o/harbour/data-requests/").status_code == 403
    listed = client_for(ada).get("/o/harbour/data-requests/")
    assert "Amara Okafor" in listed.text
    act = f"/o/harbour/data-requests/{asked.pk}/closing/"
    assert "Say what was done" in client_for(ada).post(act, {"answer": " "}, follow=True).text
    client_for(ada).post(act, {"answer": "Your name and mails are gone."})
    asked.refresh_from_db()
    assert (asked.closed_by, asked.answer) == (ada, "Your name and mails are gone.")
    assert "Your name and mails are gone." in Delivery.objects.order_by("-id").first().text
    assert "asks that their data" not in client_for(ada).get("/o/harbour/today/").text


def test_scanners_that_open_it_change_nothing_and_nobody_learns_where_they_came_from(
    own, visitor, amara, now
):
    commitment_of(amara, now)
    before = database()
    for _n in range(20):
        answer = visitor.get(page("customer_page", own))
        visitor.head(page("customer_page", own))
    assert database() == before
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]
    for name in ("own_link", "pick", "pick_withdrawal", "tick", "data_request"):
        assert visitor.get(page(name, own)).status_code == 405
    elsewhere = visitor.post(page("tick", own), {}, headers={"sec-fetch-site": "cross-site"})
    assert elsewhere.status_code == 403


def test_a_member_may_look_and_not_act(own, client_for, mara, amara, now):
    row = commitment_of(amara, now)
    answer = client_for(mara).post(page("tick", own), {"commitment": row.pk, "is": "kept"})
    assert (answer.status_code, "Only Amara Okafor can answer" in answer.text) == (403, True)
    assert "I did it" not in client_for(mara).get(page("customer_page", own)).text
    assert not Link.objects.exclude(first_opened_at=None).exists()
    assert verifying.send_own_link(contact=amara, now=now).address == amara.address


def test_whoever_is_erased_leaves_the_record_whole_and_their_words_gone(
    reached, own, visitor, amara, mara, now
):
    visitor.post(page("pick", own), {"achievement": reached.pk, "kind": "stretch"})
    visitor.post(page("data_request", own), {"kind": "erasure"})
    notice(contact=amara, sign="seen", words="Amara is leaving for Rotterdam.", by=mara, now=now)
    Contact.objects.get(pk=amara.pk).delete()
    assert Pick.objects.get().contact is None
    assert DataRequest.objects.get().contact is None
    assert not ChampionChange.objects.exists()
