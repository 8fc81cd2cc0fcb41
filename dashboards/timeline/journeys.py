"""Events about journeys and who is on them as sentences. Pure: `facts` knows the names."""

from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboards.timeline.changes import Sentence, plain
from dashboards.timeline.entries import Entry
from dashboards.timeline.facts import Facts
from dashboards.timeline.links import link
from milestones.models import Occasion
from organisations.models import Event
from ui.moments import short_day


def _enrolled(event: Event, facts: Facts, now: datetime) -> Entry:
    title = _("Set out on “%(journey)s”") % {"journey": facts.of(event, "journey_id") or _("a journey")}
    return Entry(event, title, icon="journeys")


def _ended(event: Event, facts: Facts, now: datetime) -> Entry:
    title = _("Off “%(journey)s”") % {"journey": facts.of(event, "journey_id") or _("a journey")}
    return Entry(event, title, icon="journeys", note=str(event.data.get("why", "")))


def _paused(event: Event, facts: Facts, now: datetime) -> Entry:
    said = {"journey": facts.of(event, "journey_id") or _("a journey"), "from": _said_day(event, "from", now)}
    title = _("“%(journey)s” paused from %(from)s") % said
    if event.data.get("to"):
        title = _("“%(journey)s” paused from %(from)s to %(to)s") % {
            **said,
            "to": _said_day(event, "to", now),
        }
    return Entry(event, title, icon="pause", note=str(event.data.get("why", "")))


def _resumed(event: Event, facts: Facts, now: datetime) -> Entry:
    said = {"journey": facts.of(event, "journey_id") or _("a journey"), "day": _said_day(event, "on", now)}
    return Entry(event, _("“%(journey)s” goes on from %(day)s") % said, icon="play")


def _version(event: Event, facts: Facts, now: datetime) -> Entry:
    said = {key: event.data.get(key, "…") for key in ("from", "to")}
    said["journey"] = facts.of(event, "journey_id") or _("a journey")
    if "from_journey_id" in event.data:
        said["was"] = facts.of(event, "from_journey_id") or _("a journey")
        return Entry(event, _("From “%(was)s” to “%(journey)s”, version %(to)s") % said, icon="journeys")
    return Entry(event, _("“%(journey)s”: from version %(from)s to %(to)s") % said, icon="journeys")


def _said_day(event: Event, key: str, now: datetime) -> str:
    day = event.data.get(key)
    return short_day(date.fromisoformat(day), today=now.date()) if day else _("no date")


def _start(event: Event, facts: Facts, now: datetime) -> Entry:
    said = {key: _said_day(event, key, now) for key in ("from", "to")}
    note = _("From %(from)s to %(to)s.") % said
    return Entry(event, _("Start of the journey changed"), icon="calendar", note=note)


def _published(event: Event, facts: Facts, now: datetime) -> Entry:
    said = {
        "journey": facts.of(event, "journey_id") or _("A journey"),
        "number": event.data.get("number", ""),
    }
    return Entry(event, _("“%(journey)s” published, version %(number)s") % said, icon="journeys")


def _message(words: Promise) -> Sentence:
    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        occasion = dict(Occasion.choices).get(event.data.get("occasion", ""), "")
        said = {"journey": facts.of(event, "journey_id") or _("A journey"), "occasion": occasion}
        href = link(facts, "post:delivery", event.data.get("delivery_id"))
        return Entry(event, str(words) % said, icon="mail", href=href, link=_("See the mail"))

    return sentence


def _set_aside(event: Event, facts: Facts, now: datetime) -> Entry:
    said = {
        "journey": facts.of(event, "journey_id") or _("A journey"),
        "milestone": event.data.get("milestone", ""),
    }
    words = _("“%(journey)s”: the wording of “%(milestone)s” kept against advice")
    return Entry(event, words % said, note=str(event.data.get("code", "")), icon="journeys")


def _frozen(event: Event, facts: Facts, now: datetime) -> Entry:
    said = {
        "journey": facts.of(event, "journey_id") or _("A journey"),
        "day": _said_day(event, "on", now),
    }
    return Entry(event, _("“%(journey)s”: baseline of %(day)s frozen") % said, icon="check")


def _target(event: Event, facts: Facts, now: datetime) -> Entry:
    said = {
        "journey": facts.of(event, "journey_id") or _("A journey"),
        "days": event.data.get("days", ""),
    }
    note = _("Milestone “%(key)s”, from %(n)s customers.") % {
        "key": event.data.get("milestone", ""),
        "n": event.data.get("n", "–"),
    }
    return Entry(
        event, _("“%(journey)s”: target of %(days)s days taken into the draft") % said, icon="edit", note=note
    )


def _variant(words: str | Promise) -> Sentence:
    """Of a variant, by whose name it goes."""

    def say(event: Event, facts: Facts, now: datetime) -> Entry:
        said = {
            "journey": facts.of(event, "journey_id") or _("A journey"),
            "number": event.data.get("number"),
        }
        return Entry(event, str(words) % said, icon="journeys")

    return say


def _limits(event: Event, facts: Facts, now: datetime) -> Entry:
    said = {"journey": facts.of(event, "journey_id") or _("A journey")}
    return Entry(event, _("“%(journey)s”: when somebody counts as stuck was set") % said, icon="settings")


JOURNEYS: dict[str, Sentence] = {
    "enrolled": _enrolled,
    "enrolment_ended": _ended,
    "start_changed": _start,
    "version_changed": _version,
    "journey_paused": _paused,
    "journey_resumed": _resumed,
    "pause_taken_back": plain(gettext_lazy("A pause was taken back, as if it never was"), "undo"),
    "journey_published": _published,
    "variant_made": _variant(gettext_lazy("“%(journey)s” follows a base now")),
    "variant_rule_changed": _variant(gettext_lazy("“%(journey)s”: for whom it is was changed")),
    "base_taken_over": _variant(gettext_lazy("“%(journey)s”: version %(number)s of its base taken over")),
    "message_worded": _message(gettext_lazy("“%(journey)s”: message “%(occasion)s” worded")),
    "message_unworded": _message(gettext_lazy("“%(journey)s”: wording of “%(occasion)s” taken out")),
    "messages_brought_in": _message(gettext_lazy("“%(journey)s”: messages brought in")),
    "messages_started": _message(gettext_lazy("“%(journey)s” writes to customers from now on")),
    "messages_stopped": _message(gettext_lazy("“%(journey)s” writes to nobody any more")),
    "message_written": _message(gettext_lazy("Message: %(occasion)s")),
    "advice_set_aside": _set_aside,
    "patience_set": _limits,
    "baseline_frozen": _frozen,
    "target_taken": _target,
}
