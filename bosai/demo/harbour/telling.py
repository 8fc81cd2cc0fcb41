"""What came of celebrations: answers and a card passed on; a story published, one with the customer, one
begun, and one whose customer took it back while it still stands on a slide.
"""

from datetime import datetime, timedelta

from advocacy import replying, storytelling
from advocacy.models import CelebrationGuest, Story, StoryAsk
from advocacy.storytelling import Terms, Way
from bosai.demo.harbour.stage import Stage
from customers.models import Contact
from milestones.models import Achievement
from post import linking
from post.models import Link

THANKS = (
    "I showed it to the board this morning. Nobody asked where the number came from.",
    "",
    "The depot in Antwerp wants the same now.",
)
QUOTE = "We used to argue about whose number was right. Now we argue about what to do."
LEARNING = "Begin with one question that somebody asks every week, and answer only that."
TERMS = Terms(True, True, True, False, ("page", "sales", "events"), None)


def tell(stage: Stage) -> None:
    _answer_celebrations(stage)
    told = list(_reached(stage))
    for achievement, go_on in zip(told, (_published, _taken_back, _in_review, _begun), strict=False):
        go_on(stage, achievement, stage.calendar.ago(24, 10))


def _answer_celebrations(stage: Stage) -> None:
    """The newest three that went out: two answered in words, one with a tap; one card passed on."""
    seats = CelebrationGuest.objects.filter(celebration__state="simulated", contact__left_on=None)
    newest = seats.select_related("contact__recipient", "celebration").order_by(
        "-celebration__posted_at", "-id"
    )
    for number, seat in enumerate([row for row in newest[:8] if row.contact.recipient][:3]):
        at = min(seat.celebration.posted_at + timedelta(hours=5 + number), stage.calendar.now)
        link = _link(stage, "reply", seat.pk, seat.contact, at)
        given = {"seat": seat, "link": link, "now": at}
        row = replying.reply(words=THANKS[number], may_tell=number == 0, **given)
        if number == 0:
            replying.share(**given)
        if number == 2:
            replying.see(row=row, by=stage.people["mara"], now=at)


def _reached(stage: Stage) -> list[Achievement]:
    """One of each of four customers: what they confirmed themselves and was measured, the latest."""
    rows = Achievement.objects.standing().filter(
        verified_at__isnull=False, achieved_at__lt=stage.calendar.ago(30, 9), enrolment__ended_at=None
    )
    chosen: dict[int, Achievement] = {}
    for row in rows.select_related("organisation", "enrolment", "milestone").order_by("-days", "-id"):
        if len(chosen) < 4 and row.enrolment.customer_id not in chosen and _speaker(row):
            chosen[row.enrolment.customer_id] = row
    return list(chosen.values())


def _speaker(achievement: Achievement) -> Contact | None:
    people = Contact.objects.current().filter(customer=achievement.enrolment.customer_id)
    found: Contact | None = (
        people.exclude(recipient=None)
        .select_related("recipient", "customer__organisation", "customer__owner")
        .order_by("-is_primary", "id")
        .first()
    )
    return found


def _begun(stage: Stage, achievement: Achievement, now: datetime) -> Story:
    return storytelling.draft(achievement=achievement, by=stage.people["mara"], now=now)


def _in_review(stage: Stage, achievement: Achievement, now: datetime) -> StoryAsk:
    mara, contact = stage.people["mara"], _speaker(achievement)
    assert contact is not None, "chosen with somebody"
    values = {
        "title": f"{achievement.milestone.name}, after {achievement.days} days",
        "quote": QUOTE,
        "quote_by": contact,
        "quote_from": "In a call",
        "learning": LEARNING,
    }
    story = storytelling.edit(story=_begun(stage, achievement, now), values=values, by=mara, now=now)
    return storytelling.review(story=story, contact=contact, by=mara, now=now, simulated=True)


def _published(stage: Stage, achievement: Achievement, now: datetime) -> StoryAsk:
    mara, ask = stage.people["mara"], _in_review(stage, achievement, now)
    at = now + timedelta(days=2)
    way = Way(_link(stage, "story", ask.pk, ask.contact, at))
    storytelling.agree(ask=ask, edition=ask.edition, terms=TERMS, way=way, now=at, simulated=True)
    storytelling.publish(story=ask.story, by=mara, now=at + timedelta(hours=3))
    storytelling.note_use(
        story=ask.story,
        channel="sales",
        place="Slides for first talks, page 4",
        used_on=(at + timedelta(days=1)).date(),
        by=mara,
        now=at + timedelta(days=1),
    )
    return ask


def _taken_back(stage: Stage, achievement: Achievement, now: datetime) -> None:
    ask, at = _published(stage, achievement, now - timedelta(days=3)), now + timedelta(days=12)
    way = Way(_link(stage, "story", ask.pk, ask.contact, at))
    storytelling.withdraw(ask=ask, way=way, words="We are being bought and say nothing in public.", now=at)


def _link(stage: Stage, purpose: str, subject_id: int, contact: Contact, now: datetime) -> Link:
    """As the mail would have brought it."""
    token = linking.make(
        organisation=stage.organisation,
        purpose=purpose,
        subject_id=subject_id,
        address=contact.address,
        now=now,
        days=400,
    )
    found = linking.find(token)
    assert found is not None, "made a moment ago"
    return found[1]
