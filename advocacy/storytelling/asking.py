"""What one person at the customer is asked: questions whose answers go into the draft, or for consent."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from advocacy.ledger import refusal_of_more, standings
from advocacy.models import AskTerms, Story, StoryAsk, StoryEdition
from advocacy.storytelling import letters
from advocacy.storytelling.contents import content_of, digest_of
from advocacy.storytelling.faults import Incomplete, NotPossible
from advocacy.storytelling.noting import holding, log
from customers.models import Contact
from organisations.models import User
from post.models import Delivery

SAME_CLICK = timedelta(minutes=1)  # asking the same person again this soon is a form sent twice
MOST_QUESTIONS, LONGEST = 8, 300
Kind = StoryAsk.Kind


def usual_questions() -> list[str]:
    """What a good story answers, asked of whoever lived it."""
    return [
        _("How did a normal week look before?"),
        _("What made you decide to change it?"),
        _("What was the hardest part, and what helped?"),
        _("What can you do now that you could not do then?"),
        _("What would you tell somebody who begins today?"),
    ]


def interview(
    *, story: Story, contact: Contact, questions: Sequence[str], by: User, now: datetime,
    simulated: bool = False,
) -> StoryAsk:  # fmt: skip
    """Ask by mail, on a link that is theirs alone. Raises Incomplete, NotPossible."""
    asked = [line.strip()[:LONGEST] for line in questions if line.strip()]
    if not asked:
        raise Incomplete("questions", _("Write at least one question, one on each line."))
    if len(asked) > MOST_QUESTIONS:
        raise Incomplete("questions", _("Ask at most 8 questions: more are not answered."))
    with holding(story) as row:
        _check(row, contact, now)
        return _ask(row, contact, Kind.INTERVIEW, by=by, now=now, questions=asked, simulated=simulated)


def review(*, story: Story, contact: Contact, by: User, now: datetime, simulated: bool = False) -> StoryAsk:
    """Ask one person whether this edition may be told, how and for how long. Raises NotPossible."""
    with holding(story) as row:
        _check(row, contact, now)
        if not (row.result.strip() and row.background.strip()):
            raise NotPossible(
                _("Write where they started and what is so now first: they agree to what they can read.")
            )
        keep_edition(row, by=by, now=now)
        ask = _ask(row, contact, Kind.REVIEW, by=by, now=now, simulated=simulated)
        if row.state == Story.State.DRAFT:
            row.state = Story.State.REVIEW
            row.save(update_fields=["state"])
    return ask


def keep_edition(story: Story, *, by: User | None, now: datetime) -> StoryEdition:
    """The story as it stands, kept so that it can be agreed to and shown."""
    content = content_of(story)
    kept, _made = StoryEdition.objects.get_or_create(
        story=story,
        number=story.edition,
        defaults={
            "organisation_id": story.organisation_id,
            "content": content,
            "digest": digest_of(content),
            "made_at": now,
            "made_by": by,
        },
    )
    return kept


def send_link(*, ask: StoryAsk, now: datetime) -> Delivery | None:
    """The link again, to the person asked alone. None when they have no address."""
    return None if ask.contact.why_not_asked else letters.post_link(ask, now=now)


def _ask(
    story: Story, contact: Contact, kind: str, *, by: User, now: datetime,
    questions: Sequence[str] = (), simulated: bool = False,
) -> StoryAsk:  # fmt: skip
    """Asking again replaces the open question."""
    before = StoryAsk.objects.filter(story=story, contact=contact, kind=kind, closed_at=None).first()
    if before is not None and now - before.asked_at < SAME_CLICK:
        return before
    if before is not None:
        before.closed_at = now
        before.save(update_fields=["closed_at"])
        letters.hold_back(before, why=_("asked again"))
    made = StoryAsk.objects.create(
        organisation_id=story.organisation_id,
        story=story,
        contact=contact,
        kind=kind,
        edition=story.edition,
        questions=list(questions),
        asked_at=now,
        asked_by=by,
    )
    letters.post_question(made, now=now, simulated=simulated)
    verb = "story_review_asked" if kind == Kind.REVIEW else "story_interview_asked"
    log(story, verb, by=by, now=now, contact_id=contact.pk, edition=story.edition)
    return made


def _check(story: Story, contact: Contact, now: datetime) -> None:
    if contact.customer_id != story.customer_id:
        raise NotPossible(_("Ask a person at this customer."))
    if contact.why_not_asked:
        raise NotPossible(contact.why_not_asked)
    if story.state == Story.State.DOWN:
        raise NotPossible(_("This story was taken down. Write it anew first."))
    if not StoryAsk.objects.filter(story=story, contact=contact).exists():
        one = standings([contact], now=now)[contact.pk]
        if why := refusal_of_more(one, AskTerms.of(contact.customer.organisation), now=now):
            raise NotPossible(why.words)
