"""What lies on the desks today: a call half written, a journey half changed, a colleague asked in."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from bosai.demo.harbour.part import Part
from bosai.demo.harbour.stage import Stage
from coaching import scheduling
from customers import keeping
from dashboards.today import changes
from milestones import designing
from milestones.outlines import Outline
from office import inviting
from organisations.models import Membership, Role

DRAFT_OF, ARCHIVED = "lumen-dental", "quillfeather-press"
CHANGED = "questions-answered-in-house"


def leave_open(stage: Stage, parts: Mapping[str, Part]) -> None:
    """Whatever somebody began and has not finished."""
    if DRAFT_OF in parts:
        _half_a_call(stage, parts[DRAFT_OF])
    if ARCHIVED in parts:
        left_at = stage.calendar.ago((parts[ARCHIVED].row.left or 0) - 30, 16)
        keeping.archive(customer=parts[ARCHIVED].customer, by=stage.people["theo"], now=left_at)
    _half_a_journey(stage)
    inviting.invite(
        organisation=stage.organisation,
        email="sofie@harbour.example",
        role=Role.CSM,
        by=stage.people["ada"],
        now=stage.calendar.ago(1, 15, 30),
    )
    for name in ("mara", "jonas", "priya", "theo"):
        membership = Membership.objects.get(organisation=stage.organisation, user=stage.people[name])
        changes.see(membership=membership, until=stage.calendar.ago(1, 8, 45), now=stage.calendar.now)


def _half_a_call(stage: Stage, part: Part) -> None:
    at = stage.calendar.ago(1, 16, 20)
    scheduling.keep_draft(
        organisation=stage.organisation,
        customer=part.customer,
        by=part.owner,
        fields={
            "token": [str(UUID(int=part.row.dice("draft").getrandbits(128), version=4))],
            "goal": ["That every practice looks at the recall list before the first patient comes."],
            "reality": ["Eight of nine do. In the ninth the list hangs in the wrong room."],
            "words": ["I would rather show you than tell you. Next week I have the export."],
        },
        now=at,
    )


def _half_a_journey(stage: Stage) -> None:
    """The next version of the journey: a draft with less time for one milestone."""

    def sooner(outline: Outline) -> Outline:
        one = next(one for one in outline.milestones if one.key == CHANGED)
        return outline.saying(replace(one, target_days="115"))

    journey = next(iter(stage.journeys.values()))
    designing.save_draft(
        journey=journey, change=sooner, by=stage.people["theo"], now=stage.calendar.ago(2, 14, 10)
    )
