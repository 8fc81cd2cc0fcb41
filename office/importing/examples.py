"""Template files: a header and one example row for every kind. Pure."""

from office.importing import cells
from office.importing.targets import TARGETS, Target

EXAMPLES = {
    "key": "kestrel-freight",
    "customer": "kestrel-freight",
    "name": "Kestrel Freight",
    "about": "Freight by rail, 40 depots",
    "segment": "Freight",
    "use_case": "Empty runs",
    "outcome": "Every depot sees its empty kilometres the day after",
    "outcome_by": "Amara Okafor, kick-off call",
    "title": "Head of operations",
    "phone": "+31 10 123 45 67",
    "journey": "first-value",
    "fitting": "no",
    "ended_on": "",
    "ended_why": "",
    "metric": "active-users",
    "id": "r-1001",
    "end": "",
    "plan": "Pro",
    "first_answer_at": "2026-02-25 10:05",
    "first_answer_minutes": "",
    "resolved_at": "2026-02-26 16:00",
    "reopened_at": "",
    "channel": "mail",
    "urgency": "high",
    "satisfaction": "4",
    "satisfaction_of": "5",
    "subject": "The depot in Gouda is missing",
    "milestone": "first-result-trusted",
    "promise": "Live at every depot before the peak season",
    "seller": "Noor Haddad",
    "said_in": "Proposal, page 3",
}
OF_KIND = {
    ("contacts", "key"): "okafor",
    ("contacts", "name"): "Amara Okafor",
    ("transactions", "id"): "t-1001",
    ("transactions", "cost"): "413.15",
    ("transactions", "about"): "Set-up of 40 depots",
    ("subscriptions", "id"): "s-1001",
    ("cases", "id"): "c-1001",
    ("promises", "id"): "p-1001",
    ("promises", "message"): "Live before the peak",
    ("promises", "promised_on"): "2026-02-02",
}
BY_MANNER = {
    cells.day: "2026-02-25",
    cells.moment: "2026-02-25 09:30",
    cells.number: "41.5",
    cells.whole: "0",
    cells.minutes: "35",
    cells.money: "699.10",
    cells.currency: "EUR",
    cells.interval: "month",
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
