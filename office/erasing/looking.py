"""What erasing one person would do, by number, before anybody does it. Nothing is written."""

from dataclasses import dataclass

from customers.models import Contact
from office.erasing import blanking, copies, kept_files
from office.erasing.blanking import APART
from office.erasing.person import Person, tables
from office.exporting import TABLES
from office.exporting.registry import LEFT_OUT

SAYS = {table.label: table.says for table in TABLES} | LEFT_OUT


@dataclass(frozen=True)
class Line:
    says: str
    count: int


@dataclass(frozen=True)
class Look:
    stays: list[Line]
    """Rows about them that stay, without their words."""
    named: list[Line]
    """Texts of others in which they are named."""
    dropped: list[Line]
    """Copies that go as a whole."""
    mails: int
    mails_to_others: int
    waiting: int
    links: int
    files: int
    calls_alone: int
    to_read: list[Line]
    """Texts with their first or last name alone, which only people can read."""
    sharing: list[Contact]
    works_here: bool
    has_namesakes: bool
    is_import_at_work: bool


def look(contact: Contact) -> Look:
    person = Person(contact)
    named = _counted(person, first=False)
    return Look(
        stays=_stays(person),
        named=_lines(named),
        dropped=_dropped(person),
        mails=person.mails().count(),
        mails_to_others=(others := copies.naming_mails(person)).count(),
        waiting=copies.waiting(person.mails()).count() + copies.waiting(others).count(),
        links=person.links().count(),
        files=len(kept_files.naming(person.names)),
        calls_alone=blanking.calls_alone(person).count(),
        to_read=_lines(_counted(person, first=True)),
        sharing=person.sharing,
        works_here=person.works_here,
        has_namesakes=person.has_namesakes,
        is_import_at_work=copies.running().exists(),
    )


def _stays(person: Person) -> list[Line]:
    about = (
        (label, person.theirs(label, one)) for label, one in tables() if one.person and label not in APART
    )
    return [Line(SAYS[label], count) for label, rows in about if (count := rows.count())]


def _dropped(person: Person) -> list[Line]:
    found = (
        (label, person.copies(label, one))
        for label, one in tables()
        if one.copies and label not in copies.APART
    )
    return [Line(SAYS[label], count) for label, rows in found if (count := rows.count())]


def _counted(person: Person, *, first: bool) -> dict[str, int]:
    """Rows by table. A first name counts where the full one is not beside it: that one is replaced anyway."""
    counts: dict[str, int] = {}
    for label, _row, found in person.named_in(person.first if first else person.names):
        values = [person.names.replaced(value) for value in found.values()] if first else [""]
        if label not in APART and (not first or any(map(person.first.are_in, values))):
            counts[label] = counts.get(label, 0) + 1
    return counts


def _lines(counts: dict[str, int]) -> list[Line]:
    return [Line(SAYS[label], count) for label, count in counts.items()]
