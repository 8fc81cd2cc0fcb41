"""The log is sealed in parts, its heads leave the database, and what does not fit is told."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from office import exporting
from organisations import heads, sealing, tasks, tenancy
from organisations.chains import Kind
from organisations.models import Event, Organisation, Seal, SealQuerySet

HOUR = timedelta(hours=1)


@pytest.fixture
def log(harbour: Organisation, mara: Any, now: datetime) -> Callable[..., Event]:
    def write(
        number: int = 1, *, organisation: Organisation = harbour, at: datetime = now, **more: Any
    ) -> Event:
        with tenancy.within(organisation):
            for each in range(number):
                event = organisation.log("call_noted", by=mara, now=at, customer_id=each + 1, n=each, **more)
        return event

    return write


def found(organisation: Organisation, path: Path | None = None) -> list[str]:
    with tenancy.within(organisation):
        return [str(fault) for fault in sealing.verify(organisation=organisation, heads_file=path)]


def seals(organisation: Organisation) -> list[Seal]:
    with tenancy.within(organisation):
        return list(Seal.objects.order_by("number"))


@pytest.mark.django_db
class TestSealing:
    @pytest.fixture(autouse=True)
    def _small(self, monkeypatch):
        monkeypatch.setattr(sealing, "AT_ONCE", 4)

    def test_it_seals_everything_once_in_parts_and_each_organisation_by_itself(
        self, harbour, rival, log, now
    ):
        log(9)
        log(2, organisation=rival)
        assert sealing.seal_all(now=now) == 11
        assert sealing.seal_all(now=now) == 0
        assert [seal.count for seal in seals(harbour)] == [4, 4, 1]
        assert [seal.count for seal in seals(rival)] == [2]
        assert found(harbour) == found(rival) == []

    def test_what_is_committed_late_is_sealed_late(self, harbour, log, now):
        """A long transaction took its number before others that are sealed already."""
        event = log(3)
        with tenancy.within(harbour):
            Event(pk=event.pk + 5, organisation=harbour, at=now, recorded_at=now, verb="v").save(
                force_insert=True
            )
        sealing.seal(organisation=harbour, now=now)
        with tenancy.within(harbour):
            Event(pk=event.pk + 2, organisation=harbour, at=now, recorded_at=now, verb="late").save(
                force_insert=True
            )
        assert sealing.seal(organisation=harbour, now=now + HOUR) == 1
        assert seals(harbour)[-1].lines[0][0] == event.pk + 2
        assert found(harbour) == []

    def test_what_was_sealed_long_ago_is_not_read_again(self, harbour, log, now):
        for day in range(4):
            log(3, at=now + timedelta(days=day))
            assert sealing.seal(organisation=harbour, now=now + timedelta(days=day)) == 3
        assert found(harbour) == []

    def test_two_at_once_seal_it_once(self, harbour, log, now, monkeypatch):
        log(2)
        assert sealing.seal(organisation=harbour, now=now) == 2
        log(1)
        monkeypatch.setattr(SealQuerySet, "newest", lambda self: None)  # before the other one committed
        assert sealing.seal(organisation=harbour, now=now) == 0
        monkeypatch.undo()
        assert len(seals(harbour)) == 1
        assert found(harbour) == []

    def test_the_task_and_the_sweep_do_it(self, harbour, log):
        log(2)
        assert tasks.seal_logs() == 2
        log(1)
        call_command("sweep")
        assert [seal.count for seal in seals(harbour)] == [2, 1]

    def test_a_folder_that_cannot_be_written_stops_nothing(
        self, harbour, log, now, settings, tmp_path, caplog
    ):
        (tmp_path / "seals").write_text("a file")
        settings.LOG_HEADS = tmp_path / "seals" / "heads.jsonl"
        log(1)
        assert sealing.seal(organisation=harbour, now=now) == 1
        assert "could not be noted" in caplog.text
        assert seals(harbour)[0].head in caplog.text


@pytest.mark.django_db
class TestTheDatabase:
    @pytest.mark.postgres
    @pytest.mark.parametrize("table", ["organisations_event", "organisations_seal"])
    @pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
    def test_who_serves_cannot_change_it(self, harbour, log, now, table, change):
        log(1)
        sealing.seal(organisation=harbour, now=now)
        with (
            tenancy.within(harbour),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(change.format(table))

    @pytest.fixture
    def sealed(self, harbour, log, now):
        for hour in range(3):
            log(3, at=now + hour * HOUR)
            sealing.seal(organisation=harbour, now=now + hour * HOUR)

    def test_what_others_add_behind_our_back_is_found(self, harbour, sealed, log, now, capsys):
        log(1, at=now - timedelta(days=40))
        assert [fault.split(maxsplit=2)[2] for fault in found(harbour)] == [Kind.OUTSIDE]
        sealing.seal(organisation=harbour, now=now + 4 * HOUR)
        assert [fault.split(maxsplit=2)[2] for fault in found(harbour)] == [Kind.BACKDATED]
        with pytest.raises(CommandError, match="1 things do not fit"):
            call_command("verify_log")
        assert "harbour: 4 seals, 1 things do not fit." in capsys.readouterr().out

    def test_it_says_that_everything_fits(self, harbour, sealed, capsys):
        call_command("verify_log", organisation="harbour")
        assert capsys.readouterr().out == "harbour: 3 seals, everything fits.\n"

    def test_heads_kept_elsewhere_find_a_log_made_anew(self, harbour, sealed, tmp_path, settings, capsys):
        kept = tmp_path / "heads.jsonl"
        lines = Path(settings.LOG_HEADS).read_text().splitlines()
        further = json.loads(lines[-1]) | {"number": 4, "head": "f" * 40}
        other = json.loads(lines[-1]) | {"head": "0" * 40}
        nobodys = json.loads(lines[-1]) | {"organisation": "gone", "number": 99}
        kept.write_text("\n".join(map(json.dumps, (further, other, nobodys))))
        assert found(harbour, kept) == [f"seal 4 {Kind.CUT}", f"seal 3 {Kind.OTHER}"]
        with pytest.raises(CommandError):
            call_command("verify_log", heads=kept)

    def test_it_says_what_it_cannot_read(self, harbour, sealed, tmp_path):
        with pytest.raises(CommandError, match="no organisation"):
            call_command("verify_log", organisation="nobody")
        with pytest.raises(CommandError, match="There is no file"):
            call_command("verify_log", heads=tmp_path / "none")
        broken = tmp_path / "broken"
        broken.write_text("{")
        for given in ({"heads": broken}, {"export": broken}, {"export": tmp_path / "none"}):
            with pytest.raises(CommandError, match="cannot be read"):
                call_command("verify_log", **given)

    def test_an_export_is_verified_by_itself(self, harbour, sealed, tmp_path, now, capsys):
        path = tmp_path / "harbour.zip"
        with tenancy.within(harbour):
            path.write_bytes(b"".join(exporting.export(harbour, now=now)))
        call_command("verify_log", export=path)
        assert "harbour in harbour.zip: 3 seals, everything fits." in capsys.readouterr().out
        _rewrite(path, "organisations-event.csv", "call_noted", "call_held")
        with pytest.raises(CommandError, match="9 things do not fit"):
            call_command("verify_log", export=path)

    def test_the_status_page_shows_the_head(self, harbour, sealed, ada, client_for, now):
        page = client_for(ada).get(reverse("dashboards:status", args=[harbour.slug])).content.decode()
        assert "seal 3" in page
        assert seals(harbour)[-1].head in page
        assert "start them again" not in page.partition("Log: sealed")[2].partition("</tr>")[0]

    def test_the_status_page_says_that_nobody_seals(self, harbour, log, ada, client_for, now):
        address = reverse("dashboards:status", args=[harbour.slug])
        assert "not yet: it is sealed once an hour" in client_for(ada).get(address).content.decode()
        log(1)
        sealing.seal(organisation=harbour, now=now)
        log(1, at=now + HOUR)  # months ago, for whoever looks now
        page = client_for(ada).get(address).content.decode()
        assert "start them again" in page.partition("Log: sealed")[2].partition("</tr>")[0]


def _rewrite(path: Path, name: str, old: str, new: str) -> None:
    with zipfile.ZipFile(path) as packed:
        files = {each: packed.read(each) for each in packed.namelist()}
    files[name] = files[name].replace(old.encode(), new.encode())
    assert list(csv.reader(io.StringIO(files[name].decode("utf-8-sig"))))
    with zipfile.ZipFile(path, "w") as packed:
        for each, data in files.items():
            packed.writestr(each, data)


def test_a_head_is_noted_for_the_organisation_it_is_of(harbour, rival, now, log):
    log(1)
    log(1, organisation=rival)
    sealing.seal_all(now=now)
    assert [head.number for head in heads.noted(harbour)] == [1]
    assert heads.noted(harbour) != heads.noted(rival)
