"""How a file is read: as found, and to be corrected."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from office.importing import Preview

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
