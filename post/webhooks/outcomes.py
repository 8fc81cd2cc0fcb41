"""What became of one call, written under its lease."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from post.calling import Answer
from post.models import WebhookDelivery, WebhookEndpoint
from post.webhooks import leasing, schedule
from post.webhooks.leasing import Turn

NOT_FOUND, GONE, TOO_MANY, BUSY = 404, 410, 429, 503
KEPT_TRIES = 20
State = WebhookDelivery.State


@dataclass(frozen=True)
class Outcome:
    """One call: the answer, or in `words` why there was none."""

    delivery: WebhookDelivery
    at: datetime
    ms: int
    answer: Answer | None
    words: str = ""
    is_channel: bool = False

    @property
    def status(self) -> int | None:
        return self.answer.status if self.answer else None

    @property
    def is_taken(self) -> bool:
        return self.answer is not None and 200 <= self.answer.status < 300

    @property
    def wants_a_pause(self) -> bool:
        return self.answer is None or self.answer.status in (TOO_MANY, BUSY)

    @property
    def ends_the_turn(self) -> bool:
        return self.wants_a_pause or self.is_gone

    @property
    def is_gone(self) -> bool:
        """They want no more of it. A channel whose hook was removed says 404, which heals by no try."""
        return self.status == GONE or (self.is_channel and self.status == NOT_FOUND)

    def said(self) -> dict[str, Any]:
        words = self.words
        if self.answer is not None:
            words = self.answer.words
            if 300 <= self.answer.status < 400:
                words = _("It answered with a redirect, which is not followed.")
        return {"at": self.at.isoformat(), "status": self.status, "ms": self.ms, "words": words[:200]}


def write(turn: Turn, outcome: Outcome, *, now: datetime) -> bool:
    """Whether it was taken, and the row says so now. Call it within the organisation."""
    with override(turn.organisation.language):
        delivery = outcome.delivery
        fields: dict[str, Any] = {
            "attempts": delivery.attempts + 1,
            "tries": [*delivery.tries, outcome.said()][-KEPT_TRIES:],
        }
        if outcome.is_taken:
            return _rest(turn, delivery, State.DELIVERED, fields, now)
        if outcome.is_gone:
            _rest(turn, delivery, State.FAILED, fields, now)
            _gone(turn, outcome, now)
            return False
        wish = schedule.wished(outcome.answer.retry_after, now=now) if outcome.answer else None
        if outcome.wants_a_pause:
            _pause(turn.endpoint, now + (wish or schedule.PAUSE))
        _try_again(turn, delivery, fields, wish, now)
        return False


def _try_again(
    turn: Turn, delivery: WebhookDelivery, fields: dict[str, Any], wish: timedelta | None, now: datetime
) -> None:
    at = schedule.next_try(fields["attempts"], now=now, wish=wish)
    if at is None:
        _rest(turn, delivery, State.FAILED, fields, now)
        turn.organisation.log(
            "webhook_failed", by=None, now=now, subject=turn.endpoint, message=delivery.message_id
        )
    elif leasing.write(delivery, turn.token, due_at=at, **fields):
        leasing.set_due(turn.organisation, [delivery.pk], at)


def _rest(turn: Turn, delivery: WebhookDelivery, state: State, fields: dict[str, Any], now: datetime) -> bool:
    if not leasing.write(delivery, turn.token, state=state, settled_at=now, **fields):
        return False
    leasing.forget([delivery.pk])
    return True


def _pause(endpoint: WebhookEndpoint, until: datetime) -> None:
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(paused_until=until)


def _gone(turn: Turn, outcome: Outcome, now: datetime) -> None:
    why = _("it answered 410: gone") if outcome.status == GONE else _("it answered 404: not there any more")
    on = WebhookEndpoint.objects.filter(pk=turn.endpoint.pk, off_at=None)
    if on.update(off_at=now, off_why=why):
        turn.organisation.log("webhook_off", by=None, now=now, subject=turn.endpoint, cause="gone")
        WebhookDelivery.objects.filter(endpoint=turn.endpoint).stop(now=now)
