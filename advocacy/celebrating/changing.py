"""What a person does with a celebration before it leaves: edit, approve, stop, bring back, or start one."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from advocacy.celebrating.authenticity import doubt_about
from advocacy.celebrating.choosing import choices
from advocacy.celebrating.faults import CannotChange, NotReady
from advocacy.celebrating.gathering import make
from advocacy.celebrating.locking import hold
from advocacy.celebrating.noting import note
from advocacy.models import Celebration, CelebrationGuest
from customers.models import Contact
from milestones.models import Achievement
from organisations.models import User

State = Celebration.State


def edit(
    *,
    celebration: Celebration,
    by: User,
    now: datetime,
    fact: str,
    personal_line: str,
    guests: Collection[Contact],
) -> Celebration:
    """Change the fact, the personal line and who it goes to. Raises CannotChange once it has left."""
    with transaction.atomic():
        row = _waiting(celebration)
        changed = _changes(row, fact=fact.strip(), personal_line=personal_line.strip())
        if _invite(row, guests):
            changed.append("guests")
        if changed:
            _wait_if_doubtful(row)
            row.save(update_fields=["fact", "personal_line", "state", "state_why"])
            note("celebration_edited", row, now=now, by=by, fields=changed).save()
    return row


def _wait_if_doubtful(row: Celebration) -> None:
    """What was typed decides whether it may go by itself; a reason that no longer holds is not shown."""
    doubt = doubt_about(fact=row.fact, has_guest=_reachable(row), personal_line=row.personal_line)
    if doubt:
        row.state, row.state_why = State.REVIEW, doubt[:200]


def approve(*, celebration: Celebration, by: User, now: datetime) -> Celebration:
    """A person's yes: it goes out once its hold has passed. Raises NotReady, CannotChange."""
    with transaction.atomic():
        row = _waiting(celebration)
        if row.state == State.WAITING:
            return row
        lacking = doubt_about(fact=row.fact, has_guest=_reachable(row), personal_line=row.personal_line)
        if row.achievement.withdrawn_at is not None:
            lacking = _("the milestone is not reached any more")
        if lacking:
            raise NotReady(_("It cannot go out: %(why)s.") % {"why": lacking})
        row.state, row.state_why, row.due_at = State.WAITING, "", max(row.due_at, now)
        row.save(update_fields=["state", "state_why", "due_at"])
        note("celebration_approved", row, now=now, by=by).save()
    return row


def stop(*, celebration: Celebration, by: User, now: datetime, why: str = "") -> Celebration:
    """No mail for this one. Raises CannotChange once it has left; stopping it again changes nothing."""
    with transaction.atomic():
        row = _locked(celebration)
        if row.state == State.STOPPED and row.stopped_by_id is not None:
            return row
        if row.state not in (State.REVIEW, State.WAITING, State.STOPPED):
            raise CannotChange(_("It is in the post already: see the outbox."))
        row.state, row.stopped_at, row.stopped_by = State.STOPPED, now, by
        row.state_why = why.strip()[:200] or _("stopped by %(name)s") % {"name": by.name}
        row.save(update_fields=["state", "stopped_at", "stopped_by", "state_why"])
        note("celebration_stopped", row, now=now, by=by, why="stopped").save()
    return row


def bring_back(*, celebration: Celebration, by: User, now: datetime) -> Celebration:
    """A stopped one waits for a yes again, if its milestone still stands. Raises CannotChange, NotReady."""
    with transaction.atomic():
        row = _locked(celebration)
        if row.state == State.REVIEW:
            return row
        if row.state != State.STOPPED:
            raise CannotChange(_("It was not stopped."))
        achievement = _standing(row)
        if achievement is None:
            raise NotReady(_("The milestone is not reached any more, so there is nothing to celebrate."))
        row.achievement, row.state, row.state_why = achievement, State.REVIEW, _("brought back")
        row.stopped_at = row.stopped_by = None
        row.save(update_fields=["achievement", "state", "state_why", "stopped_at", "stopped_by"])
        note("celebration_waiting", row, now=now, by=by).save()
    return row


def celebrate(*, achievement: Achievement, by: User, now: datetime) -> Celebration:
    """Start a celebration that none began by itself: history, a silent milestone. It waits for its yes.

    The one that exists is given back. Raises NotReady when the achievement does not stand.
    """
    organisation = achievement.organisation
    with (
        transaction.atomic(),
        translation.override(organisation.language),
        timezone.override(organisation.tzinfo),
    ):
        hold([achievement.enrolment_id])
        row = (
            Achievement.objects.select_for_update(of=("self",))
            .select_related(
                "organisation", "milestone", "enrolment__customer__owner", "enrolment__enrolled_by"
            )
            .get(pk=achievement.pk)
        )
        if row.withdrawn_at is not None:
            raise NotReady(_("The milestone is not reached any more, so there is nothing to celebrate."))
        same = Celebration.objects.filter(enrolment=row.enrolment_id, milestone_key=row.milestone_key).first()
        if same is not None:
            return same
        [made] = make([row], choices([row], now=now), organisation=organisation, now=now, by=by)
        made.state = State.REVIEW
        made.state_why = made.state_why or _("started by %(name)s") % {"name": by.name}
        made.save(update_fields=["state", "state_why"])
        Achievement.objects.filter(pk=row.pk).update(is_to_celebrate=False)
    return made


def _locked(celebration: Celebration) -> Celebration:
    rows = Celebration.objects.select_for_update(of=("self",)).select_related("enrolment", "achievement")
    return rows.get(pk=celebration.pk)


def _waiting(celebration: Celebration) -> Celebration:
    row = _locked(celebration)
    if row.state == State.STOPPED:
        raise CannotChange(_("It was stopped. Bring it back first."))
    if row.state not in (State.REVIEW, State.WAITING):
        raise CannotChange(_("It is in the post already: see the outbox."))
    return row


def _standing(row: Celebration) -> Achievement | None:
    same = Achievement.objects.standing().filter(enrolment=row.enrolment_id, milestone_key=row.milestone_key)
    return same.first()


def _changes(row: Celebration, **values: str) -> list[str]:
    """Set these on the row; the names of those that differ."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def _invite(row: Celebration, guests: Collection[Contact]) -> bool:
    """Make these the guests; whether that changed anything."""
    before = set(row.invited.values_list("contact_id", flat=True))
    after = {contact.pk for contact in guests if contact.customer_id == row.enrolment.customer_id}
    if before == after:
        return False
    row.invited.exclude(contact__in=after).delete()
    CelebrationGuest.objects.bulk_create(
        CelebrationGuest(organisation_id=row.organisation_id, celebration=row, contact_id=pk)
        for pk in sorted(after - before)
    )
    return True


def _reachable(row: Celebration) -> bool:
    return row.invited.filter(contact__left_on=None, contact__recipient__isnull=False).exists()
