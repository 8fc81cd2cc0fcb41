"""One criterion in the journey editor: a sentence whose gaps are fields, a kind has its own."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.utils import ErrorDict, ErrorList
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from milestones.editing import MOST_CRITERIA
from milestones.models import Criterion
from milestones.models.wording import FIELDS, WAYS
from milestones.outlines import CriterionOutline, MetricOutline

BADGES = {
    "claim": (_("CSM"), ""),
    "confirmation": (_("customer"), "badge--good"),
    "support": (_("help desk"), "badge--accent"),
    "survey": (_("survey"), "badge--accent"),
}


class Shown(forms.Form):
    """Shows values as they are, with what was found about them, and validates nothing itself."""

    found: Mapping[str, list[str]] = {}

    def __init__(self, values: Mapping[str, Any], found: Mapping[str, list[str]], **kwargs: Any) -> None:
        self.found = found
        super().__init__(dict(values), use_required_attribute=False, **kwargs)

    def full_clean(self) -> None:
        self._errors = ErrorDict(
            {name: ErrorList(said) for name, said in self.found.items() if name in self.fields}
        )
        self.cleaned_data = {}


def _gap(label: Any, size: str = "6", most: int = 40, mode: str = "decimal") -> forms.CharField:
    attrs = {"class": "input input--inline", "size": size, "autocomplete": "off", "aria-label": label}
    return forms.CharField(label=label, max_length=most, widget=forms.TextInput(attrs | {"inputmode": mode}))


def _choice(label: Any, choices: Iterable[Any] = ()) -> forms.CharField:
    attrs = {"class": "input input--inline", "aria-label": label}
    return forms.CharField(label=label, widget=forms.Select(choices=list(choices), attrs=attrs))


class CriterionForm(Shown):
    """Only the fields of its kind are there."""

    kind = forms.CharField(widget=forms.HiddenInput())
    metric = _choice(_("Metric"))
    operator = _choice(_("Compared"), Criterion.Operator.choices)
    threshold = _gap(_("Value"))
    way = _choice(_("How it is meant"))
    days = _gap(_("Days"), "4", mode="numeric")
    holds_days = _gap(_("Days a reading holds"), "4", mode="numeric")
    answers = _gap(_("Number of answers"), "4", mode="numeric")
    scale_low = _gap(_("Lowest answer"), "3")
    scale_high = _gap(_("Highest answer"), "3")
    urgency = _gap(_("Urgency, empty for every case"), "10", mode="text")

    def __init__(self, *args: Any, metrics: Sequence[MetricOutline], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_of = self.data.get(self.add_prefix("kind"), "")
        for name in [name for name in self.fields if name not in ("kind", *FIELDS.get(self.is_of, ()))]:
            del self.fields[name]
        if "metric" in self.fields:
            self._offer_metrics(metrics)
        if "way" in self.fields:
            self._offer_ways()
        self.badge, self.badge_css = BADGES.get(self.is_of, (_("metric"), "badge--accent"))

    def _offer_metrics(self, metrics: Sequence[MetricOutline]) -> None:
        chosen = self.data.get(self.add_prefix("metric"), "")
        known = {one.key: one for one in metrics}
        choices: list[tuple[str, Any]] = [(one.key, one.name or one.key) for one in metrics]
        if chosen not in known:
            choices.insert(0, (chosen, chosen or _("choose a metric")))
        self.fields["metric"].widget.choices = choices
        self.unit = known[chosen].unit if chosen in known else ""

    def _offer_ways(self) -> None:
        chosen = self.data.get(self.add_prefix("way"), "")
        choices: list[tuple[str, Any]] = [(way.value, way.label) for way in WAYS[self.is_of]]
        if self.is_of == Criterion.Kind.CLAIM:
            choices.insert(0, ("", _("any evidence")))
        elif chosen not in WAYS[self.is_of]:
            choices.insert(0, (chosen, chosen or _("choose how it is meant")))
        self.fields["way"].widget.choices = choices

    @property
    def is_counted(self) -> bool:
        """Its amount is a plain number, whatever the metric's unit."""
        return str(self.data.get(self.add_prefix("way"), "")).endswith(("count", "percent"))


def criterion_form(
    criterion: CriterionOutline, at: int, found: Mapping[str, list[str]], metrics: Sequence[MetricOutline]
) -> CriterionForm:
    """The criterion at this place, with what was found about it."""
    prefix = f"criterion-{at}"
    names = ("kind", *FIELDS.get(criterion.kind, ()))
    values = {f"{prefix}-{name}": getattr(criterion, name) for name in names}
    own = {
        name.removeprefix(f"{prefix}-"): said for name, said in found.items() if name.startswith(f"{prefix}-")
    }
    return CriterionForm(values, own, prefix=prefix, metrics=metrics)


def criteria_from(post: QueryDict) -> Iterable[CriterionOutline]:
    """The criteria that a posted form of the editor says, in its order."""
    for at in range(1, MOST_CRITERIA + 1):
        if kind := plain_text(post.get(f"criterion-{at}-kind", "")):
            said = {name: plain_text(post.get(f"criterion-{at}-{name}", "")) for name in FIELDS.get(kind, ())}
            yield CriterionOutline(kind, **said)


def plain_text(typed: str) -> str:
    """As typed, without what no database keeps."""
    return typed.replace("\x00", "").replace("\r\n", "\n").strip()
