"""Messages that are due go into the post, once each for ever; what has been overtaken is taken back.

The row of what was written and its mail are stored together, so a crash repeats and forgets nothing. When a
mail leaves, the recipient's working hours, quiet hours and budget are asked (`post.wishes`); until then it
may be overtaken: who has reached a milestone is not told any more how to, and who contested it not that it
is done.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import batched

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from milestones.messaging.gathering import Gathering, leave_out
from milestones.messaging.letters import Lacking, Letter, letters
from milestones.messaging.noting import note, subject_key
from milestones.messaging.planning import Due, Plan, begins, is_past_saying
from milestones.models import Achievement, Journey, MessageWritten, Occasion, Pause
from organisations.models import Organisation
from organisations.sweeping import in_each_organisation
from post import posting
from post.models import Delivery, Recipient
from post.recalling import recall
from ui.mail import RenderedMail

WRITTEN_AT_ONCE = 200
AT_ONCE = 25  # in one transaction: SQLite's other writers wait a quarter of a second, not more
AHEAD = (Occasion.EXPECTATION, Occasion.MOMENTUM, Occasion.STALL)
"""What speaks of a milestone as still to come."""
MESSAGE = Delivery.Purpose.MESSAGE


def write_all(*, now: datetime) -> int:
    """The same in every organisation. One that fails holds up no other."""
    return in_each_organisation(
        lambda organisation, at_most: write_due(organisation=organisation, now=now, at_most=at_most),
        part=WRITTEN_AT_ONCE,
        what="messages",
    )


def write_due(
    *, organisation: Organisation, now: datetime, simulated: bool = False, at_most: int = WRITTEN_AT_ONCE
) -> int:
    """One round; how many messages were put in the post. Simulated ones are kept for reading, never sent.

    It ends when `at_most` are written, by a few more at the most; who cannot be written to holds up nobody.
    Mails of a week are written when everything that may belong in them has been seen.
    """
    written = 0
    with translation.override(organisation.language), timezone.override(organisation.tzinfo):
        take_back_overtaken(organisation=organisation, now=now)
        gathering = Gathering(organisation, now=now)
        for journey in Journey.objects.exclude(messages_since=None).order_by("pk"):
            plan = Plan(
                journey, organisation=organisation, since=begins(journey, now=now), until=now, now=now
            )
            for dues in batched(plan, AT_ONCE):
                if written >= at_most:
                    return written
                written += _write(dues, gathering, simulated=simulated)
        return written + gathering.write(simulated=simulated)


def take_back_overtaken(*, organisation: Organisation, now: datetime) -> None:
    """Stop what waits and is true no more: reached by now, no longer reached, no longer on the way, at rest.

    The day is the one of the zone that is active.
    """
    waiting = MessageWritten.objects.filter(delivery__state=Delivery.State.PENDING)
    reached = Q(occasion__in=AHEAD) & (
        Q(enrolment__current=None) | ~Q(enrolment__current__key=F("milestone_key"))
    )
    stands = Achievement.objects.standing().filter(
        enrolment=OuterRef("enrolment"), milestone_key=OuterRef("milestone_key")
    )
    open_again = Q(occasion=Occasion.HANDOVER) & ~Exists(stands)
    gone = Q(enrolment__ended_at__isnull=False) | Q(enrolment__customer__left_on__isnull=False)
    gone |= Q(enrolment__customer__archived_at__isnull=False)
    pauses = Pause.objects.covering(timezone.localdate(now)).filter(enrolment=OuterRef("enrolment"))
    for found, why in (
        (gone, _("they are no longer on this journey")),
        (reached, _("reached meanwhile")),
        (open_again, _("no longer reached")),
        (Q(Exists(pauses)), _("their journey is paused")),
    ):
        take_back(waiting.filter(found), why=why, organisation=organisation, now=now)


def take_back(
    waiting: QuerySet[MessageWritten], *, why: str, organisation: Organisation, now: datetime
) -> None:
    """Of messages whose mails wait: the single ones do not go, those of a week go without these."""
    rows = list(waiting.select_related("delivery"))
    single = [row for row in rows if row.delivery and row.delivery.purpose == MESSAGE]
    if single:
        keys = [subject_key(row.occasion, row.enrolment_id, row.milestone_key) for row in single]
        recall(purpose=MESSAGE, subject_keys=keys, why=why)
    leave_out([row for row in rows if row not in single], why=why, organisation=organisation, now=now)


def _write(dues: Sequence[Due], gathering: Gathering, *, simulated: bool) -> int:
    """A few of them, whole or not at all. Those that cannot be drawn yet are tried again next round."""
    organisation, now = gathering.organisation, gathering.now
    drawn = []
    for due, letter in letters(dues, organisation=organisation).items():
        recipient = letter.contact.recipient if letter else None
        if letter is None or recipient is None or is_past_saying(due.at, recipient, now=now):
            continue
        if recipient.wish == Recipient.Wish.WEEKLY:
            gathering.take(letter, due_at=due.at)
        elif mail := _drawn(letter, now):
            drawn.append((letter, mail))
    try:
        with transaction.atomic():
            note([(one, _post(one, mail, now=now, simulated=simulated)) for one, mail in drawn], now=now)
    except IntegrityError:
        return 0  # another process wrote one of them a moment ago; the next round sees which
    return len(drawn)


def _drawn(letter: Letter, now: datetime) -> RenderedMail | None:
    try:
        return letter.render(now=now)
    except Lacking:
        return None  # the journey's page of messages says whom it concerns


def _post(letter: Letter, mail: RenderedMail, *, now: datetime, simulated: bool) -> Delivery:
    occasion, enrolment, key = letter.wording.occasion, letter.enrolment, letter.milestone.key
    recipient, csm = letter.contact.recipient, letter.csm
    assert recipient is not None, "whoever is chosen has an address"
    return posting.post(
        organisation=letter.organisation,
        purpose=MESSAGE,
        subject_key=subject_key(occasion, enrolment.pk, key),
        recipient=recipient,
        mail=mail,
        now=now,
        from_name=csm.name if csm else "",
        reply_to=csm.email if csm else "",
        customer_id=enrolment.customer_id,
        links=[*letter.links(), *letter.asking(now=now)],
        simulated=simulated,
    )
