"""What fits a customer now: the stage they are at, and what stands in their way."""

from collections.abc import Collection
from dataclasses import dataclass

from coaching.models import Challenge, Resource, Sending
from coaching.prompts import stage_of
from customers.models import Customer
from milestones.models import Enrolment, Milestone

MOST = 6


@dataclass(frozen=True)
class Fit:
    """Where somebody stands, as far as resources are chosen by it."""

    stage: Milestone.Stage | None
    kinds: Collection[int] = ()
    """The challenges that are open."""


def fit_of(customer: Customer) -> Fit:
    rows = Enrolment.objects.of_customer(customer).open().select_related("current")
    enrolment = rows.order_by("-enrolled_at", "-id").first()
    kinds = Challenge.objects.open().filter(customer=customer).values_list("kind", flat=True)
    return Fit(stage_of(enrolment), tuple(kinds))


def suggested(fit: Fit, *, customer: Customer, most: int = MOST) -> list[Resource]:
    """Against an open challenge first, then for the stage alone; not what somebody there has already.

    Without a stage nothing is suggested: nobody knows yet where they are.
    """
    if fit.stage is None:
        return []
    had = Sending.objects.filter(customer=customer).values("resource")
    here = Resource.objects.current().at_stage(fit.stage).exclude(pk__in=had).with_places().best_first()
    against = list(here.about(fit.kinds)[:most]) if fit.kinds else []
    plain = list(here.about_none()[: most - len(against)]) if len(against) < most else []
    return [*against, *plain]
