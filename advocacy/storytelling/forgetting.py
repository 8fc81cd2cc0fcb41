"""A person is erased: nothing of a story may show them or rest on their word any more.

The log stays whole, since it holds ids alone. What members typed into a text themselves is listed for them:
no machine can tell whom a sentence is about.
"""

from datetime import datetime
from typing import Any

from django.db.models import Q

from advocacy.models import CelebrationReply, Story, StoryAsk, StoryConsent, StoryEdition
from advocacy.storytelling.ending import End, take_down
from advocacy.storytelling.noting import holding
from customers.models import Contact
from organisations.models import User


def forget(*, contact: Contact, by: User | None, now: datetime) -> list[Story]:
    """Take down what quotes them or rests on their consent, and clear their words and answers everywhere.

    Gives back stories of their customer whose text still has their name in it.
    """
    theirs = Story.objects.filter(customer=contact.customer_id)
    agreed = StoryConsent.objects.filter(contact=contact).values("story")
    touched = theirs.filter(Q(quote_by=contact) | Q(pk__in=agreed)).order_by("pk")
    for story in touched:
        with holding(story) as row:
            _forget_in(row, contact, by=by, now=now)
    cleared: dict[str, Any] = {"answers": [], "words": "", "from_ip": None}
    StoryAsk.objects.filter(contact=contact).update(**cleared)
    StoryConsent.objects.filter(contact=contact).update(contact=None, ended_words="", from_ip=None)
    CelebrationReply.objects.filter(contact=contact).update(words="", from_ip=None)
    return [story for story in theirs if contact.name.casefold() in _text(story)]


def unname(*, story: Story, by: User | None, now: datetime) -> None:
    """Its text is about to lose a name: nobody agreed to it as it then stands, so it is taken down first."""
    with holding(story) as row:
        if row.state != Story.State.DOWN and StoryEdition.objects.filter(story=row).exists():
            take_down(row, why=End.FORGOTTEN, by=by, now=now)
        row.edition += 1
        row.save(update_fields=["edition"])


def _forget_in(story: Story, contact: Contact, *, by: User | None, now: datetime) -> None:
    if story.state != Story.State.DOWN:
        take_down(story, why=End.FORGOTTEN, by=by, now=now)
    if story.quote_by_id == contact.pk:
        story.quote, story.quote_by, story.quote_from = "", None, ""
        story.edition += 1
        story.save(update_fields=["quote", "quote_by", "quote_from", "edition"])
    StoryEdition.objects.filter(story=story, content__quote_by=contact.pk).delete()


def _text(story: Story) -> str:
    return " ".join(
        (story.title, story.about, story.background, story.approach, story.result, story.learning)
    ).casefold()
