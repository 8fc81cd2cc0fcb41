"""What was reached before, as another system says: kept as evidence, and judged by the one judge.

It counts in every figure and is never celebrated. Judge the customers afterwards, with `history`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from milestones.models import Achievement, Criterion, CriterionProgress, Milestone, PastAchievement
from organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Past:
    """A milestone of an enrolment, and when it was reached."""

    enrolment_id: int
    milestone_key: str
    achieved_at: datetime


def remember(
    pasts: Sequence[Past],
    *,
    organisation: Organisation,
    source: str,
    now: datetime,
    import_id: int | None = None,
) -> None:
    """Keep each once; another day for the same milestone corrects it."""
    with transaction.atomic():
        about = {past.enrolment_id for past in pasts}
        standing = PastAchievement.objects.standing().select_for_update().filter(enrolment__in=about)
        known = {(row.enrolment_id, row.milestone_key): row for row in standing}
        new, changed = [], []
        for past in pasts:
            row = known.get((past.enrolment_id, past.milestone_key))
            if row is None:
                new.append(
                    PastAchievement(
                        organisation=organisation,
                        enrolment_id=past.enrolment_id,
                        milestone_key=past.milestone_key,
                        achieved_at=past.achieved_at,
                        recorded_at=now,
                        source=source,
                        import_id=import_id,
                    )
                )
            elif row.achieved_at != past.achieved_at:
                row.achieved_at = past.achieved_at
                changed.append(row)
        PastAchievement.objects.bulk_create(new, batch_size=500)
        PastAchievement.objects.bulk_update(changed, ["achieved_at"], batch_size=500)


def bearing_alone(pasts: Collection[PastAchievement]) -> set[int]:
    """Those (by id) whose milestone the customer confirmed, and that stands on no rule without them."""
    met = CriterionProgress.objects.filter(
        enrolment=OuterRef("enrolment"), criterion__milestone__key=OuterRef("milestone_key")
    )
    own = CriterionProgress.objects.filter(
        enrolment=OuterRef(OuterRef("enrolment")), criterion=OuterRef("pk")
    )
    unmet = Criterion.objects.filter(
        ~Exists(own),
        milestone__version=OuterRef("enrolment__version"),
        milestone__key=OuterRef("milestone_key"),
        milestone__join=Milestone.Join.ALL,
    )
    confirmed = Achievement.objects.standing().exclude(verified_at=None)
    alone = confirmed.filter(
        ~Exists(met) | Exists(unmet), enrolment__in={past.enrolment_id for past in pasts}
    )
    pairs = set(alone.values_list("enrolment_id", "milestone_key"))
    return {past.pk for past in pasts if (past.enrolment_id, past.milestone_key) in pairs}
