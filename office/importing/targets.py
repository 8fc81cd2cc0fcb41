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
TARGETS: Mappings[str, dict[str, Target]] = MappingProxyType(
    {
        Import.Kind.CUSTOMERS.value: CUSTOMERS,
        Import.Kind.CONTACTS.value: CONTACTS,
        Import.Kind.ENROLMENTS.value: ENROLMENTS,
        Import.Kind.READINGS.value: READINGS,
    }
)
_FURTHER = Target(cells.text(2000), _("a further column, kept as it is"))


def find_target(kind: str, name: str) -> Target | None:
    """The target column of this name, or None."""
    if kind == Import.Kind.CUSTOMERS and name.startswith(FIELDS) and name != FIELDS:
        return _FURTHER
    return TARGETS[kind].get(name)
