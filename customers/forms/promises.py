"""Forms about promises from the sale. What they hold is handed to `customers.promising`."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.forms.outcomes import LONG, day_field
from customers.models import Attention, Contact, Outcome, Promise, PromiseDecision
from organisations.access import colleagues
from organisations.models import Organisation, User
from ui.opened import OpenedForm

Kind = PromiseDecision.Kind


class PromiseForm(OpenedForm):
    """One promise as it is written down at hand-over."""

    use_required_attribute = False
    words = forms.CharField(
        label=_("What was promised"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("As it was said or written."),
        error_messages={"required": _("Write down what was promised, as it was said.")},
    )
    due_on = day_field(_("By when"))
    promised_on = day_field(_("Promised on"))
    member: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        None, label=_("Who promised it"), required=False, empty_label=_("somebody who is no member here")
    )
    seller = forms.CharField(
        label=_("Their name"),
        max_length=200,
        required=False,
        help_text=_("When they are no member here."),
    )
    said_in = forms.CharField(
        label=_("Where it was said"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("proposal, page 3")}),
    )
    message = forms.CharField(
        label=_("The sales message behind it"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "messages", "autocomplete": "off"}),
        help_text=_("The same words at every customer, so that it shows which messages hold."),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.initial.get("member")  # stays a choice when they are gone since
        here = colleagues(organisation)
        people = here | User.objects.filter(pk=held.pk) if held else here
        self.fields["member"].queryset = people  # type: ignore[attr-defined]
        said = Promise.objects.standing().exclude(message="").order_by("message")
        self.messages = list(said.values_list("message", flat=True).distinct()[:200])

    @classmethod
    def initial_of(cls, promise: Promise) -> dict[str, Any]:
        return {name: getattr(promise, name) for name in cls.base_fields}


class DecisionForm(forms.Form):
    """One decision about a promise. Which fields count depends on what is decided."""

    use_required_attribute = False
    decision = forms.ChoiceField(choices=Kind.choices, widget=forms.HiddenInput())
    words = forms.CharField(
        label=_("In words"), max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    due_on = day_field(_("By when"))
    outcome: "forms.ModelChoiceField[Outcome]" = forms.ModelChoiceField(
        None, label=_("Which outcome"), required=False, empty_label=_("a new one, from these words")
    )
    contact: "forms.ModelChoiceField[Contact]" = forms.ModelChoiceField(
        None, label=_("Agreed with"), required=False, empty_label=_("not said")
    )
    on = day_field(_("On"), help_text=_("Today when empty."))
    why = forms.CharField(
        label=_("Why"), max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, promise: Promise, kind: str) -> None:
        initial = {"decision": kind, "words": promise.words, "due_on": promise.due_on}
        super().__init__(data, initial=initial, auto_id=f"{kind}_%s")
        wanted = Outcome.objects.standing().in_words().filter(customer=promise.customer_id).in_order()
        here = Contact.objects.current().filter(customer=promise.customer_id)
        self.fields["outcome"].queryset = wanted  # type: ignore[attr-defined]
        self.fields["contact"].queryset = here  # type: ignore[attr-defined]

    @property
    def kind(self) -> str:
        return str(self.initial["decision"])


class AttentionForm(forms.ModelForm):
    """After how many days something asks for somebody."""

    use_required_attribute = False

    class Meta:
        model = Attention
        fields = ("promise_days", "silent_days")
        labels = {
            "promise_days": _("Days a promise may stay undecided"),
            "silent_days": _("Days without a sign of a champion"),
        }
        help_texts = {"promise_days": "", "silent_days": ""}


def decisions_of(promise: Promise) -> list[str]:
    """What may be decided about it as it stands."""
    if promise.is_undecided:
        return [Kind.OUTCOME, Kind.RENEGOTIATED, Kind.DECLINED]
    if promise.is_agreed:
        first = [Kind.OUTCOME] if promise.state == Promise.State.RENEGOTIATED else []
        return [Kind.KEPT, Kind.NOT_KEPT, *first, Kind.RENEGOTIATED, Kind.DECLINED, Kind.REOPENED]
    return [Kind.REOPENED]
