"""What the gallery shows: an invented organisation, its customers and their numbers."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.messages import ERROR, SUCCESS
from django.contrib.messages.storage.base import Message

from ui.charts import Bar, Span
from ui.curves import CohortRow, Curve, CurvePoint
from ui.figures import Rate
from ui.icons import ICONS
from ui.stones import Stone, StoneState

KESTREL = (
    Stone("First report trusted", StoneState.VERIFIED, "Verified 14 Nov", rings=3, widths=(1.2, 0.7, 0.9)),
    Stone("One decision a week", StoneState.MENDED, "Verified 19 Dec", rings=3, widths=(0.8, 1.3, 0.8)),
    Stone("Every depot opens with it", StoneState.EVIDENCED, "Evidenced 6 Mar", rings=4),
    Stone(
        "Questions answered in-house",
        StoneState.GROWING,
        "1 of 3",
        rings=3,
        met=1,
        warning="2 days past target",
        is_current=True,
    ),
    Stone("Empty kilometres down a fifth", StoneState.NOT_YET, "Target 29 May", rings=4),
    Stone("Runs without us", StoneState.NOT_YET, "Target 31 Jul", rings=3, target_ahead=True),
)
ALL_STATES = (
    Stone("First report trusted", StoneState.VERIFIED, "Verified", rings=3),
    Stone("One decision a week", StoneState.MENDED, "Verified after a contest", rings=4),
    Stone("Every depot opens with it", StoneState.EVIDENCED, "Evidenced", rings=3),
    Stone("Questions answered in-house", StoneState.CLAIMED, "Claimed", rings=3),
    Stone("New depot joins alone", StoneState.CONTESTED, "Contested", rings=3),
    Stone(
        "Empty kilometres down", StoneState.GROWING, "2 of 4", rings=4, met=2, warning="2 days past target"
    ),
    Stone("Runs without us", StoneState.NOT_YET, "Not yet", rings=3, target_ahead=True),
)
FINISHED = tuple(
    Stone(name, StoneState.VERIFIED, said, rings=rings)
    for name, said, rings in (
        ("First report trusted", "Verified 14 Nov", 3),
        ("One decision a week", "Verified 19 Dec", 3),
        ("Every depot opens with it", "Verified 12 Mar", 4),
        ("Questions answered in-house", "Verified 9 Apr", 3),
        ("Empty kilometres down a fifth", "Verified 29 May", 4),
    )
)
MEANINGS = (
    ("not_yet", "Not yet", "A seed in a dotted outline. The stone’s place is kept, nothing is promised."),
    ("growing", "In progress", "Solid rings are criteria met, dotted rings are still to come."),
    ("claimed", "Claimed", "A whole outline, empty. Somebody says so; nothing shows it yet."),
    ("evidenced", "Evidenced", "Filled from below to half. A metric or a document shows it."),
    ("verified", "Verified", "All rings and the bark. The customer said yes, or the rule is met."),
    ("contested", "Contested", "Open, with a notch. The customer disagrees; the celebration waits."),
    ("mended", "Verified after a contest", "Full again, and the seam stays visible."),
)
STEPS = (
    (14, 0.02),
    (19, 0.1),
    (23, 0.18),
    (27, 0.31),
    (31, 0.52),
    (38, 0.64),
    (47, 0.78),
    (60, 0.9),
    (82, 0.94),
)


@dataclass(frozen=True)
class Harbour:
    """An organisation, as far as the bar goes."""

    slug: str = "harbour"
    name: str = "Harbour Analytics"


@dataclass(frozen=True)
class Mara:
    """A member, as far as the bar goes."""

    role: str = "admin"
    get_role_display: str = "admin"
    can_write: bool = True


class SampleForm(forms.Form):
    """One field of every kind. Bound with mistakes, it shows how they look."""

    name = forms.CharField(label="Name of the customer", max_length=40, help_text="As they write it.")
    target = forms.IntegerField(label="Target", min_value=1, help_text="Days after the start.")
    words = forms.CharField(
        label="In their words",
        required=False,
        help_text="Quote, do not summarise.",
        widget=forms.Textarea(attrs={"class": "words", "rows": 2}),
    )
    csm = forms.ChoiceField(label="CSM", choices=[("1", "Mara Lindqvist"), ("2", "Idris Bello")])
    commitment = forms.ChoiceField(
        label="Commitment",
        choices=[("kept", "Kept"), ("open", "Open"), ("not", "Not kept")],
        widget=forms.RadioSelect,
    )
    tell = forms.BooleanField(label="Tell the CSM when it is contested", required=False)
    verified = forms.BooleanField(label="Verified only", required=False)
    file = forms.FileField(label="Customers as CSV", required=False, help_text="Up to 1 GB.")


def _curve(delay: int = 0) -> list[CurvePoint]:
    return [
        CurvePoint(
            day + delay, share, max(0, share - 0.04 - 0.1 * share), min(1, share + 0.05 + 0.06 * share)
        )
        for day, share in STEPS
    ]


def _charts(now: datetime) -> dict[str, Any]:
    opens = now.replace(hour=8, minute=30, second=0, microsecond=0)

    def span(begin: float, hours: float, label: str, is_call: bool = True) -> Span:
        begins = opens + timedelta(hours=begin)
        return Span(begins, begins + timedelta(hours=hours), label, is_call=is_call)

    return {
        "months": [Bar(label, value) for label, value in zip("ONDJF", (8, 11, 9, 14, 12), strict=True)]
        + [Bar("M", 17, is_marked=True)],
        "funnel": [
            Bar("First report trusted", 79),
            Bar("One decision a week", 70),
            Bar("Every depot opens with it", 61),
            Bar("Questions answered in-house", 38, is_marked=True),
            Bar("Empty kilometres down", 29),
            Bar("Runs without us", 22),
        ],
        "curve": Curve(
            _curve(),
            horizon=90,
            target=35,
            median=31,
            median_words="Half by day 31 (27 to 37)",
            label="This quarter",
            base=_curve(12),
            base_label="Frozen baseline",
            n=70,
            other=[replace(point, share=point.share**0.9) for point in _curve()],
            at_risk={0: 70, 15: 61, 30: 38, 45: 21, 60: 13, 75: 9, 90: 4},
        ),
        "cohorts": [
            CohortRow("Oct", 14, (0.07, 0.36, 0.64, 0.86)),
            CohortRow("Nov", 11, (0.09, 0.45, 0.73, 0.82)),
            CohortRow("Dec", 9, (0.11, 0.56, 0.78, None)),
            CohortRow("Jan", 16, (0.13, 0.63, None, None)),
        ],
        "months_after": ("1 mo", "2 mo", "3 mo", "4 mo"),
        "day_begins": opens,
        "day_ends": opens + timedelta(hours=8),
        "day_now": opens + timedelta(minutes=38),
        "spans": [
            span(0.5, 0.75, "9:00 Kestrel"),
            span(1.5, 1, "10:00 outbox, Ostra", is_call=False),
            span(2.75, 0.5, "11:15 Lumen"),
            span(4.25, 0.75, "12:45 Saltmarsh"),
            span(5.25, 1.2, "13:45 Tidewell, Alder", is_call=False),
        ],
        "spark": (31.4, 31.6, 30.8, 31.0, 30.1, 29.6, 29.7, 28.9, 28.2, 28.3, 27.5, 27.1),
    }


def samples(*, now: datetime) -> dict[str, Any]:
    """The gallery's context."""
    faulty = {
        "name": "",
        "target": "0",
        "words": "“Gdynia and Brno still wait.”",
        "csm": "1",
        "commitment": "kept",
    }
    return {
        "organisation": Harbour(),
        "member": Mara(),
        "nav": "customers",
        "kestrel": KESTREL,
        "all_states": ALL_STATES,
        "finished": FINISHED,
        "meanings": MEANINGS,
        "form": SampleForm(faulty, auto_id="faulty_%s"),
        "clean_form": SampleForm(initial={"name": "Kestrel Freight", "csm": "1", "commitment": "open"}),
        "rate": Rate(57, 84, 0.573, 0.768, 0.75),
        "few": Rate(3, 96, 0.011, 0.088),
        "said": [
            Message(SUCCESS, "Call saved. Two commitments made."),
            Message(ERROR, "It could not be kept. Your words are still here."),
        ],
        "icons": sorted(ICONS),
        "scale": range(11),
        "accents": ("lemon", "fuchsia", "night"),
        "moments": [now, now - timedelta(days=1), now + timedelta(days=4), now - timedelta(days=400)],
        "ramp": ("n0", "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8"),
        "meanings_of_colour": ("accent-ink", "accent-line", "accent-tint", "good", "warn", "bad", "seam"),
        **_charts(now),
    }
