"""Events about favours, referrals and growth as sentences. Pure: `facts` knows the words."""

from collections.abc import Callable
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from advocacy.models import Favour
from dashboards.timeline.entries import Entry
from dashboards.timeline.facts import Facts
from dashboards.timeline.links import link
from organisations.models import Event

Sentence = Callable[[Event, Facts, datetime], Entry]
VERBS: dict[str, Promise] = {
    "favour_asked": gettext_lazy("favour asked"),
    "favour_accepted": gettext_lazy("favour promised"),
    "favour_declined": gettext_lazy("favour declined"),
    "favour_withdrawn": gettext_lazy("favour taken back"),
    "favour_done": gettext_lazy("favour done"),
    "favour_thanked": gettext_lazy("thanked for a favour"),
    "advocate_ended": gettext_lazy("advocate asked no more"),
    "advocate_returned": gettext_lazy("advocate as before"),
    "referral_submitted": gettext_lazy("somebody referred"),
    "referral_qualified": gettext_lazy("referral qualified"),
    "referral_won": gettext_lazy("referral won"),
    "referral_lost": gettext_lazy("referral lost"),
    "referral_rewarded": gettext_lazy("reward for a referral noted"),
    "referral_forgotten": gettext_lazy("person referred erased"),
    "need_noted": gettext_lazy("need written down"),
    "expansion_found": gettext_lazy("signal of growth found"),
    "expansion_confirmed": gettext_lazy("growth pursued"),
    "expansion_moved": gettext_lazy("growth moved on"),
    "expansion_dismissed": gettext_lazy("signal of growth dismissed"),
    "expansion_won": gettext_lazy("growth won"),
    "expansion_lost": gettext_lazy("growth lost"),
    "expansion_rule_saved": gettext_lazy("sign of growth saved"),
    "expansion_rule_retired": gettext_lazy("sign of growth taken out"),
    "ask_terms_changed": gettext_lazy("how much is asked changed"),
}


def _favour(words: Promise, icon: str, said: str = "") -> Sentence:
    """Of a favour: whose, and which. `said`: which of its texts stands with it."""

    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        kind = str(event.data.get("kind", ""))
        what = Favour.Kind(kind).label if kind in Favour.Kind.values else _("a favour")
        title = words % {"name": _name(event, facts), "what": what}
        text = facts.text(said, event.subject_id) if said else ""
        theirs = text if said == "favour_reply" else ""
        href = link(facts, "advocacy:person", event.data.get("contact_id"))
        note = "" if theirs else text
        return Entry(event, title, icon=icon, words=theirs, note=note, href=href, link=_("See the ledger"))

    return sentence


def _advocate(words: Promise) -> Sentence:
    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        href = link(facts, "advocacy:person", event.data.get("contact_id"))
        title = words % {"name": _name(event, facts)}
        return Entry(event, title, icon="star", href=href, link=_("See the ledger"))

    return sentence


def _referral(words: Promise, icon: str) -> Sentence:
    """Of somebody who was referred, by name as long as they are on file."""

    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        who = facts.text("referral", event.subject_id) or _("somebody, erased since")
        note = ""
        if event.data.get("known"):
            note = _("Known before: counted nowhere.")
        href = link(facts, "advocacy:referral", event.subject_id)
        title = words % {"who": who, "name": _name(event, facts)}
        return Entry(event, title, icon=icon, note=note, href=href, link=_("See it"))

    return sentence


def _growth(words: Promise, icon: str) -> Sentence:
    """Of growth at a customer: by which sign, and why it was ended."""

    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        title = words % {"sign": facts.text("expansion", event.subject_id) or _("a sign")}
        note = facts.text("expansion_why", event.subject_id)
        href = link(facts, "advocacy:expansion", event.subject_id)
        return Entry(event, title, icon=icon, note=note, href=href, link=_("See it"))

    return sentence


def _need(event: Event, facts: Facts, now: datetime) -> Entry:
    said = facts.text("need", event.subject_id)
    href = link(facts, "advocacy:need_new", event.customer_id)
    return Entry(
        event, _("They say they need something"), icon="flag", words=said, href=href, link=_("See it")
    )


def _rule(words: Promise) -> Sentence:
    def sentence(event: Event, facts: Facts, now: datetime) -> Entry:
        title = words % {"sign": facts.text("expansion_rule", event.subject_id) or _("a sign")}
        return Entry(event, title, icon="settings")

    return sentence


def _plain(words: Promise, icon: str) -> Sentence:
    return lambda event, facts, now: Entry(event, str(words), icon=icon)


def _name(event: Event, facts: Facts) -> str:
    return facts.of(event, "contact_id") or _("somebody no longer on file")


ADVOCACY: dict[str, Sentence] = {
    "favour_asked": _favour(gettext_lazy("%(name)s asked: %(what)s"), "mail", "favour"),
    "favour_accepted": _favour(gettext_lazy("%(name)s said yes: %(what)s"), "check", "favour_reply"),
    "favour_declined": _favour(gettext_lazy("%(name)s would rather not: %(what)s"), "close", "favour_reply"),
    "favour_withdrawn": _favour(gettext_lazy("No longer asked of %(name)s: %(what)s"), "undo"),
    "favour_done": _favour(gettext_lazy("%(name)s did it: %(what)s"), "star", "favour_result"),
    "favour_thanked": _favour(gettext_lazy("%(name)s thanked: %(what)s"), "mail", "favour_thanks"),
    "advocate_ended": _advocate(gettext_lazy("%(name)s is not asked any more")),
    "advocate_returned": _advocate(gettext_lazy("%(name)s speaks for us as before")),
    "referral_submitted": _referral(gettext_lazy("%(who)s wrote, by the address of %(name)s"), "mail"),
    "referral_qualified": _referral(gettext_lazy("Referral qualified: %(who)s"), "check"),
    "referral_won": _referral(gettext_lazy("Referral won: %(who)s"), "star"),
    "referral_lost": _referral(gettext_lazy("Referral lost: %(who)s"), "close"),
    "referral_rewarded": _referral(gettext_lazy("Reward noted for the referral of %(who)s"), "edit"),
    "referral_forgotten": _referral(gettext_lazy("A person referred was erased"), "stop"),
    "need_noted": _need,
    "expansion_found": _growth(gettext_lazy("Signal of growth: %(sign)s"), "star"),
    "expansion_confirmed": _growth(gettext_lazy("Growth pursued: %(sign)s"), "check"),
    "expansion_moved": _growth(gettext_lazy("Growth moved on: %(sign)s"), "calendar"),
    "expansion_dismissed": _growth(gettext_lazy("Signal dismissed: %(sign)s"), "close"),
    "expansion_won": _growth(gettext_lazy("Growth won: %(sign)s"), "star"),
    "expansion_lost": _growth(gettext_lazy("Growth lost: %(sign)s"), "close"),
    "expansion_rule_saved": _rule(gettext_lazy("Sign of growth saved: %(sign)s")),
    "expansion_rule_retired": _rule(gettext_lazy("Sign of growth taken out: %(sign)s")),
    "ask_terms_changed": _plain(gettext_lazy("How much is asked of people was changed"), "settings"),
}
