"""What its reader does with a resource: looks at it, says whether it helped. By their link alone."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.models import Sending
from post.models import Link


class NotTheirs(Exception):
    """This link only shows. Nothing was stored."""


def note_opening(*, sending: Sending, link: Link, now: datetime) -> None:
    """A person has it before their eyes, for the first time. The demo's visits are nobody's."""
    if not link.is_demo:
        Sending.objects.filter(pk=sending.pk, opened_at=None).update(opened_at=now)


def may_judge(sending: Sending, link: Link) -> bool:
    """By the link of this very mail. In the demo a member looks as the customer, and is marked."""
    is_its_own = link.purpose == "resource" and link.subject_id == sending.pk
    return is_its_own or link.is_demo


def judge(*, sending: Sending, link: Link, has_helped: bool, now: datetime) -> None:
    """Their word, which they may change: the last one counts. Raises NotTheirs."""
    if not may_judge(sending, link):
        raise NotTheirs(_("This link only shows. Answer by the link in the mail that brought it."))
    with transaction.atomic():
        row = Sending.objects.select_for_update(of=("self",)).select_related("customer__organisation")
        stored: Sending = row.get(pk=sending.pk)
        if stored.has_helped == has_helped:
            return
        stored.has_helped, stored.judged_at, stored.is_demo = has_helped, now, link.is_demo
        stored.opened_at = stored.opened_at or now
        stored.save(update_fields=["has_helped", "judged_at", "is_demo", "opened_at"])
        stored.customer.organisation.log(
            "resource_judged",
            by=None,
            now=now,
            subject=stored,
            customer_id=stored.customer_id,
            resource_id=stored.resource_id,
            contact_id=stored.contact_id,
            has_helped=has_helped,
            demo=link.is_demo,
        )
