"""How a person's sign-in is made safer, and changed: second factors, recovery codes, password, sessions.

Every change ends their other sessions, stands in the log of the organisations they work for, and is told
to them by mail.
"""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.utils import encrypt
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction

from organisations import factors, sessions, tenancy
from organisations.models import Membership, Role, User
from organisations.sessions import Seat
from organisations.signing_in import tell


class WrongCode(ValueError):
    """Not the code of now, or used before."""


class NotYours(ValueError):
    """They also work for organisations you do not run."""


def add_app(*, user: User, secret: str, code: str, seat: Seat, now: datetime) -> list[str]:
    """An app that shows codes, proved by one of them. Gives the first recovery codes. Raises WrongCode."""
    turn = factors.counter_of(secret, code, now)
    if turn is None:
        raise WrongCode
    with transaction.atomic():
        _lock(user)
        if factors.of(user).app is not None:
            raise WrongCode
        data = {"secret": encrypt(secret), "turn": turn}
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data, created_at=now)
        codes = _first_codes(user)
        _changed(user, "second_factor_added", by=user, seat=seat, now=now, kind="totp")
    return codes


def add_passkey(*, user: User, name: str, credential: dict[str, Any], seat: Seat, now: datetime) -> list[str]:
    """A passkey whose ceremony is complete. Gives the first recovery codes."""
    with transaction.atomic():
        _lock(user)
        key = WebAuthn.add(user, name, credential).instance
        Authenticator.objects.filter(pk=key.pk).update(created_at=now)
        codes = _first_codes(user)
        _changed(user, "second_factor_added", by=user, seat=seat, now=now, kind="webauthn")
    return codes


def renew_codes(*, user: User, seat: Seat, now: datetime) -> list[str]:
    """Ten new recovery codes; the old ones open nothing any more."""
    with transaction.atomic():
        _lock(user)
        Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
        codes: list[str] = RecoveryCodes.activate(user).generate_codes()
        _changed(user, "recovery_codes_made", by=user, seat=seat, now=now)
    return codes


def remove(*, factor: Authenticator, seat: Seat, now: datetime) -> None:
    """One's own app or passkey is gone; with the last of them the recovery codes."""
    user = factor.user
    with transaction.atomic():
        _lock(user)
        if not Authenticator.objects.filter(pk=factor.pk, type__in=factors.SECOND).delete()[0]:
            return
        if not factors.has_second(user):
            Authenticator.objects.filter(user=user).delete()
        _changed(user, "second_factor_removed", by=user, seat=seat, now=now, kind=factor.type)


def may_be_helped(user: User, *, by: User) -> bool:
    """Whether `by` runs every organisation this person works for: a factor guards all of them."""
    current = Membership.objects.filter(ended_at=None)
    run = current.filter(user=by, role=Role.ADMIN).values("organisation")
    return not current.filter(user=user).exclude(organisation__in=run).exists()


def remove_all(*, user: User, by: User | None, now: datetime) -> bool:
    """Somebody lost their factors: an admin, or whoever runs the server (`by` none), takes them off.

    They sign in with the password alone and set up new ones. False when they had none. Raises NotYours.
    """
    if by is not None and not may_be_helped(user, by=by):
        raise NotYours
    with transaction.atomic():
        _lock(user)
        if not Authenticator.objects.filter(user=user).delete()[0]:
            return False
        _changed(user, "second_factor_removed", by=by, seat=None, now=now, kind="all")
    return True


def use_code(*, user: User, code: str, seat: Seat, now: datetime) -> Authenticator:
    """At sign-in: the factor whose code this is, used up by it. Raises WrongCode."""
    with transaction.atomic():
        factor = factors.spend(user, code, now)
        if factor is None:
            raise WrongCode
        if factor.type == Authenticator.Type.RECOVERY_CODES:
            left = factors.of(user).codes_left
            _log(user, "recovery_code_used", by=user, now=now, left=left)
            _tell(user, "recovery_code_used", seat, now, left=left)
    return factor


def password_changed(*, user: User, seat: Seat, now: datetime, keep: bool) -> None:
    """A new password holds, typed by themselves (`keep` this session) or set through a link from a mail."""
    with transaction.atomic():
        _changed(user, "password_changed", by=user, seat=seat, now=now, keep=keep)


def end_session(*, user: User, number: str, seat: Seat, now: datetime) -> bool:
    """One of their other sessions is over at once. False when it was already."""
    with transaction.atomic():
        ended = sessions.end(user, number=number, this=seat.key, now=now)
        if ended:
            _log(user, "sessions_ended", by=user, now=now, count=ended)
    return bool(ended)


def end_sessions(*, user: User, seat: Seat, now: datetime, keep: bool) -> int:
    """All their sessions are over at once; `keep` leaves the one they sit in. How many."""
    with transaction.atomic():
        ended = sessions.end_others(user, keep=seat.key if keep else "")
        if ended:
            _log(user, "sessions_ended", by=user, now=now, count=ended)
    return ended


def _lock(user: User) -> None:
    """Two changes at once take turns."""
    User.objects.select_for_update().get(pk=user.pk)


def _first_codes(user: User) -> list[str]:
    if Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).exists():
        return []
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    return codes


def _changed(
    user: User,
    verb: str,
    *,
    by: User | None,
    seat: Seat | None,
    now: datetime,
    keep: bool = True,
    **data: Any,
) -> None:
    sessions.end_others(user, keep=seat.key if seat and keep else "")
    _log(user, verb, by=by, now=now, **data)
    _tell(user, verb, seat, now, **data)


def _log(user: User, verb: str, *, by: User | None, now: datetime, **data: Any) -> None:
    current = Membership.objects.filter(user=user, ended_at=None).select_related("organisation")
    for membership in current.order_by("organisation"):
        with tenancy.within(membership.organisation):
            membership.organisation.log(verb, by=by, now=now, subject=membership, **data)


def _tell(user: User, verb: str, seat: Seat | None, now: datetime, **data: Any) -> None:
    transaction.on_commit(lambda: tell(user, verb, seat=seat, now=now, data=data), robust=True)
