"""Forms about what customers want to reach. What they hold is handed to `customers.defining`."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.models import Contact, Customer, Metric, Outcome
from ui.opened import OpenedForm

LONG = 2000
NUMBER = {"invalid": _("Write a number like 10 or 7.6.")}
DAY = {"invalid": _("Write a date like 2026-03-31.")}


def day_field(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, error_messages=DAY, **options)


def _number(label: Any) -> forms.FloatField:
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return forms.FloatField(label=label, required=False, widget=widget, error_messages=NUMBER)


def _words(label: Any, rows: int, help_text: Any = "", **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "class": "words"})
    return forms.CharField(
        label=label, max_length=LONG, required=False, widget=widget, help_text=help_text, **options
    )


class OutcomeForm(OpenedForm):
    """One outcome as a member writes it down."""

    use_required_attribute = False
    words = forms.CharField(
        label=_("What they want to reach, in their words"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3, "class": "words"}),
        help_text=_("Quote, do not summarise."),
        error_messages={"required": _("Write down what they want to reach, as they say it.")},
    )
    contact: "forms.ModelChoiceField[Contact]" = forms.ModelChoiceField(
        None, label=_("Whose words"), required=False, empty_label=_("somebody else, or not known")
    )
    said_by = forms.CharField(
        label=_("Who said so, and where"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("kick-off call")}),
    )
    said_on = day_field(_("Since when"))
    metric: "forms.ModelChoiceField[Metric]" = forms.ModelChoiceField(
        None, label=_("Measured by"), required=False, empty_label=_("not measured yet")
    )
    baseline = _number(_("Where it began"))
    baseline_on = day_field(_("On"))
    target = _number(_("Where it shall be"))
    target_on = day_field(_("By"))
    required = _words(_("What must be true"), 2, _("What has to be so for them to say that it is reached."))
    experience = _words(
        _("How they want to get there"), 2, _("What working with us should be like for them.")
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.initial.get("contact")  # stays a choice when they left since
        here = Contact.objects.filter(customer=customer, left_on=None)
        people = here | Contact.objects.filter(customer=customer, pk=held.pk if held else 0)
        self.fields["contact"].queryset = people  # type: ignore[attr-defined]
        self.fields["metric"].queryset = Metric.objects.all()  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, outcome: Outcome) -> dict[str, Any]:
        return {name: getattr(outcome, name) for name in cls.base_fields}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        measured = any(given.get(name) is not None for name in ("baseline", "baseline_on", "target"))
        if measured and not given.get("metric") and "metric" not in self.errors:
            self.add_error("metric", gettext("Say which metric these numbers belong to."))
        return given


class RetirementForm(forms.Form):
    use_required_attribute = False
    why = forms.CharField(
        label=_("Why it is wanted no more"),
        max_length=200,
        error_messages={"required": _("Say why: reached, replaced by another one, or no longer wanted.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class WhomForm(forms.Form):
    """Who of the customer is asked something by mail."""

    use_required_attribute = False
    contact: "forms.ModelChoiceField[Contact]" = forms.ModelChoiceField(
        None,
        label=_("Ask"),
        empty_label=None,
        widget=forms.Select(attrs={"class": "input grow-1"}),
        error_messages={
            "invalid_choice": _("This person cannot be asked any more. Choose somebody else."),
            "required": _("Choose who is asked."),
        },
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.current().filter(customer=customer).exclude(recipient=None)
        self.fields["contact"].queryset = people  # type: ignore[attr-defined]


class WordingForm(forms.Form):
    """The customer's own page: the wording, and what they may change in it."""

    use_required_attribute = False
    edition = forms.IntegerField(min_value=1, widget=forms.HiddenInput())
    words = forms.CharField(
        label=_("In your own words"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 4, "class": "words"}),
        error_messages={"required": _("Say in your own words what you want to reach.")},
    )
    target = _number(_("Where it shall be"))
    target_on = day_field(_("By"))

    def __init__(self, *args: Any, outcome: Outcome, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if outcome.metric is None:
            del self.fields["target"]
        elif outcome.metric.unit:
            self.fields["target"].label = gettext("Where it shall be, in %(unit)s") % {
                "unit": outcome.metric.unit
            }

    @classmethod
    def initial_of(cls, outcome: Outcome) -> dict[str, Any]:
        return {name: getattr(outcome, name) for name in cls.base_fields}

    @property
    def given(self) -> dict[str, Any]:
        """What they wrote, without the edition."""
        return {name: value for name, value in self.cleaned_data.items() if name != "edition"}


class ObjectionForm(forms.Form):
    """What is wrong with it."""

    use_required_attribute = False
    objection = forms.CharField(
        label=_("What is wrong"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 2, "class": "words"}),
        error_messages={
            "required": _("Please say in a sentence what is wrong. Then we know what to change.")
        },
    )
