"""A repeated request is done once, whatever is killed in between and whoever else sends it."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from threading import Event as Signal
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.models import Customer
from office import repeating
from office.models import KeptAnswer
from office.tasks import sweep_kept_answers
from organisations import tenancy
from organisations.models import Organisation, User
from tests.bosai.test_api import Api
from tests.services import processes
from tests.services.installation import Installation

SOME = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
REQUESTS = st.lists(
    st.tuples(st.sampled_from(["", "a", "b"]), st.sampled_from(["Kestrel", "Heron", ""])), max_size=8
)


@pytest.mark.django_db
@SOME
@given(sent=REQUESTS)
def test_any_order_of_requests_is_as_if_each_key_came_once(
    harbour: Organisation, ada: User, sent: list[tuple[str, str]]
) -> None:
    with transaction.atomic():
        api, first, expected = Api(harbour, ada), dict[str, tuple[str, bytes]](), 0
        for key, name in sent:
            answer = api("post", "customers/", {"name": name}, key=key)
            known = first.get(key)
            if known is None:
                assert answer.status_code == (201 if name else 422)
                expected += bool(name)
                if key and name:
                    first[key] = name, answer.content
            elif known[0] == name:
                assert (answer.status_code, answer.content) == (201, known[1])
            else:
                assert answer.status_code == 422
        with tenancy.within(harbour):
            assert Customer.objects.count() == expected
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_what_is_a_day_old_is_swept(harbour: Organisation, ada: User) -> None:
    api = Api(harbour, ada)
    api("post", "customers/", {"name": "Kestrel"}, key="old")
    with tenancy.within(harbour):
        KeptAnswer.objects.update(made_at=timezone.now() - repeating.KEPT_FOR)
    api("post", "customers/", {"name": "Heron"}, key="new")
    assert sweep_kept_answers() == 1
    with tenancy.within(harbour):
        assert KeptAnswer.objects.get().key == "new"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_under_way_the_second_is_told_so(harbour: Organisation, ada: User) -> None:
    api, began, go_on = Api(harbour, ada), Signal(), Signal()

    def answer() -> HttpResponse:
        began.set()
        assert go_on.wait(20)
        return HttpResponse("{}", status=201)

    def first() -> None:
        with tenancy.within(harbour):
            given: dict[str, Any] = {
                "token": api.token,
                "key": "a",
                "fingerprint": "x",
                "now": timezone.now(),
            }
            repeating.once(**given, answer=answer)
        connection.close()

    thread = Thread(target=first)
    thread.start()
    assert began.wait(20)
    second = api("post", "customers/", {"name": "Kestrel"}, key="a")
    other = api("post", "customers/", {"name": "Kestrel"}, key="b")
    go_on.set()
    thread.join(20)
    assert (second.status_code, other.status_code) == (409, 201)
    assert "under way" in second.json()["detail"]
    assert api("post", "customers/", {"name": "Kestrel"}, key="a").status_code == 422, (
        "another request by now"
    )


SEND = """
import hashlib, random, sys
from django.test import Client
client = Client(headers={{"Authorization": "Bearer {token}"}}, SERVER_NAME="127.0.0.1")
print("ready", flush=True)
for n in range({begin}, {calls}):
    for _time in range(random.Random(n).randint(1, 5)):
        how = {{"content_type": "application/json", "headers": {{"Idempotency-Key": f"call-{{n}}"}}}}
        answer = client.post("/api/v1/customers/", {{"name": f"Customer {{n}}"}}, **how)
        print(n, answer.status_code, hashlib.sha256(answer.content).hexdigest(), flush=True)
"""
COUNT = """
from customers.models import Customer
from organisations.models import Event, Organisation
from organisations.tenancy import within
with within(Organisation.objects.get()):
    print("said", Customer.objects.count(), Event.objects.filter(verb="customer_created").count())
"""


def said_until_killed(
    installation: Installation, script: str, lines: int, chance: random.Random
) -> Iterator[str]:
    """What a process that answers requests prints until, some way into the next request, it is killed."""
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", script]
    process = processes.start(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=installation.env
    )
    try:
        yield from _lines(process, lines, chance)
    finally:
        processes.stop(process)


def _lines(process: subprocess.Popen[bytes], lines: int, chance: random.Random) -> Iterator[str]:
    assert process.stdout
    for count, line in enumerate(process.stdout):
        if count >= lines:
            try:
                process.wait(chance.random() * 0.02)
            except subprocess.TimeoutExpired:
                processes.kill_group(process)
            break
        if not line.startswith(b"ready"):
            yield line.decode()


@pytest.mark.slow
@pytest.mark.both
def test_calls_that_are_killed_and_sent_again_have_one_effect(installation: Installation) -> None:
    kill_and_repeat(installation, calls=30, kills=2)


@pytest.mark.nightly
@pytest.mark.both
@pytest.mark.timeout(3600)
def test_two_thousand_calls_that_are_killed_and_sent_again_have_one_effect(
    installation: Installation,
) -> None:
    kill_and_repeat(installation, calls=2000, kills=100)


def kill_and_repeat(installation: Installation, *, calls: int, kills: int) -> None:
    """Each call is sent one to five times; now and then the process that answers it is killed."""
    installation.env["BOSAI_API_PER_MINUTE"] = "100000000"
    if "DATABASE_URL" not in installation.env:
        installation.manage("migrate", "-v0")
    ada = ("--name", "Harbour", "--admin", "ada@harbour.example")
    installation.manage("create_organisation", "--slug", "harbour", *ada)
    token = installation.manage("token", "--organisation", "harbour", "--name", "x", "--scope", "write")
    chance, answers, begin, turns = random.Random(7), dict[int, set[str]](), 0, 0
    while begin < calls:
        turns += 1
        script = SEND.format(token=token.stdout.strip(), begin=begin, calls=calls)
        lines = 3 * calls // kills if turns <= kills else 10**9
        for line in said_until_killed(installation, script, lines, chance):
            n, status, digest = line.split()
            assert status == "201", line
            answers.setdefault(int(n), set()).add(digest)
            begin = int(n)
        begin = begin + 1 if turns > kills else begin  # else sent once more: nobody knows whether it arrived
    assert len(answers) == calls
    assert {n: them for n, them in answers.items() if len(them) != 1} == {}
    said = installation.manage("shell", "-v0", "-c", COUNT).stdout
    assert f"said {calls} {calls}" in said


def test_a_kept_answer_is_json(harbour: Organisation, ada: User, db: None) -> None:
    Api(harbour, ada)("post", "customers/", {"name": "Kestrel"}, key="a")
    with tenancy.within(harbour):
        kept = KeptAnswer.objects.get()
    assert json.loads(kept.body)["name"] == "Kestrel"
    assert kept.headers.keys() == {"Content-Type", "Location"}
