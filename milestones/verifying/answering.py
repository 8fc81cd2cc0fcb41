"""The customer's own answer, on their own link: confirm, contest, undo. Members have no way in here."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from milestones import announcing
from milestones.judging import judge
from milestones.models import Ask, Enrolment, Verdict
from milestones.verifying import letters
from milestones.verifying.faults import AlreadyAnswered, NothingToAnswer, TooLate, WordsMissing
from milestones.verifying.noting import note
from milestones.verifying.settling import answers, hold, newest_of, settle
from milestones.verifying.visiting import may_answer, visitor
from post.models import Link

Kind = Verdict.Kind


def confirm(*, ask: Ask, link: Link, now: datetime, ip: str | None = None, words: str = "") -> Verdict:
    """Yes, it is so. The same answer sent twice is one answer. Raises AlreadyAnswered, NothingToAnswer."""
    with transaction.atomic():
        verdict, is_new = _answer(Kind.CONFIRMED, ask=ask, link=link, words=words, now=now, ip=ip)
        if is_new:
            _follow(
                verdict, "outcome_confirmed", now=now, contact_id=verdict.contact_id, demo=verdict.is_demo
            )
    return verdict


def contest(
    *, ask: Ask, link: Link, words: str, now: datetime, ip: str | None = None, simulated: bool = False
) -> Verdict:
    """Not yet, and why. Opens the milestone again, stops its celebration if it has not left, tells the CSM.

    Raises WordsMissing, AlreadyAnswered, NothingToAnswer.
    """
    if not words.strip():
        raise WordsMissing(_("Please say in a sentence what is not so yet. Then we know what to do."))
    with transaction.atomic():
        verdict, is_new = _answer(Kind.CONTESTED, ask=ask, link=link, words=words, now=now, ip=ip)
        if is_new:
            _follow(verdict, "outcome_contested", now=now, contact_id=verdict.contact_id)
            letters.post_contest(verdict, ask=ask, now=now, simulated=simulated)
    return verdict


def undo(*, verdict: Verdict, now: datetime) -> Verdict:
    """Take an answer back within 24 hours: everything is as it was before it, and the question waits again.

    Raises TooLate; AlreadyAnswered when a newer answer of the same person stands.
    """
    with transaction.atomic():
        enrolment = hold(verdict.enrolment)
        row = Verdict.objects.select_related("ask", "contact").get(pk=verdict.pk)
        if row.withdrawn_at is not None:
            return row
        if not row.can_be_undone(now):
            raise TooLate(_("An answer can be taken back for 24 hours. Write to us if it is wrong."))
        newer = answers(enrolment, row.milestone_key).filter(contact_id=row.contact_id).last()
        if newer is not None and newer.pk != row.pk:
            raise AlreadyAnswered(newer, _("You have answered again since. That answer stands."))
        row.withdrawn_at = now
        row.save(update_fields=["withdrawn_at"])
        _reopen(row)
        letters.hold_back_about(row)
        _follow(row, "verdict_undone", now=now, kind=row.kind)
    return row


def _answer(
    kind: Kind, *, ask: Ask, link: Link, words: str, now: datetime, ip: str | None
) -> tuple[Verdict, bool]:
    _check_link(link, ask, now)
    enrolment = hold(ask.enrolment)
    ask = _open_question(Ask.objects.select_related("milestone", "contact", "enrolment").get(pk=ask.pk))
    if ask.closed_at is not None:
        return _answer_given(kind, ask), False
    verdict = Verdict.objects.create(
        organisation=enrolment.organisation,
        enrolment=enrolment,
        milestone_id=ask.milestone_id,
        milestone_key=ask.milestone.key,
        ask=ask,
        contact=ask.contact,
        kind=kind,
        words=words.strip(),
        at=now,
        from_ip=ip,
        opened_at=link.first_opened_at or now,
        is_demo=link.is_demo,
    )
    ask.closed_at = now
    ask.save(update_fields=["closed_at"])
    Link.objects.filter(pk=link.pk, first_opened_at=None).update(first_opened_at=now)
    return verdict, True


def _check_link(link: Link, ask: Ask, now: datetime) -> None:
    """Only the person asked answers, on a link that is still theirs."""
    contact = visitor(link, now=now)
    if contact is None or contact.pk != ask.contact_id:
        raise NothingToAnswer(_("This link does not work any more. Ask for a new one."))
    if not may_answer(link, ask):
        raise NothingToAnswer(
            _("This link only shows. Have the link to answer sent to you, and answer there.")
        )


def _open_question(ask: Ask) -> Ask:
    """The question to answer: this one, or the newer one that took its place before it was answered."""
    if ask.closed_at is None or ask.verdicts.filter(withdrawn_at=None).exists():
        return ask
    same = {"enrolment": ask.enrolment, "milestone__key": ask.milestone.key, "contact": ask.contact_id}
    newer = Ask.objects.filter(**same, closed_at=None).select_related("milestone", "contact", "enrolment")
    return newer.first() or ask


def _answer_given(kind: Kind, ask: Ask) -> Verdict:
    """The answer that stands, if it is the one given again; otherwise a clear word."""
    standing = newest_of(ask)
    if standing is None:
        raise NothingToAnswer(_("This question was taken back. There is nothing to answer."))
    if standing.kind != kind:
        raise AlreadyAnswered(
            standing, _("You have answered this already. Take that answer back first, then answer anew.")
        )
    return standing


def _reopen(verdict: Verdict) -> None:
    ask = verdict.ask
    if ask is None:
        return
    same = Ask.objects.filter(enrolment=ask.enrolment_id, milestone=ask.milestone_id, contact=ask.contact_id)
    if not same.filter(closed_at=None).exists():
        ask.closed_at = None
        ask.save(update_fields=["closed_at"])


def _follow(verdict: Verdict, verb: str, *, now: datetime, **data: Any) -> None:
    """What every change of an answer brings: contests settled anew, the milestone judged, the log written."""
    enrolment: Enrolment = verdict.enrolment
    settle(enrolment, verdict.milestone_key)
    note(verdict, verb, by=None, now=now, **data)
    announcing.answered(verdict, verb, now=now)
    judge(
        organisation=enrolment.organisation,
        customer_ids=[enrolment.customer_id],
        now=now,
        why_gone="answer taken back" if verb == "verdict_undone" else "evidence gone",
    )
