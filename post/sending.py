"""One delivery after the other over one conversation: the protocol that makes a mail leave once, or say so.

Nothing is sent before `sending` is committed, and nothing is sent again after that without a person's word,
unless the mail server itself said no. Two things are done while the server thinks, because its answers are
what costs time: the last outcome is written, and the next message is built.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from enum import Enum, auto

from django.conf import settings
from django.utils.translation import gettext as _

from organisations.models import Organisation
from post import composing, leases, marks, mime, statements, wishes
from post.composing import Composed
from post.leases import one_transaction_within
from post.models import Delivery, Recipient
from post.outcomes import Outcomes
from post.smtp import (
    BrokenOffError,
    Conversation,
    DeniedError,
    NoAnswerError,
    NotReachedError,
    RefusedError,
)

log = logging.getLogger(__name__)
State = Delivery.State


class Result(Enum):
    SENT = auto()
    SETTLED = auto()  # this row is done with for now; the next may go
    STUCK = auto()  # the server kept silent: this organisation sits out the rest of the round
    UNREACHED = auto()  # there is no server to talk to: the round is over
    DENIED = auto()  # it does not let us in: best left alone for a while


class Sending:
    """Sends one organisation's deliveries. Use it as a context: leaving it writes the last outcome."""

    def __init__(
        self, organisation: Organisation, conversation: Conversation, clock: Callable[[], datetime]
    ) -> None:
        self.organisation = organisation
        self.conversation = conversation
        self.clock = clock
        self.outcomes = Outcomes(organisation, clock)
        self.sender = mime.address(settings.MAIL_FROM)
        self._taken: tuple[Delivery, str] | None = None  # by the server, not written yet
        self._ready: tuple[int, Composed] | None = None  # built ahead, for the delivery of this id

    def __enter__(self) -> "Sending":
        return self

    def __exit__(self, *_: object) -> None:
        self._write_taken()

    def send(self, delivery: Delivery, following: Delivery | None = None) -> Result:
        """Never raises for what a recipient or a mail server does; raises for a mail that cannot be built."""
        try:
            to = mime.address(delivery.address)
            self.conversation.offer(self.sender, to, meanwhile=self._write_taken)
            composed = self._commit_to(delivery)
        except mime.UnusableAddressError:
            why = _("no mail server takes this address")
            self.outcomes.settled(delivery, State.PENDING, State.FAILED, why)
        except NotReachedError as error:
            self.outcomes.unreached(delivery, str(error))
            return Result.DENIED if isinstance(error, DeniedError) else Result.UNREACHED
        except BrokenOffError as error:
            self.outcomes.put_off(delivery, State.PENDING, str(error))
            return Result.STUCK if error.is_time_out else Result.SETTLED
        except RefusedError as error:
            self.outcomes.refused(delivery, State.PENDING, error)
        else:
            if composed is not None:
                return self._hand_over(delivery, composed.message, following)
        return Result.SETTLED

    def stumbled(self, delivery: Delivery, error: Exception) -> None:
        """Something of ours failed. What was not begun is put off; what was open becomes uncertain later."""
        self.conversation.close()
        why = _("could not be sent: %(error)r") % {"error": error}
        self.outcomes.put_off(delivery, State.PENDING, why)

    def _commit_to(self, delivery: Delivery) -> Composed | None:
        """Ask the recipient once more and commit `sending`, in one transaction. None: it must not go now."""
        composed = self._composed(delivery)
        now, seconds = self.clock(), int(leases.SEND.total_seconds())
        with one_transaction_within(self.organisation):
            may_go = not self._is_counted(delivery) and statements.begin_if_nothing_speaks_against(
                delivery, composed.links, lease_seconds=seconds, now=now
            )
            if not may_go:
                if not self._begin(delivery, now):
                    return None
                statements.keep(composed.links, organisation_id=self.organisation.pk)
            number = statements.count_send()
        marks.advance(number)  # after the commit, before the message: see `guarding`
        delivery.attempts += 1
        return composed

    def _is_counted(self, delivery: Delivery) -> bool:
        """Whether the recipient's budget or their working hours have a say in it."""
        is_held = self.organisation.mails_per_week is not None and delivery.purpose in wishes.HELD_BY_BUDGET
        return is_held or delivery.purpose in wishes.AT_WORK

    def _begin(self, delivery: Delivery, now: datetime) -> bool:
        """The same for a recipient who has wishes, and for whoever lost the lease."""
        recipient = Recipient.objects.select_for_update(of=("self",)).filter(pk=delivery.recipient_id).first()
        if recipient is None:
            answer = wishes.Answer(refused=_("the address was erased"))
        else:
            recipient.organisation = self.organisation
            answer = wishes.ask(
                recipient,
                purpose=delivery.purpose,
                now=now,
                budget=self.organisation.mails_per_week,
                lately=self._lately(recipient, now),
            )
        if answer.refused:
            self.outcomes.settled(delivery, State.PENDING, State.SUPPRESSED, answer.refused)
        elif answer.later:
            self.outcomes.waits_until(delivery, answer.later, State.PENDING, answer.why)
        elif leases.begin(delivery, now=now):
            return True
        else:
            log.info("delivery %s is somebody else's by now", delivery.pk)
        return False

    def _lately(self, recipient: Recipient, now: datetime) -> list[datetime]:
        """When what counts of the last seven days went to them, or may have."""
        if self.organisation.mails_per_week is None:
            return []
        return [at for _pk, at in Delivery.objects.when_counted([recipient.pk], now=now)]

    def _hand_over(self, delivery: Delivery, message: bytes, following: Delivery | None) -> Result:
        try:
            words = self.conversation.hand_over(message, meanwhile=lambda: self._build_ahead(following))
        except NoAnswerError as error:
            self.outcomes.unsure(delivery, _no_answer(error))
            return Result.STUCK if error.is_time_out else Result.SETTLED
        except BrokenOffError as error:
            self.outcomes.put_off(delivery, State.SENDING, str(error))
            return Result.STUCK if error.is_time_out else Result.SETTLED
        except RefusedError as error:
            self.outcomes.refused(delivery, State.SENDING, error)
            return Result.SETTLED
        self._taken = delivery, words
        return Result.SENT

    def _write_taken(self) -> None:
        """The outcome of the mail before this one. A failure here leaves it uncertain, and this one alone."""
        taken, self._taken = self._taken, None
        if taken is not None:
            try:
                self.outcomes.sent(*taken)
            except Exception:
                log.exception("delivery %s was sent and could not be marked so", taken[0].pk)

    def _build_ahead(self, delivery: Delivery | None) -> None:
        self._ready = None
        if delivery is not None:
            try:
                self._ready = delivery.pk, self._compose(delivery)
            except Exception:
                log.debug("delivery %s is left for its own turn to fail", delivery.pk)

    def _composed(self, delivery: Delivery) -> Composed:
        ready, self._ready = self._ready, None
        return ready[1] if ready and ready[0] == delivery.pk else self._compose(delivery)

    def _compose(self, delivery: Delivery) -> Composed:
        return composing.compose(
            delivery, organisation=self.organisation, sender=self.sender, now=self.clock()
        )


def _no_answer(error: NoAnswerError) -> str:
    return _("the mail server took the message and did not answer: %(words)s") % {"words": error}
