"""What may be logged about circles: short words, and which stand in a customer's history."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OF_CUSTOMERS = (
    "circle_asked",
    "circle_ask_withdrawn",
    "circle_declined",
    "circle_joined",
    "circle_shown",
    "circle_left",
    "introduction_asked",
    "introduction_agreed",
    "introduction_declined",
    "introduction_ended",
    "introduction_made",
)
VERBS: dict[str, Promise] = {
    "circle_made": _("circle made"),
    "circle_changed": _("circle changed"),
    "circle_closed": _("circle closed"),
    "circle_asked": _("asked into a circle"),
    "circle_ask_withdrawn": _("asked into a circle no more"),
    "circle_declined": _("would rather not be in a circle"),
    "circle_joined": _("joined a circle"),
    "circle_shown": _("what a circle sees of somebody changed"),
    "circle_left": _("out of a circle"),
    "circle_meeting_planned": _("meeting of a circle planned"),
    "circle_meeting_changed": _("meeting of a circle changed"),
    "circle_meeting_off": _("meeting of a circle off"),
    "introduction_asked": _("asked about an introduction"),
    "introduction_agreed": _("said yes to an introduction"),
    "introduction_declined": _("would rather not be introduced"),
    "introduction_ended": _("introduction taken back"),
    "introduction_made": _("introduced to somebody"),
}
