"""Wording and criteria that tell what we do, or that they use our product, instead of what they reached.

It advises and explains; the author decides. What an advice is about has a mark, so that it comes back when
that is written anew.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from milestones.models import Criterion, Milestone
from milestones.outlines import MetricOutline, MilestoneOutline, whole_number

# What we do, or what they do in our product, rather than what the customer has reached.
VENDOR_ACTIVITY = re.compile(
    r"\b(kick-?\s?off|trainings?|trained|webinars?|demos?|onboarding (call|session|done|complete)|"
    r"go-?\s?live|implementation|implemented|set-?\s?up|install(ed|ation)?|qbr|business reviews?|calls? held|"
    r"handover|hand-over|account created|consulting (hours|days)|tickets? (answered|closed))\b",
    re.IGNORECASE,
)
USAGE = re.compile(
    r"\b(log(s|ged)?[- ]?ins?|logs? in|logged in|sign(s|ed)?[- ]?(in|up)|active users?|clicks?|sessions?|"
    r"page views|feature (used|adopted)|uses? the|used the|api calls|seats? used|time in (the )?app)\b",
    re.IGNORECASE,
)
WE_DO = re.compile(
    r"\b(we|our (team|csm|consultants?|people))\b[^.]{0,40}\b(train|show|set up|install|hold|held|deliver|"
    r"configur|migrat|import|present|explain|onboard)",
    re.IGNORECASE,
)
Kind = Criterion.Kind


@dataclass(frozen=True, slots=True)
class Advice:
    """What reads odd, why that matters, and what to ask oneself instead."""

    code: str
    field: str
    message: str
    why: str
    about: str
    """The words it is about."""

    @property
    def mark(self) -> str:
        """Changes with the words."""
        return hashlib.sha256(self.about.encode()).hexdigest()[:12]


def advice_on(milestone: MilestoneOutline, metrics: Mapping[str, MetricOutline]) -> Iterator[Advice]:
    """In the order of the form; each code at most once."""
    yield from _on_name(milestone.name)
    if WE_DO.search(milestone.meaning):
        yield Advice(
            "vendor-meaning",
            "meaning",
            _("The meaning tells what we do. What is different for them afterwards?"),
            _vendor_why(),
            milestone.meaning,
        )
    yield from _on_metrics(milestone, metrics)
    yield from _on_who_decides(milestone)


def _on_name(name: str) -> Iterator[Advice]:
    if VENDOR_ACTIVITY.search(name):
        said = _("Reads like something we do. What has the customer reached because of it?")
        yield Advice("vendor-name", "name", said, _vendor_why(), name)
    elif USAGE.search(name):
        said = _("Reads like product usage. What does the customer decide or save because of it?")
        yield Advice("usage-name", "name", said, _usage_why(), name)


def _on_metrics(milestone: MilestoneOutline, metrics: Mapping[str, MetricOutline]) -> Iterator[Advice]:
    named = [metrics[one.metric].name for one in milestone.criteria if one.metric in metrics]
    if ours := [name for name in named if VENDOR_ACTIVITY.search(name)]:
        said = _("“%(metric)s” counts what we do. Measure what it brought them.") % {"metric": ours[0]}
        yield Advice("vendor-metric", "criteria", said, _vendor_why(), "|".join(ours))
    if used := [name for name in named if USAGE.search(name) and name not in ours]:
        said = _(
            "“%(metric)s” counts use of the product. Measure a result of theirs beside it or in its place."
        )
        yield Advice("usage-metric", "criteria", said % {"metric": used[0]}, _usage_why(), "|".join(used))


def _on_who_decides(milestone: MilestoneOutline) -> Iterator[Advice]:
    kinds = [one.kind for one in milestone.criteria]
    claims = kinds.count(Kind.CLAIM)
    fixed = {Milestone.Join.ANY.value: 1, Milestone.Join.ALL.value: len(kinds)}.get(milestone.join)
    needed = fixed or whole_number(milestone.needed) or len(kinds)
    if claims and claims >= needed:
        yield Advice(
            "only-our-word",
            "criteria",
            _("Our own claim is enough for it. Let the customer confirm it, or measure it."),
            _("Whoever is measured by success should not be the only one to declare it."),
            f"{milestone.join}|{kinds}",
        )


def _vendor_why() -> str:
    return _("Our activity can be finished while the customer has gained nothing; they do not celebrate it.")


def _usage_why() -> str:
    return _("People can use a product much and gain little, or little and gain much.")
