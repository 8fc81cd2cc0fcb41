"""The mails of verifying, put in the post within the caller's transaction, held back when out of date.

Links stand in them as placeholders: the token is made when the mail leaves, so nobody here ever sees it.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Contact, Customer
from milestones.evidence import evidence_of
from milestones.models import Ask, Enrolment, Verdict
from milestones.verifying.settling import answers
from milestones.verifying.visiting import OWN, PAGE, addressee, question
from organisations.models import User
from post import posting
from post.composing import UNSUBSCRIBE
from post.linking import LinkSpec
from post.models import Delivery, Link, Recipient
from post.recalling import recall
from ui.mail import RenderedMail, render_mail

LINK_DAYS = 30
OWN_DAYS = 1
ASK_LINK, PAGE_LINK, OWN_LINK = "[confirm link]", "[customer page]", "[own link]"
Purpose = Delivery.Purpose


def post_question(ask: Ask, *, now: datetime, simulated: bool = False) -> Delivery:
    """The question, with its evidence. After a contest it tells of that too, and of the answer."""
    contest = open_contest(ask.enrolment, ask.milestone.key)
    context = {
        "ask": ask,
        "contact": ask.contact,
        "milestone": ask.milestone,
        "csm": csm_of(ask.enrolment, ask.asked_by),
        **evidence_of(ask.enrolment, ask.milestone, now=now),
        **_about_contest(contest, ask.contact),
        "days": LINK_DAYS,
        "link": ASK_LINK,
    }
    return _post(
        Purpose.CONFIRMATION,
        key=f"ask-{ask.pk}",
        to=ask.contact,
        template="milestones/question",
        context=context,
        now=now,
        signed_by=context["csm"],
        customer=ask.enrolment.customer,
        links=[LinkSpec(ASK_LINK, "confirm", ask.pk, LINK_DAYS)],
        simulated=simulated,
    )


def post_answer(verdict: Verdict, *, contact: Contact, now: datetime, simulated: bool = False) -> Delivery:
    """A member's answer to a contest, without a new question."""
    return _post(
        Purpose.RECEIPT,
        key=f"answer-{verdict.pk}-{now:%Y%m%d%H%M}-{_mark(verdict.answer)}",
        to=contact,
        template="milestones/answer",
        context={
            **_about_contest(verdict, contact),
            "contact": contact,
            "milestone": verdict.milestone,
            "link": PAGE_LINK,
        },
        now=now,
        signed_by=verdict.answered_by,
        customer=verdict.enrolment.customer,
        links=[LinkSpec(PAGE_LINK, "customer", contact.pk, LINK_DAYS)],
        simulated=simulated,
    )


def _mark(text: str) -> str:
    """Tells one text from another in a key: the same answer sent twice in a minute is one mail."""
    return sha256(text.encode()).hexdigest()[:16]


def post_copy(verdict: Verdict, *, now: datetime) -> Delivery | None:
    """A copy of an answer for whoever gave it; none when they can no longer be written to."""
    contact = verdict.contact
    if contact is None or not contact.address:
        return None
    return _post(
        Purpose.RECEIPT,
        key=f"verdict-{verdict.pk}",
        to=contact,
        template="milestones/copy",
        context={"verdict": verdict, "contact": contact, "milestone": verdict.milestone, "link": PAGE_LINK},
        now=now,
        signed_by=csm_of(verdict.enrolment, verdict.ask.asked_by if verdict.ask else None),
        customer=verdict.enrolment.customer,
        links=[
            LinkSpec(PAGE_LINK, "confirm", verdict.ask.pk, LINK_DAYS)
            if verdict.ask
            else LinkSpec(PAGE_LINK, "customer", contact.pk, LINK_DAYS)
        ],
    )


def post_contest(verdict: Verdict, *, ask: Ask, now: datetime, simulated: bool = False) -> Delivery | None:
    """Tell the CSM that a customer contested; nobody when the customer has no CSM and nobody asked."""
    csm = csm_of(verdict.enrolment, ask.asked_by)
    if csm is None:
        return None
    organisation = verdict.enrolment.organisation
    page = reverse("milestones:contest", args=[organisation.slug, verdict.pk])
    recipient = posting.recipient_for(organisation=organisation, address=csm.email)
    context = {
        "verdict": verdict,
        "milestone": verdict.milestone,
        "customer": verdict.enrolment.customer,
        "csm": csm,
        "page": f"{settings.BOSAI_URL}{page}",
    }
    return posting.post(
        organisation=organisation,
        purpose=Purpose.CONTEST,
        subject_key=f"verdict-{verdict.pk}",
        recipient=recipient,
        mail=rendered("milestones/contest", context, recipient=recipient, now=now),
        now=now,
        customer_id=verdict.enrolment.customer_id,
        simulated=simulated,
    )


def post_new_link(link: Link, *, now: datetime) -> Delivery | None:
    """A new link like one that ran out, to the address it was made for, at most once a day."""
    contact = addressee(link)
    if contact is None or link.is_demo:
        return None
    ask = question(link)
    enrolment = ask.enrolment if ask else None
    return _post(
        Purpose.LINK,
        key=f"link-{link.pk}-{now:%Y%m%d}",
        to=contact,
        template="milestones/new_link",
        context={
            "contact": contact,
            "milestone": ask.milestone if ask else None,
            "days": LINK_DAYS,
            "link": PAGE_LINK,
        },
        now=now,
        signed_by=csm_of(enrolment) if enrolment else contact.customer.owner,
        customer=contact.customer,
        links=[
            LinkSpec(PAGE_LINK, PAGE if link.purpose == OWN else link.purpose, link.subject_id, LINK_DAYS)
        ],
    )


def post_own_link(contact: Contact, *, now: datetime) -> Delivery:
    """The link that acts on their whole page, for a day, to the person alone; six an hour at most."""
    return _post(
        Purpose.LINK,
        key=f"own-{contact.pk}-{now:%Y%m%d%H}{now.minute // 10}",
        to=contact,
        template="milestones/own_link",
        context={"contact": contact, "link": OWN_LINK},
        now=now,
        signed_by=contact.customer.owner,
        customer=contact.customer,
        links=[LinkSpec(OWN_LINK, OWN, contact.pk, OWN_DAYS)],
    )


def post_link_to_answer(ask: Ask, *, now: datetime) -> Delivery:
    """The link that answers this question, to the person asked, at most once a day."""
    return _post(
        Purpose.LINK,
        key=f"ask-{ask.pk}-{now:%Y%m%d}",
        to=ask.contact,
        template="milestones/new_link",
        context={"contact": ask.contact, "milestone": ask.milestone, "days": LINK_DAYS, "link": PAGE_LINK},
        now=now,
        signed_by=csm_of(ask.enrolment, ask.asked_by),
        customer=ask.contact.customer,
        links=[LinkSpec(PAGE_LINK, "confirm", ask.pk, LINK_DAYS)],
    )


def hold_back_question(ask: Ask, *, why: str) -> None:
    recall(purpose=Purpose.CONFIRMATION, subject_keys=[f"ask-{ask.pk}"], why=why)


def hold_back_about(verdict: Verdict) -> None:
    """An undone answer needs no copy, and no CSM has to be told of it."""
    for purpose in (Purpose.RECEIPT, Purpose.CONTEST):
        recall(purpose=purpose, subject_keys=[f"verdict-{verdict.pk}"], why=_("the answer was taken back"))


def csm_of(enrolment: Enrolment, otherwise: User | None = None) -> User | None:
    """Who speaks for us to this customer."""
    return enrolment.customer.owner or otherwise or enrolment.enrolled_by


def _about_contest(contest: Verdict | None, reader: Contact) -> dict[str, Any]:
    """A contest, for a mail: its words go to whoever wrote them; colleagues learn that there is one."""
    return {"contest": contest, "is_theirs": contest is not None and contest.contact_id == reader.pk}


def open_contest(enrolment: Enrolment, key: str) -> Verdict | None:
    return answers(enrolment, key).open_contests().select_related("answered_by").last()


def rendered(template: str, context: dict[str, Any], *, recipient: Recipient, now: datetime) -> RenderedMail:
    """The mail as this reader gets it: their language, their zone."""
    organisation = recipient.organisation
    given = {
        "organisation": organisation,
        "recipient": recipient,
        "now": now,
        "unsubscribe_url": UNSUBSCRIBE,
        **context,
    }
    with timezone.override(recipient.tzinfo()):
        return render_mail(template, given, recipient.language or organisation.language)


def _post(
    purpose: Purpose,
    *,
    key: str,
    to: Contact,
    template: str,
    context: dict[str, Any],
    now: datetime,
    signed_by: User | None,
    customer: Customer,
    links: Sequence[LinkSpec],
    simulated: bool = False,
) -> Delivery:
    organisation, recipient = customer.organisation, to.recipient
    assert recipient is not None, "checked by the caller"
    recipient.organisation = organisation
    return posting.post(
        organisation=organisation,
        purpose=purpose,
        subject_key=key,
        recipient=recipient,
        mail=rendered(
            template,
            {"customer": customer, "csm": signed_by, **context},
            recipient=recipient,
            now=now,
        ),
        now=now,
        from_name=signed_by.name if signed_by else "",
        reply_to=signed_by.email if signed_by else "",
        customer_id=customer.pk,
        links=links,
        simulated=simulated,
    )
