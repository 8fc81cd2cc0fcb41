"""Events about what customers want to reach as sentences. Pure: `facts` knows the words."""

from collections.abc import Callable
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.editions import FIELDS
from customers.models.scales import signed
from dashboards.timeline.entries import Entry
from dashboards.timeline.facts import Facts
from dashboards.timeline.links import link
from organisations.models import Event

Sentence = Callable[[Event, Facts, datetime], Entry]


def _written(words: Promise, icon: str) -> Sentence:
    """About an outcome: its words as they are now, and what changed or why."""

    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        return Entry(
            event,
            str(words),
            icon=icon,
            words=facts.text("outcome", event.subject_id),
            note=str(event.data.get("why") or _fields(event)),
            href=link(facts, "customers:outcome", event.subject_id),
            link=_("See it"),
        )

    return sentence


def _level(words: Promise, icon: str) -> Sentence:
    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        title = words % {"level": signed(int(event.data.get("level", 0)))}
        href = link(facts, "customers:outcome", event.subject_id)
        said = facts.text("outcome", event.subject_id)
        return Entry(event, title, icon=icon, words=said, href=href, link=_("See it"))

    return sentence


def _said(words: Promise, icon: str) -> Sentence:
    """The customer's own word, with what they wrote."""

    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        note = _("By %(name)s.") % {"name": _who(event, facts)}
        if changed := _fields(event):
            note = _("By %(name)s, who changed: %(fields)s.") % {
                "name": _who(event, facts),
                "fields": changed,
            }
        if event.data.get("demo"):
            note += " " + _("Opened as the customer, in the demo.")
        return Entry(event, str(words), icon=icon, words=facts.text("reply", event.subject_id), note=note)

    return sentence


def _agreed(words: Promise, icon: str) -> Sentence:
    """What they say of a milestone's wording."""

    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        milestone = facts.of(event, "milestone_id") or _("A milestone")
        note = "" if event.actor_id else _("By %(name)s.") % {"name": _who(event, facts)}
        if event.data.get("demo") and not event.actor_id:
            note += " " + _("Opened as the customer, in the demo.")
        said = facts.text("agreement", event.subject_id)
        href = link(facts, "milestones:agreement", event.subject_id) if said else ""
        title = str(words) % {"milestone": milestone}
        return Entry(event, title, icon=icon, words=said, note=note, href=href, link=_("See it"))

    return sentence


def _asked(event: Event, facts: Facts, now: datetime) -> Entry:
    title = _("“Is this still right?” to %(name)s") % {"name": _who(event, facts)}
    href = link(facts, "customers:outcome", event.subject_id)
    note = facts.text("outcome", event.subject_id)
    return Entry(event, title, icon="mail", note=note, href=href, link=_("See it"))


def _aimed(event: Event, facts: Facts, now: datetime) -> Entry:
    milestone = facts.of(event, "milestone_id") or _("A milestone")
    outcome = facts.of(event, "outcome_id")
    if not outcome:
        title = _("%(milestone)s serves no outcome in particular") % {"milestone": milestone}
        return Entry(event, title, icon="flag")
    return Entry(event, _("%(milestone)s serves:") % {"milestone": milestone}, icon="flag", words=outcome)


def _who(event: Event, facts: Facts) -> str:
    return facts.of(event, "contact_id") or _("somebody no longer on file")


def _fields(event: Event) -> str:
    return ", ".join(str(FIELDS.get(name, name)) for name in event.data.get("fields", ()))


OUTCOMES: dict[str, Sentence] = {
    "outcome_added": _written(gettext_lazy("What they want to reach, written down"), "plus"),
    "outcome_edited": _written(gettext_lazy("What they want to reach, changed"), "edit"),
    "outcome_retired": _written(gettext_lazy("An outcome is wanted no more"), "stop"),
    "outcome_returned": _written(gettext_lazy("An outcome is wanted again"), "undo"),
    "outcomes_reordered": _written(gettext_lazy("Their outcomes are in another order"), "edit"),
    "levels_agreed": _written(gettext_lazy("What counts as how much of an outcome is agreed"), "check"),
    "level_noted": _level(gettext_lazy("Level %(level)s of an outcome reached"), "flag"),
    "level_withdrawn": _level(gettext_lazy("Level %(level)s of an outcome taken back"), "undo"),
    "wording_asked": _asked,
    "wording_confirmed": _said(gettext_lazy("Their outcome is right, in their words"), "check"),
    "wording_contested": _said(gettext_lazy("They say their outcome is written down wrong"), "warning"),
    "wording_undone": _said(gettext_lazy("They took their word about an outcome back"), "undo"),
    "milestone_aimed": _aimed,
    "agreement_given": _agreed(gettext_lazy("“%(milestone)s” is still right for them"), "check"),
    "agreement_denied": _agreed(gettext_lazy("“%(milestone)s” is no longer right for them"), "warning"),
    "agreement_undone": _agreed(gettext_lazy("They took their word about “%(milestone)s” back"), "undo"),
    "agreement_settled": _agreed(gettext_lazy("What they say of “%(milestone)s” is taken up"), "check"),
}
