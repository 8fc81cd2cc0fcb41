"""The page behind "unsubscribe": which mails an address gets. No account, no cookie, one link.

Opening it changes nothing. Mail programs may post to it themselves (RFC 8058); that unsubscribes at once.
"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from organisations import tenancy
from organisations.models import Membership, Organisation
from post import linking
from post.forms import WishForm
from post.models import Link, Recipient
from post.preferring import change_wish, choose_digest

Wish = Recipient.Wish


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt
def preferences(request: Any, token: str) -> HttpResponse:
    """Whatever does not open, unknown or run out, gets the same answer."""
    found = linking.find_open(token, now=request.now)
    if found is None or found[1].purpose not in ("unsubscribe", "digest"):
        return _private(render(request, "post/preferences_closed.html", status=404))
    organisation, link = found
    with tenancy.within(organisation):
        if link.purpose == "digest":
            with translation.override(organisation.language):
                return _private(_digest(request, organisation, link, token))
        recipient = Recipient.objects.filter(pk=link.subject_id).first()
        if recipient is None:
            return _private(render(request, "post/preferences_closed.html", status=404))
        recipient.organisation = organisation
        with translation.override(recipient.language or organisation.language):
            return _private(_answer(request, recipient, token))


preferences.guarded_for = "customer"  # type: ignore[attr-defined]


def _digest(request: Any, organisation: Organisation, link: Link, token: str) -> HttpResponse:
    """One question: no more digests. Whoever wants them again chooses so where they are signed in."""
    member = organisation.memberships.filter(pk=link.subject_id or 0).first()
    if member is None:
        return render(request, "post/preferences_closed.html", status=404)
    if request.method == "POST":
        choose_digest(membership=member, digest=Membership.Digest.NONE, by=None, now=request.now)
        if request.POST.get("List-Unsubscribe") == "One-Click":
            return HttpResponse(_("You get no more digests."), content_type="text/plain; charset=utf-8")
        return redirect("post:preferences", token)
    context = {"organisation": organisation, "membership": member, "address": link.address, "token": token}
    return render(request, "post/digest_off.html", context)


def _answer(request: Any, recipient: Recipient, token: str) -> HttpResponse:
    if request.method != "POST":
        return _show(request, recipient, token)
    before = current(recipient)
    if request.POST.get("List-Unsubscribe") == "One-Click":
        change_wish(recipient=recipient, wish=Wish.NOTHING, now=request.now)
        return HttpResponse(_("You get no more mails from us."), content_type="text/plain; charset=utf-8")
    form = WishForm(request.POST)
    if not form.is_valid():
        fault = _("Choose which mails you want.")
        return _show(request, recipient, token, fault=fault, status=422)
    change_wish(recipient=recipient, now=request.now, **form.cleaned_data)
    return redirect(f"{reverse('post:preferences', args=[token])}?before={before}")


def _show(
    request: Any, recipient: Recipient, token: str, *, fault: str = "", status: int = 200
) -> HttpResponse:
    """`?before=` says what held until now, so that the page can offer it back."""
    wish = current(recipient)
    before = request.GET.get("before", "")
    context = {
        "organisation": recipient.organisation,
        "recipient": recipient,
        "token": token,
        "wish": wish,
        "weekdays": Recipient.Weekday.choices,
        "choices": [(value, *words) for value, words in choices().items()],
        "fault": fault,
        "is_kept": before in Wish.values and request.method != "POST",
        "undo": before if before in Wish.values and before != wish else "",
    }
    return render(request, "post/preferences.html", context, status=status)


def current(recipient: Recipient) -> str:
    return Wish.NOTHING if recipient.opted_out_at else recipient.wish


def choices() -> dict[str, tuple[str, str]]:
    """What each wish brings, in the reader's words."""
    return {
        Wish.ALL: (
            _("Everything"),
            _("Questions to you, and a few words when you have reached a milestone."),
        ),
        Wish.WEEKLY: (
            _("One mail a week"),
            _("What comes up on your way, together. Questions, and words at a milestone, come singly."),
        ),
        Wish.IMPORTANT: (_("Only what asks something of me"), _("Questions, and copies of your answers.")),
        Wish.NOTHING: (_("Nothing"), _("No mails, apart from a link that you ask for yourself.")),
    }


def _private(response: HttpResponse) -> HttpResponse:
    """Nobody keeps this page, and it tells nobody where a reader comes from."""
    add_never_cache_headers(response)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
