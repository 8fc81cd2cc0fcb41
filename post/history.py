"""What became of one delivery, step by step, from the event log."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from organisations.models import Event
from post.models import Delivery

STEPS = 50
LATEST_CLOCK = timedelta(minutes=5)  # an event may carry the time at which its round began

WORDS: dict[str, Any] = {
    "mail_sent": gettext_lazy("the mail server took it"),
    "mail_failed": gettext_lazy("refused"),
    "mail_uncertain": gettext_lazy("no answer: it may have arrived"),
    "mail_unsure": gettext_lazy("no answer: sent again under the same Message-ID"),
    "mail_suppressed": gettext_lazy("not sent: they asked us not to"),
}
DECIDED: dict[str, Any] = {
    Delivery.State.SENT: pgettext_lazy("somebody decided", "said that it arrived"),
    Delivery.State.PENDING: pgettext_lazy("somebody decided", "asked for another try"),
    Delivery.State.STOPPED: pgettext_lazy("somebody decided", "stopped it"),
}


@dataclass(frozen=True)
class Step:
    at: datetime
    words: str
    who: str = ""


def history(delivery: Delivery) -> list[Step]:
    """Oldest first: put in the post, first tried, and every outcome and decision since."""
    steps = [Step(delivery.created_at, _("put in the outbox"))]
    if delivery.first_tried_at:
        steps.append(Step(delivery.first_tried_at, _("first tried")))
    steps += [_step(event) for event in _events(delivery)]
    return sorted(steps, key=lambda step: step.at)


def _events(delivery: Delivery) -> list[Event]:
    """Found by verb and time, or by the customer's timeline: the log has no index by subject."""
    rows = Event.objects.filter(subject_type=Delivery._meta.label_lower, subject_id=delivery.pk)
    rows = rows.filter(verb__in=[*WORDS, "mail_settled"], at__gte=delivery.created_at - LATEST_CLOCK)
    if delivery.customer_id is not None:
        rows = rows.filter(customer_id=delivery.customer_id)
    return list(rows.select_related("actor").order_by("at", "pk")[:STEPS])


def _step(event: Event) -> Step:
    words = WORDS.get(event.verb) or DECIDED.get(event.data["state"], _("decided"))
    return Step(event.at, str(words), event.actor.name if event.actor else "")
