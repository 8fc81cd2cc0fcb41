"""One template, two answers: the page, or the region htmx asked for."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from ui.htmx import refusal, render_page
from ui.toasts import toast

TABLE = '<table id="customer-table">{{ rows }}</table>'
PAGE = f"<html><h1>Customers</h1>{{% partialdef customer-table inline %}}{TABLE}{{% endpartialdef %}}</html>"
LIST = "customers/customer_list.html"


@pytest.fixture(autouse=True)
def _template(monkeypatch: pytest.MonkeyPatch) -> None:
    """One page in front of the real templates."""
    django = engines["django"]
    real: Callable[[str], Any] = django.engine.find_template

    def find(name: str, dirs: Any = None, skip: Any = None) -> Any:
        if name == LIST:
            return django.engine.from_string(PAGE), None
        return real(name, dirs, skip)  # type: ignore[call-arg]

    monkeypatch.setattr(django.engine, "find_template", find)


def ask(**headers: str) -> HttpRequest:
    request = RequestFactory().get(
        "/", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


def body(request: HttpRequest) -> str:
    return render_page(request, LIST, {"rows": "84"}).content.decode()


def test_it_renders_the_whole_page_without_htmx() -> None:
    assert "<h1>Customers</h1>" in body(ask())


@pytest.mark.parametrize("target", ["customer-table", "table#customer-table"])
def test_it_renders_only_the_partial_that_is_the_target(target: str) -> None:
    """htmx 2 sends the id, htmx 4 the tag before it."""
    assert body(ask(HX_Request="true", HX_Target=target)) == '<table id="customer-table">84</table>'


@pytest.mark.parametrize("target", ["main", "", "no/such", "../secret", "customer table", "#"])
def test_it_falls_back_to_the_whole_page(target: str) -> None:
    assert "<h1>Customers</h1>" in body(ask(HX_Request="true", HX_Target=target))


@pytest.mark.parametrize("header", ["HX_History_Restore_Request", "HX_Boosted"])
def test_it_renders_the_whole_page_when_history_or_boost_asks(header: str) -> None:
    request = ask(HX_Request="true", HX_Target="customer-table", **{header: "true"})
    assert "<h1>Customers</h1>" in body(request)


def test_it_says_what_the_answer_depends_on() -> None:
    response = render_page(ask(), LIST, {"rows": "84"}, status=422)
    assert response.status_code == 422
    assert {name.strip() for name in response["Vary"].split(",")} >= {"HX-Request", "HX-Target"}


def test_it_brings_toasts_along_with_a_partial() -> None:
    request = ask(HX_Request="true", HX_Target="customer-table")
    toast(request, "Saved & kept.", undo="/undo/1/")
    html = body(request)
    assert '<div hx-swap-oob="beforeend:#toasts">' in html
    assert "Saved &amp; kept." in html
    assert 'action="/undo/1/"' in html


def test_it_refuses_in_words() -> None:
    answer = refusal("Zu spät.")
    assert (answer.status_code, answer["X-Words"]) == (409, "Zu%20sp%C3%A4t.")
