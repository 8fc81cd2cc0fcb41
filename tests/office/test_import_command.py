"""./run manage import_csv: what it stores, what it prints, how it ends."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from customers.models import Customer
from office.models import Import
from organisations import tenancy
from tests.factories import make_customer


@pytest.fixture
def run(harbour, tmp_path):
    """run(kind, content, *arguments) → (standard output, standard error, the error it ended with)."""

    def started(kind: str, content: str, *arguments: str, mapping: object = None) -> tuple[str, str, str]:
        path = tmp_path / "crm.csv"
        path.write_text(content)
        if mapping is not None:
            (tmp_path / "map.json").write_text(mapping if isinstance(mapping, str) else json.dumps(mapping))
            arguments = (*arguments, "--map", str(tmp_path / "map.json"))
        return command("--organisation", "harbour", "--as", kind, str(path), *arguments)

    return started


def command(*arguments: str) -> tuple[str, str, str]:
    out, err, ended = StringIO(), StringIO(), ""
    try:
        call_command("import_csv", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        ended = str(error)
    return out.getvalue(), err.getvalue(), ended


def customers(harbour) -> set[str]:
    with tenancy.within(harbour):
        return set(Customer.objects.values_list("key", flat=True))


def test_it_stores_a_file_and_says_how_its_rows_ended(run, harbour):
    out, err, ended = run("customers", "key,name\nk1,One\nk2,Two\n,\n")
    said, undo = out.removesuffix("\n").rsplit("\n", 1)
    assert said == "crm.csv: applied\n2 new · 1 skipped by rule\n   1 empty row"
    assert undo.startswith("To take it back: ./run manage import_csv --organisation harbour --undo ")
    assert (err, ended) == ("", "")
    assert customers(harbour) == {"k1", "k2"}
    out, _, _ = run("customers", "key,name\nk1,One\nk2,Two\n,\n")
    assert "2 unchanged" in out


def test_it_lists_refused_rows_with_line_column_value_and_reason(run, harbour):
    out, err, ended = run("customers", "key,name,owner\nk1,One,x@y.example\nk2,Two,\n")
    assert err == "line 2, column owner, “x@y.example”: nobody here who may write has this address\n"
    assert ended == "1 row is refused, so nothing is stored."
    assert out == "crm.csv: refused, nothing stored\n1 new · 1 refused\n"
    assert customers(harbour) == set()


def test_it_stores_nothing_in_a_dry_run_and_says_what_would_be_refused(run, harbour):
    out, err, ended = run("customers", "key,name\nk1,One\n,Two\n", "--dry-run")
    assert "checked, not yet applied" in out
    assert err == "line 3, column key: is empty\n"
    assert ended == "1 row would be refused."
    assert run("customers", "key,name\nk1,One\n", "--dry-run")[2] == ""
    assert customers(harbour) == set()


def test_it_stores_the_good_rows_when_asked_to(run, harbour):
    out, _, ended = run("customers", "key,name\nk1,One\n,Two\n", "--partial")
    assert (ended, customers(harbour)) == ("", {"k1"})
    assert "1 new · 1 refused" in out


def test_it_lists_no_more_than_fifty_refused_rows(run):
    _, err, _ = run("customers", "key,name\n" + ",x\n" * 60)
    assert len(err.splitlines()) == 51
    assert err.endswith("… and 10 more\n")


def test_it_takes_a_mapping_a_source_and_history(run, harbour):
    with tenancy.within(harbour):
        make_customer(harbour, "One", key="k1")
    mapping = {"customer": "c", "metric": {"const": "score", "create": True}, "at": "d", "value": "v"}
    content = "c,d,v\nk1,2026-01-01,5\n"
    assert run("readings", content, "--source", "billing", "--history", mapping=mapping)[2] == ""
    with tenancy.within(harbour):
        import_ = Import.objects.get()
        assert (import_.source, import_.is_history, import_.mapping) == ("billing", True, mapping)


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("{", "is not JSON"),
        ('{"key": "key", "name": "nom"}', "There is no column “nom”. The file has: key, name."),
        ('{"key": "key", "nome": "name"}', "“nome” is no target column of customers"),
    ],
)
def test_it_says_what_is_wrong_with_a_mapping(run, mapping, said):
    assert said in run("customers", "key,name\nk1,One\n", mapping=mapping)[2]


def test_it_says_so_when_there_is_no_such_file_folder_or_organisation(harbour, tmp_path):
    start = ("--organisation", "harbour", "--as", "customers")
    assert command(*start, str(tmp_path / "no.csv"))[2] == f"There is no file {tmp_path / 'no.csv'}."
    assert command(*start, str(tmp_path))[2] == f"{tmp_path} is a folder, not a file."
    (tmp_path / "crm.csv").write_text("key,name\n")
    missing = command(*start, str(tmp_path / "crm.csv"), "--map", str(tmp_path / "no.json"))
    assert missing[2] == f"There is no file {tmp_path / 'no.json'}."
    answer = command("--organisation", "harbor", "--as", "customers", str(tmp_path / "crm.csv"))
    assert answer[2] == "There is no organisation “harbor”. There are: harbour"


def test_it_knows_its_kinds(harbour, tmp_path):
    answer = command("--organisation", "harbour", "--as", "planets", str(tmp_path))
    assert "invalid choice: 'planets'" in answer[2]


@pytest.mark.parametrize(
    ("where", "said", "state"),
    [
        ("office.importing.checking.stage", "Cancelled. Nothing is stored.", "checking"),
        ("office.importing.applying._store", "Storing had begun.", "applying"),
    ],
)
def test_it_stops_at_ctrl_c(run, harbour, monkeypatch, where, said, state):
    def interrupted(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(where, interrupted)
    assert run("customers", "key,name\nk1,One\n")[2].startswith(said)
    with tenancy.within(harbour):
        import_ = Import.objects.get()
        assert (import_.state, import_.cancel_asked_at is not None) == (state, state == "checking")
    assert customers(harbour) == set()
