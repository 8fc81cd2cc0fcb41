"""What a customer may take up after a win: a small menu for each stage, which the organisation words.

What it did not word reads as it was shipped; a line without words is not offered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from milestones.models import Milestone, NextStep
from organisations.models import Organisation, User

Stage, Kind, Becomes = Milestone.Stage, NextStep.Kind, NextStep.Becomes

SHIPPED: dict[str, dict[str, Promise]] = {
    Stage.ONBOARDING: {
        Kind.DEEPEN: _("Do it once more, with something that matters this week"),
        Kind.TEACH: _("Show one colleague how you did it"),
        Kind.PRESENT: _("Tell your manager in two sentences what works now"),
        Kind.STRETCH: _("Name one thing that should be different in three months"),
    },
    Stage.ADOPTION: {
        Kind.DEEPEN: _("Make it part of one meeting that happens every week"),
        Kind.TEACH: _("Help one colleague through their first week with it"),
        Kind.PRESENT: _("Show your team what changed, with one number"),
        Kind.STRETCH: _("Take it to a second team or site"),
    },
    Stage.OUTCOME: {
        Kind.DEEPEN: _("Write down what made the difference, so that it stays"),
        Kind.TEACH: _("Tell somebody in your position elsewhere how you got there"),
        Kind.PRESENT: _("Present the result to whoever decided on it"),
        Kind.STRETCH: _("Set the next number you want to reach"),
    },
    Stage.MASTERY: {
        Kind.DEEPEN: _("Look at what still takes you too long, and change one thing"),
        Kind.TEACH: _("Coach a colleague who begins now"),
        Kind.PRESENT: _("Show others outside your company what you reached"),
        Kind.STRETCH: _("Choose a goal nobody in your field has reached yet"),
    },
}


@dataclass(frozen=True)
class Offer:
    """One line of the menu of a stage."""

    stage: str
    kind: str
    words: str
    becomes: str

    @property
    def name(self) -> str:
        return str(Kind(self.kind).label)

    @property
    def becomes_outcome(self) -> bool:
        return self.becomes == Becomes.OUTCOME


def menu() -> list[Offer]:
    """Every line there is, stage by stage, those that are not offered included."""
    own = {(row.stage, row.kind): row for row in NextStep.objects.all()}
    return [_offer(stage, kind, own.get((stage, kind))) for stage in Stage.values for kind in Kind.values]


def offers(stage: str) -> list[Offer]:
    """What is offered after a win at this stage."""
    own = {row.kind: row for row in NextStep.objects.filter(stage=stage)}
    return [offer for kind in Kind.values if (offer := _offer(stage, kind, own.get(kind))).words]


def word(
    *,
    organisation: Organisation,
    lines: Mapping[tuple[str, str], tuple[str, str]],
    by: User,
    now: datetime,
) -> int:
    """Word lines of the menu: (stage, kind) → words and what it becomes. How many differ from before."""
    with transaction.atomic():
        before = {(one.stage, one.kind): (one.words, one.becomes) for one in menu()}
        changed = {at: said for at, said in lines.items() if at in before and before[at] != said}
        for (stage, kind), (words, becomes) in changed.items():
            NextStep.objects.update_or_create(
                organisation=organisation,
                stage=stage,
                kind=kind,
                defaults={"words": words, "becomes": becomes, "saved_at": now, "saved_by": by},
            )
        if changed:
            organisation.log("next_steps_worded", by=by, now=now, n=len(changed))
    return len(changed)


def _offer(stage: str, kind: str, own: NextStep | None) -> Offer:
    if own is not None:
        return Offer(stage, kind, own.words, own.becomes)
    becomes = Becomes.OUTCOME if kind == Kind.STRETCH else Becomes.COMMITMENT
    return Offer(stage, kind, str(SHIPPED[stage][kind]), becomes)
