"""Mails in the post, and a mail server to send them to."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from organisations import tenancy
from organisations.models import Event, Organisation
from post import leases, posting
from post.models import Delivery, PostDue, Recipient
from tests.services.receiver import Receiver
from tests.services.smtp_sink import SmtpSink
from ui.mail import RenderedMail

Post = Callable[..., Delivery]
TEXT = "Dear Nadia,\n\nall 31 shops order from the one list.\n\n[unsubscribe link]\n"
HTML = '<p>Dear Nadia,</p><p>all 31 shops.</p><p><a href="[unsubscribe link]">No more of these</a></p>'


def post_one(
    organisation: Organisation, now: datetime, *, address: str = "nadia@customer.example", **fields: Any
) -> Delivery:
    """A celebration in the post. Fields of the recipient begin with `to_`."""
    wanted = {key.removeprefix("to_"): fields.pop(key) for key in list(fields) if key.startswith("to_")}
    mail = RenderedMail(
        fields.pop("subject", "Nine depots"), fields.pop("text", TEXT), fields.pop("html", HTML)
    )
    with tenancy.within(organisation):
        recipient = posting.recipient_for(organisation=organisation, address=address)
        Recipient.objects.filter(pk=recipient.pk).update(**wanted)
        given = {"purpose": "celebration", "subject_key": "celebration:1", "reply_to": "mara@harbour.example"}
        return posting.post(
            organisation=organisation, recipient=recipient, mail=mail, now=now, **(given | fields)
        )


@pytest.fixture
def post_to(harbour: Organisation, now: datetime) -> Post:
    def post(**fields: Any) -> Delivery:
        return post_one(fields.pop("organisation", harbour), fields.pop("now", now), **fields)

    return post


@pytest.fixture
def mail_server(smtp_sink: SmtpSink, settings: Any) -> SmtpSink:
    """SMTP_URL points to a real server."""
    settings.SMTP_URL = smtp_sink.url
    settings.MAIL_FROM = "bosai@harbour.example"
    return smtp_sink


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """Somebody else's server that may be called."""
    receiver = Receiver()
    settings.CALL_HOSTS = [receiver.host]
    yield receiver
    receiver.close()


def again(delivery: Delivery) -> Delivery:
    """The row as it stands now."""
    with tenancy.within(delivery.organisation_id):
        return Delivery.objects.get(pk=delivery.pk)


def let_leases_run_out(organisation: Organisation) -> None:
    """As if the database's clock had moved on, past the time for somebody else to pick them up."""
    with tenancy.within(organisation):
        Delivery.objects.exclude(lease_until=None).update(lease_until=timezone.now() - 2 * leases.PICKED_UP)


def database_name() -> str:
    return str(connection.settings_dict["NAME"])


def events(organisation: Organisation) -> list[str]:
    """What the log says about mails, oldest first."""
    with tenancy.within(organisation):
        told = Event.objects.filter(verb__startswith="mail_").order_by("pk")
        return list(told.values_list("verb", flat=True))


def due(organisation: Organisation) -> list[int]:
    with tenancy.within(organisation):
        rows = PostDue.objects.filter(organisation=organisation)
        return list(rows.values_list("delivery_id", flat=True))


def set_state(delivery: Delivery, state: str, **fields: Any) -> None:
    """As if it had come there."""
    with tenancy.within(delivery.organisation_id):
        Delivery.objects.filter(pk=delivery.pk).update(state=state, **fields)


def url(name: str, organisation: Organisation, *args: object) -> str:
    """A page of this room."""
    return reverse(f"post:{name}", args=[organisation.slug, *args])
