"""A challenge is opened at a customer, and its steps come with it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.alone import alone_with
from coaching.challenging.faults import NotPossible
from coaching.challenging.stepping import done_in_call
from coaching.models import Call, Challenge, ChallengeKind, ChallengeStep, GuideEdition
from customers.models import Customer
from organisations.models import User


@dataclass(frozen=True)
class NewChallenge:
    """What came up in a call."""

    kind: ChallengeKind
    words: str = ""


@dataclass(frozen=True)
class Method:
    """What a call was led by, and what came of it against what stands in the way."""

    guide: GuideEdition | None = None
    steps: Collection[int] = ()
    """Those that are done, by their ids."""
    challenge: NewChallenge | None = None


NO_METHOD = Method()


def open_challenge(
    *,
    customer: Customer,
    kind: ChallengeKind,
    by: User,
    now: datetime,
    words: str = "",
    owner: User | None = None,
    call: Call | None = None,
) -> Challenge:
    """Open it, with the catalogue's steps and their days. Led by their CSM, else by whoever opens it.

    Raises NotPossible: one of its kind is open there, it is out of the catalogue, or the customer left.
    """
    with transaction.atomic():
        alone_with(customer)
        row = Customer.objects.select_related("organisation", "owner").get(pk=customer.pk)
        kind = ChallengeKind.objects.get(pk=kind.pk)
        _check(row, kind)
        challenge = Challenge(organisation=row.organisation, customer=row, kind=kind, call=call)
        challenge.words, challenge.owner = words.strip(), owner or row.owner or by
        challenge.opened_at, challenge.opened_by = now, by
        challenge.save(force_insert=True)
        _take_steps_along(challenge, now)
        row.organisation.log("challenge_opened", by=by, now=now, subject=challenge, customer_id=row.pk)
    return challenge


def follow(*, call: Call, method: Method, now: datetime) -> None:
    """What a call that is just logged brought: its steps ticked, its challenge opened. Raises NotPossible."""
    done_in_call(customer=call.customer, steps=method.steps, by=call.by, now=now)
    if new := method.challenge:
        open_challenge(customer=call.customer, kind=new.kind, words=new.words, call=call, by=call.by, now=now)


def _check(customer: Customer, kind: ChallengeKind) -> None:
    if not kind.is_current:
        raise NotPossible(
            _("“%(name)s” is out of the catalogue. Choose another challenge.") % {"name": kind.name}
        )
    if customer.left_on is not None:
        raise NotPossible(
            _("%(customer)s has left. Nothing is opened any more.") % {"customer": customer.name}
        )
    if Challenge.objects.open().filter(customer=customer, kind=kind).exists():
        raise NotPossible(
            _("“%(name)s” is open at %(customer)s already. Go on with its steps.")
            % {"name": kind.name, "customer": customer.name}
        )


def _take_steps_along(challenge: Challenge, now: datetime) -> None:
    today = now.astimezone(challenge.organisation.tzinfo).date()
    ChallengeStep.objects.bulk_create(
        ChallengeStep(
            organisation_id=challenge.organisation_id,
            challenge=challenge,
            position=place,
            words=step["words"],
            due_on=None if step["days"] is None else today + timedelta(days=step["days"]),
        )
        for place, step in enumerate(challenge.kind.steps, start=1)
    )
