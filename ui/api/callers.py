"""Who asks: what a resource needs to know of them, whatever let them in."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol

from django.http import HttpResponseBase


class Caller(Protocol):
    """Somebody let in, as `request.auth`."""

    organisation: Any
    user: Any

    def may(self, scope: str) -> bool:
        """Whether they were let in for this, such as "customers:read"."""

    def is_at_least(self, role: str) -> bool:
        """Whether whoever they act for has this role."""

    def within(self) -> AbstractContextManager[None]:
        """What their requests run inside."""

    def once(self, request: Any, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
        """Answer a request that changes something; a repeated one as it was answered before."""

    def headers(self) -> dict[str, str]:
        """What each answer tells them, such as how many requests are left."""
