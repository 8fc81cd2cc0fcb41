"""Everything the customer's page shows, read when it is asked for: a region reads no more than it draws.

The number of queries stays the same however long the history is.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from coaching.models import Call, Challenge, Commitment, Resource, Touchpoint
from customers.attainment import Attainment, attainment_of
from customers.measuring import Progress, progress_of
from customers.models import (
    ChampionChange,
    Contact,
    Customer,
    GoalScale,
    Outcome,
    Promise,
    Subscription,
    SupportCase,
    Transaction,
)
from dashboards import timeline
from dashboards.accord import Accord
from dashboards.board.states import Standing, State, standing_of
from dashboards.dealings import Money, Support, money_of, support_of
from dashboards.helping import could_help
from dashboards.measures import Measure, measure_of
from dashboards.paths import Serves, leading, serves_of
from milestones.fits import bases_of, families_of, rule_words
from milestones.models import Journey
from milestones.nearing import Nearing, nearing
from milestones.paces import paces_of
from milestones.walking import Href, Path, Step, paths_of
from organisations.models import Event, Organisation

PEOPLE, SIZE = 3, 20


@dataclass(frozen=True)
class NextCall:
    due_at: datetime
    purpose: str
    owner: str


def customers_for_page() -> QuerySet[Customer]:
    """Customers with what the top of their page needs, the next planned call beside them."""
    planned = Touchpoint.objects.planned().filter(customer=OuterRef("pk")).soonest_first()
    return Customer.objects.select_related("segment", "owner").annotate(
        next_call_at=Subquery(planned.values("due_at")[:1]),
        next_call_purpose=Subquery(planned.values("purpose")[:1]),
        next_call_owner=Subquery(planned.values("owner__name")[:1]),
        has_paid=Exists(Transaction.objects.standing().filter(customer=OuterRef("pk"))),
        has_subscribed=Exists(Subscription.objects.standing().filter(customer=OuterRef("pk"))),
        has_asked=Exists(SupportCase.objects.standing().filter(customer=OuterRef("pk"))),
        has_promise=Exists(Promise.objects.standing().filter(customer=OuterRef("pk"))),
        has_champion_change=Exists(ChampionChange.objects.open().filter(customer=OuterRef("pk"))),
        has_levels=Exists(GoalScale.objects.filter(outcome__customer=OuterRef("pk"))),
        has_challenge=Exists(Challenge.objects.open().filter(customer=OuterRef("pk"))),
    )


class Portrait:
    """A customer as their page shows them. `customer` comes from `customers_for_page`."""

    def __init__(
        self,
        customer: Customer,
        *,
        organisation: Organisation,
        now: datetime,
        show: str = "",
        before: str = "",
        href: Href | None = None,
    ) -> None:
        """`show` narrows the timeline to a group, `before` is a key to go on from, `now` local."""
        self.customer, self.organisation, self.now = customer, organisation, now
        self.show, self.before, self._href = show, before, href

    @cached_property
    def paths(self) -> list[Path]:
        """Open journeys, the newest first; of those that ended the newest alone."""
        rows = list(leading().filter(customer=self.customer).select_related("journey__base"))
        for row in rows:
            row.organisation = self.organisation
        shown = [row for row in rows if row.ended_at is None] or rows[:1]
        return list(paths_of(shown, now=self.now, href=self._href).values())

    @cached_property
    def ahead(self) -> list[tuple[Path, Step, list[Nearing]]]:
        """Of each open journey the milestone they are on, and how near its criteria are."""
        on = [(path, path.current) for path in self.paths if path.enrolment.ended_at is None]
        found = nearing(
            [path.enrolment for path, _ in on],
            organisation=self.organisation,
            milestone_ids=[step.milestone_id for _, step in on if step],
            now=self.now,
        )
        return [(path, step, found[path.enrolment.pk]) for path, step in on if step]

    @cached_property
    def fitting(self) -> list[tuple[Path, Journey, str]]:
        """Open journeys beside which another of their family fits by now, and for whom that is."""
        open_ones = [path for path in self.paths if path.enrolment.ended_at is None]
        families = families_of([path.enrolment.journey for path in open_ones])
        found = []
        for path in open_ones:
            family, path.enrolment.customer = families.get(path.enrolment.journey_id), self.customer
            if family and (better := family.better_for(path.enrolment)):
                found.append((path, better, rule_words(better)))
        return found

    @cached_property
    def ways_to_begin(self) -> list[Journey]:
        """The journeys to choose from while they are on none."""
        is_open = any(path.enrolment.ended_at is None for path in self.paths)
        if is_open or self.customer.left_on:
            return []
        return list(Journey.objects.published().select_related("base"))

    @property
    def bases_to_begin(self) -> list[Journey]:
        """Those among them of which a variant may fit."""
        return bases_of(self.ways_to_begin)

    @property
    def behind(self) -> int:
        return sum(path.behind for path in self.paths)

    @cached_property
    def standing(self) -> Standing | None:
        """How they are doing, as the board has it: of several journeys the most pressing."""
        found = [self._standing(path) for path in self.paths if not path.enrolment.ended_at]
        pressing = (State.STUCK, State.BEHIND, State.ON_TRACK, State.PAUSED, None)
        return min(found, key=lambda one: pressing.index(one.state), default=None)

    def _standing(self, path: Path) -> Standing:
        row, today, paces = path.enrolment, self.now.date(), {}
        if key := row.current_key:
            paces = paces_of(row.journey, as_of=today, organisation=self.organisation, only=[key])
        return standing_of(
            row,
            pace=paces.get(key),
            pauses=path.pauses,
            today=today,
            organisation=self.organisation,
        )

    @property
    def contested(self) -> int:
        return sum(1 for path in self.paths for step in path.steps if step.contested_at)

    @cached_property
    def people(self) -> list[Contact]:
        rows = Contact.objects.filter(customer=self.customer).select_related("recipient")
        return list(rows.order_by("left_on", "-is_primary", "name", "pk"))

    @property
    def people_here(self) -> list[Contact]:
        return [person for person in self.people if person.left_on is None]

    @property
    def people_first(self) -> list[Contact]:
        return self.people_here[:PEOPLE]

    @property
    def people_reached(self) -> list[Contact]:
        """Those there who have an address."""
        return [person for person in self.people_here if person.recipient]

    @property
    def people_gone(self) -> list[Contact]:
        return [person for person in self.people if person.left_on]

    @cached_property
    def outcomes(self) -> list[Outcome]:
        """What they want to reach, what counts most first."""
        return self.customer.standing_outcomes

    @property
    def further(self) -> list[Outcome]:
        """All but the first."""
        return self.outcomes[1:]

    @cached_property
    def progress(self) -> dict[int, Progress]:
        """How far they are with what else they want, by the outcome's id."""
        return progress_of(self.further)

    @cached_property
    def measure(self) -> Measure | None:
        return measure_of(self.outcomes[0]) if self.outcomes else None

    @cached_property
    def attainment(self) -> Attainment | None:
        """How far their goals are attained; none when no levels were agreed."""
        pk, may_have = self.customer.pk, getattr(self.customer, "has_levels", True)
        return attainment_of([pk]).get(pk) if may_have else None

    @cached_property
    def serves(self) -> list[Serves]:
        """Which step serves which outcome."""
        return serves_of(self.paths) if self.outcomes else []

    @cached_property
    def money(self) -> Money | None:
        """What they pay; none when nothing is known."""
        if not (getattr(self.customer, "has_paid", True) or getattr(self.customer, "has_subscribed", True)):
            return None
        return money_of(self.customer, today=self.now.date())

    @cached_property
    def support(self) -> Support | None:
        """Their support cases; none when none is known."""
        return support_of(self.customer) if getattr(self.customer, "has_asked", True) else None

    @cached_property
    def accord(self) -> Accord:
        """What was promised, who carries it there, how words are kept."""
        here = self.people_here
        return Accord(self.customer, here, organisation=self.organisation, today=self.now.date())

    @cached_property
    def challenges(self) -> list[Challenge]:
        """What stands in their way now, with its steps."""
        if not getattr(self.customer, "has_challenge", True):
            return []
        return list(Challenge.objects.open().filter(customer=self.customer).with_steps().newest_first())

    @cached_property
    def resources(self) -> list[Resource]:
        """What fits them now and they have not had, a few of it."""
        if self.customer.left_on or self.customer.archived_at:
            return []
        return could_help(self.customer, self.paths, self.challenges)

    @property
    def next_call(self) -> NextCall | None:
        row = self.customer
        at: datetime | None = getattr(row, "next_call_at", None)
        if at is None:
            return None
        return NextCall(at, getattr(row, "next_call_purpose", ""), getattr(row, "next_call_owner", ""))

    @cached_property
    def last_call(self) -> Call | None:
        calls = (call for call in self._facts.calls.values())
        return max(calls, key=lambda call: (call.held_at, call.pk), default=None)

    @cached_property
    def open_commitments(self) -> list[Commitment]:
        rows = (row for row in self._facts.commitments.values() if row.state == Commitment.State.OPEN)
        return sorted(rows, key=lambda row: (row.due_on is None, row.due_on or self.now.date(), row.pk))

    @cached_property
    def _all_events(self) -> QuerySet[Event]:
        return Event.objects.of_customer(self.customer.pk)

    @cached_property
    def counts(self) -> dict[str, int]:
        return timeline.counts_of(self._all_events)

    @property
    def chips(self) -> list[tuple[str, str, int]]:
        """The groups the timeline can be narrowed to: key, words, how many."""
        groups = [(key, str(words), self.counts[key]) for key, (words, _verbs) in timeline.GROUPS.items()]
        return [("", _("All"), self.counts[""]), *groups]

    @cached_property
    def _page(self) -> timeline.EventPage:
        rows = self._all_events
        if self.show in timeline.GROUPS:
            rows = rows.filter(verb__in=timeline.GROUPS[self.show][1])
        return timeline.page_of(rows, before=self.before, size=SIZE)

    @property
    def older(self) -> str:
        return self._page.older

    @cached_property
    def _facts(self) -> timeline.Facts:
        newest = Call.objects.filter(customer=self.customer).newest_first()[:1]
        return timeline.facts_of(
            self._page.events,
            organisation=self.organisation,
            call=newest,
            commitments=Commitment.objects.open().filter(customer=self.customer),
        )

    @cached_property
    def entries(self) -> list[timeline.Entry]:
        return timeline.entries_of(self._page.events, self._facts, now=self.now)
