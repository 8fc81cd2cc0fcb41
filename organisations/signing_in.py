"""How people sign in: by e-mail and password, through django-allauth. Nobody signs up by themselves."""

import base64
import logging
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisations import limits, sessions
from organisations.access import client_ip
from organisations.devices import device_words
from organisations.models import Role, User
from organisations.sessions import Seat

logger = logging.getLogger(__name__)
BACKEND = "organisations.signing_in.MemberBackend"
DEMO_PASSWORD = "bosai-demo"


@dataclass(frozen=True)
class DemoPerson:
    """Somebody one may be in the demo."""

    name: str
    role: Role
    house: str = "harbour"

    @property
    def key(self) -> str:
        return self.name.split(" ")[0].lower()

    @property
    def email(self) -> str:
        return f"{self.key}@{self.house}.example"

    @property
    def role_words(self) -> Promise | str:
        return self.role.label


DEMO_PEOPLE = (
    DemoPerson("Mara Lindqvist", Role.CSM),
    DemoPerson("Theo Brandt", Role.MANAGER),
    DemoPerson("Ada Okonjo", Role.ADMIN),
    DemoPerson("Rio Tanaka", Role.READONLY),
)
CROWD = (DemoPerson("Lena Fuchs", Role.CSM, "orchard"), DemoPerson("Ines Duarte", Role.MANAGER, "orchard"))
"""Who one may be where it is crowded."""


class MemberBackend(AuthenticationBackend):
    """Demo accounts exist in demo mode only; a person without a living account does not sign in."""

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and may_sign_in(user)


def may_sign_in(user: Any) -> bool:
    """Accounts of the demo work nowhere else."""
    return bool(user.is_active) and (settings.DEMO or not user.is_demo)


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Asked once more: allauth carries people whom the backend refused as far as this."""
        if not may_sign_in(user):
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def is_safe_url(self, url: str | None) -> bool:
        """What cannot be read as an address, such as `http://[`, leads nowhere; allauth would raise."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Counted before the password is looked at. Raises `limits.TooOften`."""
        now = request.now  # type: ignore[attr-defined]
        account = str(credentials.get("email", ""))
        counted = limits.take(limits.SIGN_IN, address=client_ip(request), account=account, now=now)
        user = super().authenticate(request, **credentials)
        if user:
            limits.give_back(counted, now=now)
        return user

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        sessions.settle_in(request, request.now)  # type: ignore[attr-defined]

    def format_email_subject(self, subject: str) -> str:
        return subject

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Under the address people type, whatever host this request named."""
        return _password_url(*key.split("-", 1))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that refuses must not tell a stranger which addresses have an account."""
        try:
            self.render_mail(template_prefix, email, context).send()
        except OSError:
            logger.exception("A mail about signing in could not be handed to the mail server.")


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are encrypted, so that a copied database signs nobody in."""

    def encrypt(self, text: str) -> str:
        return _cipher(*_keys()).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Under a key that is not ours any more: a secret nobody knows, so that no code is right."""
        try:
            return _cipher(*_keys()).decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            logger.exception("BOSAI_SECRET_KEY was changed: second factors from before it open nothing.")
            return generate_totp_secret()

    def _get_site_name(self) -> str:
        """How apps and passkeys list us: there may be several of us on one telephone."""
        return f"Bosai ({_host()})"


def _host() -> str:
    return str(allauth_context.request.get_host())


def _keys() -> list[str | bytes]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


@cache
def _cipher(*keys: str | bytes) -> MultiFernet:
    digests = [sha256(b"organisations.factors:" + force_bytes(key)).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def enter(request: HttpRequest, user: User) -> None:
    """Somebody who just chose their password is signed in with it."""
    login(request, user, backend=BACKEND)
    sessions.settle_in(request, request.now)  # type: ignore[attr-defined]


CHANGES: dict[tuple[str, object], Promise] = {
    ("second_factor_added", "totp"): _("An app that shows codes was added to your sign-in."),
    ("second_factor_added", "webauthn"): _("A passkey was added to your sign-in."),
    ("second_factor_removed", "totp"): _("The app that shows codes was removed from your sign-in."),
    ("second_factor_removed", "webauthn"): _("A passkey was removed from your sign-in."),
    ("second_factor_removed", "all"): _(
        "Somebody who looks after Bosai removed your second factor. "
        "Sign in with your password, then set up a new one."
    ),
    ("recovery_codes_made", None): _("New recovery codes were made for you; the old ones no longer work."),
    ("recovery_code_used", None): _("Somebody signed in as you with a recovery code."),
    ("password_changed", None): _("Your password was changed."),
}


def tell(user: User, verb: str, *, seat: Seat | None, now: datetime, data: dict[str, Any]) -> None:
    """A mail about a change of how they sign in, the way all mails about accounts take."""
    context = {
        "user": user,
        "what": CHANGES[verb, data.get("kind")],
        "left": data.get("left"),
        "now": now,
        "address": seat.address if seat else "",
        "device": device_words(seat.agent) if seat else "",
        "url": settings.BOSAI_URL + reverse("own_sign_in"),
    }
    AccountAdapter().send_mail("account/email/sign_in_changed", user.email, context)


def password_link(user: User) -> str:
    """A link to set a password, good until it is used or PASSWORD_RESET_TIMEOUT has passed."""
    return _password_url(user_pk_to_url_str(user), EmailAwarePasswordResetTokenGenerator().make_token(user))


def _password_url(uid: str, key: str) -> str:
    return settings.BOSAI_URL + reverse("account_reset_password_from_key", args=[uid, key])
