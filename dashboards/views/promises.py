"""How promises from the sale were kept, by who made them and by message, with the rows behind each number."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from customers.forms import AttentionForm
from customers.models import Attention, Customer, Promise
from dashboards.figures.promises import (
    DEFINITIONS,
    ENDINGS,
    FEWEST,
    PromiseFigures,
    ended,
    promise_figures,
    promises_of,
)
from organisations.access import MemberRequest, member_required, reads_replica
from ui.addresses import whole_number
from ui.htmx import render_page
from ui.spreadsheets import csv_response

SHOWN = 50
TERMS = {**ENDINGS, "share": gettext_lazy("share kept"), "interval": gettext_lazy("interval")}
COLUMNS = (
    "customer", "promise", "seller", "message", "said_in", "promised_on", "due_on", "state", "ending",
    "settled_on",
)  # fmt: skip


@require_safe
@member_required
@reads_replica
def promises(request: MemberRequest) -> HttpResponseBase:
    today = localtime(request.now).date()
    wanted = _wanted(request)
    customer = get_object_or_404(Customer.objects, pk=wanted["customer"]) if "customer" in wanted else None
    rows = promises_of(wanted, today=today)
    if request.GET.get("format") == "csv":
        return csv_response("promises.csv", COLUMNS, _lines(rows.iterator(chunk_size=500)))
    report = promise_figures(today=today)
    shown = list(rows[: SHOWN + 1])
    context = {
        "nav": "customers",
        "report": report,
        "tables": [
            ("seller", _("By who promised"), report.by_seller, _("Who promised it")),
            ("message", _("By message"), report.by_message, _("Sales message")),
        ],
        "endings": ENDINGS.items(),
        "rows": [(row, ended(row)) for row in shown[:SHOWN]],
        "has_more": len(shown) > SHOWN,
        "wanted": wanted,
        "who": customer,
        "chosen": _chosen(wanted, report.by_seller),
        "terms": [(str(words), DEFINITIONS[name]) for name, words in TERMS.items()],
        "fewest": FEWEST,
        "attention": AttentionForm(instance=Attention.of(request.organisation)),
    }
    return render_page(request, "dashboards/promises.html", context)


def _wanted(request: HttpRequest) -> dict[str, Any]:
    """What the address asks for; nonsense asks for nothing."""
    found: dict[str, Any] = {
        name: value
        for name in ("seller", "message", "ending")
        if (value := request.GET.get(name, "").replace("\x00", "")[:200])
    }
    if customer := whole_number(request.GET.get("customer", "")):
        found["customer"] = customer
    if found.get("ending") not in ENDINGS:
        found.pop("ending", None)
    return found


def _chosen(wanted: dict[str, Any], sellers: Sequence[PromiseFigures]) -> list[str]:
    """The filter in words."""
    none = _("not said")
    named = {one.value: one.name or none for one in sellers}
    said = []
    if seller := wanted.get("seller"):
        said.append(named.get(seller, seller))
    if message := wanted.get("message"):
        said.append(none if message == "-" else message)
    if ending := wanted.get("ending"):
        said.append(str(ENDINGS[ending]))
    return said


def _lines(rows: Iterator[Promise]) -> Iterator[list[Any]]:
    for row in rows:
        yield [
            row.customer.name, row.words, row.who, row.message, row.said_in, row.promised_on, row.due_on,
            row.state, row.ending, row.settled_on,  # type: ignore[attr-defined]
        ]  # fmt: skip
