"""The page between a file and its check: how it is read, which column is which, what texts stand for."""

import io
import json
import random
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from customers.models import Reading
from office import importing
from office.forms import ColumnsForm
from office.importing.mapping import Mapping
from office.models import Import
from organisations import tenancy
from tests.factories import make_customer, make_metric
from tests.office.bringing import NOW, work
from tests.office.workbook import workbook

MESSY = Path(__file__).parents[2].parent / "shared" / "data" / "messy-csv"


def begun(harbour, content: bytes) -> Import:
    return importing.start(
        organisation=harbour,
        kind="customers",
        file=io.BytesIO(content),
        file_name="f.csv",
        mapping=None,
        source="crm",
        by=None,
        now=NOW,
        wishes=importing.Wishes(),
    )


@pytest.fixture
def page(client_for, harbour, theo):
    """page(content, kind) → its columns page; page.post(data) answers it; page.worked(): the worker works."""

    class Page:
        def __init__(self) -> None:
            self.client = client_for(theo)

        def __call__(self, content: str | bytes, kind: str = "customers", source: str = "crm") -> str:
            data = content.encode() if isinstance(content, str) else content
            upload = {"file": SimpleUploadedFile("f.csv", data), "kind": kind, "source": source}
            self.url = self.client.post(reverse("office:import_new", args=["harbour"]), upload).url
            return self.client.get(self.url).content.decode()

        def post(self, **data: object) -> str:
            with patch("office.views.imports.wake"):
                return self.client.post(self.url, data, follow=True).content.decode()

        def worked(self) -> Import:
            with tenancy.within(harbour):
                return work(harbour, Import.objects.latest("id"))

    return Page()


def test_it_shows_how_the_file_is_read_and_reads_it_again_as_told(page):
    shown = page("Nr;Firma\nk1;M\u00f6we\n".encode("cp1252"))
    assert '<option value="cp1252" selected>' in shown
    assert '<option value=";" selected>' in shown
    assert "Möwe" in shown
    shown = page.post(
        **{"read-encoding": "cp1251", "read-delimiter": ";", "read-header_line": "1", "again": "yes"}
    )
    assert "Mцwe" in shown
    shown = page.post(
        **{"read-encoding": "utf-8", "read-delimiter": ";", "read-header_line": "1", "again": "yes"}
    )
    assert "cannot be read" in shown
    assert "Read it as it was found" in shown
    told = {"read-encoding": "cp1251", "read-delimiter": ";", "read-header_line": "1"}
    page.post(**told, key="Nr", name="Firma")
    import_ = page.worked()
    assert import_.mapping == {"key": {"from": "Nr"}, "name": {"from": "Firma"}, "encoding": "cp1251"}
    assert "Mцwe" in page.client.get(page.url, follow=True).content.decode()


def test_it_takes_another_line_for_the_header_or_none(page):
    page("Report,of today\n1,2\nk1,One\n")
    shown = page.post(**{"read-header_line": "0", "again": "yes"})
    assert '<th scope="col">1</th><th scope="col">2</th>' in shown
    page.post(**{"read-header_line": "0", "read-delimiter": ",", "read-encoding": "utf-8"}, key="1", name="2")
    import_ = page.worked()
    assert import_.mapping["header_line"] == 0
    assert import_.row_count == 3


def test_it_proposes_the_date_order_and_the_decimal_sign_and_says_when_it_is_unsure(page, harbour):
    with tenancy.within(harbour):
        make_customer(harbour, key="k")
        make_metric(harbour)
    shown = page('customer,metric,Day,Amount\nk,score,01/02/2026,"1.234,5"\n', "readings")
    assert '<option value="%d/%m/%Y" selected>' in shown
    assert '<option value=",." selected>' in shown
    assert "could be either way round" in shown
    columns = {
        "customer": "customer",
        "metric": "metric",
        "at": "Day",
        "value": "Amount",
        "value__decimal": ",.",
    }
    page.post(**columns, at__form="%m/%d/%Y")
    with tenancy.within(harbour):
        page.worked()
        importing.ask_to_apply(Import.objects.get(), now=Import.objects.get().made_at)
    page.worked()
    with tenancy.within(harbour):
        reading = Reading.objects.get()
        assert (reading.value, reading.at.date().isoformat()) == (1234.5, "2026-01-01")


def test_it_remembers_what_texts_stand_for_by_source_and_kind(page, harbour):
    file = (MESSY / "sales_country_typos.csv").read_bytes()
    shown = page(file)
    assert "Texts that stand for others" not in shown  # nothing is matched to a column of few texts yet
    columns = {"key": "SalesID", "name": "SalesID", "segment": "Country"}
    shown = page.post(**columns, again="yes")
    assert "In the file: United States, Spain, spain," in shown
    assert '<option value="Country" selected>' in shown
    page.post(**columns, segment__values="spain = Spain\nspainn = Spain\ngermani=Germany\nitaliy = Italy")
    import_ = page.worked()
    assert import_.mapping["segment"]["values"]["spainn"] == "Spain"
    shown = page(file)
    assert "This is how the last file with customers from crm was matched." in shown
    assert "spainn = Spain" in shown
    assert "In the file: United States, Spain, spain," in shown
    assert "spainn" not in page(file, source="elsewhere").split("<tbody>")[1].split("</table>")[1]


def test_it_says_when_a_line_of_values_says_nothing(page):
    page("key,name,segment\na,A,DE\nb,B,DE\n")
    shown = page.post(key="key", name="name", segment="segment", segment__values="Germany")
    assert "“Germany” has no = in it" in shown


def test_it_keeps_what_the_page_cannot_say(page, harbour):
    mapping = (
        '{"key": "Nr", "name": {"format": "{First} {Last}", "edited": "take"}, "only_where": {"Live": "yes"}}'
    )
    file = "Nr,First,Last,Live\n1,Ann,Lee,yes\n2,Bo,Ray,no\n"
    upload = {"file": SimpleUploadedFile("f.csv", file.encode()), "kind": "customers", "source": "crm"}
    with patch("office.views.imports.wake"):
        page.client.post(reverse("office:import_new", args=["harbour"]), upload | {"mapping_text": mapping})
    page.worked()
    shown = page(file)
    assert "Its rules about which rows are meant go with it." in shown
    page.post(key="Nr", name="{First} {Last}")
    import_ = page.worked()
    assert import_.mapping["name"] == {"format": "{First} {Last}", "edited": "take"}
    assert import_.counts == {"new": 1, "skipped": 1}


def test_it_asks_for_the_sheet_of_a_workbook(page):
    sheets = {"Notes": [["nothing", "here"]], "Data": [["key", "name"], ["a", "A"]]}
    shown = page(workbook(sheets))
    assert '<option value="Notes" selected>' in shown
    assert "Written in" not in shown
    shown = page.post(**{"read-sheet": "Data", "again": "yes"})
    assert '<option value="Data" selected>' in shown
    page.post(**{"read-sheet": "Data", "read-header_line": "1"}, key="key", name="name")
    import_ = page.worked()
    assert (import_.counts, import_.mapping["sheet"]) == ({"new": 1}, "Data")


def test_nothing_a_person_types_breaks_the_page(page):
    page("key,name\na,A\n")
    for strange in ("x", "-1", "51", "9" * 40):
        data = {"read-encoding": strange, "read-delimiter": strange, "read-header_line": strange}
        assert "Which column is which" in page.post(**data, again="yes")
    assert "is not there" in page.post(**{"read-header_line": "7", "again": "yes"})


MESSY_LAYOUTS = {
    "reseller_sales_damaged.csv": ("utf-8-sig", ",", 1, 27),
    "sales_country_typos.csv": ("utf-8-sig", ",", 1, 3),
    "daily/InternetSales20110123.csv": ("utf-8-sig", ",", 1, 26),
    "simple.ssv": ("utf-8", ";", 1, 3),
    "simple.psv": ("utf-8", "|", 1, 6),
    "utf8bom.csv": ("utf-8-sig", ",", 1, 2),
    "null.csv": ("utf-8", ",", 1, 4),
    "excel_pasting.csv": ("utf-8", ",", 4, 9),
    "spanish_chars.csv": ("cp1252", ",", 1, 8),
}


@pytest.mark.once
@pytest.mark.parametrize("name", MESSY_LAYOUTS)
def test_it_finds_how_files_from_elsewhere_are_written(in_harbour, name):
    import_ = begun(in_harbour, (MESSY / name).read_bytes())
    layout = importing.preview(import_).layout
    assert (layout.encoding, layout.delimiter, layout.header_line, len(layout.columns)) == MESSY_LAYOUTS[name]


@pytest.mark.once
def test_it_finds_what_the_columns_of_a_daily_file_hold(in_harbour):
    import_ = begun(in_harbour, (MESSY / "daily/InternetSales20110123.csv").read_bytes())
    found = importing.preview(import_).contents
    assert (found["SalesAmount"].kind, found["SalesAmount"].decimal) == ("number", ",")
    assert (found["OrderDateKey"].kind, found["OrderDateKey"].date_format) == ("date", "%Y%m%d")
    assert found["CarrierTrackingNumber"].kind == "empty"


@pytest.mark.once
def test_no_file_breaks_the_page_before_the_check(in_harbour):
    """Rubbish, and workbooks cut off anywhere: each is shown, or refused with a reason."""
    chance = random.Random(11)
    pieces = [
        b",",
        b";",
        b"\n",
        b"\r",
        b'"',
        b"\0",
        b"=1+1",
        b"caf\xe9",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"x" * 999,
    ]
    files = [b"".join(chance.choices(pieces, k=chance.randrange(60))) for _ in range(40)]
    book = workbook({"S": [["key", "name"], ["a", "A"]]})
    files += [book[: chance.randrange(len(book))] for _ in range(15)]
    files += [bytes(b ^ (chance.random() < 0.01) for b in book) for _ in range(15)]
    for content in files:
        import_ = begun(in_harbour, content)
        with suppress(importing.WrongFile):
            importing.preview(import_, read=chance.choice([None, {"header_line": 2}, {"delimiter": ";"}]))


MAPPINGS = [
    path
    for folder in ("office/importing/ready", "docs/examples")
    for path in sorted((Path(__file__).parents[2] / folder).rglob("*.json"))
    if "milestones" not in json.loads(path.read_text())
]


@pytest.mark.once
@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_it_proposes_a_whole_mapping_again_and_loses_none_of_it(in_harbour, path):
    data = json.loads(path.read_text())
    kind = next(kind for kind in Import.Kind.values if _fits(data, kind))
    before = Mapping.from_json(data, kind=kind)
    names = dict.fromkeys(name for name in before.named_columns() if name)
    form = columns_form(in_harbour, kind, data, list(names))
    assert form.is_valid(), form.errors
    mapping = form.cleaned_data["mapping"]
    assert Mapping.from_json(mapping, kind=kind).conditions == before.conditions
    columns = {column.target: column for column in Mapping.from_json(mapping, kind=kind).columns}
    assert columns == {column.target: column for column in before.columns}
    for name in ("compare", "kind", "note", "rests_on"):
        assert mapping.get(name) == data.get(name)


def _fits(data: dict, kind: str) -> bool:
    with suppress(importing.WrongMapping):
        return bool(Mapping.from_json(data, kind=kind).columns)
    return False


def columns_form(harbour, kind: str, mapping: dict, header: list[str]) -> ColumnsForm:
    """The page of a file whose source was read by this mapping before, answered as it stands."""
    imports = [
        importing.start(
            organisation=harbour, kind=kind, file=io.BytesIO(content), file_name="f.csv", source="crm",
            mapping=said, by=None, now=NOW, wishes=importing.Wishes(),
        )
        for said, content in ((mapping, b"a\n"), (None, f"{','.join(header)}\n".encode() * 2))
    ]  # fmt: skip
    preview = importing.preview(imports[1], read={"delimiter": ",", "header_line": 1})
    assert preview.is_remembered
    shown = ColumnsForm(import_=imports[1], preview=preview)
    data = {name: shown[name].value() for name in shown.fields if shown[name].value() not in (None, "", [])}
    return ColumnsForm(data, import_=imports[1], preview=preview)
