"""Second factors of a person: what they have, and whether a code is right. allauth keeps them.

A code from an app counts once. Which one was last is kept beside the secret, under the row's lock, so two
processes cannot both take it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db.models import QuerySet

from organisations.models import Membership, User

SECOND = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
PERIOD = 30  # seconds one code of an app is shown


@dataclass
class Factors:
    """What somebody has beside the password."""

    app: Authenticator | None = None
    passkeys: list[Authenticator] = field(default_factory=list)
    codes: Authenticator | None = None

    @property
    def is_safe(self) -> bool:
        return self.app is not None or bool(self.passkeys)

    @property
    def codes_left(self) -> int:
        return len(self.codes.wrap().get_unused_codes()) if self.codes else 0


def of(user: User) -> Factors:
    """Their factors, passkeys in the order they came."""
    found = Factors()
    for row in Authenticator.objects.filter(user=user).order_by("pk"):
        if row.type == Authenticator.Type.WEBAUTHN:
            found.passkeys.append(row)
        elif row.type == Authenticator.Type.TOTP:
            found.app = row
        else:
            found.codes = row
    return found


def owners(users: Iterable[int]) -> set[int]:
    """Who of these people has a second factor."""
    rows = Authenticator.objects.filter(user__in=list(users), type__in=SECOND)
    return set(rows.values_list("user_id", flat=True))


def has_second(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=SECOND).exists()


def missing_at(user: User) -> QuerySet[Membership]:
    """Memberships in organisations that ask for a second factor while this person has none."""
    current = Membership.objects.filter(user=user, ended_at=None, organisation__second_factor_required=True)
    return current.select_related("organisation") if not has_second(user) else current.none()


def counter_of(secret: str, code: str, now: datetime) -> int | None:
    """Which turn of the app shows this code: the one at `now` or, for slow fingers, the one before."""
    at = int(now.timestamp()) // PERIOD
    turns = (
        turn
        for turn in (at, at - 1)
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, turn)))
    )
    return next(turns, None)


def spend(user: User, code: str, now: datetime) -> Authenticator | None:
    """The factor this code is right for, and the code is used up; None for a wrong or used one.

    Call it in a transaction.
    """
    rows = (
        Authenticator.objects.select_for_update().filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN)
    )
    for row in rows:
        is_right = (
            _spend_turn(row, code, now)
            if row.type == Authenticator.Type.TOTP
            else row.wrap().validate_code(code)
        )
        if is_right:
            row.last_used_at = now
            row.save(update_fields=["last_used_at"])
            return row
    return None


def _spend_turn(app: Authenticator, code: str, now: datetime) -> bool:
    turn = counter_of(decrypt(app.data["secret"]), code, now)
    if turn is None or turn <= app.data["turn"]:
        return False
    app.data["turn"] = turn
    app.save(update_fields=["data"])
    return True
