"""Addresses that are told what happens: added, changed, switched off, tried, replayed. Admins do."""

from collections.abc import Collection
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from organisations.models import Organisation, User
from post import reaching, signing
from post.models import WebhookDelivery, WebhookEndpoint
from post.webhooks import kinds, leasing
from post.webhooks.channels import Message
from post.webhooks.telling import Fact, put_in_line

OVERLAP = timedelta(hours=24)  # in which the secret before signs as well
State = WebhookDelivery.State


class CannotReplay(Exception):
    """It is in line already, or its address is switched off; the text says which."""


def add(
    *, organisation: Organisation, url: str, about: str, kinds: Collection[str], by: User, now: datetime
) -> tuple[WebhookEndpoint, str]:
    """A new address, and its secret, to be shown this once. Raises reaching.MayNotReach."""
    reaching.target(url)
    secret = signing.new_secret()
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.create(
            organisation=organisation,
            url=url,
            about=about,
            kinds=sorted(kinds),
            secret=signing.sealed(secret),
            made_at=now,
            made_by=by,
        )
        organisation.log("webhook_added", by=by, now=now, subject=endpoint)
    return endpoint, secret


def change(
    *, endpoint: WebhookEndpoint, url: str, about: str, kinds: Collection[str], by: User, now: datetime
) -> WebhookEndpoint:
    """Another address or other kinds; what waits goes to the new address. Raises reaching.MayNotReach."""
    reaching.target(url)
    with transaction.atomic():
        endpoint.url, endpoint.about, endpoint.kinds = url, about, sorted(kinds)
        endpoint.paused_until = None
        endpoint.save(update_fields=["url", "about", "kinds", "paused_until"])
        endpoint.organisation.log("webhook_changed", by=by, now=now, subject=endpoint)
    return endpoint


def add_channel(
    *,
    organisation: Organisation,
    style: str,
    url: str,
    about: str,
    kinds: Collection[str],
    by: User,
    now: datetime,
) -> WebhookEndpoint:
    """A chat channel by its incoming webhook. Its address is not shown again. Raises reaching.MayNotReach."""
    reaching.target(url)
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.create(
            organisation=organisation,
            style=style,
            url=masked(url),
            about=about,
            kinds=sorted(kinds),
            secret=signing.sealed(url),
            made_at=now,
            made_by=by,
        )
        organisation.log("webhook_added", by=by, now=now, subject=endpoint, style=style)
    return endpoint


def change_channel(
    *, endpoint: WebhookEndpoint, url: str, about: str, kinds: Collection[str], by: User, now: datetime
) -> WebhookEndpoint:
    """Another name, other kinds; an empty address leaves the one it has. Raises reaching.MayNotReach."""
    if url:
        reaching.target(url)
        endpoint.url, endpoint.secret = masked(url), signing.sealed(url)
    with transaction.atomic():
        endpoint.about, endpoint.kinds, endpoint.paused_until = about, sorted(kinds), None
        endpoint.save(update_fields=["url", "secret", "about", "kinds", "paused_until"])
        endpoint.organisation.log("webhook_changed", by=by, now=now, subject=endpoint)
    return endpoint


def masked(url: str) -> str:
    """The host and the last four characters: enough to tell one from another, too little to write there."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}/…{url[-4:]}"


def renew_secret(*, endpoint: WebhookEndpoint, by: User, now: datetime) -> str:
    """A new secret, to be shown this once. For a day every call is signed with both."""
    secret = signing.new_secret()
    with transaction.atomic():
        row = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
        row.earlier_secret, row.earlier_until = row.secret, now + OVERLAP
        row.secret = signing.sealed(secret)
        row.save(update_fields=["secret", "earlier_secret", "earlier_until"])
        endpoint.organisation.log("webhook_secret_renewed", by=by, now=now, subject=endpoint)
    return secret


def switch_off(*, endpoint: WebhookEndpoint, by: User, now: datetime) -> None:
    """Tell it nothing more; what waits for it is stopped. Once."""
    with transaction.atomic():
        on = WebhookEndpoint.objects.filter(pk=endpoint.pk, off_at=None)
        if on.update(off_at=now, off_why=_("switched off by %(name)s") % {"name": by.name}):
            stopped = WebhookDelivery.objects.filter(endpoint=endpoint).stop(now=now)
            endpoint.organisation.log("webhook_off", by=by, now=now, subject=endpoint, stopped=stopped)


def switch_on(*, endpoint: WebhookEndpoint, by: User, now: datetime) -> None:
    """Tell it from now on what happens. What was stopped meanwhile can be replayed."""
    with transaction.atomic():
        off = WebhookEndpoint.objects.filter(pk=endpoint.pk).exclude(off_at=None)
        if off.update(off_at=None, off_why="", paused_until=None):
            endpoint.organisation.log("webhook_on", by=by, now=now, subject=endpoint)


def remove(*, endpoint: WebhookEndpoint, by: User, now: datetime) -> None:
    """With its list of calls."""
    with transaction.atomic():
        endpoint.organisation.log("webhook_removed", by=by, now=now, subject=endpoint)
        WebhookEndpoint.objects.filter(pk=endpoint.pk).delete()


def send_test(*, endpoint: WebhookEndpoint, by: User, now: datetime) -> WebhookDelivery:
    """A call of the kind `test`, whatever the address listens to. Raises CannotReplay when it is off."""
    _refuse_off(endpoint)
    organisation = endpoint.organisation
    with transaction.atomic():
        event = organisation.log("webhook_tested", by=by, now=now, subject=endpoint)
        fact = Fact(event.pk, now, {"endpoint_id": endpoint.pk}, message=lambda: _test_message(organisation))
        put_in_line([endpoint], kinds.TEST, [fact], organisation=organisation, now=now)
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(paused_until=None)
        found: WebhookDelivery = WebhookDelivery.objects.get(
            endpoint=endpoint, fact=f"{kinds.TEST}:{event.pk}"
        )
    return found


def _test_message(organisation: Organisation) -> Message:
    words = _("A test: %(organisation)s can write here.") % {"organisation": organisation.name}
    return Message(title=words, url=settings.BOSAI_URL, link=_("Open Bosai"))


def replay(*, delivery: WebhookDelivery, by: User, now: datetime) -> None:
    """Send it once more, under its id and with the same bytes. Raises CannotReplay."""
    _refuse_off(delivery.endpoint)
    if not _replay([delivery.pk], delivery.endpoint, by=by, now=now):
        raise CannotReplay(_("It is in line already."))


def replay_failed(*, endpoint: WebhookEndpoint, by: User, now: datetime) -> int:
    """All that were given up or stopped; how many. Raises CannotReplay when the address is off."""
    _refuse_off(endpoint)
    rows = WebhookDelivery.objects.filter(endpoint=endpoint, state__in=[State.FAILED, State.STOPPED])
    return _replay(list(rows.values_list("pk", flat=True)), endpoint, by=by, now=now)


def _replay(ids: list[int], endpoint: WebhookEndpoint, *, by: User, now: datetime) -> int:
    organisation = endpoint.organisation
    with transaction.atomic():
        resting = WebhookDelivery.objects.filter(pk__in=ids, state__in=WebhookDelivery.RESTING)
        found = list(resting.select_for_update().values_list("pk", flat=True))
        WebhookDelivery.objects.filter(pk__in=found).update(
            state=State.PENDING, settled_at=None, attempts=0, due_at=now
        )
        leasing.set_due(organisation, found, now)
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(paused_until=None)
        if found:
            organisation.log("webhook_replayed", by=by, now=now, subject=endpoint, calls=len(found))
    return len(found)


def _refuse_off(endpoint: WebhookEndpoint) -> None:
    if endpoint.off_at is not None:
        raise CannotReplay(_("This address is switched off. Switch it on first."))
