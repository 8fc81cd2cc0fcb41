"""A member says a milestone is reached, shows why, and the customer is asked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from customers.models import Contact
from milestones.judging import judge
from milestones.models import Ask, Claim, Criterion, Enrolment, Milestone
from milestones.verifying import asking, letters
from milestones.verifying.faults import ClaimIncomplete, NotPossible
from milestones.verifying.noting import note
from milestones.verifying.settling import hold
from organisations.models import User


def claim(
    *,
    enrolment: Enrolment,
    milestone: Milestone,
    statement: str,
    reached_at: datetime,
    by: User | None,
    now: datetime,
    number: float | None = None,
    words: str = "",
    link: str = "",
    named_contact: Contact | None = None,
    asked: Sequence[Contact] | None = None,
    simulated: bool = False,
) -> Claim:
    """Claim a milestone with one specific fact and evidence: a number, a sentence of theirs, or a link.

    Asks the people in `asked`; by default the named contact, else the primary one, if they have an address.
    The same claim sent twice is one claim. Raises ClaimIncomplete, CannotBeAsked, NotPossible.
    """
    given = {
        "statement": statement.strip(),
        "reached_at": reached_at,
        "evidence_number": number,
        "evidence_words": words.strip(),
        "evidence_link": link.strip(),
        "named_contact": named_contact,
    }
    _check(given, now)
    with transaction.atomic():
        enrolment = hold(enrolment)
        asking.check_milestone(enrolment, milestone)
        _check_against(enrolment, milestone, given)
        row, is_new = _store(enrolment, milestone, given, by=by, now=now)
        whom = _whom(enrolment, named_contact) if asked is None else asked
        for contact in whom if is_new else ():
            asking.ask(
                enrolment=enrolment, milestone=milestone, contact=contact, by=by, now=now, simulated=simulated
            )
    return row


def _store(
    enrolment: Enrolment, milestone: Milestone, given: dict[str, Any], *, by: User | None, now: datetime
) -> tuple[Claim, bool]:
    """The claim, logged and judged, and whether it is new: a form sent twice finds the first one."""
    about: dict[str, Any] = {"enrolment": enrolment, "milestone_key": milestone.key}
    same = Claim.objects.filter(**about, **given, withdrawn_at=None).first()
    if same is not None:
        return same, False
    organisation = enrolment.organisation
    common = {"organisation": organisation, "milestone": milestone, "claimed_at": now, "claimed_by": by}
    row = Claim.objects.create(**common, **about, **given)
    note(row, "milestone_claimed", by=by, now=now)
    judge(organisation=organisation, customer_ids=[enrolment.customer_id], now=now, by=by)
    return row, True


def withdraw_claim(*, claim: Claim, why: str, by: User | None, now: datetime) -> Claim:
    """Take a claim back. With the last one go the questions about it. Raises NotPossible without a reason."""
    if not why.strip():
        raise NotPossible(_("Say why the claim is taken back: the reason stays on the timeline."))
    with transaction.atomic():
        enrolment = hold(claim.enrolment)
        row = Claim.objects.select_related("milestone").get(pk=claim.pk)
        row.enrolment = enrolment
        if row.withdrawn_at is not None:
            return row
        row.withdrawn_at, row.withdrawn_why = now, why.strip()[:200]
        row.save(update_fields=["withdrawn_at", "withdrawn_why"])
        others = Claim.objects.filter(enrolment=enrolment, milestone_key=row.milestone_key, withdrawn_at=None)
        if not others.exists():
            _take_questions_back(enrolment, row.milestone_key, now)
        note(row, "claim_withdrawn", by=by, now=now)
        judge(
            organisation=enrolment.organisation,
            customer_ids=[enrolment.customer_id],
            now=now,
            by=by,
            why_gone="claim withdrawn",
        )
    return row


def _check(given: dict[str, Any], now: datetime) -> None:
    if not given["statement"]:
        raise ClaimIncomplete("statement", _("Say what is so now, as one specific fact."))
    if given["evidence_number"] is None and not given["evidence_words"] and not given["evidence_link"]:
        raise ClaimIncomplete(
            "number",
            _("A claim needs evidence: give a number, a sentence of theirs, or a link."),
        )
    if given["evidence_link"] and not str(given["evidence_link"]).startswith(("https://", "http://")):
        raise ClaimIncomplete("link", _("A link begins with https:// or http://."))
    reached_at = given["reached_at"]
    if not isinstance(reached_at, datetime) or reached_at > now:
        raise ClaimIncomplete("reached_on", _("This day has not come yet. Give the day it became so."))


def _check_against(enrolment: Enrolment, milestone: Milestone, given: dict[str, Any]) -> None:
    """It lies on this customer's way: not before its start, of a person there, shown as asked for."""
    start, reached_at, named = enrolment.started_at, given["reached_at"], given["named_contact"]
    if start is not None and enrolment.started_on is not None and reached_at < start:
        words = _("This lies before their journey began, on %(day)s. Give a later day, or correct the start.")
        raise ClaimIncomplete("reached_on", words % {"day": date_format(enrolment.started_on)})
    if named is not None and named.customer_id != enrolment.customer_id:
        raise ClaimIncomplete("named_contact", _("Name a person at this customer."))
    for way, missing in asked_of(milestone).items():
        if given[f"evidence_{way}"] in (None, ""):
            raise ClaimIncomplete(way, missing)


def asked_of(milestone: Milestone) -> dict[str, str]:
    """What kinds of evidence its criteria ask a claim to show, in words; none for any."""
    wanted = {
        "number": _("This milestone asks for a number as evidence."),
        "words": _("This milestone asks for a sentence of theirs as evidence."),
        "link": _("This milestone asks for a link as evidence."),
    }
    claims = milestone.criteria.filter(kind=Criterion.Kind.CLAIM).exclude(way="").order_by("position")
    return {way: wanted[way] for way in claims.values_list("way", flat=True)}


def _whom(enrolment: Enrolment, named: Contact | None) -> list[Contact]:
    """Who is asked unless somebody was chosen: nobody when that person cannot be reached."""
    people = Contact.objects.current().filter(customer=enrolment.customer_id).select_related("recipient")
    contact = people.filter(pk=named.pk).first() if named else people.filter(is_primary=True).first()
    return [contact] if contact and contact.address else []


def _take_questions_back(enrolment: Enrolment, key: str, now: datetime) -> None:
    for ask in Ask.objects.filter(enrolment=enrolment, milestone__key=key, closed_at=None):
        ask.closed_at = now
        ask.save(update_fields=["closed_at"])
        letters.hold_back_question(ask, why=_("the claim was taken back"))
