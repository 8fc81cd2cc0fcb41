"""A journey's baselines: what would be frozen on a day, what was, and the button that freezes it."""

from datetime import date

from django import forms
from django.contrib import messages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboards.figures import baselines
from milestones.baselining import NotFrozen
from milestones.models import Journey
from organisations.access import MemberRequest, manager_required
from ui.htmx import render_page

FIRST_DAY = date(2000, 1, 1)


class DayForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("Last day that counts"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["on"].validators += [MinValueValidator(FIRST_DAY), MaxValueValidator(today)]
        self.fields["on"].initial = today


@manager_required
def baseline(request: MemberRequest, journey: str) -> HttpResponse:
    """GET measures a day and shows it; POST freezes that day."""
    chosen = get_object_or_404(Journey.objects.published(), slug=journey)
    today = localdate(request.now, request.organisation.tzinfo)
    form = DayForm(request.POST or request.GET or None, today=today)
    measured, on = None, today
    if form.is_valid():
        on = form.cleaned_data["on"]
        if request.method == "POST" and _frozen(request, chosen, on):
            return redirect("dashboards:baseline", request.organisation.slug, chosen.slug)
        measured = baselines.measure(request.organisation, chosen, on)
    elif not form.is_bound:
        measured = baselines.measure(request.organisation, chosen, today)
    context = {
        "nav": "milestones",
        "journey": chosen,
        "form": form,
        "on": on,
        "measured": measured,
        "baselines": baselines.every(chosen),
    }
    status = 422 if request.method == "POST" else 200
    return render_page(request, "dashboards/baseline.html", context, status=status)


def _frozen(request: MemberRequest, journey: Journey, on: date) -> bool:
    try:
        baselines.freeze(
            organisation=request.organisation, journey=journey, on=on, by=request.user, now=request.now
        )
    except NotFrozen as error:
        messages.error(request, str(error))
        return False
    messages.success(request, _("The baseline of %(day)s is frozen.") % {"day": date_format(on)})
    return True
