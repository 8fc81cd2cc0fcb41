"""Other systems that are told what happens: their addresses, and every call. For admins."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from organisations.access import MemberRequest, admin_required
from post import tasks, webhooks
from post.forms import CallsForm, ChannelForm, EndpointForm
from post.models import WebhookDelivery, WebhookEndpoint
from ui.htmx import render_page
from ui.waking import wake

PAGE = 50


@admin_required
def webhook_list(request: MemberRequest) -> HttpResponse:
    """All of them, and a form for one more; its secret is shown in the answer, this once."""
    form = EndpointForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        endpoint, secret = webhooks.add(
            organisation=request.organisation, by=request.user, now=request.now, **form.cleaned_data
        )
        return _page(request, endpoint, secret=secret)
    return _list(request, form, ChannelForm(prefix="channel"))


@require_POST
@admin_required
def webhook_channels(request: MemberRequest) -> HttpResponse:
    """One more chat channel."""
    form = ChannelForm(request.POST, prefix="channel")
    if not form.is_valid():
        return _list(request, EndpointForm(), form)
    endpoint = webhooks.add_channel(
        organisation=request.organisation, by=request.user, now=request.now, **form.cleaned_data
    )
    messages.success(request, _("Added. Send a test to see that it arrives."))
    return _back(request, endpoint)


def _list(request: MemberRequest, form: EndpointForm, channel_form: ChannelForm) -> HttpResponse:
    context = {"endpoints": list(WebhookEndpoint.objects.all()), "form": form, "channel_form": channel_form}
    status = 422 if form.is_bound or channel_form.is_bound else 200
    return render_page(request, "post/webhook_list.html", context, status=status)


@admin_required
def webhook(request: MemberRequest, pk: int) -> HttpResponse:
    """One address, and what it was told; posted to, it is changed."""
    endpoint = _endpoint(pk)
    if request.method != "POST":
        return _page(request, endpoint)
    form = _form(endpoint, request.POST)
    if not form.is_valid():
        return _page(request, endpoint, form=form, status=422)
    change = webhooks.change_channel if endpoint.is_channel else webhooks.change
    change(endpoint=endpoint, by=request.user, now=request.now, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return _back(request, endpoint)


def _form(endpoint: WebhookEndpoint, data: Any = None) -> EndpointForm | ChannelForm:
    initial = {"about": endpoint.about, "kinds": endpoint.kinds}
    if endpoint.is_channel:
        return ChannelForm(data, initial=initial, has_address=True)
    return EndpointForm(data, initial=initial | {"url": endpoint.url})


def _page(
    request: MemberRequest,
    endpoint: WebhookEndpoint,
    *,
    form: EndpointForm | ChannelForm | None = None,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    given = CallsForm(request.GET)
    wish = given.cleaned_data if given.is_valid() else {"state": "", "before": None}
    rows = WebhookDelivery.objects.filter(endpoint=endpoint).newest_first()
    if wish["state"]:
        rows = rows.filter(state=wish["state"])
    if wish["before"]:
        rows = rows.filter(pk__lt=wish["before"])
    calls = list(rows.defer("body")[: PAGE + 1])
    context = {
        "endpoint": endpoint,
        "is_paused": endpoint.is_paused(request.now),
        "has_earlier_secret": endpoint.earlier_until is not None and endpoint.earlier_until > request.now,
        "form": form or _form(endpoint),
        "secret": secret,
        "calls": calls[:PAGE],
        "older": calls[PAGE - 1].pk if len(calls) > PAGE else "",
        "state": wish["state"],
        "states": WebhookDelivery.State.choices,
    }
    return render_page(request, "post/webhook.html", context, status=status)


@require_POST
@admin_required
def webhook_renewal(request: MemberRequest, pk: int) -> HttpResponse:
    endpoint = _endpoint(pk)
    if endpoint.is_channel:
        raise Http404
    secret = webhooks.renew_secret(endpoint=endpoint, by=request.user, now=request.now)
    return _page(request, _endpoint(pk), secret=secret)


@require_POST
@admin_required
def webhook_test(request: MemberRequest, pk: int) -> HttpResponse:
    endpoint = _endpoint(pk)
    try:
        call = webhooks.send_test(endpoint=endpoint, by=request.user, now=request.now)
    except webhooks.CannotReplay as refused:
        messages.error(request, str(refused))
        return _back(request, endpoint)
    wake(tasks.call_webhooks)
    messages.success(request, _("A test is on its way. This page tells what becomes of it."))
    return redirect("post:webhook_call", request.organisation.slug, call.pk)


@require_POST
@admin_required
def webhook_off(request: MemberRequest, pk: int) -> HttpResponse:
    endpoint = _endpoint(pk)
    webhooks.switch_off(endpoint=endpoint, by=request.user, now=request.now)
    messages.success(request, _("Switched off. It is told nothing more; what waited is stopped."))
    return _back(request, endpoint)


@require_POST
@admin_required
def webhook_on(request: MemberRequest, pk: int) -> HttpResponse:
    endpoint = _endpoint(pk)
    webhooks.switch_on(endpoint=endpoint, by=request.user, now=request.now)
    messages.success(request, _("Switched on. It is told what happens from now on."))
    return _back(request, endpoint)


@require_POST
@admin_required
def webhook_removal(request: MemberRequest, pk: int) -> HttpResponse:
    webhooks.remove(endpoint=_endpoint(pk), by=request.user, now=request.now)
    messages.success(request, _("Removed, with its list of calls."))
    return redirect("post:webhook_list", request.organisation.slug)


@require_POST
@admin_required
def webhook_replay(request: MemberRequest, pk: int) -> HttpResponse:
    """Everything that was given up or stopped, once more."""
    endpoint = _endpoint(pk)
    try:
        n = webhooks.replay_failed(endpoint=endpoint, by=request.user, now=request.now)
    except webhooks.CannotReplay as refused:
        messages.error(request, str(refused))
    else:
        wake(tasks.call_webhooks)
        words = ngettext("%(n)d call is in line again.", "%(n)d calls are in line again.", n)
        messages.success(request, words % {"n": n})
    return _back(request, endpoint)


@require_safe
@admin_required
def webhook_call(request: MemberRequest, pk: int) -> HttpResponse:
    """One call: what it says, and every try."""
    call = _call(pk)
    tries = [each | {"at": parse_datetime(each["at"])} for each in call.tries]
    body = json.dumps(json.loads(call.body), indent=2, ensure_ascii=False)
    return render_page(request, "post/webhook_call.html", {"call": call, "tries": tries, "body": body})


@require_POST
@admin_required
def call_replay(request: MemberRequest, pk: int) -> HttpResponse:
    call = _call(pk)
    try:
        webhooks.replay(delivery=call, by=request.user, now=request.now)
    except webhooks.CannotReplay as refused:
        messages.error(request, str(refused))
    else:
        wake(tasks.call_webhooks)
        messages.success(request, _("In line again, under the same id."))
    return redirect("post:webhook_call", request.organisation.slug, call.pk)


def _back(request: MemberRequest, endpoint: WebhookEndpoint) -> HttpResponse:
    return redirect("post:webhook", request.organisation.slug, endpoint.pk)


def _endpoint(pk: int) -> WebhookEndpoint:
    rows: Any = WebhookEndpoint.objects.select_related("organisation", "made_by")
    found: WebhookEndpoint = get_object_or_404(rows, pk=pk)
    return found


def _call(pk: int) -> WebhookDelivery:
    rows: Any = WebhookDelivery.objects.select_related("endpoint__organisation")
    found: WebhookDelivery = get_object_or_404(rows, pk=pk)
    return found
