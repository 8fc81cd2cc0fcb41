"""Forms about bringing a file in. What they hold is handed to `office.importing`."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from office.importing import Mapping, Preview, WrongMapping, find, ready
from office.importing.targets import FIELDS, TARGETS, Target
from office.models import Import

LONGEST_MAPPING = 1_000_000  # characters
DATE_FORMS = [
    ("", _("2026-02-25")),
    ("%d.%m.%Y", _("25.02.2026")),
    ("%d/%m/%Y", _("25/02/2026, day first")),
    ("%m/%d/%Y", _("02/25/2026, month first")),
    ("%d-%m-%Y", _("25-02-2026")),
    ("%Y%m%d", _("20260225")),
    ("days", _("days counted from …")),
]
DECIMALS = [(".", _("1234.5")), (",", _("1234,5"))]
CONSTANTS = (
    "journey",
    "metric",
    "currency",
    "interval",
    "satisfaction_of",
)  # often the same for a whole file


class ImportForm(forms.Form):
    """A file, what it holds, and how it is to go."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV with commas, semicolons, tabs or bars; up to 1 GB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.psv,.ssv,text/csv"}),
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


class ColumnsForm(forms.Form):
    """Which column of one file becomes what. Makes a mapping; what it cannot say, a mapping file can."""

    def __init__(self, *args: Any, import_: Import, preview: Preview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = import_.kind
        self.preview = preview
        named = [name for name in dict.fromkeys(preview.layout.columns) if name]
        choices = [("", _("not in this file")), *((name, name) for name in named)]
        for target, spec in TARGETS[self.kind].items():
            self._add(target, spec, choices)
        if self.kind == Import.Kind.CUSTOMERS:
            rest = [(name, name) for name in named if name not in preview.guessed.values()]
            self.fields["further"] = forms.MultipleChoiceField(
                label=_("Keep these columns too"),
                choices=rest,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("As further facts about the customer."),
            )

    def _add(self, target: str, spec: Target, choices: list[Any]) -> None:
        label = target.replace("_", " ").capitalize()
        self.fields[target] = forms.ChoiceField(
            label=label,
            choices=choices,
            required=spec.is_required and target not in CONSTANTS,
            error_messages={"required": _("Every row needs this. Which column is it?")},
            initial=self.preview.guessed.get(target, ""),
            help_text=str(spec.about),
        )
        if target in CONSTANTS:
            self.fields[f"{target}__const"] = forms.CharField(
                label=_("or the same for every row"), required=False, max_length=120
            )
        if spec.is_date:
            self.fields[f"{target}__form"] = forms.ChoiceField(
                label=_("written like"), choices=DATE_FORMS, required=False
            )
            self.fields[f"{target}__zero"] = forms.DateField(
                label=_("counted from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
            )
        if spec.is_number:
            self.fields[f"{target}__decimal"] = forms.ChoiceField(
                label=_("written like"), choices=DECIMALS, required=False
            )

    def rows(self) -> list[list[forms.BoundField]]:
        """Each target with what belongs to it, for the page."""
        return [
            [self[name] for name in self.fields if name == target or name.startswith(f"{target}__")]
            for target in TARGETS[self.kind]
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        mapping: dict[str, Any] = {}
        for target in TARGETS[self.kind]:
            if column := self._column(target, given):
                mapping[target] = column
        for name in given.get("further", []):
            mapping[FIELDS + name.strip().replace(" ", "_").lower()] = name
        if not self.errors:
            Mapping.from_json(mapping, kind=self.kind)
        given["mapping"] = mapping
        return given

    def _column(self, target: str, given: dict[str, Any]) -> dict[str, Any] | None:
        if const := given.get(f"{target}__const"):
            return {"const": const}
        if not given.get(target):
            if TARGETS[self.kind][target].is_required and target in CONSTANTS:
                self.add_error(target, gettext("Every row needs this. Which column is it?"))
            return None
        column: dict[str, Any] = {"from": given[target]}
        if form := given.get(f"{target}__form"):
            zero = given.get(f"{target}__zero")
            if form != "days":
                column["date_format"] = form
            elif zero:
                column["days_from"] = zero.isoformat()
            else:
                self.add_error(f"{target}__zero", gettext("Which day is day 0?"))
        if given.get(f"{target}__decimal", ".") != ".":
            column["decimal"] = given[f"{target}__decimal"]
        return column
