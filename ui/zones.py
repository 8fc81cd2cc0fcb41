"""Time zones to choose from, by region."""

from functools import cache
from zoneinfo import available_timezones

REGIONS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia",
    "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip


@cache
def zone_names() -> frozenset[str]:
    """Every zone that is a place, and UTC."""
    return frozenset(z for z in available_timezones() if z.split("/")[0] in REGIONS) | {"UTC"}


@cache
def zone_choices() -> tuple[tuple[str, list[tuple[str, str]] | str], ...]:
    """Choices for a select, grouped by region: ("Europe", [("Europe/Amsterdam", "Amsterdam"), …])."""
    groups = []
    for region in REGIONS:
        names = sorted(name for name in zone_names() if name.startswith(f"{region}/"))
        groups.append((region, [(name, name.partition("/")[2].replace("_", " ")) for name in names]))
    return (("UTC", "UTC"), *groups)
