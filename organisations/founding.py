"""The first organisation and its admin, from the one-time set-up link or from the command line.

The link's token is printed once; only its hash is kept, in the state folder. It answers while there is no
organisation, and never again.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from organisations import governing, tenancy
from organisations.models import Organisation, Role, User


class LinkGone(ValueError):
    """The set-up link opens nothing (any more)."""


class SlugTaken(ValueError):
    """Another organisation has this address."""


@dataclass(frozen=True)
class Plan:
    """What a new organisation needs. Without a password its admin sets one through a link."""

    slug: str
    name: str
    admin_email: str
    admin_name: str
    admin_password: str | None = None
    zone: str = "UTC"
    sender_name: str = ""
    postal_address: str = ""


def found(plan: Plan, *, now: datetime) -> tuple[Organisation, User]:
    """Make the organisation and its admin, who may be somebody we know already. Raises SlugTaken."""
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(
                slug=plan.slug,
                name=plan.name,
                zone=plan.zone,
                sender_name=plan.sender_name,
                postal_address=plan.postal_address,
                created_at=now,
            )
            admin = _admin(plan, now)
            with tenancy.within(organisation):
                governing.join(organisation=organisation, user=admin, role=Role.ADMIN, by=admin, now=now)
    except IntegrityError as error:
        if Organisation.objects.filter(slug=plan.slug).exists():
            raise SlugTaken(plan.slug) from error
        raise
    return organisation, admin


def _admin(plan: Plan, now: datetime) -> User:
    known = User.objects.filter(email__iexact=plan.admin_email).first()
    return known or User.objects.create_user(
        plan.admin_email, name=plan.admin_name, password=plan.admin_password, joined_at=now
    )


def first_run_begins() -> str | None:
    """A fresh set-up token, the only one that works from now on; None when there is an organisation."""
    if Organisation.objects.exists():
        return None
    token = secrets.token_urlsafe(32)
    path = _token_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(_hash(token))
    return token


def answers_to(token: str) -> bool:
    """Whether this set-up link may still be used."""
    try:
        kept = _token_path().read_text().strip()
    except FileNotFoundError:
        kept = _hash(secrets.token_urlsafe(32))  # the same work for a link that cannot work
    return secrets.compare_digest(kept, _hash(token)) and not Organisation.objects.exists()


@contextmanager
def first_run(token: str) -> Iterator[None]:
    """The set-up link at work: taken by one at a time, gone afterwards, back as it was after a fault.

    Raises LinkGone when it answers no more, or when somebody else has it at this moment.
    """
    kept, taken = _token_path(), _token_path().with_suffix(".taken")
    if not answers_to(token):
        raise LinkGone
    try:
        kept.rename(taken)
    except FileNotFoundError:
        raise LinkGone from None
    try:
        yield
    except BaseException:
        taken.rename(kept)
        raise
    taken.unlink()


def first_run_ends() -> None:
    """There is an organisation, made another way: the link has nothing left to do."""
    _token_path().unlink(missing_ok=True)


def _token_path() -> Path:
    return settings.STATE / "setup-token"


def _hash(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
