"""What an undo would do, before anybody says yes. Only reads."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from advocacy.models import Celebration
from customers.models import Customer, Reading
from milestones.models import Achievement, Baseline, CriterionProgress, PastAchievement
from office.importing.kinds.tracing import Taken, Undo
from office.importing.undoing.rows import batches, tables
from office.models import Import
from organisations.models import Organisation

LISTED = 50
MOST_LOOKED_AT = 20_000  # rows; a page does not wait for more

NAMES: dict[str, str | Promise] = {
    "customers.customer": _("customers"),
    "customers.outcome": _("outcomes"),
    "customers.contact": _("contacts"),
    "post.recipient": _("addresses"),
    "milestones.enrolment": _("enrolments"),
    "customers.reading": _("readings"),
    "customers.transaction": _("transactions"),
    "customers.subscription": _("subscriptions"),
    "customers.supportcase": _("support cases"),
    "customers.promise": _("promises from the sale"),
    "milestones.pastachievement": _("past achievements"),
    "milestones.achievement": _("milestones reached"),
    "milestones.baseline": _("baselines"),
    "advocacy.celebration": _("celebrations"),
}
SAYS: dict[str, str | Promise] = {
    "withdrawn": _("taken back"),
    "restored": _("as they were before"),
    "left": _("left whole"),
    "judged": _("judged again, since they rest on it"),
    "moved": _("dated anew"),
    "confirmed": _("stay, since the customer confirmed them"),
    "waiting": _("with a celebration that waits, and stops if they go"),
    "sent": _("celebrated already: a mail cannot be taken back"),
    "frozen": _("frozen with them, and stay as they are"),
}


@dataclass(frozen=True)
class Left:
    """A row that stays as it is, and why."""

    what: str
    name: str
    customer_id: int | None
    reason: str


@dataclass
class Outlook:
    """Counts by table and end, and what would be left whole."""

    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    is_whole: bool = True
    """False: there are too many rows to look at each of them before."""

    @property
    def lines(self) -> list[tuple[str, int]]:
        """What happens to how many."""
        return in_words(self.counts)


def in_words(counts: dict[str, dict[str, int]]) -> list[tuple[str, int]]:
    """“Customers: taken back” → 12. In one order: PostgreSQL keeps none of stored JSON."""
    return [
        (f"{str(name).capitalize()}: {says}", count)
        for what, name in NAMES.items()
        for end, says in SAYS.items()
        if (count := counts.get(what, {}).get(end, 0))
    ]


def look_ahead(
    import_: Import, *, organisation: Organisation, now: datetime, part: int | None = None
) -> Outlook:
    """The whole of what is still stored, or one part."""
    outlook = Outlook()
    for each in import_.parts_to_undo if part is None else [part]:
        for table in tables(Undo(organisation, import_, each, None, now)):
            if isinstance(table, Taken):
                _add(outlook, table.label(), table.look())
                continue
            for batch in batches(table, locked=False):
                _add(outlook, table.label(), batch.counts)
                room = LISTED - len(outlook.left)
                some = list(batch.why_left.items())[:room]
                about = [table.customer_of(batch.rows[pk]) if pk in batch.rows else None for pk, _why in some]
                outlook.left += named(
                    [(table.label(), customer, why) for (_pk, why), customer in zip(some, about, strict=True)]
                )
                if sum(outlook.counts[table.label()].values()) >= MOST_LOOKED_AT:
                    outlook.is_whole = False
                    break
    reached = _reached(import_)
    for what, ends in (
        ("milestones.achievement", _ends_of(reached)),
        ("milestones.baseline", {"frozen": _frozen_from(reached, import_, organisation)}),
    ):
        if any(ends.values()):
            outlook.counts[what] = {end: count for end, count in ends.items() if count}
    return outlook


def named(rows: Sequence[tuple[str, int | None, str]]) -> list[Left]:
    """Table, customer and reason, with the customers' names as they are now."""
    ids = {customer_id for _label, customer_id, _reason in rows if customer_id}
    names = dict(Customer.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        Left(str(NAMES.get(label, label)), names.get(customer_id, ""), customer_id, reason)
        for label, customer_id, reason in rows
    ]


def listed(import_: Import, *, after: int = 0) -> tuple[list[Left], int | None]:
    """What an undo left for good reason, some at a time: and the id to go on after, if there is more."""
    rows = list(import_.traces.listed().filter(pk__gt=after)[: LISTED + 1])
    more = rows[LISTED - 1].pk if len(rows) > LISTED else None
    return named([(row.model, row.customer_id, row.reason) for row in rows[:LISTED]]), more


def _add(outlook: Outlook, what: str, counts: dict[str, int]) -> None:
    outlook.counts[what] = dict(Counter(outlook.counts.get(what, {})) + Counter(counts))


def _reached(import_: Import) -> QuerySet[Achievement]:
    """What rests on readings of this import, or on what it says was reached before."""
    mine = Reading.objects.standing().filter(import_id=import_.pk)
    resting = CriterionProgress.objects.filter(
        enrolment=OuterRef("enrolment"), criterion__milestone=OuterRef("milestone"), reading__in=mine
    )
    past = PastAchievement.objects.standing().filter(
        enrolment=OuterRef("enrolment"),
        milestone_key=OuterRef("milestone_key"),
        pk__in=import_.traces.filter(model=PastAchievement._meta.label_lower).values("row"),
    )
    return Achievement.objects.standing().filter(Exists(resting) | Exists(past))


def _ends_of(reached: QuerySet[Achievement]) -> dict[str, int]:
    celebrated = Celebration.objects.filter(
        enrolment=OuterRef("enrolment"), milestone_key=OuterRef("milestone_key")
    )
    return {
        "judged": reached.filter(verified_at=None).count(),
        "confirmed": reached.exclude(verified_at=None).count(),
        "waiting": reached.filter(Exists(celebrated.waiting())).count(),
        "sent": reached.filter(Exists(celebrated.filter(state=Celebration.State.POSTED))).count(),
    }


def _frozen_from(reached: QuerySet[Achievement], import_: Import, organisation: Organisation) -> int:
    """Baselines that counted any of these: whatever is judged anew, they keep what they said."""
    counted = reached.alias(on=TruncDate("achieved_at", tzinfo=organisation.tzinfo)).filter(
        enrolment__journey=OuterRef("journey"), recorded_at__lte=OuterRef("frozen_at"), on__lte=OuterRef("on")
    )
    return Baseline.objects.filter(Exists(counted), frozen_at__gte=import_.made_at).count()
