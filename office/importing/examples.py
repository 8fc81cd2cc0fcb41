"""Template files: a header and one example row for every kind. Pure."""

from office.importing import cells
from office.importing.targets import TARGETS, Target

EXAMPLES = {
    "key": "kestrel-freight",
    "customer": "kestrel-freight",
    "name": "Kestrel Freight",
    "about": "Freight by rail, 40 depots",
    "segment": "Freight",
    "outcome": "Every depot sees its empty kilometres the day after",
    "outcome_by": "Amara Okafor, kick-off call",
    "title": "Head of operations",
    "phone": "+31 10 123 45 67",
    "journey": "first-value",
    "ended_on": "",
    "ended_why": "",
    "metric": "active-users",
    "id": "r-1001",
}
OF_KIND = {("contacts", "key"): "okafor", ("contacts", "name"): "Amara Okafor"}
BY_MANNER = {
    cells.day: "2026-02-25",
    cells.moment: "2026-02-25 09:30",
    cells.number: "41.5",
    cells.yes_no: "yes",
    cells.address: "amara@kestrel.example",
    cells.zone: "Europe/Amsterdam",
    cells.language: "en",
}


def template_of(kind: str) -> tuple[list[str], list[str]]:
    """The header, and a row that shows how each column is written."""
    targets = TARGETS[kind]
    return list(targets), [_example(kind, name, target) for name, target in targets.items()]


def _example(kind: str, name: str, target: Target) -> str:
    if (kind, name) in OF_KIND:
        return OF_KIND[kind, name]
    if target.parse in BY_MANNER:
        return EXAMPLES.get(name, BY_MANNER[target.parse])
    return EXAMPLES.get(name, name.replace("_", " "))
