"""What happens to milestones, for other systems and chat channels that listen: no names of people."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import batched
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import Customer
from milestones.models import Achievement, Milestone, Verdict
from organisations.models import Organisation
from post.webhooks import Fact, Message, tell
from post.webhooks.telling import moment

AT_ONCE = 500
SINGLY = 20  # achievements of one moment that a chat channel hears of one by one
# Reasons that we give ourselves; what a person wrote is not told.
OWN_WORDS = {"contested", "evidence gone", "answer taken back", "import undone"}
VERDICTS = {
    "outcome_confirmed": "outcome.verified",
    "outcome_contested": "outcome.contested",
    "verdict_undone": "outcome.taken_back",
}


def achieved(organisation: Organisation, ids: Sequence[int], *, now: datetime) -> None:
    """What was brought in as history is passed over."""
    tell(
        organisation=organisation,
        kind="milestone.achieved",
        facts=lambda: _facts(ids, "achieved_at", organisation),
        now=now,
    )


def withdrawn(organisation: Organisation, ids: Sequence[int], *, now: datetime) -> None:
    """None, most of the time."""
    if not ids:
        return
    tell(
        organisation=organisation,
        kind="milestone.withdrawn",
        facts=lambda: _facts(ids, "withdrawn_at"),
        now=now,
    )


def answered(verdict: Verdict, verb: str, *, now: datetime) -> None:
    """The customer confirmed, contested, or took that back."""
    enrolment = verdict.enrolment

    def facts() -> Iterable[Fact]:
        data = {
            "verdict_id": verdict.pk,
            "customer": {"id": enrolment.customer_id, "key": enrolment.customer.key},
            "milestone": milestone_facts(verdict.milestone, journey=enrolment.journey.slug),
            "enrolment_id": enrolment.pk,
            "contact_id": verdict.contact_id,
            "answered_at": moment(verdict.at),
        }
        is_contest = verb == "outcome_contested"
        message = partial(_contested, verdict, enrolment.organisation) if is_contest else None
        return [Fact(verdict.pk, now, data, enrolment.customer_id, message)]

    tell(organisation=enrolment.organisation, kind=VERDICTS[verb], facts=facts, now=now)


def milestone_facts(milestone: Milestone, *, journey: str) -> dict[str, Any]:
    return {"id": milestone.pk, "key": milestone.key, "name": milestone.name, "journey": journey}


def _facts(ids: Sequence[int], timed_by: str, organisation: Organisation | None = None) -> Iterator[Fact]:
    """`organisation`: chat channels hear of it as well."""
    messages = _messages(ids, organisation) if organisation else None
    rows = Achievement.objects.select_related("milestone", "enrolment__customer", "enrolment__journey")
    for part in batched(ids, AT_ONCE):
        for row in rows.filter(pk__in=part, is_history=False).order_by("pk"):
            customer = row.enrolment.customer
            data = {
                "achievement_id": row.pk,
                "customer": {"id": customer.pk, "key": customer.key},
                "milestone": milestone_facts(row.milestone, journey=row.enrolment.journey.slug),
                "enrolment_id": row.enrolment_id,
                "achieved_at": moment(row.achieved_at),
                "recorded_at": moment(row.recorded_at),
                "days": row.days,
            }
            if row.withdrawn_at is not None:
                why = row.withdrawn_why
                data["withdrawn_why"] = why if why in OWN_WORDS else "ended"
            message = messages(row) if messages else None
            yield Fact(row.pk, getattr(row, timed_by), data, customer.pk, message)


def _messages(
    ids: Sequence[int], organisation: Organisation
) -> Callable[[Achievement], Callable[[], Message] | None]:
    """For a chat channel. Of many at once it hears in one message: with the first comes how many."""
    if len(ids) <= SINGLY:
        return lambda row: partial(_reached, row, organisation)
    first = iter([partial(_many, ids, organisation)])
    return lambda _row: next(first, None)


def _reached(row: Achievement, organisation: Organisation) -> Message:
    """Which company, which milestone; nobody's name, and no word of theirs."""
    customer = row.enrolment.customer
    title = _("%(customer)s reached a milestone") % {"customer": customer.name}
    return Message(title, _page(organisation, customer), _("Open the customer"), words=row.milestone.name)


def _many(ids: Sequence[int], organisation: Organisation) -> Message:
    n = Achievement.objects.filter(pk__in=ids, is_history=False).count()
    title = ngettext("%(n)d milestone reached", "%(n)d milestones reached", n) % {"n": n}
    url = settings.BOSAI_URL + reverse("dashboards:milestones", args=[organisation.slug])
    return Message(title, url, _("Open Milestones"), words=_("All at once, by an import or a late reading."))


def _contested(verdict: Verdict, organisation: Organisation) -> Message:
    customer = verdict.enrolment.customer
    title = _("%(customer)s says “not yet”") % {"customer": customer.name}
    return Message(title, _page(organisation, customer), _("Open the customer"), words=verdict.milestone.name)


def _page(organisation: Organisation, customer: Customer) -> str:
    return settings.BOSAI_URL + reverse("dashboards:customer", args=[organisation.slug, customer.pk])
