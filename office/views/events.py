"""Incoming events as they come, what they mean, and those that wait. For managers and admins."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from customers.models import Metric
from office import intake
from office.models import EventRule, IncomingEvent
from organisations.access import MemberRequest, manager_required
from ui.htmx import render_page

SHOWN, NAMES = 30, 50


class RuleForm(forms.Form):
    """What events of a name mean."""

    event = forms.CharField(label=gettext_lazy("Event"), max_length=200)
    property = forms.CharField(
        label=gettext_lazy("Number it carries"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Such as cart.total. Empty: each event counts as one."),
    )
    metric: "forms.ModelChoiceField[Metric]" = forms.ModelChoiceField(
        label=gettext_lazy("Metric"), queryset=None, required=False, empty_label=gettext_lazy("a new one:")
    )
    new_metric = forms.CharField(label=gettext_lazy("Name of a new metric"), max_length=80, required=False)
    is_ignored = forms.BooleanField(
        label=gettext_lazy("Ignore events of this name on purpose"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metric"].queryset = Metric.objects.all()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.pop("is_ignored", False):
            given["metric"], given["new_metric"], given["property"] = None, "", ""
        elif not given.get("metric") and not given.get("new_metric"):
            self.add_error("metric", _("Choose a metric, name a new one, or ignore the event."))
        return given


class FileForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File of rules"))


@require_safe
@manager_required
def events(request: MemberRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: MemberRequest, *, form: RuleForm | None = None, faults: tuple[str, ...] = (), status: int = 200
) -> HttpResponse:
    latest: QuerySet[IncomingEvent] = IncomingEvent.objects.select_related("customer").newest_first()
    waiting = IncomingEvent.objects.waiting().order_by().values("name", "kind", "waits_for")
    context = {
        "latest": list(latest[:SHOWN]),
        "waiting": list(waiting.annotate(n=Count("pk")).order_by("-n", "name")[:NAMES]),
        "rules": list(EventRule.objects.select_related("metric")),
        "form": form or RuleForm(initial={"event": request.GET.get("event", "")[:200]}),
        "file_form": FileForm(),
        "faults": faults,
        "host": settings.BOSAI_URL,
    }
    return render_page(request, "office/events.html", context, status=status)


@require_POST
@manager_required
def rule_new(request: MemberRequest) -> HttpResponse:
    form = RuleForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    intake.add_rule(organisation=request.organisation, by=request.user, now=request.now, **form.cleaned_data)
    messages.success(request, _("Kept. It holds for events from now on; those that wait can be replayed."))
    return redirect("office:events", request.organisation.slug)


@require_POST
@manager_required
def rule_removal(request: MemberRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(EventRule.objects.select_related("organisation"), pk=pk)
    intake.remove_rule(rule=rule, by=request.user, now=request.now)
    messages.success(request, _("Removed. What was counted stays."))
    return redirect("office:events", request.organisation.slug)


@require_POST
@manager_required
def replay(request: MemberRequest) -> HttpResponse:
    """Everything that waits, or the events of one name, looked at again."""
    name = request.POST.get("name")
    n = intake.replay(organisation=request.organisation, now=request.now, by=request.user, name=name)
    words = ngettext("%(n)d event found what it waited for.", "%(n)d events found what they waited for.", n)
    messages.success(request, words % {"n": n})
    return redirect("office:events", request.organisation.slug)


@require_safe
@manager_required
def rules_file(request: MemberRequest) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="event-rules.json"'}
    return HttpResponse(intake.export_rules(), content_type="application/json", headers=headers)


@require_POST
@manager_required
def rules_import(request: MemberRequest) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, faults=(_("Choose a file first."),), status=422)
    text = form.cleaned_data["file"].read(intake.LARGEST_FILE + 1)
    try:
        n = intake.import_rules(
            organisation=request.organisation, text=text, by=request.user, now=request.now
        )
    except intake.BadRules as bad:
        return _page(request, faults=tuple(bad.faults), status=422)
    words = ngettext("%(n)d rule is in force.", "%(n)d rules are in force.", n)
    messages.success(request, words % {"n": n})
    return redirect("office:events", request.organisation.slug)
