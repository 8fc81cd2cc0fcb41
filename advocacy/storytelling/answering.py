"""The customer's own word about a story, on their own link: answers, changes, a yes with its limits, and its
end. No member gives it for them. The same answer sent twice is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from advocacy.models import Channel, Story, StoryAsk, StoryConsent, StoryEdition
from advocacy.storytelling import letters
from advocacy.storytelling.ending import End, take_down
from advocacy.storytelling.faults import Incomplete, MovedOn, NothingToAnswer
from advocacy.storytelling.noting import holding, log
from customers.models import Contact
from post.models import Link

LONGEST = 4000


@dataclass(frozen=True)
class Terms:
    """What they allow."""

    names_company: bool
    names_person: bool
    shows_quote: bool
    shows_logo: bool
    channels: Sequence[str]
    until: date | None


@dataclass(frozen=True)
class Way:
    """How an answer came in."""

    link: Link
    ip: str | None = None


def may_answer(link: Link, ask: StoryAsk) -> bool:
    """Whether this link was made for that story and that person. In the demo, a marked one may too."""
    if link.is_demo:
        return True
    if link.purpose != letters.PURPOSE:
        return False
    return StoryAsk.objects.filter(pk=link.subject_id, story=ask.story_id, contact=ask.contact_id).exists()


def answer(*, ask: StoryAsk, answers: Sequence[str], way: Way, now: datetime) -> StoryAsk:
    """Answers to the questions, in their order; empty ones are left out by whoever does not want to say.

    Raises Incomplete (nothing said), NothingToAnswer.
    """
    said = [words.strip()[:LONGEST] for words in answers][: len(ask.questions)]
    if not any(said):
        raise Incomplete("answers", _("Answer at least one of the questions. The others may stay empty."))
    with holding(ask.story) as story:
        row = _open(ask, way)
        if row.answered_at is None:
            _close(row, way, now, answers=said)
            log(story, "story_interview_answered", by=None, now=now, **_who(row))
    return row


def want_changes(*, ask: StoryAsk, words: str, way: Way, now: datetime) -> StoryAsk:
    """Not like this, and why. Raises Incomplete, NothingToAnswer."""
    if not words.strip():
        raise Incomplete(
            "words", _("Say in a sentence what should be different. Then we know what to change.")
        )
    with holding(ask.story) as story:
        row = _open(ask, way)
        if row.answered_at is None:
            _close(row, way, now, words=words.strip()[:LONGEST])
            if story.state == Story.State.REVIEW:
                story.state = Story.State.DRAFT
                story.save(update_fields=["state"])
            log(story, "story_changes_wanted", by=None, now=now, **_who(row))
    return row


def agree(
    *, ask: StoryAsk, edition: int, terms: Terms, way: Way, now: datetime, simulated: bool = False
) -> StoryConsent:
    """Yes to the edition they read, within these limits. A yes given before is replaced by it.

    Raises Incomplete, MovedOn, NothingToAnswer.
    """
    channels = [each for each in Channel.values if each in terms.channels]
    if not channels:
        raise Incomplete(
            "channels", _("Tick at least one place where it may be told, or say what to change.")
        )
    with holding(ask.story) as story:
        row = _open(ask, way)
        given = StoryConsent.objects.filter(ask=row).order_by("-given_at").first()
        if row.answered_at is not None:
            if given is None:
                raise NothingToAnswer(_("You have asked for changes already. We come back to you."))
            return given
        if not edition == row.edition == story.edition:
            raise MovedOn(_("The story was changed while you read it. Here is how it stands now."))
        kept = StoryEdition.objects.get(story=story, number=edition)
        before = StoryConsent.objects.filter(story=story, ended_at=None).first()
        if before is not None:
            before.ended_at, before.ended_why = now, End.RENEWED
            before.save(update_fields=["ended_at", "ended_why"])
        consent = _keep(story, row, kept, terms, channels, way=way, now=now)
        if story.state in (Story.State.DRAFT, Story.State.REVIEW) or Channel.PAGE not in channels:
            story.state = Story.State.AGREED
            story.save(update_fields=["state"])
        _close(row, way, now)
        log(story, "story_consent_given", by=None, now=now, edition=edition, channels=channels, **_who(row))
        letters.post_receipt(row, consent, now=now, simulated=simulated)
    return consent


def withdraw(*, ask: StoryAsk, way: Way, now: datetime, words: str = "") -> None:
    """They take their yes back: the page is gone with this, and what is elsewhere stands on Today.

    Raises NothingToAnswer on a link that only shows, and where nothing of theirs stands.
    """
    with holding(ask.story) as story:
        if not may_answer(way.link, ask):
            raise NothingToAnswer(_("This link only shows. Have the link to answer sent to you."))
        consent = StoryConsent.objects.filter(story=story, ended_at=None).first()
        if consent is not None and consent.contact_id == ask.contact_id:
            take_down(story, why=End.WITHDRAWN, by=None, now=now, words=words.strip()[:LONGEST])
            return
        theirs = StoryConsent.objects.filter(story=story, contact=ask.contact_id, ended_why=End.WITHDRAWN)
        if not theirs.exists():
            raise NothingToAnswer(_("There is no consent of yours to take back."))


def _keep(
    story: Story, ask: StoryAsk, kept: StoryEdition, terms: Terms, channels: list[str], *,
    way: Way, now: datetime,
) -> StoryConsent:  # fmt: skip
    made: StoryConsent = StoryConsent.objects.create(
        organisation_id=story.organisation_id,
        story=story,
        ask=ask,
        contact=ask.contact,
        edition=kept.number,
        digest=kept.digest,
        names_company=terms.names_company,
        names_person=terms.names_person,
        shows_quote=terms.shows_quote,
        shows_logo=terms.shows_logo,
        channels=channels,
        until=terms.until,
        incentive=kept.content["incentive"],
        given_at=now,
        from_ip=way.ip,
        is_demo=way.link.is_demo,
    )
    return made


def _open(ask: StoryAsk, way: Way) -> StoryAsk:
    """The question as it is now. Raises NothingToAnswer unless this link may answer it and it waits, or was
    answered by the same person."""
    people = ("contact__recipient", "contact__customer__organisation", "contact__customer__owner", "asked_by")
    row = StoryAsk.objects.select_related("story", *people).get(pk=ask.pk)
    if not may_answer(way.link, row):
        raise NothingToAnswer(_("This link only shows. Have the link to answer sent to you."))
    if row.closed_at is not None and row.answered_at is None:
        raise NothingToAnswer(_("This question was taken back. There is nothing to answer."))
    return row


def _close(row: StoryAsk, way: Way, now: datetime, **said: object) -> None:
    for name, value in said.items():
        setattr(row, name, value)
    row.answered_at = row.closed_at = now
    row.from_ip, row.is_demo = way.ip, way.link.is_demo
    row.save(update_fields=[*said, "answered_at", "closed_at", "from_ip", "is_demo"])
    Link.objects.filter(pk=way.link.pk, first_opened_at=None).update(first_opened_at=now)


def _who(row: StoryAsk) -> dict[str, object]:
    contact: Contact = row.contact
    return {"contact_id": contact.pk, "demo": row.is_demo}
