"""What the log and other systems hear of a story. Ids alone: no name and no word of anybody."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from advocacy.models import Story, StoryConsent
from organisations.models import User
from post.webhooks import Fact, tell


@contextmanager
def holding(story: Story) -> Iterator[Story]:
    """One writer for each story at a time, in one transaction; the row as it is now."""
    with transaction.atomic():
        rows = Story.objects.select_for_update(of=("self",))
        yield rows.select_related("organisation", "customer__owner").get(pk=story.pk)


def log(story: Story, verb: str, *, by: User | None, now: datetime, **data: Any) -> None:
    story.organisation.log(verb, by=by, now=now, subject=story, customer_id=story.customer_id, **data)


def public_url(story: Story) -> str:
    path = reverse("advocacy:public_story", args=[story.organisation.slug, story.slug])
    return f"{settings.BOSAI_URL}{path}"


def announce(kind: str, story: Story, consent: StoryConsent | None, *, now: datetime) -> None:
    """A story is published, or may not be told any more. What it says and who is in it is not told."""
    customer = story.customer

    def facts() -> Iterator[Fact]:
        data = {
            "story_id": story.pk,
            "edition": story.edition,
            "customer": {"id": customer.pk, "key": customer.key},
            "url": public_url(story),
        }
        if consent is not None:
            data["until"] = consent.until.isoformat() if consent.until else None
            data["channels"] = list(consent.channels)
            data["why"] = consent.ended_why
        yield Fact(f"{story.pk}:{now.isoformat()}", now, data, customer.pk)

    tell(organisation=story.organisation, kind=kind, facts=facts, now=now)
