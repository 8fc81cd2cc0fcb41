"""Which organisation's rows the code below may see.

`within(organisation)` is the only door. Both databases get the first wall: a manager that refuses a query
outside it. PostgreSQL gets the second: row-level security reads the variable set here.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction

if TYPE_CHECKING:
    from organisations.models import Organisation

_current: ContextVar[int | None] = ContextVar("organisation", default=None)


class NoOrganisation(RuntimeError):
    """A tenant table was asked outside `within(organisation)`."""


def current_id() -> int:
    """The id of the organisation we are within. Raises NoOrganisation outside."""
    organisation_id = _current.get()
    if organisation_id is None:
        raise NoOrganisation("this query needs tenancy.within(organisation) around it")
    return organisation_id


@contextmanager
def within(organisation: "Organisation | int") -> Iterator[None]:
    """Everything inside sees one organisation's rows and no others.

    On PostgreSQL this is also one transaction, because the row-level-security variable lives as long as it:
    rendering and streaming must happen inside.
    """
    organisation_id = organisation if isinstance(organisation, int) else organisation.pk
    token = _current.set(organisation_id)
    try:
        if connection.vendor == "postgresql":
            is_nested = connection.in_atomic_block
            with transaction.atomic(), _variable("bosai.organisation", str(organisation_id), is_nested):
                yield
        else:
            yield
    finally:
        _current.reset(token)


@contextmanager
def dispatching() -> Iterator[None]:
    """Let the post loop read the thin table of due deliveries across organisations, and nothing else."""
    if connection.vendor == "postgresql":
        is_nested = connection.in_atomic_block
        with transaction.atomic(), _variable("bosai.dispatch", "on", is_nested):
            yield
    else:
        yield


def stream_within[T](organisation: "Organisation", rows: Iterable[T]) -> Iterator[T]:
    """Keep the organisation in force while a streamed response is read."""
    with within(organisation):
        yield from rows


@contextmanager
def _variable(name: str, value: str, is_nested: bool) -> Iterator[None]:
    """Set a transaction-level variable. In a nested block the previous value is put back afterwards; in the
    outermost one it ends with the transaction, which saves two trips to the database each time.
    """
    previous = ""
    with connection.cursor() as cursor:
        if is_nested:
            cursor.execute("SELECT current_setting(%s, true)", [name])
            previous = cursor.fetchone()[0] or ""
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
    yield
    if is_nested:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [name, previous])


class TenantManager(models.Manager[Any]):
    """The first wall: every query starts in the current organisation, or raises."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(organisation_id=current_id())


class TenantModel(models.Model):
    """A row that belongs to one organisation."""

    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.CASCADE, related_name="+")

    objects: models.Manager[Any] = TenantManager()

    class Meta:
        abstract = True
