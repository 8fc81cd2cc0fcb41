"""The menu after a win as one form: a line for each stage and kind."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from milestones import choosing
from milestones.models import Milestone, NextStep

Becomes = NextStep.Becomes


class NextStepsForm(forms.Form):
    """Words of each line, and what it becomes when somebody picks it."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers = choosing.menu()
        for offer in self.offers:
            name = f"{offer.stage}-{offer.kind}"
            self.fields[name] = forms.CharField(
                label=offer.name.capitalize(),
                max_length=200,
                required=False,
                initial=offer.words,
                widget=forms.Textarea(attrs={"rows": 1}),
            )
            self.fields[f"{name}-becomes"] = forms.ChoiceField(
                label=_("Becomes"),
                choices=Becomes.choices,
                initial=offer.becomes,
                widget=forms.Select(attrs={"class": "input input--inline"}),
            )

    @property
    def stages(self) -> list[tuple[str, list[tuple[forms.BoundField, forms.BoundField]]]]:
        """The fields as the page shows them."""
        return [
            (
                str(Milestone.Stage(stage).label),
                [(self[f"{stage}-{kind}"], self[f"{stage}-{kind}-becomes"]) for kind in NextStep.Kind.values],
            )
            for stage in Milestone.Stage.values
        ]

    @property
    def lines(self) -> dict[tuple[str, str], tuple[str, str]]:
        given = self.cleaned_data
        names = {(one.stage, one.kind): f"{one.stage}-{one.kind}" for one in self.offers}
        return {at: (given[name].strip(), given[f"{name}-becomes"]) for at, name in names.items()}
