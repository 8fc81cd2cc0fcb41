"""Forms about variants: what one is called, and for whom it is."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import USE_CASE_LENGTH, Customer, Segment
from milestones.checking import NAME_LENGTH


class RuleForm(forms.Form):
    """For whom a variant is. Both empty: it is chosen by hand alone."""

    segment = forms.CharField(
        label=_("Segment"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"list": "segments", "autocomplete": "off"}),
        help_text=_("Of customers it is for; empty: of any segment."),
    )
    use_case = forms.CharField(
        label=_("Use case"),
        max_length=USE_CASE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"list": "use-cases", "autocomplete": "off"}),
        help_text=_("As it stands at the customer, whatever its capitals; empty: any."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"use_required_attribute": False})
        self.segments = list(Segment.objects.values_list("name", flat=True))
        self.use_cases = Customer.objects.use_cases()


class VariantForm(RuleForm):
    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        help_text=_("What these customers will call it. You can change it later."),
        error_messages={"required": _("Name the variant.")},
    )

    field_order = ("name", "segment", "use_case")
