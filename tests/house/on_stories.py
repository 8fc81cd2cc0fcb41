"""Stories and answers to celebrations among what there is to show: the demo’s, and questions to somebody."""

from django.utils import timezone

from advocacy import storytelling
from advocacy.models import CelebrationGuest, CelebrationReply, Story, StoryAsk, StoryUse
from customers.models import Contact
from tests.house.on_journeys import user


def ask_for_stories() -> None:
    """Questions that wait for somebody, about the draft."""
    story = Story.objects.select_related("organisation", "customer").get(state="draft")
    people = Contact.objects.current().filter(customer=story.customer).exclude(recipient=None)
    storytelling.interview(
        story=story,
        contact=people.first(),
        questions=["How was it before?", "And now?"],
        by=user("mara"),
        now=timezone.now(),
    )


def ids_of_stories() -> dict[str, int]:
    return {
        **{f"story {state}": pk for pk, state in Story.objects.values_list("pk", "state")},
        "story use": StoryUse.objects.filter(ended_at=None).first().pk,
        "reply": CelebrationReply.objects.unseen().first().pk,
    }


def doors_of_stories() -> dict[str, tuple[str, int, str, int]]:
    """Purpose, subject, address and days of each link."""
    asks = StoryAsk.objects.select_related("contact__recipient")
    found = {
        "story asked": asks.get(kind="review", closed_at=None),
        "story agreed": asks.get(kind="review", story__state="published"),
        "story taken back": asks.get(kind="review", story__state="down"),
        "story questions": asks.get(kind="interview"),
    }
    here = CelebrationReply.objects.select_related("contact__recipient").filter(contact__left_on=None)
    said = here.exclude(replied_at=None).first()
    seats = CelebrationGuest.objects.select_related("contact__recipient").filter(
        contact__left_on=None, contact__recipient__isnull=False
    )
    silent = seats.filter(celebration__replies=None, celebration__state="simulated").first()
    spoke = seats.get(celebration=said.celebration_id, contact=said.contact_id)
    return {
        **{name: ("story", ask.pk, ask.contact.address, 30) for name, ask in found.items()},
        "reply door": ("reply", silent.pk, silent.contact.address, 30),
        "reply said": ("reply", spoke.pk, spoke.contact.address, 30),
    }


def slugs_of_stories() -> dict[str, str]:
    return {
        "story slug": Story.objects.get(state="published").slug,
        "story slug gone": Story.objects.get(state="down").slug,
    }
