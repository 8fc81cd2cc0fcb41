"""Stories and answers to celebrations among what there is to show: the demo’s, and questions to somebody."""

from django.utils import timezone

from advocacy import storytelling
from advocacy.models import CelebrationGuest, CelebrationReply, Story, StoryAsk, StoryUse
from customers.models import Contact
from milestones.models import Achievement
from organisations.models import Organisation
from post import linking
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


def agree_to_one(harbour: Organisation) -> None:
    """A story that its customer has agreed to and that nobody has published."""
    told = Story.objects.values("customer")
    reached = (
        Achievement.objects.standing().select_related("organisation").exclude(enrolment__customer__in=told)
    )
    people = Contact.objects.current().exclude(recipient=None)
    reached = reached.filter(enrolment__customer__in=people.values("customer"))
    made = {"by": user("mara"), "now": timezone.now()}
    story = storytelling.draft(achievement=reached.earliest("pk"), **made)
    values = {"background": "They began small.", "result": "It holds."}
    story = storytelling.edit(story=story, values=values, **made)
    contact = people.filter(customer=story.customer).first()
    ask = storytelling.review(story=story, contact=contact, **made)
    token = linking.make(
        organisation=harbour,
        purpose="story",
        subject_id=ask.pk,
        address=contact.address,
        now=made["now"],
        days=30,
    )
    terms = storytelling.Terms(True, False, False, False, ("page",), None)
    way = storytelling.Way(linking.find(token)[1])
    storytelling.agree(ask=ask, edition=ask.edition, terms=terms, way=way, now=made["now"])


def ids_of_stories() -> dict[str, int]:
    return {
        **{f"story {state}": pk for pk, state in Story.objects.values_list("pk", "state")},
        "story use": StoryUse.objects.filter(ended_at=None).first().pk,
        "reply": CelebrationReply.objects.unseen().first().pk,
        "celebration answered": CelebrationReply.objects.unseen().first().celebration_id,
    }


def doors_of_stories() -> dict[str, tuple[str, int, str, int]]:
    """Purpose, subject, address and days of each link."""
    asks = StoryAsk.objects.select_related("contact__recipient")
    found = {
        "door story asked": asks.get(kind="review", closed_at=None),
        "door story agreed": asks.get(kind="review", story__state="published"),
        "door story taken back": asks.get(kind="review", story__state="down"),
        "door story questions": asks.get(kind="interview"),
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
