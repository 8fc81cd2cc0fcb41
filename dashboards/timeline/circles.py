"""Events about circles as sentences. Pure: `facts` knows the names."""

from collections.abc import Callable
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboards.timeline.entries import Entry
from dashboards.timeline.facts import Facts
from dashboards.timeline.links import link
from organisations.models import Event

Sentence = Callable[[Event, Facts, datetime], Entry]


def _sentence(words: Promise, icon: str) -> Sentence:
    """Of a circle, and of somebody in it where there is somebody."""

    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        title = words % {
            "circle": facts.of(event, "circle_id") or _("a circle"),
            "name": facts.of(event, "contact_id") or _("somebody no longer on file"),
        }
        note = facts.of(event, "milestone_id")
        href = link(facts, "advocacy:circle", event.data.get("circle_id"))
        return Entry(event, title, icon=icon, note=note, href=href, link=_("See the circle"))

    return sentence


CIRCLES: dict[str, Sentence] = {
    "circle_made": _sentence(gettext_lazy("Circle made: %(circle)s"), "plus"),
    "circle_changed": _sentence(gettext_lazy("Circle changed: %(circle)s"), "edit"),
    "circle_closed": _sentence(gettext_lazy("Circle closed: %(circle)s"), "close"),
    "circle_asked": _sentence(gettext_lazy("%(name)s asked into the circle “%(circle)s”"), "mail"),
    "circle_ask_withdrawn": _sentence(gettext_lazy("%(name)s asked no more: “%(circle)s”"), "undo"),
    "circle_declined": _sentence(gettext_lazy("%(name)s would rather not be in “%(circle)s”"), "close"),
    "circle_joined": _sentence(gettext_lazy("%(name)s joined the circle “%(circle)s”"), "check"),
    "circle_shown": _sentence(gettext_lazy("%(name)s changed what “%(circle)s” sees of them"), "edit"),
    "circle_left": _sentence(gettext_lazy("%(name)s is out of the circle “%(circle)s”"), "close"),
    "circle_meeting_planned": _sentence(gettext_lazy("Meeting planned: %(circle)s"), "calendar"),
    "circle_meeting_changed": _sentence(gettext_lazy("Meeting changed: %(circle)s"), "calendar"),
    "circle_meeting_off": _sentence(gettext_lazy("Meeting off: %(circle)s"), "close"),
    "introduction_asked": _sentence(gettext_lazy("%(name)s asked about an introduction"), "mail"),
    "introduction_agreed": _sentence(gettext_lazy("%(name)s said yes to an introduction"), "check"),
    "introduction_declined": _sentence(gettext_lazy("%(name)s would rather not be introduced"), "close"),
    "introduction_ended": _sentence(gettext_lazy("An introduction of %(name)s came to nothing"), "undo"),
    "introduction_made": _sentence(gettext_lazy("%(name)s introduced to somebody in “%(circle)s”"), "star"),
}
