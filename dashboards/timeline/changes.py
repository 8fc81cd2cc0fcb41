"""Events about customers, people, members and settings as sentences. Pure: `facts` knows the names."""

from collections.abc import Callable
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboards.timeline.entries import Entry
from dashboards.timeline.facts import Facts
from dashboards.timeline.links import link
from organisations.models import Event, Role
from ui.amounts import money_words
from ui.moments import short_day

Sentence = Callable[[Event, Facts, datetime], Entry]
FIELDS: dict[str, Promise] = {
    "key": gettext_lazy("their id"),
    "name": gettext_lazy("name"),
    "about": gettext_lazy("what they do"),
    "segment": gettext_lazy("segment"),
    "use_case": gettext_lazy("use case"),
    "owner": gettext_lazy("CSM"),
    "outcome": gettext_lazy("the outcome in their words"),
    "outcome_by": gettext_lazy("who said the outcome"),
    "outcome_on": gettext_lazy("when the outcome was said"),
    "outcome_metric": gettext_lazy("how it is measured"),
    "outcome_baseline": gettext_lazy("where it began"),
    "outcome_target": gettext_lazy("the goal"),
    "title": gettext_lazy("their work"),
    "address": gettext_lazy("e-mail address"),
    "phone": gettext_lazy("telephone"),
    "primary": gettext_lazy("whom to write to first"),
    "celebrate_with": gettext_lazy("celebrating with them"),
    "language": gettext_lazy("language"),
    "zone": gettext_lazy("time zone"),
    "wish": gettext_lazy("mails they want"),
    "quiet_from": gettext_lazy("quiet hours"),
    "quiet_to": gettext_lazy("quiet hours"),
    "left_on": gettext_lazy("there again"),
    "amount": gettext_lazy("amount"),
    "currency": gettext_lazy("currency"),
    "interval": gettext_lazy("interval"),
    "plan": gettext_lazy("plan"),
    "start": gettext_lazy("start"),
    "end": gettext_lazy("end"),
    "customer": gettext_lazy("customer"),
    "accent": gettext_lazy("accent colour"),
    "sender_name": gettext_lazy("sender of mails"),
    "postal_address": gettext_lazy("postal address"),
    "celebrate_within_days": gettext_lazy("when celebrations go by themselves"),
    "mails_per_week": gettext_lazy("mails to one person in a week"),
    "uncertain_mail": gettext_lazy("what unsure mail does"),
    "second_factor_required": gettext_lazy("asking for a second factor"),
}


def fields_words(event: Event) -> str:
    """ "name, segment": which fields an edit concerned."""
    names = (str(name).removeprefix("fields.") for name in event.data.get("fields", ()))
    return ", ".join(dict.fromkeys(str(FIELDS.get(name, name)) for name in names))


def plain(words: Promise, icon: str) -> Sentence:
    """A sentence that needs no names; what was said as the reason stands below."""

    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        return Entry(event, str(words), icon=icon, note=str(event.data.get("why", "")))

    return sentence


def _edited(words: Promise) -> Sentence:
    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        return Entry(event, words % {"name": _subject(event, facts)}, icon="edit", note=fields_words(event))

    return sentence


def _person(words: Promise) -> Sentence:
    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        return Entry(event, words % {"name": _subject(event, facts)}, icon="person")

    return sentence


def _role(words: Promise) -> Sentence:
    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        role = event.data.get("role")
        said = {"name": _subject(event, facts), "role": Role(role).label if role in Role else role}
        return Entry(event, words % said, icon="person")

    return sentence


FACTORS: dict[str, Promise] = {
    "totp": gettext_lazy("An app that shows codes."),
    "webauthn": gettext_lazy("A passkey."),
    "all": gettext_lazy("All of it: it was lost."),
}


def _sign_in(words: Promise) -> Sentence:
    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        note = FACTORS.get(str(event.data.get("kind")), "")
        return Entry(event, words % {"name": _subject(event, facts)}, icon="key", note=str(note))

    return sentence


def _token(words: Promise) -> Sentence:
    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        name = facts.text("token", event.subject_id)
        note = ", ".join(map(str, event.data.get("scopes", ())))
        return Entry(event, words % {"name": name}, icon="key", note=note)

    return sentence


def _subject(event: Event, facts: Facts) -> str:
    contact = facts.of(event, "contact_id")
    kinds = ("contact", "membership", "invitation")
    own = next((facts.text(k, event.subject_id) for k in kinds if event.subject_type.endswith(f".{k}")), "")
    return contact or own or _("Somebody no longer on file")


def _owner(event: Event, facts: Facts, now: datetime) -> Entry:
    name, before = facts.of(event, "owner_id"), facts.of(event, "from_id")
    title = _("%(name)s is the CSM now") % {"name": name} if name else _("No CSM now")
    if name and before:
        title = _("Handed over from %(before)s to %(name)s") % {"before": before, "name": name}
    return Entry(event, title, icon="person", note=_along(event))


ALONG: dict[str, Callable[[int], str]] = {
    "calls": lambda n: ngettext("%(n)d planned call", "%(n)d planned calls", n) % {"n": n},
    "commitments": lambda n: ngettext("%(n)d commitment", "%(n)d commitments", n) % {"n": n},
    "challenges": lambda n: ngettext("%(n)d challenge", "%(n)d challenges", n) % {"n": n},
}


def _along(event: Event) -> str:
    """ "1 planned call, 2 commitments went along"."""
    counts = event.data.get("along")
    if not isinstance(counts, dict):
        return ""
    told = [words(n) for what, words in ALONG.items() if isinstance(n := counts.get(what), int) and n]
    return _("%(what)s went along.") % {"what": ", ".join(told)} if told else ""


def _transaction(event: Event, facts: Facts, now: datetime) -> Entry:
    data = event.data
    said = {
        key: money_words(int(data.get(f"{key}_e4", 0)), str(data.get(key, "")), exact=True)
        for key in ("from", "to")
    }
    note = _("From %(from)s to %(to)s.") % said if said["from"] != said["to"] else ""
    return Entry(event, _("A transaction was corrected"), icon="edit", note=note)


def _subscription(event: Event, facts: Facts, now: datetime) -> Entry:
    if ends_on := event.data.get("ends_on"):
        day = short_day(date.fromisoformat(ends_on), today=now.date())
        return Entry(event, _("Subscription ends %(day)s") % {"day": day}, icon="stop")
    return Entry(event, _("Subscription changed"), icon="edit", note=fields_words(event))


def _import(words: Promise) -> Sentence:
    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        rows = sum(n for n in event.data.get("counts", {}).values() if isinstance(n, int))
        note = ngettext("%(n)d row.", "%(n)d rows.", rows) % {"n": rows}
        href = link(facts, "office:import_detail", event.subject_id)
        return Entry(event, str(words), icon="upload", note=note, href=href, link=_("See the import"))

    return sentence


def _released(event: Event, facts: Facts, now: datetime) -> Entry:
    count, sent = event.data.get("mails", 0), event.data.get("choice") == "send"
    words = (
        ngettext("%(n)d held mail goes out.", "%(n)d held mails go out.", count)
        if sent
        else ngettext("%(n)d held mail stays stopped.", "%(n)d held mails stay stopped.", count)
    )
    return Entry(event, _("Mail leaves from here on"), icon="mail", note=words % {"n": count})


CHANGES: dict[str, Sentence] = {
    "customer_created": plain(gettext_lazy("Written down here"), "plus"),
    "customer_edited": _edited(gettext_lazy("Edited")),
    "customer_left": plain(gettext_lazy("They left"), "sign-out"),
    "customer_returned": plain(gettext_lazy("They came back"), "undo"),
    "customer_archived": plain(gettext_lazy("Archived"), "file"),
    "customer_restored": plain(gettext_lazy("Out of the archive"), "undo"),
    "owner_changed": _owner,
    "contact_added": _person(gettext_lazy("%(name)s written down")),
    "contact_edited": _edited(gettext_lazy("%(name)s edited")),
    "contact_left": _person(gettext_lazy("%(name)s left")),
    "transaction_corrected": _transaction,
    "subscription_changed": _subscription,
    "import_applied": _import(gettext_lazy("Import applied")),
    "import_refused": _import(gettext_lazy("Import refused, nothing stored")),
    "import_undone": _import(gettext_lazy("Import undone")),
    "member_invited": _role(gettext_lazy("%(name)s invited as %(role)s")),
    "invitation_withdrawn": _person(gettext_lazy("Invitation to %(name)s withdrawn")),
    "token_made": _token(gettext_lazy("Token “%(name)s” made")),
    "token_ended": _token(gettext_lazy("Token “%(name)s” ended")),
    "calendar_made": plain(gettext_lazy("Calendar address made"), "calendar"),
    "calendar_renewed": plain(gettext_lazy("Calendar address renewed, the one before ended"), "calendar"),
    "calendar_off": plain(gettext_lazy("Calendar address ended"), "calendar"),
    "member_joined": _role(gettext_lazy("%(name)s joined as %(role)s")),
    "role_changed": _role(gettext_lazy("%(name)s is %(role)s now")),
    "member_ended": _person(gettext_lazy("%(name)s no longer works here")),
    "settings_changed": _edited(gettext_lazy("Settings changed")),
    "post_held": plain(gettext_lazy("All mail held: this looks like a copy or a restored backup"), "pause"),
    "post_released": _released,
    "exported": plain(gettext_lazy("Everything exported as one file"), "download"),
    "event_rules_changed": plain(gettext_lazy("Rules for incoming events changed"), "settings"),
    "webhook_added": plain(gettext_lazy("Webhook added"), "hook"),
    "webhook_changed": plain(gettext_lazy("Webhook changed"), "hook"),
    "webhook_secret_renewed": plain(gettext_lazy("A webhook has a new secret"), "key"),
    "webhook_off": plain(gettext_lazy("Webhook switched off"), "pause"),
    "webhook_on": plain(gettext_lazy("Webhook switched on"), "play"),
    "webhook_removed": plain(gettext_lazy("Webhook removed"), "trash"),
    "webhook_tested": plain(gettext_lazy("Webhook tried"), "hook"),
    "webhook_replayed": plain(gettext_lazy("Webhook calls replayed"), "refresh"),
    "webhook_failed": plain(gettext_lazy("Webhook call given up after ten tries"), "warning"),
    "second_factor_added": _sign_in(gettext_lazy("%(name)s added a second factor")),
    "second_factor_removed": _sign_in(gettext_lazy("Second factor of %(name)s removed")),
    "recovery_codes_made": _sign_in(gettext_lazy("%(name)s made new recovery codes")),
    "recovery_code_used": _sign_in(gettext_lazy("%(name)s signed in with a recovery code")),
    "password_changed": _sign_in(gettext_lazy("%(name)s has a new password")),
    "sessions_ended": _sign_in(gettext_lazy("%(name)s signed out elsewhere")),
    "digest_chosen": plain(gettext_lazy("Chose which digest they get"), "mail"),
    "opted_out": plain(gettext_lazy("Asked for no more mails"), "mail"),
}
