"""The form of a celebration that waits. What it holds is handed to `advocacy.celebrating`."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from advocacy.models import Celebration
from coaching.forms.inputs import PeopleField
from customers.models import Contact

LONG = 1000


class CelebrationForm(forms.Form):
    use_required_attribute = False
    fact = forms.CharField(
        label=_("The fact"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One specific fact. It is the subject and the headline."),
    )
    personal_line = forms.CharField(
        label=_("A line of your own"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you saw them do. No offers: this mail asks for nothing."),
    )
    guests = PeopleField(
        None,
        label=_("Goes to"),
        required=False,
        error_messages={"invalid_choice": _("Somebody you ticked cannot be written to any more.")},
    )

    def __init__(self, *args: Any, celebration: Celebration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.current().filter(customer=celebration.enrolment.customer_id)
        self.fields["guests"].queryset = people.exclude(recipient=None)  # type: ignore[attr-defined]
        self.initial = {
            "fact": celebration.fact,
            "personal_line": celebration.personal_line,
            "guests": list(celebration.guests.all()),
        }
