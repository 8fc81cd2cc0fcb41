"""The customers behind a number: each figure can be opened, each row shows its evidence."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from dashboards.figures.wishes import Wish
from milestones.evidence import fact_of
from milestones.models import Achievement, Claim, CriterionProgress, Enrolment, Milestone, Verdict

KINDS = ("enrolled", "achieved", "verified", "on_time", "late", "not_yet_due", "contested")
PAGE = 50


@dataclass(frozen=True)
class BehindRow:
    """One customer behind a number: their achievement when there is one, and what shows it."""

    enrolment: Enrolment
    achieved_at: datetime | None
    days: int | None
    verified_at: datetime | None
    target_on: date | None
    evidence: str
    contest_words: str


def behind(wish: Wish, *, kind: str, key: str = "") -> QuerySet[Enrolment]:
    """The enrolments a number counts. `key` names the milestone; only "enrolled" needs none."""
    if kind == "enrolled":
        return wish.enrolments()
    milestones = [milestone for milestone in wish.milestones() if milestone.key == key]
    achieved = wish.achievements().filter(milestone__in=milestones, enrolment=OuterRef("pk"))
    contested = wish.contests().filter(milestone__in=milestones, enrolment=OuterRef("pk"))
    on_time = achieved.filter(wish.on_time(milestones))
    passed = Q(pk__in=[])
    for milestone in milestones:
        passed |= wish.passed(milestone) & Q(version=milestone.version_id)
    conditions = {
        "achieved": Exists(achieved.filter(wish.in_period())),
        "verified": Exists(achieved.filter(wish.in_period(), verified_at__lt=wish.until)),
        "on_time": Exists(on_time),
        "late": passed & ~Exists(on_time) & ~Exists(contested),
        "not_yet_due": ~Exists(achieved) & ~Exists(contested) & ~_known(passed),
        "contested": Exists(contested),
    }
    return wish.enrolments().filter(conditions[kind])


def _known(passed: Q) -> Q:
    """Who has no start has no target date, so it has not passed."""
    return Q(started_on__isnull=False) & passed


def page(wish: Wish, *, kind: str, key: str, after: int = 0, size: int = PAGE) -> list[BehindRow]:
    """Up to `size` rows after the enrolment with this id, in a fixed number of statements."""
    rows = behind(wish, kind=kind, key=key).filter(pk__gt=after).order_by("pk")[:size]
    enrolments = list(rows.select_related("customer", "customer__owner", "customer__segment", "version"))
    return _rows(wish, key, enrolments)


def every(wish: Wish, *, kind: str, key: str) -> Iterator[BehindRow]:
    after, size = 0, 500
    while rows := page(wish, kind=kind, key=key, after=after, size=size):
        yield from rows
        after = rows[-1].enrolment.pk


def _rows(wish: Wish, key: str, enrolments: list[Enrolment]) -> list[BehindRow]:
    milestones = {m.version_id: m for m in wish.milestones() if m.key == key}
    standing = Achievement.objects.standing().filter(enrolment__in=enrolments, milestone_key=key)
    achievements = {row.enrolment_id: row for row in standing}
    met = _grouped(
        CriterionProgress.objects.filter(
            enrolment__in=enrolments, criterion__milestone__in=milestones.values()
        ).select_related("criterion__metric")
    )
    claims = _grouped(
        Claim.objects.filter(enrolment__in=enrolments, milestone_key=key, withdrawn_at=None).order_by("pk")
    )
    verdicts = _grouped(
        Verdict.objects.standing().filter(enrolment__in=enrolments, milestone_key=key).order_by("at")
    )
    return [
        _row(
            wish,
            enrolment,
            milestones.get(enrolment.version_id),
            achievements.get(enrolment.pk),
            met[enrolment.pk],
            claims[enrolment.pk],
            verdicts[enrolment.pk],
        )
        for enrolment in enrolments
    ]


def _row(
    wish: Wish,
    enrolment: Enrolment,
    milestone: Milestone | None,
    achievement: Achievement | None,
    met: list[CriterionProgress],
    claims: list[Claim],
    verdicts: list[Verdict],
) -> BehindRow:
    target_on = None
    if milestone and milestone.target_days is not None and enrolment.started_on:
        target_on = enrolment.started_on + timedelta(days=milestone.target_days)
    evidence = ""
    if achievement:
        evidence = fact_of(achievement, met=met, claims=claims, verdicts=verdicts, now=wish.until)
    open_contests = [
        verdict for verdict in verdicts if verdict.kind == "contested" and not verdict.settled_at
    ]
    return BehindRow(
        enrolment=enrolment,
        achieved_at=achievement.achieved_at if achievement else None,
        days=achievement.days if achievement else None,
        verified_at=achievement.verified_at if achievement else None,
        target_on=target_on,
        evidence=evidence,
        contest_words=open_contests[-1].words if open_contests else "",
    )


def _grouped[Row: (CriterionProgress, Claim, Verdict)](rows: QuerySet[Row]) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.enrolment_id].append(row)
    return groups
