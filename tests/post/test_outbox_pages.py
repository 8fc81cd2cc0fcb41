import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organisations import tenancy
from post import dispatching
from post.models import Delivery
from post.sights import LOOKS
from tests.post.conftest import post_one, set_state, url

State = Delivery.State


@pytest.fixture
def outbox(client_for, mara, harbour):
    return client_for(mara), url("outbox", harbour)


def test_it_lists_every_state_newest_first(outbox, post_to, now):
    client, address = outbox
    for number, state in enumerate(State.values):
        delivery = post_to(subject_key=f"a:{number}", subject=f"Mail {number}.")
        set_state(delivery, state, sent_at=now if state == State.SENT else None)
    page = client.get(address).content.decode()
    places = [page.index(f"Mail {number}.") for number in range(len(State.values))]
    assert places == sorted(places, reverse=True)
    for _look, _icon, words in LOOKS.values():
        assert f"</svg>{words}</span>" in page


@pytest.mark.parametrize(
    ("show", "states"),
    [
        ("waiting", {State.PENDING, State.SENDING, State.HELD}),
        ("uncertain", {State.UNCERTAIN}),
        ("refused", {State.FAILED}),
        ("sent", {State.SENT}),
        ("kept", {State.SUPPRESSED, State.STOPPED}),
        ("simulated", {State.SIMULATED}),
    ],
)
def test_it_filters_by_state(outbox, post_to, show, states):
    client, address = outbox
    for number, state in enumerate(State.values):
        set_state(post_to(subject_key=f"a:{number}"), state)
    rows = client.get(address, {"show": show}).context["rows"]
    assert {row.delivery.state for row in rows} == states


def test_it_counts_what_needs_somebody_and_stops_counting(outbox, post_to, monkeypatch):
    client, address = outbox
    monkeypatch.setattr("post.outbox.COUNTED", 3)
    monkeypatch.setattr("post.views.outbox.COUNTED", 3)
    for number in range(5):
        post_to(subject_key=f"a:{number}")
    set_state(post_to(subject_key="b"), State.UNCERTAIN)
    chips = {chip["group"]: chip["count"] for chip in client.get(address).context["chips"]}
    assert (chips["waiting"], chips["uncertain"], chips["refused"], chips[""]) == ("3+", "1", "", "")


def test_it_searches_by_address(outbox, post_to):
    client, address = outbox
    post_to(address="lucia@pomelo.example")
    post_to(address="nadia@kestrel.example")
    rows = client.get(address, {"q": "POMELO"}).context["rows"]
    assert [row.delivery.address for row in rows] == ["lucia@pomelo.example"]
    assert "No such mails" in client.get(address, {"q": "nobody"}).content.decode()


def test_it_pages_by_key_without_gaps_both_ways(outbox, post_to, monkeypatch):
    client, address = outbox
    monkeypatch.setattr("post.views.outbox.page.__kwdefaults__", {"after": "", "before": "", "size": 2})
    for number in range(5):
        post_to(subject_key=f"a:{number}", subject=str(number))

    def read(link):
        context = client.get(link).context
        return [row.delivery.subject for row in context["rows"]], context

    first, context = read(address)
    second, context = read(context["later_url"])
    third, last = read(context["later_url"])
    assert [first, second, third] == [["4", "3"], ["2", "1"], ["0"]]
    assert last["later_url"] == ""
    back, context = read(last["earlier_url"])
    assert back == second
    back, context = read(context["earlier_url"])
    assert back == first
    assert context["earlier_url"] == ""


def test_it_shrugs_off_keys_and_filters_that_mean_nothing(outbox, post_to):
    client, address = outbox
    post_to()
    for query in (
        {"after": "x"},
        {"before": "9" * 40 + "-1"},
        {"after": "1-" + "9" * 40},
        {"show": "nonsense"},
    ):
        assert client.get(address, query).status_code == 200


def test_it_asks_the_database_equally_little_for_many(outbox, post_to):
    client, address = outbox
    asked = []
    for count in (1, 60):
        for number in range(count):
            post_to(subject_key=f"{count}:{number}", address=f"p{number}@customer.example")
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        asked.append(
            [
                query["sql"]
                for query in queries
                if not query["sql"].startswith("SELECT set_config") and "current_setting" not in query["sql"]
            ]
        )
    assert len(asked[0]) == len(asked[1]) <= 10


def test_it_hands_out_the_same_as_csv(outbox, post_to):
    client, address = outbox
    post_to(subject="=1+1", address="lucia@pomelo.example")
    set_state(post_to(subject_key="b", address="nadia@kestrel.example"), State.FAILED, reason="550 no")
    response = client.get(address, {"format": "csv", "show": "refused"})
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert [(row["address"], row["state"], row["reason"]) for row in rows] == [
        ("nadia@kestrel.example", "failed", "550 no")
    ]
    everything = b"".join(client.get(address, {"format": "csv"}).streaming_content).decode("utf-8-sig")
    assert "'=1+1" in everything


def test_it_teaches_when_it_is_empty_and_says_what_to_set(outbox, settings):
    client, address = outbox
    settings.SMTP_URL = ""
    page = client.get(address).content.decode()
    assert "Nothing has left yet" in page
    for word in ("No mail server is set up", "SMTP_URL", "MAIL_FROM", "BOSAI_URL"):
        assert word in page
    settings.SMTP_URL = "smtp://127.0.0.1:1025"
    assert "No mail server is set up" not in client.get(address).content.decode()
    settings.MAIL_FROM = "not an address"
    assert "MAIL_FROM says" in client.get(address).content.decode()


def test_it_shows_one_mail_with_what_the_server_said(client_for, mara, harbour, now, post_to, mail_server):
    delivery = post_to(text="Dear Nadia, [confirm link]", customer_id=7)
    mail_server.misbehave(reject_data=1)
    dispatching.dispatch(now=now)
    page = client_for(mara).get(url("delivery", harbour, delivery.pk)).content.decode()
    assert "554 refused" in page
    assert "first tried" in page
    assert "Send again" in page
    assert f'src="{url("rendering", harbour, delivery.pk)}"' in page
    assert 'sandbox loading="lazy"' in page
    text = client_for(mara).get(url("delivery", harbour, delivery.pk) + "?text").content.decode()
    assert "Dear Nadia, [confirm link]" in text


def test_a_mail_cannot_do_anything_on_its_page(client_for, mara, harbour, post_to):
    delivery = post_to(
        html="<html><head></head><script>alert(1)</script><img src=https://evil.example/p.png>"
    )
    response = client_for(mara).get(url("rendering", harbour, delivery.pk))
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'unsafe-inline'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-inline" not in client_for(mara).get(url("outbox", harbour))["Content-Security-Policy"]


@pytest.mark.parametrize("page", ["delivery", "rendering"])
def test_strangers_get_what_they_get_for_nothing_at_all(client_for, eve, mara, rival, harbour, post_to, page):
    ours = post_to()
    assert client_for(eve).get(url(page, harbour, ours.pk)).status_code == 404
    assert client_for(eve).get(url(page, rival, ours.pk)).status_code == 404
    assert client_for(mara).get(url(page, harbour, ours.pk + 999)).status_code == 404


def test_two_organisations_see_their_own_mails(client_for, eve, mara, harbour, rival, now):
    post_one(harbour, now, subject="ours")
    post_one(rival, now, subject="theirs")
    ours = client_for(mara).get(url("outbox", harbour)).context["rows"]
    theirs = client_for(eve).get(url("outbox", rival)).context["rows"]
    assert [row.delivery.subject for row in ours] == ["ours"]
    assert [row.delivery.subject for row in theirs] == ["theirs"]


def test_an_admin_sends_a_test_mail_to_themselves(client_for, ada, harbour, mail_server):
    response = client_for(ada).post(url("test_mail", harbour))
    with tenancy.within(harbour):
        delivery = Delivery.objects.get()
    assert response.url == url("delivery", harbour, delivery.pk)
    assert dispatching.dispatch(now=delivery.due_at) == 1
    [mail] = mail_server.mails()
    assert mail.to == [ada.email]
    assert mail.subject == "Mails from Harbour Analytics arrive"
    assert "Kade 1" in mail.text
    assert "Kade 1" in mail.html
    assert "/u/" in mail.text
    assert "[unsubscribe link]" not in mail.text + mail.html


def test_only_an_admin_may_send_test_mails(client_for, theo, mara, rio, harbour):
    for user in (theo, mara, rio):
        assert client_for(user).post(url("test_mail", harbour)).status_code == 403
    assert "Send me a test mail" not in client_for(theo).get(url("outbox", harbour)).content.decode()


def test_the_csv_goes_on_where_its_first_thousand_ends(outbox, post_to, harbour):
    client, address = outbox
    first = post_to(subject_key="0")
    with tenancy.within(harbour):
        rows = list(Delivery.objects.values().filter(pk=first.pk)) * 1001
        Delivery.objects.bulk_create(
            Delivery(**(row | {"id": None, "subject_key": str(number + 1)}))
            for number, row in enumerate(rows)
        )
    response = client.get(address, {"format": "csv"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert len(text.splitlines()) == 1 + 1002
