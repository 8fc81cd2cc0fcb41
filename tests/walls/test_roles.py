"""Who may do what: each form of each page, sent by each role, with fields it does not have and ids of others.

The table itself is docs/reference/roles.md. It is made from the guards, and a change of it is a decision.
"""

import re
from typing import Any

import pytest
from django.db import connection, models

from organisations.access import RANK
from tests.house.examples import ACTIONS, EXAMPLES, NOBODY
from tests.house.patterns import is_members
from tests.walls.copying import tenant_models
from tests.walls.crawl import Answer, Crawl, address
from tests.walls.forms import Form
from tests.walls.roles_page import PAGE, guards, text
from tests.walls.sending import send
from tests.walls.two import BOTH, OFFSET, PEOPLE, Two

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("behind_one_wall"),
    pytest.mark.timeout(1200),
]
IDLE_AT_MOST = 31  # of more than a hundred: some want more typed, some say what is so already
# Forms that look at what they are sent as a whole, and keep it in one document of their own.
DOCUMENTS = {
    "milestones:journey_edit": 'UPDATE "milestones_journeyversion" SET "outline"',
    "coaching:call_draft": '"coaching_calldraft"',
}
NEW_EACH_TIME = re.compile(
    r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}|[0-9a-f]{64}|<[\w.+-]+@|UUID\('[^']+'\)"
    r"|gAAAA[\w=-]+|bosai_\w+_[\w-]+"  # secrets, sealed, and tokens
)


@pytest.mark.once
def test_every_address_that_takes_a_post_has_a_form(forms: dict[str, Form]) -> None:
    """Else it is not looked at below."""
    acting = {name for name in ACTIONS if is_members(name)}
    assert acting - forms.keys() == set()


@pytest.mark.once
def test_each_role_does_what_the_table_says(two: Two, forms: dict[str, Form]) -> None:
    wrong: dict[tuple[str, str], Any] = {}
    for name, form in forms.items():
        needed = guards()[name].role
        for who in (NOBODY, *PEOPLE):
            answer = send(two.clients[who], form)
            may = who != NOBODY and RANK[PEOPLE[who]] >= RANK[needed]
            expected = (200, 201, 204, 302, 409, 422) if may else (403,) if who else (302,)
            if answer.status not in expected or (answer.written and not may):
                wrong[name, who] = answer.status, answer.written[:1]
    assert wrong == {}


@pytest.mark.once
def test_most_of_what_is_sent_does_something(two: Two, forms: dict[str, Form]) -> None:
    """The forms as they stand are taken, but for a few that want more typed; else little were proved."""
    sent = {name: send(two.clients["ada"], form) for name, form in forms.items()}
    idle = {name: answer.status for name, answer in sent.items() if not answer.written}
    assert len(idle) <= IDLE_AT_MOST, " ".join(f"{name}={status}" for name, status in idle.items())


@pytest.mark.once
def test_fields_that_a_form_does_not_have_change_nothing(two: Two, forms: dict[str, Form]) -> None:
    """Every column of every table, sent along to every form."""
    wrong = {}
    for name, form in forms.items():
        more = {key: value for key, value in every_column().items() if key not in form.data | form.choices}
        before, after = send(two.clients["ada"], form), send(two.clients["ada"], form, **more)
        added = [line for line in _plain(after) if line not in _plain(before)]
        if [line for line in added if DOCUMENTS.get(name, "nothing") not in line]:
            wrong[name] = added[:2]
    assert wrong == {}


def every_column() -> dict[str, str]:
    """As a form of a careless product might take it."""
    values = {
        models.DateTimeField: "2020-01-01 00:00",
        models.DateField: "2020-01-01",
        models.BooleanField: "on",
    }
    found = {"pk": str(OFFSET + 1), "_method": "delete", "user": "1", "is_staff": "on", "is_superuser": "on"}
    for model in tenant_models():
        for column in model._meta.concrete_fields:
            value = values.get(type(column), str(OFFSET + 1))
            found |= {column.name: value, column.attname: value}
    return found | {"role": "admin", "state": "sent", "kind": "confirmed"}


def _plain(answer: Answer) -> list[str]:
    numbers = r"|\b\d+\b" if connection.vendor == "postgresql" else ""  # sequences do not roll back
    return [re.sub(NEW_EACH_TIME.pattern + numbers, "…", line) for line in answer.written]


def test_ids_of_the_rival_go_nowhere(two: Two, forms: dict[str, Form]) -> None:
    """Each number a form sends, and each it offers, replaced by the rival's: refused, nothing shown."""
    taken: dict[str, Any] = {}
    for name, form in forms.items():
        theirs = {key: _theirs(them) for key, them in _put_there(form).items()}
        for chosen in [theirs, *({key: value} for key, value in theirs.items())] if theirs else []:
            sent = re.compile(rf"\b({'|'.join(one for them in chosen.values() for one in them)})\b")
            for who in ("ada", BOTH):
                answer = send(two.clients[who], form, **chosen)
                lines = [line for line in answer.written if DOCUMENTS.get(name, "nothing") not in line]
                if b"zqxcanry" in answer.body or any(sent.search(line) for line in lines):
                    taken[name, who] = chosen, [line for line in lines if sent.search(line)][:1]
    assert taken == {}


def _put_there(form: Form) -> dict[str, list[str]]:
    """Numbers that the page holds itself: ids, most of them."""
    held = {name: them for name, them in (form.choices | form.data).items() if name not in form.typed}
    return {name: them for name, them in held.items() if _theirs(them)}


def _theirs(them: list[str]) -> list[str]:
    return [str(int(one) + OFFSET) for one in them if one.isdecimal() and 0 < int(one) < 10_000]


def test_each_page_opens_to_whom_the_table_says(two: Two, crawl: Crawl) -> None:
    wrong = {}
    for name, guard in guards().items():
        for example in EXAMPLES.get(name, []):
            for who, role in PEOPLE.items():
                answer = crawl.by.get((who, address(name, example, two.own)))
                may = RANK[role] >= RANK[guard.role]
                if answer and (answer.status == 403) == may:
                    wrong[name, who] = answer.status
    assert wrong == {}


def test_the_table_in_the_guide_is_what_the_guards_say() -> None:
    """Run `.venv/bin/python -m tests.walls.roles_page` and look: somebody may more now, or less."""
    assert PAGE.read_text(encoding="utf-8") == text()
