"""For which milestones nothing is on the shelf that anybody looked through in the last 180 days."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from coaching.models import Resource, ResourceTag
from milestones.models import Journey, JourneyVersion, Milestone


@dataclass(frozen=True)
class Shelf:
    """What there is for one stage."""

    stage: Milestone.Stage
    fresh: int
    """Resources looked through in the last 180 days."""
    stale: int


@dataclass(frozen=True)
class Need:
    """A milestone of a journey in force, and what there is for its stage."""

    milestone: Milestone
    shelf: Shelf

    @property
    def is_gap(self) -> bool:
        return self.shelf.fresh == 0


@dataclass(frozen=True)
class Needs:
    journey: Journey
    milestones: Sequence[Need]

    @property
    def gaps(self) -> list[Need]:
        return [need for need in self.milestones if need.is_gap]


def shelves(now: datetime) -> dict[str, Shelf]:
    """By stage. A resource for no stage in particular is one for every stage."""
    current = Resource.objects.current()
    fresh, stale = _by_stage(current.fresh(now)), _by_stage(current.stale(now))
    return {str(stage): Shelf(stage, fresh[stage], stale[stage]) for stage in Milestone.Stage}


def needs_of(*, now: datetime, journey: str = "") -> list[Needs]:
    """Of every published journey, or of one by its slug, in the version in force."""
    journeys = Journey.objects.published().order_by("name", "pk")
    if journey:
        journeys = journeys.filter(slug=journey)
    found = {one.pk: one for one in journeys}
    published = JourneyVersion.objects.filter(journey__in=found).exclude(published_at=None)
    newest = dict(published.order_by("number").values_list("journey", "pk"))
    milestones = Milestone.objects.filter(version__in=newest.values()).select_related("version")
    by_stage = shelves(now)
    needs: dict[int, list[Need]] = {pk: [] for pk in found}
    for milestone in milestones.order_by("version", "position"):
        needs[milestone.version.journey_id].append(Need(milestone, by_stage[milestone.stage]))
    return [Needs(found[pk], rows) for pk, rows in needs.items()]


def _by_stage(rows: object) -> Counter[str]:
    tags = ResourceTag.objects.filter(resource__in=rows, kind=None)
    pairs = set(tags.values_list("resource", "stage"))
    counted = Counter(stage for _resource, stage in pairs)
    everywhere = Resource.objects.filter(pk__in=rows.values("pk"))  # type: ignore[attr-defined]
    n = everywhere.exclude(pk__in={pk for pk, _stage in pairs}).count()
    return Counter({str(stage): counted[stage] + n for stage in Milestone.Stage})
