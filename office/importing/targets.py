"""What a file's columns can become: the target columns of every kind of import."""

from collections.abc import Mapping as Mappings
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from office.importing import cells
from office.importing.cells import Parser
from office.models import Import

FIELDS = "fields."  # customers only: fields.<name> keeps any further column


@dataclass(frozen=True)
class Target:
    """One target column: how it reads, whether every file must have it, and what it is, in words."""

    parse: Parser
    about: str | Promise
    is_required: bool = False
    aliases: tuple[str, ...] = ()
    is_date: bool = False
    is_number: bool = False


def _customer() -> Target:
    return Target(cells.text(120), _("key of the customer"), True, ("customer_key", "customer_id"))


def _currency() -> Target:
    return Target(cells.currency, _("currency, such as EUR"), True, ("currency_code",))


CUSTOMERS = {
    "key": Target(
        cells.text(120),
        _("their id in the system they come from"),
        True,
        ("id", "customer_id", "customer_no", "customer_number", "account_id"),
    ),
    "name": Target(cells.text(200), _("name; needed for new customers"), aliases=("customer", "company")),
    "about": Target(cells.text(200), _("what they do, in a few words")),
    "segment": Target(cells.text(80), _("segment, by its name; made when it is new")),
    "use_case": Target(cells.text(80), _("what they use it for, in a word or two"), aliases=("usecase",)),
    "owner": Target(cells.address, _("e-mail address of the CSM"), aliases=("csm", "owner_email")),
    "outcome": Target(cells.text(5000), _("what they want to reach, in their own words")),
    "outcome_by": Target(cells.text(200), _("who said so, and where")),
    "outcome_on": Target(cells.day, _("day they said so"), is_date=True),
}
CONTACTS = {
    "customer": _customer(),
    "key": Target(cells.text(120), _("their id in the system they come from"), aliases=("id", "contact_id")),
    "name": Target(cells.text(200), _("name; needed for new contacts")),
    "title": Target(cells.text(120), _("their work"), aliases=("job_title", "role")),
    "address": Target(cells.address, _("e-mail address"), aliases=("email", "e_mail", "mail")),
    "phone": Target(cells.text(50), _("telephone")),
    "zone": Target(cells.zone, _("time zone like Europe/Amsterdam"), aliases=("time_zone", "timezone")),
    "language": Target(cells.language, _("language like en")),
    "primary": Target(cells.yes_no, _("yes for the one to write to first"), aliases=("is_primary",)),
    "celebrate_with": Target(cells.yes_no, _("yes for those who get the celebrations")),
}
ENROLMENTS = {
    "customer": _customer(),
    "journey": Target(cells.text(60), _("the journey's short name"), True, ("journey_slug",)),
    "fitting": Target(cells.yes_no, _("yes: on the variant of that journey that fits the customer")),
    "started_on": Target(cells.day, _("first day; none when empty"), aliases=("start",), is_date=True),
    "ended_on": Target(cells.day, _("last day; none when it goes on"), aliases=("end",), is_date=True),
    "ended_why": Target(cells.text(200), _("why it ended"), aliases=("why",)),
}
READINGS = {
    "customer": _customer(),
    "metric": Target(cells.text(80), _("key of the metric"), True, ("metric_key",)),
    "at": Target(cells.moment, _("when it was so"), True, ("date", "time"), is_date=True),
    "value": Target(cells.number, _("the value"), True, is_number=True),
    "id": Target(cells.text(200), _("the source's own id; else customer, metric and time"), aliases=("key",)),
}
TRANSACTIONS = {
    "customer": _customer(),
    "id": Target(
        cells.text(200), _("the source's own id"), True, ("transaction_id", "order_id", "invoice_id")
    ),
    "at": Target(cells.moment, _("when it was"), True, ("date", "time"), is_date=True),
    "amount": Target(cells.money, _("how much; negative when paid back"), True, is_number=True),
    "cost": Target(cells.money, _("what it cost to deliver"), is_number=True),
    "currency": _currency(),
    "about": Target(cells.text(200), _("what it was for"), aliases=("product", "description")),
}
SUBSCRIPTIONS = {
    "customer": _customer(),
    "id": Target(cells.text(200), _("the source's own id"), True, ("subscription_id",)),
    "start": Target(cells.day, _("first day"), True, ("start_date", "starts_on"), is_date=True),
    "end": Target(
        cells.day, _("last day; none when it goes on"), aliases=("end_date", "ends_on"), is_date=True
    ),
    "amount": Target(cells.money, _("how much for each interval"), True, is_number=True),
    "currency": _currency(),
    "interval": Target(cells.interval, _("week, month, quarter, half-year or year"), True, ("billing",)),
    "plan": Target(cells.text(120), _("what is subscribed to"), aliases=("product",)),
}
CASES = {
    "customer": _customer(),
    "id": Target(cells.text(200), _("the source's own id"), True, ("case_id", "ticket_id", "number")),
    "opened_at": Target(cells.moment, _("when it was opened"), True, ("created_at",), is_date=True),
    "first_answer_at": Target(cells.moment, _("when a person first answered"), is_date=True),
    "first_answer_minutes": Target(
        cells.minutes, _("or: minutes until a person first answered"), is_number=True
    ),
    "resolved_at": Target(cells.moment, _("when it was resolved"), aliases=("solved_at",), is_date=True),
    "reopened_count": Target(cells.whole, _("how often it was reopened"), aliases=("reopens",)),
    "reopened_at": Target(cells.moment, _("when it was last reopened"), is_date=True),
    "reassigned_count": Target(cells.whole, _("how often it was handed on")),
    "channel": Target(cells.text(40), _("by mail, telephone, chat …"), aliases=("via",)),
    "urgency": Target(cells.text(40), _("how urgent"), aliases=("priority",)),
    "satisfaction": Target(cells.number, _("what they answered afterwards"), is_number=True),
    "satisfaction_of": Target(cells.number, _("the best answer of that scale, such as 5"), is_number=True),
    "subject": Target(cells.text(300), _("what it is about")),
}
ACHIEVEMENTS = {
    "customer": _customer(),
    "journey": Target(cells.text(60), _("the journey's short name"), True, ("journey_slug",)),
    "milestone": Target(cells.text(60), _("the milestone's key"), True, ("milestone_key",)),
    "at": Target(cells.moment, _("when it was reached"), True, ("date", "achieved_at"), is_date=True),
}
PROMISES = {
    "customer": _customer(),
    "id": Target(cells.text(200), _("the source's own id"), True, ("promise_id",)),
    "promise": Target(
        cells.text(5000), _("what was promised, as it was said"), True, ("words", "promised", "commitment")
    ),
    "due_on": Target(cells.day, _("by when it is to be so"), aliases=("due", "due_date"), is_date=True),
    "promised_on": Target(cells.day, _("day it was promised"), aliases=("said_on", "date"), is_date=True),
    "seller": Target(
        cells.text(200),
        _("who promised it: a name, or the e-mail address of a member"),
        aliases=("owner", "rep", "salesperson", "opportunity_owner"),
    ),
    "said_in": Target(
        cells.text(200), _("where: the proposal, a call, a mail"), aliases=("document", "where")
    ),
    "message": Target(
        cells.text(120), _("the sales message behind it"), aliases=("sales_message", "campaign")
    ),
}
TARGETS: Mappings[str, dict[str, Target]] = MappingProxyType(
    {
        Import.Kind.CUSTOMERS.value: CUSTOMERS,
        Import.Kind.CONTACTS.value: CONTACTS,
        Import.Kind.ENROLMENTS.value: ENROLMENTS,
        Import.Kind.READINGS.value: READINGS,
        Import.Kind.TRANSACTIONS.value: TRANSACTIONS,
        Import.Kind.SUBSCRIPTIONS.value: SUBSCRIPTIONS,
        Import.Kind.CASES.value: CASES,
        Import.Kind.ACHIEVEMENTS.value: ACHIEVEMENTS,
        Import.Kind.PROMISES.value: PROMISES,
    }
)
_FURTHER = Target(cells.text(2000), _("a further column, kept as it is"))


def find_target(kind: str, name: str) -> Target | None:
    """The target column of this name, or None."""
    if kind == Import.Kind.CUSTOMERS and name.startswith(FIELDS) and name != FIELDS:
        return _FURTHER
    return TARGETS[kind].get(name)
