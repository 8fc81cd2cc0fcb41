"""Chat channels: told by the machinery of webhooks, in the form their tool takes, never about a person."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from organisations import tenancy
from organisations.models import Organisation, User
from post import guarding, signing, webhooks
from post.models import WebhookDelivery, WebhookEndpoint
from post.webhooks import Fact, Line, Message, Part, channels
from tests.post.calls import calls, endpoint, states
from tests.post.conftest import url
from tests.post.test_mime import NASTY
from tests.services.receiver import Answer, Receiver

pytestmark = pytest.mark.django_db(transaction=True)
HOOK = "https://hooks.slack.com/services/T0/B0/very-secret-Zq9x"
PLAIN = Message("Today", "https://cs.example/o/harbour/today/", "Open Today")


@pytest.fixture(autouse=True)
def _at_home(db: None) -> None:
    guarding.is_home(now=timezone.now())  # as the loop does first


@pytest.fixture
def channel(harbour: Organisation, ada: User, receiver: Receiver) -> WebhookEndpoint:
    with tenancy.within(harbour):
        given = {"organisation": harbour, "by": ada, "now": timezone.now(), "about": "#success"}
        return webhooks.add_channel(style="slack", url=receiver.url, kinds=["milestone.achieved"], **given)


def tell(organisation: Organisation, now: datetime, *keys: int, kind: str = "milestone.achieved") -> int:
    with tenancy.within(organisation):
        facts = [Fact(key, now, {"id": key}, message=lambda: PLAIN) for key in keys]
        return webhooks.tell(organisation=organisation, kind=kind, facts=lambda: facts, now=now)


def test_it_hears_what_was_chosen_once_and_without_a_signature(
    harbour: Organisation, channel: WebhookEndpoint, receiver: Receiver
) -> None:
    now = timezone.now()
    assert tell(harbour, now, 7) == 1
    assert tell(harbour, now, 7) == 0
    assert tell(harbour, now, 7, kind="call.logged") == 0
    assert webhooks.dispatch(now=now) == 1
    (call,) = receiver.calls
    assert call.path == "/hooks?from=bosai"
    assert not [name for name in call.headers if name.startswith("webhook-")]
    said = json.loads(call.body)
    assert (said["text"], said["blocks"][0]["text"]["text"]) == ("Today", "Today")


@pytest.mark.parametrize(("status", "why"), [(404, "404"), (410, "410")])
def test_a_channel_that_is_gone_is_switched_off_and_says_why(
    harbour: Organisation, channel: WebhookEndpoint, receiver: Receiver, status: int, why: str
) -> None:
    now = timezone.now()
    receiver.answer = Answer(status, body=b"no_service")
    tell(harbour, now, 7, 8)
    webhooks.dispatch(now=now)
    assert why in endpoint(harbour).off_why
    assert states(harbour) == ["failed", "stopped"]
    assert len(receiver.calls) == 1


def test_what_was_refused_for_now_is_tried_again(
    harbour: Organisation, channel: WebhookEndpoint, receiver: Receiver
) -> None:
    now = timezone.now()
    receiver.answers = [Answer(500)]
    tell(harbour, now, 7)
    webhooks.dispatch(now=now)
    assert states(harbour) == ["pending"]
    webhooks.dispatch(now=now + timedelta(minutes=1))
    assert states(harbour) == ["delivered"]


def test_its_address_is_nowhere_to_be_read(
    harbour: Organisation, ada: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(ada)
    given = {"channel-style": "slack", "channel-url": HOOK, "channel-about": "#success"}
    refused = client.post(url("webhook_channels", harbour), given)
    assert refused.status_code == 422
    assert "Tick what goes there" in refused.text
    page = client.post(
        url("webhook_channels", harbour), given | {"channel-kinds": ["digest.daily"]}, follow=True
    )
    row = endpoint(harbour)
    assert signing.opened(row.secret) == HOOK
    assert row.url == "https://hooks.slack.com/…Zq9x"
    for shown in (
        page,
        client.get(url("webhook_list", harbour)),
        client.get(url("webhook", harbour, row.pk)),
    ):
        assert "very-secret" not in shown.text
        assert "#success" in shown.text
    changed = {"url": "", "about": "#cs", "kinds": ["digest.weekly", "outcome.contested"]}
    client.post(url("webhook", harbour, row.pk), changed)
    row = endpoint(harbour)
    assert (row.about, row.kinds) == ("#cs", ["digest.weekly", "outcome.contested"])
    assert signing.opened(row.secret) == HOOK
    assert client.post(url("webhook_renewal", harbour, row.pk)).status_code == 404


def test_a_test_message_goes_through_whatever_was_chosen(
    harbour: Organisation,
    channel: WebhookEndpoint,
    ada: User,
    receiver: Receiver,
    client_for: Callable[[User], Client],
) -> None:
    client_for(ada).post(url("webhook_test", harbour, channel.pk))
    webhooks.dispatch(now=timezone.now())
    assert b"Harbour Analytics can write here" in receiver.calls[0].body
    assert states(harbour) == ["delivered"]


@pytest.mark.parametrize("address", ["https://10.0.0.1/x", "http://hooks.slack.com/x", "https://[::1]/x"])
def test_addresses_inside_are_refused(
    harbour: Organisation, ada: User, client_for: Callable[[User], Client], address: str
) -> None:
    given = {"channel-style": "teams", "channel-url": address, "channel-kinds": ["digest.daily"]}
    assert client_for(ada).post(url("webhook_channels", harbour), given).status_code == 422
    with tenancy.within(harbour):
        assert not WebhookEndpoint.objects.exists()


def test_the_demo_calls_nobody(
    harbour: Organisation, ada: User, client_for: Callable[[User], Client], settings: Any
) -> None:
    settings.DEMO = True
    given = {"channel-style": "slack", "channel-url": HOOK, "channel-kinds": ["digest.daily"]}
    answer = client_for(ada).post(url("webhook_channels", harbour), given)
    assert answer.status_code == 422
    assert "The demo calls nobody" in answer.text
    assert not calls(harbour)


def hostile(style: str) -> tuple[str, dict[str, Any]]:
    names = [
        *NASTY,
        "<!channel>",
        "<@U123>",
        "*bold* _it_ ~no~ `code`",
        "<https://evil.example|x>",
        "[a](https://x)",
    ]
    lines = [Line(name or "-", "https://cs.example/?a=1&b=2", f"late, {name}") for name in names]
    parts = [Part(f"Needs you {name}", lines * 3, 500) for name in names[:30]]
    text = channels.FORMATS[style](
        Message("<!here> & all", "https://cs.example/", "Open", "*x* <!here>", parts)
    )
    return text, json.loads(text)


@pytest.mark.once
def test_no_name_becomes_markup_in_slack_and_limits_are_kept() -> None:
    _text, said = hostile("slack")
    assert len(said["blocks"]) <= 50
    assert len(said["blocks"][0]["text"]["text"]) <= 150
    sections = [block["text"] for block in said["blocks"] if block["type"] == "section"]
    assert all(0 < len(section["text"]) <= 3000 and section["verbatim"] for section in sections)
    for section in [said["text"], *(each["text"] for each in sections)]:
        bare = re.sub(r"<https://cs\.example/[^|>]*\|[^<>]*>", "", section)
        assert not re.search(r"[<>]", bare), bare
        assert not re.search(r"&(?!amp;|lt;|gt;)", section)
        lines = section.split("\n")
        assert all(
            re.fullmatch(r"\*?[^*_~`]*\*?", re.sub(r"https?://cs\.\S+?\|", "", line)) for line in lines
        )
    assert "and 4" in sections[1]["text"], "what is not listed is counted"


@pytest.mark.once
def test_no_name_becomes_markup_in_teams_and_limits_are_kept() -> None:
    text, said = hostile("teams")
    assert len(text.encode()) <= 28 * 1024
    assert said["type"] == "message"
    (attachment,) = said["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}, "which knows no Markdown"
    runs = [run for block in card["body"] for run in block["inlines"]]
    assert all(run["type"] == "TextRun" and run["text"] and "\n" not in run["text"] for run in runs)
    assert {run["selectAction"]["url"] for run in runs if "selectAction" in run} <= {
        "https://cs.example/?a=1&b=2"
    }


def test_a_secret_that_cannot_be_read_any_more_is_said(
    harbour: Organisation, channel: WebhookEndpoint, receiver: Receiver, settings: Any
) -> None:
    settings.SECRET_KEY = "another one entirely"
    now = timezone.now()
    tell(harbour, now, 7)
    webhooks.dispatch(now=now)
    with tenancy.within(harbour):
        assert "cannot be read" in WebhookDelivery.objects.get().last_try["words"]
    assert receiver.calls == []
