"""Events about what stands in customers' ways as sentences. Pure: `facts` knows the words."""

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


def _opened(words: Promise, icon: str) -> Sentence:
    """It stands in the way: in the customer's words, where they were kept."""

    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        said = facts.text("challenge_words", event.subject_id)
        return Entry(
            event, _titled(words, event.subject_id, facts), icon=icon, words=said, **_way(event, facts)
        )

    return sentence


def _over(words: Promise, icon: str) -> Sentence:
    """It is over, with the sentence that was written of it."""

    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        note = facts.text("challenge_end", event.subject_id)
        return Entry(
            event, _titled(words, event.subject_id, facts), icon=icon, note=note, **_way(event, facts)
        )

    return sentence


def _step(words: Promise, icon: str) -> Sentence:
    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        title = words % {"step": facts.text("step", event.subject_id) or _("a step")}
        note = facts.of(event, "challenge_id")
        return Entry(event, title, icon=icon, note=note, **_way(event, facts))

    return sentence


def _in_catalogue(words: Promise, icon: str) -> Sentence:
    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        title = words % {"challenge": facts.text("challenge_kind", event.subject_id) or _("A challenge")}
        href = link(facts, "coaching:challenge_kind", event.subject_id)
        return Entry(event, title, icon=icon, href=href, link=_("See it"))

    return sentence


def _published(event: Event, facts: Facts, now: datetime) -> Entry:
    title = _("Guide for conversations published, edition %(n)s") % {"n": event.data.get("number", "?")}
    href = link(facts, "coaching:guide", event.subject_id)
    return Entry(event, title, icon="coaching", href=href, link=_("See it"))


def _titled(words: Promise, challenge_id: int | None, facts: Facts) -> str:
    return words % {"challenge": facts.text("challenge", challenge_id) or _("A challenge")}


def _way(event: Event, facts: Facts) -> dict[str, str]:
    return {"href": link(facts, "coaching:challenges", event.customer_id), "link": _("See the steps")}


CHALLENGES: dict[str, Sentence] = {
    "challenge_opened": _opened(gettext_lazy("It stands in the way: %(challenge)s"), "warning"),
    "challenge_reopened": _opened(gettext_lazy("In the way again: %(challenge)s"), "undo"),
    "challenge_resolved": _over(gettext_lazy("Resolved: %(challenge)s"), "check"),
    "challenge_given_up": _over(gettext_lazy("Given up: %(challenge)s"), "stop"),
    "challenge_step_done": _step(gettext_lazy("Step done: %(step)s"), "check"),
    "challenge_step_undone": _step(gettext_lazy("Step not done after all: %(step)s"), "undo"),
    "guide_published": _published,
    "challenge_kind_added": _in_catalogue(gettext_lazy("“%(challenge)s” written into the catalogue"), "plus"),
    "challenge_kind_edited": _in_catalogue(gettext_lazy("“%(challenge)s” changed in the catalogue"), "edit"),
    "challenge_kind_retired": _in_catalogue(
        gettext_lazy("“%(challenge)s” taken out of the catalogue"), "stop"
    ),
    "challenge_kind_returned": _in_catalogue(
        gettext_lazy("“%(challenge)s” put back into the catalogue"), "undo"
    ),
}
