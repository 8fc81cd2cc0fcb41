"""Who is where: columns by next milestone, each in the order of who waits longest, paged by key.

A page asks the database for as many rows as it shows; the index of open enrolments by journey, milestone and
last step serves it, however many there are. Only the numbers above the columns count everybody: of many
customers once a minute (`dashboards.figures.kept`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, Literal

from django.db.models import Count, Q, QuerySet

from customers.models import Segment
from dashboards.board.states import Standing, State, States, standing_of
from dashboards.figures.wishes import NONE
from milestones.models import Enrolment, Journey, Milestone, Pause
from milestones.paces import Pace, paces_of
from organisations.models import Organisation, User

IN_A_COLUMN, ON_A_PAGE, CHUNK = 8, 50, 500
MOMENT = "%Y%m%dT%H%M%S%f"
END = ""  # the key of those who have reached everything


@dataclass(frozen=True)
class Wish:
    """Which board somebody asks for."""

    organisation: Organisation
    journey: Journey
    today: date
    segment: Segment | Literal["none"] | None = None
    owner: User | Literal["none"] | None = None
    state: str = ""


@dataclass(frozen=True)
class Card:
    """A customer on the board."""

    enrolment: Any
    milestone: str
    standing: Standing
    is_out_of_order: bool
    """A later milestone is reached, this one is not."""

    @property
    def key(self) -> str:
        """Where it stands in the order of its column."""
        return f"{self.enrolment.moved_at.astimezone(UTC).strftime(MOMENT)}-{self.enrolment.pk}"


@dataclass(frozen=True)
class Column:
    key: str
    name: str
    pace: Pace | None
    counts: dict[str, int]
    cards: list[Card]
    has_more: bool

    @property
    def n(self) -> int:
        return sum(self.counts.values())

    @property
    def said(self) -> list[tuple[str, str, int]]:
        """How many are in each state there are any in, the pressing ones first."""
        order = (State.STUCK, State.BEHIND, State.PAUSED, State.ON_TRACK)
        return [(state.value, str(state.label), n) for state in order if (n := self.counts.get(state, 0))]


class Board:
    """One journey as the wish asks for it."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish

    @cached_property
    def milestones(self) -> dict[str, Milestone]:
        """By key: those of the newest edition in order, then what only earlier ones have."""
        rows = Milestone.objects.filter(
            version__journey=self.wish.journey, version__published_at__isnull=False
        )
        found: dict[str, Milestone] = {}
        for row in rows.order_by("-version__number", "position"):
            found.setdefault(row.key, row)
        return found

    @cached_property
    def paces(self) -> dict[str, Pace]:
        wish = self.wish
        return paces_of(wish.journey, as_of=wish.today, organisation=wish.organisation)

    @cached_property
    def _states(self) -> States:
        pauses = Pause.objects.standing().filter(enrolment__journey=self.wish.journey)
        ever = pauses if pauses.exists() else None
        return States(self.paces, self.wish.today, self.wish.organisation, ever)

    def rows(self, keys: Collection[str] | None = None) -> QuerySet[Enrolment]:
        """Open enrolments asked for, at these milestones (none: all), in no order."""
        wish = self.wish
        rows = Enrolment.objects.open().filter(
            journey=wish.journey, customer__left_on=None, customer__archived_at=None
        )
        for name, value in (("segment", wish.segment), ("owner", wish.owner)):
            if value is not None:
                rows = rows.filter(**{f"customer__{name}": None if value == NONE else value})
        if keys is not None:
            rows = rows.filter(current_key__in=keys)
        if wish.state:
            at = [key for key in self.milestones if keys is None or key in keys]
            rows = rows.filter(self._states.where(wish.state, at))
        return rows

    def columns(self, counts: dict[str, dict[str, int]]) -> list[Column]:
        """Every milestone with the first of its customers; those at the end last. One query a column."""
        found = [self._first(key) for key in [*self.milestones, END]]
        cards = self._cards([row for rows, _more in found for row in rows])
        by_key: dict[str, list[Card]] = defaultdict(list)
        for card in cards:
            by_key[card.enrolment.current_key].append(card)
        return [
            Column(
                key=key,
                name=self.milestones[key].name if key else "",
                pace=self.paces.get(key),
                counts=counts.get(key, {}),
                cards=by_key[key],
                has_more=more,
            )
            for key, (_rows, more) in zip([*self.milestones, END], found, strict=True)
            if key or by_key[key]
        ]

    def _first(self, key: str) -> tuple[list[Enrolment], bool]:
        if key == END and self.wish.state:
            return [], False  # who has reached everything is in none of the states
        rows = self._ordered(self.rows([key]))[: IN_A_COLUMN + 1]
        found = list(rows)
        return found[:IN_A_COLUMN], len(found) > IN_A_COLUMN

    def page(self, key: str, *, after: str = "", size: int = ON_A_PAGE) -> tuple[list[Card], bool]:
        """Of one column, what follows the key `after`, and whether there is more."""
        rows = self.rows([key])
        if place := read_key(after):
            at, pk = place
            rows = rows.filter(Q(moved_at__gt=at) | Q(moved_at=at, pk__gt=pk))
        found = list(self._ordered(rows)[: size + 1])
        return self._cards(found[:size]), len(found) > size

    def every(self, keys: Collection[str]) -> Iterator[Card]:
        """All cards of these columns, read in chunks, column by column."""
        for key in keys:
            after, more = "", True
            while more:
                cards, more = self.page(key, after=after, size=CHUNK)
                yield from cards
                after = cards[-1].key if cards else ""

    def _ordered(self, rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
        """Who waits longest first."""
        related = rows.select_related("customer__owner", "customer__segment", "version", "current")
        return related.order_by("moved_at", "pk")

    def _cards(self, enrolments: list[Enrolment]) -> list[Card]:
        pauses: dict[int, list[Pause]] = {}
        if self._states.pauses is not None and enrolments:
            pauses = Pause.objects.standing().by_enrolment(enrolments)
        return [self._card(row, pauses.get(row.pk, [])) for row in enrolments]

    def _card(self, row: Enrolment, pauses: list[Pause]) -> Card:
        standing = standing_of(
            row,
            pace=self.paces.get(row.current_key),
            pauses=pauses,
            today=self.wish.today,
            organisation=self.wish.organisation,
        )
        ahead = row.achieved_count >= row.current.position if row.current else False
        return Card(row, row.current.name if row.current else "", standing, ahead)

    def counts(self) -> dict[str, dict[str, int]]:
        """By milestone key, how many are in which state; of those at the end under "end". One query."""
        keys = list(self.milestones)
        states = {state.name: Count("pk", filter=self._states.where(state, keys)) for state in State}
        rows: Any = self.rows().order_by().values("current_key").annotate(all=Count("pk"), **states)
        return {
            row["current_key"]: {state.value: row[state.name] for state in State}
            if row["current_key"]
            else {"end": row["all"]}
            for row in rows
        }


def read_key(text: str) -> tuple[datetime, int] | None:
    at, _sep, pk = text.rpartition("-")
    try:
        return datetime.strptime(at, MOMENT).replace(tzinfo=UTC), int(pk)
    except ValueError:
        return None
