"""The mails of recruiting: what is asked, and thanks. A celebration never asks for anything; these may."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from advocacy.models import Favour
from customers.models import Contact
from milestones.models import Achievement
from organisations.models import User
from post import posting
from post.composing import UNSUBSCRIBE
from post.linking import LinkSpec
from post.models import Delivery
from post.recalling import recall
from ui.mail import render_mail

LINK, LINK_DAYS = "[favour link]", 60
Purpose = Delivery.Purpose


def post_favour(favour: Favour, *, proof: Achievement, now: datetime, simulated: bool = False) -> Delivery:
    """What is asked, why of them, and the link on which they say yes or no."""
    context = {"favour": favour, "milestone": proof.milestone, "link": LINK, "days": LINK_DAYS}
    if favour.kind == Favour.Kind.REFERRAL:
        context["own_address"] = favour.contact.advocate.address
    return post(
        Purpose.FAVOUR,
        key=f"favour-{favour.pk}",
        to=favour.contact,
        template="advocacy/favour",
        context=context,
        now=now,
        by=favour.asked_by,
        links=[LinkSpec(LINK, "favour", favour.pk, LINK_DAYS)],
        simulated=simulated,
    )


def post_thanks(favour: Favour, *, now: datetime, simulated: bool = False) -> Delivery | None:
    """None when they cannot be written to any more."""
    if favour.contact.why_not_asked:
        return None
    return post(
        Purpose.THANKS,
        key=f"favour-{favour.pk}",
        to=favour.contact,
        template="advocacy/thanks",
        context={"thanks": favour.thanks, "what": favour.get_kind_display()},
        now=now,
        by=favour.thanked_by,
        simulated=simulated,
    )


def recall_favour(favour: Favour, *, why: str) -> None:
    recall(purpose=Purpose.FAVOUR, subject_keys=[f"favour-{favour.pk}"], why=why)


def post(
    purpose: Purpose,
    *,
    key: str,
    to: Contact,
    template: str,
    context: dict[str, Any],
    now: datetime,
    by: User | None,
    links: list[LinkSpec] | None = None,
    simulated: bool = False,
) -> Delivery:
    """A mail to one person in their language and zone."""
    organisation, recipient, csm = to.customer.organisation, to.recipient, by or to.customer.owner
    assert recipient is not None, "checked by the caller"
    recipient.organisation = organisation
    given: dict[str, Any] = {
        "organisation": organisation,
        "recipient": recipient,
        "contact": to,
        "customer": to.customer,
    }
    given |= {"csm": csm, "now": now, "unsubscribe_url": UNSUBSCRIBE, **context}
    with timezone.override(recipient.tzinfo()):
        mail = render_mail(template, given, recipient.language or organisation.language)
    return posting.post(
        organisation=organisation,
        purpose=purpose,
        subject_key=key,
        recipient=recipient,
        mail=mail,
        now=now,
        from_name=csm.name if csm else "",
        reply_to=csm.email if csm else "",
        customer_id=to.customer_id,
        links=links or [],
        simulated=simulated,
    )
