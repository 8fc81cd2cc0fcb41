"""Events of referrals, ids alone; and what a CRM hears of them: no name, no address, no words."""

from datetime import datetime
from typing import Any

from advocacy.models import Referral
from milestones.announcing import milestone_facts
from organisations.models import User
from post.webhooks import Fact, tell


def note(row: Referral, verb: str, *, now: datetime, by: User | None = None, **data: Any) -> None:
    """On the advocate's customer. Give it with its people loaded."""
    about = {key: value for key, value in data.items() if value}
    if row.advocate:
        about["contact_id"] = row.advocate.contact_id
    customer_id = row.advocate.contact.customer_id if row.advocate else None
    row.organisation.log(verb, by=by, now=now, subject=row, customer_id=customer_id, **about)


def announce(row: Referral, kind: str, *, now: datetime) -> None:
    def facts() -> list[Fact]:
        by = row.advocate.contact.customer if row.advocate else None
        made = row.achievement
        milestone = (
            milestone_facts(made.milestone, journey=made.milestone.version.journey.slug) if made else None
        )
        data = {
            "referral_id": row.pk,
            "advocate_id": row.advocate_id,
            "customer": {"id": by.pk, "key": by.key} if by else None,
            "milestone": milestone,
            "amount_e4": row.amount_e4,
            "currency": row.currency,
            "became": {"id": row.customer.pk, "key": row.customer.key} if row.customer else None,
        }
        return [Fact(row.pk, now, data, by.pk if by else None)]

    tell(organisation=row.organisation, kind=kind, facts=facts, now=now)
