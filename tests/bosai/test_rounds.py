import io
import logging
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bosai import rounds
from bosai.management.commands import post as loop
from organisations import tenancy


@pytest.fixture
def told(monkeypatch):
    """What the other rooms are asked to do, instead of doing it."""
    calls = []

    def takes(name):
        def asked(*, organisation, now, at_most=None):
            assert tenancy.current_id() == organisation.pk
            calls.append((name, organisation.slug))
            return 2

        return asked

    monkeypatch.setattr(rounds.celebrating, "gather", takes("gather"))
    monkeypatch.setattr(rounds.celebrating, "post_due", takes("post_due"))
    monkeypatch.setattr(rounds.inviting, "follow_all", takes("follow_all"))
    monkeypatch.setattr(rounds.dispatching, "dispatch", lambda **_: calls.append(("dispatch", "")) or 3)
    monkeypatch.setattr(rounds.importing, "resume_orphans", lambda **_: calls.append(("resume", "")) or 1)
    return calls


def test_it_gathers_posts_sends_and_resumes_in_this_order(harbour, rival, now, told):
    counts = rounds.run(rounds.LOOP, now=now)
    assert counts == {"gathered": 4, "posted": 4, "invitations followed": 4, "sent": 3, "imports resumed": 1}
    assert told == [
        *(("gather", "harbour"), ("gather", "rival")),
        *(("post_due", "harbour"), ("post_due", "rival")),
        *(("follow_all", "harbour"), ("follow_all", "rival")),
        *(("dispatch", ""), ("resume", "")),
    ]


def test_one_organisations_trouble_is_logged_and_stops_nobody(harbour, rival, now, told, monkeypatch, caplog):
    fine = rounds.celebrating.gather

    def gather(*, organisation, now, at_most=None):
        if organisation == harbour:
            raise ZeroDivisionError("poison")
        return fine(organisation=organisation, now=now)

    monkeypatch.setattr(rounds.celebrating, "gather", gather)
    with caplog.at_level(logging.ERROR):
        counts = rounds.run(rounds.LOOP, now=now)
    assert counts["gathered"] == 2
    assert ("dispatch", "") in told
    assert "harbour: failed" in caplog.text
    assert "ZeroDivisionError: poison" in caplog.text


def test_it_posts_a_crowd_in_parts_that_commit_by_themselves(harbour, now, told, monkeypatch):
    whole = rounds.celebrating.POSTED_AT_ONCE
    left = [whole, whole, 7]

    def post_due(*, organisation, now, at_most):
        assert at_most == whole
        return left.pop(0)

    monkeypatch.setattr(rounds.celebrating, "post_due", post_due)
    assert rounds.run(rounds.LOOP, now=now)["posted"] == 2 * whole + 7
    assert left == []


def test_a_step_that_fails_stops_no_other(harbour, now, told, monkeypatch, caplog):
    def dispatch(**_):
        raise OSError("no network")

    monkeypatch.setattr(rounds.dispatching, "dispatch", dispatch)
    counts = rounds.run(rounds.LOOP, now=now)
    assert counts == {
        "gathered": 2,
        "posted": 2,
        "invitations followed": 2,
        "sent": None,
        "imports resumed": 1,
    }
    assert "OSError: no network" in caplog.text
    assert (
        loop.in_words(counts)
        == "gathered 2, posted 2, invitations followed 2, sent failed, imports resumed 1"
    )


def test_it_begins_nothing_once_it_is_asked_to_stop(harbour, now, told):
    counts = rounds.run(rounds.LOOP, now=now, stopping=lambda: len(told) > 1)
    assert told == [("gather", "harbour"), ("post_due", "harbour")]
    assert counts["sent"] is None


def test_sweep_prints_how_much_each_step_did(harbour, told, monkeypatch):
    monkeypatch.setattr(rounds.importing, "orphans", lambda: [])
    out = io.StringIO()
    call_command("sweep", stdout=out)
    assert [line.split() for line in out.getvalue().splitlines()] == [
        *(["digests", "0"], ["messages", "0"], ["reminders", "0"], ["champions", "0"]),
        *(["calls", "due", "0"], ["gathered", "2"], ["posted", "2"]),
        *(["invitations", "followed", "2"], ["sent", "3"]),
        *(["imports", "resumed", "0"], ["webhooks", "called", "0"], ["stories", "expired", "0"]),
        *(["growth", "found", "0"], ["imports", "tidied", "0"]),
        *(["sign-in", "tidied", "0"], ["events", "sealed", "0"]),
        *(["webhooks", "tidied", "0"], ["events", "tidied", "0"]),
        ["circles", "tended", "0"],
    ]


def test_sweep_fails_when_a_step_did(harbour, told, monkeypatch, caplog):
    monkeypatch.setattr(rounds.celebrating, "gather", None)
    monkeypatch.setattr(rounds.importing, "orphans", None)
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("sweep", stdout=out)
    assert "imports resumed  failed, see the log" in out.getvalue()


def test_the_loop_leaves_its_heartbeat_whole(tmp_path: Path):
    beat = tmp_path / "post.beat"
    loop.beat(beat)
    loop.beat(beat)
    assert beat.read_text().startswith("20")
    assert list(tmp_path.iterdir()) == [beat]
