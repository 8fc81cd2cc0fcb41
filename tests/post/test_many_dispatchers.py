"""Several dispatchers at once, and dispatchers that die: nothing is doubled, nothing is lost in silence."""

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from organisations import tenancy
from post import dispatching
from post.models import Delivery, PostDue
from tests.post.conftest import again, database_name, let_leases_run_out, post_one
from tests.services import processes

State = Delivery.State
pytestmark = pytest.mark.django_db(transaction=True)


def start(mail_server, now, *words):
    environment = os.environ | {"SMTP_URL": mail_server.url, "MAIL_FROM": "bosai@harbour.example"}
    command = [sys.executable, "-m", "tests.post.dispatcher", database_name(), now.isoformat(), *words]
    return processes.start(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def states(organisation):
    with tenancy.within(organisation):
        return Counter(Delivery.objects.values_list("state", flat=True))


def post_many(organisation, now, count):
    for number in range(count):
        post_one(organisation, now, subject_key=f"a:{number}", address=f"p{number}@customer.example")


def arrived(mail_server):
    return Counter(mail.message["Message-ID"] for mail in mail_server.mails())


def test_two_dispatchers_in_threads_send_each_mail_once(harbour, rival, now, mail_server):
    post_many(harbour, now, 60)
    post_many(rival, now, 60)
    sent, ready = [], threading.Barrier(2)

    def work():
        ready.wait()
        while count := dispatching.dispatch(now=now):
            sent.append(count)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 120
    assert len(arrived(mail_server)) == mail_server.count() == 120
    assert states(harbour) == states(rival) == {State.SENT: 60}


@pytest.mark.slow
@pytest.mark.both
def test_two_dispatching_processes_send_200_mails_once_each(harbour, now, mail_server):
    post_many(harbour, now, 200)
    workers = [start(mail_server, now, "once") for _ in range(2)]
    said = [worker.communicate(timeout=120)[0].decode() for worker in workers]
    assert sum(int(words) for words in said) == 200, said
    assert len(arrived(mail_server)) == mail_server.count() == 200
    assert states(harbour) == {State.SENT: 200}
    with tenancy.within(harbour):
        assert not PostDue.objects.filter(organisation=harbour).exists()


@pytest.mark.slow
@pytest.mark.both
def test_a_dispatcher_killed_in_the_middle_of_a_mail_leaves_it_uncertain(harbour, now, mail_server):
    delivery = post_one(harbour, now)
    mail_server.misbehave(hang=1, hang_seconds=60)
    worker = start(mail_server, now)
    processes.wait_until(lambda: again(delivery).state == State.SENDING, "the mail to be on its way")
    processes.stop(worker, signal.SIGKILL)
    mail_server.behave()
    assert dispatching.dispatch(now=now) == 0
    assert again(delivery).state == State.SENDING
    let_leases_run_out(harbour)
    for days in range(3):
        assert dispatching.dispatch(now=now + timedelta(days=days)) == 0
    assert again(delivery).state == State.UNCERTAIN
    assert mail_server.mails() == []


@pytest.mark.slow
@pytest.mark.both
def test_kills_and_failures_double_nothing_and_lose_nothing_in_silence(harbour, now, mail_server):
    dice = random.Random(20260312)
    post_many(harbour, now, 150)
    mail_server.misbehave(drop_at_mail=0.1, refuse_rcpt=0.1, refuse_data=0.1)
    killed_while_open = 0
    for kills in range(1, 5):
        worker = start(mail_server, now)
        wanted = min(30 * kills, 140) + dice.randrange(10)
        processes.wait_until(lambda wanted=wanted: mail_server.count() >= wanted, f"{wanted} mails", 60)
        processes.stop(worker, signal.SIGKILL)
        killed_while_open += states(harbour)[State.SENDING]
        let_leases_run_out(harbour)
        dispatching.dispatch(now=now)
    mail_server.behave()
    for hours in range(1, 6):
        dispatching.dispatch(now=now + timedelta(hours=hours))
    counted = states(harbour)
    copies = arrived(mail_server)
    assert max(copies.values()) == 1
    assert set(counted) <= {State.SENT, State.UNCERTAIN}
    assert counted[State.UNCERTAIN] <= killed_while_open
    assert counted[State.SENT] <= len(copies) <= 150
    with tenancy.within(harbour):
        told = set(Delivery.objects.filter(state=State.SENT).values_list("message_id", flat=True))
    assert told <= set(copies)
