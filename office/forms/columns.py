"""How a file is read and which of its columns becomes what: both proposed, both to be corrected.

Makes a mapping; what the page cannot say, a mapping file can, and what was said there last time is kept.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from office.importing import Mapping, Preview, WrongMapping, cells
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
# often the same for a whole file
CONSTANTS = ("journey", "metric", "currency", "interval", "satisfaction_of")
ENCODINGS = [
    ("utf-8", "UTF-8"),
    ("utf-8-sig", _("UTF-8 with a mark")),
    ("utf-16", "UTF-16"),
    ("utf-16-le", "UTF-16 LE"),
    ("utf-16-be", "UTF-16 BE"),
    ("cp1252", "Windows-1252"),
    ("latin-1", "Latin-1"),
    ("cp1250", "Windows-1250"),
    ("cp1251", "Windows-1251"),
    ("cp437", "DOS 437"),
    ("shift_jis", "Shift JIS"),
    ("gb18030", "GB 18030"),
]
DELIMITERS = [(",", _("comma")), (";", _("semicolon")), ("tab", _("tab")), ("|", _("bar"))]
KEPT = ("empty", "edited", "create")  # options of a column that this page does not ask for


class ReadingForm(forms.Form):
    """How the file is read, as found; a person may know better."""

    encoding = forms.ChoiceField(label=_("Written in"), choices=ENCODINGS, required=False)
    delimiter = forms.ChoiceField(label=_("Cells end with"), choices=DELIMITERS, required=False)
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    header_line = forms.IntegerField(
        label=_("Line that names the columns"),
        min_value=0,
        max_value=50,
        required=False,
        help_text=_("0: none does."),
    )
    prefix = "read"

    def show(self, preview: Preview) -> None:
        """Ask only what there is to ask about this file, and begin with how it was read."""
        layout = preview.layout
        if layout.sheet:
            del self.fields["encoding"], self.fields["delimiter"]
            self.fields["sheet"].choices = [(name, name) for name in preview.sheets]  # type: ignore[attr-defined]
        else:
            del self.fields["sheet"]
        self.initial = {
            "encoding": layout.encoding,
            "delimiter": "tab" if layout.delimiter == "\t" else layout.delimiter,
            "sheet": layout.sheet,
            "header_line": layout.header_line,
        }

    @classmethod
    def wishes(cls, data: Any) -> dict[str, Any]:
        """What was corrected, as options of a mapping; nothing that makes no sense."""
        given = {name: data.get(f"{cls.prefix}-{name}", "") for name in cls.base_fields}
        wishes: dict[str, Any] = {}
        if given["encoding"] in dict(ENCODINGS):
            wishes["encoding"] = given["encoding"]
        if given["delimiter"] in dict(DELIMITERS):
            wishes["delimiter"] = given["delimiter"]
        if given["header_line"].isdecimal() and int(given["header_line"]) <= 50:
            wishes["header_line"] = int(given["header_line"])
        if given["sheet"]:
            wishes["sheet"] = given["sheet"]
        return wishes


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
            required=spec.is_required and target not in CONSTANTS,
            error_messages={"required": _("Every row needs this. Which column is it?")},
            initial=form or self._named_like(proposed.get("from", "")),
            help_text=str(spec.about),
        )
        if target in CONSTANTS:
            self.fields[f"{target}__const"] = forms.CharField(
                label=_("or the same for every row"),
                required=False,
                max_length=120,
                initial=proposed.get("const", ""),
            )
        if spec.is_date:
            self._add_date(target, proposed)
        if spec.is_number:
            initial = proposed.get("decimal", ".") + proposed.get("thousands", "")
            self.fields[f"{target}__decimal"] = forms.ChoiceField(
                label=_("written like"), choices=DECIMALS, required=False, initial=initial
            )
        if (
            not spec.is_date
            and not spec.is_number
            and ("values" in proposed or spec.parse is not cells.address)
        ):
            self._add_values(target, proposed)

    def _add_date(self, target: str, proposed: dict[str, Any]) -> None:
        content = self.preview.contents.get(proposed.get("from", ""))
        self.fields[f"{target}__form"] = forms.ChoiceField(
            label=_("written like"),
            choices=DATE_FORMS,
            required=False,
            initial="days" if "days_from" in proposed else proposed.get("date_format", ""),
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
            initial="\n".join(f"{text} = {means or ''}" for text, means in values.items()),
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
        before = [each["from"] for target, each in self.proposed.items() if target.startswith(FIELDS)]
        self.fields["further"] = forms.MultipleChoiceField(
            label=_("Keep these columns too"),
            choices=rest,
            required=False,
            initial=before,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("As further facts about the customer."),
        )

    def _named_like(self, name: str) -> str:
        """The file's own spelling of a column."""
        return next((each for each in self.named if each.strip() == name.strip()), name)

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
            mapping[self._field_name(name)] = name
        if rules := self.preview.proposal.get("only_where"):
            mapping["only_where"] = rules
        if not self.errors:
            try:
                Mapping.from_json(mapping, kind=self.kind)
            except WrongMapping as wrong:
                self.add_error(None, forms.ValidationError(wrong.problems))
        given["mapping"] = mapping
        return given

    def _field_name(self, column: str) -> str:
        known = (target for target, spec in self.proposed.items() if spec.get("from") == column)
        return next(known, FIELDS + column.strip().replace(" ", "_").lower())

    def _column(self, target: str, given: dict[str, Any]) -> dict[str, Any] | None:
        proposed = self.proposed.get(target, {})
        if const := given.get(f"{target}__const"):
            return {"const": const}
        if not (chosen := given.get(target)):
            if TARGETS[self.kind][target].is_required and target in CONSTANTS:
                self.add_error(target, gettext("Every row needs this. Which column is it?"))
            return None
        column: dict[str, Any] = {"format": chosen} if chosen == proposed.get("format") else {"from": chosen}
        column |= {name: proposed[name] for name in KEPT if name in proposed}
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
