"""What a celebration names and to whom it goes, for a whole batch of achievements at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from advocacy.celebrating.authenticity import doubt_about
from customers.models import Contact
from milestones.evidence import fact_of
from milestones.models import Achievement, Claim, CriterionProgress, Milestone, Verdict
from organisations.models import User

type Key = tuple[int, str]


@dataclass(frozen=True)
class Choice:
    """What a celebration starts with. `doubt` says why a person should look at it first; empty: nothing."""

    fact: str
    guests: Sequence[Contact]
    signed_by: User | None
    doubt: str


def choices(achievements: Iterable[Achievement], *, now: datetime) -> dict[int, Choice]:
    """The choice for each achievement, by its id: four queries, however many.

    Give them with their enrolment, its customer and owner, their milestone and organisation loaded.
    """
    rows = list(achievements)
    evidence = _Evidence.about(rows)
    return {row.pk: evidence.choice(row, now) for row in rows}


@dataclass
class _Evidence:
    met: dict[tuple[int, int], list[CriterionProgress]]
    claims: dict[Key, list[Claim]]
    verdicts: dict[Key, list[Verdict]]
    people: dict[int, list[Contact]]

    @classmethod
    def about(cls, rows: Sequence[Achievement]) -> "_Evidence":
        enrolments = {row.enrolment_id for row in rows}
        claims = Claim.objects.filter(enrolment__in=enrolments, withdrawn_at=None)
        met = CriterionProgress.objects.filter(enrolment__in=enrolments).select_related("criterion__metric")
        people = Contact.objects.current().filter(customer__in={row.enrolment.customer_id for row in rows})
        found = cls(defaultdict(list), defaultdict(list), defaultdict(list), defaultdict(list))
        for progress in met.order_by("met_at", "id"):
            found.met[progress.enrolment_id, progress.criterion.milestone_id].append(progress)
        for claim in claims.select_related("claimed_by").order_by("id"):
            found.claims[claim.enrolment_id, claim.milestone_key].append(claim)
        for verdict in Verdict.objects.standing().filter(enrolment__in=enrolments).order_by("at", "id"):
            found.verdicts[verdict.enrolment_id, verdict.milestone_key].append(verdict)
        for contact in people.exclude(recipient=None).select_related("recipient"):
            found.people[contact.customer_id].append(contact)
        return found

    def choice(self, row: Achievement, now: datetime) -> Choice:
        at = (row.enrolment_id, row.milestone_key)
        claims, verdicts = self.claims[at], self.verdicts[at]
        met = self.met[row.enrolment_id, row.milestone_id]
        fact = fact_of(row, met=met, claims=claims, verdicts=verdicts, now=now)
        guests = _guests(self.people[row.enrolment.customer_id], claims, verdicts)
        owner = row.enrolment.customer.owner
        claimed_by = claims[-1].claimed_by if claims else None
        return Choice(
            fact=fact,
            guests=guests,
            signed_by=owner or claimed_by or row.enrolment.enrolled_by,
            doubt=_doubt(row, fact=fact, has_guest=bool(guests), now=now),
        )


def _guests(
    people: Sequence[Contact], claims: Sequence[Claim], verdicts: Sequence[Verdict]
) -> Sequence[Contact]:
    """Those marked to celebrate with; else who confirmed or is named; else the primary contact."""
    marked = [contact for contact in people if contact.celebrate_with]
    if marked:
        return marked
    named = {verdict.contact_id for verdict in verdicts if verdict.is_confirmation}
    named |= {claim.named_contact_id for claim in claims}
    return [contact for contact in people if contact.pk in named] or [
        contact for contact in people if contact.is_primary
    ]


def _doubt(row: Achievement, *, fact: str, has_guest: bool, now: datetime) -> str:
    lacking = doubt_about(fact=fact, has_guest=has_guest)
    if lacking:
        return lacking
    if row.milestone.celebrate == Milestone.Celebrate.REVIEW:
        return _("this milestone's celebrations wait for a person's yes")
    limit = row.organisation.celebrate_within_days
    if limit is not None and now - row.achieved_at > timedelta(days=limit):
        return _("reached more than %(days)d days ago") % {"days": limit}
    return ""
