"""Forms about bringing a file in. What they hold is handed to `office.importing`."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from office.importing import Mapping, WrongMapping, find, ready
from office.models import Import

LONGEST_MAPPING = 1_000_000  # characters


class ImportForm(forms.Form):
    """A file, what it holds, and how it is to go."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV with commas, semicolons, tabs or bars, up to 1 GB; or an Excel workbook, up to 20 MB."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.psv,.ssv,.xlsx,text/csv"}),
    )
    kind = forms.ChoiceField(
        label=_("It holds"),
        choices=Import.Kind.choices,
        initial=Import.Kind.CUSTOMERS,
        widget=forms.RadioSelect,
    )
    source = forms.CharField(
        label=_("Where it comes from"),
        max_length=60,
        initial="csv",
        help_text=_("A name for the system. Its ids are kept apart from those of other systems."),
        widget=forms.TextInput(attrs={"list": "sources", "autocomplete": "off"}),
    )
    apply_at_once = forms.BooleanField(
        label=_("Store it as soon as it is checked"),
        required=False,
        help_text=_("Otherwise you see first what would change."),
    )
    is_partial = forms.BooleanField(
        label=_("Store the good rows, though others are refused"),
        required=False,
        help_text=_("Otherwise one refused row keeps the whole file out."),
    )
    is_history = forms.BooleanField(
        label=_("This is history"),
        required=False,
        help_text=_("Milestones reached by it are counted, and never celebrated by themselves."),
    )
    ready = forms.ChoiceField(
        label=_("A known export"),
        required=False,
        help_text=_("With a ready mapping, which also says what the file holds."),
    )
    mapping_file = forms.FileField(
        label=_("Mapping file"),
        required=False,
        help_text=_("JSON. Without one, the next page asks which column is which."),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
    )
    mapping_text = forms.CharField(
        label=_("or its text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("no: I say which column is which")), *((each.name, each.label) for each in ready())]
        self.fields["ready"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("ready"):
            chosen = find(given["ready"])
            given["kind"], given["mapping"] = chosen.kind, chosen.mapping
            return given
        name = "mapping_file" if given.get("mapping_file") else "mapping_text"
        try:
            given["mapping"] = _mapping(given.get(name), given.get("kind", ""))
        except forms.ValidationError as error:
            self.add_error(name, error)
        return given


def _mapping(given: Any, kind: str) -> dict[str, Any] | None:
    """The mapping that was typed or uploaded, checked; None when there is none."""
    text = given.read(LONGEST_MAPPING).decode("utf-8-sig", "replace") if hasattr(given, "read") else given
    if not text or not kind:
        return None
    try:
        data = json.loads(text)
        Mapping.from_json(data, kind=kind)
    except WrongMapping as wrong:
        raise forms.ValidationError(wrong.problems) from None
    except ValueError as error:
        raise forms.ValidationError(gettext("This is not JSON: %(why)s") % {"why": error}) from None
    return data
