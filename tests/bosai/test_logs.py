"""Nothing a person typed is in a log: canaries through every feature, and not one of them sings."""

import io
import json
import logging
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bosai import logs
from bosai.logs import JSONFormatter, LineFormatter
from organisations import tenancy
from post import composing, dispatching, linking
from tests import factories
from tests.office.bringing import bring
from tests.post.conftest import post_one

NAME, NOTE, ADDRESS = "Canaria Serin", "yellow feathers in the mine", "canaria@serin.example"
PASSWORD = "sing-no-song-of-mine"
CANARIES = ["Canaria", "Serin", "serin.example", "feathers", "canaria@", PASSWORD]


@pytest.fixture
def written():
    """All that any logger says from DEBUG on, in both formats."""
    said = io.StringIO()
    handlers = []
    for formatter in (LineFormatter(), JSONFormatter()):
        handler = logging.StreamHandler(said)
        handler.setFormatter(formatter)
        handlers.append(handler)
    root = logging.getLogger()
    before = root.level
    for handler in handlers:
        root.addHandler(handler)
    root.setLevel(logging.INFO)
    loggers = [logging.getLogger(name) for name in ("django.request", "bosai.requests")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.INFO)
    yield said
    root.setLevel(before)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
    for handler in handlers:
        root.removeHandler(handler)


def singing(text, *secrets):
    return [canary for canary in (*CANARIES, *secrets) if canary in text]


def test_no_canary_sings(written, harbour, ada, mara, now, smtp_sink, settings, monkeypatch):
    settings.SMTP_URL, settings.MAIL_FROM = smtp_sink.url, "bosai@harbour.example"
    with tenancy.within(harbour):
        customer = factories.make_customer(harbour, NAME)
        contact = factories.make_contact(customer, NAME, address=ADDRESS)
        token = linking.make(
            organisation=harbour, purpose="customer", subject_id=contact.pk, address=ADDRESS, now=now, days=9
        )
    signed_in = Client(raise_request_exception=False)
    signed_in.force_login(ada)
    _fail_to_sign_in()
    _open_links(token)
    _look_around(signed_in, harbour, customer)
    broken = _break_pages(signed_in, harbour, monkeypatch)
    _fail_to_send(harbour, now, smtp_sink, monkeypatch)
    _bring_rubbish(harbour, ada, monkeypatch)
    text = written.getvalue()
    assert "could not be sent" in text
    assert "Internal Server Error" in text
    assert "import" in text
    assert singing(text, token, token.partition("-")[2]) == []
    assert singing(broken) == []


def _fail_to_sign_in():
    stranger = Client(enforce_csrf_checks=True)
    stranger.post(reverse("account_login"), {"login": ADDRESS, "password": PASSWORD})
    Client().post(reverse("account_login"), {"login": ADDRESS, "password": PASSWORD})
    Client().post(reverse("account_reset_password"), {"email": ADDRESS})


def _open_links(token):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.get(f"/c/{token}/?from={ADDRESS}")
    client.post(f"/c/{token}/mails/", {"wish": NOTE})
    client.get(f"/u/{token}/")
    client.get(f"/accounts/invitation/{token}/")
    client.get(f"/setup/{token.partition('-')[2]}/")


def _look_around(client, harbour, customer):
    client.get(reverse("dashboards:customer", args=[harbour.slug, customer.pk]))
    client.get(reverse("dashboards:customer_list", args=[harbour.slug]), {"q": NAME})
    client.get(reverse("post:outbox", args=[harbour.slug]), {"q": ADDRESS})
    client.post(
        reverse("coaching:call_draft", args=[harbour.slug, customer.pk]), {"reality": NOTE, "key": NAME}
    )
    client.post(reverse("office:invitations", args=[harbour.slug]), {"email": ADDRESS, "role": "csm"})
    client.get(f"/o/{harbour.slug}/nowhere/{ADDRESS}/?note={NOTE}")


def _break_pages(client, harbour, monkeypatch):
    """A page that fails with words of a person in its fault; what the reader sees."""

    def fail(*_args, **_kwargs):
        try:
            raise KeyError(NOTE)
        except KeyError as error:
            raise ValueError(f"{NAME} <{ADDRESS}> said: {NOTE}") from error

    with monkeypatch.context() as patched:
        patched.setattr("post.views.outbox.page", fail)
        response = client.get(reverse("post:outbox", args=[harbour.slug]), {"q": ADDRESS})
    assert response.status_code == 500
    return response.content.decode()


def _fail_to_send(harbour, now, smtp_sink, monkeypatch):
    smtp_sink.misbehave(refuse_rcpt=1)
    post_one(harbour, now, address=ADDRESS, subject=NAME, text=NOTE)
    dispatching.dispatch(now=now)
    smtp_sink.misbehave()

    def fail(*_args, **_kwargs):
        raise ValueError(f"{NAME} <{ADDRESS}>: {NOTE}")

    with monkeypatch.context() as patched:
        patched.setattr(composing, "compose", fail)
        dispatching.dispatch(now=now + timedelta(hours=1))
    dispatching.dispatch(now=now + timedelta(days=1))


def _bring_rubbish(harbour, ada, monkeypatch):
    with tenancy.within(harbour):
        bring(harbour, "customers", f"key,name\n,{NAME}\nserin,{NAME}\n", by=ada)

    def fail(*_args, **_kwargs):
        raise ValueError(f"{NAME}: {NOTE}")

    rows = f"customer,name,address\nserin,{NAME},{ADDRESS}\n"
    with monkeypatch.context() as patched, tenancy.within(harbour):
        patched.setattr("office.importing.working.check", fail)
        with pytest.raises(ValueError):
            bring(harbour, "contacts", rows, by=ada)


TOKEN = "1a-" + "x" * 43


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("mail to nadia@customer.example failed", "mail to …@… failed"),
        (f"Forbidden: /c/{TOKEN}/mails/", "Forbidden: /c/…/mails/"),
        ("GET /o/harbour/outbox/?q=nadia", "GET /o/harbour/outbox/?…"),
        (f"token {TOKEN}.", "token …."),
        ("redis://user:word@cache.example:6379/0 refused", "…@… refused"),
        ("import 17 of harbour: applied", "import 17 of harbour: applied"),
    ],
)
def test_what_slips_into_a_message_is_masked(said, logged):
    assert logs.masked(said) == logged


def record(message, *args, fault=None):
    return logging.LogRecord("post", logging.ERROR, "x.py", 1, message, args, fault)


def test_an_exception_is_told_by_its_type_and_place():
    try:
        raise ValueError(NOTE)
    except ValueError as error:
        caught = (type(error), error, error.__traceback__)
    line = LineFormatter().format(record("delivery %s: %s", 7, caught[1], fault=caught))
    assert "delivery 7: ValueError: ValueError\n" in line
    assert "test_an_exception_is_told_by_its_type_and_place" in line
    said = json.loads(JSONFormatter().format(record("broke", fault=caught)))
    assert (said["message"], said["fault"], said["level"]) == ("broke", "ValueError", "error")
    assert NOTE not in line + str(said)


def test_a_failed_task_is_told_without_what_it_was_given():
    given = {"name": "office.tasks.work", "exc": repr(ValueError(NOTE)), "traceback": NOTE, "args": NOTE}
    line = LineFormatter().format(record("Task %(name)s raised: %(exc)s\n%(traceback)s %(args)s", given))
    assert "office.tasks.work" in line
    assert NOTE not in line


def test_what_nobody_caught_is_logged_as_discreetly(written):
    error = ValueError(NOTE)
    logs._log_uncaught(ValueError, error, None)
    logs._log_uncaught(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert written.getvalue().count("stopped by a fault") == 2  # once in each format
    assert singing(written.getvalue()) == []
