"""When we speak again."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coaching.forms.inputs import ClockInput, DayInput
from ui.moments import day_words

WEEKS = (1, 2, 4)


def in_weeks(today: date) -> list[tuple[str, str]]:
    """Choices such as "In 2 weeks, Thu 26 March", by their number of days."""
    return [
        (
            str(7 * n),
            _("%(weeks)s, %(day)s")
            % {
                "weeks": ngettext("In %(n)d week", "In %(n)d weeks", n) % {"n": n},
                "day": day_words(today + timedelta(days=7 * n), today=today),
            },
        )
        for n in WEEKS
    ]


def moment(day: date, at: time) -> datetime:
    """A day and a time of day in the reader's zone."""
    return timezone.make_aware(datetime.combine(day, at))


class NextCallForm(forms.Form):
    """Plan one call, or move the one that is planned."""

    next_on = forms.DateField(
        label=gettext_lazy("Day"),
        widget=DayInput(),
        error_messages={"required": gettext_lazy("Say on which day.")},
    )
    next_time = forms.TimeField(
        label=gettext_lazy("Time"),
        widget=ClockInput(),
        error_messages={"required": gettext_lazy("Say at what time.")},
    )
    purpose = forms.CharField(
        label=gettext_lazy("What for"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("One line. It stands beside the call on Today."),
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("next_on") and values.get("next_time"):
            values["due_at"] = moment(values["next_on"], values["next_time"])
            if values["due_at"] <= self.now:
                self.add_error("next_on", _("That is in the past. Choose a time that is still to come."))
        return values
