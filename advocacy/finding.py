"""Proof for whoever asks: stories by words, segment, use case, metric and state, and how many there are."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q

from advocacy.models import Story, StoryConsent, StoryNumber, StoryUse
from advocacy.models.stories import StoryQuerySet

SOON = timedelta(days=60)


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for. Empty: everything."""

    q: str = ""
    segment: str = ""
    use_case: str = ""
    metric: str = ""
    state: str = ""
    """A state of a story, "usable" (a consent holds) or "soon" (one that ends soon)."""


@dataclass(frozen=True)
class Counts:
    """How the stories stand: S4."""

    by_state: dict[str, int] = field(default_factory=dict)
    usable: int = 0
    soon: int = 0
    uses: int = 0
    to_take_down: int = 0

    @property
    def in_all(self) -> int:
        return sum(self.by_state.values())


def find(wanted: Wanted, *, today: date) -> StoryQuerySet:
    """The newest first, with their customers and whether a consent holds."""
    standing = StoryConsent.objects.standing(today).filter(story=OuterRef("pk"), edition=OuterRef("edition"))
    rows: StoryQuerySet = Story.objects.with_customer().annotate(is_usable=Exists(standing))
    if wanted.q.strip():
        rows = rows.matching(wanted.q)
    if wanted.segment:
        rows = rows.filter(customer__segment__slug=wanted.segment)
    if wanted.use_case:
        rows = rows.filter(customer__use_case=wanted.use_case)
    if wanted.metric:
        shown = StoryNumber.objects.filter(story=OuterRef("pk"), metric__key=wanted.metric, is_shown=True)
        rows = rows.filter(Exists(shown))
    if wanted.state == "usable":
        rows = rows.filter(Exists(standing))
    elif wanted.state == "soon":
        rows = rows.filter(Exists(standing.filter(until__lte=today + SOON)))
    elif wanted.state in Story.State.values:
        rows = rows.filter(state=wanted.state)
    return rows.newest_first()


def count(*, today: date) -> Counts:
    states = dict(Story.objects.order_by().values_list("state").annotate(n=Count("pk")))
    same = StoryConsent.objects.standing(today).filter(edition=F("story__edition"))
    found = same.aggregate(n=Count("pk"), soon=Count("pk", filter=Q(until__lte=today + SOON)))
    uses = StoryUse.objects.filter(ended_at=None).aggregate(
        n=Count("pk"), down=Count("pk", filter=Q(story__state=Story.State.DOWN))
    )
    return Counts(
        by_state={state: states.get(state, 0) for state in Story.State.values},
        usable=found["n"],
        soon=found["soon"],
        uses=uses["n"],
        to_take_down=uses["down"],
    )
