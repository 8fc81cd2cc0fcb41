"""What the storm is about: one mail per (address, milestone), each with a fact that no other mail says."""

from dataclasses import dataclass
from itertools import product

SLUG, JOURNEY, PASSWORD = "harbour", "first-orders", "stormy-weather-ahead"
ADMIN, CSM = "ada@harbour.example", "mara@harbour.example"
METRIC, THRESHOLD = "reports", 40


@dataclass(frozen=True)
class Route:
    """One way to a milestone, and the words that only its celebration carries."""

    milestone: str
    fact: str


CONFIRMATION = Route("one-list", "All nine depots order from the one list")
CLAIM = Route("month-end", "Month-end is closed on the second day")
READING = Route("reports", "Weekly reports reached")
ROUTES = {route.milestone: route for route in (CONFIRMATION, CLAIM, READING)}


def keys(achievements: int) -> list[str]:
    """The customers it takes for so many achievements."""
    return [f"c{number:04d}" for number in range(-(-achievements // len(ROUTES)))]


def achievements_of(achievements: int) -> list[tuple[str, str]]:
    """(customer's key, milestone): who is to reach what."""
    return list(product(keys(achievements), ROUTES))[:achievements]


def address_of(key: str) -> str:
    return f"{key}@customers.test"


def journey_file() -> dict[str, object]:
    """The least a journey may have: five milestones, of which three are reached by three routes."""
    criteria = {
        CONFIRMATION.milestone: {"kind": "confirmation"},
        CLAIM.milestone: {"kind": "claim"},
        READING.milestone: {
            "kind": "metric", "metric": METRIC, "operator": "at_least", "threshold": THRESHOLD
        },
        "second-team": {"kind": "claim"},
        "own-way": {"kind": "claim"},
    }  # fmt: skip
    stages = ("onboarding", "adoption", "adoption", "outcome", "mastery")
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
        "metrics": [{"key": METRIC, "name": "Weekly reports"}],
        "milestones": milestones,
    }
