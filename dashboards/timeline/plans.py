"""Events about calls that come due, and about what they are planned by, as sentences."""

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


def _skipped(event: Event, facts: Facts, now: datetime) -> Entry:
    why = facts.text("occurrence", event.subject_id)
    return Entry(event, _("A due call was skipped"), icon="calendar", note=why)


def _plain(words: Promise, icon: str, page: str = "") -> Sentence:
    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        href = link(facts, page) if page else ""
        return Entry(event, str(words), icon=icon, href=href, link=_("See it") if href else "")

    return sentence


def _of_member(words: Promise) -> Sentence:
    """Whose hours; days off may be everybody's."""

    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        return Entry(event, str(words), icon="calendar", note=facts.of(event, "owner_id"))

    return sentence


PLANS: dict[str, Sentence] = {
    "occurrence_skipped": _skipped,
    "occurrence_returned": _plain(gettext_lazy("A skipped call is due after all"), "calendar"),
    "cadence_rule_set": _plain(gettext_lazy("Rule for a cadence set"), "coaching", "coaching:cadence"),
    "cadence_rule_dropped": _plain(
        gettext_lazy("Rule for a cadence taken out"), "coaching", "coaching:cadence"
    ),
    "plan_weights_set": _plain(gettext_lazy("What calls count for, changed"), "coaching", "coaching:cadence"),
    "hours_set": _of_member(gettext_lazy("Working hours set")),
    "day_off_added": _of_member(gettext_lazy("Days off written down")),
    "day_off_removed": _of_member(gettext_lazy("Days off taken out")),
}
