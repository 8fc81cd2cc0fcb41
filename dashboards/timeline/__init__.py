"""The log as people read it: events become sentences, newest first, a page at a time.

`entries_of` joins the names when they are shown; `page_of` pages by key, so that new events shift nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from dashboards.timeline.advocacy import ADVOCACY
from dashboards.timeline.advocacy import VERBS as OF_ADVOCACY
from dashboards.timeline.challenges import CHALLENGES
from dashboards.timeline.changes import CHANGES
from dashboards.timeline.circle_verbs import VERBS as OF_CIRCLES
from dashboards.timeline.circles import CIRCLES
from dashboards.timeline.entries import GROUP_OF, GROUPS, Entry
from dashboards.timeline.entries import VERBS as OF_ALL
from dashboards.timeline.facts import Facts, facts_of
from dashboards.timeline.journeys import JOURNEYS
from dashboards.timeline.outcomes import OUTCOMES
from dashboards.timeline.people import PEOPLE
from dashboards.timeline.plans import PLANS
from dashboards.timeline.resources import RESOURCES
from dashboards.timeline.sentences import SENTENCES
from dashboards.timeline.stories import STORIES
from organisations.models import Event

__all__ = [
    "GROUPS",
    "TOLD",
    "VERBS",
    "Entry",
    "EventPage",
    "Facts",
    "counts_of",
    "entries_of",
    "facts_of",
    "page_of",
    "sentence_of",
]
KINDS = (
    *(SENTENCES, OUTCOMES, PEOPLE, CHALLENGES, RESOURCES, PLANS),
    *(JOURNEYS, STORIES, CHANGES, ADVOCACY, CIRCLES),
)
VERBS = OF_ALL | OF_ADVOCACY | OF_CIRCLES
PAGE = 20
MOMENT = "%Y%m%dT%H%M%S%f"


@dataclass(frozen=True)
class EventPage:
    """Some events, newest first, and the key of where the older ones begin; empty at the end."""

    events: Sequence[Event]
    older: str


def page_of(events: QuerySet[Event], *, before: str = "", size: int = PAGE) -> EventPage:
    """The newest `size` events, or those older than the key `before`; nonsense begins at the top."""
    rows = events.select_related("actor").newest_first()  # type: ignore[attr-defined]
    if key := _read_key(before):
        at, pk = key
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    found = list(rows[: size + 1])
    shown = found[:size]
    return EventPage(shown, _key(shown[-1]) if len(found) > size else "")


def entries_of(events: Sequence[Event], facts: Facts, *, now: datetime) -> list[Entry]:
    """A sentence for each event, `now` in the reader's zone.

    A milestone that was reached by being confirmed is told once, as confirmed.
    """
    confirmed = {_moment(event) for event in events if event.verb == "outcome_confirmed"}
    told = (e for e in events if e.verb != "milestone_achieved" or _moment(e) not in confirmed)
    return [sentence_of(event, facts, now) for event in told]


def _moment(event: Event) -> tuple[object, datetime]:
    return event.data.get("milestone_id"), event.at


def counts_of(events: QuerySet[Event]) -> dict[str, int]:
    """How many events there are by group, and under "" in all."""
    counted: dict[str, int] = {"": 0, **dict.fromkeys(GROUPS, 0)}
    for row in events.order_by().values("verb").annotate(n=Count("pk")):
        counted[""] += row["n"]
        if group := GROUP_OF.get(row["verb"]):
            counted[group] += row["n"]
    return counted


def sentence_of(event: Event, facts: Facts, now: datetime) -> Entry:
    """One event in words."""
    sentence = next((kind[event.verb] for kind in KINDS if event.verb in kind), None)
    if sentence:
        entry = sentence(event, facts, now)
    else:
        entry = Entry(event, str(VERBS.get(event.verb) or _("Something happened")), icon="info")
    return replace(entry, via=facts.of(event, "token_id")) if "token_id" in event.data else entry


def _key(event: Event) -> str:
    return f"{event.at.astimezone(UTC).strftime(MOMENT)}-{event.pk}"


def _read_key(text: str) -> tuple[datetime, int] | None:
    at, _sep, pk = text.rpartition("-")
    try:
        return datetime.strptime(at, MOMENT).replace(tzinfo=UTC), int(pk)
    except ValueError:
        return None
