"""Events about promises, people and what they take up as sentences. Pure: `facts` knows the words."""

from collections.abc import Callable
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from dashboards.timeline.entries import Entry
from dashboards.timeline.facts import Facts
from dashboards.timeline.links import link
from organisations.models import Event

Sentence = Callable[[Event, Facts, datetime], Entry]


def _promise(words: Promise, icon: str) -> Sentence:
    """About a promise from the sale: as it reads now."""

    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        return Entry(
            event,
            str(words),
            icon=icon,
            note=facts.text("promise", event.subject_id),
            href=link(facts, "customers:promise", event.subject_id),
            link=str(gettext_lazy("See it")),
        )

    return sentence


PEOPLE: dict[str, Sentence] = {
    "promise_written": _promise(gettext_lazy("A promise from the sale, written down"), "plus"),
    "promise_corrected": _promise(gettext_lazy("A promise, corrected"), "edit"),
    "promise_outcome": _promise(gettext_lazy("A promise became an outcome"), "flag"),
    "promise_renegotiated": _promise(gettext_lazy("A promise, agreed anew with them"), "edit"),
    "promise_declined": _promise(gettext_lazy("A promise, declined"), "stop"),
    "promise_kept": _promise(gettext_lazy("A promise, kept"), "check"),
    "promise_not_kept": _promise(gettext_lazy("A promise, not kept"), "close"),
    "promise_reopened": _promise(gettext_lazy("A promise, open again"), "undo"),
}
