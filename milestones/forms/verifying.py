"""Forms about claims, questions and contests. What they hold is handed to `milestones.verifying`."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Contact, Customer
from ui.ticked import RowsField

LONG = 2000


class ClaimForm(forms.Form):
    """One specific fact, since when, what shows it, and who is asked."""

    use_required_attribute = False
    statement = forms.CharField(
        label=_("What is so now"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One specific fact, as the customer would say it. It is what they are asked about."),
        error_messages={"required": _("Say what is so now, as one specific fact.")},
    )
    reached_on = forms.DateField(
        label=_("Since"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write a date like 2026-03-31."), "required": _("Since when is it so?")},
    )
    number = forms.FloatField(
        label=_("A number"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"invalid": _("Write a number like 10 or 7.6.")},
    )
    words = forms.CharField(
        label=_("A sentence of theirs"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 2, "class": "words"}),
    )
    link = forms.URLField(
        label=_("A link"),
        required=False,
        max_length=500,
        assume_scheme="https",
        error_messages={"invalid": _("Write a whole address, beginning with https://.")},
    )
    named_contact: "forms.ModelChoiceField[Contact]" = forms.ModelChoiceField(
        None,
        label=_("Whose doing it is"),
        required=False,
        empty_label=_("Nobody in particular"),
        help_text=_("They are named in the celebration."),
    )
    asked: "forms.ModelMultipleChoiceField[Contact]" = RowsField(
        None,
        label=_("Who is asked whether it is so"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        error_messages={"invalid_choice": _("Somebody you ticked cannot be asked any more. Choose again.")},
    )

    def __init__(self, *args: Any, customer: Customer, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.current().filter(customer=customer)
        self.fields["named_contact"].queryset = people  # type: ignore[attr-defined]
        self.fields["asked"].queryset = people.exclude(recipient=None)  # type: ignore[attr-defined]
        self.fields["asked"].initial = people.exclude(recipient=None).filter(is_primary=True)
        self.fields["reached_on"].initial = today


class WithdrawalForm(forms.Form):
    use_required_attribute = False
    why = forms.CharField(
        label=_("Why it is taken back"),
        max_length=200,
        error_messages={"required": _("Say why: the reason stays on the timeline.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class AnswerForm(forms.Form):
    """Our answer to a contest. It goes out as it stands."""

    use_required_attribute = False
    answer = forms.CharField(
        label=_("Your answer"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("It goes to them as you write it, with your name."),
        error_messages={"required": _("Write your answer: it goes to the customer as it stands.")},
    )
    contact: "forms.ModelChoiceField[Contact]" = forms.ModelChoiceField(
        None, label=_("Goes to"), empty_label=None
    )
    ask_again = forms.BooleanField(
        label=_("Ask again whether it is so now"),
        required=False,
        initial=True,
        help_text=_("Untick it while there is still something to do on our side."),
    )

    def __init__(self, *args: Any, customer: Customer, contested_by: Contact | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.current().filter(customer=customer).exclude(recipient=None)
        self.fields["contact"].queryset = people  # type: ignore[attr-defined]
        self.fields["contact"].initial = contested_by
