"""What the lived-in organisation has on its shelf, has sent, and was going to write after a call."""

from django.utils import timezone

from coaching import recapping, sharing, shelving
from coaching.models import Call, ChallengeKind, Recap, Resource, ResourceEdition, Sending
from customers.models import Contact
from organisations.models import Organisation
from post import linking
from tests.house.on_journeys import user

PDF = b"%PDF-1.7 one page"


def fill(harbour: Organisation) -> None:
    """A file and a sheet that were sent to Kestrel, one that was not, a draft, one off the shelf; a recap."""
    made = {"by": user("theo"), "now": timezone.now()}
    new = {"organisation": harbour, "resource": None, **made}
    at = shelving.Place(stages=["adoption"], kinds=[ChallengeKind.objects.get(key="no-time")])
    texts = {"title": "Plan on paper", "summary": "To print and hang up."}
    file = shelving.NewFile("plan.pdf", PDF)
    paper = shelving.write(type="file", values=texts, at=shelving.Place(), file=file, **new).resource
    texts = {
        "title": "Count it twice",
        "summary": "By two people.",
        "body": "| who | n |\n|---|---|\n| A | 1 |",
    }
    twice = shelving.write(type="worksheet", values=texts, at=at, **new).resource
    texts = {
        "title": "Ask three people",
        "summary": "Before you decide.",
        "url": "https://harbour.example/ask",
    }
    shelving.write(type="link", values=texts, at=at, **new)
    shelving.keep_draft(type="guide", values={"title": "Not ready yet"}, **new)
    shelving.retire(resource=Resource.objects.get(key="a-year-on"), **made)
    mara, now = user("mara"), timezone.now()
    amara = Contact.objects.get(customer__key="kestrel-freight", is_primary=True)
    for resource in (twice, paper):
        sharing.send(resource=resource, contact=amara, by=mara, now=now, words="For you.", simulated=True)
    call = Call.objects.filter(customer=amara.customer).newest_first()[1]
    recapping.begin(call=call, by=mara, now=now)


def ids() -> dict[str, int]:
    paper = Resource.objects.get(title="Plan on paper")
    return {
        "resource": Resource.objects.get(key="ask-three-people").pk,
        "resource begun": Resource.objects.get(title="Not ready yet").pk,
        "resource out": Resource.objects.exclude(retired_at=None).get().pk,
        "resource file": paper.pk,
        "resource file edition": ResourceEdition.objects.get(resource=paper).pk,
        "sending": Sending.objects.latest("pk").pk,
        "call recapped": Recap.objects.filter(sent_at=None).latest("pk").call_id,
    }


def tokens(harbour: Organisation) -> dict[str, str]:
    """Doors of whoever was sent something."""
    rows = Sending.objects.filter(contact__customer__key="kestrel-freight").select_related(
        "contact__recipient"
    )
    named = {"sent resource": "count-it-twice", "sent file": "plan-on-paper"}
    made = {"organisation": harbour, "purpose": "resource", "now": timezone.now(), "days": 30}
    return {
        name: linking.make(subject_id=row.pk, address=row.contact.address, **made)
        for name, key in named.items()
        for row in [rows.get(resource__key=key, words="For you.")]
    }
