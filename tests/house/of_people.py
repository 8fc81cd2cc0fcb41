"""What people at customers are and do in the lived-in organisation: promises, champions, picks, requests."""

from datetime import timedelta

from django.utils import timezone

from coaching import scheduling
from coaching.scheduling import NewCommitment
from customers import keeping, requesting
from customers.models import ChampionChange, Contact, Customer, DataRequest, Erasure, Promise
from customers.noticing import notice, settle
from milestones import choosing
from milestones.models import Pick
from office import erasing
from organisations.models import Organisation, User


def ask_about_data(harbour: Organisation) -> None:
    """One request that waits, one that was answered; a champion who may be lost; what somebody promised."""
    now, ada = timezone.now(), User.objects.get(email="ada@harbour.example")
    kestrel = (
        Contact.objects.champions()
        .filter(customer__key="kestrel-freight")
        .select_related("customer__organisation")
    )
    notice(contact=kestrel.earliest("id"), sign="seen", words="Her post is advertised.", by=ada, now=now)
    others = Contact.objects.champions().exclude(customer__key="kestrel-freight")
    other = others.select_related("customer__organisation").latest("id")
    change = notice(contact=other, sign="seen", words="He is said to leave.", by=ada, now=now)
    settle(change=change, why="He stays after all.", by=ada, now=now)
    lines = {("adoption", "teach"): ("Show a colleague how you read the list", "commitment")}
    choosing.word(organisation=harbour, lines=lines, by=ada, now=now)
    someone = acting()
    _erase_and_lift(someone.customer, ada)
    done = requesting.ask(contact=someone, kind="export", now=now - timedelta(days=2))
    requesting.close(request=done, answer="Sent to you as a file.", by=ada, now=now)
    requesting.ask(contact=someone, kind="erasure", now=now)
    for will, days in (("show the list to the new head teachers", 1), ("send last month’s numbers", 0)):
        new = NewCommitment(will=will, owner=someone, due_on=now.date() + timedelta(days=days))
        row = scheduling.note(customer=someone.customer, new=new, by=None, now=now)
        if not days:
            scheduling.settle_own(commitment=row, contact=someone, is_kept=True, now=now)


def _erase_and_lift(customer: Customer, ada: User) -> None:
    """Somebody who came back of their own will."""
    values = {"name": "Nils Aaker", "address": "nils.aaker@example.net"}
    gone = keeping.add_contact(customer=customer, values=values, by=ada, now=timezone.now())
    row = erasing.erase(contact=gone, by=ada, now=timezone.now(), why="Asked for it by letter.")
    erasing.lift(erasure=row, by=ada, now=timezone.now(), why="Is back, and wrote to us.")


def acting() -> Contact:
    """Who does something on their own page."""
    pick = Pick.objects.standing().earliest("id")
    rows = Contact.objects.select_related("recipient", "customer__organisation", "customer__owner")
    return rows.get(pk=pick.contact_id)


def ids() -> dict[str, int]:
    kestrel = Customer.objects.get(key="kestrel-freight")
    change = ChampionChange.objects.open().earliest("id")
    return {
        "promise": Promise.objects.filter(customer=kestrel, state="kept").earliest("id").pk,
        "promise undecided": Promise.objects.undecided().earliest("id").pk,
        "promise agreed": Promise.objects.filter(state="renegotiated").earliest("id").pk,
        "promise declined": Promise.objects.filter(state="declined").earliest("id").pk,
        "champion change": change.pk,
        "champion": Contact.objects.champions().exclude(customer=kestrel).earliest("id").pk,
        "pick": Pick.objects.standing().earliest("id").pk,
        "erasure": Erasure.objects.earliest("id").pk,
        "erased": Erasure.objects.earliest("id").contact_id,
        "data request": DataRequest.objects.open().earliest("id").pk,
    }
