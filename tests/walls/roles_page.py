"""docs/reference/roles.md: who may open and do what, made from the guards of the views.

.venv/bin/python -m tests.walls.roles_page writes it.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "roles.md"
ROOMS = {
    "dashboards": "Pages of more than one room",
    "customers": "Customers and the people there",
    "milestones": "Journeys, claims, questions, contests",
    "coaching": "Calls, weeks, commitments, challenges, guides, resources",
    "advocacy": "Celebrations, stories, advocates, referrals",
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
API = """
## Over the API

A token needs the room's scope **and** acts for a member, whose role counts: made for writing by somebody who
only reads, it only reads. Tests send each method of each address as each role and with tokens of other scope,
every column there is as a field that is not written, and ids of another organisation in every place.

"""
OUTSIDE = """
## Without being a member

| address | who |
|---|---|
| `/accounts/…` | everybody: to sign in, to set a password, to accept an invitation by its link |
| `/c/<link>/…` | the one contact whose link it is; members may look, not answer |
| `/r/<code>/` | everybody who has an advocate's code: leaves a line, sees nothing |
| `/u/<link>/` | the one address whose link it is: which mails it gets |
| `/setup/<link>/` | whoever started the first run, once |
| `/o/<organisation>/theme.css` | everybody: one colour |
| `/o/<organisation>/calendar/<secret>.ics` | who holds it: a member's planned calls, until they end it |
"""


@dataclass(frozen=True)
class Guard:
    """An address of members, and the least role that passes."""

    route: str
    role: Any
    acts: bool
    """It takes a POST alone."""


def guards() -> dict[str, Guard]:
    from tests.house.examples import ACTIONS
    from tests.house.patterns import patterns
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
    return "".join([*parts, API, *_over_api(), OUTSIDE])


def _over_api() -> Iterator[str]:
    from bosai.api import RESOURCES
    from organisations.models import Role

    yield "| | scope | reads | writes | verbs |\n|---|---|---|---|---|\n"
    for noun, resource in RESOURCES.items():
        verbs = sorted(one.url_path for one in resource.get_extra_actions())
        made = [
            word
            for word, name in (("new", "create"), ("change", "partial_update"))
            if hasattr(resource, name)
        ]
        writes = f"{Role(resource.writes).label} and above" if made + verbs else "nobody"
        reads = "every role" if resource.reads == Role.READONLY else f"{Role(resource.reads).label} and above"
        reads, writes = (words.replace("admin and above", "admin") for words in (reads, writes))
        yield f"| {noun} | `{resource.room}` | {reads} | {writes} | {', '.join([*made, *verbs])} |\n"


def _short(route: str) -> str:
    for kind in ("slug", "int", "str"):
        route = route.replace(f"<{kind}:", "<")
    return route.replace("o/<slug>/", "…/")


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    PAGE.write_text(text(), encoding="utf-8")
