"""The method in the call form: steps that are done, what newly stands in the way."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coaching.challenging import Method, NewChallenge
from coaching.forms.inputs import IdsField
from coaching.models import Challenge, ChallengeKind, GuideEdition
from customers.models import Customer
from ui.addresses import whole_number

LONG = 4000


class KindField(forms.ModelChoiceField):
    """A challenge of the catalogue that is not open at the customer."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            None,
            label=gettext_lazy("What stands in the way"),
            required=False,
            empty_label=gettext_lazy("nothing new"),
            widget=forms.Select(attrs={"class": "input"}),
            error_messages={
                "invalid_choice": gettext_lazy(
                    "This one is open here already, or out of the catalogue. Choose another."
                )
            },
            **kwargs,
        )


class GuideField(forms.CharField):
    """The edition that led the conversation: also one that a newer one has replaced since."""

    widget = forms.Select

    def clean(self, value: Any) -> GuideEdition | None:
        if not value:
            return None
        rows = GuideEdition.objects.published().select_related("guide__kind")
        found: GuideEdition | None = rows.filter(pk=whole_number(str(value))).first()
        if found is None:
            raise forms.ValidationError(_("This guide is not there any more. Choose another."))
        return found


class MethodForm(forms.Form):
    """The part of the call form about the guide and about challenges."""

    guide = GuideField(label=gettext_lazy("Guide"), required=False)
    steps_done = IdsField(label=gettext_lazy("Done"), required=False)
    challenge = KindField()
    challenge_words = forms.CharField(
        label=gettext_lazy("How they put it"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 1, "class": "input words"}),
    )

    def offer(self, customer: Customer, challenges: Sequence[Challenge]) -> None:
        """What can be ticked and opened there."""
        kinds = ChallengeKind.objects.not_open_at(customer).in_order()
        self.fields["challenge"].queryset = kinds  # type: ignore[attr-defined]
        self.fields["steps_done"].choices = [  # type: ignore[attr-defined]
            (step.pk, step.words) for challenge in challenges for step in challenge.open_steps
        ]

    def clean_method(self, values: dict[str, Any]) -> None:
        if values.get("challenge_words") and not values.get("challenge") and not self.has_error("challenge"):
            self.add_error("challenge", _("Choose what stands in the way, or empty “How they put it”."))

    def method(self) -> Method:
        """Once the form is valid."""
        values = self.cleaned_data
        kind: ChallengeKind | None = values["challenge"]
        new = NewChallenge(kind, values["challenge_words"]) if kind else None
        return Method(guide=values["guide"], steps=values["steps_done"], challenge=new)
