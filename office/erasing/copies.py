"""Copies of them that machines keep: mails, links, calls to other systems, rows and files of imports."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from office.erasing import kept_files
from office.erasing.person import Person, tables
from office.importing import files
from office.models import Import
from post.models import Delivery

APART = ("post.Delivery", "post.Link")
WORDS = ("subject", "text", "html", "calendar", "reason", "recalled_why")
NOBODY = "@erased.invalid"
State = Delivery.State


def running() -> QuerySet[Import]:
    """Imports at work: they could bring in, or take back, what is being erased."""
    return Import.objects.filter(state__in=Import.RUNNING)


def drop(person: Person) -> None:
    """After the mails: everything else that names them goes as a whole row."""
    person.links().delete()
    for label, handling in tables():
        if handling.copies and label not in APART:
            rows = person.copies(label, handling)
            rows.model._default_manager.filter(pk__in=list(rows.values_list("pk", flat=True))).delete()


def drop_files(person: Person, *, now: datetime) -> None:
    """Files that name them are deleted once all is committed; what was not applied by then is called off."""
    for import_ in kept_files.naming(person.names):
        if not import_.is_finished:
            import_.state, import_.finished_at = Import.State.CANCELLED, now
            import_.state_why = _("its file named a person who was erased")
        path, import_.file_path = import_.file_path, ""
        import_.save(update_fields=["state", "state_why", "file_path", "finished_at"])
        transaction.on_commit(partial(files.unlink, path))


def blank_mails(person: Person, *, why: str) -> None:
    """Those to them, and the words of those to others that name them: that they went stays."""
    naming = list(naming_mails(person).values_list("pk", flat=True))
    to_them = Delivery.objects.filter(pk__in=list(person.mails().values_list("pk", flat=True)))
    _stop(to_them, why)
    _empty(to_them, person.names.put)
    to_them.update(
        address=Concat(Cast("pk", CharField()), Value(NOBODY), output_field=CharField()), recipient=None
    )
    others = Delivery.objects.filter(pk__in=naming)
    _stop(others, why)
    _empty(others, person.names.put)


def naming_mails(person: Person) -> QuerySet[Delivery]:
    """To others: their own words may stand there beside their name."""
    rows = person.names.rows(Delivery.objects.all(), WORDS)
    if person.has_namesakes:
        rows = rows.filter(customer_id=person.contact.customer_id)
    return rows.exclude(pk__in=person.mails().values("pk"))


def waiting(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return rows.filter(state__in=[State.PENDING, State.HELD, State.SENDING])


def _stop(rows: QuerySet[Delivery], why: str) -> None:
    """As `post.recalling` does: what is being handed over is past recall, but not its next try."""
    sending = Q(state=State.SENDING)
    waiting(rows).update(
        recalled_why=why,
        state=Case(When(sending, then=F("state")), default=Value(State.STOPPED)),
        lease_token=Case(When(sending, then=F("lease_token")), default=Value(None)),
        lease_until=Case(When(sending, then=F("lease_until")), default=Value(None)),
    )


def _empty(rows: QuerySet[Delivery], put: str) -> None:
    rows.update(subject=put, text=put, html="", calendar="")
    rows.exclude(reason="").update(reason=put)
    rows.exclude(recalled_why="").update(recalled_why=put)
