"""An app that shows codes, and recovery codes: set up, used once each, told, logged, taken off.

Each test names the requirement of ASVS 5.0 it proves.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from organisations import factors, securing, tenancy
from organisations.models import Event, Membership, Organisation, Role, User
from tests.organisations.signing import (
    LOGIN,
    NOWHERE,
    OWN,
    STEP,
    age,
    code_of,
    give_app,
    is_in,
    sign_in,
)  # fmt: skip

pytestmark = pytest.mark.django_db
APP, CODES = "/accounts/own/app/", "/accounts/own/codes/"
SHOWN = re.compile(r"<li><code>(\d{8})</code></li>")


def events(organisation: Organisation) -> list[tuple[str, dict[str, Any]]]:
    with tenancy.within(organisation):
        return list(Event.objects.order_by("id").values_list("verb", "data"))


def set_up(client: Client) -> tuple[str, Any]:
    """As a person does: open, scan, type. The secret and the answer."""
    page = client.get(APP).text
    given = re.search(r'name="secret" value="([^"]+)"', page)
    shown = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    assert given
    assert shown
    assert 'src="data:image/svg+xml;base64,' in page
    secret = shown.group(1).replace(" ", "")
    return secret, client.post(APP, {"secret": given.group(1), "code": code_of(secret, timezone.now())})


def test_it_sets_up_an_app_and_shows_recovery_codes_once(
    client_for: Callable[[User], Client],
    mara: User,
    harbour: Organisation,
    django_capture_on_commit_callbacks: Any,
) -> None:
    """ASVS 6.3.3, 6.3.7, 6.5.3, 7.4.3."""
    here, elsewhere = client_for(mara), client_for(mara)
    with django_capture_on_commit_callbacks(execute=True):
        _secret, answer = set_up(here)
    codes = SHOWN.findall(answer.text)
    assert len(set(codes)) == 10
    assert not any(code in here.get(OWN).text for code in codes), "shown once"
    assert "10 left" in here.get(OWN).text
    assert elsewhere.get(OWN).status_code == 302, "signed out elsewhere"
    assert events(harbour) == [("second_factor_added", {"kind": "totp"})]
    assert "An app that shows codes was added" in mail.outbox[0].body
    assert mail.outbox[0].to == [mara.email]


def test_it_refuses_a_wrong_code_and_a_secret_given_to_somebody_else(
    client_for: Callable[[User], Client], mara: User, theo: User
) -> None:
    client = client_for(mara)
    given = re.search(r'name="secret" value="([^"]+)"', client.get(APP).text)
    assert given
    assert client.post(APP, {"secret": given.group(1), "code": "000000"}).status_code == 422
    theirs = client_for(theo).post(APP, {"secret": given.group(1), "code": "000000"})
    assert "That is not the code" not in theirs.text, "another secret is shown to begin with"
    assert not Authenticator.objects.exists()


def test_it_asks_for_the_code_and_then_goes_where_one_was_heading(client: Client, mara: User) -> None:
    """ASVS 6.3.3, 7.2.4: nobody is in after the password, and the key is another one afterwards."""
    secret, _codes = give_app(mara)
    assert sign_in(client, mara.email, next="/o/harbour/customers/").url == STEP
    before = client.session.session_key
    assert not is_in(client)
    assert client.get("/o/harbour/customers/").url.startswith(LOGIN)
    assert client.get(OWN).url.startswith(LOGIN)
    assert "Type the code" in client.get(STEP).text
    answer = client.post(STEP, {"code": code_of(secret, timezone.now())})
    assert answer.url == "/o/harbour/customers/"
    assert is_in(client)
    assert client.session.session_key != before


def test_it_takes_a_code_once(mara: User) -> None:
    """ASVS 6.5.1: a code somebody looked at over the shoulder opens nothing."""
    secret, _codes = give_app(mara)
    code = code_of(secret, timezone.now())
    for status in (302, 422):
        client = Client()
        sign_in(client, mara.email)
        assert client.post(STEP, {"code": code}).status_code == status
        assert is_in(client) is (status == 302)


def test_it_takes_no_code_from_before_the_last_one_and_none_that_is_old(mara: User, now: datetime) -> None:
    """ASVS 6.5.1, 6.5.8: time is the server's; the code of a turn ago is the oldest that counts."""
    secret, _codes = give_app(mara, now)

    def opens(turns: int, at: datetime = now) -> bool:
        return factors.spend(mara, code_of(secret, now, turns), at) is not None

    assert not opens(-2)
    assert not opens(1)
    assert opens(0)
    assert not opens(-1), "older than the last"
    assert opens(0 + 1, now + timedelta(seconds=60)), "typed slowly"


def test_it_does_not_take_the_code_it_was_set_up_with_again(mara: User, now: datetime) -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    code = code_of(secret, now)
    securing.add_app(user=mara, secret=secret, code=code, seat=NOWHERE, now=now)
    assert factors.spend(mara, code, now) is None


def test_it_takes_each_recovery_code_once_and_tells(
    mara: User, harbour: Organisation, django_capture_on_commit_callbacks: Any
) -> None:
    """ASVS 6.5.1, 6.3.5."""
    _secret, codes = give_app(mara)
    for status in (302, 422):
        client = Client()
        sign_in(client, mara.email)
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(STEP, {"code": codes[3]}).status_code == status
    assert events(harbour)[1:] == [("recovery_code_used", {"left": 9})]
    assert "9 codes are left" in mail.outbox[-1].body


def test_it_makes_new_recovery_codes_and_forgets_the_old(
    client_for: Callable[[User], Client], mara: User
) -> None:
    """ASVS 6.5.6."""
    _secret, old = give_app(mara)
    answer = client_for(mara).post(CODES)
    new = SHOWN.findall(answer.text)
    assert len(new) == 10
    assert not set(new) & set(old)
    assert factors.spend(mara, old[0], timezone.now()) is None
    assert factors.spend(mara, new[0], timezone.now())


def test_it_keeps_secrets_encrypted(mara: User) -> None:
    """ASVS 6.5.2 in spirit: a copied database signs nobody in."""
    secret, codes = give_app(mara)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert codes[0] not in kept


def test_a_changed_key_opens_nothing_and_breaks_nothing(
    client_for: Callable[[User], Client], mara: User, settings: Any
) -> None:
    _secret, codes = give_app(mara)
    client = client_for(mara)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another one" * 5
    assert client.get(OWN).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert factors.spend(mara, codes[0], timezone.now()) is None
    assert factors.of(mara).codes_left == 10


def test_it_gives_up_a_sign_in_left_half_done(client: Client, mara: User) -> None:
    """ASVS 6.5.5: the first step holds for a quarter of an hour."""
    secret, _codes = give_app(mara)
    sign_in(client, mara.email)
    session = client.session
    session["account_login"] = session["account_login"] | {"initiated_at": timezone.now().timestamp() - 901}
    session.save()
    assert client.get(STEP).status_code == 200, "looking changes nothing"
    assert client.post(STEP, {"code": code_of(secret, timezone.now())}).url == LOGIN
    assert not is_in(client)


def test_it_lets_somebody_else_begin(client: Client, mara: User, theo: User) -> None:
    give_app(mara)
    sign_in(client, mara.email)
    assert client.get(LOGIN).url == STEP
    assert client.post(STEP, {"over": "1"}).url == LOGIN
    sign_in(client, theo.email)
    assert is_in(client)


def test_it_asks_for_the_password_again_before_it_changes_anything(
    client_for: Callable[[User], Client], mara: User
) -> None:
    """ASVS 7.5.1, 7.5.2: a screen left open changes no sign-in."""
    give_app(mara)
    client, number = client_for(mara), Authenticator.objects.filter(type="totp").get().pk
    age(client, signed_in_at=timedelta(minutes=16))
    removal = f"/accounts/own/factors/{number}/removal/"
    for path in (removal, CODES, "/accounts/own/passkey/options/", "/accounts/own/sessions/end/"):
        assert client.post(path).url.startswith("/accounts/reauthenticate/"), path
    asked = client.get(removal).url
    assert asked == f"/accounts/reauthenticate/?next={removal.replace('/', '%2F')}"
    assert client.post(asked, {"password": "wrong"}).status_code == 422
    assert client.post(asked, {"password": "a-long-enough-password"}).url == removal
    assert client.get(removal).status_code == 200
    assert (
        client.post("/accounts/reauthenticate/?next=https://evil.example/", {"password": "x"}).status_code
        == 422
    )


def test_it_removes_the_app_and_with_it_the_codes(
    client_for: Callable[[User], Client], mara: User, theo: User, harbour: Organisation
) -> None:
    """ASVS 6.5.6, 7.4.3. Nobody removes another person's."""
    give_app(mara)
    pk = Authenticator.objects.get(user=mara, type="totp").pk
    assert client_for(theo).post(f"/accounts/own/factors/{pk}/removal/").status_code == 404
    client, elsewhere = client_for(mara), client_for(mara)
    assert "password alone" in client.get(f"/accounts/own/factors/{pk}/removal/").text
    client.post(f"/accounts/own/factors/{pk}/removal/")
    assert not Authenticator.objects.exists()
    assert elsewhere.get(OWN).status_code == 302
    assert events(harbour)[-1] == ("second_factor_removed", {"kind": "totp"})
    assert sign_in(Client(), mara.email).url == "/"


# An organisation that asks for it


def test_it_opens_no_page_until_a_second_factor_is_set_up(
    client_for: Callable[[User], Client], mara: User, harbour: Organisation
) -> None:
    """ASVS 6.3.3. Everything waits but the way to set one up; parts of pages lead there, too."""
    Organisation.objects.filter(pk=harbour.pk).update(second_factor_required=True)
    client = client_for(mara)
    for path in ("/o/harbour/today/", "/o/harbour/customers/", "/o/harbour/outbox/"):
        assert client.get(path).url == OWN
    assert client.post("/o/harbour/today/seen/").url == OWN
    part = client.get("/o/harbour/today/", headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Redirect"].split("?")[0]) == (401, OWN)
    assert "Harbour Analytics asks for a second factor" in client.get(OWN).text
    set_up(client)
    assert client.get("/o/harbour/today/").status_code == 200
    assert "asks for a second factor" not in client.get(OWN).text


def test_it_lets_only_an_admin_who_has_one_ask_for_it(
    client_for: Callable[[User], Client], ada: User, harbour: Organisation
) -> None:
    form = {
        "name": "Harbour", "zone": "UTC", "language": "en", "accent": "#00666f", "sender_name": "",
        "postal_address": "Kade 1", "celebrate_within_days": "14", "second_factor_required": "on",
    }  # fmt: skip
    client = client_for(ada)
    refused = client.post("/o/harbour/settings/", form)
    assert refused.status_code == 422
    assert "Set up your own first" in refused.text
    give_app(ada)
    assert client_for(ada).post("/o/harbour/settings/", form).status_code == 302
    assert Organisation.objects.get(pk=harbour.pk).second_factor_required


# Lost


def test_an_admin_takes_a_lost_one_off(
    client_for: Callable[[User], Client],
    ada: User,
    mara: User,
    harbour: Organisation,
    django_capture_on_commit_callbacks: Any,
) -> None:
    """ASVS 6.4.4, 6.4.6, 7.4.5: removed and told, never chosen for them; they are out everywhere."""
    give_app(mara)
    theirs, admin = client_for(mara), client_for(ada)
    path = f"/o/harbour/members/{Membership.objects.get(user=mara).pk}/second-factor/"
    assert path in admin.get("/o/harbour/members/").text
    assert "call them back" in admin.get(path).text
    with django_capture_on_commit_callbacks(execute=True):
        assert admin.post(path).url == "/o/harbour/members/"
    assert not Authenticator.objects.exists()
    assert theirs.get(OWN).status_code == 302
    assert events(harbour)[-1] == ("second_factor_removed", {"kind": "all"})
    assert "removed your second factor" in mail.outbox[-1].body
    assert path not in admin.get("/o/harbour/members/").text
    assert sign_in(Client(), mara.email).url == "/"


def test_an_admin_takes_it_off_nobody_who_works_elsewhere_too(
    client_for: Callable[[User], Client], ada: User, mara: User, theo: User, rival: Organisation
) -> None:
    """One organisation's admin does not weaken the door of another one."""
    Membership.objects.create(organisation=rival, user=mara, role=Role.ADMIN, joined_at=rival.created_at)
    give_app(mara)
    at_harbour = Membership.objects.get(user=mara, organisation__slug="harbour")
    path = f"/o/harbour/members/{at_harbour.pk}/second-factor/"
    assert client_for(theo).post(path).status_code == 403
    admin = client_for(ada)
    assert "remove_second_factor" in admin.get(path).text
    assert admin.post(path).status_code == 403
    assert factors.has_second(mara)
    with pytest.raises(securing.NotYours):
        securing.remove_all(user=mara, by=ada, now=timezone.now())


def test_whoever_runs_the_server_takes_it_off(mara: User, harbour: Organisation) -> None:
    give_app(mara)
    out = StringIO()
    for _again in range(2):
        call_command("remove_second_factor", mara.email.upper(), stdout=out)
    first, second = out.getvalue().splitlines()
    assert first == f"{mara.email} signs in with the password alone from now on."
    assert "nothing was changed" in second
    assert [verb for verb, _data in events(harbour)].count("second_factor_removed") == 1
    with pytest.raises(CommandError, match="Nobody signs in as"):
        call_command("remove_second_factor", "nobody@x.example")


def test_it_writes_nothing_when_somebody_looks(client_for: Callable[[User], Client], mara: User) -> None:
    """The secret, the square and the challenge wait for a POST."""
    client = client_for(mara)
    written: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        written.append(sql) if not sql.lstrip().upper().startswith("SELECT") else None
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        pages = [client.get(path).status_code for path in (OWN, APP, "/accounts/own/passkey/")]
    assert (pages, written) == ([200, 200, 200], [])


def test_it_reads_whatever_a_stranger_sends_for_a_passkey(
    client: Client, client_for: Callable[[User], Client], mara: User
) -> None:
    """ASVS 6.7.2: without a challenge of ours, or with an answer that is none, nothing opens or breaks."""
    answers = ["", "no json", "null", "[]", "1", "{}", '{"id": "x"}', '{"rawId": 7, "response": []}']
    answers.append('{"id":"eA","rawId":"eA","type":"public-key","response":{"userHandle":null}}')
    handle = '{"clientDataJSON":"e30","authenticatorData":"AA","signature":"AA","userHandle":"%s"}'
    answers += [
        '{"id":"eA","rawId":"eA","type":"public-key","response":' + handle % who + "}"
        for who in ("MQ", "____")
    ]
    member = client_for(mara)
    for credential in answers:
        client.post("/accounts/passkey/challenge/")
        member.post("/accounts/own/passkey/options/")
        assert client.post("/accounts/passkey/", {"credential": credential}).url == LOGIN, credential
        assert member.post("/accounts/own/passkey/", {"credential": credential}).status_code in (200, 422)
    assert not is_in(client)
    assert not Authenticator.objects.exists()
