"""Levels of an outcome as they are agreed, and one that was reached."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.grading import AGREED
from customers.models import Contact, Customer, GoalScale
from ui.opened import OpenedForm

LONG = 1000
DAY = {"invalid": _("Write a date like 2026-03-31.")}


def _level(label: Any, help_text: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2, "class": "words"})
    return forms.CharField(label=label, max_length=LONG, required=False, widget=widget, help_text=help_text)


def _day(label: Any, required: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages=DAY | {"required": required})


class ScaleForm(OpenedForm):
    """What is expected first, then what would be beyond it, then what would fall short."""

    use_required_attribute = False
    expected = _level(_("0: as expected"), _("What they expect, so that everybody can see whether it came."))
    more = _level(_("+1: more than expected"), _("What they would be glad to see beyond it."))
    much_more = _level(_("+2: much more than expected"), _("The most they can imagine."))
    less = _level(_("−1: less than expected"), _("Some of it."))
    much_less = _level(_("−2: much less than expected"), _("As it is now, or worse."))
    weight = forms.IntegerField(
        label=_("Weight"),
        min_value=1,
        max_value=10,
        initial=1,
        help_text=_("Beside their other outcomes, 1 to 10."),
        error_messages={"invalid": _("Write a whole number from 1 to 10.")},
    )
    agreed_on = _day(_("Agreed on"), _("Say when you agreed on it with them."))
    agreed_with: "forms.ModelChoiceField[Contact]" = forms.ModelChoiceField(
        None, label=_("With whom"), required=False, empty_label=_("not known")
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.initial.get("agreed_with")
        here = Contact.objects.filter(customer=customer, left_on=None)
        people = here | Contact.objects.filter(customer=customer, pk=held.pk if held else 0)
        self.fields["agreed_with"].queryset = people  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, scale: GoalScale) -> dict[str, Any]:
        return {name: getattr(scale, name) for name in AGREED}


class LevelForm(forms.Form):
    """Which level was reached, when, and what shows it."""

    use_required_attribute = False
    level = forms.TypedChoiceField(
        label=_("Level"),
        coerce=int,
        widget=forms.RadioSelect(),
        error_messages={"required": _("Choose one of the five levels.")},
    )
    on = _day(_("When it was so"), _("Say when it was so."))
    evidence = forms.CharField(
        label=_("What shows it"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A number, a sentence of theirs, or a link."),
        error_messages={"required": _("Say what shows it: a number, a sentence of theirs, or a link.")},
    )

    def __init__(self, *args: Any, scale: GoalScale, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {-2: "−2", -1: "−1", 0: "0", 1: "+1", 2: "+2"}
        choices = [(level, f"{names[level]}: {words}") for level, words in reversed(scale.levels)]
        self.fields["level"].choices = choices  # type: ignore[attr-defined]
