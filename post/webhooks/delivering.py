"""One round of calls that are due, for all organisations. Any number of these may run at once.

The calls themselves are made by a few threads that touch no database, so that an address which hangs delays
nobody else; what became of them is written here, under their lease.
"""

import logging
import random
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from organisations import tenancy
from organisations.models import Organisation
from post import calling, guarding, signing
from post.calling import Answer
from post.leases import one_transaction_within
from post.models import WebhookDelivery, WebhookEndpoint
from post.webhooks import leasing
from post.webhooks.leasing import Turn
from post.webhooks.outcomes import Outcome, write

log = logging.getLogger(__name__)
SIDE_BY_SIDE = 8  # addresses called at once
TURNS = 24  # in a round: the last of them begins well before its lease ends
TURN_SECONDS = 20.0  # after which an address waits for its next turn

type Clock = Callable[[], datetime]
type Stopping = Callable[[], bool]


@dataclass
class Talk:
    """What was said to one address in its turn."""

    turn: Turn
    outcomes: list[Outcome] = field(default_factory=list)
    rest: list[WebhookDelivery] = field(default_factory=list)


def dispatch(*, now: datetime, stopping: Stopping = lambda: False) -> int:
    """Call who is to be called; how many calls were taken. A database that looks like a copy calls nobody."""
    if not guarding.is_home(now=now, decides=False):
        return 0
    began = time.monotonic()

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - began)

    turns = _turns(now)
    if not turns:
        return 0
    with ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="webhook") as pool:
        talks = [pool.submit(_talk, turn, clock, stopping) for turn in turns]
        return sum(_settle(talk, clock) for talk in as_completed(talks))


def _turns(now: datetime) -> list[Turn]:
    with tenancy.dispatching():
        waiting = leasing.organisations_with_calls(now=now)
    organisations = list(Organisation.objects.filter(pk__in=waiting))
    random.shuffle(organisations)
    turns: list[Turn] = []
    for organisation in organisations:
        if len(turns) >= TURNS:
            break
        try:
            with one_transaction_within(organisation):
                if guarding.current_hold() is None:
                    turns += leasing.claim(organisation, now=now)
        except Exception:
            log.exception("webhooks of %s could not be claimed", organisation.slug)
    return turns


def _talk(turn: Turn, clock: Clock, stopping: Stopping) -> Talk:
    """Without the database: one call after the other, until the address says stop or nothing."""
    talk, began = Talk(turn), time.monotonic()
    for position, delivery in enumerate(turn.deliveries):
        if stopping() or time.monotonic() - began > TURN_SECONDS:
            talk.rest = turn.deliveries[position:]
            break
        outcome = _one(turn.endpoint, delivery, clock)
        talk.outcomes.append(outcome)
        if outcome.ends_the_turn:
            talk.rest = turn.deliveries[position + 1 :]
            break
    return talk


def _one(endpoint: WebhookEndpoint, delivery: WebhookDelivery, clock: Clock) -> Outcome:
    at, body = clock(), delivery.body.encode()
    answer: Answer | None = None
    words = ""
    began = time.monotonic()
    try:
        url, signed = _addressed(endpoint, delivery, body, at)
        headers = {"Content-Type": "application/json", "User-Agent": "Bosai-Webhooks/1", **signed}
        answer = calling.call(url, body=body, headers=headers)
    except (calling.MayNotReach, calling.NotAnswered, signing.SecretLost) as error:
        words = str(error)
    except Exception as error:  # one delivery's trouble is not another's
        log.exception("webhook %s could not be called", delivery.pk)
        words = type(error).__name__
    ms = round((time.monotonic() - began) * 1000)
    return Outcome(delivery, at, ms, answer, words, is_channel=endpoint.is_channel)


def _addressed(
    endpoint: WebhookEndpoint, delivery: WebhookDelivery, body: bytes, at: datetime
) -> tuple[str, dict[str, str]]:
    """Where to, and the headers of a signature; a channel reads none, its address is the secret."""
    if endpoint.is_channel:
        return signing.opened(endpoint.secret), {}
    return endpoint.url, signing.headers(delivery.message_id, body, secrets=_secrets(endpoint, at), at=at)


def _secrets(endpoint: WebhookEndpoint, at: datetime) -> list[str]:
    """The present one, and for a while the one before it."""
    stored = [endpoint.secret]
    if endpoint.earlier_until is not None and at < endpoint.earlier_until:
        stored.append(endpoint.earlier_secret)
    return [signing.opened(each) for each in stored]


def _settle(future: "Future[Talk]", clock: Clock) -> int:
    """Write what became of one turn, in one transaction; how many calls were taken."""
    talk = future.result()
    organisation = talk.turn.organisation
    try:
        with one_transaction_within(organisation):
            leasing.release(talk.turn, talk.rest)
            return sum(write(talk.turn, outcome, now=clock()) for outcome in talk.outcomes)
    except Exception:
        log.exception("outcomes of webhooks of %s were not written", organisation.slug)
        return 0
