"""Who speaks for Harbour: somebody in each state, what was asked of them, and what came of it."""

from collections.abc import Sequence
from datetime import datetime

from advocacy import recruiting, referring
from advocacy.ledger import refusal, standings
from advocacy.models import Advocate, AskTerms, Favour, ReferralOpening
from bosai.demo.harbour.stage import Stage
from customers.models import Contact, Customer
from organisations.models import User
from post import linking

Kind = Favour.Kind
TERMS = {
    "asks": 6,
    "rest_days": {"reference": 45},
    "welcome": "Somebody you know told you about us. Leave us a line, and we show you what they did.",
    "reward_advocate": "A donation of 100 euros in your name, to a cause you choose.",
    "reward_newcomer": "The first workshop is on us.",
}


def recruit(stage: Stage) -> None:
    """Of those whose company confirmed an outcome first: six people, each at another point."""
    theo, now = stage.people["theo"], stage.calendar.now
    recruiting.save_terms(organisation=stage.organisation, values=TERMS, by=theo, now=now)
    people = _people(stage, now)
    for contact, play in zip(
        people, (_thanked, _promised, _to_thank, _waits, _declined, _ended), strict=False
    ):
        play(stage, contact)
    _bring(stage)


def _people(stage: Stage, now: datetime) -> Sequence[Contact]:
    rows = Contact.objects.current().filter(is_primary=True, recipient__isnull=False)
    rows = rows.filter(recipient__opted_out_at=None, customer__left_on=None, customer__archived_at=None)
    people = list(
        rows.select_related("recipient", "customer__organisation", "customer__owner").order_by("pk")
    )
    known, terms = standings(people, now=now), AskTerms.of(stage.organisation)
    free = [one for one in known.values() if refusal(one, Kind.INVITATION, terms, now=now) is None]
    return [one.contact for one in sorted(free, key=lambda one: one.verified[-1].verified_at or now)]


def _ask(stage: Stage, contact: Contact, kind: Kind, ago: int, words: str = "") -> Favour:
    return recruiting.ask(
        contact=contact,
        kind=kind,
        words=words or recruiting.beginning(kind, stage.organisation.language),
        by=_owner(stage, contact),
        now=stage.calendar.ago(ago, 10, 15),
        simulated=True,
    )


def _say(stage: Stage, favour: Favour, ago: int, *, is_yes: bool, reply: str = "") -> Favour:
    """On their own link, as they would."""
    at = stage.calendar.ago(ago, 16, 40)
    token = linking.make(
        organisation=stage.organisation,
        purpose="favour",
        subject_id=favour.pk,
        address=favour.contact.address,
        now=at,
        days=30,
    )
    found = linking.find(token)
    assert found is not None, "made a moment ago"
    return recruiting.answer(favour=favour, link=found[1], is_yes=is_yes, reply=reply, now=at)


def _willing(stage: Stage, contact: Contact, ago: int) -> None:
    favour = _ask(stage, contact, Kind.INVITATION, ago)
    _say(stage, favour, ago - 1, is_yes=True, reply="Gladly, as long as it stays seldom.")


def _thanked(stage: Stage, contact: Contact) -> None:
    """Through all of it; asked again for the same, they would be refused, and until when."""
    _willing(stage, contact, 88)
    by = _owner(stage, contact)
    favour = _ask(stage, contact, Kind.REFERENCE, 30)
    _say(stage, favour, 29, is_yes=True, reply="Twenty minutes, on a Thursday.")
    result = "Spoke with the planners of a retailer in Ghent. They begin in spring."
    recruiting.finish(favour=favour, result=result, by=by, now=stage.calendar.ago(20, 15))
    thanks = "They told us what decided it: you said what did not work at first. Thank you for that."
    at = stage.calendar.ago(19, 9, 30)
    recruiting.thank(favour=favour, thanks=thanks, by=by, now=at, simulated=True)
    referral = _ask(stage, contact, Kind.REFERRAL, 14)
    _say(stage, referral, 13, is_yes=True)


def _promised(stage: Stage, contact: Contact) -> None:
    _willing(stage, contact, 60)
    favour = _ask(stage, contact, Kind.TALK, 12)
    _say(stage, favour, 11, is_yes=True, reply="If I may bring our numbers.")


def _to_thank(stage: Stage, contact: Contact) -> None:
    _willing(stage, contact, 45)
    favour = _ask(stage, contact, Kind.REVIEW, 10)
    _say(stage, favour, 9, is_yes=True)
    result = "Four stars, with a paragraph on the first month."
    recruiting.finish(favour=favour, result=result, by=_owner(stage, contact), now=stage.calendar.ago(2, 11))


def _waits(stage: Stage, contact: Contact) -> None:
    _ask(stage, contact, Kind.INVITATION, 3)


def _declined(stage: Stage, contact: Contact) -> None:
    favour = _ask(stage, contact, Kind.INVITATION, 30)
    _say(stage, favour, 28, is_yes=False, reply="Our owner does not like to be named.")


def _ended(stage: Stage, contact: Contact) -> None:
    _willing(stage, contact, 75)
    advocate = contact.advocate
    recruiting.end(advocate=advocate, by=_owner(stage, contact), now=stage.calendar.ago(6, 12))


def _owner(stage: Stage, contact: Contact) -> User:
    return contact.customer.owner or stage.people["theo"]


CONSENT = "Harbour Analytics may keep what I write here and answer me. Nobody else gets it."
# Who wrote, where they work, what they wrote, and how many days ago.
NEWCOMERS = (
    ("Mats Holm", "Juniper Outdoor", "Eighteen shops, and the jacket is always in the other one.", 12),
    ("Pieter Aerts", "Maasdal Markets", "Heard you at the harbour. Thirty shops, no single list.", 9),
    ("Carla Rossi", "Trattoria Nove", "Nine kitchens and a spreadsheet that nobody trusts.", 8),
    ("Ewan Baird", "Strath Haulage", "How long until the depots looked at it by themselves?", 2),
)


def _bring(stage: Stage) -> None:
    """By the address of the first: one in each state, one of them known before."""
    advocate = Advocate.objects.willing().with_people().order_by("pk").first()
    if advocate is None:
        return
    by, calendar = _owner(stage, advocate.contact), stage.calendar
    for ago in (12, 9, 8, 5, 2):
        about = {"organisation": stage.organisation, "advocate": advocate, "on": calendar.day(ago)}
        ReferralOpening.objects.create(count=1 + ago % 4, **about)
    won, lost, qualified, _new = [
        referring.submit(advocate=advocate, now=calendar.ago(ago, 19, 5), **_newcomer(*said))
        for *said, ago in NEWCOMERS
    ]
    for row, ago in ((won, 11), (lost, 8), (qualified, 7)):
        referring.qualify(referral=row, by=by, now=calendar.ago(ago, 9, 45), simulated=True)
    became = Customer.objects.filter(key="juniper-outdoor").first()
    referring.win(
        referral=won,
        amount_e4=186_000_000,
        currency="EUR",
        customer=became,
        by=by,
        now=calendar.ago(4, 16),
    )
    referring.note_reward(
        referral=won, reward="Donation to the food bank made on the 3rd.", by=by, now=calendar.ago(3, 10)
    )
    referring.lose(referral=lost, why="They build it themselves.", by=by, now=calendar.ago(3, 11))
    others = Advocate.objects.willing().with_people().exclude(pk=advocate.pk).order_by("pk").first()
    if others is not None:  # somebody who was brought by the first already
        again = _newcomer(*NEWCOMERS[2][:3])
        referring.submit(advocate=others, now=calendar.ago(1, 20), **again)


def _newcomer(name: str, company: str, words: str) -> dict[str, str]:
    address = f"{name.split()[0].lower()}@{company.split()[0].lower()}.example"
    return {"name": name, "company": company, "address": address, "words": words, "consent": CONSENT}
