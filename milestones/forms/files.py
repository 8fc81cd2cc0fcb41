"""Forms that begin a journey, or bring one in as a file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from milestones.starters import starters

BLANK = "blank"


class NewJourneyForm(forms.Form):
    start = forms.ChoiceField(label=_("Begin with"), widget=forms.RadioSelect())
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        required=False,
        help_text=_("What the customer will call it. You can change it later."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"use_required_attribute": False})
        shipped = [(one.slug, f"{one.trade}: {one.outline.name}") for one in starters().values()]
        self.fields["start"].choices = [*shipped, (BLANK, _("A blank page"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("start") == BLANK and not data.get("name"):
            self.add_error("name", _("Name the journey."))
        return data


class JourneyImportForm(forms.Form):
    file = forms.FileField(
        label=_("Journey file"),
        help_text=_("A .json file, up to 1 MB, as exported from Bosai."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )
    publish = forms.BooleanField(
        label=_("Publish it at once"),
        required=False,
        help_text=_("Else it waits as a draft. Customers on the journey stay on their version either way."),
    )
    replace_draft = forms.BooleanField(
        label=_("Replace a draft that says something else"),
        required=False,
        help_text=_("Else such a draft is kept, and the file is not taken."),
    )
    replace_messages = forms.BooleanField(
        label=_("Replace messages that have other words here"),
        required=False,
        help_text=_("Else yours are kept. In a journey that writes already, what comes in is switched off."),
    )
