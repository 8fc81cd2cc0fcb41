"""The pages of webhooks: add, see what was told, renew, replay, switch off. For admins."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from organisations import tenancy
from organisations.models import Event, Organisation, User
from post import guarding, signing, webhooks
from post.models import WebhookEndpoint
from tests.post.calls import calls, endpoint, listen, tell
from tests.post.conftest import url
from tests.services.receiver import Answer, Receiver

pytestmark = pytest.mark.django_db(transaction=True)
ClientFor = Callable[[User], Client]


def test_an_admin_adds_one_tries_it_and_sees_what_came_of_it(
    harbour: Organisation, ada: User, receiver: Receiver, client_for: ClientFor
) -> None:
    client = client_for(ada)
    said = client.post(url("webhook_list", harbour), {"url": receiver.url, "about": "Our data platform"})
    secret = re.search(r'value="(whsec_[^"]+)"', said.content.decode())
    assert secret
    row = endpoint(harbour)
    assert signing.opened(row.secret) == secret[1]
    assert secret[1] not in client.get(url("webhook", harbour, row.pk)).content.decode(), "shown once"

    tried = client.post(url("webhook_test", harbour, row.pk), follow=True)
    assert "put in line" in tried.content.decode()
    guarding.is_home(now=timezone.now())
    receiver.answers = [Answer(500, body=b"<b>no</b>")]
    webhooks.dispatch(now=timezone.now())
    page = client.get(url("webhook_call", harbour, calls(harbour)[0].pk)).content.decode()
    assert "500" in page
    assert "&lt;b&gt;no&lt;/b&gt;" in page
    assert "Our data platform" in client.get(url("webhook_list", harbour)).content.decode()


def test_bad_addresses_are_refused_with_a_word_and_nothing_is_kept(
    harbour: Organisation, ada: User, client_for: ClientFor
) -> None:
    client = client_for(ada)
    for address, word in {
        "https://127.0.0.1/": "inside a network",
        "http://public.example/": "Only https",
        "nonsense": "begins with https",
        "https://user:word@public.example/": "name or a password",
    }.items():
        said = client.post(url("webhook_list", harbour), {"url": address})
        assert said.status_code == 422
        assert word in said.content.decode()
        assert address in said.content.decode(), "what was typed stays"
    assert (
        client.post(url("webhook_list", harbour), {"url": "https://a.example/", "kinds": "x"}).status_code
        == 422
    )
    with tenancy.within(harbour):
        assert not WebhookEndpoint.objects.exists()


def test_it_is_changed_renewed_switched_off_on_replayed_and_removed(
    harbour: Organisation, ada: User, now: datetime, client_for: ClientFor
) -> None:
    row, _secret = listen(harbour, "https://public.example/", now, by=ada)
    tell(harbour, now, 1, 2)
    client = client_for(ada)

    def act(name: str, pk: int = row.pk, **data: Any) -> str:
        return client.post(url(name, harbour, pk), data, follow=True).content.decode()

    assert "Saved" in act("webhook", url="https://other.example/", kinds=["call.logged"])
    assert "Only https" in act("webhook", url="http://other.example/")
    assert endpoint(harbour).url == "https://other.example/"
    assert "signed with the secret before as well" in act("webhook_renewal")
    assert "Switched off" in act("webhook_off")
    assert "Switch it on first" in act("webhook_test")
    assert "Switch it on first" in act("webhook_replay")
    assert "Switch it on first" in act("call_replay", calls(harbour)[0].pk)
    assert "Switched on" in act("webhook_on")
    assert "2 calls are in line again" in act("webhook_replay")
    assert "in line already" in act("call_replay", calls(harbour)[0].pk)
    with tenancy.within(harbour):
        webhooks.switch_off(endpoint=endpoint(harbour), by=ada, now=now)
        webhooks.switch_on(endpoint=endpoint(harbour), by=ada, now=now)
    assert "In line again" in act("call_replay", calls(harbour)[0].pk)
    page = client.get(
        url("webhook", harbour, row.pk), {"state": "stopped", "before": calls(harbour)[1].pk + 1}
    )
    assert page.content.decode().count("<code>call.logged</code>") == 1
    assert "Removed" in act("webhook_removal")
    with tenancy.within(harbour):
        assert not WebhookEndpoint.objects.exists()
        verbs = list(
            Event.objects.filter(verb__startswith="webhook").order_by("pk").values_list("verb", flat=True)
        )
    assert verbs[:4] == ["webhook_added", "webhook_changed", "webhook_secret_renewed", "webhook_off"]


def test_a_long_list_goes_on_on_the_next_page(
    harbour: Organisation, ada: User, now: datetime, client_for: ClientFor
) -> None:
    row, _secret = listen(harbour, "https://public.example/", now, by=ada)
    tell(harbour, now, *range(51))
    first = client_for(ada).get(url("webhook", harbour, row.pk)).content.decode()
    older = re.search(r"\?before=(\d+)", first)
    assert older
    second = client_for(ada).get(url("webhook", harbour, row.pk), {"before": older[1]}).content.decode()
    assert (first.count("<code>call.logged"), second.count("<code>call.logged")) == (50, 1)
