"""The forms of the journey editor: they show a draft as it was typed, and read what is typed next.

They refuse nothing: a draft may be incomplete. What is wrong is found by `checking` and shown at its field.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import ErrorDict, ErrorList
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from milestones.checking import MEANING_LENGTH, NAME_LENGTH, Problem
from milestones.editing import MOST_CRITERIA, Edit
from milestones.models import Criterion, Milestone
from milestones.outlines import (
    KEY_LENGTH,
    CriterionOutline,
    MetricOutline,
    MilestoneOutline,
    Outline,
)
from ui.addresses import whole_number

FIELDS = ("key", "name", "meaning", "stage", "target_days", "celebrate", "hold_hours", "join")


def _number_input(width: str) -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "decimal", "size": width, "autocomplete": "off"})


class Shown(forms.Form):
    """Shows values as they are, with what was found about them, and validates nothing itself."""

    found: Mapping[str, list[str]] = {}

    def __init__(self, values: Mapping[str, Any], found: Mapping[str, list[str]], **kwargs: Any) -> None:
        self.found = found
        super().__init__(dict(values), use_required_attribute=False, **kwargs)

    def full_clean(self) -> None:
        self._errors = ErrorDict(
            {name: ErrorList(said) for name, said in self.found.items() if name in self.fields}
        )
        self.cleaned_data = {}


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
            choices=[("all", _("all of these hold")), ("any", _("any of these holds"))],
            attrs={"class": "input input--inline", "aria-label": _("How the criteria are joined")},
        ),
    )
    key = forms.CharField(
        label=_("Key"),
        max_length=KEY_LENGTH,
        help_text=_("Names it in files and figures. It stays when the name changes."),
    )


class CriterionForm(Shown):
    kind = forms.CharField(widget=forms.HiddenInput())
    metric = forms.CharField(
        label=_("Metric"),
        widget=forms.Select(attrs={"class": "input input--inline", "aria-label": _("Metric")}),
    )
    operator = forms.CharField(
        label=_("Compared"),
        widget=forms.Select(
            choices=Criterion.Operator.choices,
            attrs={"class": "input input--inline", "aria-label": _("Compared")},
        ),
    )
    threshold = forms.CharField(
        label=_("Value"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "class": "input input--inline",
                "inputmode": "decimal",
                "size": "6",
                "autocomplete": "off",
                "aria-label": _("Value"),
            }
        ),
    )

    def __init__(self, *args: Any, metrics: Sequence[MetricOutline], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.data.get(self.add_prefix("metric"), "")
        known = {one.key: one for one in metrics}
        choices: list[tuple[str, Any]] = [(one.key, one.name or one.key) for one in metrics]
        if chosen not in known:
            choices.insert(0, (chosen, chosen or _("choose a metric")))
        self.fields["metric"].widget.choices = choices
        self.unit = known[chosen].unit if chosen in known else ""
        self.is_metric = self.data.get(self.add_prefix("kind")) == Criterion.Kind.METRIC


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
        tuple(_criterion_form(one, at, found, metrics) for at, one in enumerate(milestone.criteria, start=1)),
    )


def edit_from(post: QueryDict) -> Edit:
    """The step that a posted form of the editor asks for. Fields it does not have stay as they are kept."""
    number = whole_number(post.get("handle", ""))
    typed: dict[str, Any] = {
        name: _plain(str(post[name])) for name in (FIELDS if number else ("name", "purpose")) if name in post
    }
    if number and "criterion_count" in post:
        typed["criteria"] = tuple(_criteria_from(post))
    return Edit(
        handle=number,
        typed=typed,
        basis=post.get("basis", "")[:16],
        form=post.get("form", "")[:36],
        does=post.get("do", "save")[:40],
        metric=MetricOutline(
            key="",
            name=_plain(post.get("new_metric_name", ""))[:120],
            unit=_plain(post.get("new_metric_unit", ""))[:20],
            lower_is_better="new_metric_lower" in post,
        ),
    )


def _criteria_from(post: QueryDict) -> Iterable[CriterionOutline]:
    for at in range(1, MOST_CRITERIA + 1):
        kind = _plain(post.get(f"criterion-{at}-kind", ""))
        if kind == Criterion.Kind.METRIC:
            parts = (
                _plain(post.get(f"criterion-{at}-{name}", "")) for name in ("metric", "operator", "threshold")
            )
            yield CriterionOutline(kind, *parts)
        elif kind:
            yield CriterionOutline(kind)


def _criterion_form(
    criterion: CriterionOutline, at: int, found: Mapping[str, list[str]], metrics: Sequence[MetricOutline]
) -> CriterionForm:
    prefix = f"criterion-{at}"
    values = {
        f"{prefix}-{name}": getattr(criterion, name) for name in ("kind", "metric", "operator", "threshold")
    }
    own = {
        name.removeprefix(f"{prefix}-"): said for name, said in found.items() if name.startswith(f"{prefix}-")
    }
    return CriterionForm(values, own, prefix=prefix, metrics=metrics)


def _by_field(problems: Iterable[Problem]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for problem in problems:
        found.setdefault(problem.field, []).append(problem.message)
    return found


def _plain(typed: str) -> str:
    """As typed, without what no database keeps."""
    return typed.replace("\x00", "").replace("\r\n", "\n").strip()
