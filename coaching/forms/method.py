"""The method in the call form: steps that are done, what newly stands in the way, what is sent along."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coaching.challenging import Method, NewChallenge
from coaching.forms.inputs import IdsField
from coaching.models import Challenge, ChallengeKind, GuideEdition, Resource
from coaching.sharing import Share
from customers.models import Contact, Customer
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

    send = IdsField(
        label=gettext_lazy("Send along"),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy("One of these fits no more, or they have it. Choose anew.")
        },
    )
    send_to: "forms.ModelChoiceField[Contact]" = forms.ModelChoiceField(
        None,
        label=gettext_lazy("To whom it goes"),
        required=False,
        empty_label=gettext_lazy("to whom?"),
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={"invalid_choice": gettext_lazy("They cannot be written to any more. Choose anew.")},
    )

    def offer_resources(self, resources: Sequence[Resource], people: QuerySet[Contact]) -> None:
        """What fits this customer now, and who can be sent it."""
        self.resources = {resource.pk: resource for resource in resources}
        self.fields["send"].choices = [(one.pk, one.title) for one in resources]  # type: ignore[attr-defined]
        self.fields["send_to"].queryset = people  # type: ignore[attr-defined]

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

        if values.get("send") and not values.get("send_to") and not self.has_error("send_to"):
            self.add_error("send_to", _("Choose to whom these go, or untick them."))

    def share(self) -> Share:
        """Once the form is valid. A name without anything ticked sends nothing."""
        values = self.cleaned_data
        wanted = [self.resources[pk] for pk in values["send"] if pk in self.resources]
        return Share(wanted, values["send_to"])

    def method(self) -> Method:
        """Once the form is valid."""
        values = self.cleaned_data
        kind: ChallengeKind | None = values["challenge"]
        new = NewChallenge(kind, values["challenge_words"]) if kind else None
        return Method(guide=values["guide"], steps=values["steps_done"], challenge=new)
