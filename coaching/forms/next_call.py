"""When we speak again."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coaching.forms.inputs import ClockInput, DayInput, PeopleField
from coaching.scheduling import Terms
from customers.models import Contact
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


class InviteField(PeopleField):
    """Who of the customer is asked to the call, by name and address."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            None,
            label=gettext_lazy("Invite"),
            required=False,
            error_messages={
                "invalid_choice": gettext_lazy("Somebody you ticked cannot be invited any more.")
            },
            **kwargs,
        )

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}, {obj.address}"


def within_reach(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """Those with an address."""
    return contacts.filter(recipient__isnull=False).select_related("recipient")


def minutes_field() -> forms.IntegerField:
    label = gettext_lazy("Minutes")
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=24 * 60)


def place_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Place or link"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("A room, a number or a link. It stands in the invitation."),
    )


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
    minutes = minutes_field()
    purpose = forms.CharField(
        label=gettext_lazy("What for"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("One line. It stands beside the call on Today, and in no invitation."),
    )
    place = place_field()
    invite = InviteField()

    def __init__(self, *args: Any, now: datetime, contacts: QuerySet[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["invite"].queryset = within_reach(contacts)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("next_on") and values.get("next_time"):
            values["due_at"] = moment(values["next_on"], values["next_time"])
            if values["due_at"] <= self.now:
                self.add_error("next_on", _("That is in the past. Choose a time that is still to come."))
        return values

    def terms(self) -> Terms:
        values = self.cleaned_data
        return Terms(minutes=values["minutes"], place=values["place"], invite=list(values["invite"]))
