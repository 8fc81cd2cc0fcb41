"""A backup made while others write, restored elsewhere: the same rows, and no mail until somebody says so."""

import json
import os
import re
import sqlite3
import stat
import threading
import zipfile
from contextlib import closing

import psycopg
import pytest

from bosai.backups import archive
from bosai.lockfile import held
from tests.services.installation import Installation

pytestmark = [pytest.mark.slow, pytest.mark.both]

SEED = """
from django.utils import timezone
from organisations import sealing, tenancy
from organisations.models import Organisation
from post import guarding, marks, posting
from post.models import Installation
from ui.mail import RenderedMail
now = timezone.now()
harbour = Organisation.objects.get()
with tenancy.within(harbour):
    to = posting.recipient_for(organisation=harbour, address="nadia@customer.example")
    mail = RenderedMail("Nine depots", "Dear Nadia, \\\\ tab\\t and more\\n", "<p>Möwe</p>")
    for key in ("sent", "pending", "sending"):
        given = {"purpose": "test", "subject_key": key, "recipient": to, "mail": mail}
        row = posting.post(organisation=harbour, now=now, **given)
        type(row).objects.filter(pk=row.pk).update(state=key)
assert guarding.is_home(now=now)
Installation.objects.update(sends=1)
marks.advance(1)
assert sealing.seal_all(now=now) > 0
"""
STATES = """
from organisations import heads, sealing, tenancy
from organisations.models import Organisation
from post.models import Delivery
harbour = Organisation.objects.get()
with tenancy.within(harbour):
    print("heads", len(heads.noted(harbour)), "faults", list(sealing.verify(organisation=harbour)))
    print(dict(Delivery.objects.values_list("subject_key", "state")), Delivery.objects.first().text)
"""


@pytest.fixture
def lived_in(installation, tmp_path):
    """With an organisation, imported customers, and mails in every state."""
    installation.manage("create_organisation", "--slug", "harbour", "--name", "H", "--admin", "ada@h.example")
    customers = tmp_path / "customers.csv"
    customers.write_text("key,name\nheron,Heron Haulage\nkite,Kite & Söhne\n")
    installation.manage("import_csv", "--organisation", "harbour", "--as", "customers", customers)
    installation.manage("shell", "-c", SEED)
    return installation


@pytest.fixture
def elsewhere(tmp_path, smtp_sink):
    """Another machine: an empty state folder, and on PostgreSQL an empty database."""
    return Installation(tmp_path / "elsewhere", SMTP_URL=smtp_sink.url)


def write_on(installation, stop):
    """Somebody who goes on writing while the backup is made."""
    address = installation.env.get("DATABASE_URL")
    with closing(
        psycopg.connect(address, autocommit=True)
        if address
        else sqlite3.connect(installation.state / "bosai.sqlite3", timeout=20, autocommit=True)
    ) as database:
        while not stop.is_set():
            database.execute("UPDATE organisations_organisation SET name = name")
            stop.wait(0.01)


def test_it_comes_back_elsewhere_and_sends_nothing_by_itself(lived_in, elsewhere, tmp_path, smtp_sink):
    file, stop = tmp_path / "all.zip", threading.Event()
    writer = threading.Thread(target=write_on, args=(lived_in, stop))
    writer.start()
    try:
        said = lived_in.manage("backup", file).stdout
    finally:
        stop.set()
        writer.join()
    assert "1 organisations" in said
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    with zipfile.ZipFile(file) as packed:
        manifest = json.loads(packed.read("manifest.json"))
        assert "secret-key" not in packed.namelist()
        assert (lived_in.state / "secret-key").read_bytes() not in b"".join(
            map(packed.read, packed.namelist())
        )
    assert manifest["rows"]["customers_customer"] == 2
    assert manifest["files"] == 2, "what was imported, and the heads of the log's seals"

    told = elsewhere.manage("restore", file).stdout
    assert "every checksum is right" in told
    assert "Mail is held" in told
    assert [path.name for path in (elsewhere.state / "imports").rglob("*.csv")]
    swept = elsewhere.manage("sweep")
    assert "mail is held" in swept.stderr
    states = elsewhere.manage("shell", "-c", STATES).stdout
    assert "{'sent': 'sent', 'pending': 'held', 'sending': 'uncertain'}" in states
    assert re.search(r"heads [12] faults \[\]", states), "the log is as it was sealed"
    assert "Dear Nadia, \\ tab\t and more" in states
    assert smtp_sink.count() == 0

    refused = elsewhere.manage("restore", file, check=False)
    assert refused.returncode == 1
    assert "organisations here already. Nothing was changed." in refused.stderr
    replaced = elsewhere.manage("restore", file, "--replace").stdout
    assert "what was here lies in" in replaced
    again = elsewhere.manage("backup", tmp_path / "again.zip", "--with-secret-key").stdout
    assert "It holds the secret key." in again
    with zipfile.ZipFile(tmp_path / "again.zip") as packed:
        rows = json.loads(packed.read("manifest.json"))["rows"]
    differing = {table for table in rows if rows[table] != manifest["rows"][table]}
    assert differing - {"django_migrations", "django_content_type", "auth_permission"} == set()


def test_a_running_bosai_is_left_alone(installation, tmp_path):
    with held(installation.state / "bosai.lock", "http://127.0.0.1:8000"):
        refused = installation.manage("restore", tmp_path / "none.zip", check=False)
    assert "Stop it first; nothing was changed." in refused.stderr


class TestAFile:
    """What restores nothing. Quick: no installation is needed to say no."""

    @pytest.fixture
    def written(self, tmp_path):
        path = tmp_path / "a.zip"
        with archive.written(path) as writer:
            with writer.member("tables/a") as member:
                member.write(b"id\n1\n")
            writer.finish({"rows": {}})
        return path

    def test_that_was_written_verifies(self, written):
        with archive.opened(written) as reader:
            reader.verify()
            assert reader.names("tables") == ["tables/a"]

    def test_that_was_changed_is_damaged(self, written, tmp_path):
        changed = tmp_path / "b.zip"
        with zipfile.ZipFile(written) as old, zipfile.ZipFile(changed, "w") as new:
            new.writestr("tables/a", "id\n2\n")
            new.writestr("manifest.json", old.read("manifest.json"))
        with archive.opened(changed) as reader, pytest.raises(archive.Damaged, match="not as it was written"):
            reader.verify()

    def test_that_lost_a_member_is_damaged(self, written, tmp_path):
        changed = tmp_path / "b.zip"
        with zipfile.ZipFile(written) as old, zipfile.ZipFile(changed, "w") as new:
            new.writestr("manifest.json", old.read("manifest.json"))
        with archive.opened(changed) as reader, pytest.raises(archive.Damaged, match="cannot be read"):
            reader.verify()

    @pytest.mark.parametrize("cut", [0, 10, 100])
    def test_that_was_cut_off_is_no_backup(self, written, cut):
        written.write_bytes(written.read_bytes()[:cut])
        with pytest.raises(archive.Unusable), archive.opened(written):
            pass

    def test_that_failed_while_being_written_is_not_there(self, tmp_path):
        with pytest.raises(ZeroDivisionError), archive.written(tmp_path / "a.zip"):
            raise ZeroDivisionError
        assert list(tmp_path.iterdir()) == []
