"""Files on their way in, and customers who leave, for machines."""

from io import BytesIO
from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from customers import api as customers
from customers.models import Customer
from office import importing, parting, tasks
from office.models import Import
from organisations.models import Role
from ui.api.fields import Day, Filters, Shown, Strict, Text, YesNo
from ui.api.problems import Refused, refusing
from ui.api.resources import Resource, act, takes
from ui.waking import wake

LONGEST = 4_000_000  # characters; larger files go through the page or the command


class ImportShown(Shown):
    class Meta:
        model = Import
        fields = (
            "id", "kind", "source", "file_name", "file_bytes", "state", "state_why", "is_history",
            "is_partial", "is_dry_run", "counts", "made_at", "made_by", "finished_at",
        )  # fmt: skip


class ImportGiven(Strict):
    kind = serializers.ChoiceField(Import.Kind.choices)
    text = Text(
        max_length=LONGEST, trim_whitespace=False, help_text=gettext_lazy("The file, CSV, up to 4 MB.")
    )
    file_name = Text(max_length=255, required=False, default="api.csv")
    source = Text(max_length=60, required=False, default="api")
    mapping = serializers.DictField(
        required=False,
        default=dict,
        help_text=gettext_lazy("As in the mapping file; left out: by column names."),
    )
    is_history = YesNo(required=False, default=False)
    is_partial = YesNo(required=False, default=False)
    is_dry_run = YesNo(required=False, default=False)
    apply_at_once = YesNo(required=False, default=False)


class ApplicationGiven(Strict):
    partial = YesNo(required=False, default=False, help_text=gettext_lazy("The good rows alone."))


class ImportFilters(Filters):
    kind = serializers.ChoiceField(Import.Kind.choices, required=False)
    state = serializers.ChoiceField(Import.State.choices, required=False)


WISHES = ("is_history", "is_partial", "is_dry_run", "apply_at_once")


class Imports(Resource):
    """Files on their way in: checked first, then applied."""

    model, room = Import, "office"
    reads = writes = Role.MANAGER
    serializer_class = ImportShown
    filters = ImportFilters

    @takes(ImportGiven, status=201)
    def create(self, given: dict[str, Any]) -> Import:
        """Bring a file in. It is checked by the worker; ask for it again to see how it went."""
        wishes = importing.Wishes(**{name: given.pop(name) for name in WISHES})
        file = BytesIO(given.pop("text").encode())
        try:
            made = importing.start(
                organisation=self.organisation, file=file, wishes=wishes, **given, **self.actor
            )
        except importing.WrongMapping as refusal:
            raise Refused(refusal, field="mapping", status=422) from refusal
        return self._woken(made)

    @act("application", ApplicationGiven)
    def application(self, given: dict[str, Any], row: Import) -> Import:
        """Store what the check found good."""
        with refusing(importing.NotPossible):
            importing.ask_to_apply(row, now=self.actor["now"], **given)
        return self._woken(row)

    @act("cancellation")
    def cancellation(self, given: dict[str, Any], row: Import) -> Import:
        """Call it off, until it is applied."""
        with refusing(importing.NotPossible):
            importing.cancel(row, now=self.actor["now"])
        return row

    @act("retry")
    def retry(self, given: dict[str, Any], row: Import) -> Import:
        """Go on with one that failed."""
        with refusing(importing.NotPossible):
            importing.try_again(row)
        return self._woken(row)

    def _woken(self, row: Import) -> Import:
        wake(tasks.work_on_import, organisation_id=self.organisation.pk, import_id=row.pk)
        return row


class CustomerLeavingGiven(Strict):
    on = Day()
    why = Text(max_length=200)


class Customers(customers.Customers):
    @act("leaving", CustomerLeavingGiven)
    def leaving(self, given: dict[str, Any], customer: Customer) -> Customer:
        """They leave on a day, for a reason, and so do their enrolments."""
        parting.customer_leaves(customer=customer, **given, **self.actor)
        return customer
