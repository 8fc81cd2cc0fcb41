"""Coaching measured by outcomes: landmark comparisons, commitments kept by their date, goals attained."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.http.response import HttpResponseBase
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dashboards.figures import held_to
from dashboards.figures.coached import DEFINITIONS, Coached, Question
from dashboards.figures.kept import HALF_A_YEAR, CoachingAnswer, busiest_first, coaching_answer
from dashboards.figures.wishes import Wish
from milestones.landmarks import FEWEST, FEWEST_REACHED
from milestones.models import Journey
from organisations.access import MemberRequest, member_required, reads_replica
from ui.htmx import render_page
from ui.spreadsheets import csv_response

TERMS = {
    "landmark": gettext_lazy("Landmark"),
    "coached": gettext_lazy("Coached"),
    "share": gettext_lazy("Share"),
    "difference": gettext_lazy("Difference"),
    "interval": gettext_lazy("Interval"),
    "cannot tell": gettext_lazy("Cannot tell yet"),
    "cause": gettext_lazy("No cause"),
}
COLUMNS = (
    "about", "who", "n_coached", "n_others", "reached", "share_coached", "share_others", "difference", "low",
    "high", "from_day", "by_day",
)  # fmt: skip


class QuestionForm(forms.Form):
    """The question, as the address asks it. What is missing or odd falls back to what is usual."""

    journey: "forms.ModelChoiceField[Journey]" = forms.ModelChoiceField(
        None, to_field_name="slug", label=gettext_lazy("Journey"), empty_label=None
    )
    milestone = forms.ChoiceField(label=gettext_lazy("Milestone"))
    landmark = forms.IntegerField(label=gettext_lazy("Coached by day"), min_value=1, max_value=730)
    until = forms.IntegerField(label=gettext_lazy("Reached by day"), min_value=2, max_value=1460)
    calls = forms.IntegerField(label=gettext_lazy("Calls at least"), min_value=1, max_value=50)

    def __init__(self, given: Any, journeys: Sequence[Journey], chosen: Journey, milestones: Any) -> None:
        first = next((one for one in milestones if (one.target_days or 0) > 45), milestones[0])
        usual = {
            "journey": chosen.slug,
            "milestone": first.key,
            "landmark": "30",
            "until": str(max(120, 2 * (first.target_days or 0))),
            "calls": "1",
        }
        super().__init__(usual | {name: value for name, value in given.items() if value})
        self.fields["journey"].queryset = Journey.objects.filter(pk__in=[j.pk for j in journeys])  # type: ignore[attr-defined]
        self.fields["milestone"].choices = [(one.key, one.name) for one in milestones]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("landmark") and given.get("until") and given["until"] <= given["landmark"]:
            self.add_error("until", _("Ask for a day after the landmark."))
        return given


@require_safe
@member_required
@reads_replica
def coaching_outcomes(request: MemberRequest) -> HttpResponseBase:
    """The question stands in the address."""
    today = localdate(request.now, request.organisation.tzinfo)
    form, coached = _asked(request)
    answer = coaching_answer(coached) if coached else None
    whole, lines = held_to.held_to(request.organisation, today=today)
    if request.GET.get("format") == "csv":
        return csv_response("coaching-outcomes.csv", COLUMNS, _lines(answer))
    context = {
        "nav": "coaching",
        "form": form,
        "question": coached.question if coached else None,
        "answer": answer,
        "split": today - HALF_A_YEAR,
        "whole": whole,
        "lines": lines,
        "fewest": FEWEST,
        "fewest_reached": FEWEST_REACHED,
        "fewest_customers": held_to.FEWEST,
        "terms": [(str(words), DEFINITIONS[name]) for name, words in TERMS.items()],
        "more_terms": list(held_to.DEFINITIONS.values()),
    }
    return render_page(request, "dashboards/coaching_outcomes.html", context)


def _asked(request: MemberRequest) -> tuple[QuestionForm | None, Coached | None]:
    """None of both where there is no journey yet."""
    journeys = busiest_first(request.organisation)
    wanted = request.GET.get("journey")
    chosen = next((one for one in journeys if one.slug == wanted), journeys[0] if journeys else None)
    if chosen is None:
        return None, None
    today = localdate(request.now, request.organisation.tzinfo)
    wish = Wish(request.organisation, chosen, today)
    milestones = list({one.key: one for one in reversed(wish.milestones)}.values())[::-1]
    form = QuestionForm(request.GET, journeys, chosen, milestones)
    if not form.is_valid():
        return form, None
    given = form.cleaned_data
    coached = Coached(Question(wish, given["milestone"], given["landmark"], given["until"], given["calls"]))
    if request.GET.get("calls"):
        return form, coached
    middle = coached.middle
    form = QuestionForm({**request.GET.dict(), "calls": str(middle)}, journeys, chosen, milestones)
    form.is_valid()
    return form, coached.asking(middle)


def _lines(answer: CoachingAnswer | None) -> Iterator[list[Any]]:
    if answer is None:
        return
    found = [("all", answer.all), *(("csm", one) for one in answer.by_owner)]
    found += [*(("guide", one) for one in answer.by_guide), ("start cohort", answer.since)]
    for about, one in found:
        effect = one.effect
        told = effect.can_tell
        yield [
            about, one.name, effect.treated.n, effect.others.n, effect.reached,
            *((effect.treated_share, effect.others_share, effect.difference) if told else (None,) * 3),
            effect.low, effect.high, effect.at, effect.until,
        ]  # fmt: skip
