"""Colleagues come in by invitation: asked, asked again, withdrawn, answered. Opening a link never acts."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from office import inviting
from organisations import tenancy
from organisations.models import Event, Invitation, Membership, Organisation, Role, User
from post.models import Delivery
from tests.factories import PASSWORD, make_member

pytestmark = pytest.mark.django_db
INVITATIONS = "/o/harbour/invitations/"


def path_of(link: str) -> str:
    return link[link.index("/accounts/") :]


@pytest.fixture
def invitation(in_harbour: Organisation, ada: User, now: datetime) -> Invitation:
    return inviting.invite(
        organisation=in_harbour, email="Kofi@Harbour.example", role=Role.CSM, by=ada, now=now
    )


@pytest.fixture
def door(invitation: Invitation, ada: User) -> str:
    """The path behind a fresh link, open on the real clock the pages read."""
    return path_of(inviting.fresh_link(invitation=invitation, by=ada, now=timezone.now()))


def test_it_posts_a_mail_that_never_holds_the_link_itself(invitation: Invitation) -> None:
    delivery = Delivery.objects.get()
    assert (delivery.purpose, delivery.address) == ("invitation", "kofi@harbour.example")
    assert "[invitation link]" in delivery.text
    assert 'href="[invitation link]"' in delivery.html
    assert "Ada Okonjo invites you to Harbour Analytics" in delivery.subject
    assert delivery.links[0]["subject_id"] == invitation.pk


def test_it_renews_an_open_invitation_instead_of_a_second_one(
    invitation: Invitation, in_harbour: Organisation, ada: User, now: datetime
) -> None:
    later = now + timedelta(days=20)
    again = inviting.invite(
        organisation=in_harbour, email="kofi@harbour.example", role=Role.MANAGER, by=ada, now=later
    )
    assert again.pk == invitation.pk
    fresh = Invitation.objects.get()
    assert (fresh.role, fresh.is_open(later)) == (Role.MANAGER, True)
    assert Delivery.objects.count() == 2


def test_it_does_not_invite_who_works_here(
    in_harbour: Organisation, ada: User, mara: User, now: datetime
) -> None:
    with pytest.raises(inviting.AlreadyMember):
        inviting.invite(organisation=in_harbour, email="MARA@harbour.example", role=Role.CSM, by=ada, now=now)
    assert not Invitation.objects.exists()
    assert not Delivery.objects.exists()


def test_it_logs_without_names_or_addresses(invitation: Invitation) -> None:
    event = Event.objects.get()
    assert (event.verb, event.data) == ("member_invited", {"role": "csm"})


def test_it_shows_the_door_without_acting(client: Client, door: str, harbour: Organisation) -> None:
    with CaptureQueriesContext(connection) as queries:
        page = client.get(door)
    assert page.status_code == 200
    assert "Welcome to Harbour Analytics" in page.text
    assert "kofi@harbour.example" in page.text
    assert page["Referrer-Policy"] == "same-origin", "without any, browsers blank the Origin"
    assert "no-store" in page["Cache-Control"]
    wrote = [q["sql"] for q in queries if q["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert not wrote


def test_it_lets_somebody_new_in_once(client: Client, door: str, harbour: Organisation) -> None:
    answer = client.post(door, {"name": "Kofi Mensah", "password": PASSWORD})
    assert answer.url == "/o/harbour/today/"
    membership = Membership.objects.get(user__email="kofi@harbour.example")
    assert (membership.organisation, membership.role) == (harbour, Role.CSM)
    assert membership.user.check_password(PASSWORD)
    assert client.session["_auth_user_id"] == str(membership.user_id)
    assert Client().get(door).status_code == 404
    assert Client().post(door, {"name": "Second", "password": PASSWORD}).status_code == 404
    assert User.objects.filter(name="Second").count() == 0


def test_it_asks_for_a_good_password_and_keeps_the_name(client: Client, door: str) -> None:
    answer = client.post(door, {"name": "Kofi Mensah", "password": "password12"})
    assert answer.status_code == 422
    assert "Kofi Mensah" in answer.text
    assert not User.objects.filter(name="Kofi Mensah").exists()


def test_it_asks_somebody_known_to_sign_in_first(
    client: Client, client_for: Callable[[User], Client], door: str, rival: Organisation
) -> None:
    kofi = User.objects.create_user("kofi@harbour.example", name="Kofi", password=PASSWORD)
    page = client.get(door)
    assert f"/accounts/login/?next={door}" in page.text
    assert client.post(door, {"name": "Someone", "password": PASSWORD}).status_code == 200
    assert not Membership.objects.filter(user=kofi).exists()
    client_for(kofi).post(door)
    assert Membership.objects.get(user=kofi).role == Role.CSM


def test_it_is_for_the_address_it_was_sent_to(
    client_for: Callable[[User], Client], door: str, eve: User
) -> None:
    User.objects.create_user("kofi@harbour.example", name="Kofi", password=PASSWORD)
    page = client_for(eve).post(door)
    assert "is for kofi@harbour.example" in page.text
    assert Membership.objects.filter(user=eve).count() == 1


@pytest.mark.parametrize("how", ["withdrawn", "expired", "unknown", "of another purpose"])
def test_it_gives_one_answer_for_every_link_that_opens_nothing(
    client: Client, door: str, invitation: Invitation, ada: User, now: datetime, how: str
) -> None:
    if how == "withdrawn":
        inviting.withdraw(invitation=invitation, by=ada, now=now)
    elif how == "expired":
        Invitation.objects.update(expires_at=now - timedelta(days=1))
    elif how == "unknown":
        door = door[:-5] + "AAAA/"
    else:
        from post.models import Link

        Link.objects.update(purpose="customer")
    answer = client.get(door)
    assert answer.status_code == 404
    assert "no longer open" in answer.text
    assert "kofi" not in answer.text
    assert client.post(door, {"name": "K", "password": PASSWORD}).status_code == 404
    assert not User.objects.filter(email="kofi@harbour.example").exists()


def test_it_is_worked_by_admins_on_the_members_page(
    client_for: Callable[[User], Client], ada: User, harbour: Organisation
) -> None:
    client = client_for(ada)
    client.post(INVITATIONS, {"email": "new@harbour.example", "role": "readonly"})
    with tenancy.within(harbour):
        made = Invitation.objects.get()
    assert "new@harbour.example" in client.get("/o/harbour/members/").text
    shown = client.post(f"{INVITATIONS}{made.pk}/link/")
    assert "/accounts/invitation/" in shown.text
    assert "/accounts/invitation/" not in client.get("/o/harbour/members/").text, "shown this once"
    client.post(f"{INVITATIONS}{made.pk}/resend/")
    client.post(f"{INVITATIONS}{made.pk}/withdrawal/")
    with tenancy.within(harbour):
        assert Delivery.objects.count() == 2
        assert Invitation.objects.get().withdrawn_at
    assert "new@harbour.example" not in client.get("/o/harbour/members/").text.split('id="toasts"')[0]
    gone = client.post(f"{INVITATIONS}{made.pk}/resend/", follow=True)
    assert "Invite them again" in gone.text


def test_it_says_what_is_wrong_with_an_address(
    client_for: Callable[[User], Client], ada: User, mara: User
) -> None:
    client = client_for(ada)
    for email, words in (("nonsense", "valid email"), ("mara@harbour.example", "work here already")):
        answer = client.post(INVITATIONS, {"email": email, "role": "csm"})
        assert answer.status_code == 422
        assert words in answer.text


def test_it_knows_nothing_of_another_organisations_invitations(
    client_for: Callable[[User], Client], rival: Organisation, invitation: Invitation
) -> None:
    client = client_for(make_member(rival, "Otto Rival", role=Role.ADMIN))
    for action in ("resend", "link", "withdrawal"):
        theirs = client.post(f"/o/rival/invitations/{invitation.pk}/{action}/")
        nothing = client.post(f"/o/rival/invitations/999999/{action}/")
        assert theirs.status_code == nothing.status_code == 404
        assert theirs.content == nothing.content
    assert Invitation.objects.get().withdrawn_at is None


def test_it_renews_the_invitation_that_a_colleague_sent_the_same_moment(
    in_harbour: Organisation,
    invitation: Invitation,
    ada: User,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = inviting._open
    blind = iter([lambda organisation: seen(organisation).none()])
    monkeypatch.setattr(inviting, "_open", lambda organisation: next(blind, seen)(organisation))
    again = inviting.invite(
        organisation=in_harbour, email="kofi@harbour.example", role=Role.MANAGER, by=ada, now=now
    )
    assert again.pk == invitation.pk
    assert Invitation.objects.get().role == Role.MANAGER


def test_it_lets_somebody_in_once_when_the_form_is_sent_twice_at_once(client: Client, door: str) -> None:
    """Both found nobody with this address; the second hears that the link opens nothing any more."""
    User.objects.create_user("late@harbour.example", name="Late", password=PASSWORD)
    guest = inviting.find(door.split("/")[-2], now=timezone.now())
    assert guest is not None
    guest.invitation.email = "late@harbour.example"
    with pytest.raises(inviting.NotYours):
        inviting.accept_as_new(guest=guest, name="Late", password=PASSWORD, now=timezone.now())
    assert Invitation.objects.get().accepted_at is None
