"""Log a call that was held, with everything that follows from it, and correct it later."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.db import transaction

from coaching import challenging, recapping, sharing
from coaching.alone import alone_with
from coaching.models import Call, CallAttendee
from coaching.scheduling.commitments import NewCommitment, commit, settle_earlier
from coaching.scheduling.drafts import drop_draft
from coaching.scheduling.touchpoints import Terms, hold, plan_next
from customers.models import Contact, Customer
from milestones.models import Enrolment
from organisations.models import Organisation, User
from post.webhooks import Fact, tell
from post.webhooks.telling import moment


class Said(TypedDict, total=False):
    """What was said. All but the notes are the customer's words; the notes are the coach's own."""

    goal: str
    reality: str
    options: str
    words: str
    notes: str
    importance: int | None
    confidence: int | None
    minutes: int | None


NOTHING_SAID = Said(
    goal="", reality="", options="", words="", notes="", importance=None, confidence=None, minutes=None
)


@dataclass(frozen=True)
class Then:
    """What follows from a call for the customer: what they are sent, and a first draft of its recap."""

    share: sharing.Share = sharing.NOTHING
    begins_recap: bool = False


NOTHING_THEN = Then()


class CallInFuture(ValueError):
    """A call is logged after it was held."""


class NotAtCustomer(ValueError):
    """A contact or an enrolment of another customer was named."""


class AlreadyLogged(Exception):
    """This form was saved before, and says something else now. Nothing was stored."""

    def __init__(self, call: Call) -> None:
        super().__init__("this form was saved before")
        self.call = call


class CallChanged(Exception):
    """Somebody saved the call since the form was opened. Nothing was stored."""

    def __init__(self, call: Call) -> None:
        super().__init__("the call was saved by somebody else meanwhile")
        self.call = call


def log_call(
    *,
    organisation: Organisation,
    customer: Customer,
    by: User,
    held_at: datetime,
    now: datetime,
    contacts: Collection[Contact] = (),
    commitments: Sequence[NewCommitment] = (),
    settled: Mapping[int, str] | None = None,
    next_call_at: datetime | None = None,
    terms: Terms | None = None,
    enrolment: Enrolment | None = None,
    token: UUID | None = None,
    method: challenging.Method = challenging.NO_METHOD,
    then: Then = NOTHING_THEN,
    **said: Unpack[Said],
) -> Call:
    """Store a call, settle earlier commitments, note new ones, plan the next on `terms`, drop the draft.

    `settled` says how earlier commitments ended, by their id; "open" leaves one as it is. The same `token`
    again returns the call it made, or raises AlreadyLogged when the form says something else by now. Raises
    CallInFuture, CallInPast (the next call), NotAtCustomer, CannotInvite, NotPossible of two rooms.
    """
    _check(customer, held_at, now, contacts, commitments, enrolment)
    said = NOTHING_SAID | said
    with transaction.atomic():
        alone_with(customer)
        if token and (before := Call.objects.filter(form_token=token).first()):
            return _same_or_refuse(before, said, held_at, commitments)
        call = Call(organisation=organisation, customer=customer, by=by, enrolment=enrolment, **said)
        call.held_at, call.saved_at, call.form_token, call.guide = held_at, now, token, method.guide
        _store(call, contacts)
        challenging.follow(call=call, method=method, now=now)
        settle_earlier(customer=customer, settled=settled or {}, by=by, now=now)
        commit(call=call, commitments=commitments, by=by, now=now)
        hold(call=call, now=now)
        plan_next(call=call, due_at=next_call_at, terms=terms, now=now)
        _go_on(call, then, next_call_at, now=now)
    return call


def _go_on(call: Call, then: Then, next_call_at: datetime | None, *, now: datetime) -> None:
    """What goes out because of it, or will; its draft is done with."""
    drop_draft(customer=call.customer, by=call.by)
    sharing.send_along(call=call, share=then.share, now=now)
    if then.begins_recap:
        recapping.begin(call=call, by=call.by, now=now)
    _announce(call, next_call_at, now=now)


def _store(call: Call, contacts: Collection[Contact]) -> None:
    call.save()
    call.organisation.log(
        "call_logged",
        by=call.by,
        now=call.saved_at,
        at=call.held_at,
        subject=call,
        customer_id=call.customer_id,
    )
    _attend(call, contacts)


def _announce(call: Call, next_call_at: datetime | None, *, now: datetime) -> None:
    """Other systems hear that and when there was a call; not what was said, nor by whom."""
    data = {
        "call_id": call.pk,
        "customer": {"id": call.customer_id, "key": call.customer.key},
        "enrolment_id": call.enrolment_id,
        "held_at": moment(call.held_at),
        "next_call_at": moment(next_call_at) if next_call_at else None,
    }
    fact = Fact(call.pk, call.held_at, data, call.customer_id)
    tell(organisation=call.organisation, kind="call.logged", facts=lambda: [fact], now=now)


def edit_call(
    *,
    call: Call,
    version: datetime,
    by: User,
    held_at: datetime,
    now: datetime,
    contacts: Collection[Contact],
    commitments: Sequence[NewCommitment] = (),
    **said: Unpack[Said],
) -> Call:
    """Correct a call, and add commitments to it. `version` is the `saved_at` the form was opened with.

    Raises CallChanged when that is no longer the newest, CallInFuture, NotAtCustomer.
    """
    _check(call.customer, held_at, now, contacts, commitments, None)
    fields: dict[str, Any] = {"held_at": held_at, **said}
    with transaction.atomic():
        alone_with(call.customer)
        call = Call.objects.select_related("customer", "organisation").get(pk=call.pk)
        if call.saved_at != version:
            raise CallChanged(call)
        changed = [name for name, value in fields.items() if getattr(call, name) != value]
        for name in changed:
            setattr(call, name, fields[name])
        call.saved_at = now
        call.save(update_fields=[*changed, "saved_at"])
        call.attendees.all().delete()
        _attend(call, contacts)
        commit(call=call, commitments=commitments, by=by, now=now)
        call.organisation.log(
            "call_edited", by=by, now=now, subject=call, customer_id=call.customer_id, fields=changed
        )
    return call


def _check(
    customer: Customer,
    held_at: datetime,
    now: datetime,
    contacts: Collection[Contact],
    commitments: Sequence[NewCommitment],
    enrolment: Enrolment | None,
) -> None:
    if held_at > now:
        raise CallInFuture
    owners = [new.owner for new in commitments if isinstance(new.owner, Contact)]
    there = {row.customer_id for row in (*contacts, *owners)}
    if enrolment:
        there.add(enrolment.customer_id)
    if there - {customer.pk}:
        raise NotAtCustomer


def _same_or_refuse(call: Call, said: Said, held_at: datetime, commitments: Sequence[NewCommitment]) -> Call:
    """A form sent twice is one call; a form changed in another tab since must not be lost in silence."""
    is_same = call.held_at == held_at and all(getattr(call, name) == value for name, value in said.items())
    agreed = {(c.when, c.will, c.due_on) for c in call.commitments.all()}
    if not is_same or not agreed.issuperset((new.when, new.will, new.due_on) for new in commitments):
        raise AlreadyLogged(call)
    return call


def _attend(call: Call, contacts: Collection[Contact]) -> None:
    CallAttendee.objects.bulk_create(
        CallAttendee(organisation_id=call.organisation_id, call=call, contact=contact) for contact in contacts
    )
