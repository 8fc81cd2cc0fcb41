"""Error pages: they need nothing that may be broken, and say what happened to the work."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.loader import get_template
from django.test import RequestFactory

from ui import views

REQUEST = RequestFactory().get("/o/harbour/")


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500", "503"])
def test_it_says_sorry_without_request_session_or_database(name: str) -> None:
    html = get_template(f"{name}.html").render({})
    assert html.count("<h1>") == 1
    assert 'lang="en"' in html
    assert "<script>" not in html


def test_it_answers_with_the_right_status() -> None:
    assert views.bad_request(REQUEST, ValueError()).status_code == 400
    assert views.permission_denied(REQUEST, PermissionDenied()).status_code == 403
    assert views.page_not_found(REQUEST, Http404()).status_code == 404
    assert views.server_error(REQUEST).status_code == 500
    assert views.csrf_failure(REQUEST, reason="no cookie").status_code == 403


def test_it_repeats_why_somebody_may_not() -> None:
    answer = views.permission_denied(REQUEST, PermissionDenied("Only admins import."))
    assert "Only admins import." in answer.content.decode()  # type: ignore[attr-defined]
