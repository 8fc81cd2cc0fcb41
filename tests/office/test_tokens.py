"""Tokens let machines in: shown once, kept as a hash, scoped, dated, ended; made by admins alone."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from office import authorising
from office.models import Token
from organisations import tenancy
from organisations.models import Event, Organisation, User

pytestmark = pytest.mark.django_db
TOKENS = "/o/harbour/tokens/"


def make(organisation: Organisation, user: User, now: datetime, *scopes: str, **more) -> tuple[Token, str]:
    given = {"name": "warehouse", "scopes": scopes or ("read",), "user": user, "by": user, "now": now}
    return authorising.make(organisation=organisation, **given | more)


def test_it_keeps_the_hash_and_the_first_letters_alone(
    in_harbour: Organisation, ada: User, now: datetime
) -> None:
    token, text = make(in_harbour, ada, now)
    secret = text.split("_", 2)[2]
    assert len(secret) == 43
    assert text.startswith(token.start)
    assert len(token.start) == len(text) - 39
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM office_token")
        stored = repr(cursor.fetchall())
    assert secret not in stored
    event = Event.objects.get()
    assert (event.verb, event.data, event.actor) == ("token_made", {"scopes": ["read"]}, ada)


def test_it_is_found_by_its_text_and_by_no_other(in_harbour: Organisation, ada: User, now: datetime) -> None:
    token, text = make(in_harbour, ada, now)
    found = authorising.find(text, now=now)
    assert found == token
    assert (found.organisation, found.user) == (in_harbour, ada)
    others = [
        "",
        "bosai",
        "bosai_",
        "bosai__",
        f"{text}x",
        text[:-1],
        text.upper(),
        text.replace("bosai", "x"),
    ]
    others += [
        "bosai_zzzzzzzzzzzzzzzz_x",
        "bosai_-1_x",
        "bosai_é_x",
        "\ud800_1_x",
        text.replace("_", "_1", 1),
    ]
    assert [text for text in others if authorising.find(text, now=now)] == []


def test_it_opens_nothing_once_ended_or_run_out(in_harbour: Organisation, ada: User, now: datetime) -> None:
    token, text = make(in_harbour, ada, now, days=30)
    last = now + timedelta(days=30)
    assert authorising.find(text, now=last - timedelta(seconds=1))
    assert authorising.find(text, now=last) is None
    assert authorising.end(token=token, by=ada, now=now)
    assert not authorising.end(token=token, by=ada, now=now)
    assert authorising.find(text, now=now) is None
    assert Event.objects.filter(verb="token_ended").count() == 1


@pytest.mark.parametrize(
    ("scopes", "may", "may_not"),
    [
        (["read"], ["customers:read", "post:read"], ["customers:write", "intake"]),
        (["write"], ["customers:read", "customers:write", "office:write"], ["intake"]),
        (["customers:read"], ["customers:read"], ["customers:write", "coaching:read", "intake"]),
        (["customers:write"], ["customers:read", "customers:write"], ["coaching:read", "coaching:write"]),
        (["intake"], ["intake"], ["customers:read", "customers:write"]),
    ],
)
def test_it_may_what_its_scopes_say(scopes: list[str], may: list[str], may_not: list[str]) -> None:
    token = Token(scopes=scopes)
    assert [one for one in may if not token.may(one)] == []
    assert [one for one in may_not if token.may(one)] == []


def test_it_acts_for_somebody_who_works_here_and_says_what_there_is(
    in_harbour: Organisation, ada: User, eve: User, now: datetime
) -> None:
    with pytest.raises(authorising.NobodyToActFor):
        make(in_harbour, eve, now)
    with pytest.raises(authorising.NoSuchScope, match=r"no scope “everything”.*customers:read"):
        make(in_harbour, ada, now, "everything")
    with pytest.raises(authorising.NoSuchScope):
        make(in_harbour, ada, now, scopes=())
    assert not Token.objects.exists()


def test_its_use_is_noted_at_most_once_a_minute(in_harbour: Organisation, ada: User, now: datetime) -> None:
    _token, text = make(in_harbour, ada, now)
    noted = []
    for seconds in (0, 59, 60, 61, 130):
        at = now + timedelta(seconds=seconds)
        authorising.note_use(authorising.find(text, now=at), now=at)
        noted.append((Token.objects.get().used_at - now).total_seconds())
    assert noted == [0, 0, 60, 60, 130]


def test_an_admin_makes_one_and_sees_it_once(
    client_for: Callable[[User], Client], harbour: Organisation, ada: User, mara: User
) -> None:
    client = client_for(ada)
    answer = client.post(
        TOKENS, {"name": "warehouse", "rooms": ["customers:read"], "user": mara.pk, "days": "90"}
    )
    assert answer.status_code == 200
    with tenancy.within(harbour):
        token = Token.objects.get()
    assert (token.user, token.made_by, token.scopes) == (mara, ada, ["customers:read"])
    text = answer.text.split('id="fresh-token"')[0].rpartition('value="')[2].split('"')[0]
    assert authorising.find(text, now=timezone.now()) == token
    again = client.get(TOKENS).text
    assert token.start in again
    assert text not in again
    client.post(f"{TOKENS}{token.pk}/end/")
    assert authorising.find(text, now=timezone.now()) is None
    log = client.get("/o/harbour/audit/").text
    assert "Token “warehouse” made" in log
    assert "Token “warehouse” ended" in log


def test_it_keeps_what_was_typed_when_nothing_is_ticked(
    client_for: Callable[[User], Client], harbour: Organisation, ada: User, eve: User
) -> None:
    answer = client_for(ada).post(TOKENS, {"name": "warehouse", "user": eve.pk, "days": "90"})
    assert answer.status_code == 422
    assert "Tick what it may do: one at least." in answer.text
    assert 'value="warehouse"' in answer.text
    with tenancy.within(harbour):
        assert not Token.objects.exists()


def test_no_one_else_makes_or_ends_one(
    client_for: Callable[[User], Client], harbour: Organisation, ada: User, theo: User, now: datetime
) -> None:
    with tenancy.within(harbour):
        token, _text = make(harbour, ada, now)
    client = client_for(theo)
    asked = [client.get(TOKENS), client.post(TOKENS, {}), client.post(f"{TOKENS}{token.pk}/end/")]
    assert [answer.status_code for answer in asked] == [403, 403, 403]


def run(**options: object) -> str:
    out = io.StringIO()
    call_command(
        "token", organisation="harbour", name="warehouse", stdout=out, stderr=io.StringIO(), **options
    )
    return out.getvalue().strip()


def test_the_command_prints_it_once(harbour: Organisation, ada: User, mara: User) -> None:
    first = authorising.find(run(), now=timezone.now())
    assert (first.user, first.scopes, first.made_by) == (ada, ["read"], None)
    second = authorising.find(run(scope=["intake"], user="Mara@Harbour.example", days=0), now=timezone.now())
    assert (second.user, second.scopes, second.expires_at) == (mara, ["intake"], None)


def test_the_command_says_what_is_wrong(harbour: Organisation, ada: User) -> None:
    with pytest.raises(CommandError, match=r"eve@rival\.example does not work at Harbour"):
        run(user="eve@rival.example")
    with pytest.raises(CommandError, match="no organisation at /o/nowhere/"):
        call_command("token", organisation="nowhere", name="x")
    with pytest.raises(CommandError, match="Nothing was made"):
        run(days=-1)
