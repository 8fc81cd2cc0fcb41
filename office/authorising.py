"""Let a machine in by a token: shown once when it is made, kept as a hash, ended by an admin or by its date.

A token names its organisation and proves nothing else by itself. It acts in the name of a member and never
does more than they may; an ended or unknown one is as any text.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.http import base36_to_int, int_to_base36
from django.utils.translation import gettext as _

from office.models import Token
from office.models.tokens import SCOPES
from organisations import tenancy
from organisations.models import Membership, Organisation, Role, User
from organisations.patience import try_now

MARK = "bosai"
SHOWN = 4  # characters of the secret
NOTED_EVERY = timedelta(minutes=1)


class NoSuchScope(ValueError):
    """The message names what was asked for, and what there is."""


class NobodyToActFor(ValueError):
    """Whoever it was to act for does not work here."""


def make(
    *,
    organisation: Organisation,
    name: str,
    scopes: Iterable[str],
    user: User,
    now: datetime,
    by: User | None,
    days: int | None = None,
) -> tuple[Token, str]:
    """A new token and its text, which cannot be shown again. `days`: until it ends; None for never.

    Raises NoSuchScope, NobodyToActFor.
    """
    wanted = sorted(set(scopes), key=_place)
    if not wanted:
        raise NoSuchScope(_("Say what it may do: one scope at least."))
    if not members(organisation).filter(user=user).exists():
        raise NobodyToActFor
    opening = f"{MARK}_{int_to_base36(organisation.pk)}_"
    text = f"{opening}{secrets.token_urlsafe(32)}"
    token = Token(organisation=organisation, name=name.strip()[:80], scopes=wanted, user=user)
    token.start, token.token_hash = text[: len(opening) + SHOWN], _hash(text)
    token.made_by, token.made_at = by, now
    token.expires_at = now + timedelta(days=days) if days else None
    with transaction.atomic():
        token.save()
        organisation.log("token_made", by=by, now=now, subject=token, scopes=wanted)
    return token, text


def end(*, token: Token, by: User | None, now: datetime) -> bool:
    """From now on it opens nothing. False when it was ended before."""
    with transaction.atomic():
        ended = Token.objects.filter(pk=token.pk, ended_at=None).update(ended_at=now)
        if ended:
            token.organisation.log("token_ended", by=by, now=now, subject=token)
    return bool(ended)


def find(text: str, *, now: datetime) -> Token | None:
    """The open token of this text, with its organisation and user; None for any other text. Reads only."""
    mark, _line, rest = text.partition("_")
    number, _line, secret = rest.partition("_")
    try:
        organisation_id = base36_to_int(number.lower()) if secret and mark == MARK else 0
    except ValueError:
        organisation_id = 0
    organisation = Organisation.objects.filter(pk=min(organisation_id, 2**63 - 1)).first()
    if organisation is None:
        return None
    with tenancy.within(organisation):
        token = Token.objects.select_related("user").filter(token_hash=_hash(text)).first()
    if token is None or not token.is_open(now):
        return None
    token.organisation = organisation
    return token


def note_use(token: Token, *, now: datetime) -> None:
    """When it was last used, to the minute. Never makes a request wait."""
    if token.used_at is not None and now < token.used_at + NOTED_EVERY:
        return
    unnoted = Q(used_at=None) | Q(used_at__lte=now - NOTED_EVERY)
    with tenancy.within(token.organisation):
        try_now(lambda: Token.objects.filter(unnoted, pk=token.pk).update(used_at=now))


def members(organisation: Organisation) -> QuerySet[Membership]:
    """Whom a token can act for."""
    return Membership.objects.filter(organisation=organisation, ended_at=None)


def first_admin(organisation: Organisation) -> User | None:
    """For whom a token acts when nobody is named."""
    admin = members(organisation).filter(role=Role.ADMIN).select_related("user").order_by("pk").first()
    return admin.user if admin else None


def _place(scope: str) -> int:
    if scope not in SCOPES:
        words = _("There is no scope “%(scope)s”. There are: %(known)s.")
        raise NoSuchScope(words % {"scope": scope, "known": ", ".join(SCOPES)})
    return SCOPES.index(scope)


def _hash(text: str) -> str:
    return sha256(text.encode(errors="replace")).hexdigest()
