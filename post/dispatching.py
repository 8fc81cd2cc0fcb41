"""One round of sending what is due, for all organisations. Any number of these may run at once.

Organisations take turns of a few mails each, in random order, so that one with a stuck server or broken
rows delays nobody else. Without a mail server nothing is touched.
"""

import logging
import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError

from organisations import tenancy
from organisations.models import Organisation
from post import guarding, leases
from post.leases import one_transaction_within
from post.models import Delivery
from post.outcomes import Outcomes
from post.sending import Result, Sending
from post.smtp import Conversation, Server

log = logging.getLogger(__name__)
TURN = 50  # mails of one organisation before the next has its turn
ROUND_SECONDS = 20.0  # after which nobody has another turn
DENIED_SECONDS = 300.0  # between two tries with a password that was refused: servers lock out who insists
STUCK_AT_MOST = 3  # organisations; then the server is at fault, not their mails

_left_alone: dict[Server, float] = {}


def dispatch(*, now: datetime, stopping: Callable[[], bool] = lambda: False, is_loop: bool = True) -> int:
    """Send what is due; how many mails the server took. `stopping` ends the round after the open mail.

    Only the loop decides about a database that looks like a copy; others leave its mail alone.
    """
    if not guarding.is_home(now=now, decides=is_loop):
        return 0
    server = Server.configured()
    if server is None or time.monotonic() < _left_alone.get(server, 0):
        return 0
    conversation = Conversation(server)
    try:
        return Round(conversation, now, stopping).run()
    finally:
        conversation.close()


class Round:
    def __init__(self, conversation: Conversation, now: datetime, stopping: Callable[[], bool]) -> None:
        self.conversation = conversation
        self.now = now
        self.stopping = stopping
        self.began = time.monotonic()
        self.sent = 0
        self.stuck = 0
        self.is_unreached = False

    def clock(self) -> datetime:
        """`now`, moved on by the time this round has taken."""
        return self.now + timedelta(seconds=time.monotonic() - self.began)

    def run(self) -> int:
        with tenancy.dispatching():
            waiting = leases.organisations_with_post(now=self.now)
        organisations = list(Organisation.objects.filter(pk__in=waiting))
        random.shuffle(organisations)
        for organisation in organisations:
            self._guarded(self._call_uncertain, organisation)
        while organisations:  # everybody has one turn, however long the others took
            organisations = [each for each in organisations if self._guarded(self._turn, each)]
            if time.monotonic() - self.began > ROUND_SECONDS:
                break
        return self.sent

    def _is_over(self) -> bool:
        return self.is_unreached or self.stuck >= STUCK_AT_MOST or self.stopping()

    def _guarded(self, step: Callable[[Organisation], bool], organisation: Organisation) -> bool:
        """One organisation's trouble is not another's."""
        try:
            return step(organisation)
        except Exception:
            log.exception("dispatching for %s failed", organisation.slug)
            return False

    def _call_uncertain(self, organisation: Organisation) -> bool:
        with tenancy.within(organisation):
            run_out = leases.run_out()
        for delivery in run_out:
            Outcomes(organisation, self.clock).broken_off(delivery)
        return True

    def _turn(self, organisation: Organisation) -> bool:
        """A few mails of one organisation. False when it has no more for this round."""
        if self._is_over():
            return False
        with tenancy.within(organisation):
            if guarding.hold_back(organisation, now=self.now):
                return False
            claimed = leases.claim(organisation, limit=TURN, now=self.now)
        if not claimed:
            with one_transaction_within(organisation):
                leases.forget_settled(organisation, now=self.now)
            return False
        with Sending(organisation, self.conversation, self.clock) as sending:
            rest = self._send_all(sending, claimed)
        with one_transaction_within(organisation):
            leases.release(rest)
            leases.forget(claimed)
        return not rest and len(claimed) == TURN

    def _send_all(self, sending: Sending, claimed: list[Delivery]) -> list[Delivery]:
        """What could not be tried."""
        following: list[Delivery | None] = [*claimed[1:], None]
        for position, (delivery, after) in enumerate(zip(claimed, following, strict=True)):
            if self.stopping():
                return claimed[position:]
            result = self._one(sending, delivery, after)
            self.sent += result is Result.SENT
            self.stuck += result is Result.STUCK
            if result is Result.DENIED:
                _left_alone[self.conversation.server] = time.monotonic() + DENIED_SECONDS
            self.is_unreached = result in (Result.UNREACHED, Result.DENIED)
            if self.is_unreached or result is Result.STUCK:
                return claimed[position + 1 :]
        return []

    def _one(self, sending: Sending, delivery: Delivery, after: Delivery | None) -> Result:
        """One row that cannot be built or stored holds up no other."""
        try:
            return sending.send(delivery, after)
        except (OperationalError, InterfaceError):
            log.exception("the database failed while delivery %s was sent", delivery.pk)
            self.conversation.close()
            return Result.UNREACHED
        except Exception as error:
            log.exception("delivery %s could not be sent", delivery.pk)
            sending.stumbled(delivery, error)
            return Result.SETTLED
