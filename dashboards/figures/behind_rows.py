"""What is shown of each customer behind a number: their milestone, when it was reached, and what shows it."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from dashboards.figures.wishes import Wish
from milestones.clocks import target_day
from milestones.evidence import fact_of
from milestones.models import (
    Achievement,
    Claim,
    CriterionProgress,
    Enrolment,
    Milestone,
    PastAchievement,
    Pause,
    Verdict,
)

type Key = tuple[int, str]  # enrolment, milestone key


@dataclass(frozen=True)
class Pair:
    """A customer on the journey and one milestone, or none when the number is of the customer alone."""

    place: int
    enrolment: Enrolment
    milestone_key: str


@dataclass(frozen=True)
class BehindRow:
    """One row behind a number: the achievement when there is one, and what shows it."""

    place: int
    enrolment: Enrolment
    milestone: Milestone | None
    achieved_at: datetime | None
    days: int | None
    verified_at: datetime | None
    target_on: date | None
    evidence: str
    contest_words: str


@dataclass(frozen=True)
class Shown:
    """All that is known of some pairs, read in a fixed number of statements."""

    milestones: dict[tuple[int, str], Milestone]  # version, key
    achievements: dict[Key, list[Achievement]]
    met: dict[Key, list[CriterionProgress]]
    claims: dict[Key, list[Claim]]
    verdicts: dict[Key, list[Verdict]]
    past: dict[Key, list[PastAchievement]]
    pauses: dict[int, list[Pause]]


def rows_of(wish: Wish, pairs: list[Pair]) -> list[BehindRow]:
    if not any(pair.milestone_key for pair in pairs):
        return [_row(wish, pair, None) for pair in pairs]
    shown = _shown(wish, pairs)
    return [_row(wish, pair, shown) for pair in pairs]


def _shown(wish: Wish, pairs: list[Pair]) -> Shown:
    of = {"enrolment__in": {pair.enrolment.pk for pair in pairs}}
    keys = {pair.milestone_key for pair in pairs}
    own = {**of, "milestone_key__in": keys}
    met = CriterionProgress.objects.filter(**of, criterion__milestone__key__in=keys)
    return Shown(
        milestones={(m.version_id, m.key): m for m in wish.milestones},
        achievements=_grouped(Achievement.objects.standing().filter(**own), _own_key),
        met=_grouped(
            met.select_related("criterion__metric", "criterion__milestone"),
            lambda row: (row.enrolment_id, row.criterion.milestone.key),
        ),
        claims=_grouped(Claim.objects.filter(**own, withdrawn_at=None).order_by("pk"), _own_key),
        verdicts=_grouped(Verdict.objects.standing().filter(**own).order_by("at"), _own_key),
        past=_grouped(PastAchievement.objects.standing().filter(**own), _own_key),
        pauses=_grouped(Pause.objects.standing().filter(**of), lambda row: row.enrolment_id),
    )


def _own_key(row: Achievement | Claim | Verdict | PastAchievement) -> Key:
    return row.enrolment_id, row.milestone_key


def _grouped[Row, Of](rows: Iterable[Row], key: Callable[[Row], Of]) -> dict[Of, list[Row]]:
    groups: dict[Of, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _row(wish: Wish, pair: Pair, shown: Shown | None) -> BehindRow:
    enrolment, key = pair.enrolment, (pair.enrolment.pk, pair.milestone_key)
    if shown is None:
        return BehindRow(pair.place, enrolment, None, None, None, None, None, "", "")
    milestone = shown.milestones.get((enrolment.version_id, pair.milestone_key))
    achievement = next(iter(shown.achievements[key]), None)
    verdicts = shown.verdicts[key]
    evidence = ""
    if achievement:
        evidence = fact_of(
            achievement, met=shown.met[key], claims=shown.claims[key], verdicts=verdicts, now=wish.until
        ) or _brought_in(shown.past[key])
    return BehindRow(
        place=pair.place,
        enrolment=enrolment,
        milestone=milestone,
        achieved_at=achievement.achieved_at if achievement else None,
        days=achievement.days if achievement else None,
        verified_at=achievement.verified_at if achievement else None,
        target_on=target_day(
            enrolment.started_on,
            milestone.target_days if milestone else None,
            shown.pauses.get(enrolment.pk, ()),
        ),
        evidence=evidence,
        contest_words=_open_contest(verdicts),
    )


def _brought_in(past: list[PastAchievement]) -> str:
    return _("As %(source)s says") % {"source": past[0].source} if past else ""


def _open_contest(verdicts: list[Verdict]) -> str:
    """The words of the latest contest that is still open."""
    open_ones = [row for row in verdicts if row.kind == Verdict.Kind.CONTESTED and not row.settled_at]
    return open_ones[-1].words if open_ones else ""
