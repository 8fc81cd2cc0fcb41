"""The call form: when and with whom, since last time, the conversation, the next call."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coaching.forms.inputs import ClockInput, DayInput, PeopleField
from coaching.forms.method import MethodForm
from coaching.forms.next_call import (
    InviteField,
    in_weeks,
    minutes_field,
    moment,
    place_field,
    within_reach,
)
from coaching.models import Challenge, ChallengeKind, Commitment, Resource, Touchpoint
from coaching.scheduling import Said, Terms
from customers.models import Contact, Customer
from ui.addresses import whole_number
from ui.moments import when_words

LONG = 5000
SAID = ("goal", "reality", "options", "words", "notes", "importance", "confidence", "minutes")


def words_field(label: Any) -> forms.CharField:
    """A few lines in the customer's own words."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 2, "class": "input words"}),
    )


def scale_field(label: Any) -> forms.TypedChoiceField:
    """A number of theirs from 0 to 10, or none."""
    return forms.TypedChoiceField(
        label=label,
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "–"), *((n, n) for n in range(11))],
        widget=forms.RadioSelect(),
        initial="",
    )


class CallForm(MethodForm):
    """A call that was held. Its commitments are rows of their own: see `commitment_rows`."""

    use_required_attribute = False
    token = forms.UUIDField(required=False, widget=forms.HiddenInput())
    version = forms.CharField(required=False, widget=forms.HiddenInput())
    held_on = forms.DateField(label=gettext_lazy("Day"), widget=DayInput())
    held_time = forms.TimeField(label=gettext_lazy("Time"), widget=ClockInput())
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"), required=False, min_value=1, max_value=24 * 60
    )
    contacts = PeopleField(
        None,
        label=gettext_lazy("On the call"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Somebody you ticked is no longer at this customer.")},
    )
    goal = words_field(gettext_lazy("Goal"))
    reality = words_field(gettext_lazy("Reality"))
    options = words_field(gettext_lazy("Options"))
    words = words_field(gettext_lazy("Their words"))
    importance = scale_field(gettext_lazy("Importance"))
    confidence = scale_field(gettext_lazy("Confidence"))
    notes = forms.CharField(
        label=gettext_lazy("Your notes"),
        required=False,
        max_length=2 * LONG,
        widget=forms.Textarea(attrs={"rows": 2, "class": "input"}),
    )
    next_call = forms.ChoiceField(label=gettext_lazy("Next call"), required=False, widget=forms.RadioSelect())
    next_on = forms.DateField(label=gettext_lazy("On another day"), required=False, widget=DayInput())
    next_time = forms.TimeField(label=gettext_lazy("Time"), required=False, widget=ClockInput())
    next_minutes = minutes_field()
    next_place = place_field()
    invite = InviteField()

    def __init__(
        self,
        *args: Any,
        now: datetime,
        customer: Customer,
        contacts: QuerySet[Contact],
        challenges: Sequence[Challenge] = (),
        since: Sequence[Commitment] = (),
        planned: Touchpoint | None = None,
        resources: Sequence[Resource] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.since, self.challenges = since, challenges
        self.offer(customer, challenges)
        self.offer_resources(resources, within_reach(contacts))
        self.fields["contacts"].queryset = contacts  # type: ignore[attr-defined]
        self.fields["invite"].queryset = within_reach(contacts)  # type: ignore[attr-defined]
        self.fields["next_call"].choices = self._next_choices(planned)  # type: ignore[attr-defined]
        for commitment in since:
            self.fields[f"settled-{commitment.pk}"] = forms.ChoiceField(
                label=commitment.will,
                required=False,
                choices=Settled.choices,
                widget=forms.RadioSelect(),
                initial=Commitment.State.OPEN,
            )

    def _next_choices(self, planned: Touchpoint | None) -> list[tuple[str, str]]:
        today = timezone.localdate(self.now)
        as_it_is = _("No date yet")
        if planned:
            as_it_is = _("As planned, %(when)s") % {"when": when_words(planned.due_at, now=self.now)}
        return [("", as_it_is), *in_weeks(today)]

    def since_rows(self) -> Iterator[tuple[Commitment, forms.BoundField]]:
        """Each commitment that was open, with the answer to it."""
        for commitment in self.since:
            yield commitment, self[f"settled-{commitment.pk}"]

    def challenge_rows(self) -> Iterator[tuple[Challenge, list[Any]]]:
        """Each challenge that is open, with its steps to tick."""
        boxes = {str(box.data["value"]): box for box in self["steps_done"]}
        for challenge in self.challenges:
            yield challenge, [boxes[str(step.pk)] for step in challenge.open_steps]

    @property
    def chosen_kind(self) -> ChallengeKind | None:
        """What is to be opened, so that the form shows what it brings."""
        kinds: QuerySet[ChallengeKind] = self.fields["challenge"].queryset  # type: ignore[attr-defined]
        pk = whole_number(str(self["challenge"].value() or ""))
        return kinds.filter(pk=pk).first() if pk else None

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        self._clean_held(values)
        self._clean_next(values)
        self.clean_method(values)
        return values

    def _clean_held(self, values: dict[str, Any]) -> None:
        if not (values.get("held_on") and values.get("held_time")):
            return
        values["held_at"] = moment(values["held_on"], values["held_time"])
        if values["held_at"] > self.now:
            self.add_error(
                "held_on",
                _("This is still to come. Log a call after it was held; plan one under “Next call”."),
            )

    def _clean_next(self, values: dict[str, Any]) -> None:
        """A day that was typed counts more than a choice of weeks."""
        day = values.get("next_on")
        if not day and values.get("next_call"):
            day = timezone.localdate(self.now) + timedelta(days=int(values["next_call"]))
        values["next_call_at"] = None
        if not day:
            if values.get("next_time"):
                self.add_error("next_on", _("Say on which day, or empty the time."))
            elif values.get("invite"):
                self.add_error("next_on", _("Say on which day the next call is, or invite nobody."))
            return
        values["next_call_at"] = moment(day, values.get("next_time") or values.get("held_time") or time(9))
        if values["next_call_at"] <= self.now:
            self.add_error("next_on", _("That is in the past. Choose a time that is still to come."))

    def says_something(self) -> bool:
        """Anything but when and with whom. Asked once the form is valid."""
        values = self.cleaned_data
        texts = any(values[name] not in ("", None) for name in SAID if name != "minutes")
        ways = bool(values["challenge"] or values["steps_done"] or values["send"])
        return texts or ways or any(state != Commitment.State.OPEN for state in self.settled().values())

    def said(self) -> Said:
        return Said(**{name: self.cleaned_data[name] for name in SAID})  # type: ignore[typeddict-item]

    def terms(self) -> Terms:
        """Of the next call. Nobody ticked leaves those invited who are."""
        values = self.cleaned_data
        place, invite = values["next_place"] or None, list(values["invite"]) or None
        return Terms(minutes=values["next_minutes"], place=place, invite=invite)

    def settled(self) -> dict[int, str]:
        return {
            commitment.pk: self.cleaned_data.get(f"settled-{commitment.pk}") or Commitment.State.OPEN
            for commitment in self.since
        }


class Settled:
    """How a commitment ended, in the order of the segments."""

    choices = [
        (Commitment.State.KEPT, gettext_lazy("Kept")),
        (Commitment.State.OPEN, gettext_lazy("Open")),
        (Commitment.State.NOT_KEPT, gettext_lazy("Not kept")),
    ]
