"""What leads the conversation in the call form: the guide that is shown, what it asks, and the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from coaching.forms import CallForm
from coaching.models import GuideEdition
from coaching.prompts import Prompts, fitting, prompts_for, stage_of
from coaching.views.sheet import Sheet
from ui.addresses import whole_number


@dataclass(frozen=True)
class Lead:
    edition: GuideEdition | None
    """None: the questions of the stage that ship."""
    prompts: Prompts
    groups: Sequence[tuple[str, Sequence[GuideEdition]]] = ()
    """The guides to choose from by stage, where one may choose."""


def lead_of(sheet: Sheet, form: CallForm, *, show: str = "") -> Lead:
    """`show` says which choice was just made: another challenge brings its own guide along."""
    if sheet.call:
        edition = _whole(sheet.call.guide_id)
        return Lead(edition, prompts_for(sheet.enrolment, edition))
    chosen = _chosen(sheet, form, show)
    edition = _whole(chosen.pk) if chosen else None
    by_stage = groupby(sheet.guides, key=lambda each: each.guide.get_stage_display())
    groups = [(str(stage).capitalize(), list(those)) for stage, those in by_stage]
    return Lead(edition, prompts_for(sheet.enrolment, edition), groups)


def _chosen(sheet: Sheet, form: CallForm, show: str) -> GuideEdition | None:
    stage = stage_of(sheet.enrolment)
    kind = form.chosen_kind if show == "challenge" else None
    if kind:
        return fitting(sheet.guides, stage=stage, kinds=[kind.pk])
    return _named(sheet, whole_number(str(form["guide"].value() or ""))) or fitting(
        sheet.guides, stage=stage, kinds=[challenge.kind_id for challenge in sheet.challenges]
    )


def _named(sheet: Sheet, pk: int) -> GuideEdition | None:
    """What was chosen; of a guide that has a newer edition by now, the newer one."""
    if not pk:
        return None
    if found := next((each for each in sheet.guides if each.pk == pk), None):
        return found
    guide = GuideEdition.objects.filter(pk=pk).values_list("guide_id", flat=True).first()
    return next((each for each in sheet.guides if each.guide_id == guide), None)


def _whole(pk: int | None) -> GuideEdition | None:
    """With all its texts."""
    rows = GuideEdition.objects.select_related("guide__kind")
    return rows.filter(pk=pk).first() if pk else None
