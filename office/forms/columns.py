"""Which of a file's columns becomes what: proposed, and to be corrected.

Makes a mapping; what the page cannot say, a mapping file can, and what was said there last time is kept.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from office.importing import Mapping, Preview, WrongMapping, cells
from office.importing.mapping import FILE_OPTIONS, NOT_TARGETS
from office.importing.targets import FIELDS, TARGETS, Target
from office.models import Import

DATE_FORMS = [
    ("", _("2026-02-25")),
    ("%d.%m.%Y", _("25.02.2026")),
    ("%d/%m/%Y", _("25/02/2026, day first")),
    ("%m/%d/%Y", _("02/25/2026, month first")),
    ("%d-%m-%Y", _("25-02-2026, day first")),
    ("%m-%d-%Y", _("02-25-2026, month first")),
    ("%Y/%m/%d", _("2026/02/25")),
    ("%Y%m%d", _("20260225")),
    ("%d.%m.%Y %H:%M", _("25.02.2026 14:30")),
    ("%d/%m/%Y %H:%M", _("25/02/2026 14:30, day first")),
    ("%m/%d/%Y %H:%M", _("02/25/2026 14:30, month first")),
    ("%d.%m.%Y %H:%M:%S", _("25.02.2026 14:30:00")),
    ("%m/%d/%Y %H:%M:%S", _("02/25/2026 14:30:00, month first")),
    ("days", _("days counted from …")),
]
DECIMALS = [(".", _("1234.5")), (",", _("1234,5")), (".,", _("1,234.5")), (",.", _("1.234,5"))]
# Often the same for a whole file:
CONSTANTS = ("journey", "metric", "currency", "interval", "satisfaction_of")
# What this page does not ask for: options of a column, and rules of the mapping.
KEPT = ("empty", "edited", "create", "optional", "by")
RULES = tuple(name for name in NOT_TARGETS if name not in FILE_OPTIONS)


class ColumnsForm(forms.Form):
    """Which column of one file becomes what."""

    def __init__(self, *args: Any, import_: Import, preview: Preview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = import_.kind
        self.preview = preview
        self.proposed = {
            target: {"from": spec} if isinstance(spec, str) else spec
            for target, spec in preview.proposal.items()
            if target in TARGETS[self.kind] or target.startswith(FIELDS)
        }
        self.named = [name for name in dict.fromkeys(preview.layout.columns) if name]
        for target, spec in TARGETS[self.kind].items():
            self._add(target, spec, self.proposed.get(target, {}))
        if self.kind == Import.Kind.CUSTOMERS:
            self._add_further()

    def _add(self, target: str, spec: Target, proposed: dict[str, Any]) -> None:
        choices = [("", _("not in this file")), *((name, name) for name in self.named)]
        if form := proposed.get("format"):
            choices.append((form, form))
        self.fields[target] = forms.ChoiceField(
            label=target.replace("_", " ").capitalize(),
            choices=choices,
            required=spec.is_required and not self._may_be_constant(target),
            error_messages={"required": _("Every row needs this. Which column is it?")},
            initial=form or self._named_like(proposed.get("from", "")),
            help_text=str(spec.about),
        )
        if self._may_be_constant(target):
            self.fields[f"{target}__const"] = forms.CharField(
                label=_("or the same for every row"),
                required=False,
                max_length=5000,
                initial=proposed.get("const", ""),
            )
        if spec.is_date:
            self._add_date(target, proposed)
        if spec.is_number:
            self._add_decimal(target, proposed)
        if "values" in proposed or not (spec.is_date or spec.is_number or spec.parse is cells.address):
            self._add_values(target, proposed)

    def _may_be_constant(self, target: str) -> bool:
        return target in CONSTANTS or "const" in self.proposed.get(target, {})

    def _add_decimal(self, target: str, proposed: dict[str, Any]) -> None:
        signs = proposed.get("decimal", "."), proposed.get("thousands", "")
        example = "1{1}234{0}5".format(*signs)
        self.fields[f"{target}__decimal"] = forms.ChoiceField(
            label=_("written like"),
            choices=_with(DECIMALS, "".join(signs), example),
            required=False,
            initial="".join(signs),
        )

    def _add_date(self, target: str, proposed: dict[str, Any]) -> None:
        content = self.preview.contents.get(proposed.get("from", ""))
        self.fields[f"{target}__form"] = forms.ChoiceField(
            label=_("written like"),
            choices=_with(DATE_FORMS, form := proposed.get("date_format", ""), form),
            required=False,
            initial="days" if "days_from" in proposed else form,
            help_text=_("Day and month could be either way round here. Please look.")
            if content and content.is_unsure
            else "",
        )
        self.fields[f"{target}__zero"] = forms.DateField(
            label=_("counted from"),
            required=False,
            initial=proposed.get("days_from"),
            widget=forms.DateInput(attrs={"type": "date"}),
        )

    def _add_values(self, target: str, proposed: dict[str, Any]) -> None:
        """What texts stand for, where few different ones stand in the column, or some were said before."""
        content = self.preview.contents.get(self._chosen(target, proposed))
        values = proposed.get("values", {})
        if not values and not (content and content.values):
            return
        there = ", ".join(content.values) if content else ""
        self.fields[f"{target}__values"] = forms.CharField(
            label=_("Texts that stand for others"),
            required=False,
            max_length=50_000,
            widget=forms.Textarea(attrs={"rows": max(2, len(values) + 1), "spellcheck": "false"}),
            initial="\n".join(f"{text} = {'' if means is None else means}" for text, means in values.items()),
            help_text=_(
                "One a line, such as “Philipines = Philippines”; nothing after the = empties the cell."
            )
            + (" " + gettext("In the file: %s") % there if there else ""),
        )

    def _chosen(self, target: str, proposed: dict[str, Any]) -> str:
        return self.data.get(target) or self._named_like(proposed.get("from", ""))

    def _add_further(self) -> None:
        used = {each.get("from") for target, each in self.proposed.items() if not target.startswith(FIELDS)}
        rest = [(name, name) for name in self.named if name not in used]
        before = [name for each in self._facts.values() if (name := self._named_like(each.get("from", "")))]
        self.fields["further"] = forms.MultipleChoiceField(
            label=_("Keep these columns too"),
            choices=rest,
            required=False,
            initial=before,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("As further facts about the customer."),
        )

    @property
    def _facts(self) -> dict[str, dict[str, Any]]:
        return {target: spec for target, spec in self.proposed.items() if target.startswith(FIELDS)}

    def _named_like(self, name: str) -> str:
        """The file's own spelling of a column; nothing when it is not here."""
        return next((each for each in self.named if each.strip() == name.strip() != ""), "")

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
        if "further" in self.fields:
            mapping |= self._further(given.get("further", []))
        proposal = self.preview.proposal
        mapping |= {name: proposal[name] for name in RULES if name in proposal}
        if not self.errors:
            try:
                Mapping.from_json(mapping, kind=self.kind)
            except WrongMapping as wrong:
                self.add_error(None, forms.ValidationError(wrong.problems))
        given["mapping"] = mapping
        return given

    def _further(self, chosen: list[str]) -> dict[str, Any]:
        """Facts from the columns chosen, and those that the page could not ask about, as they were said."""
        asked = dict(self.fields["further"].choices)  # type: ignore[attr-defined]
        kept, names = {}, list(chosen)
        for target, spec in self._facts.items():
            name = self._named_like(spec.get("from", ""))
            if name in chosen or name not in asked:
                kept[target] = name if spec.keys() == {"from"} else spec
                names = [each for each in names if each != name]
        return kept | {FIELDS + name.strip().replace(" ", "_").lower(): name for name in names}

    def _column(self, target: str, given: dict[str, Any]) -> dict[str, Any] | None:
        proposed = self.proposed.get(target, {})
        kept = {name: proposed[name] for name in KEPT if name in proposed}
        if const := given.get(f"{target}__const"):
            return {"const": const} | kept
        if not (chosen := given.get(target)):
            if proposed.get("optional") and proposed.get("from") not in self.named:
                return proposed  # the next file may have it again
            if TARGETS[self.kind][target].is_required and self._may_be_constant(target):
                self.add_error(target, gettext("Every row needs this. Which column is it?"))
            return None
        column: dict[str, Any] = {"format": chosen} if chosen == proposed.get("format") else {"from": chosen}
        column |= kept
        self._read_date(target, given, column)
        decimal = given.get(f"{target}__decimal") or "."
        if decimal[0] != ".":
            column["decimal"] = decimal[0]
        if decimal[1:]:
            column["thousands"] = decimal[1:]
        if values := self._values(target, given):
            column["values"] = values
        return column

    def _read_date(self, target: str, given: dict[str, Any], column: dict[str, Any]) -> None:
        if form := given.get(f"{target}__form"):
            zero = given.get(f"{target}__zero")
            if form != "days":
                column["date_format"] = form
            elif zero:
                column["days_from"] = zero.isoformat()
            else:
                self.add_error(f"{target}__zero", gettext("Which day is day 0?"))

    def _values(self, target: str, given: dict[str, Any]) -> dict[str, str]:
        values = {}
        for line in given.get(f"{target}__values", "").splitlines():
            text, sign, means = line.partition("=")
            if sign:
                values[text.strip()] = means.strip()
            elif line.strip():
                self.add_error(
                    f"{target}__values",
                    gettext("“%s” has no = in it: what does it stand for?") % line.strip(),
                )
        return values


def _with(choices: list[tuple[str, Any]], value: str, label: str) -> list[tuple[str, Any]]:
    """The choices, and what was said before if it is none of them."""
    return choices if value in dict(choices) else [*choices, (value, label)]
