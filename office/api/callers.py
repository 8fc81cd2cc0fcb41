"""Who asks, made from a token: whose it is, what it may, how often, and what it asked before."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, ParseError, Throttled

from office import authorising, repeating
from office.models import Token
from organisations import limits, tenancy
from organisations.access import RANK
from organisations.machines import acting_by
from organisations.models import Membership, Organisation, Role, User
from ui.api.problems import Refused

KEY = re.compile(r"[!-~]{1,255}\Z")


class TokenAuthentication(BaseAuthentication):
    """Authorization: Bearer bosai_…"""

    def authenticate(self, request: Any) -> tuple[User, "TokenCaller"]:
        kind, _space, text = request.headers.get("Authorization", "").partition(" ")
        token = authorising.find(text.strip(), now=request.now) if kind.lower() == "bearer" else None
        if token is None:
            raise AuthenticationFailed(
                _("Send an open token as “Authorization: Bearer …”. An admin makes one on the page Tokens.")
            )
        spent = limits.spend("api", str(token.pk), limits.Limit(settings.API_PER_MINUTE, 1), now=request.now)
        if spent.is_over:
            raise _too_often(spent)
        membership = authorising.members(token.organisation).filter(user=token.user).first()
        if membership is None:
            words = _("%(name)s, for whom this token acts, works here no more. Ask an admin for another.")
            raise AuthenticationFailed(words % {"name": token.user.name})
        authorising.note_use(token, now=request.now)
        return token.user, TokenCaller(token, membership, spent)

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="Bosai"'


class TokenCaller:
    """A `ui.api.callers.Caller`."""

    def __init__(self, token: Token, membership: Membership, spent: limits.Spent) -> None:
        self.token, self.membership, self.spent = token, membership, spent

    @cached_property
    def organisation(self) -> Organisation:
        return self.token.organisation

    @property
    def user(self) -> User:
        return self.token.user

    def may(self, scope: str) -> bool:
        return self.token.may(scope)

    def is_at_least(self, role: str) -> bool:
        return RANK[Role(self.membership.role)] >= RANK[Role(role)]

    @contextmanager
    def within(self) -> Iterator[None]:
        with tenancy.within(self.organisation), acting_by(self.token.pk):
            yield

    def once(self, request: Any, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return answer()
        if not KEY.match(key):
            raise ParseError(_("An Idempotency-Key has 1 to 255 letters, digits or signs, and no spaces."))
        try:
            return repeating.once(
                token=self.token, key=key, fingerprint=request.fingerprint, now=request.now, answer=answer
            )
        except repeating.OtherRequest as error:
            words = _("This Idempotency-Key came with another request before. Use a new one.")
            raise Refused(words, status=422) from error
        except repeating.UnderWay as error:
            raise Refused(
                _("The first request with this key is under way. Ask again in a moment.")
            ) from error

    def headers(self) -> dict[str, str]:
        return _budget(self.spent)


def _budget(spent: limits.Spent) -> dict[str, str]:
    return {
        "RateLimit-Limit": str(spent.limit),
        "RateLimit-Remaining": str(spent.left),
        "RateLimit-Reset": str(spent.seconds),
    }


def _too_often(spent: limits.Spent) -> Throttled:
    words = _("At most %(n)d requests a minute with one token. Go on in %(s)d s.")
    error = Throttled(detail=words % {"n": spent.limit, "s": spent.seconds})
    error.wait, error.headers = spent.seconds, _budget(spent)
    return error
