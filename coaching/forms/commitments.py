"""Commitments in the call form: "when X, Y will Z, by a date", one row each."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coaching.forms.inputs import DayInput
from coaching.forms.typed import Fields
from coaching.scheduling import NewCommitment
from customers.models import Contact
from organisations.models import User

MOST = 20
AT_FIRST = 2
ROW = re.compile(r"^commitment-(\d{1,3})-")


@dataclass(frozen=True)
class People:
    """Who can promise something: the people there, and us."""

    contacts: Sequence[Contact]
    us: Sequence[User]

    def choices(self) -> list[tuple[Any, Any]]:
        there = [(f"contact-{contact.pk}", contact.name) for contact in self.contacts]
        us = [(f"user-{user.pk}", user.name) for user in self.us]
        return [(_("Them"), there), (_("Us"), us)] if there else us

    def named(self, choice: str) -> User | Contact:
        kind, pk = choice.split("-")
        rows: Sequence[User | Contact] = self.contacts if kind == "contact" else self.us
        return next(row for row in rows if row.pk == int(pk))


def line(placeholder: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"placeholder": placeholder, "autocomplete": "off", "class": "input"})


class CommitmentForm(forms.Form):
    use_required_attribute = False
    when = forms.CharField(
        label=_("When"),
        max_length=200,
        required=False,
        widget=forms.TextInput(
            attrs={"placeholder": _("When … happens"), "autocomplete": "off", "class": "input"}
        ),
    )
    will = forms.CharField(
        label=_("will"),
        max_length=300,
        required=False,
        widget=line(_("will …")),
    )
    who = forms.ChoiceField(label=_("Who"), required=False, widget=forms.Select(attrs={"class": "input"}))
    due_on = forms.DateField(label=_("By"), required=False, widget=DayInput(**{"class": "input"}))

    def __init__(self, *args: Any, people: People, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        self.fields["who"].choices = people.choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if not values.get("will") and not self.has_error("will") and self.is_begun:
            self.add_error("will", _("Say what will be done, or empty this line."))
        if values.get("will") and not values.get("who") and not self.has_error("who"):
            self.add_error("who", _("Say who will do it."))
        return values

    @property
    def is_begun(self) -> bool:
        """Something is typed in it; who is always chosen and says nothing."""
        source: Mapping[str, Any] = self.data if self.is_bound else self.initial
        names = [self.add_prefix(n) if self.is_bound else n for n in ("when", "will", "due_on")]
        return any(source.get(name) for name in names)

    def commitment(self) -> NewCommitment | None:
        """What was agreed, once the form is valid. None for an empty row."""
        values = self.cleaned_data
        if not values["will"]:
            return None
        return NewCommitment(
            will=values["will"],
            owner=self.people.named(values["who"]),
            when=values["when"],
            due_on=values["due_on"],
        )


def commitment_rows(
    people: People, *, data: Mapping[str, Any] | None = None, fields: Fields | None = None, more: int = 0
) -> list[CommitmentForm]:
    """The rows of a form that was sent (`data`), or of one to type on (`fields`); never fewer than two."""
    names = data if data is not None else fields or {}
    indexes = [int(found[1]) for name in names if (found := ROW.match(name))]
    count = min(MOST, max(AT_FIRST, *(index + 1 for index in indexes), 0) + more)
    if data is not None:
        return [CommitmentForm(data, prefix=f"commitment-{n}", people=people) for n in range(count)]
    return [
        CommitmentForm(prefix=f"commitment-{n}", people=people, initial=_initial(fields or {}, n))
        for n in range(count)
    ]


def _initial(fields: Fields, row: int) -> dict[str, str]:
    prefix = f"commitment-{row}-"
    return {
        name.removeprefix(prefix): values[-1]
        for name, values in fields.items()
        if name.startswith(prefix) and values
    }
