"""A story becomes public: exactly what was agreed, under its address, for as long as the consent holds."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from advocacy.models import Channel, Story, StoryConsent, StoryUse
from advocacy.storytelling.contents import TEXTS, content_of, digest_of
from advocacy.storytelling.faults import Incomplete, NotAgreed, NotPossible
from advocacy.storytelling.noting import announce, holding, log
from organisations.models import User


def publish(*, story: Story, by: User, now: datetime) -> Story:
    """Show it. Pressed twice, it is published once. Raises NotAgreed."""
    with holding(story) as row:
        if row.is_public:
            return row
        consent = standing_consent(row, now=now)
        if consent is None:
            raise NotAgreed(_("Nobody at the customer has agreed to this edition. Ask for their consent."))
        _check(row, consent)
        row.state, row.published_at, row.published_by = Story.State.PUBLISHED, now, by
        row.save(update_fields=["state", "published_at", "published_by"])
        log(row, "story_published", by=by, now=now, edition=row.edition)
        announce("story.published", row, consent, now=now)
    return row


def standing_consent(story: Story, *, now: datetime) -> StoryConsent | None:
    """The consent to exactly what the story says now, if it holds today."""
    consent = StoryConsent.objects.filter(story=story, ended_at=None).select_related("organisation").first()
    if consent is None or consent.edition != story.edition or not consent.holds(now):
        return None
    return consent if consent.digest == digest_of(content_of(story)) else None


def note_use(
    *, story: Story, channel: str, place: str, address: str = "", used_on: date, by: User, now: datetime
) -> StoryUse:
    """Where it was used outside, so that it can be taken down there. Raises Incomplete, NotAgreed."""
    if not place.strip():
        raise Incomplete("place", _("Say where it is used: the page, the deck, the fair."))
    with holding(story) as row:
        consent = standing_consent(row, now=now)
        if consent is None:
            raise NotAgreed(_("There is no consent that holds, so it must not be used anywhere."))
        if channel not in consent.channels:
            raise NotAgreed(
                _("They agreed to: %(channels)s. Ask them before it is used elsewhere.")
                % {"channels": ", ".join(consent.channel_words)}
            )
        made = StoryUse.objects.create(
            organisation_id=row.organisation_id,
            story=row,
            channel=channel,
            place=place.strip()[:200],
            address=address,
            used_on=used_on,
            noted_at=now,
            noted_by=by,
        )
        log(row, "story_used", by=by, now=now, channel=channel)
    return made


def end_use(*, use: StoryUse, by: User, now: datetime) -> StoryUse:
    """It is taken down there. Twice is once."""
    with holding(use.story) as story:
        row: StoryUse = StoryUse.objects.get(pk=use.pk)
        if row.ended_at is None:
            row.ended_at, row.ended_by = now, by
            row.save(update_fields=["ended_at", "ended_by"])
            log(story, "story_use_ended", by=by, now=now, channel=row.channel)
    return row


def _check(story: Story, consent: StoryConsent) -> None:
    """What was agreed allows a page, and the text gives away nobody who is not to be named."""
    if Channel.PAGE not in consent.channels:
        raise NotAgreed(
            _("They agreed to: %(channels)s. A public page is not among it.")
            % {"channels": ", ".join(consent.channel_words)}
        )
    text = " ".join(str(getattr(story, name)) for name in TEXTS).casefold()
    hidden = [] if consent.names_company else [story.customer.name]
    if story.quote_by and not consent.names_person:
        hidden.append(story.quote_by.name)
    for name in hidden:
        if name.casefold() in text:
            raise NotPossible(
                _("They do not want to be named, and the text says “%(name)s”. Take it out and ask again.")
                % {"name": name}
            )
