"""What becomes of a referral: qualified, won with a value, lost with a reason, a reward noted."""

import re
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from advocacy.models import AskTerms, Referral
from advocacy.recruiting import letters
from advocacy.referring.faults import Incomplete, NotPossible
from advocacy.referring.noting import announce, note
from customers.models import Customer
from organisations.models import User
from post.models import Delivery

State = Referral.State
CURRENCY = re.compile(r"^[A-Z]{3}$")
MOST = 10**15  # ten-thousandths: a hundred thousand million


def qualify(*, referral: Referral, by: User, now: datetime, simulated: bool = False) -> Referral:
    """Somebody here looked at it and it is real: from now on it counts, and the advocate is thanked, once.

    Raises NotPossible: known before, or over.
    """
    with transaction.atomic():
        row = _locked(referral)
        if row.state == State.QUALIFIED:
            return row
        if row.state != State.SUBMITTED:
            raise NotPossible(_("It is over already: %(state)s.") % {"state": row.get_state_display()})
        row.state, row.qualified_at, row.qualified_by = State.QUALIFIED, now, by
        row.save(update_fields=["state", "qualified_at", "qualified_by"])
        note(row, "referral_qualified", by=by, now=now)
        _thank(row, by=by, now=now, simulated=simulated)
    return row


def win(
    *,
    referral: Referral,
    by: User,
    now: datetime,
    amount_e4: int | None = None,
    currency: str = "",
    customer: Customer | None = None,
) -> Referral:
    """They became a customer, worth so much, as far as it is known. Said again, it is corrected.

    Raises NotPossible (not qualified yet, or lost), Incomplete (an amount without its currency).
    """
    currency = currency.strip().upper()
    _check_amount(amount_e4, currency)
    with transaction.atomic():
        row = _locked(referral)
        if row.state not in (State.QUALIFIED, State.WON):
            raise NotPossible(_("Say first that it is qualified; then it can be won."))
        is_new = row.state != State.WON
        row.state, row.amount_e4, row.currency, row.customer = State.WON, amount_e4, currency, customer
        if is_new:
            row.closed_at, row.closed_by = now, by
        row.save(update_fields=["state", "amount_e4", "currency", "customer", "closed_at", "closed_by"])
        note(row, "referral_won", by=by, now=now)
        if is_new:
            announce(row, "referral.won", now=now)
    return row


def lose(*, referral: Referral, why: str, by: User, now: datetime) -> Referral:
    """It came to nothing, for a reason. Raises Incomplete, NotPossible (won, or known before)."""
    why = why.strip()[:200]
    if not why:
        raise Incomplete("why", _("Say in a few words why: the next one learns from it."))
    with transaction.atomic():
        row = _locked(referral)
        if row.state == State.LOST:
            return row
        if not row.is_open:
            raise NotPossible(_("It is over already: %(state)s.") % {"state": row.get_state_display()})
        row.state, row.closed_at, row.closed_by, row.closed_why = State.LOST, now, by, why
        row.save(update_fields=["state", "closed_at", "closed_by", "closed_why"])
        note(row, "referral_lost", by=by, now=now)
    return row


def note_reward(*, referral: Referral, reward: str, by: User, now: datetime) -> Referral:
    """A note of what was given to whom. Bosai pays nothing. Raises Incomplete, NotPossible."""
    reward = reward.strip()[:200]
    if not reward:
        raise Incomplete("reward", _("Write what was given, and to whom."))
    with transaction.atomic():
        row = _locked(referral)
        if row.state == State.KNOWN:
            raise NotPossible(_("Who was known before earns no reward: the one who came first counts."))
        if row.reward != reward:
            row.reward = reward
            row.save(update_fields=["reward"])
            note(row, "referral_rewarded", by=by, now=now)
    return row


def _locked(referral: Referral) -> Referral:
    row: Referral = Referral.objects.with_people().select_for_update(of=("self",)).get(pk=referral.pk)
    return row


def _check_amount(amount_e4: int | None, currency: str) -> None:
    if amount_e4 is None and currency:
        raise Incomplete("amount", _("An amount belongs to the currency; or leave both out."))
    if amount_e4 is not None and not CURRENCY.match(currency):
        raise Incomplete("currency", _("A currency has three letters, such as EUR."))
    if amount_e4 is not None and not 0 <= amount_e4 <= MOST:
        raise Incomplete("amount", _("An amount is not negative, and not larger than can be kept."))


def _thank(row: Referral, *, by: User, now: datetime, simulated: bool) -> None:
    """The advocate hears that it helped; not who it was, who asked us and not them."""
    advocate = row.advocate
    if advocate is None or advocate.contact.why_not_asked:
        return
    contact, terms = advocate.contact, AskTerms.of(row.organisation)
    recipient = contact.recipient
    assert recipient is not None, "asked a line above"
    with translation.override(recipient.language or row.organisation.language):
        thanks = _("Somebody wrote to us by the address you passed on, and we are talking. Thank you.")
        reward = _("As we said: %(reward)s") % {"reward": terms.reward_advocate}
        what = _("passing our address on")
    letters.post(
        Delivery.Purpose.THANKS,
        key=f"referral-{row.pk}",
        to=contact,
        template="advocacy/thanks",
        context={"thanks": thanks, "what": what, "reward": reward if terms.reward_advocate else ""},
        now=now,
        by=by,
        simulated=simulated,
    )
