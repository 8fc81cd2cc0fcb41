"""Events about promises, people and what they take up as sentences. Pure: `facts` knows the words."""

from collections.abc import Callable
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import ChampionChange, DataRequest
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
            link=_("See it"),
        )

    return sentence


def _picked(words: Promise, icon: str) -> Sentence:
    """What somebody there picked after a milestone, as the menu had it."""

    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        who = facts.of(event, "contact_id") or _("Somebody")
        note = facts.of(event, "milestone_id")
        if event.data.get("demo"):
            note = f"{note}. {_('Opened as the customer, in the demo.')}"
        picked = facts.text("pick", event.subject_id)
        return Entry(event, words % {"name": who, "step": picked}, icon=icon, note=note)

    return sentence


def _noticed(event: Event, facts: Facts, now: datetime) -> Entry:
    who = facts.of(event, "contact_id") or _("Their champion")
    sign = ChampionChange.Sign(event.data["sign"]).label if event.data.get("sign") in _SIGNS else ""
    said = facts.text("change", event.subject_id)
    return Entry(
        event, _("%(name)s may be lost as champion") % {"name": who}, icon="warning", note=said or str(sign)
    )


def _settled(event: Event, facts: Facts, now: datetime) -> Entry:
    who = facts.of(event, "contact_id") or _("Their champion")
    note = facts.text("change_end", event.subject_id)
    return Entry(event, _("Settled: the sign about %(name)s") % {"name": who}, icon="check", note=note)


def _data(words: Promise, icon: str) -> Sentence:
    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        kind = "erasure" if event.data.get("kind") == "erasure" else "export"
        name = facts.of(event, "contact_id") or _("Somebody")
        asked = DataRequest.Kind(kind).label
        return Entry(event, words % {"name": name, "asked": asked}, icon=icon)

    return sentence


def _plain(words: Promise, icon: str) -> Sentence:
    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        return Entry(event, str(words), icon=icon)

    return sentence


_SIGNS = set(ChampionChange.Sign.values)
PEOPLE: dict[str, Sentence] = {
    "promise_written": _promise(gettext_lazy("A promise from the sale, written down"), "plus"),
    "promise_corrected": _promise(gettext_lazy("A promise, corrected"), "edit"),
    "promise_outcome": _promise(gettext_lazy("A promise became an outcome"), "flag"),
    "promise_renegotiated": _promise(gettext_lazy("A promise, agreed anew with them"), "edit"),
    "promise_declined": _promise(gettext_lazy("A promise, declined"), "stop"),
    "promise_kept": _promise(gettext_lazy("A promise, kept"), "check"),
    "promise_not_kept": _promise(gettext_lazy("A promise, not kept"), "close"),
    "promise_reopened": _promise(gettext_lazy("A promise, open again"), "undo"),
    "champion_noticed": _noticed,
    "champion_settled": _settled,
    "next_step_picked": _picked(gettext_lazy("%(name)s picked: %(step)s"), "flag"),
    "next_step_undone": _picked(gettext_lazy("%(name)s took a pick back: %(step)s"), "undo"),
    "next_step_taken_up": _picked(gettext_lazy("What %(name)s picked is taken up: %(step)s"), "check"),
    "attention_set": _plain(gettext_lazy("After how many days something asks for somebody, set"), "settings"),
    "next_steps_worded": _plain(gettext_lazy("The menu after a win, worded"), "edit"),
    "data_requested": _data(gettext_lazy("%(name)s asks for: %(asked)s"), "person"),
    "data_request_closed": _data(gettext_lazy("Answered, what %(name)s asked for: %(asked)s"), "check"),
    "person_exported": _plain(gettext_lazy("A copy of a person’s data, taken"), "download"),
    "person_erased": _plain(gettext_lazy("A person, erased"), "stop"),
    "erasure_lifted": _plain(gettext_lazy("An erasure, lifted: they may be written down again"), "undo"),
}
