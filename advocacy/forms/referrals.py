"""Forms about a referral: won, lost, a note about the reward."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from ui.amounts import UNIT


class ValueForm(forms.Form):
    """What something is worth, as far as it is known."""

    use_required_attribute = False
    amount = forms.DecimalField(
        label=_("What it is worth"), required=False, min_value=0, max_digits=14, decimal_places=4
    )
    currency = forms.RegexField(
        label=_("Currency"),
        regex=r"^[A-Za-z]{3}$",
        required=False,
        max_length=3,
        error_messages={"invalid": _("A currency has three letters, such as EUR.")},
    )

    def value(self) -> dict[str, Any]:
        """As verbs take it. A currency alone, which the form begins with, says nothing."""
        amount: Decimal | None = self.cleaned_data["amount"]
        if amount is None:
            return {"amount_e4": None, "currency": ""}
        return {"amount_e4": int(amount * UNIT), "currency": self.cleaned_data["currency"].upper()}


class WonForm(ValueForm):
    customer: "forms.ModelChoiceField[Customer]" = forms.ModelChoiceField(
        None, label=_("Who they became"), required=False, empty_label=_("not written down yet")
    )

    def __init__(self, *args: Any, customers: QuerySet[Customer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]


class LostForm(forms.Form):
    use_required_attribute = False
    why = forms.CharField(
        label=_("Why it came to nothing"),
        max_length=200,
        error_messages={"required": _("Say in a few words why: the next one learns from it.")},
    )


class RewardForm(forms.Form):
    use_required_attribute = False
    reward = forms.CharField(
        label=_("What was given, and to whom"),
        max_length=200,
        help_text=_("A note for you. Nothing is paid by it."),
        error_messages={"required": _("Write what was given, and to whom.")},
    )
