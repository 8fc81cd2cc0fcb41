"""A copied or restored database sends nothing by itself; one that was only down goes on."""

from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest

from organisations import tenancy
from organisations.models import Event
from post import dispatching, guarding, marks
from post.marks import Mark
from post.models import Delivery, Hold, Installation
from tests.post.conftest import again, due, set_state

State = Delivery.State
pytestmark = pytest.mark.django_db


def lose_the_mark():
    marks._path().unlink()


def forget_sends(count=1):
    """As a backup from before them would."""
    row = Installation.objects.get()
    Installation.objects.update(sends=row.sends - count)


@pytest.fixture
def sent_one(post_to, mail_server, now):
    """A database that has sent a mail from here."""
    delivery = post_to(subject_key="first")
    assert dispatching.dispatch(now=now) == 1
    return delivery


def open_hold(organisation):
    with tenancy.within(organisation):
        return guarding.current_hold()


def decide(organisation, choice, by, now):
    with tenancy.within(organisation):
        return guarding.send_from_here_on(organisation=organisation, choice=choice, by=by, now=now)


def test_it_counts_every_send_and_keeps_the_number_beside_the_database(sent_one, post_to, now):
    assert marks.read() == Mark(Installation.objects.get().key, 1)
    post_to(subject_key="second")
    post_to(subject_key="third")
    assert dispatching.dispatch(now=now) == 2
    assert (marks.read().number, Installation.objects.get().sends) == (3, 3)


@pytest.mark.parametrize("strange", [lose_the_mark, forget_sends, marks.distrust])
def test_it_holds_what_waits_in_a_copy_or_a_restored_backup(
    sent_one, post_to, harbour, rival, now, mail_server, strange
):
    waiting, later = post_to(subject_key="a"), post_to(subject_key="b", due_at=now + timedelta(days=1))
    leaving = post_to(subject_key="c", organisation=rival, address="eve@customer.example")
    set_state(leaving, State.SENDING)
    strange()
    assert dispatching.dispatch(now=now) == 0
    assert dispatching.dispatch(now=now + timedelta(days=3)) == 0
    assert [again(row).state for row in (waiting, later, leaving)] == ["held", "held", "uncertain"]
    assert open_hold(harbour).since == open_hold(rival).since == now
    assert mail_server.count() == 1
    with tenancy.within(harbour):
        event = Event.objects.get(verb="post_held")
    assert event.data["held"] == 2


def test_it_says_why(sent_one, harbour, now):
    forget_sends()
    dispatching.dispatch(now=now)
    assert open_hold(harbour).why == Hold.Why.OLDER


def test_a_database_of_another_installation_is_a_copy(sent_one, harbour, now):
    Installation.objects.update(key=uuid4(), sends=5000)
    assert dispatching.dispatch(now=now) == 0
    assert open_hold(harbour).why == Hold.Why.COPY


def test_a_database_from_before_the_guard_is_older_than_what_left(sent_one, harbour, now, post_to):
    Installation.objects.all().delete()
    row = post_to(subject_key="a")
    assert dispatching.dispatch(now=now) == 0
    assert again(row).state == State.HELD
    assert open_hold(harbour).why == Hold.Why.OLDER


def test_the_first_start_of_a_version_that_guards_holds_nothing(post_to, mail_server, now, harbour):
    set_state(post_to(subject_key="long ago"), State.SENT)
    post_to(subject_key="now")
    assert dispatching.dispatch(now=now) == 1
    assert open_hold(harbour) is None


def test_three_days_down_are_no_copy(sent_one, post_to, now, harbour):
    row = post_to(subject_key="a")
    assert dispatching.dispatch(now=now + timedelta(days=3)) == 1
    assert again(row).state == State.SENT
    assert open_hold(harbour) is None


def test_a_mark_that_lags_behind_holds_nothing(sent_one, post_to, now, harbour):
    """A crash between the commit and the mark."""
    with marks.locked() as file:
        file.write(Mark(file.read().key, 0))
    post_to(subject_key="a")
    assert dispatching.dispatch(now=now) == 1
    assert open_hold(harbour) is None
    assert marks.read().number == 2


def test_a_mark_that_cannot_be_written_stops_no_mail(sent_one, post_to, now, monkeypatch):
    def full():
        raise OSError("no space left")

    monkeypatch.setattr(marks, "locked", full)
    post_to(subject_key="a")
    assert dispatching.dispatch(now=now) == 1


@pytest.mark.parametrize("line", [b"", b"rubbish", b"1234 -\n"])
def test_a_mark_that_cannot_be_read_is_none(sent_one, now, harbour, line):
    marks._path().write_bytes(line)
    assert dispatching.dispatch(now=now) == 0
    assert open_hold(harbour).why == Hold.Why.COPY


def test_a_hold_that_was_cut_off_is_finished_the_same_way(sent_one, post_to, now, harbour, monkeypatch):
    lose_the_mark()
    with monkeypatch.context() as patched:
        patched.setattr(guarding, "uuid4", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            dispatching.dispatch(now=now)
    row = post_to(subject_key="a")
    assert dispatching.dispatch(now=now + timedelta(minutes=1)) == 0
    assert again(row).state == State.HELD
    with tenancy.within(harbour):
        assert Hold.objects.get().since == now


def test_a_new_database_that_was_cut_off_before_its_row_is_still_new(post_to, mail_server, now, harbour):
    with marks.locked() as file:
        file.write(Mark(uuid4(), 0))
    post_to()
    assert dispatching.dispatch(now=now) == 1
    assert open_hold(harbour) is None


def test_only_the_loop_decides(sent_one, post_to, now, harbour):
    """A worker on another host has another state folder: its mail is the loop's."""
    lose_the_mark()
    row = post_to(subject_key="a")
    assert dispatching.dispatch(now=now, is_loop=False) == 0
    assert again(row).state == State.PENDING
    assert open_hold(harbour) is None
    assert marks.read() is None


class TestAPersonSaysGo:
    @pytest.fixture
    def held(self, sent_one, rival, post_to, now):
        """A mail that waited when the copy was made."""
        row = post_to(subject_key="a")
        lose_the_mark()
        dispatching.dispatch(now=now)
        return row

    def test_and_the_held_ones_go(self, held, harbour, ada, now, mail_server):
        assert decide(harbour, Hold.Choice.SEND, ada, now) == 1
        assert due(harbour) == [held.pk]
        assert dispatching.dispatch(now=now) == 1
        assert again(held).state == State.SENT
        assert mail_server.count() == 2

    def test_or_stay_stopped(self, held, post_to, harbour, ada, now):
        assert decide(harbour, Hold.Choice.LEAVE, ada, now) == 1
        post_to(subject_key="new")
        assert dispatching.dispatch(now=now + timedelta(hours=1)) == 1
        assert again(held).state == State.STOPPED
        assert ada.name in again(held).reason

    def test_for_their_own_organisation_alone(self, held, post_to, harbour, rival, ada, now):
        theirs = post_to(subject_key="r", organisation=rival)
        decide(harbour, Hold.Choice.SEND, ada, now)
        assert dispatching.dispatch(now=now) == 1
        assert again(theirs).state == State.HELD

    def test_and_it_is_written_down(self, held, harbour, ada, now):
        decide(harbour, Hold.Choice.LEAVE, ada, now)
        with tenancy.within(harbour):
            ended = Hold.objects.get()
            event = Event.objects.get(verb="post_released")
        assert (ended.ended_at, ended.ended_by, ended.choice) == (now, ada, "leave")
        assert (event.actor, event.data) == (ada, {"choice": "leave", "mails": 1})

    def test_once(self, held, harbour, ada, now):
        decide(harbour, Hold.Choice.SEND, ada, now)
        with pytest.raises(guarding.NotHeldError):
            decide(harbour, Hold.Choice.LEAVE, ada, now)
        assert again(held).state == State.PENDING

    def test_and_from_then_on_the_copy_is_an_installation_of_its_own(self, held, harbour, ada, now):
        """The next copy of where this one came from is noticed again."""
        decide(harbour, Hold.Choice.SEND, ada, now)
        dispatching.dispatch(now=now)
        Installation.objects.update(key=uuid4(), sends=99)
        assert dispatching.dispatch(now=now) == 0
        assert open_hold(harbour) is not None


def test_what_becomes_due_while_mail_is_held_is_held(sent_one, post_to, now, harbour, mail_server):
    lose_the_mark()
    dispatching.dispatch(now=now)
    row, tomorrow = post_to(subject_key="a"), post_to(subject_key="b", due_at=now + timedelta(days=1))
    assert dispatching.dispatch(now=now) == 0
    assert [again(each).state for each in (row, tomorrow)] == [State.HELD, State.PENDING]
    assert due(harbour) == [tomorrow.pk]
    assert mail_server.count() == 1


def test_two_loops_that_find_a_copy_settle_it_once(sent_one, post_to, now, harbour, monkeypatch):
    """The second waited for the first one's lock, and finds it decided."""
    lose_the_mark()
    locked, keys = marks.locked, []

    @contextmanager
    def after_the_other():
        monkeypatch.setattr(marks, "locked", locked)
        guarding.is_home(now=now)
        keys.append(Installation.objects.get().key)
        with locked() as file:
            yield file

    monkeypatch.setattr(marks, "locked", after_the_other)
    assert guarding.is_home(now=now + timedelta(seconds=1))
    assert keys == [Installation.objects.get().key] == [marks.read().key]
    with tenancy.within(harbour):
        assert Event.objects.filter(verb="post_held").count() == 1


def test_what_is_released_at_this_moment_is_not_held_once_more(
    sent_one, post_to, now, harbour, ada, monkeypatch
):
    lose_the_mark()
    dispatching.dispatch(now=now)
    row = post_to(subject_key="a")
    current_hold = guarding.current_hold

    def released_meanwhile():
        monkeypatch.setattr(guarding, "current_hold", current_hold)
        found = current_hold()
        guarding.send_from_here_on(organisation=harbour, choice=Hold.Choice.SEND, by=ada, now=now)
        return found

    monkeypatch.setattr(guarding, "current_hold", released_meanwhile)
    assert dispatching.dispatch(now=now) == 1
    assert again(row).state == State.SENT
