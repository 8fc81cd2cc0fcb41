"""A guide as somebody writes it. Questions stand one a line; the rest is Markdown."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coaching.guiding import PARTS
from coaching.models import GuideEdition
from ui.opened import OpenedForm

LONG = 4000


def text(label: Any, rows: int, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=LONG, required=False, widget=widget, help_text=help_text)


class GuideForm(OpenedForm):
    """A draft may be as unfinished as it is; what is missing is said when it is to be published."""

    use_required_attribute = False
    purpose = text(_("What it is for"), 2, _("In a sentence or two. Markdown."))
    goal = text(_("Goal"), 3, _("What they want to reach. Open questions, one a line."))
    reality = text(_("Reality"), 3, _("How it is now, and who feels it."))
    options = text(_("Options"), 3, _("What they could do. They find it, not we."))
    will = text(_("Will"), 3, _("Who does what, by when, and what could come in between."))
    cues = text(_("What to listen for"), 3, _("Words, names, pauses. Markdown."))
    good = text(_("What good looks like"), 3, _("What the conversation leaves behind. Markdown."))
    avoid = text(_("What not to do"), 3, _("No product pitch, and what else spoils it. Markdown."))

    @classmethod
    def initial_of(cls, edition: GuideEdition | None) -> dict[str, Any]:
        return {name: getattr(edition, name) if edition else "" for name in cls.base_fields}

    def say_missing(self, names: Any) -> None:
        """What keeps it from being published, at each part."""
        for name in names:
            words = _("Before it is published, write %(part)s.") % {"part": PARTS[name]}
            self.add_error(name, words)
