"""Forms about setting out on a journey and leaving it. What they hold is handed to `milestones.enrolling`."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Customer, Segment
from milestones.enrolling import WHY_LENGTH
from ui.addresses import whole_number

LONGEST_AGO, FURTHEST_AHEAD = timedelta(days=365 * 30), timedelta(days=365 * 2)
MOST_IDS = 5000


class StartForm(forms.Form):
    """When a journey began. Empty: no start is known, so there are no targets either."""

    started_on = forms.DateField(
        label=gettext_lazy("Start"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy(
            "What they reached before does not count; targets run from here. Empty: all they ever reached "
            "counts, and there are no targets."
        ),
        error_messages={"invalid": gettext_lazy("Write a date like 2026-03-31, or leave it empty.")},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"use_required_attribute": False})
        self.today = today

    def clean_started_on(self) -> date | None:
        day = self.cleaned_data["started_on"]
        if day and not self.today - LONGEST_AGO <= day <= self.today + FURTHEST_AHEAD:
            raise forms.ValidationError(
                _("That is too far away: from 30 years ago to two years ahead, please.")
            )
        return day


class EnrolForm(StartForm):
    """Who sets out: those ticked, or everyone the filter finds."""

    history = forms.BooleanField(
        label=gettext_lazy("Keep quiet about what they have reached already"),
        required=False,
        help_text=gettext_lazy("It counts, and nobody gets a celebration for it."),
    )
    q = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput())
    segment: "forms.ModelChoiceField[Segment]" = forms.ModelChoiceField(
        None,
        to_field_name="slug",
        required=False,
        widget=forms.HiddenInput(),
        error_messages={
            "invalid_choice": gettext_lazy("That segment is not there any more. Choose another."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["segment"].queryset = Segment.objects.all()  # type: ignore[attr-defined]
        self.fields["started_on"].initial = self.today


class FilterForm(forms.Form):
    """Which customers the page shows."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={"type": "search", "class": "input", "placeholder": gettext_lazy("Name or person")}
        ),
    )
    segment: "forms.ModelChoiceField[Segment]" = forms.ModelChoiceField(
        None,
        label=gettext_lazy("Segment"),
        to_field_name="slug",
        required=False,
        empty_label=gettext_lazy("All segments"),
        widget=forms.Select(attrs={"class": "input"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["segment"].queryset = Segment.objects.all()  # type: ignore[attr-defined]


class EndForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why it ends"),
        max_length=WHY_LENGTH,
        error_messages={"required": gettext_lazy("Say why it ends; their timeline keeps it.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    keep_judging = forms.BooleanField(
        label=gettext_lazy("Go on counting what they reach"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Untick it when the journey never was theirs, such as one begun by mistake."),
    )


def ticked_ids(values: list[str]) -> set[int]:
    """The ids among what was posted; anything else is as if it were not there."""
    return {number for value in values[:MOST_IDS] if (number := whole_number(value))}


def ticked_customers(values: list[str]) -> list[Customer]:
    return list(Customer.objects.filter(pk__in=ticked_ids(values)).order_by("name", "pk"))
