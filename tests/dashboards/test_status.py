"""The status page says in words how it is; the banner comes when the loop is silent or mail is held."""

import re
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from office.models import Import
from organisations import tenancy
from post import beating, guarding
from post.models import Delivery, Heartbeat, Hold
from tests.post.conftest import again, post_one

pytestmark = pytest.mark.django_db
State = Delivery.State


@pytest.fixture(autouse=True)
def loop_file(monkeypatch, tmp_path):
    """No process has left a file; and each test may beat at once."""
    monkeypatch.setattr(beating, "LOOP_FILE", str(tmp_path / "post.beat"))
    beating._said.clear()
    return tmp_path / "post.beat"


@pytest.fixture
def status_of(client_for, harbour):
    def read(user):
        response = client_for(user).get(reverse("dashboards:status", args=[harbour.slug]))
        assert response.status_code == 200
        return response.content.decode()

    return read


def fall_silent(name, *, minutes):
    Heartbeat.objects.filter(pk=name).update(at=F("at") - timedelta(minutes=minutes))


def today(client_for, user, harbour):
    return client_for(user).get(reverse("dashboards:today", args=[harbour.slug])).content.decode()


SILENT = "the post loop is silent"


def test_it_says_when_each_process_was_last_heard(status_of, ada):
    for name in Heartbeat.Name.values:
        beating.beat(name)
    said = status_of(ada)
    assert said.count("last heard") == 4
    assert "never heard" not in said
    assert "this machine and the database agree" in said
    assert f"Bosai {django_settings.VERSION} on" in said


def test_it_says_what_to_do_about_silence(status_of, ada):
    beating.beat("worker")
    fall_silent("worker", minutes=3)
    said = status_of(ada)
    assert said.count("silent since") == 1
    assert said.count("never heard") == 3
    assert "It is called by beat, which is silent as well" in said


def test_only_admins_and_managers_see_it(client_for, harbour, theo, mara, rio):
    url = reverse("dashboards:status", args=[harbour.slug])
    assert [client_for(user).get(url).status_code for user in (theo, mara, rio)] == [200, 403, 403]


def test_it_counts_the_mails_that_need_somebody(status_of, ada, harbour, now):
    for number, state in enumerate(["pending", "failed", "uncertain", "uncertain", "sent"]):
        row = post_one(harbour, now, subject_key=f"a:{number}")
        with tenancy.within(harbour):
            Delivery.objects.filter(pk=row.pk).update(state=state, sent_at=now if state == "sent" else None)
    said = status_of(ada)
    assert "1 mail, the oldest written" in said
    assert "The outbox says why." in said
    assert "Say in the outbox whether they arrived." in said
    assert "none: mails wait in the outbox" in said


def test_a_failed_import_can_be_tried_again_where_its_file_is_kept(status_of, client_for, theo, harbour, now):
    with tenancy.within(harbour):
        kept, gone = (
            Import.objects.create(
                organisation=harbour, kind="customers", source="crm", file_name=name, file_path=path,
                file_bytes=1, file_sha256="", made_at=now, state="failed", state_why="It stopped.",
                checking_since=now, finished_at=now,
            )
            for name, path in (("kept.csv", "imports/1/kept.csv"), ("gone.csv", ""))
        )  # fmt: skip
    said = status_of(theo)
    assert said.count("Try again") == 1
    client = client_for(theo)
    for import_, state in ((kept, Import.State.CHECKING), (gone, Import.State.FAILED)):
        client.post(reverse("office:import_retry", args=[harbour.slug, import_.pk]))
        with tenancy.within(harbour):
            import_.refresh_from_db()
        assert import_.state == state


def test_a_clock_that_runs_apart_is_told(status_of, ada, monkeypatch):
    real = timezone.now
    monkeypatch.setattr("bosai.middleware.timezone.now", lambda: real() + timedelta(seconds=90))
    assert re.search(r"(89|90|91) seconds apart", status_of(ada))


class TestTheBanner:
    def test_it_comes_after_two_minutes_of_silence(self, client_for, harbour, theo):
        beating.beat("post")
        fall_silent("post", minutes=1)
        assert SILENT not in today(client_for, theo, harbour)
        fall_silent("post", minutes=1.1)
        assert SILENT in today(client_for, theo, harbour)

    def test_csms_are_not_told_what_they_cannot_change(self, client_for, harbour, mara):
        assert SILENT not in today(client_for, mara, harbour)

    def test_a_loop_that_lives_while_an_import_holds_the_database_is_not_silent(
        self, client_for, harbour, theo, loop_file
    ):
        loop_file.write_text(f"{(timezone.now() - timedelta(seconds=30)).isoformat()}\n")
        assert SILENT not in today(client_for, theo, harbour)
        loop_file.write_text(f"{(timezone.now() - timedelta(minutes=3)).isoformat()}\n")
        assert SILENT in today(client_for, theo, harbour)

    def test_it_says_how_many_mails_are_held(self, client_for, harbour, theo, now):
        post_one(harbour, now)
        guarding.hold(harbour, why=Hold.Why.COPY, now=now)
        assert "Mail is held, 1 waits" in today(client_for, theo, harbour)


class TestHeldMail:
    @pytest.fixture
    def held(self, harbour, now):
        row = post_one(harbour, now)
        guarding.hold(harbour, why=Hold.Why.OLDER, now=now)
        return row

    @pytest.fixture
    def say_go(self, client_for, harbour):
        url = reverse("dashboards:release", args=[harbour.slug])
        return lambda user, choice: client_for(user).post(url, {"choice": choice}, follow=True)

    def test_an_admin_sends_it_from_here_on(self, held, say_go, ada, status_of):
        assert "Send from here on" in status_of(ada)
        said = say_go(ada, "send").content.decode()
        assert "Mail leaves again, 1 held one first." in said
        assert again(held).state == State.PENDING

    def test_or_leaves_it_stopped(self, held, say_go, ada):
        say_go(ada, "leave")
        assert again(held).state == State.STOPPED
        assert "not held any more" in say_go(ada, "send").content.decode()
        assert again(held).state == State.STOPPED

    def test_a_manager_looks_on(self, held, say_go, theo, status_of):
        said = status_of(theo)
        assert "An admin of your organisation decides." in said
        assert say_go(theo, "send").status_code == 403
        assert again(held).state == State.HELD

    def test_the_outbox_says_that_mail_is_held(self, held, client_for, harbour, theo):
        said = client_for(theo).get(reverse("post:outbox", args=[harbour.slug])).content.decode()
        assert "This looks like a copy or a restored backup" in said


def test_a_heartbeat_is_stored_now_and_then_and_not_more_often():
    beating.beat("post")
    fall_silent("post", minutes=1)
    before = Heartbeat.objects.get().at
    beating.beat("post")
    assert Heartbeat.objects.get().at == before
    beating.beat("post", every=0)
    assert Heartbeat.objects.get().at > before
