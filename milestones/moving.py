"""Customers move to another version of their journey, its variant or its base: foreseen first, then done, and
moved back to undo it. A milestone is the same by its key.

What the new version asks for as well is kept; what it asks more for reopens; what it asks for anew may count
at once. A celebration is sent once for ever, whatever is reached again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from milestones import foreseeing, judging, standing
from milestones.enrolment_events import event_of
from milestones.models import Achievement, Ask, Claim, Enrolment, Journey, JourneyVersion, Milestone, Verdict
from organisations.models import Event, Organisation, User

MOVED = "version changed"  # why an achievement went that the new version does not have, or asks more for
VERB = "version_changed"


@dataclass(frozen=True)
class Foreseen:
    """What moving means for one customer, in names of milestones."""

    enrolment: Enrolment
    version: JourneyVersion
    """Where they would go."""
    kept: Sequence[str]
    reopens: Sequence[str]
    counts_anew: Sequence[str]
    dropped: Sequence[str]
    """Reached, and no part of that version."""


def foresee(enrolments: Iterable[Enrolment], version: JourneyVersion) -> list[Foreseen]:
    """What `move` would do to these. Changes nothing, in a fixed number of queries."""
    given = list(enrolments)
    ids = [each.pk for each in given]
    would = foreseeing.foresee(version.organisation, ids, version)
    names = dict(version.milestones.order_by("position").values_list("key", "name"))
    stands: dict[int, dict[str, str]] = defaultdict(dict)
    rows = Achievement.objects.standing().filter(enrolment__in=ids).order_by("milestone__position")
    for enrolment_id, key, name in rows.values_list("enrolment_id", "milestone_key", "milestone__name"):
        stands[enrolment_id][key] = name
    return [_foreseen(each, version, names, stands[each.pk], would.get(each.pk, set())) for each in given]


def _foreseen(
    enrolment: Enrolment,
    version: JourneyVersion,
    names: dict[str, str],
    stands: dict[str, str],
    would: set[str],
) -> Foreseen:
    return Foreseen(
        enrolment=enrolment,
        version=version,
        kept=[name for key, name in names.items() if key in stands and key in would],
        reopens=[name for key, name in names.items() if key in stands and key not in would],
        counts_anew=[name for key, name in names.items() if key not in stands and key in would],
        dropped=[name for key, name in stands.items() if key not in names],
    )


def movable(enrolments: Iterable[Enrolment], version: JourneyVersion) -> list[Enrolment]:
    """Those that are open, judged, of this journey's family and not on that version yet.

    Of another journey only whose customer is not on this one as well. Ask with the journey selected.
    """
    there = version.journey
    open_ones = [
        each
        for each in enrolments
        if each.ended_at is None and each.is_judged and each.version_id != version.pk
    ]
    coming = [
        each.customer_id
        for each in open_ones
        if each.journey_id != there.pk and _family(each.journey) == _family(there)
    ]
    on_it = there.enrolments.open().filter(customer__in=coming).customer_ids() if coming else set()
    free = set(coming) - on_it
    return [each for each in open_ones if each.journey_id == there.pk or each.customer_id in free]


def _family(journey: Journey) -> int:
    return journey.base_id or journey.pk


def move(
    *,
    organisation: Organisation,
    enrolment_ids: Collection[int],
    version: JourneyVersion,
    by: User | None,
    now: datetime,
    history: bool = True,
) -> list[Enrolment]:
    """Pin those that can be to that published version, and judge them by it; the others stay as they are.

    `history` keeps what newly counts from being celebrated by itself.
    """
    assert version.published_at is not None
    with transaction.atomic():
        rows = Enrolment.objects.select_for_update(of=("self",)).select_related("version", "journey")
        going = movable(rows.filter(pk__in=enrolment_ids).order_by("pk"), version)
        ids = [each.pk for each in going]
        foreseeing.carry(organisation, ids, version)
        _point_at(ids, version)
        events = [_event(organisation, each, version, by=by, now=now) for each in going]
        Enrolment.objects.filter(pk__in=ids).update(version=version, journey=version.journey_id)
        Event.objects.bulk_create(events, batch_size=500)
        judging.judge(
            organisation=organisation,
            customer_ids={each.customer_id for each in going},
            now=now,
            by=by,
            history=history,
            why_gone=MOVED,
        )
        standing.keep(organisation, ids)
    return going


def _point_at(enrolment_ids: Collection[int], version: JourneyVersion) -> None:
    """What is kept belongs to the milestone of that key in the version they follow: figures go by it."""
    keys = list(version.milestones.values_list("key", flat=True))
    same = Milestone.objects.filter(version=version, key=OuterRef("milestone_key")).values("pk")[:1]
    of = {"enrolment__in": enrolment_ids, "milestone_key__in": keys}
    for kept in (
        Achievement.objects.standing().filter(**of),
        Verdict.objects.standing().filter(**of),
        Claim.objects.filter(**of, withdrawn_at=None),
    ):
        kept.update(milestone=Subquery(same))
    for milestone in version.milestones.all():
        asked = Ask.objects.filter(enrolment__in=enrolment_ids, closed_at=None, milestone__key=milestone.key)
        asked.update(milestone=milestone)


def _event(
    organisation: Organisation,
    enrolment: Enrolment,
    version: JourneyVersion,
    *,
    by: User | None,
    now: datetime,
) -> Event:
    said = {"journey_id": version.journey_id, "from": enrolment.version.number, "to": version.number}
    if enrolment.journey_id != version.journey_id:
        said["from_journey_id"] = enrolment.journey_id
    return event_of(organisation, enrolment, VERB, by=by, now=now, **said)


def move_back(*, journey: Journey, moved_at: datetime, by: User, now: datetime) -> list[Enrolment]:
    """Undo what somebody moved together at one moment: each to the version it came from, unless it has been
    moved on since. What is reached again by that is celebrated no second time."""
    of_journey = Q(data__journey_id=journey.pk) | Q(data__from_journey_id=journey.pk)
    came_from: dict[tuple[int, int], list[int]] = defaultdict(list)
    went_to = {}
    for event in Event.objects.filter(of_journey, verb=VERB, at=moved_at, actor=by):
        to = event.data["journey_id"]
        came_from[event.data.get("from_journey_id", to), event.data["from"]].append(event.subject_id)
        went_to[event.subject_id] = (to, event.data["to"])
    back = []
    with transaction.atomic():
        for (journey_id, number), ids in sorted(came_from.items()):
            versions = JourneyVersion.objects.exclude(published_at=None).select_related("journey")
            version = versions.get(journey=journey_id, number=number)
            rows = Enrolment.objects.filter(pk__in=ids).values_list("pk", "journey", "version__number")
            still = [pk for pk, on, edition in rows if (on, edition) == went_to[pk]]
            back += move(
                organisation=journey.organisation, enrolment_ids=still, version=version, by=by, now=now
            )
    return back
