"""What to ask on a call: GROW, by the guide for where they are, else worded for the stage they are in.

Questions only; the answers are theirs.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coaching.models import GuideEdition
from milestones.models import Enrolment, Milestone

type Said = str | Promise
ENOUGH = 7  # of 10
NAMES = ("number", "published_at", "guide", "guide__stage", "guide__kind", "guide__kind__name")


@dataclass(frozen=True, slots=True)
class Prompts:
    """One question for each part of the conversation, and further ones of the guide."""

    goal: Said
    reality: Said
    options: Said
    will: Said
    words: Said
    more_goal: Sequence[str] = ()
    more_reality: Sequence[str] = ()
    more_options: Sequence[str] = ()
    more_will: Sequence[str] = ()


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


def stage_of(enrolment: Enrolment | None) -> Milestone.Stage | None:
    """Of the milestone they are working on; at the end of a journey they are masters of it."""
    if enrolment is None:
        return None
    return Milestone.Stage(enrolment.current.stage if enrolment.current else Milestone.Stage.MASTERY)


def prompts_for(enrolment: Enrolment | None, edition: GuideEdition | None = None) -> Prompts:
    """What the guide asks, and where it asks nothing what its stage does."""
    stage = Milestone.Stage(edition.guide.stage) if edition else stage_of(enrolment)
    plain = BEFORE_A_JOURNEY if stage is None else STAGES[stage]
    if edition is None:
        return plain
    asked: dict[str, Said | Sequence[str]] = {}
    for part in ("goal", "reality", "options", "will"):
        first, *more = getattr(edition, f"{part}_lines") or [getattr(plain, part)]
        asked |= {part: first, f"more_{part}": tuple(more)}
    return replace(plain, **asked)  # type: ignore[arg-type]


def scale_question(importance: int | None, confidence: int | None) -> Said:
    """What numbers below seven ask for; whether it matters comes before whether it will work.

    Seven as in action plans of self-management (Lorig): below it a plan is changed before anybody leaves.
    """
    if importance is not None and importance < ENOUGH:
        return _("Why did it matter as much as that, and not less? What would make it matter more?")
    if confidence is not None and confidence < ENOUGH:
        return _("What would make them one more sure? A smaller step, somebody beside them, another day?")
    return ""


def fitting(
    editions: Iterable[GuideEdition], *, stage: Milestone.Stage | None, kinds: Iterable[int]
) -> GuideEdition | None:
    """The guide for where they are: for the first of these challenges that has one at this stage, else the
    plain one. None where the stage has none."""
    here = {edition.guide.kind_id: edition for edition in editions if edition.guide.stage == stage}
    return next((here[kind] for kind in (*kinds, None) if kind in here), None)


def guides_for(stage: Milestone.Stage | None, kinds: Collection[int] = ()) -> list[GuideEdition]:
    """Those in force, this stage's first: the plain one, those for open challenges, the others by name.

    Their texts come later.
    """
    current = Q(guide__kind=None) | Q(guide__kind__retired_at=None)
    rows = GuideEdition.objects.in_force().filter(current).only(*NAMES)
    order = Milestone.Stage.values

    def place(edition: GuideEdition) -> tuple[bool, int, bool, bool, str]:
        guide = edition.guide
        is_special, name = guide.kind is not None, guide.kind.name if guide.kind else ""
        is_other = is_special and guide.kind_id not in kinds
        return guide.stage != stage, order.index(guide.stage), is_special, is_other, name

    return sorted(rows, key=place)
