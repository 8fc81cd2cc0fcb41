"""What the storm is about: one mail per (address, milestone), each with a fact that no other mail says."""

from dataclasses import dataclass
from itertools import product

SLUG, JOURNEY, PASSWORD = "harbour", "first-orders", "stormy-weather-ahead"
ADMIN, CSM = "ada@harbour.example", "mara@harbour.example"
THRESHOLD = 40  # of every metric


@dataclass(frozen=True)
class Route:
    """One way to a milestone, and the words that only its celebration carries."""

    milestone: str
    fact: str
    metric: str = ""
    """For milestones that readings reach."""


CONFIRMATION = Route("one-list", "All nine depots order from the one list")
CLAIM = Route("month-end", "Month-end is closed on the second day")
READINGS = (
    Route("reports", "Weekly reports reached", "reports"),
    Route("depots", "Depots on the list reached", "depots"),
    Route("orders", "Orders without a call reached", "orders"),
    Route("drivers", "Drivers with the app reached", "drivers"),
    Route("returns", "Returns booked at once reached", "returns"),
)
ROUTES = {route.milestone: route for route in (CONFIRMATION, CLAIM, *READINGS)}


def keys(achievements: int) -> list[str]:
    """The customers it takes for so many achievements."""
    return [f"c{number:04d}" for number in range(-(-achievements // len(ROUTES)))]


def achievements_of(achievements: int) -> list[tuple[str, str]]:
    """(customer's key, milestone): who is to reach what."""
    return list(product(keys(achievements), ROUTES))[:achievements]


def address_of(key: str) -> str:
    return f"{key}@customers.test"


def journey_file() -> dict[str, object]:
    """The most a journey may have: seven milestones, one for each route."""
    criteria: dict[str, dict[str, object]] = {
        CONFIRMATION.milestone: {"kind": "confirmation"},
        CLAIM.milestone: {"kind": "claim"},
    }
    for route in READINGS:
        of = {"metric": route.metric, "operator": "at_least", "threshold": THRESHOLD}
        criteria[route.milestone] = {"kind": "metric", **of}
    stages = ("onboarding", "adoption", "adoption", "outcome", "outcome", "outcome", "mastery")
    milestones = [
        {
            "key": key,
            "name": key.replace("-", " ").capitalize(),
            "meaning": "You know that it holds.",
            "stage": stage,
            "target_days": 20 * place,
            "celebrate": {"mode": "auto", "hold_hours": 0},
            "criteria": [criterion],
        }
        for place, ((key, criterion), stage) in enumerate(zip(criteria.items(), stages, strict=True), 1)
    ]
    return {
        "format": "bosai-journey",
        "version": 1,
        "journey": {"slug": JOURNEY, "name": "First orders", "purpose": "They order without us."},
        "metrics": [{"key": each.metric, "name": each.fact.removesuffix(" reached")} for each in READINGS],
        "milestones": milestones,
    }
