"""What to read before a call, on one page: their outcome, how far they are, what was said and promised.

The number of queries is the same for every customer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching.models import Call, Challenge, Commitment, GuideEdition, Touchpoint
from coaching.prompts import Prompts, Said, fitting, guides_for, prompts_for, scale_question, stage_of
from customers.measuring import Progress, progress_of
from customers.models import Customer, Outcome
from dashboards.paths import leading_paths
from milestones.walking import Path, Step
from organisations.models import Organisation
from ui.stones import Stone

MOST_OUTCOMES, MOST_PROMISES, MOST_CHALLENGES = 3, 6, 3


@dataclass(frozen=True)
class Brief:
    customer: Customer
    outcomes: Sequence[Outcome]
    progress: dict[int, Progress]
    path: Path | None
    last_call: Call | None
    commitments: Sequence[Commitment]
    challenges: Sequence[Challenge]
    next_call: Touchpoint | None
    edition: GuideEdition | None
    prompts: Prompts

    @property
    def attained(self) -> list[Stone]:
        """The milestones they have reached, in the journey's order."""
        if self.path is None:
            return []
        pairs = zip(self.path.steps, self.path.stones, strict=True)
        return [stone for step, stone in pairs if step.achieved_at and not step.contested_at]

    @property
    def ahead(self) -> Stone | None:
        """The milestone they are working on."""
        return next((stone for stone in self.path.stones if stone.is_current), None) if self.path else None

    @property
    def scale_question(self) -> Said:
        """What their last numbers ask for; empty when they were high, or none was said."""
        call = self.last_call
        return scale_question(call.importance, call.confidence) if call else ""

    @property
    def pace(self) -> str:
        """How what they reached stands to its target dates, in words; empty without a date."""
        if self.path is None:
            return ""
        zone = self.path.enrolment.organisation.tzinfo
        days = [_days_late(step, zone) for step in self.path.steps]
        late = [n for n in days if n is not None]
        if not late:
            return ""
        in_time = sum(1 for n in late if n <= 0)
        words = ngettext(
            "%(in_time)d of %(n)d milestone with a date was reached by it.",
            "%(in_time)d of %(n)d milestones with a date were reached by it.",
            len(late),
        ) % {"in_time": in_time, "n": len(late)}
        return f"{words} {_last(late[-1])}"


def _last(days: int) -> str:
    if days > 0:
        return ngettext("The last one %(n)d day late.", "The last one %(n)d days late.", days) % {"n": days}
    if days < 0:
        return ngettext("The last one %(n)d day early.", "The last one %(n)d days early.", -days) % {
            "n": -days
        }
    return _("The last one on the day.")


def _days_late(step: Step, zone: tzinfo) -> int | None:
    """Of a milestone that is reached and has a date: how many days after it, negative before."""
    if not step.achieved_at or step.contested_at or step.target_on is None:
        return None
    return (step.achieved_at.astimezone(zone).date() - step.target_on).days


def brief_of(customer: Customer, *, organisation: Organisation, now: datetime) -> Brief:
    outcomes = customer.standing_outcomes[:MOST_OUTCOMES]
    path = leading_paths([customer.pk], organisation=organisation, now=now).get(customer.pk)
    challenges = list(Challenge.objects.open().filter(customer=customer).with_steps().newest_first())
    enrolment = path.enrolment if path and path.enrolment.ended_at is None else None
    stage = stage_of(enrolment)
    named = fitting(guides_for(stage), stage=stage, kinds=[each.kind_id for each in challenges])
    editions = GuideEdition.objects.select_related("guide__kind")
    edition = editions.filter(pk=named.pk if named else 0).first()
    return Brief(
        customer=customer,
        outcomes=outcomes,
        progress=progress_of([outcome for outcome in outcomes if outcome.metric]),
        path=path,
        last_call=Call.objects.filter(customer=customer)
        .select_related("by")
        .prefetch_related("contacts")
        .newest_first()
        .first(),
        commitments=list(
            Commitment.objects.open().filter(customer=customer).with_owners().soonest_first()[:MOST_PROMISES]
        ),
        challenges=challenges[:MOST_CHALLENGES],
        next_call=Touchpoint.objects.planned().filter(customer=customer).soonest_first().first(),
        edition=edition,
        prompts=prompts_for(enrolment, edition),
    )
