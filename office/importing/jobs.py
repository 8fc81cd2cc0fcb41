"""From an import to the job and the kind that do its work."""

from collections.abc import Sequence
from datetime import datetime

from office.importing.kinds.achievements import Achievements
from office.importing.kinds.base import Job, Kind
from office.importing.kinds.cases import Cases
from office.importing.kinds.contacts import Contacts
from office.importing.kinds.customers import Customers
from office.importing.kinds.enrolments import Enrolments
from office.importing.kinds.promises import Promises
from office.importing.kinds.readings import Readings
from office.importing.kinds.subscriptions import Subscriptions
from office.importing.kinds.transactions import Transactions
from office.importing.mapping import Column
from office.models import Import
from organisations.models import Organisation

KINDS: dict[str, type[Kind]] = {
    Import.Kind.CUSTOMERS: Customers,
    Import.Kind.CONTACTS: Contacts,
    Import.Kind.ENROLMENTS: Enrolments,
    Import.Kind.READINGS: Readings,
    Import.Kind.TRANSACTIONS: Transactions,
    Import.Kind.SUBSCRIPTIONS: Subscriptions,
    Import.Kind.CASES: Cases,
    Import.Kind.ACHIEVEMENTS: Achievements,
    Import.Kind.PROMISES: Promises,
}


def job_of(
    organisation: Organisation, import_: Import, columns: Sequence[Column], *, now: datetime, part: int = 0
) -> Job:
    return Job(
        organisation=organisation,
        import_id=import_.pk,
        source=import_.source,
        columns={column.target: column for column in columns},
        by=import_.made_by,
        now=now,
        is_history=import_.is_history,
        part=part,
    )


def kind_of(import_: Import, job: Job) -> Kind:
    return KINDS[import_.kind](job)
