"""Customers in Chromium: the list answers while one types, the page continues."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from customers.models import Customer
from organisations import tenancy
from organisations.models import Organisation, User
from tests.factories import make_contact, make_customer, make_enrolment, make_journey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def customer(harbour: Organisation, mara: User) -> Customer:
    with tenancy.within(harbour):
        journey = make_journey(harbour)
        for name in ("Ostra Bakeries", "Tidewell Hospitals"):
            make_customer(harbour, name)
        customer = make_customer(harbour, owner=mara, outcome="We drive a fifth less of them.")
        make_contact(customer, is_primary=True)
        make_enrolment(customer, journey)
        for _n in range(30):
            harbour.log(
                "enrolled", by=mara, now=timezone.now(), customer_id=customer.pk, journey_id=journey.pk
            )
    return customer


@pytest.fixture
def signed_in(open_page: Callable[..., Any], client_for: Callable[[User], Client], live_server: Any) -> Any:
    def opened(user: User, **how: Any) -> Any:
        page = open_page(**how)
        cookie = client_for(user).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        return page

    return opened


def test_it_searches_while_one_types_and_keeps_the_address(
    signed_in: Any, customer: Customer, mara: User
) -> None:
    page = signed_in(mara)
    page.goto("/o/harbour/customers/")
    rows = page.locator("#customer-table tbody tr")
    assert rows.count() == 3
    page.locator("#id_q").press_sequentially("amara")
    expect(rows).to_have_count(1)
    csv = page.get_by_role("link", name="All of these as CSV")
    assert csv.count() == 1
    assert "q=amara" in (csv.get_attribute("href") or "")
    page.wait_for_url("**q=amara**")
    page.reload()
    expect(rows).to_have_count(1)
    page.go_back()
    expect(rows).to_have_count(3)


def test_it_works_without_scripts(signed_in: Any, customer: Customer, mara: User) -> None:
    page = signed_in(mara, javascript=False)
    page.goto("/o/harbour/customers/")
    page.locator("#id_q").fill("tide")
    page.get_by_role("button", name="Show").click()
    assert page.locator("#customer-table tbody tr").count() == 1
    page.goto("/o/harbour/customers/")
    page.get_by_label("Tick Ostra Bakeries").check()
    page.get_by_label("New CSM").select_option(label=mara.name)
    page.get_by_role("button", name="Hand over").click()
    assert "1 customer now has Mara Lindqvist." in page.locator("#toasts").inner_text()
    page.goto(f"/o/harbour/customers/{customer.pk}/")
    page.get_by_role("link", name="Older").click()
    assert page.locator(".timeline__item").count() == 10


def test_it_adds_what_is_older_below(signed_in: Any, customer: Customer, mara: User) -> None:
    page = signed_in(mara)
    page.goto(f"/o/harbour/customers/{customer.pk}/")
    assert page.locator(".timeline__item").count() == 20
    page.get_by_role("link", name="Older").click()
    expect(page.locator(".timeline__item")).to_have_count(30)
    expect(page.get_by_role("link", name="Older")).to_have_count(0)


def test_it_shows_all_that_matters_above_the_fold(signed_in: Any, customer: Customer, mara: User) -> None:
    page = signed_in(mara)
    page.goto(f"/o/harbour/customers/{customer.pk}/")
    for name in ("Last call", "Next commitment", "People"):
        box = page.get_by_role("region", name=name).bounding_box()
        assert box["y"] + box["height"] <= 800, name
