"""Customers: who they are, where each stands, and what comes next with them."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import cached_property
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from customers.models import Customer, Segment
from dashboards.customer_rows import COUNTED, SHOW, Reader, Rows, Wish, counted, every, page
from milestones.fits import bases_of
from milestones.models import Journey, Milestone
from organisations.access import MemberRequest, colleagues, exports_from_replica, member_required
from organisations.models import Organisation, User
from ui.htmx import render_page
from ui.spreadsheets import csv_response

TABS = dict(
    zip(
        SHOW,
        (
            gettext_lazy("All"),
            gettext_lazy("Mine"),
            gettext_lazy("Nobody’s"),
            gettext_lazy("Left"),
            gettext_lazy("Archived"),
        ),
        strict=True,
    )
)
HEADER = (
    gettext_lazy("Their id"),
    gettext_lazy("Customer"),
    gettext_lazy("Segment"),
    gettext_lazy("Use case"),
    gettext_lazy("CSM"),
    gettext_lazy("Journey"),
    gettext_lazy("Milestone"),
    gettext_lazy("Stage"),
    gettext_lazy("Days in stage"),
    gettext_lazy("Achieved"),
    gettext_lazy("Of"),
    gettext_lazy("Past target"),
    gettext_lazy("Last call"),
    gettext_lazy("Next commitment"),
    gettext_lazy("Due"),
)


class FilterForm(forms.Form):
    """The filters of the address. What is not on file is said, and finds nobody.

    Each list of choices is read once, and only when something asks for it.
    """

    q = forms.CharField(label=gettext_lazy("Customer or person"), required=False, max_length=200)
    show = forms.ChoiceField(choices=TABS.items(), required=False)
    segment = forms.ChoiceField(label=gettext_lazy("Segment"), required=False)
    use_case = forms.ChoiceField(label=gettext_lazy("Use case"), required=False)
    owner = forms.ChoiceField(label=gettext_lazy("CSM"), required=False)
    journey = forms.ChoiceField(label=gettext_lazy("Journey"), required=False)
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"),
        choices=[("", gettext_lazy("Every stage")), *Milestone.Stage.choices],
        required=False,
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        choices = {
            "segment": lambda: _choices(_("Every segment"), self.segments),
            "use_case": lambda: _choices(_("Every use case"), {one: one for one in self.use_cases}),
            "owner": lambda: _choices(_("Every CSM"), self.owners),
            "journey": lambda: _choices(_("Every journey"), self.journeys),
        }
        for name, read in choices.items():
            self.fields[name].choices = read  # type: ignore[attr-defined]
        for name in ("segment", "use_case", "owner", "journey", "stage"):
            self.fields[name].widget.attrs["class"] = "input"

    @cached_property
    def segments(self) -> dict[str, Segment]:
        return {str(row.pk): row for row in Segment.objects.all()}

    @cached_property
    def use_cases(self) -> list[str]:
        return Customer.objects.use_cases()

    @cached_property
    def owners(self) -> dict[str, User]:
        return {str(row.pk): row for row in colleagues(self.organisation, who_write=True)}

    @cached_property
    def journeys(self) -> dict[str, Journey]:
        return {str(row.pk): row for row in Journey.objects.published().select_related("base")}

    @property
    def bases(self) -> list[Journey]:
        """Those of which a variant may fit."""
        return bases_of(self.journeys.values())

    def wish(self) -> Wish | None:
        """What is asked for; None when the address asks for something that is not there."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        return Wish(
            text=given["q"].strip(),
            show=given["show"] or "current",
            segment=self.segments[given["segment"]] if given["segment"] else None,
            use_case=given["use_case"],
            owner=self.owners[given["owner"]] if given["owner"] else None,
            journey=self.journeys[given["journey"]] if given["journey"] else None,
            stage=given["stage"],
        )


def _choices(every: str, rows: Mapping[str, object]) -> list[tuple[str, str]]:
    return [("", every), *((pk, str(row)) for pk, row in rows.items())]


@require_safe
@member_required
@exports_from_replica
def customer_list(request: MemberRequest) -> HttpResponseBase:
    form = FilterForm(request.GET, organisation=request.organisation)
    wish = form.wish()
    reader = Reader(request.organisation, request.user, localtime(request.now))
    if wish and request.GET.get("format") == "csv":
        return csv_response("customers.csv", [str(cell) for cell in HEADER], _cells(wish, reader))
    return _page(request, form, wish, reader)


def _page(request: MemberRequest, form: FilterForm, wish: Wish | None, reader: Reader) -> HttpResponse:
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    rows = page(wish, reader, after=after, before=before) if wish else None
    context = {
        "nav": "customers",
        "form": form,
        "show": wish.show if wish else "",
        "tabs": TABS.items(),
        "rows": rows,
        "said": _said(wish, reader, rows) if wish and rows else "",
        "is_filtered": wish != Wish(),
        "query": request.GET.urlencode(),
        "today": reader.now.date(),
        "earlier_url": _beside(request, before=rows.earlier) if rows and rows.earlier else "",
        "later_url": _beside(request, after=rows.later) if rows and rows.later else "",
    }
    return render_page(request, "dashboards/customer_list.html", context)


def _beside(request: MemberRequest, **key: str) -> str:
    """The same list from another key on."""
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    query.update(key)
    return f"?{query.urlencode()}"


def _said(wish: Wish, reader: Reader, rows: Rows) -> str:
    """How many there are, counted only as far as is worth it; not at all when they are all in sight."""
    shown = len(rows.rows)
    in_all = counted(wish, reader) if rows.earlier or rows.later else shown
    if in_all > COUNTED:
        return _("%(shown)d of more than %(most)d") % {"shown": shown, "most": COUNTED}
    return _("%(shown)d of %(in_all)d") % {"shown": shown, "in_all": in_all}


def _cells(wish: Wish, reader: Reader) -> Iterator[list[object]]:
    zone = reader.organisation.tzinfo
    for row in every(wish, reader):
        customer, path = row.customer, row.path
        current = path.current if path else None
        yield [
            customer.key,
            customer.name,
            customer.segment or "",
            customer.use_case,
            customer.owner or "",
            path.enrolment.journey if path else "",
            current.name if current else "",
            path.stage if path else "",
            path.days_in_stage if path else "",
            path.enrolment.achieved_count if path else "",
            len(path.steps) if path else "",
            path.behind if path else "",
            row.last_call_at.astimezone(zone).date().isoformat() if row.last_call_at else "",
            row.next_will,
            row.next_due_on.isoformat() if row.next_due_on else "",
        ]
