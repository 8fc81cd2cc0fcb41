"""What coaching is planned by, as it is typed: working hours, days off, rules for a cadence, weights."""

from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coaching.forms.inputs import ClockInput, DayInput
from coaching.models import CadenceRule, Channel, PlanWeights
from coaching.models.plans import LONGEST, WEEKDAYS
from coaching.planning import Hours
from customers.models import Segment
from milestones.models import Milestone
from ui.opened import OpenedForm

TIME = {"invalid": gettext_lazy("Write a time like 09:00.")}
NUMBER = {"invalid": gettext_lazy("Write a whole number.")}


class HoursForm(forms.Form):
    """From, to and minutes of each weekday; a day left empty is a day off."""

    use_required_attribute = False

    def __init__(self, *args: Any, hours: Mapping[int, Hours], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday in range(len(WEEKDAYS)):
            known = hours.get(weekday)
            for name, field in self._fields_of_day(weekday).items():
                field.initial = getattr(known, name) if known else None
                self.fields[f"{name}-{weekday}"] = field

    def _fields_of_day(self, weekday: int) -> dict[str, forms.Field]:
        day = WEEKDAYS[weekday]
        clock = {"required": False, "error_messages": TIME}
        return {
            "begins": forms.TimeField(label=_("%(day)s from") % {"day": day}, widget=ClockInput(), **clock),  # type: ignore[arg-type]
            "ends": forms.TimeField(label=_("%(day)s to") % {"day": day}, widget=ClockInput(), **clock),  # type: ignore[arg-type]
            "minutes": forms.IntegerField(
                label=_("%(day)s, minutes for planned calls") % {"day": day},
                required=False,
                min_value=0,
                max_value=LONGEST,
                error_messages=NUMBER,
            ),
        }

    @property
    def rows(self) -> Iterator[tuple[Any, BoundField, BoundField, BoundField]]:
        for weekday, day in enumerate(WEEKDAYS):
            yield day, self[f"begins-{weekday}"], self[f"ends-{weekday}"], self[f"minutes-{weekday}"]

    def clean(self) -> dict[str, Any]:
        for weekday in range(len(WEEKDAYS)):
            self._check(weekday)
        return self.cleaned_data

    def _check(self, weekday: int) -> None:
        begins, ends, minutes = self._day(weekday)
        if begins is None and ends is None and minutes is None:
            return
        for name, value in (("begins", begins), ("ends", ends), ("minutes", minutes)):
            if value is None and f"{name}-{weekday}" not in self.errors:
                self.add_error(f"{name}-{weekday}", _("Fill in all three, or none for a day off."))
        if begins and ends and begins >= ends:
            self.add_error(f"ends-{weekday}", _("The day ends after it begins."))
        elif begins and ends and minutes and minutes > _minutes_between(begins, ends):
            words = _("There are only %(n)d minutes between these times.")
            self.add_error(f"minutes-{weekday}", words % {"n": _minutes_between(begins, ends)})

    def _day(self, weekday: int) -> tuple[time | None, time | None, int | None]:
        begins, ends, minutes = (
            self.cleaned_data.get(f"{name}-{weekday}") for name in ("begins", "ends", "minutes")
        )
        return begins, ends, minutes

    @property
    def hours(self) -> dict[int, Hours]:
        """By weekday, of a valid form."""
        found = {}
        for weekday in range(len(WEEKDAYS)):
            begins, ends, minutes = self._day(weekday)
            if begins is not None and ends is not None and minutes is not None:
                found[weekday] = Hours(begins, ends, minutes)
        return found


def _minutes_between(begins: time, ends: time) -> int:
    return (ends.hour - begins.hour) * 60 + ends.minute - begins.minute


class DayOffForm(forms.Form):
    """Days away, the first and the last included."""

    use_required_attribute = False
    first_on = forms.DateField(
        label=gettext_lazy("First day"),
        widget=DayInput(),
        error_messages={"required": gettext_lazy("Say which day is the first.")},
    )
    last_on = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=DayInput(),
        required=False,
        help_text=gettext_lazy("Empty: that day alone."),
    )
    name = forms.CharField(label=gettext_lazy("What for"), max_length=80, required=False)
    everybody = forms.BooleanField(label=gettext_lazy("For everybody here"), required=False)

    def __init__(self, *args: Any, for_all: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not for_all:
            del self.fields["everybody"]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        first, last = given.get("first_on"), given.get("last_on")
        if first and "last_on" not in self.errors:
            given["last_on"] = last or first
            if given["last_on"] < first:
                self.add_error("last_on", _("The last day does not come before the first."))
        return given


class RuleForm(forms.Form):
    """For whom, and how often, how long, how."""

    use_required_attribute = False
    segment: "forms.ModelChoiceField[Segment]" = forms.ModelChoiceField(
        None, label=gettext_lazy("Segment"), required=False, empty_label=gettext_lazy("every segment")
    )
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"),
        choices=[("", gettext_lazy("every stage")), *Milestone.Stage.choices],
        required=False,
    )
    risk = forms.ChoiceField(
        label=gettext_lazy("How they are doing"),
        choices=[("", gettext_lazy("however they are doing")), *CadenceRule.Risk.choices],
        required=False,
    )
    every_days = forms.IntegerField(
        label=gettext_lazy("Every so many days"),
        required=False,
        min_value=1,
        max_value=730,
        help_text=gettext_lazy("Empty: no calls are planned with them."),
        error_messages=NUMBER,
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        min_value=5,
        max_value=480,
        initial=30,
        error_messages=NUMBER | {"required": gettext_lazy("Say how long such a call is.")},
    )
    channel = forms.ChoiceField(label=gettext_lazy("How"), choices=Channel.choices, initial=Channel.VIDEO)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["segment"].queryset = Segment.objects.all()  # type: ignore[attr-defined]

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("every_days", "minutes", "channel")}


def _points(label: Any, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=1000, help_text=help_text, error_messages=NUMBER
    )


class WeightsForm(OpenedForm):
    """What a call counts for, in points that are added up."""

    use_required_attribute = False
    stuck = _points(gettext_lazy("They are stuck"))
    behind = _points(gettext_lazy("They are behind"))
    on_track = _points(gettext_lazy("They are on track"))
    paused = _points(gettext_lazy("They are paused"))
    past_target = _points(gettext_lazy("Their next milestone is past its target"))
    near_target = _points(gettext_lazy("Its target is at most 14 days ahead"))
    value = _points(
        gettext_lazy("The largest contract of those that are due"),
        gettext_lazy("A contract half as large counts half as much."),
    )
    overdue = _points(gettext_lazy("The call was due before today"))

    @classmethod
    def initial_of(cls, weights: PlanWeights) -> dict[str, Any]:
        return {name: getattr(weights, name) for name in cls.base_fields}


class SkipForm(forms.Form):
    """Why there is no call this time."""

    use_required_attribute = False
    why = forms.CharField(
        label=gettext_lazy("Why not this time"),
        max_length=200,
        error_messages={
            "required": gettext_lazy("Say in a few words why there is no call this time. It is still due.")
        },
    )
