"""Forms about challenges: one of the catalogue, one opened at a customer, how it ended."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coaching.models import ChallengeKind
from customers.models import Customer
from organisations.models import User
from ui.opened import OpenedForm

LONG = 4000
DUE = re.compile(r"^(\d{1,6})\s*:\s*(.*)$")


def lines(label: Any, rows: int, help_text: Any = "", **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=LONG, widget=widget, help_text=help_text, **options)


class ChallengeKindForm(OpenedForm):
    """One challenge as the catalogue has it."""

    use_required_attribute = False
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("As you speak of it: “No champion”."),
        error_messages={"required": _("Give the challenge a name, as you speak of it.")},
    )
    signs = lines(_("Signs"), 4, _("How one knows it. One a line."), required=False)
    questions = lines(_("Questions to ask"), 4, _("To the customer, open ones. One a line."), required=False)
    steps = lines(
        _("Steps"),
        6,
        _(
            "In order, one a line. A number and a colon in front say within how many days: "
            "“3: Ask who decides now”."
        ),
        error_messages={"required": _("Write at least one step: what to do first when it is there.")},
    )
    lead = forms.ChoiceField(
        label=_("Who leads it"), choices=ChallengeKind.Lead.choices, widget=forms.RadioSelect()
    )
    escalate = lines(_("When to escalate"), 2, _("When others are called in, and who."), required=False)

    @classmethod
    def initial_of(cls, kind: ChallengeKind) -> dict[str, Any]:
        return {name: getattr(kind, name) for name in cls.base_fields} | {"steps": steps_text(kind.steps)}

    def clean_steps(self) -> list[dict[str, Any]]:
        return steps_of(self.cleaned_data["steps"])


def steps_of(text: str) -> list[dict[str, Any]]:
    """ "3: Ask who decides" → words and days; a line without a number is due on no day."""
    found = []
    for line in text.splitlines():
        said = line.strip().lstrip("-*•").strip()
        due = DUE.match(said)
        words, days = (due[2].strip(), int(due[1])) if due else (said, None)
        if words:
            found.append({"words": words, "days": days})
    return found


def steps_text(steps: Sequence[Mapping[str, Any]]) -> str:
    days = ("" if step["days"] is None else f"{step['days']}: " for step in steps)
    return "\n".join(f"{due}{step['words']}" for due, step in zip(days, steps, strict=True))


class ChallengeForm(forms.Form):
    """A challenge that is opened on a customer's page."""

    use_required_attribute = False
    kind: "forms.ModelChoiceField[ChallengeKind]" = forms.ModelChoiceField(
        None,
        label=_("What stands in the way"),
        empty_label=_("choose"),
        error_messages={
            "required": _("Choose what stands in the way."),
            "invalid_choice": _("This one is open here already, or out of the catalogue. Choose another."),
        },
    )
    words = forms.CharField(
        label=_("How they put it"),
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "words"}),
    )
    owner: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        None, label=_("Who leads it"), empty_label=None
    )

    def __init__(self, *args: Any, customer: Customer, members: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = ChallengeKind.objects.not_open_at(customer).in_order()
        self.fields["kind"].queryset = kinds  # type: ignore[attr-defined]
        self.fields["owner"].queryset = members  # type: ignore[attr-defined]


class ClosingForm(forms.Form):
    """How a challenge ended, in a sentence."""

    use_required_attribute = False
    why = forms.CharField(
        label=_("How it ended"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say in a sentence how it ended: the next one learns from it.")},
    )

    @property
    def said(self) -> str:
        """What is wrong with it, in words."""
        return " ".join(str(error) for error in self.errors.get("why", ()))
