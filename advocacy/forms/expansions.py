"""Forms about growth: a rule, a need, what is made of a signal."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from advocacy.forms.referrals import ValueForm
from advocacy.models import ExpansionRule
from coaching.models import Call
from customers.models import Contact, Customer, Metric
from ui.moments import day_words, local

CALLS = 10  # offered as where it was said: the last ones
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RuleForm(forms.Form):
    use_required_attribute = False
    name = forms.CharField(
        label=_("What it is a sign of"),
        max_length=120,
        help_text=_("As you speak of it: “a second site”."),
        error_messages={"required": _("Give it a name, as you speak of it.")},
    )
    metric: "forms.ModelChoiceField[Metric]" = forms.ModelChoiceField(
        None,
        label=_("Metric"),
        empty_label=_("choose"),
        error_messages={"required": _("Choose what is measured.")},
    )
    operator = forms.ChoiceField(
        label=_("Is"), choices=ExpansionRule.Operator.choices, widget=forms.RadioSelect()
    )
    threshold = forms.FloatField(
        label=_("Threshold"), error_messages={"required": _("Say from which value on.")}
    )
    need_days = forms.IntegerField(
        label=_("What they said they need counts for, in days"), min_value=1, max_value=3650
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metric"].queryset = Metric.objects.order_by("name")  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, rule: ExpansionRule | None) -> dict[str, Any]:
        if rule is None:
            return {"operator": ExpansionRule.Operator.AT_LEAST, "need_days": 180}
        return {name: getattr(rule, name) for name in cls.base_fields}


class NeedForm(forms.Form):
    use_required_attribute = False
    words = forms.CharField(
        label=_("What they said they need"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "words"}),
        error_messages={"required": _("Write the sentence as they said it.")},
    )
    contact: "forms.ModelChoiceField[Contact]" = forms.ModelChoiceField(
        None, label=_("Who said it"), required=False, empty_label=_("somebody not on file")
    )
    said_by = forms.CharField(label=_("Their name, if they are not on file"), required=False, max_length=120)
    said_on = forms.DateField(label=_("On"), widget=DAY)
    call: "forms.ModelChoiceField[Call]" = forms.ModelChoiceField(
        None, label=_("In the call"), required=False, empty_label=_("not in a call")
    )

    def __init__(self, *args: Any, customer: Customer, calls: QuerySet[Call], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.current().filter(customer=customer)
        self.fields["contact"].queryset = people  # type: ignore[attr-defined]
        field: Any = self.fields["call"]
        field.queryset = calls
        field.label_from_instance = lambda call: day_words(
            local(call.held_at).date(), today=self.initial["said_on"]
        )


class PlanForm(ValueForm):
    """A value, and what happens next."""

    next_step = forms.CharField(
        label=_("Next step"),
        max_length=200,
        error_messages={"required": _("Say what happens next: who does what.")},
    )
    next_on = forms.DateField(
        label=_("By"),
        widget=DAY,
        error_messages={"required": _("Say by which day: it comes back on Today then.")},
    )
    field_order = ("next_step", "next_on", "amount", "currency")


class WhyForm(forms.Form):
    use_required_attribute = False
    why = forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say in a sentence why: it is read when the next signal comes.")},
    )
