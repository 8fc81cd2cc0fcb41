"""G1, G2, G4, G5, G9 on PostgreSQL: pages of all sizes, ours and the minimal one, in the same rounds."""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from bench.goals import Effort
from bench.measuring import Target, Timed, load
from bench.rows import Row
from bench.stage import CEILING, OURS, Stage, inside, say, served

GOALS = ("G1", "G2", "G4", "G5", "G9")
CUSTOMERS = "/o/harbour/customers/"
SEARCHED = "00012"  # some thirty customers, however many there are
FRAGMENT = {"HX-Request": "true", "HX-Target": "customer-table"}
TIMELINE = {"HX-Request": "true", "HX-Target": "timeline-more"}
GROWING = {"list": "customer list", "search": "search", "customer": "customer page", "timeline": "timeline"}
DASHBOARDS = {
    "milestones": "Milestones, all customers",
    "today": "Today of a CSM",
    "everyone": "Today of everyone",
}
type Page = tuple[str, list[str], dict[str, str]]


@dataclass
class House:
    """An organisation of some size and the minimal application beside it, both served."""

    size: int
    seeded: float
    counted: dict[str, dict[str, Any]]
    targets: list[Target]

    def name(self, page: str) -> str:
        return f"{page} at {self.size}"


def measure(stage: Stage, sizes: Sequence[int], effort: Effort) -> list[Row]:
    with ExitStack() as up:
        houses = [open_house(stage, up, size, on_postgres=True) for size in sizes]
        timed = load([t for h in houses for t in h.targets], **effort.of_pages())
    rows = [row for house in houses for row in rows_of(house, timed)]
    return rows + (grown(houses, timed) if len(houses) > 1 else [])


def open_house(stage: Stage, up: ExitStack, size: int, *, on_postgres: bool) -> House:
    where = f"{'postgres' if on_postgres else 'sqlite'}_{size}"
    ours = stage.installation(f"ours_{where}", on_postgres=on_postgres)
    found = inside("bench.inside.seeding", size, env=ours.env)
    stage.analyze(ours)
    say(f"{size:,} customers on {where.partition('_')[0]}, seeded in {found['seconds']:.0f} s")
    least = stage.ceiling(f"ceiling_{where}", on_postgres=on_postgres)
    beside = inside("bench.ceiling.app", size, env=least)
    pages = our_pages(found)
    asked = {name: [cookie, paths[0], headers] for name, (cookie, paths, headers) in pages.items()}
    counted = inside("bench.inside.counting", json.dumps(asked), env=ours.env)
    site = up.enter_context(served(OURS, ours.env, ours.state))
    least_site = up.enter_context(served(CEILING, least, stage.folder / f"ceiling_{where}"))
    house = House(size, found["seconds"], counted, [])
    for name, (cookie, paths, headers) in pages.items():
        house.targets.append(Target(house.name(name), site, paths, {"Cookie": cookie} | headers))
    house.targets.append(calls(house, site, found))
    house.targets += least_targets(house, least_site, beside)
    return house


def our_pages(found: dict[str, list[int]]) -> dict[str, Page]:
    csm, manager = str(found["csm"]), str(found["manager"])
    each = [f"{CUSTOMERS}{pk}/" for pk in found["customers"]]
    return {
        "list": (csm, [CUSTOMERS], {}),
        "rows": (csm, [CUSTOMERS], FRAGMENT),
        "search": (csm, [f"{CUSTOMERS}?q={SEARCHED}"], FRAGMENT),
        "customer": (csm, each, {}),
        "timeline": (csm, each, TIMELINE),
        "milestones": (manager, ["/o/harbour/milestones/"], {}),
        "today": (csm, ["/o/harbour/today/"], {}),
        "everyone": (manager, ["/o/harbour/today/"], {}),
    }


def calls(house: House, site: str, found: dict[str, list[int]]) -> Target:
    """Log a call, as the form sends it."""
    paths = [f"{CUSTOMERS}{pk}/calls/new/" for pk in found["customers"]]
    typed = {"held_on": "2026-01-12", "held_time": "09:00", "goal": "Stop asking me for the sheet"}
    headers = form_headers(str(found["csm"]))

    def body() -> bytes:
        return urlencode(typed | {"token": uuid4(), "commitment-0-will": "", "next_call": ""}).encode()

    return Target(house.name("call"), site, paths, headers, body, expected=302)


def form_headers(cookie: str) -> dict[str, str]:
    """Of a form from a page of ours: its token goes along."""
    token = "b" * 32
    kind = "application/x-www-form-urlencoded"
    return {"Cookie": f"{cookie}; csrftoken={token}", "X-CSRFToken": token, "Content-Type": kind}


def least_targets(house: House, site: str, beside: dict[str, list[int]]) -> list[Target]:
    headers = {"Cookie": str(beside["cookie"])}
    each = [f"/customers/{pk}" for pk in beside["ids"]]
    adds = [f"{path}/add" for path in each]
    words = urlencode({"words": "Stop asking me for the sheet"}).encode()
    form = form_headers(headers["Cookie"])
    return [
        Target(house.name("least list"), site, ["/"], headers),
        Target(house.name("least search"), site, [f"/?q={SEARCHED}"], headers),
        Target(house.name("least customer"), site, each, headers),
        Target(house.name("least call"), site, adds, form, lambda: words, expected=302),
    ]


def rows_of(house: House, timed: dict[str, Timed]) -> list[Row]:
    def against(goal: str, what: str, page: str, least: str, limit: float | None) -> Row:
        ours, theirs = timed[house.name(page)], timed[house.name(f"least {least}")]
        return Row(
            goal,
            f"{what}, p95",
            ours.ratio(theirs, 0.95),
            limit,
            size=house.size,
            ours=ours.words(),
            ceiling=theirs.words(),
            n=ours.n,
        )

    def amount(goal: str, what: str, value: float, limit: float, unit: str) -> Row:
        return Row(goal, what, value, limit, unit=unit, size=house.size, n=1)

    seen = house.counted
    return [
        against("G1", "customer list, its rows alone", "rows", "list", 1.5),
        against("G1", "customer list, the whole page", "list", "list", 2),
        amount("G1", "customer list, statements", seen["list"]["sql"], 8, "SQL"),
        amount("G1", "customer list, the whole page", seen["list"]["bytes"] / 1000, 60, "KB"),
        against("G2", "search, beside a minimal one", "search", "search", None),
        against("G4", "customer page, 20 events", "customer", "customer", 2.5),
        amount("G4", "customer page, statements", seen["customer"]["sql"], 12, "SQL"),
        against("G5", "logging a call", "call", "call", 2.5),
        *(against("G9", what, page, "list", 2) for page, what in DASHBOARDS.items()),
    ]


def grown(houses: Sequence[House], timed: dict[str, Timed]) -> list[Row]:
    """From the smallest to the largest; the minimal application's own growth stands beside it."""
    small, large = houses[0], houses[-1]

    def growth(page: str, share: float) -> float:
        return timed[large.name(page)].ratio(timed[small.name(page)], share)

    rows = []
    for page, what in (GROWING | DASHBOARDS).items():
        goal, share, limit = ("G9", 0.95, 1.2) if page in DASHBOARDS else ("G2", 0.5, 1.25)
        least = {"search": "least search", "customer": "least customer"}.get(page, "least list")
        rows.append(
            Row(
                goal,
                f"{what}, growth from {small.size:,}",
                growth(page, share),
                limit,
                size=large.size,
                ours=f"p{share * 100:.0f} {timed[large.name(page)].quantile(share) * 1000:.1f} ms",
                ceiling=f"{growth(least, share):.2f} × itself",
                n=timed[large.name(page)].n,
            )
        )
    return rows
