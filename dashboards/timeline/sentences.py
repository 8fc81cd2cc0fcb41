"""Events about milestones, mails and calls as sentences. Pure: `facts` knows the names."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboards.timeline.entries import Entry
from dashboards.timeline.facts import Facts
from dashboards.timeline.links import link
from organisations.models import Event
from ui.moments import short_day, when_words

Sentence = Callable[[Event, Facts, datetime], Entry]
GONE_WHY = {
    "contested": lambda: _("They contested it: it is open again."),
    "evidence gone": lambda: _("What it rested on no longer stands."),
    "import undone": lambda: _("The import it rested on was undone."),
    "claim withdrawn": lambda: _("The claim was taken back."),
    "answer taken back": lambda: _("They took their answer back."),
    "version changed": lambda: _("The journey’s other version asks for something else."),
    "start changed": lambda: _("The journey’s start was changed; it came before."),
}


def milestone_of(event: Event, facts: Facts) -> str:
    return facts.of(event, "milestone_id") or _("A milestone")


def _achieved(event: Event, facts: Facts, now: datetime) -> Entry:
    note = _("Came with earlier results; nobody is mailed.") if event.data.get("history") else ""
    title = _("%(milestone)s: evidenced") % {"milestone": milestone_of(event, facts)}
    return Entry(event, title, stone="evidenced", note=note)


def _moved(event: Event, facts: Facts, now: datetime) -> Entry:
    days = {key: short_day(_day(event.data.get(key), facts), today=now.date()) for key in ("from", "to")}
    title = _("%(milestone)s: dated anew") % {"milestone": milestone_of(event, facts)}
    return Entry(event, title, icon="calendar", note=_("From %(from)s to %(to)s.") % days)


def _withdrawn(event: Event, facts: Facts, now: datetime) -> Entry:
    why = str(event.data.get("why", ""))
    title = _("%(milestone)s: open again") % {"milestone": milestone_of(event, facts)}
    note = GONE_WHY[why]() if why in GONE_WHY else why
    return Entry(event, title, stone="contested" if why == "contested" else "not_yet", note=note)


def _claimed(event: Event, facts: Facts, now: datetime) -> Entry:
    title = _("%(milestone)s: claimed") % {"milestone": milestone_of(event, facts)}
    return Entry(event, title, stone="claimed", note=facts.text("claim", event.subject_id))


def _claim_withdrawn(event: Event, facts: Facts, now: datetime) -> Entry:
    title = _("%(milestone)s: claim taken back") % {"milestone": milestone_of(event, facts)}
    return Entry(event, title, icon="undo", note=str(event.data.get("why", "")))


def _asked(event: Event, facts: Facts, now: datetime) -> Entry:
    who = facts.of(event, "contact_id") or _("somebody no longer on file")
    title = _("“Is it so?” to %(name)s") % {"name": who}
    return Entry(event, title, icon="mail", note=milestone_of(event, facts))


def _confirmed(event: Event, facts: Facts, now: datetime) -> Entry:
    title = _("%(milestone)s: verified") % {"milestone": milestone_of(event, facts)}
    note = _("Confirmed by %(name)s.") % {"name": _who(event, facts)}
    if event.data.get("demo"):
        note += " " + _("Opened as the customer, in the demo.")
    words = facts.text("verdict", event.subject_id)
    return Entry(event, title, stone="verified", words=words, note=note)


def _contested(event: Event, facts: Facts, now: datetime) -> Entry:
    title = _("%(milestone)s: contested") % {"milestone": milestone_of(event, facts)}
    note = _("By %(name)s.") % {"name": _who(event, facts)}
    href = link(facts, "milestones:contest", event.subject_id)
    words = facts.text("verdict", event.subject_id)
    return Entry(event, title, stone="contested", words=words, note=note, href=href, link=_("See and answer"))


def _undone(event: Event, facts: Facts, now: datetime) -> Entry:
    title = _("%(milestone)s: answer taken back") % {"milestone": milestone_of(event, facts)}
    return Entry(event, title, icon="undo", note=_("By the customer, within 24 hours."))


def _answered(event: Event, facts: Facts, now: datetime) -> Entry:
    title = _("%(milestone)s: contest answered") % {"milestone": milestone_of(event, facts)}
    return Entry(event, title, icon="mail", note=facts.text("answer", event.subject_id))


def _who(event: Event, facts: Facts) -> str:
    return facts.of(event, "contact_id") or _("somebody no longer on file")


def _celebration(words: Promise) -> Sentence:
    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        title = words % {"milestone": milestone_of(event, facts)}
        why = str(event.data.get("why", ""))
        note = GONE_WHY[why]() if why in GONE_WHY else ""
        return Entry(event, title, icon="star", note=note)

    return sentence


def _mail(words: Promise) -> Sentence:
    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        subject = facts.text("delivery", event.subject_id) or _("a mail")
        title = _("“%(subject)s” to %(address)s") % {
            "subject": subject,
            "address": facts.text("address", event.subject_id) or _("an address no longer on file"),
        }
        href = link(facts, "post:delivery", event.subject_id)
        return Entry(event, title, icon="mail", note=str(words), href=href, link=_("See the mail"))

    return sentence


def _call(event: Event, facts: Facts, now: datetime) -> Entry:
    call = facts.calls.get(event.subject_id or 0)
    if call is None:
        return Entry(event, _("Call"), icon="phone")
    people = getattr(call, "people", None)
    title = _("Call with %(names)s") % {"names": people} if people else _("Call")
    if call.minutes:
        title += ", " + ngettext("%(n)d minute", "%(n)d minutes", call.minutes) % {"n": call.minutes}
    href = link(facts, "coaching:call", call.pk)
    return Entry(
        event, title, icon="phone", words=call.words, note=_short(call.notes), href=href, link=_("Read it")
    )


def _call_edited(event: Event, facts: Facts, now: datetime) -> Entry:
    href = link(facts, "coaching:call", event.subject_id)
    return Entry(event, _("A call was corrected"), icon="edit", href=href, link=_("Read it"))


def _planned(event: Event, facts: Facts, now: datetime) -> Entry:
    at = datetime.fromisoformat(event.data["due_at"])
    title = _("Next call planned: %(when)s") % {"when": when_words(at, now=now)}
    return Entry(event, title, icon="calendar")


def _skipped(event: Event, facts: Facts, now: datetime) -> Entry:
    return Entry(event, _("A planned call was skipped"), icon="calendar")


def _returned(event: Event, facts: Facts, now: datetime) -> Entry:
    return Entry(event, _("A call that was off is on again"), icon="calendar")


def _invitation(words: Promise) -> Sentence:
    """Of an invitation to a call: whose it is."""

    def tell(event: Event, facts: Facts, now: datetime) -> Entry:
        name = facts.of(event, "contact_id") or _("Somebody")
        return Entry(event, str(words) % {"name": name}, icon="calendar")

    return tell


def _committed(event: Event, facts: Facts, now: datetime) -> Entry:
    row = facts.commitments.get(event.subject_id or 0)
    if row is None:
        return Entry(event, _("Commitment made"), icon="flag")
    title = _("%(name)s: %(will)s") % {"name": row.owner_name, "will": row.will}
    note = _("When %(when)s.") % {"when": row.when.rstrip(".")} if row.when else ""
    if row.due_on:
        note = f"{note} {_('By %(day)s.') % {'day': short_day(row.due_on, today=now.date())}}".strip()
    return Entry(event, title, icon="flag", note=note)


def _settled(event: Event, facts: Facts, now: datetime) -> Entry:
    row = facts.commitments.get(event.subject_id or 0)
    what = f"{row.owner_name}: {row.will}" if row else ""
    titles = {
        "kept": (_("Commitment kept"), "check"),
        "not_kept": (_("Commitment not kept"), "close"),
        "open": (_("Commitment open again"), "undo"),
    }
    title, icon = titles.get(str(event.data.get("state")), (_("Commitment settled"), "check"))
    return Entry(event, f"{title}: {what}" if what else title, icon=icon)


def _corrected(event: Event, facts: Facts, now: datetime) -> Entry:
    title = _("%(metric)s corrected") % {"metric": facts.of(event, "metric_id") or _("A reading")}
    values = {key: _number(event.data.get(key)) for key in ("from", "to")}
    return Entry(event, title, icon="edit", note=_("From %(from)s to %(to)s.") % values)


def _number(value: Any) -> str:
    return number_format(value) if isinstance(value, int | float) else "–"


def _day(text: Any, facts: Facts) -> date:
    return datetime.fromisoformat(str(text)).astimezone(facts.organisation.tzinfo).date()


def _short(text: str, most: int = 320) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"


SENTENCES: dict[str, Sentence] = {
    "milestone_achieved": _achieved,
    "achievement_moved": _moved,
    "achievement_withdrawn": _withdrawn,
    "milestone_claimed": _claimed,
    "claim_withdrawn": _claim_withdrawn,
    "confirmation_asked": _asked,
    "outcome_confirmed": _confirmed,
    "outcome_contested": _contested,
    "verdict_undone": _undone,
    "contest_answered": _answered,
    "celebration_waiting": _celebration(gettext_lazy("Celebration of “%(milestone)s” waits")),
    "celebration_edited": _celebration(gettext_lazy("Celebration of “%(milestone)s” edited")),
    "celebration_approved": _celebration(gettext_lazy("Celebration of “%(milestone)s” approved")),
    "celebration_stopped": _celebration(gettext_lazy("Celebration of “%(milestone)s” stopped")),
    "celebration_posted": _celebration(gettext_lazy("Celebration of “%(milestone)s” in the post")),
    "celebration_not_repeated": _celebration(
        gettext_lazy("“%(milestone)s” reached again; no second celebration")
    ),
    "mail_sent": _mail(gettext_lazy("Taken by the mail server.")),
    "mail_failed": _mail(gettext_lazy("Refused by the mail server.")),
    "mail_uncertain": _mail(gettext_lazy("Uncertain: no answer came whether it was taken.")),
    "mail_unsure": _mail(gettext_lazy("No answer came whether it was taken: sent again.")),
    "mail_suppressed": _mail(gettext_lazy("Not sent: they asked us not to.")),
    "mail_held": _mail(gettext_lazy("Held.")),
    "mail_settled": _mail(gettext_lazy("A person settled whether it arrived.")),
    "call_logged": _call,
    "call_edited": _call_edited,
    "touchpoint_planned": _planned,
    "touchpoint_skipped": _skipped,
    "touchpoint_returned": _returned,
    "call_invited": _invitation(gettext_lazy("%(name)s invited to the next call")),
    "call_invitation_updated": _invitation(gettext_lazy("The invitation of %(name)s changed with the call")),
    "call_uninvited": _invitation(gettext_lazy("%(name)s not invited any more")),
    "commitment_made": _committed,
    "commitment_settled": _settled,
    "reading_corrected": _corrected,
}
