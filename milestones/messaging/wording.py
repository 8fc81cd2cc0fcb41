"""What a message says: the wording that ships for each occasion, and an organisation's own."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from milestones.models import Journey, Message, Occasion
from milestones.models.naming import names_in

EVERY = ""
"""The key of the wording that holds for every milestone without one of its own."""
DAYS = {Occasion.EXPECTATION: 1, Occasion.MOMENTUM: 7, Occasion.STALL: 30, Occasion.HANDOVER: 2}


@dataclass(frozen=True, slots=True)
class Wording:
    """What one milestone's customers are written on one occasion, and whether they are."""

    occasion: Occasion
    is_on: bool
    days: int
    subject: str
    body: str
    asks_wording: bool = False
    """Whether it asks if the milestone's wording still fits."""
    own: Message | None = None
    """The organisation's own, of this milestone or of all; none: as it ships, and off."""

    @property
    def names(self) -> set[str]:
        return names_in(self.subject, self.body)


def wordings(journey: Journey) -> dict[tuple[str, Occasion], Wording]:
    """Every wording of a journey by milestone key and occasion; those of the key EVERY hold for the rest."""
    found = {(EVERY, occasion): shipped(occasion) for occasion in Occasion}
    for row in Message.objects.filter(journey=journey):
        occasion = Occasion(row.occasion)
        found[row.milestone_key, occasion] = Wording(
            occasion, row.is_on, row.days, row.subject, row.body, row.asks_wording, own=row
        )
    return found


def wording_of(found: Mapping[tuple[str, Occasion], Wording], key: str, occasion: Occasion) -> Wording:
    return found.get((key, occasion)) or found[EVERY, occasion]


def shipped(occasion: Occasion) -> Wording:
    """As it ships, in the language in force: off until somebody switches it on."""
    subject, body = _shipped()[occasion]
    return Wording(occasion, is_on=False, days=DAYS[occasion], subject=subject, body=body)


def _shipped() -> dict[Occasion, tuple[str, str]]:
    return {
        Occasion.EXPECTATION: (
            _("What comes next: {milestone}"),
            _(
                "The next thing we want to be so with you is this: **{milestone}**.\n\n{meaning}\n\n"
                "You need not prepare anything. If you see it differently, or if something stands in the way,"
                " answer this mail: it reaches me."
            ),
        ),
        Occasion.MOMENTUM: (
            _("{milestone}, by {target}"),
            _(
                "By {target} we wanted this to be so: **{milestone}**.\n\n{meaning}\n\n"
                "Is it near? If one thing is missing, tell me which. Then we look at that, and at nothing"
                " else."
            ),
        ),
        Occasion.STALL: (
            _("What would help with this? {milestone}"),
            _(
                "For a while nothing has moved on the way to **{milestone}**. That happens, and often the"
                " reason is a good one.\n\n"
                "- Has something else become more important?\n"
                "- Is somebody missing who should be part of it?\n"
                "- Or is it no longer what you want?\n\n"
                "A line is enough. Whatever you answer, we go on from there."
            ),
        ),
        Occasion.HANDOVER: (
            _("{milestone}, and what follows"),
            _(
                "**{milestone}** is done, and it is your doing.\n\n"
                "What follows is this: **{next}**. {next_meaning}\n\n"
                "If you would rather go on elsewhere first, answer this mail."
            ),
        ),
    }
