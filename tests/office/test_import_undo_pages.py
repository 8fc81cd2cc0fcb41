"""Undo on the pages and on the command line: look first, say yes, see what came of it."""

from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from office.models import Import
from organisations import tenancy
from tests.factories import make_contact
from tests.office.bringing import bring, many, work


@pytest.fixture
def applied(harbour):
    """Two customers that came today; something rests on one of them."""
    with tenancy.within(harbour):
        import_ = bring(harbour, "customers", many(2))
        Import.objects.update(finished_at=timezone.now())
        make_contact(Customer.objects.get(key="k1"))
        import_.refresh_from_db()
    return import_


def url(name: str, import_: Import) -> str:
    return reverse(f"office:{name}", args=["harbour", import_.pk])


def test_it_shows_what_would_happen_then_does_it(client_for, harbour, theo, applied):
    client = client_for(theo)
    assert url("import_undo", applied) in client.get(url("import_detail", applied)).content.decode()
    page = client.get(url("import_undo", applied)).content.decode()
    assert "Customers: taken back</dt><dd>1<" in page
    assert "something rests on it: 1 contact" in page
    with patch("office.views.undoing.wake") as wake:
        answer = client.post(url("import_undo", applied))
    assert answer.url == url("import_detail", applied)
    assert wake.call_args.kwargs == {"organisation_id": harbour.pk, "import_id": applied.pk}
    assert "is being undone" in client.get(answer.url).content.decode()
    assert "Watch it" in client.get(url("import_undo", applied)).content.decode()
    with tenancy.within(harbour):
        assert work(harbour, applied).state == "undone"
    assert "<b>Undone.</b> Customers: taken back 1." in client.get(answer.url).content.decode()
    page = client.get(url("import_undo", applied)).content.decode()
    assert "What was done" in page
    assert "something rests on it: 1 contact" in page
    assert "Undo it" not in page


def test_it_says_why_it_cannot_be_undone(client_for, harbour, theo, applied):
    with tenancy.within(harbour):
        work(harbour, applied)
        Import.objects.update(finished_at=applied.made_at)
    client = client_for(theo)
    assert "more than 30 days ago" in client.get(url("import_undo", applied)).content.decode()
    page = client.post(url("import_undo", applied), follow=True).content.decode()
    assert "more than 30 days ago" in page


def test_a_csm_may_not(client_for, mara, applied):
    assert client_for(mara).post(url("import_undo", applied)).status_code == 403


def test_the_command_looks_then_undoes(harbour, applied, capsys):
    given = {"organisation": "harbour", "undo": applied.pk}
    call_command("import_csv", **given, dry_run=True)
    said = capsys.readouterr()
    assert "1 Customers: taken back" in said.out
    assert "Nothing is undone yet." in said.out
    assert "customers Customer 1: something rests on it: 1 contact" in said.err
    call_command("import_csv", **given)
    assert "customers.csv: undone" in capsys.readouterr().out
    with pytest.raises(CommandError, match="undone already"):
        call_command("import_csv", **given)
    with pytest.raises(CommandError, match="undone already"):
        call_command("import_csv", **given, dry_run=True)


def test_the_command_says_what_is_wrong(harbour, applied):
    with pytest.raises(CommandError, match="no import 999"):
        call_command("import_csv", organisation="harbour", undo=999)
    with pytest.raises(CommandError, match="no part 7"):
        call_command("import_csv", organisation="harbour", undo=applied.pk, part=7)
    with pytest.raises(CommandError, match="Say which file"):
        call_command("import_csv", organisation="harbour")
