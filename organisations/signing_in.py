"""How people sign in: by e-mail and password, through django-allauth. Nobody signs up by themselves."""

import logging
from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise

from organisations.models import Role, User

logger = logging.getLogger(__name__)
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

    def format_email_subject(self, subject: str) -> str:
        return subject

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Under the address people type, whatever host this request named."""
        return _password_url(*key.split("-", 1))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that refuses must not tell a stranger which addresses have an account."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:
            logger.exception("The mail to reset a password could not be handed to the mail server.")


def password_link(user: User) -> str:
    """A link to set a password, good until it is used or PASSWORD_RESET_TIMEOUT has passed."""
    return _password_url(user_pk_to_url_str(user), EmailAwarePasswordResetTokenGenerator().make_token(user))


def _password_url(uid: str, key: str) -> str:
    return settings.BOSAI_URL + reverse("account_reset_password_from_key", args=[uid, key])
