"""Signing in as tests do it: passwords, and an app that shows codes without a telephone."""

from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client
from django.utils import timezone

from organisations import factors, securing
from organisations.models import User
from organisations.sessions import Seat
from tests.factories import PASSWORD

LOGIN, STEP, OWN = "/accounts/login/", "/accounts/second-step/", "/accounts/own/"
NOWHERE = Seat("", "192.0.2.7", "")


def code_of(secret: str, now: datetime, turns: int = 0) -> str:
    """What the app shows at that moment, or some turns later."""
    return format_hotp_value(hotp_value(secret, int(now.timestamp()) // factors.PERIOD + turns))


def give_app(user: User, now: datetime | None = None) -> tuple[str, list[str]]:
    """An app set up two minutes ago: its secret, and the recovery codes that came with it."""
    secret, then = generate_totp_secret(), (now or timezone.now()) - timedelta(minutes=2)
    codes = securing.add_app(user=user, secret=secret, code=code_of(secret, then), seat=NOWHERE, now=then)
    return secret, codes


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": email, "password": password, **more})


def age(client: Client, **times: timedelta) -> None:
    """Make this client's session older: age(client, signed_in_at=timedelta(hours=1))."""
    session = client.session
    for name, ago in times.items():
        session[name] = (timezone.now() - ago).isoformat()
    session.save()


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session
