"""What to ask on a call: GROW, worded for the stage they are in. Questions only; the answers are theirs."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from milestones.models import Enrolment, Milestone


@dataclass(frozen=True, slots=True)
class Prompts:
    """One question for each part of the conversation."""

    goal: Promise
    reality: Promise
    options: Promise
    will: Promise
    words: Promise


STAGES = {
    Milestone.Stage.ONBOARDING: Prompts(
        goal=_("What must be different to call this worth it?"),
        reality=_("How is it done today, and who feels it?"),
        options=_("What small piece could you try first?"),
        will=_("Who starts, with what, by when?"),
        words=_("How would you tell a colleague?"),
    ),
    Milestone.Stage.ADOPTION: Prompts(
        goal=_("Which decision should it change next?"),
        reality=_("Who works so already? What stops the rest?"),
        options=_("What has worked elsewhere in your house?"),
        will=_("Who asks whom, by when?"),
        words=_("What did you see that you did not before?"),
    ),
    Milestone.Stage.OUTCOME: Prompts(
        goal=_("Which number says: this is what we came for?"),
        reality=_("Where is it now, and how do you know?"),
        options=_("What moves it most? What could you stop?"),
        will=_("Who changes what, and when is it read again?"),
        words=_("Who else has noticed, and what did they say?"),
    ),
    Milestone.Stage.MASTERY: Prompts(
        goal=_("What should run without us in half a year?"),
        reality=_("What still waits for one person, or for us?"),
        options=_("Who could own it, and what would they need?"),
        will=_("What is handed to whom, by when?"),
        words=_("What would you tell a team that starts now?"),
    ),
}
BEFORE_A_JOURNEY = Prompts(
    goal=_("What do you want to say a year from now?"),
    reality=_("What happens today instead?"),
    options=_("What else could you do?"),
    will=_("Who does what, by when?"),
    words=_("How would you put that in one sentence?"),
)


def prompts_for(enrolment: Enrolment | None) -> Prompts:
    """By the milestone they are working on; at the end of a journey they are masters of it."""
    if enrolment is None:
        return BEFORE_A_JOURNEY
    stage = enrolment.current.stage if enrolment.current else Milestone.Stage.MASTERY
    return STAGES[Milestone.Stage(stage)]
