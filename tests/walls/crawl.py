"""Every address there is, asked by anybody for anything, and what came back."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection
from django.test import Client

from organisations import tenancy
from organisations.models import Organisation
from tests.house.examples import ACTIONS, EXAMPLES, NOBODY, Example
from tests.house.lived_in import LIVED_IN, World
from tests.walls.two import BOTH, GIVEN_AWAY, Two

READING = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "WITH", "COMMIT", "PRAGMA", "SET ", "SHOW")
ROLES = (NOBODY, "rio", "mara", "theo", "ada", BOTH)
TARGET = re.compile(r'hx-target="#([\w-]+)"')
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ONCE = re.compile(  # what differs between two answers that are the same
    r'(name="csrfmiddlewaretoken" value=)"\w+"|(nonce[-=]"?)[\w+/=-]+|(csrftoken=)\w+|([Ee]xpires[=:])[^;\n]+'
)


@dataclass
class Answer:
    status: int
    headers: str
    body: bytes
    written: list[str] = field(default_factory=list)
    given_away: list[bytes] = field(default_factory=list)

    @property
    def location(self) -> str:
        found = re.search(r"^(?:Location|HX-Redirect): (.*)$", self.headers, re.MULTILINE)
        return found[1] if found else ""

    def without(self, *words: str) -> tuple[int, str]:
        """Status and every byte, without what the asker said themselves and what is new in each answer."""
        text = ONCE.sub(r"\1\2\3\4", self.headers + self.body.decode(errors="replace"))
        for word in sorted(words, key=len, reverse=True):
            text = text.replace(word, "…")
        return self.status, text


def everything() -> list[tuple[str, Example]]:
    """Each example of each address: pages, files and what only takes a POST."""
    return [(name, one) for name, them in EXAMPLES.items() for one in them] + list(ACTIONS.items())


def once(beside: str = "") -> Iterator[tuple[str, Example]]:
    """One example of each address and each way of naming a row there, and all that are for `beside`."""
    seen = set()
    for name, one in everything():
        is_first = (name, len(one.args)) not in seen
        seen.add((name, len(one.args)))
        if is_first or one.who == beside:
            yield name, one


def address(name: str, example: Example, world: World, organisation: str = LIVED_IN) -> str:
    path, mark, query = example.url(name, world, organisation).partition("?")
    for said, token in world.tokens.items():
        query = re.sub(rf"={said}\b", f"={token}", query) if query else ""
    return path + mark + query


LAST_SEEN = 'UPDATE "organisations_session" SET'  # when somebody last tried to change anything, of their own


def ask(client: Client, method: str, url: str, data: Any = None, **how: Any) -> Answer:
    """What comes back, to the last streamed byte, and what was written meanwhile."""
    written: list[str] = []
    with connection.execute_wrapper(_noting(written)):
        response = (
            getattr(client, method.lower())(url, data or {}, **how)
            if method == "POST"
            else getattr(client, method.lower())(url, **how)
        )
        body = b"".join(response) if response.streaming else response.content
    headers = "\n".join(f"{name}: {value}" for name, value in sorted(response.items()))
    headers += "".join(f"\n{morsel.OutputString()}" for morsel in response.cookies.values())
    found = sorted(set(GIVEN_AWAY.findall(headers.encode() + body)))
    return Answer(response.status_code, headers, body, written, found)


def _noting(written: list[str]) -> Callable[..., Any]:
    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.lstrip(" (\n").upper().startswith(READING) and not sql.startswith(LAST_SEEN):
            written.append(f"{sql} {params}")
        return execute(sql, params, many, context)

    return note


def fingerprint() -> dict[tuple[str, str], str]:
    """Table and organisation → a hash of every row."""
    found = {}
    for organisation in Organisation.objects.order_by("pk"):
        with tenancy.within(organisation), connection.cursor() as cursor:
            for model in apps.get_models(include_auto_created=True):
                table = model._meta.db_table
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
                rows = repr(cursor.fetchall())
                found[table, organisation.slug] = hashlib.sha256(rows.encode()).hexdigest()
    return found


@dataclass
class Crawl:
    """What everybody saw of Harbour."""

    by: dict[tuple[str, str], Answer] = field(default_factory=dict)
    """Who asked, and for what."""
    names: set[str] = field(default_factory=set)
    before: dict[tuple[str, str], str] = field(default_factory=dict)
    after: dict[tuple[str, str], str] = field(default_factory=dict)


THOROUGH = ("ada", BOTH)  # who may most sees every example


def look_at_everything(two: Two) -> Crawl:
    """Every address with a GET by everybody; by whoever may most with a HEAD and in its partials too."""
    made = Crawl(before=fingerprint())
    for who in ROLES:
        for name, example in everything() if who in THOROUGH else once(beside=who):
            url = address(name, example, two.own)
            made.names.add(name)
            made.by[who, url] = ask(two.clients[who], "GET", url)
    client = two.clients[BOTH]
    for name, example in once():
        url = address(name, example, two.own)
        made.by[BOTH, f"HEAD {url}"] = ask(client, "HEAD", url)
        for target in set(TARGET.findall(made.by[BOTH, url].body.decode(errors="replace"))):
            hx = {"HX-Request": "true", "HX-Target": target}
            made.by[BOTH, f"{url} #{target}"] = ask(client, "GET", url, headers=hx)
    made.after = fingerprint()
    return made
