"""What became of a delivery, written under its lease token, each with its event in the same transaction.

A write that changes nothing means that somebody else owns the row by now: it is logged and left alone.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from organisations.models import Event, Organisation
from post import leases, statements
from post.leases import one_transaction_within
from post.models import Delivery, Recipient
from post.smtp import RefusedError, Server

log = logging.getLogger(__name__)
State = Delivery.State

UNSURE = "mail_unsure"
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(hours=1)
UNREACHED_WAIT = timedelta(seconds=15)
GIVE_UP_AFTER = timedelta(days=3)  # since the first try


class Outcomes:
    """Writes the outcomes of one organisation's deliveries. `expected` is the state we left the row in."""

    def __init__(self, organisation: Organisation, clock: Callable[[], datetime]) -> None:
        self.organisation = organisation
        self.clock = clock

    def sent(self, delivery: Delivery, words: str) -> None:
        now = self.clock()
        with one_transaction_within(self.organisation):
            if not statements.conclude(delivery, words=words, now=now):
                _lost(delivery)

    def settled(self, delivery: Delivery, expected: State, state: State, reason: str) -> None:
        """Come to rest in a state other than `sent`. What may have arrived before is never called refused."""
        with one_transaction_within(self.organisation):
            if state == State.FAILED and self._was_unsure(delivery):
                state, reason = State.UNCERTAIN, _("an earlier try may have arrived: %s") % reason
            if self._write(delivery, expected, state=state, reason=reason[:500]):
                statements.log(f"mail_{state}", delivery, now=self.clock())

    def broken_off(self, delivery: Delivery) -> None:
        """Its lease ran out while it was being sent."""
        self.unsure(delivery, _("sending was cut short: it may have arrived"))

    def unsure(self, delivery: Delivery, reason: str) -> None:
        """Nobody knows whether the server took it: a person decides, unless a second copy is known to be
        dropped, or the organisation would rather have two than none. Its Message-ID stays either way.
        """
        with one_transaction_within(self.organisation):
            if not self._may_go_again(delivery):
                self.settled(delivery, State.SENDING, State.UNCERTAIN, reason)
                return
            statements.log(UNSURE, delivery, now=self.clock())
            self.put_off(delivery, State.SENDING, reason)

    def _may_go_again(self, delivery: Delivery) -> bool:
        if Delivery.objects.filter(pk=delivery.pk).exclude(recalled_why="").exists():
            return False
        server, first = Server.configured(), delivery.first_tried_at
        age = self.clock() - first if first is not None else timedelta(0)
        if server is not None and server.knows_again_for and age < server.knows_again_for:
            return True
        return self.organisation.uncertain_mail == Organisation.Unsure.RESEND and age < GIVE_UP_AFTER

    def _was_unsure(self, delivery: Delivery) -> bool:
        return Event.objects.filter(
            verb=UNSURE, subject_type=Delivery._meta.label_lower, subject_id=delivery.pk
        ).exists()

    def refused(self, delivery: Delivery, expected: State, error: RefusedError) -> None:
        """The server said no: for good, or for now. An address it does not know gets no more mails."""
        if not error.is_for_good:
            self.put_off(delivery, expected, str(error))
            return
        with one_transaction_within(self.organisation):
            self.settled(delivery, expected, State.FAILED, str(error))
            if error.is_bad_address:
                Recipient.objects.filter(pk=delivery.recipient_id).update(bounced_at=self.clock())

    def put_off(self, delivery: Delivery, expected: State, reason: str) -> None:
        """Try again later, twice as long each time; give up three days after the first try."""
        tries = delivery.attempts + (expected == State.PENDING)
        wait = min(FIRST_WAIT * 2 ** min(tries - 1, 20), LONGEST_WAIT)
        self._try_again(delivery, expected, reason, wait=wait, tries=tries)

    def unreached(self, delivery: Delivery, reason: str) -> None:
        """There was no server to try it with: soon again, without counting."""
        self._try_again(delivery, State.PENDING, reason, wait=UNREACHED_WAIT, tries=delivery.attempts)

    def _try_again(
        self, delivery: Delivery, expected: State, reason: str, *, wait: timedelta, tries: int
    ) -> None:
        now, first = self.clock(), delivery.first_tried_at
        if first is not None and now - first > GIVE_UP_AFTER:
            self.settled(delivery, expected, State.FAILED, reason)
        else:
            marks = {"attempts": tries, "first_tried_at": first or now}
            self.waits_until(delivery, now + wait, expected, reason, **marks)

    def waits_until(
        self, delivery: Delivery, at: datetime, expected: State, reason: str, **fields: Any
    ) -> None:
        """Due again at that moment, and free for anybody; stopped when it was recalled on its way."""
        fields |= {"state": State.PENDING, "due_at": at, "reason": reason[:500]}
        with one_transaction_within(self.organisation):
            if self._write(delivery, expected, **fields) and not self._is_recalled(delivery):
                leases.set_due(delivery, at)

    def _is_recalled(self, delivery: Delivery) -> bool:
        recalled = Delivery.objects.filter(pk=delivery.pk, state=State.PENDING).exclude(recalled_why="")
        return bool(recalled.update(state=State.STOPPED, reason=F("recalled_why")))

    def _write(self, delivery: Delivery, expected: State, **fields: Any) -> bool:
        is_ours = leases.write(delivery, expected=expected, lease_token=None, lease_until=None, **fields)
        if not is_ours:
            _lost(delivery)
        return is_ours


def _lost(delivery: Delivery) -> None:
    log.warning("delivery %s: outcome not written, somebody else owns it", delivery.pk)
