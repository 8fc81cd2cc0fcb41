"""What is done with many customers of a board at once: a page that shows it first, then the deed."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from dashboards.board.changing import MOST, Kind, Refusal, change, chosen, done_words, preview
from dashboards.board.reading import END, Board
from dashboards.views.board import BoardForm
from milestones import moving, pausing
from milestones.forms.enrolments import ticked_ids
from milestones.forms.pauses import PauseForm
from milestones.models import Enrolment, Journey
from milestones.pausing import WHY_LENGTH
from milestones.views.pauses import refusal_words
from organisations.access import MemberRequest, colleagues, csm_required
from organisations.models import User
from ui.htmx import render_page
from ui.toasts import toast


class OwnerForm(forms.Form):
    owner: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        queryset=None,
        label=gettext_lazy("New CSM"),
        required=False,
        empty_label=gettext_lazy("no CSM"),
        error_messages={"invalid_choice": gettext_lazy("Choose somebody who works here.")},
    )

    def __init__(self, *args: Any, request: MemberRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = colleagues(request.organisation, who_write=True)  # type: ignore[attr-defined]
        self.fields["owner"].initial = request.user.pk


class WhyForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why it ends"),
        max_length=WHY_LENGTH,
        error_messages={"required": gettext_lazy("Say why it ends; their timelines keep it.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class QuietForm(forms.Form):
    history = forms.BooleanField(
        label=gettext_lazy("Keep quiet about what newly counts"),
        required=False,
        initial=True,
        help_text=gettext_lazy("It counts, and nobody gets a celebration for it."),
    )


@csm_required
@require_POST
def board_changes(request: MemberRequest, journey: str) -> HttpResponseBase:
    """With `step=apply` it is done; else it is shown, for the ticked (`enrolment`, or `ids` of a preview
    before) or for everybody the filters find (`whom=all`). With `undo` in the address it is taken back."""
    found = get_object_or_404(Journey.objects.published(), slug=journey)
    if "undo" in request.GET:
        return _undone(request, found)
    kind = request.POST.get("change", "")
    if kind not in Kind.values:
        messages.error(request, _("Choose what to do with them. Nothing was changed."))
        return redirect(_board(request, found))
    enrolments = chosen(found, _ids(request, found))
    if not enrolments:
        messages.error(request, _("Tick at least one customer. Nothing was changed."))
        return redirect(_board(request, found))
    return _change(request, found, Kind(kind), enrolments)


def _change(
    request: MemberRequest, journey: Journey, kind: Kind, enrolments: list[Enrolment]
) -> HttpResponseBase:
    today, step = localdate(request.now, request.organisation.tzinfo), request.POST.get("step")
    form = _form(request, kind, is_bound=step is not None)
    is_valid = form.is_valid()
    seen = preview(kind, enrolments, form.cleaned_data if is_valid else {}, today=today)
    if is_valid and step == "apply" and seen.ready:
        said = {"today": today, "by": request.user, "now": request.now}
        n = change(kind, seen.ready, form.cleaned_data, organisation=request.organisation, **said)
        words = [done_words(kind) % {"n": n}]
        if stayed := len(enrolments) - n:
            words.append(_("%(n)d stay as they are.") % {"n": stayed})
        undo = _undo(request, journey) if kind in (Kind.PAUSE, Kind.VERSION, Kind.VARIANT) else ""
        toast(request, " ".join(words), undo=undo)
        return redirect(_board(request, journey))
    context = {
        "nav": "milestones",
        "journey": journey,
        "kind": kind,
        "form": form,
        "seen": seen,
        "refused": [(each.enrolment, _refusal(kind, each, today)) for each in seen.refused],
        "ids": ",".join(str(each.pk) for each in enrolments),
        "query": request.POST.get("query", ""),
        "back": _board(request, journey),
        "most": MOST,
        "is_cut": len(enrolments) == MOST,
    }
    status = 422 if step is not None and not (is_valid and seen.ready) else 200
    return render_page(request, "dashboards/board_changes.html", context, status=status)


def _refusal(kind: Kind, refusal: Refusal, today: date) -> str:
    return refusal_words(refusal.why, today) if refusal.why else _nothing_words(kind)


def _nothing_words(kind: Kind) -> str:
    if kind == Kind.VERSION:
        return _("They follow the newest version, or are judged no more.")
    if kind == Kind.VARIANT:
        return _("They follow what fits, several fit equally well, or they are on that journey as well.")
    return _("Its clock runs already.")


def _form(request: MemberRequest, kind: Kind, *, is_bound: bool) -> forms.Form:
    data = request.POST if is_bound else None
    today = localdate(request.now, request.organisation.tzinfo)
    if kind == Kind.OWNER:
        return OwnerForm(data, request=request, use_required_attribute=False)
    if kind == Kind.PAUSE:
        return PauseForm(data, today=today)
    if kind == Kind.END:
        return WhyForm(data, use_required_attribute=False)
    return QuietForm(data) if kind in (Kind.VERSION, Kind.VARIANT) else forms.Form(data)


def _ids(request: MemberRequest, journey: Journey) -> set[int]:
    if request.POST.get("whom") != "all":
        ids = [*request.POST.getlist("enrolment"), *request.POST.get("ids", "").split(",")]
        return set(sorted(ticked_ids(ids))[:MOST])
    asked = BoardForm(request, QueryDict(request.POST.get("query", "")))
    wish = asked.wish(request, journey)
    if wish is None:
        return set()
    key = asked.data.get("milestone")
    board = Board(wish)
    rows = board.rows(None if key is None or (key != END and key not in board.milestones) else [key])
    return set(rows.order_by("moved_at", "pk").values_list("pk", flat=True)[:MOST])


def _undo(request: MemberRequest, journey: Journey) -> str:
    where = reverse("dashboards:board_changes", args=[request.organisation.slug, journey.slug])
    return f"{where}?{urlencode({'undo': request.now.isoformat()})}"


def _undone(request: MemberRequest, found: Journey) -> HttpResponse:
    """Take back the pauses that this person made together at that moment, or move back whom they moved."""
    at = _moment(request.GET["undo"])
    said: dict[str, Any] = {"journey": found, "by": request.user, "now": request.now}
    if at and (gone := pausing.take_back_made(made_at=at, **said)):
        messages.success(request, _("%(n)d go on as if they had never been paused.") % {"n": len(gone)})
    elif at and (back := moving.move_back(moved_at=at, **said)):
        messages.success(request, _("%(n)d follow the version they came from.") % {"n": len(back)})
    else:
        messages.info(request, _("There is nothing to take back."))
    return redirect(_board(request, found))


def _moment(text: str) -> datetime | None:
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at and at.tzinfo else None


def _board(request: MemberRequest, journey: Journey) -> str:
    """The board as it was filtered; only a query string is taken from the form, never an address."""
    where = reverse("dashboards:board", args=[request.organisation.slug, journey.slug])
    query = QueryDict(request.POST.get("query", ""), mutable=True)
    query.pop("format", None)
    return f"{where}?{query.urlencode()}" if query else where
