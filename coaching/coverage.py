"""Which guides there are and which are missing: every stage against every challenge of the catalogue."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from coaching.models import Challenge, ChallengeKind, Guide, GuideEdition
from milestones.models import Enrolment, Milestone

STAGES = tuple(Milestone.Stage)


@dataclass(frozen=True)
class Cell:
    """One place of the grid."""

    stage: Milestone.Stage
    kind: ChallengeKind | None
    guide: Guide | None
    number: int | None
    """Of the edition in force."""
    has_draft: bool
    here: int
    """Customers who are there now: at this stage, with this challenge open."""

    @property
    def is_missed(self) -> bool:
        """Somebody is there, and no guide is."""
        return self.number is None and self.here > 0


@dataclass(frozen=True)
class Row:
    kind: ChallengeKind | None
    """None: the plain guides."""
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Coverage:
    rows: Sequence[Row]

    @property
    def cells(self) -> list[Cell]:
        return [cell for row in self.rows for cell in row.cells]

    @property
    def in_force(self) -> int:
        return sum(1 for cell in self.cells if cell.number is not None)

    @property
    def in_all(self) -> int:
        return len(self.cells)

    @property
    def missed(self) -> list[Cell]:
        """Where customers are without a guide, most of them first."""
        return sorted((cell for cell in self.cells if cell.is_missed), key=lambda cell: -cell.here)


def coverage() -> Coverage:
    """Of the organisation we are within. Five statements, however large it is."""
    kinds = list(ChallengeKind.objects.current().in_order())
    guides = {(guide.stage, guide.kind_id): guide for guide in Guide.objects.all()}
    in_force = dict(GuideEdition.objects.in_force().values_list("guide_id", "number"))
    drafts = set(GuideEdition.objects.drafts().values_list("guide_id", flat=True))
    here = _here()

    def cell(stage: Milestone.Stage, kind: ChallengeKind | None) -> Cell:
        place = (str(stage), kind.pk if kind else None)
        guide = guides.get(place)
        pk = guide.pk if guide else 0
        return Cell(stage, kind, guide, in_force.get(pk), pk in drafts, here[place])

    return Coverage([Row(kind, [cell(stage, kind) for stage in STAGES]) for kind in (None, *kinds)])


def _here() -> Counter[Any]:
    """Customers by stage and open challenge; by stage alone under None."""
    there = {"customer__left_on": None, "customer__archived_at": None}
    on = Enrolment.objects.open().filter(**there, current__isnull=False)
    found: Counter[Any] = Counter()
    for stage, n in on.values_list("current__stage").annotate(n=Count("customer", distinct=True)).order_by():
        found[stage, None] = n
    challenges = Challenge.objects.open().filter(
        **there,
        customer__enrolments__ended_at=None,
        customer__enrolments__current__isnull=False,
    )
    stages = challenges.values_list("customer__enrolments__current__stage", "kind")
    for stage, kind, n in stages.annotate(n=Count("customer", distinct=True)).order_by():
        found[stage, kind] = n
    return found
