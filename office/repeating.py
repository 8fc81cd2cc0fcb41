"""A request with an Idempotency-Key is done once, however often it is sent.

The answer is kept in the transaction of the effect, so there is never one without the other. Kept are answers
to what was done and to what was in conflict (409); other refusals changed nothing and are looked at anew. The
same key with another request is refused; while the first is under way, so is the second.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import blake2b

from django.db import connection, transaction
from django.http import HttpResponse, HttpResponseBase

from office.models import KeptAnswer, Token
from organisations import tenancy
from organisations.models import Organisation

KEPT_FOR = timedelta(hours=24)
KEPT_HEADERS = ("Content-Type", "Location")
REPLAYED = "Idempotent-Replayed"


class OtherRequest(ValueError):
    """This key came with another request before."""


class UnderWay(Exception):
    """The first request with this key is not answered yet."""


def once(
    *,
    token: Token,
    key: str,
    fingerprint: str,
    now: datetime,
    answer: Callable[[], HttpResponseBase],
) -> HttpResponseBase:
    """The answer, made now or kept from before. `answer` stores all or, when it refuses, nothing.

    Raises OtherRequest, UnderWay.
    """
    with transaction.atomic():
        _alone(token, key)
        kept = KeptAnswer.objects.filter(token=token, key=key).first()
        if kept and now < kept.made_at + KEPT_FOR:
            if kept.fingerprint != fingerprint:
                raise OtherRequest
            return _again(kept)
        if kept:
            kept.delete()
        response = answer()
        if isinstance(response, HttpResponse) and (response.status_code < 400 or response.status_code == 409):
            KeptAnswer.objects.create(
                organisation=token.organisation,
                token=token,
                key=key,
                fingerprint=fingerprint,
                status=response.status_code,
                body=response.text,
                headers={name: response[name] for name in KEPT_HEADERS if name in response},
                made_at=now,
            )
    return response


def sweep(*, now: datetime) -> int:
    """Answers that are a day old are forgotten. How many."""
    gone = 0
    for organisation in Organisation.objects.order_by("pk"):
        with tenancy.within(organisation):
            gone += KeptAnswer.objects.filter(made_at__lte=now - KEPT_FOR).delete()[0]
    return gone


def _again(kept: KeptAnswer) -> HttpResponse:
    return HttpResponse(kept.body, status=kept.status, headers={**kept.headers, REPLAYED: "true"})


def _alone(token: Token, key: str) -> None:
    """Hold the key until the transaction ends; whoever dies lets go of it. SQLite has one writer anyway, and
    the second waits for the first."""
    if connection.vendor != "postgresql":
        return
    number = int.from_bytes(blake2b(f"{token.pk}:{key}".encode(), digest_size=8).digest(), signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise UnderWay
