"""The audit log: who did what and when, in the whole organisation. For admins."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from customers.models import Customer
from dashboards import timeline
from organisations.access import MemberRequest, admin_required, exports_from_replica
from organisations.models import Event, Organisation, User
from ui.htmx import render_page
from ui.spreadsheets import csv_response

PAGE, CHUNK = 50, 500
HEADER = (
    gettext_lazy("When"),
    gettext_lazy("Recorded"),
    gettext_lazy("Who"),
    gettext_lazy("What"),
    gettext_lazy("Customer"),
    gettext_lazy("In words"),
    gettext_lazy("Note"),
)


class FilterForm(forms.Form):
    """By person, by what was done, by customer."""

    person: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        queryset=None, label=gettext_lazy("Person"), required=False, empty_label=gettext_lazy("Everybody")
    )
    verb = forms.ChoiceField(
        label=gettext_lazy("What"),
        choices=[("", gettext_lazy("Everything")), *timeline.VERBS.items()],
        required=False,
    )
    customer: "forms.ModelChoiceField[Customer]" = forms.ModelChoiceField(
        queryset=None,
        label=gettext_lazy("Customer"),
        required=False,
        to_field_name="key",
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Their id")}),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = organisation.memberships.values("user")  # also those who have gone: the log names them
        self.fields["person"].queryset = User.objects.filter(pk__in=members).order_by("name")  # type: ignore[attr-defined]
        self.fields["customer"].queryset = Customer.objects.all()  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    def events(self) -> QuerySet[Event]:
        """The events asked for; none when the address asks for somebody who is not here."""
        if not self.is_valid():
            return Event.objects.none()
        given = self.cleaned_data
        rows = Event.objects.all()
        if given["person"]:
            rows = rows.filter(actor=given["person"])
        if given["verb"]:
            rows = rows.filter(verb=given["verb"])
        if given["customer"]:
            rows = rows.filter(customer_id=given["customer"].pk)
        return rows


@require_safe
@admin_required
@exports_from_replica
def audit(request: MemberRequest) -> HttpResponseBase:
    form = FilterForm(request.GET, organisation=request.organisation)
    events = form.events()
    if request.GET.get("format") == "csv" and form.is_valid():
        header = [str(cell) for cell in HEADER]
        return csv_response("audit-log.csv", header, _cells(request, events))
    page = timeline.page_of(events, before=request.GET.get("before", ""), size=PAGE)
    context = {
        "form": form,
        "entries": _entries(request, page.events),
        "newest_url": _url(request, "") if request.GET.get("before") else "",
        "older_url": _url(request, page.older) if page.older else "",
        "is_filtered": any(request.GET.get(name) for name in ("person", "verb", "customer")),
    }
    return render_page(request, "dashboards/audit.html", context)


def _url(request: MemberRequest, before: str) -> str:
    """The same filters from another key on."""
    query = request.GET.copy()
    query.pop("before", None)
    if before:
        query["before"] = before
    return f"?{query.urlencode()}"


def _entries(request: MemberRequest, events: Any) -> list[tuple[timeline.Entry, str, str]]:
    """Each event in words, what was done, and which customer it concerns."""
    facts = timeline.facts_of(events, organisation=request.organisation)
    now = localtime(request.now)
    return [
        (
            timeline.sentence_of(event, facts, now),
            str(timeline.VERBS.get(event.verb, event.verb)),
            facts.text("customer", event.customer_id),
        )
        for event in events
    ]


def _who(entry: timeline.Entry) -> str:
    if entry.via:
        return _("%(name)s, by token “%(token)s”") % {"name": entry.by, "token": entry.via}
    return entry.by or _("Bosai")


def _cells(request: MemberRequest, events: QuerySet[Event]) -> Iterator[list[object]]:
    """Every event asked for, read in chunks; each reads its names in a few queries."""
    before, is_first = "", True
    while before or is_first:
        page = timeline.page_of(events, before=before, size=CHUNK)
        for entry, done, customer in _entries(request, page.events):
            event = entry.event
            at, recorded = (localtime(t).isoformat(timespec="seconds") for t in (event.at, event.recorded_at))
            yield [
                at,
                recorded,
                _who(entry),
                done,
                customer,
                entry.title,
                entry.note or entry.words,
            ]
        before, is_first = page.older, False
