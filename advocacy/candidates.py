"""Who may I ask for X? People in order of fit with the reasons; who may not be asked, with theirs.

Points are plain sums a person can follow; nothing is weighed out of sight.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, Max, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from advocacy.ledger import Refusal, Standing, day, refusal, standings
from advocacy.models import AskTerms, Favour
from customers.models import Contact, Customer, Segment
from milestones.models import Milestone

MOST = 200
"""People looked at: those whose outcome was verified last."""
SEGMENT, STAGE, OUTCOME, VERIFIED, CONFIRMED, LOAD = 3, 2, 2, 1, 1, -2
MOST_VERIFIED = 3
WORD = re.compile(r"\w{4,}")


@dataclass(frozen=True)
class Wish:
    """What one looks for. Whatever is empty counts for nobody."""

    kind: str
    segment: Segment | None = None
    stage: str = ""
    about: str = ""

    @property
    def words(self) -> set[str]:
        return set(WORD.findall(self.about.lower()))


@dataclass(frozen=True)
class Reason:
    points: int
    words: str


@dataclass(frozen=True)
class Candidate:
    """Somebody, why they stand where they do, and why they may not be asked, if so."""

    contact: Contact
    reasons: list[Reason] = field(default_factory=list)
    refusal: Refusal | None = None

    @property
    def points(self) -> int:
        return sum(reason.points for reason in self.reasons)


@dataclass(frozen=True)
class Found:
    may: list[Candidate]
    may_not: list[Candidate]
    is_cut: bool


def candidates(wish: Wish, terms: AskTerms, *, now: datetime) -> Found:
    """Who may be asked, the best fit first; then who may not, the soonest free first."""
    people = list(_people(wish.kind)[: MOST + 1])
    found = [_candidate(one, wish, terms, now) for one in standings(people[:MOST], now=now).values()]
    may = sorted((one for one in found if one.refusal is None), key=_best_first)
    may_not = sorted((one for one in found if one.refusal), key=_soonest_first)
    return Found(may, may_not, is_cut=len(people) > MOST)


def _people(kind: str) -> QuerySet[Contact]:
    """Everybody where something was verified, whoever speaks for us, and whoever was asked before."""
    verified = Q(enrolments__achievements__withdrawn_at=None) & Q(
        enrolments__achievements__verified_at__isnull=False
    )
    customers = Customer.objects.filter(verified, archived_at=None, left_on=None)
    here = Q(customer__in=customers.values("pk"))
    wanted = here if kind == Favour.Kind.INVITATION else here & Q(advocate__isnull=False)
    rows = Contact.objects.current().filter(wanted | Q(favours__kind=kind))
    rows = rows.select_related("recipient", "customer__segment", "customer__owner")
    latest = Max("customer__enrolments__achievements__verified_at")
    ordered: QuerySet[Contact] = rows.annotate(latest=latest).order_by(
        F("latest").desc(nulls_last=True), "name", "pk"
    )
    return ordered.prefetch_related("customer__outcomes", "verdicts")


def _candidate(one: Standing, wish: Wish, terms: AskTerms, now: datetime) -> Candidate:
    return Candidate(one.contact, list(_reasons(one, wish)), refusal(one, wish.kind, terms, now=now))


def _reasons(one: Standing, wish: Wish) -> Iterable[Reason]:
    customer = one.contact.customer
    if wish.segment and customer.segment_id == wish.segment.pk:
        yield Reason(SEGMENT, _("in the segment %(name)s") % {"name": wish.segment.name})
    if wish.stage and any(each.milestone.stage == wish.stage for each in one.verified):
        stage = Milestone.Stage(wish.stage).label
        yield Reason(STAGE, _("has a verified milestone at the stage %(stage)s") % {"stage": stage})
    if shared := wish.words & _said(customer):
        words = _("their outcome speaks of %(words)s") % {"words": ", ".join(sorted(shared))}
        yield Reason(OUTCOME, words)
    if one.verified:
        newest, n = one.verified[0], len(one.verified)
        assert newest.verified_at is not None, "asked of the database"
        said = {"n": n, "milestone": newest.milestone.name, "day": day(newest.verified_at)}
        words = ngettext(
            "%(n)d verified outcome: “%(milestone)s”, %(day)s",
            "%(n)d verified outcomes, the last “%(milestone)s”, %(day)s",
            n,
        )
        yield Reason(VERIFIED * min(n, MOST_VERIFIED), words % said)
    if any(each.is_confirmation and each.withdrawn_at is None for each in one.contact.verdicts.all()):
        yield Reason(CONFIRMED, _("confirmed one in person"))
    if n := len(one.asked):
        words = ngettext("asked %(n)d time in 90 days", "asked %(n)d times in 90 days", n)
        yield Reason(LOAD * n, words % {"n": n})
    else:
        yield Reason(0, _("not asked anything in 90 days"))


def _said(customer: Customer) -> set[str]:
    """The words of what they want to reach, and what they do."""
    outcomes = [each.words for each in customer.outcomes.all() if each.is_standing]
    return set(WORD.findall(" ".join([*outcomes, customer.about]).lower()))


def _best_first(one: Candidate) -> tuple[int, str, int]:
    return -one.points, one.contact.name, one.contact.pk


def _soonest_first(one: Candidate) -> tuple[bool, float, str]:
    free_at = one.refusal.free_at if one.refusal else None
    return free_at is None, free_at.timestamp() if free_at else 0, one.contact.name
