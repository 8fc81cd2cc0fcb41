"""The form of one message."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from milestones.messaging import Wording
from milestones.models import Occasion
from milestones.models.naming import LONGEST_BODY, LONGEST_SUBJECT, MOST_DAYS, faults_in
from ui.opened import OpenedForm

COUNTED = {
    Occasion.EXPECTATION: _("Days after they set out towards it"),
    Occasion.MOMENTUM: _("Days before its target date"),
    Occasion.STALL: _("Days in which nothing moved"),
    Occasion.HANDOVER: _("Days after it was reached"),
}


class MessageForm(OpenedForm):
    is_on = forms.BooleanField(label=_("Write it"), required=False)
    days = forms.IntegerField(min_value=0, max_value=MOST_DAYS)
    subject = forms.CharField(
        label=_("Subject"),
        max_length=LONGEST_SUBJECT,
        error_messages={"required": _("Write a subject: it is what they see first.")},
    )
    body = forms.CharField(
        label=_("Message"),
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "Begins after “Dear …,” and ends before your name. Markdown: **bold**, - lists, [links](https://…)."
        ),
    )

    asks_wording = forms.BooleanField(
        label=_("Ask whether the wording still fits"),
        required=False,
        help_text=_(
            "A link below the text: “yes, still right” or “no, because…”. Their word reaches the CSM and"
            " changes nothing by itself."
        ),
    )

    def __init__(self, *args: Any, occasion: Occasion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"use_required_attribute": False})
        self.occasion = occasion
        self.fields["days"].label = COUNTED[occasion]

    def clean_subject(self) -> str:
        return self._with_known_names("subject")

    def clean_body(self) -> str:
        return self._with_known_names("body")

    def wording(self) -> Wording:
        """What its reader changed, over what is stored. Call it when the form is valid."""
        return Wording(self.occasion, **(dict(self.initial) | self.values))

    def _with_known_names(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        if faults := faults_in(text):
            raise forms.ValidationError(faults)
        return text

    @staticmethod
    def initial_of(wording: Wording) -> dict[str, Any]:
        return {name: getattr(wording, name) for name in ("is_on", "days", "subject", "body", "asks_wording")}
