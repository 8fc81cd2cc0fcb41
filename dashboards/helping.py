"""What could help a customer now: resources for the stage and the challenges that their page shows anyway."""

from collections.abc import Sequence

from coaching.models import Challenge, Resource
from coaching.sharing import Fit, suggested
from customers.models import Customer
from milestones.models import Milestone
from milestones.walking import Path

FEW = 3


def could_help(customer: Customer, paths: Sequence[Path], challenges: Sequence[Challenge]) -> list[Resource]:
    """A few, for where they are on the journey they are on. Nothing more is asked of where that is."""
    on = next((path for path in paths if path.enrolment.ended_at is None), None)
    if on is None:
        return []
    stage = Milestone.Stage(on.current.stage if on.current else Milestone.Stage.MASTERY)
    kinds = [challenge.kind_id for challenge in challenges]
    return suggested(Fit(stage, kinds), customer=customer, most=FEW)
