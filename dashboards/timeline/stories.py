"""Events about stories and answers to celebrations as sentences. Pure: `facts` knows the names."""

from collections.abc import Callable
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from advocacy.models import StoryConsent
from dashboards.timeline.entries import Entry
from dashboards.timeline.facts import Facts
from dashboards.timeline.links import link
from organisations.models import Event

Sentence = Callable[[Event, Facts, datetime], Entry]


def _story(words: Promise, icon: str) -> Sentence:
    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        name = facts.text("story", event.subject_id) or _("a story no longer on file")
        why = str(event.data.get("why", ""))
        note = str(dict(StoryConsent.End.choices).get(why, "")).capitalize()
        who = facts.of(event, "contact_id")
        if who:
            note = f"{note}. {who}." if note else who
        if event.data.get("demo"):
            note += " " + _("Opened as the customer, in the demo.")
        href = (
            link(facts, "advocacy:story", event.subject_id) if facts.text("story", event.subject_id) else ""
        )
        return Entry(event, str(words) % {"story": name}, icon=icon, note=note, href=href, link=_("See it"))

    return sentence


def _reply(words: Promise, icon: str) -> Sentence:
    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        milestone = facts.of(event, "milestone_id") or _("A milestone")
        who = facts.of(event, "contact_id")
        note = who if who and not event.actor_id else ""
        if event.data.get("demo"):
            note += " " + _("Opened as the customer, in the demo.")
        said = facts.text("back", event.subject_id)
        return Entry(event, str(words) % {"milestone": milestone}, icon=icon, words=said, note=note)

    return sentence


STORIES: dict[str, Sentence] = {
    "celebration_replied": _reply(gettext_lazy("They answered the celebration of “%(milestone)s”"), "quote"),
    "celebration_shared": _reply(gettext_lazy("They passed on the card of “%(milestone)s”"), "external"),
    "celebration_reply_seen": _reply(gettext_lazy("Their answer about “%(milestone)s” was read"), "eye"),
    "story_drafted": _story(gettext_lazy("Story “%(story)s” begun"), "quote"),
    "story_edited": _story(gettext_lazy("Story “%(story)s” changed"), "edit"),
    "story_interview_asked": _story(gettext_lazy("Questions sent for the story “%(story)s”"), "mail"),
    "story_interview_answered": _story(gettext_lazy("Questions answered for the story “%(story)s”"), "quote"),
    "story_review_asked": _story(gettext_lazy("“May it be told?” about “%(story)s”"), "mail"),
    "story_changes_wanted": _story(gettext_lazy("They want “%(story)s” to be different"), "warning"),
    "story_consent_given": _story(gettext_lazy("They agree that “%(story)s” is told"), "check"),
    "story_consent_ended": _story(gettext_lazy("The consent to “%(story)s” ended"), "undo"),
    "story_published": _story(gettext_lazy("Story “%(story)s” published"), "star"),
    "story_down": _story(gettext_lazy("Story “%(story)s” taken down"), "stop"),
    "story_used": _story(gettext_lazy("Story “%(story)s” used outside"), "external"),
    "story_use_ended": _story(gettext_lazy("A use of “%(story)s” taken down"), "check"),
}
