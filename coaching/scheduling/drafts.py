"""A call form as it was last typed: one per person and customer, until the call is saved."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from coaching.alone import alone_with
from coaching.models import Call, CallDraft
from customers.models import Customer
from organisations.models import Organisation, User

LONGEST = 200_000  # characters, all fields together


class DraftTooLong(ValueError):
    """More text than a draft holds. The form in the browser still has all of it."""


def keep_draft(
    *,
    organisation: Organisation,
    customer: Customer,
    by: User,
    fields: dict[str, list[str]],
    now: datetime,
    token: UUID | None = None,
) -> CallDraft | None:
    """Keep a form as it is typed. None when the form with this token is already saved: a draft that
    arrives behind the call itself must not come back to life. Raises DraftTooLong.
    """
    if sum(len(value) for values in fields.values() for value in values) > LONGEST:
        raise DraftTooLong
    with transaction.atomic():
        alone_with(customer)
        if token and Call.objects.filter(form_token=token).exists():
            return None
        draft, _made = CallDraft.objects.update_or_create(
            organisation=organisation, by=by, customer=customer, defaults={"data": fields, "kept_at": now}
        )
    return draft


def drop_draft(*, customer: Customer, by: User) -> None:
    """Start afresh. No draft is no error."""
    CallDraft.objects.filter(customer=customer, by=by).delete()
