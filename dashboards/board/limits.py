"""The limits of being stuck as they are typed: one for each milestone, one for all the others."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy

from dashboards.board.reading import Board
from milestones.models import Patience
from milestones.paces import Pace
from milestones.pacing import MOST_DAYS

PREFIX = "limit-"


class LimitsForm(forms.Form):
    """Empty: learned from the journey's own history."""

    def __init__(self, data: Any, *, board: Board) -> None:
        super().__init__(data, use_required_attribute=False)
        self.board = board
        by_hand = dict(
            Patience.objects.filter(journey=board.wish.journey).values_list("milestone_key", "days")
        )
        labels: dict[str, Any] = {m.key: m.name for m in board.milestones.values()}
        for key, label in {**labels, "": gettext_lazy("All the others")}.items():
            self.fields[PREFIX + key] = forms.IntegerField(
                label=label,
                required=False,
                min_value=1,
                max_value=MOST_DAYS,
                initial=by_hand.get(key),
                error_messages={"invalid": gettext_lazy("Write a whole number of days, or leave it empty.")},
                widget=forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"}),
            )

    @property
    def limits(self) -> dict[str, int | None]:
        return {name.removeprefix(PREFIX): days for name, days in self.cleaned_data.items()}

    @property
    def rows(self) -> Iterator[tuple[BoundField, Pace | None]]:
        """Each field, and what is known of the way to its milestone."""
        for name in self.fields:
            yield self[name], self.board.paces.get(name.removeprefix(PREFIX))
