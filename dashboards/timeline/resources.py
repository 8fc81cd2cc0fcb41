"""Events about the library, and about what customers were sent from it, as sentences. Pure."""

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


def _on_shelf(words: Promise, icon: str) -> Sentence:
    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        title = words % {
            "title": facts.text("resource", event.subject_id) or _("A resource"),
            "n": event.data.get("number", "?"),
        }
        href = link(facts, "coaching:resource", event.subject_id)
        return Entry(event, title, icon=icon, href=href, link=_("See it"))

    return sentence


def _sent(event: Event, facts: Facts, now: datetime) -> Entry:
    title = _("“%(title)s” sent to %(name)s") % _named(event, facts)
    note = facts.text("sending", event.subject_id)
    return Entry(event, title, icon="file", note=note, **_theirs(event, facts))


def _judged(event: Event, facts: Facts, now: datetime) -> Entry:
    has_helped = bool(event.data.get("has_helped"))
    words = (
        _("“%(title)s” helped, says %(name)s") if has_helped else _("“%(title)s” did not help, says %(name)s")
    )
    note = _("Opened as the customer, in the demo.") if event.data.get("demo") else ""
    icon = "check" if has_helped else "close"
    return Entry(event, words % _named(event, facts), icon=icon, note=note, **_theirs(event, facts))


def _recap(event: Event, facts: Facts, now: datetime) -> Entry:
    name = facts.of(event, "contact_id") or _("somebody no longer on file")
    href = link(facts, "coaching:call", event.subject_id)
    title = _("Recap of a call sent to %(name)s") % {"name": name}
    return Entry(event, title, icon="mail", href=href, link=_("See the call"))


def _named(event: Event, facts: Facts) -> dict[str, str]:
    return {
        "title": facts.of(event, "resource_id") or _("A resource"),
        "name": facts.of(event, "contact_id") or _("somebody no longer on file"),
    }


def _theirs(event: Event, facts: Facts) -> dict[str, str]:
    return {
        "href": link(facts, "coaching:customer_resources", event.customer_id),
        "link": _("What they were sent"),
    }


RESOURCES: dict[str, Sentence] = {
    "resource_published": _on_shelf(gettext_lazy("“%(title)s” published, edition %(n)s"), "file"),
    "resource_reviewed": _on_shelf(gettext_lazy("“%(title)s” looked through, still right"), "check"),
    "resource_retired": _on_shelf(gettext_lazy("“%(title)s” taken off the shelf"), "stop"),
    "resource_returned": _on_shelf(gettext_lazy("“%(title)s” put back on the shelf"), "undo"),
    "resource_sent": _sent,
    "resource_judged": _judged,
    "recap_sent": _recap,
}
