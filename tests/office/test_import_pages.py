"""Bringing a file in on the pages: who may, each step with and without htmx, and what the pages say."""

import json
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from customers.models import Customer
from office.models import Import
from organisations import tenancy
from tests.counting import queries_of
from tests.office.bringing import NOW, begin, bring, work

GOOD = "Customer No,Company,Since\nk1,Kestrel,03.02.2026\nk2,=Ostra,\n"
HTMX = {"HX-Request": "true", "HX-Target": "import-state"}


@pytest.fixture
def woken():
    """Which imports the worker was woken for, instead of waking it."""
    with patch("office.views.imports.wake") as wake:
        yield wake


def url(name: str, *args: int) -> str:
    return reverse(f"office:{name}", args=["harbour", *args])


def upload(client, content: str = GOOD, **given: object):
    data = {"file": SimpleUploadedFile("crm.csv", content.encode()), "kind": "customers", "source": "crm"}
    return client.post(url("import_new"), data | given)


def made(harbour) -> Import:
    with tenancy.within(harbour):
        return Import.objects.select_related("organisation").get()


def worked(harbour) -> Import:
    with tenancy.within(harbour):
        return work(harbour, Import.objects.get())


def test_it_leads_from_a_file_to_stored_customers_by_what_is_on_the_pages(client_for, harbour, theo, woken):
    client = client_for(theo)
    assert "No file has come in yet" in client.get(url("import_list")).content.decode()
    answer = upload(client)
    import_ = made(harbour)
    assert answer.url == url("import_columns", import_.pk)
    assert not woken.called
    page = client.get(answer.url).content.decode()
    assert "=Ostra" in page
    assert '<option value="Company" selected>' in page  # guessed
    columns = {"key": "Customer No", "name": "Company", "outcome_on": "Since", "outcome_on__form": "%d.%m.%Y"}
    answer = client.post(answer.url, columns)
    assert answer.url == url("import_detail", import_.pk)
    assert woken.call_args.kwargs == {"organisation_id": harbour.pk, "import_id": import_.pk}
    assert "waits for the worker" in client.get(answer.url).content.decode()
    worked(harbour)
    page = client.get(answer.url).content.decode()
    assert "Nothing is stored yet." in page
    assert "Store 2 rows" in page
    client.post(url("import_application", import_.pk))
    worked(harbour)
    assert "Bringing the same file in again changes nothing." in client.get(answer.url).content.decode()
    with tenancy.within(harbour):
        assert set(Customer.objects.values_list("name", flat=True)) == {"Kestrel", "=Ostra"}
    assert "crm.csv" in client.get(url("import_list")).content.decode()


def test_it_goes_straight_on_with_a_mapping(client_for, harbour, theo, woken):
    mapping = {"key": "Customer No", "name": "Company"}
    answer = upload(client_for(theo), mapping_text=json.dumps(mapping), apply_at_once="on")
    assert answer.url == url("import_detail", made(harbour).pk)
    assert worked(harbour).state == "applied"
    assert made(harbour).mapping == mapping
    answer = client_for(theo).get(url("import_mapping", made(harbour).pk))
    assert (answer.json(), "attachment" in answer["Content-Disposition"]) == (mapping, True)


def test_it_takes_the_mapping_as_a_file_too(client_for, harbour, theo, woken):
    mapping = SimpleUploadedFile("map.json", b'\xef\xbb\xbf{"key": "Customer No", "name": "Company"}')
    upload(client_for(theo), mapping_file=mapping)
    assert made(harbour).state == "waiting"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"mapping_text": "{"}, "This is not JSON"),
        ({"mapping_text": "[]"}, "A mapping is a JSON object"),
        ({"mapping_text": '{"colour": "x"}'}, "no target column of customers"),
        ({"kind": "planets"}, "planets"),
        ({"source": ""}, "required"),
        ({"file": ""}, "required"),
    ],
)
def test_it_says_what_is_wrong_with_the_form_and_keeps_nothing(client_for, harbour, theo, woken, given, said):
    answer = upload(client_for(theo), **given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with tenancy.within(harbour):
        assert not Import.objects.exists()


def test_it_asks_for_columns_that_every_row_needs_and_for_day_0(client_for, harbour, theo, woken):
    client = client_for(theo)
    upload(client)
    page = url("import_columns", made(harbour).pk)
    answer = client.post(page, {"name": "Company", "outcome_on": "Since", "outcome_on__form": "days"})
    assert answer.status_code == 422
    assert "Every row needs this." in answer.content.decode()
    assert "Which day is day 0?" in answer.content.decode()
    assert made(harbour).state == "mapping"


def test_it_makes_a_mapping_of_constants_decimals_days_and_further_columns(client_for, harbour, theo, woken):
    client = client_for(theo)
    upload(client, 'id,day,amount\nk1,3,"1,5"\n', kind="readings")
    page = url("import_columns", made(harbour).pk)
    given = {
        "customer": "id",
        "metric__const": "sales",
        "at": "day",
        "at__form": "days",
        "at__zero": "2026-01-01",
        "value": "amount",
        "value__decimal": ",",
    }
    client.post(page, given)
    assert made(harbour).mapping == {
        "customer": {"from": "id"},
        "metric": {"const": "sales"},
        "at": {"from": "day", "days_from": "2026-01-01"},
        "value": {"from": "amount", "decimal": ","},
    }


def test_it_keeps_further_columns_that_were_ticked(client_for, harbour, theo, woken):
    client = client_for(theo)
    upload(client)
    given = {"key": "Customer No", "name": "Company", "further": ["Since"]}
    client.post(url("import_columns", made(harbour).pk), given)
    assert made(harbour).mapping["fields.since"] == "Since"


def test_it_says_why_a_file_cannot_be_read_before_asking_about_columns(client_for, harbour, theo, woken):
    client = client_for(theo)
    upload(client, "PK\x03\x04")
    answer = client.get(url("import_columns", made(harbour).pk))
    assert answer.status_code == 422
    assert "begins like an Excel workbook, and is damaged" in answer.content.decode()


def test_it_polls_the_region_while_there_is_work_and_stops_after(client_for, harbour, theo):
    with tenancy.within(harbour):
        import_ = begin(harbour, "customers", "key,name\nk1,One\n")
    client = client_for(theo)
    region = client.get(url("import_detail", import_.pk), headers=HTMX).content.decode()
    assert region.strip().startswith('<div class="stack" id="import-state"')
    assert 'hx-trigger="every 1s"' in region
    worked(harbour)
    region = client.get(url("import_detail", import_.pk), headers=HTMX).content.decode()
    assert "hx-trigger" not in region
    assert "1 new" in region


def test_it_shows_a_bar_with_rate_and_time_left(client_for, harbour, theo):
    with tenancy.within(harbour):
        import_ = begin(harbour, "customers", "key,name\nk1,One\n")
        Import.objects.update(
            state="checking", bytes_read=8, counts={"new": 500}, checking_since=NOW - timedelta(seconds=5)
        )
    with patch("django.utils.timezone.now", return_value=NOW):
        page = client_for(theo).get(url("import_detail", import_.pk)).content.decode()
    assert "50 % · 500 rows · 100 rows a second · 5 seconds left" in page
    assert 'value="50"' in page


def test_it_shows_rows_by_how_they_ended(client_for, harbour, theo, mara):
    content = "key,name,owner\nk1,One,mara@harbour.example\nk2,Two,nobody@x.test\n,Three,\n"
    with tenancy.within(harbour):
        import_ = bring(harbour, "customers", content, apply_at_once=False)
    client = client_for(theo)
    page = client.get(url("import_detail", import_.pk)).content.decode()
    assert "nobody here who may write has this address" in page
    assert "Store the good row alone" in page
    page = client.get(url("import_detail", import_.pk), {"end": "new"}).content.decode()
    assert "mara@harbour.example" in page
    assert "nobody@x.test" not in page


def test_it_gives_refused_rows_back_as_they_came_safe_for_spreadsheets(client_for, harbour, theo):
    content = 'key,name,owner\nk1,"=HYPERLINK(1)",nobody@x.test\nk2,Fine,\nk3,-5,@x\n'
    with tenancy.within(harbour):
        import_ = bring(harbour, "customers", content)
    answer = client_for(theo).get(url("import_rows", import_.pk))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines == [
        "_line,_column,_value,_reason,key,name,owner",
        "2,owner,nobody@x.test,nobody here who may write has this address,k1,'=HYPERLINK(1),nobody@x.test",
        "4,owner,'@x,is not an e-mail address,k3,-5,'@x",
    ]
    assert "refused-customers.csv" in answer["Content-Disposition"]
    corrected = "\n".join(lines).replace("nobody@x.test\n", "\n").replace(",'@x", ",")
    with tenancy.within(harbour):
        bring(harbour, "customers", corrected)
        assert set(Customer.objects.values_list("name", flat=True)) == {"=HYPERLINK(1)", "-5"}


def test_it_gives_the_other_rows_as_csv_too(client_for, harbour, theo):
    with tenancy.within(harbour):
        import_ = bring(harbour, "customers", "key,name\nk1,One\n,\n")
    client = client_for(theo)
    rows = {}
    for end in ("new", "skipped", "rubbish"):
        answer = client.get(url("import_rows", import_.pk), {"end": end})
        rows[end] = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert rows["new"].splitlines() == ["_line,_column,_value,_reason,key,name", "2,,,,k1,One"]
    assert rows["skipped"].splitlines()[1].startswith("3,,,empty row")
    assert len(rows["rubbish"].splitlines()) == 1


def test_it_counts_skipped_rows_by_rule(client_for, harbour, theo):
    mapping = {"key": "key", "name": {"from": "name", "empty": "skip"}, "only_where": {"flag": "no"}}
    content = "key,name,flag\nk1,One,no\nk2,Two,yes\nk3,Three,yes\nk4,,no\n"
    with tenancy.within(harbour):
        import_ = bring(harbour, "customers", content, mapping=mapping)
        assert import_.counts == {"new": 1, "skipped": 3}
    page = client_for(theo).get(url("import_detail", import_.pk), {"end": "skipped"}).content.decode()
    assert "<dt>flag is not no</dt><dd>2</dd>" in page
    assert "<dt>name is empty</dt><dd>1</dd>" in page


def test_it_stores_the_good_rows_alone_on_a_click(client_for, harbour, theo, woken):
    with tenancy.within(harbour):
        import_ = bring(harbour, "customers", "key,name\nk1,One\n,Bad\n")
    client = client_for(theo)
    client.post(url("import_application", import_.pk))
    assert not woken.called
    assert "Rows are refused." in client.get(url("import_detail", import_.pk)).content.decode()
    client.post(url("import_application", import_.pk), {"partial": "yes"})
    assert woken.called
    assert worked(harbour).state == "applied"


def test_it_cancels_on_a_click(client_for, harbour, theo):
    with tenancy.within(harbour):
        import_ = begin(harbour, "customers", "key,name\nk1,One\n")
    client = client_for(theo)
    answer = client.post(url("import_cancellation", import_.pk), follow=True)
    assert "Cancelled. Nothing of “customers.csv” is stored." in answer.content.decode()
    answer = client.post(url("import_cancellation", import_.pk), follow=True)
    assert "cancelled, nothing stored by now" in answer.content.decode()


def test_it_pages_through_history(client_for, harbour, theo):
    with tenancy.within(harbour):
        for n in range(32):
            import_ = begin(harbour, "customers", "key,name\nk1,One\n")
            Import.objects.filter(pk=import_.pk).update(file_name=f"file-{n}.csv")
    client = client_for(theo)
    first = client.get(url("import_list")).content.decode()
    assert "file-31.csv" in first
    assert "file-1.csv" not in first
    before = first.split("?before=")[1].split('"')[0]
    assert "file-1.csv" in client.get(url("import_list"), {"before": before}).content.decode()
    assert client.get(url("import_list"), {"before": "rubbish"}).status_code == 200


def test_it_asks_the_database_as_often_for_many_rows_as_for_few(client_for, harbour, theo):
    asked = []
    for count in (2, 60):
        with tenancy.within(harbour):
            import_ = bring(harbour, "customers", "key,name\n" + "\n".join(f"k{n},N" for n in range(count)))
        client = client_for(theo)
        for page in (url("import_detail", import_.pk), url("import_list")):
            asked.append(len(queries_of(lambda page=page, client=client: client.get(page))))
    assert asked[:2] == asked[2:]
