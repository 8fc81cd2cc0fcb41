"""The forms of the journey editor: they show a draft as it was typed, and read what is typed next.

They refuse nothing: a draft may be incomplete. What is wrong is found by `checking` and shown at its field.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from milestones.checking import COACHING_LENGTH, MEANING_LENGTH, NAME_LENGTH, Problem
from milestones.editing import Edit
from milestones.forms.criteria import CriterionForm, Shown, criteria_from, criterion_form, plain_text
from milestones.models import Milestone
from milestones.outlines import KEY_LENGTH, MetricOutline, MilestoneOutline, Outline
from ui.addresses import whole_number

FIELDS = (
    *("key", "name", "meaning", "stage", "target_days", "celebrate", "hold_hours", "join", "needed"),
    "coaching",
)


def _number_input(width: str) -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "decimal", "size": width, "autocomplete": "off"})


class JourneyForm(Shown):
    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    purpose = forms.CharField(
        label=_("What the customer has reached at its end"),
        max_length=MEANING_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MilestoneForm(Shown):
    name = forms.CharField(
        label=_("The outcome"),
        max_length=NAME_LENGTH,
        help_text=_("What is so for the customer, not what you or they do."),
    )
    meaning = forms.CharField(
        label=_("What it means for them"),
        max_length=MEANING_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Written to the customer; they read it when they confirm."),
    )
    stage = forms.CharField(
        label=_("Stage"), widget=forms.Select(choices=[("", "–"), *Milestone.Stage.choices])
    )
    target_days = forms.CharField(label=_("Target, days from the start"), widget=_number_input("5"))
    celebrate = forms.CharField(
        label=_("Celebrate"), widget=forms.Select(choices=Milestone.Celebrate.choices)
    )
    hold_hours = forms.CharField(label=_("Hold, hours"), widget=_number_input("4"))
    join = forms.CharField(
        label=_("It is so when"),
        widget=forms.Select(
            choices=[
                ("all", _("all of these hold")),
                ("any", _("any of these holds")),
                ("at_least", _("at least so many of these hold:")),
            ],
            attrs={"class": "input input--inline", "aria-label": _("How the criteria are joined")},
        ),
    )
    needed = forms.CharField(
        label=_("How many must hold"),
        max_length=4,
        widget=forms.TextInput(
            attrs={
                "class": "input input--inline criteria__needed",
                "inputmode": "numeric",
                "size": "2",
                "autocomplete": "off",
                "aria-label": _("How many must hold"),
            }
        ),
    )
    coaching = forms.CharField(
        label=_("Coaching hint"),
        max_length=COACHING_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "For the CSM only: what to ask in a call while they work towards it. Markdown: **bold**, - lists."
        ),
    )
    key = forms.CharField(
        label=_("Key"),
        max_length=KEY_LENGTH,
        help_text=_("Names it in files and figures. It stays when the name changes."),
    )


@dataclass(frozen=True)
class PartForms:
    """The forms of the part of the outline that is open."""

    part: Shown
    criteria: tuple[CriterionForm, ...] = ()

    @property
    def all(self) -> tuple[Shown, ...]:
        return (self.part, *self.criteria)


def journey_forms(outline: Outline, problems: Iterable[Problem]) -> PartForms:
    """Name and purpose, with the problems to show there."""
    values = {"name": outline.name, "purpose": outline.purpose}
    return PartForms(JourneyForm(values, _by_field(problems)))


def milestone_forms(
    milestone: MilestoneOutline, problems: Iterable[Problem], metrics: Sequence[MetricOutline]
) -> PartForms:
    """One milestone and its criteria, with the problems to show there."""
    found = _by_field(problems)
    values = {name: getattr(milestone, name) for name in FIELDS}
    return PartForms(
        MilestoneForm(values, found),
        tuple(criterion_form(one, at, found, metrics) for at, one in enumerate(milestone.criteria, start=1)),
    )


def edit_from(post: QueryDict) -> Edit:
    """The step that a posted form of the editor asks for. Fields it does not have stay as they are kept."""
    number = whole_number(post.get("handle", ""))
    typed: dict[str, Any] = {
        name: plain_text(str(post[name]))
        for name in (FIELDS if number else ("name", "purpose"))
        if name in post
    }
    if "join" in typed and typed["join"] != Milestone.Join.AT_LEAST:
        typed["needed"] = ""
    if number and "criterion_count" in post:
        typed["criteria"] = tuple(criteria_from(post))
    return Edit(
        handle=number,
        typed=typed,
        basis=post.get("basis", "")[:16],
        form=post.get("form", "")[:36],
        does=post.get("do", "save")[:40],
        metric=MetricOutline(
            key="",
            name=plain_text(post.get("new_metric_name", ""))[:120],
            unit=plain_text(post.get("new_metric_unit", ""))[:20],
            lower_is_better="new_metric_lower" in post,
        ),
    )


def _by_field(problems: Iterable[Problem]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for problem in problems:
        found.setdefault(problem.field, []).append(problem.message)
    return found
