"""How a consent ends: taken back, run out, overtaken by an edit. Whatever showed the story shows it no more.

The page asks whether the consent holds each time it is opened, so it is gone with this very transaction; what
this does beside is to say so, to the log, to other systems, and to whoever must take it down elsewhere.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from advocacy.models import Story, StoryAsk, StoryConsent
from advocacy.storytelling import letters
from advocacy.storytelling.noting import announce, holding, log
from organisations.models import Organisation, User
from organisations.sweeping import in_each_organisation

End = StoryConsent.End
AT_ONCE = 25


def end_consent(
    story: Story, consent: StoryConsent, *, why: str, by: User | None, now: datetime, words: str = ""
) -> None:
    """Within the caller's hold on the story. Stories that were public are announced as withdrawn."""
    consent.ended_at, consent.ended_why, consent.ended_words = now, why, words
    consent.save(update_fields=["ended_at", "ended_why", "ended_words"])
    log(
        story,
        "story_consent_ended",
        by=by,
        now=now,
        why=why,
        edition=consent.edition,
        contact_id=consent.contact_id,
        demo=consent.is_demo,
    )
    if story.is_public:
        announce("story.withdrawn", story, consent, now=now)


def take_down(story: Story, *, why: str, by: User | None, now: datetime, words: str = "") -> None:
    """Within the caller's hold: the consent ends, open questions with it, the story is down."""
    consent = StoryConsent.objects.filter(story=story, ended_at=None).first()
    if consent is not None:
        end_consent(story, consent, why=why, by=by, now=now, words=words)
    for ask in StoryAsk.objects.filter(story=story, closed_at=None):
        ask.closed_at = now
        ask.save(update_fields=["closed_at"])
        letters.hold_back(ask, why=_("the story was taken down"))
    story.state, story.down_at = Story.State.DOWN, now
    story.save(update_fields=["state", "down_at"])
    log(story, "story_down", by=by, now=now, why=why)


def end(*, story: Story, by: User, now: datetime) -> Story:
    """A member takes a story down, for ever unless it is written anew. Twice is once."""
    with holding(story) as row:
        if row.state != Story.State.DOWN:
            take_down(row, why=End.ENDED, by=by, now=now)
    return row


def expire_all(*, now: datetime) -> int:
    """Everywhere; one organisation that fails holds up no other."""
    return in_each_organisation(
        lambda organisation, at_most: expire_due(organisation=organisation, now=now, at_most=at_most),
        part=AT_ONCE,
        what="stories expired",
    )


def expire_due(*, organisation: Organisation, now: datetime, at_most: int = AT_ONCE) -> int:
    """Stories whose consent has run out are taken down; how many. Two at once do it once."""
    today = now.astimezone(organisation.tzinfo).date()
    over = StoryConsent.objects.run_out(today).order_by("until", "id")
    done = 0
    for consent in over.select_related("story__organisation")[:at_most]:
        with holding(consent.story) as story:
            still = StoryConsent.objects.run_out(today).filter(pk=consent.pk).exists()
            if still:
                take_down(story, why=End.EXPIRED, by=None, now=now)
                done += 1
    return done
