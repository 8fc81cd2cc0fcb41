"""Ask one person for one thing, if they may be asked; take it back before it is done."""

import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from advocacy.ledger import refusal, standings
from advocacy.models import Advocate, AskTerms, Favour
from advocacy.recruiting import letters
from advocacy.recruiting.faults import MayNotBeAsked, NotPossible, WordsMissing
from advocacy.recruiting.noting import note
from customers.models import Contact
from milestones.models import Achievement
from organisations.models import Organisation, User

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that reads like something else
CODE_LENGTH = 10
LONG = 1000
Kind, State = Favour.Kind, Favour.State
BEGINNINGS: dict[Favour.Kind, Any] = {
    Kind.INVITATION: gettext_lazy(
        "You have reached something others would like to hear of. May we ask you now and then, seldom and "
        "never twice at once, to tell somebody how you did it?"
    ),
    Kind.REFERENCE: gettext_lazy(
        "Somebody in a situation like yours is deciding. Would you speak with them for twenty minutes?"
    ),
    Kind.REVIEW: gettext_lazy("Would you write a short review of what works for you, and what does not?"),
    Kind.CASE_STUDY: gettext_lazy(
        "May we write down how you did it, with your numbers? You read it first, and nothing appears "
        "without your yes."
    ),
    Kind.TALK: gettext_lazy("Would you tell others on a stage, or in a call, how you did it?"),
    Kind.REFERRAL: gettext_lazy(
        "Do you know somebody who is where you were a year ago? The address below is yours to pass on."
    ),
}
"""What is asked, to begin with."""


def ask(
    *, contact: Contact, kind: str, words: str, by: User, now: datetime, simulated: bool = False
) -> Favour:
    """Ask, by mail on a link of their own. Two at once ask once: whoever waits is told what stands.

    Raises MayNotBeAsked (why, and from when on they may), WordsMissing.
    """
    words = words.strip()
    if not words:
        raise WordsMissing("words", _("Say what exactly you ask: they read it as it stands."))
    if other := _meant_for_another(words, kind):
        raise WordsMissing(
            "words",
            _("As it stands this asks for something else: %(what)s. Say what you ask.") % {"what": other},
        )
    if len(words) > LONG:
        raise WordsMissing(
            "words", _("At most %(most)d characters: they read it on a phone.") % {"most": LONG}
        )
    with transaction.atomic():
        person = _alone_with(contact)
        organisation = person.customer.organisation
        one = standings([person], now=now)[person.pk]
        if why := refusal(one, kind, AskTerms.of(organisation), now=now):
            raise MayNotBeAsked(why.words, free_at=why.free_at)
        proof = one.verified[0]
        row = Favour(organisation=organisation, contact=person, kind=kind, words=words, achievement=proof)
        row.asked_at, row.asked_by = now, by
        row.save(force_insert=True)
        if kind == Kind.INVITATION:
            _invite(person, proof, organisation, by=by, now=now)
        letters.post_favour(row, proof=proof, now=now, simulated=simulated)
        note(row, "favour_asked", by=by, now=now)
    return row


def withdraw(*, favour: Favour, by: User, now: datetime) -> Favour:
    """We ask it no more: a mail that waits is recalled, the link says so. It still counts as asked.

    Raises NotPossible when it is done.
    """
    with transaction.atomic():
        _alone_with(favour.contact)
        row: Favour = Favour.objects.with_people().select_for_update(of=("self",)).get(pk=favour.pk)
        if row.state == State.WITHDRAWN:
            return row
        if not row.is_open:
            raise NotPossible(_("It is over already: %(state)s.") % {"state": row.get_state_display()})
        row.state = State.WITHDRAWN
        row.save(update_fields=["state"])
        if row.kind == Kind.INVITATION:
            invited = Advocate.objects.filter(contact=row.contact_id, state=Advocate.State.INVITED)
            invited.update(state=Advocate.State.ENDED, ended_at=now)
        letters.recall_favour(row, why=_("it was taken back"))
        note(row, "favour_withdrawn", by=by, now=now)
    return row


def beginning(kind: str, language: str) -> str:
    """What is asked, to begin with, in the language its reader gets; people change it."""
    with translation.override(language):
        return str(BEGINNINGS[Kind(kind)])


def _meant_for_another(words: str, kind: str) -> str:
    """For what else these words are the beginning, in any language: left standing when `kind` was changed."""
    for language, _name in settings.LANGUAGES:
        for other in Kind:
            if other != kind and words == beginning(other, language):
                return str(other.label)
    return ""


def _alone_with(contact: Contact) -> Contact:
    """Whoever asks the same person at once waits, and then finds what was asked."""
    rows = Contact.objects.select_for_update(of=("self",))
    related = rows.select_related("recipient", "customer__organisation", "customer__owner")
    found: Contact = related.get(pk=contact.pk)
    return found


def _invite(
    person: Contact, proof: Achievement, organisation: Organisation, *, by: User, now: datetime
) -> None:
    """An advocate to be; whoever said no before is invited anew."""
    again = {
        "state": Advocate.State.INVITED, "achievement": proof, "invited_at": now, "invited_by": by,
        "answered_at": None, "ended_at": None,
    }  # fmt: skip
    new = {"organisation": organisation, "code": _new_code()}
    Advocate.objects.update_or_create(contact=person, defaults=again, create_defaults=again | new)


def _new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _n in range(CODE_LENGTH))
