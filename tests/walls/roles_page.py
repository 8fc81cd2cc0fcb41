"""docs/reference/roles.md: who may open and do what, made from the guards of the views.

.venv/bin/python -m tests.walls.roles_page writes it.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "roles.md"
ROOMS = {
    "dashboards": "Pages of more than one room",
    "customers": "Customers and the people there",
    "milestones": "Journeys, claims, questions, contests",
    "coaching": "Calls, commitments, touchpoints",
    "advocacy": "Celebrations",
    "post": "Outbox",
    "office": "Imports, members, leaving",
    "organisations": "The organisation",
}
HEAD = """# Who may do what

Made from the guards of the pages by `.venv/bin/python -m tests.walls.roles_page`. A test fails when it is out
of date, and others send every form of every page as every role and compare. A role that may not gets 403 and
nothing happens; whoever is not a member gets the answer of a page that does not exist. A call is corrected by
whoever logged it and by managers and admins. What a page shows, it shows of one organisation.
"""
OUTSIDE = """
## Without being a member

| address | who |
|---|---|
| `/accounts/…` | everybody: to sign in, to set a password, to accept an invitation by its link |
| `/c/<link>/…` | the one contact whose link it is; members may look, not answer |
| `/u/<link>/` | the one address whose link it is: which mails it gets |
| `/setup/<link>/` | whoever started the first run, once |
| `/o/<organisation>/theme.css` | everybody: one colour |
"""


@dataclass(frozen=True)
class Guard:
    """An address of members, and the least role that passes."""

    route: str
    role: Any
    acts: bool
    """It takes a POST alone."""


def guards() -> dict[str, Guard]:
    from tests.house.examples import ACTIONS, patterns
    from tests.house.test_guarded_views import guard_of

    return {
        name: Guard(route, guard_of(pattern), name in ACTIONS)
        for name, route, pattern in patterns()
        if route.startswith("o/<slug:slug>/") and guard_of(pattern)
    }


def text() -> str:
    from organisations.access import RANK

    rows: dict[str, list[str]] = {room: [] for room in ROOMS}
    for name, guard in guards().items():
        room, _, page = name.partition(":")
        marks = " | ".join("✓" if RANK[role] >= RANK[guard.role] else "" for role in RANK)
        what = page.replace("_", " ") + (" (acts)" if guard.acts else "")
        rows[room].append(f"| {what} | `/{_short(guard.route)}` | {marks} |")
    parts = [HEAD]
    for room, title in ROOMS.items():
        heads = " | ".join(str(role.label) for role in RANK)
        parts.append(f"\n## {title}\n\n| | address | {heads} |\n|---|---|{'---|' * len(RANK)}\n")
        parts.append("\n".join(sorted(rows[room])) + "\n")
    return "".join([*parts, OUTSIDE])


def _short(route: str) -> str:
    for kind in ("slug", "int", "str"):
        route = route.replace(f"<{kind}:", "<")
    return route.replace("o/<slug>/", "…/")


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    PAGE.write_text(text(), encoding="utf-8")
