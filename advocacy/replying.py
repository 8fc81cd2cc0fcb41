"""What a guest says back to a celebration, once, on their own link; and that they passed its card on."""

from datetime import datetime
from typing import Any

from django.db import transaction

from advocacy.models import Celebration, CelebrationGuest, CelebrationReply
from organisations.models import User
from post.models import Link

PURPOSE, LONGEST = "reply", 2000


def seat_of(link: Link) -> CelebrationGuest | None:
    """Whose celebration this link was sent with."""
    if link.purpose != PURPOSE:
        return None
    related = ("celebration__milestone", "celebration__achievement", "contact",
               "celebration__enrolment__customer__owner", "celebration__enrolment__customer__organisation",
               "celebration__enrolment__journey")  # fmt: skip
    found: CelebrationGuest | None = (
        CelebrationGuest.objects.select_related(*related).filter(pk=link.subject_id).first()
    )
    return found


def reply(
    *, seat: CelebrationGuest, words: str = "", may_tell: bool = False, link: Link, now: datetime,
    ip: str | None = None,
) -> CelebrationReply:  # fmt: skip
    """One tap, with a sentence or without. Sent again, the later words stand; nothing is told twice."""
    words = words.strip()[:LONGEST]
    with transaction.atomic():
        row, is_new = _row(seat, link, now, ip, replied_at=now, words=words, may_tell=may_tell)
        is_news = is_new or row.replied_at is None or row.words != words
        row.replied_at = row.replied_at or now
        row.words, row.may_tell = words, may_tell
        if is_news:
            row.seen_at = row.seen_by = None
            _log(row, "celebration_replied", now=now)
        row.save(update_fields=["replied_at", "words", "may_tell", "seen_at", "seen_by"])
        Link.objects.filter(pk=link.pk, first_opened_at=None).update(first_opened_at=now)
    return row


def share(*, seat: CelebrationGuest, link: Link, now: datetime, ip: str | None = None) -> CelebrationReply:
    """They pass its card on. Counted once."""
    with transaction.atomic():
        row, is_new = _row(seat, link, now, ip, shared_at=now)
        if is_new or row.shared_at is None:
            row.shared_at = now
            row.save(update_fields=["shared_at"])
            _log(row, "celebration_shared", now=now)
    return row


def see(*, row: CelebrationReply, by: User, now: datetime) -> None:
    """Somebody here has read it: it leaves Today and stays in the history. Twice is once."""
    with transaction.atomic():
        held = CelebrationReply.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if held.seen_at is None and held.replied_at is not None:
            held.seen_at, held.seen_by = now, by
            held.save(update_fields=["seen_at", "seen_by"])
            _log(held, "celebration_reply_seen", now=now, by=by)


def _row(
    seat: CelebrationGuest, link: Link, now: datetime, ip: str | None, **said: Any
) -> tuple[CelebrationReply, bool]:
    """This guest's one row for this celebration, held, and whether it was made just now."""
    Celebration.objects.select_for_update(of=("self",)).get(pk=seat.celebration_id)  # one writer at a time
    about = {"celebration_id": seat.celebration_id, "contact_id": seat.contact_id}
    row: CelebrationReply | None = CelebrationReply.objects.filter(**about).first()
    if row is not None:
        return row, False
    made = {"organisation_id": seat.organisation_id, "from_ip": ip, "is_demo": link.is_demo}
    return CelebrationReply.objects.create(**made, **about, **said), True


def _log(row: CelebrationReply, verb: str, *, now: datetime, by: User | None = None) -> None:
    celebration = Celebration.objects.select_related("organisation", "enrolment").get(pk=row.celebration_id)
    said: dict[str, Any] = {} if by else {"contact_id": row.contact_id, "demo": row.is_demo}
    celebration.organisation.log(
        verb,
        by=by,
        now=now,
        subject=row,
        customer_id=celebration.enrolment.customer_id,
        milestone_id=celebration.milestone_id,
        **said,
    )
