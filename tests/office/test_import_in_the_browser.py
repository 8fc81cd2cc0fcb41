"""Bringing a file in, in a real browser: by what is on the pages, with and without scripts."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from customers.models import Customer
from office.models import Import
from organisations import tenancy
from tests.office.bringing import begin, bring, work
from tests.services.accessible import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "saas-accounts"
EXAMPLES = ROOT / "docs" / "examples" / "saas-accounts"
FILE = "Customer No,Company,Since\nk1,Kestrel,03.02.2026\nk2,Ostra,\nk3,,\n"


@pytest.fixture
def signed_in(open_page, live_server, theo, monkeypatch):
    """signed_in(width=…): a page of a browser in which Theo is signed in; the worker sleeps."""
    monkeypatch.setattr("office.views.imports.wake", lambda *args, **kwargs: None)

    def signed_in(**options: Any) -> Any:
        client = Client()
        client.force_login(theo)
        page = open_page(**options)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        page.context.add_cookies([cookie])
        return page

    return signed_in


def let_the_worker_work(harbour) -> None:
    with tenancy.within(harbour):
        work(harbour, Import.objects.newest_first().first())


@pytest.mark.parametrize("javascript", [True, False])
def test_it_brings_a_file_in_by_what_is_on_the_pages(harbour, signed_in, tmp_path, javascript):
    (tmp_path / "crm.csv").write_text(FILE)
    page = signed_in(javascript=javascript)
    page.goto("/o/harbour/imports/")
    page.get_by_role("link", name="Bring in a file").first.click()
    page.get_by_label("File", exact=True).set_input_files(tmp_path / "crm.csv")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Key", exact=True).select_option("Customer No")
    page.get_by_label("Outcome on").select_option("Since")
    page.get_by_label("written like").select_option("25.02.2026")
    page.get_by_role("button", name="Check the file").click()
    assert page.get_by_text("Nothing is stored yet.").is_visible()
    let_the_worker_work(harbour)
    if not javascript:
        page.get_by_role("link", name="Look again").click()
    page.get_by_text("a new customer needs a name").wait_for()
    page.get_by_role("button", name="Store the 2 good rows alone").click()
    page.get_by_text("is being applied").first.wait_for()
    let_the_worker_work(harbour)
    if not javascript:
        page.get_by_role("link", name="Look again").click()
    page.get_by_text("2 new · 1 refused").wait_for()
    with tenancy.within(harbour):
        assert set(Customer.objects.values_list("name", flat=True)) == {"Kestrel", "Ostra"}


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_it_leaves_axe_nothing_to_find_on_any_of_its_pages(harbour, signed_in, width, dark):
    with tenancy.within(harbour):
        done = bring(harbour, "customers", "key,name\nk1,One\n,Two\nk3,Three\n,\n")
        running = begin(harbour, "customers", "key,name\nk1,One\n")
        drafted = begin(harbour, "readings", "customer,at,amount\nk1,2026-01-01,5\n")
        Import.objects.filter(pk=drafted.pk).update(state=Import.State.MAPPING)
    page = signed_in(width=width, height=844, dark=dark)
    tails = ["", "new/", f"{done.pk}/", f"{done.pk}/?end=skipped", f"{running.pk}/", f"{drafted.pk}/columns/"]
    for tail in tails:
        page.goto(f"/o/harbour/imports/{tail}")
        assert faults(page) == [], tail
        assert page.evaluate("document.documentElement.scrollWidth") <= width, tail


@pytest.mark.once
def test_it_shows_where_two_tables_of_one_company_disagree(harbour, signed_in):
    """A software company's accounts and churn events, as they are, by what is on the pages."""
    accounts, churn = (DATA / name for name in ("accounts.csv", "churn_events.csv"))
    if not accounts.exists():
        pytest.skip("the shared data sets are not on this machine")
    page = signed_in()
    for kind, file, mapping in (
        ("customers", accounts, EXAMPLES / "customers.json"),
        ("readings", churn, EXAMPLES / "churn.json"),
    ):
        page.goto("/o/harbour/imports/")
        page.get_by_role("link", name="Bring in a file").first.click()
        page.get_by_label("File", exact=True).set_input_files(file)
        page.get_by_label(kind, exact=True).check()
        page.get_by_label("Store it as soon as it is checked").check()
        page.get_by_text("I have a mapping file").click()
        page.get_by_label("Mapping file").set_input_files(mapping)
        page.get_by_role("button", name="Go on").click()
        page.get_by_text("Nothing is stored yet.").wait_for()
        let_the_worker_work(harbour)
        page.get_by_text("All of it went in at once.").wait_for()
    page.goto("/o/harbour/imports/")
    page.get_by_role("link", name="accounts.csv").click()
    page.get_by_text("217 rows disagree with what is stored.").wait_for()
    page.get_by_role("link", name="See both sides").click()
    assert page.get_by_role("heading", name="These disagree").is_visible()
    assert page.get_by_text("The first 50 of 217").is_visible()
    assert page.get_by_text("a reading of churned").first.is_visible()
