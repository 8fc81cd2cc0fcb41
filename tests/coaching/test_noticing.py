"""Champions who may be lost: noticed from mails and silence, by hand, when they leave; settled."""

from datetime import timedelta

import pytest

from coaching import challenging, noticing, starting
from coaching.models import Call, CallAttendee, Challenge
from customers import attending, keeping
from customers.models import ChampionChange
from customers.noticing import Incomplete, notice, settle
from milestones import choosing
from post.models import Link
from tests.factories import make_contact, make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def kestrel(in_harbour, mara):
    return make_customer(in_harbour, owner=mara)


@pytest.fixture
def champion(kestrel):
    return make_contact(kestrel, role="champion")


def look(organisation, now):
    noticing.notice_all(organisation=organisation, now=now)
    return [(row.sign, row.contact_id) for row in ChampionChange.objects.open().order_by("id")]


def on_a_call(contact, mara, at):
    common = {"organisation": contact.organisation}
    call = Call.objects.create(**common, customer=contact.customer, by=mara, held_at=at, saved_at=at)
    CallAttendee.objects.create(**common, call=call, contact=contact)


def opened_a_link(contact, mara, at):
    Link.objects.create(
        organisation=contact.organisation, purpose="customer", address=contact.address.upper(),
        token_hash="x" * 64, made_at=at, expires_at=at, first_opened_at=at,
    )  # fmt: skip


@pytest.mark.parametrize("sign_of_life", [on_a_call, opened_a_link])
def test_silence_is_noticed_once_after_the_days_that_are_set_and_ends_with_a_sign(
    in_harbour, champion, mara, theo, now, sign_of_life
):
    sign_of_life(champion, mara, now - timedelta(days=40))
    assert look(in_harbour, now) == []
    attending.set_days(organisation=in_harbour, values={"silent_days": 30}, by=theo, now=now)
    for _twice in range(2):
        assert look(in_harbour, now) == [("silent", champion.pk)]
    change = ChampionChange.objects.get()
    assert change.since == (now - timedelta(days=30)).date()
    CallAttendee.objects.all().delete()
    Link.objects.all().delete()
    sign_of_life(champion, mara, now - timedelta(hours=1))
    assert look(in_harbour, now) == []
    change.refresh_from_db()
    assert change.closed_why == "there is a sign of them again"


def test_nobody_is_missed_who_is_new_no_champion_or_gone(in_harbour, kestrel, champion, mara, now):
    make_contact(kestrel, "Ilse Maes", role="user")
    keeping.edit_contact(contact=champion, values={"role": "sponsor"}, by=mara, now=now)
    assert look(in_harbour, now) == []
    champion.refresh_from_db()
    keeping.edit_contact(contact=champion, values={"role": "champion"}, by=mara, now=now)
    assert look(in_harbour, now + timedelta(days=44)) == []  # somebody has just named them
    assert look(in_harbour, now + timedelta(days=46)) == [("silent", champion.pk)]


def test_mails_that_come_back_count_at_once_and_again_only_when_they_come_back_anew(
    in_harbour, champion, mara, now
):
    on_a_call(champion, mara, now)
    recipient = champion.recipient
    recipient.bounced_at = now
    recipient.save()
    assert look(in_harbour, now) == [("bounced", champion.pk)]
    change = ChampionChange.objects.get()
    with pytest.raises(Incomplete):
        settle(change=change, why=" ", by=mara, now=now)
    settle(change=change, why="A typing error in the address.", by=mara, now=now + timedelta(minutes=1))
    assert look(in_harbour, now + timedelta(minutes=2)) == []
    recipient.bounced_at = now + timedelta(days=1)
    recipient.save()
    assert look(in_harbour, now + timedelta(days=1)) == [("bounced", champion.pk)]


def test_a_champion_who_leaves_is_a_sign_and_a_challenge_is_opened_from_it(
    in_harbour, kestrel, champion, mara, theo, now, client_for
):

    starting.take(organisation=in_harbour, by=theo, now=now)
    keeping.contact_left(contact=champion, on=now.date(), by=mara, now=now)
    change = ChampionChange.objects.get()
    assert change.sign == "left"
    client, page = client_for(mara), f"/o/harbour/customers/{kestrel.pk}/"
    kind = noticing.kinds_to_open(kestrel).get(key="no-champion")
    assert f"Open “{kind.name}”" in client.get(page).text
    assert "Find out who carries it now." in client.get("/o/harbour/today/").text
    act = f"/o/harbour/champions/{change.pk}/answer/"
    assert "Say what is so" in client.post(act, {"why": ""}, follow=True).text
    client.post(act, {"kind": kind.pk})
    assert Challenge.objects.get().kind == kind
    change.refresh_from_db()
    assert (change.closed_by, change.closed_why) == (mara, f"“{kind.name}” is open")
    with pytest.raises(challenging.NotPossible):
        noticing.answer(change=change, why="", kind=kind, by=mara, now=now)
    assert "Find out who carries it now." not in client.get("/o/harbour/today/").text
    assert "may be lost as champion" in client.get(f"{page}?show=people").text


def test_the_map_shows_who_has_which_part_with_its_gaps_and_is_edited_there(
    kestrel, champion, mara, rio, client_for
):
    ilse = make_contact(kestrel, "Ilse Maes")
    client, page = client_for(mara), f"/o/harbour/customers/{kestrel.pk}/"
    html = client.get(page).text
    assert "nobody yet" in html  # no sponsor
    given = {f"role-{ilse.pk}": "sponsor", f"role-{champion.pk}": "champion", "role-999": "user"}
    client.post(f"{page}roles/", given)
    ilse.refresh_from_db()
    assert ilse.role == "sponsor"
    assert "nobody yet" not in client.get(page).text
    client.post(f"{page}roles/", {f"role-{ilse.pk}": "boss"})
    ilse.refresh_from_db()
    assert ilse.role == "sponsor"
    assert "Say who has which part" not in client_for(rio).get(page).text
    sign = f"/o/harbour/people/{champion.pk}/sign/"
    assert "Say in a sentence" in client.post(sign, {"words": ""}, follow=True).text
    client.post(sign, {"words": "She is moving to Rotterdam."})
    assert "She is moving to Rotterdam." in client_for(rio).get(page).text


def test_two_who_notice_the_same_write_one_sign(champion, mara, now):
    first = notice(contact=champion, sign="seen", words="She is leaving.", by=mara, now=now)
    assert notice(contact=champion, sign="silent", by=None, now=now) == first


def test_the_menu_after_a_win_is_worded_by_managers(theo, mara, in_harbour, client_for):

    client, page = client_for(theo), "/o/harbour/next-steps/"
    assert "Show one colleague how you did it" in client.get(page).text
    given = {f"{one.stage}-{one.kind}": one.words for one in choosing.menu()}
    given |= {f"{one.stage}-{one.kind}-becomes": one.becomes for one in choosing.menu()}
    given |= {"onboarding-teach": "Show two colleagues", "onboarding-present": ""}
    assert client.post(page, given | {"onboarding-teach": "x" * 201}).status_code == 422
    client.post(page, given)
    assert [one.words for one in choosing.offers("onboarding")][1] == "Show two colleagues"
    assert [one.kind for one in choosing.offers("onboarding")] == ["deepen", "teach", "stretch"]
    assert client_for(mara).get(page).status_code == 403
