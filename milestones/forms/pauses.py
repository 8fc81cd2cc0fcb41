"""When the clock of a journey stands, and why. What it holds is handed to `milestones.pausing`."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milestones.models.pauses import WHY_LENGTH

FURTHEST = timedelta(days=365 * 2)
OFTEN = (
    gettext_lazy("Holiday"),
    gettext_lazy("Project on hold"),
    gettext_lazy("Our contact is away"),
    gettext_lazy("Waiting for another system"),
)


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": gettext_lazy("Write a date like 2026-03-31."),
            "required": gettext_lazy("Say from which day on."),
        },
        **options,
    )


class PauseForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why it stands"),
        max_length=WHY_LENGTH,
        error_messages={"required": gettext_lazy("Say why; their page and their timeline show it.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "pause-reasons"}),
    )
    starts_on = _day(label=gettext_lazy("First day"))
    resumes_on = _day(
        label=gettext_lazy("Goes on again on"),
        required=False,
        help_text=gettext_lazy("It then goes on by itself. Empty: until somebody says so."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"use_required_attribute": False})
        self.today = today
        self.fields["starts_on"].initial = today
        self.reasons = OFTEN

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        starts_on, resumes_on = values.get("starts_on"), values.get("resumes_on")
        for name, day in (("starts_on", starts_on), ("resumes_on", resumes_on)):
            if day and abs(day - self.today) > FURTHEST:
                self.add_error(name, _("Choose a day within two years of today."))
        if starts_on and resumes_on and resumes_on <= starts_on:
            self.add_error("resumes_on", _("It goes on after it stopped: choose a later day than the first."))
        return values
