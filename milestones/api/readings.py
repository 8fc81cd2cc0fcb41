"""Readings in, judged in the same transaction; and people who leave, of whom nobody waits for an answer."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.response import Response

from customers import api as customers
from customers.models import Contact, Customer, Metric, Reading
from customers.recording import NewReading
from milestones import judging, verifying
from ui.api.fields import Day, Moment, Number, Strict, Text, YesNo
from ui.api.resources import act

MOST = 1000
AHEAD = timedelta(minutes=5)  # clocks differ


class RowGiven(Strict):
    customer = Text(max_length=120, help_text=gettext_lazy("Their key."))
    metric = Text(max_length=80, help_text=gettext_lazy("Its key."))
    at = Moment(help_text=gettext_lazy("When it was so."))
    value = Number()
    external_id = Text(
        max_length=200,
        required=False,
        allow_blank=True,
        help_text=gettext_lazy("Your id of it. Without one, customer, metric and time are."),
    )


class BatchGiven(Strict):
    source = Text(max_length=60, help_text=gettext_lazy("Where they come from; keeps ids of systems apart."))
    rows = serializers.ListField(child=RowGiven(), min_length=1, max_length=MOST)
    history = YesNo(
        required=False,
        default=False,
        help_text=gettext_lazy("What is reached by them is counted, and not celebrated by itself."),
    )


class RowStored(Strict):
    id = serializers.IntegerField()
    end = serializers.ChoiceField(["new", "changed", "unchanged"])


class BatchStored(Strict):
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    achieved = serializers.ListField(
        child=serializers.IntegerField(), help_text=gettext_lazy("Achievements that are new.")
    )
    withdrawn = serializers.ListField(child=serializers.IntegerField())
    rows = RowStored(many=True, help_text=gettext_lazy("How each row ended, in the order given."))


class Readings(customers.Readings):
    # With the way in. (The docstring is the parent's.)
    def create(self, request: Any) -> Response:
        """Store up to 1,000 readings and judge them, all or none. The same again changes nothing."""
        given = self.given(BatchGiven)
        readings = self._readings(given["rows"])
        source, names = given["source"], [reading.identity for reading in readings]
        before = Reading.objects.standing().ids_of(source, names)
        outcome = judging.record(
            readings, organisation=self.organisation, source=source, history=given["history"], **self.actor
        )
        after = Reading.objects.standing().ids_of(source, names)
        stored = outcome.recorded
        answer = {
            "new": stored.new,
            "changed": stored.changed,
            "unchanged": stored.unchanged,
            "achieved": outcome.judged.achieved,
            "withdrawn": outcome.judged.withdrawn,
            "rows": [{"id": after[name], "end": _end(before.get(name), after[name])} for name in names],
        }
        return Response(answer, status=201)

    create.takes, create.gives = BatchGiven, BatchStored  # type: ignore[attr-defined]

    def _readings(self, rows: list[dict[str, Any]]) -> list[NewReading]:
        """Each row as the verb takes it; who and what is looked up at once. Refuses what there is not."""
        who = _ids(Customer.objects.all(), {row["customer"] for row in rows})
        what = _ids(Metric.objects.all(), {row["metric"] for row in rows})
        faults: dict[int, dict[str, Any]] = {}
        for place, row in enumerate(rows):
            fault = {}
            if row["customer"] not in who:
                fault["customer"] = gettext_lazy("There is no customer with this key.")
            if row["metric"] not in what:
                fault["metric"] = gettext_lazy("There is no such metric. The list of metrics has their keys.")
            if row["at"] > self.actor["now"] + AHEAD:
                fault["at"] = gettext_lazy("This time has not come yet.")
            if fault:
                faults[place] = fault
        if faults:
            raise serializers.ValidationError({"rows": faults})
        return [
            NewReading(
                who[row["customer"]], what[row["metric"]], row["at"], row["value"], row.get("external_id", "")
            )
            for row in rows
        ]


class ContactLeavingGiven(Strict):
    on = Day(help_text=gettext_lazy("Their last day there."))


class Contacts(customers.Contacts):
    @act("leaving", ContactLeavingGiven)
    def leaving(self, given: dict[str, Any], contact: Contact) -> Contact:
        """They work there no more: no mails, no open questions. What they said stays."""
        verifying.contact_left(contact=contact, **given, **self.actor)
        return contact


def _ids(rows: QuerySet[Any], keys: set[str]) -> dict[str, int]:
    return dict(rows.filter(key__in=keys).values_list("key", "pk"))


def _end(before: int | None, after: int) -> str:
    if before is None:
        return "new"
    return "unchanged" if before == after else "changed"
