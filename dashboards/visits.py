"""The customer's way in: one link, one person, no account and no cookie.

Whatever does not open, unknown or run out, gets the same answer. A page says nothing to whoever it leads to:
no referrer, no store, nothing from elsewhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from customers.models import Contact
from milestones.verifying.visiting import visitor
from organisations import tenancy
from organisations.models import Membership, Organisation, User
from post import linking
from post.models import Link

OWN_SITES = ("same-origin", "none")


@dataclass(frozen=True)
class Visit:
    """Somebody at a customer who came in by their link."""

    token: str
    link: Link
    organisation: Organisation
    contact: Contact
    now: datetime
    member: User | None
    """Whoever is signed in to the same organisation in this browser. They may look, not answer."""

    @property
    def may_answer(self) -> bool:
        """In demo mode, a member who opened the page as the customer may too; the answer is marked."""
        return self.member is None or self.link.is_demo

    @property
    def is_demo_mode(self) -> bool:
        return bool(settings.DEMO)


type VisitorsView = Callable[[HttpRequest, Visit], HttpResponse]


def visitors_only(view: VisitorsView) -> Callable[..., HttpResponse]:
    """Let in by link alone. There is no cookie to forge a request with; other sites are refused anyway."""

    @csrf_exempt
    @wraps(view)
    def inner(request: Any, token: str) -> HttpResponse:
        refuse_other_sites(request)
        found = linking.find_open(token, now=request.now)
        if found is None:
            return closed(request, token)
        organisation, link = found
        with tenancy.within(organisation):
            contact = visitor(link, now=request.now)
            if contact is None or contact.recipient is None:
                return closed(request, token)
            contact.recipient.organisation = organisation
            visit = Visit(token, link, organisation, contact, request.now, _member(request, organisation))
            language = contact.recipient.language or organisation.language
            with translation.override(language), timezone.override(contact.recipient.tzinfo()):
                return private(view(request, visit))

    inner.guarded_for = "customer"  # type: ignore[attr-defined]
    return inner


def refuse_other_sites(request: HttpRequest) -> None:
    """Django's own check wants an Origin, which browsers blank on pages without referrer. This one stays."""
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "none") not in OWN_SITES:
        raise PermissionDenied(
            _("This form was sent from another site. Open your own link and send it there.")
        )


def closed(request: HttpRequest, token: str, *, is_asked: bool = False) -> HttpResponse:
    """The answer for a link that does not open, whatever the reason."""
    context = {"token": token, "is_asked": is_asked, "organisation": None}
    status = 200 if is_asked else 404
    return private(render(request, "dashboards/customer_page_closed.html", context, status=status))


def private(response: HttpResponse) -> HttpResponse:
    """Nobody keeps this page, and it tells nobody where a reader comes from."""
    add_never_cache_headers(response)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _member(request: HttpRequest, organisation: Organisation) -> User | None:
    user = request.user
    if not user.is_authenticated:
        return None
    known = Membership.objects.filter(user=user, organisation=organisation).exists()
    return user if known else None
