"""Requests that no page of ours ever made: without its token, from other sites, to somewhere else."""

from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from organisations.models import User
from tests.walls.crawl import address, once
from tests.walls.forms import Form
from tests.walls.sending import send, taken_back
from tests.walls.two import Two

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(1200),
    pytest.mark.once,
]
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# Doors without a cookie that a request could be forged with.
BY_LINK = {
    "dashboards:customer_page": "refuses other sites by Sec-Fetch-Site",
    "dashboards:withdrawal": "refuses other sites by Sec-Fetch-Site",
    "dashboards:copy": "refuses other sites by Sec-Fetch-Site",
    "dashboards:mails": "refuses other sites by Sec-Fetch-Site",
    "dashboards:data_request": "refuses other sites by Sec-Fetch-Site",
    "dashboards:own_link": "refuses other sites by Sec-Fetch-Site",
    "dashboards:pick": "refuses other sites by Sec-Fetch-Site",
    "dashboards:pick_withdrawal": "refuses other sites by Sec-Fetch-Site",
    "dashboards:tick": "refuses other sites by Sec-Fetch-Site",
    "dashboards:opening": "refuses other sites by Sec-Fetch-Site",
    "dashboards:answer_link": "refuses other sites by Sec-Fetch-Site",
    "dashboards:agreement": "refuses other sites by Sec-Fetch-Site",
    "dashboards:agreement_withdrawal": "refuses other sites by Sec-Fetch-Site",
    "dashboards:favour": "refuses other sites by Sec-Fetch-Site",
    "dashboards:their_circle": "refuses other sites by Sec-Fetch-Site",
    "dashboards:their_introduction": "refuses other sites by Sec-Fetch-Site",
    "dashboards:landing": "refuses other sites by Sec-Fetch-Site",
    "dashboards:landing_opening": "refuses other sites by Sec-Fetch-Site",
    "dashboards:their_resource": "only read",
    "dashboards:their_file": "only read",
    "dashboards:their_opening": "refuses other sites by Sec-Fetch-Site",
    "dashboards:their_judgement": "refuses other sites by Sec-Fetch-Site",
    "dashboards:wording": "refuses other sites by Sec-Fetch-Site",
    "dashboards:wording_withdrawal": "refuses other sites by Sec-Fetch-Site",
    "dashboards:wording_link": "refuses other sites by Sec-Fetch-Site",
    "dashboards:card": "refuses other sites by Sec-Fetch-Site",
    "dashboards:reply": "refuses other sites by Sec-Fetch-Site",
    "dashboards:story": "refuses other sites by Sec-Fetch-Site",
    "dashboards:story_link": "refuses other sites by Sec-Fetch-Site",
    "dashboards:story_withdrawal": "refuses other sites by Sec-Fetch-Site",
    "dashboards:new_link": "refuses other sites by Sec-Fetch-Site",
    "office:intake": "a key in the Authorization header, and no cookie",
    "post:preferences": "mail programs unsubscribe with one click (RFC 8058), and know no token",
}
# Answered before anything else, and only to be read.
PROBES = {"healthz", "readyz", "metrics"}
NEXT = [
    "https://evil.example", "http://evil.example/", "//evil.example", "///evil.example", "////evil.example",
    "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\\/evil.example", "/\t/evil.example",
    "/\n/evil.example", "/\r/evil.example", "\t//evil.example", " //evil.example", " https://evil.example",
    "\x00//evil.example", "\x01https://evil.example", "https:evil.example", "https:/evil.example",
    "https:///evil.example", "https:\\\\evil.example", "hTTps://evil.example", "javascript:alert(1)",
    "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)", "file:///etc/passwd", "ftp://evil.example", "blob:https://evil.example/1",
    "//testserver@evil.example", "https://testserver@evil.example", "https://testserver.evil.example",
    "//testserver:80@evil.example/", "https://evil.example#testserver", "//evil.example/%2f..",
    "/%09/evil.example", "/.//evil.example", "//%65vil.example", "//evil。example", "//[::ffff:1.2.3.4]/",
    "/o/harbour/today/\r\nSet-Cookie: a=b", "?next=//evil.example", "..//evil.example", "http://[evil",
]  # fmt: skip
OWN_HOSTS = ("", "testserver")


def test_an_unsafe_request_without_the_token_is_refused(two: Two) -> None:
    wrong = {}
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(User.objects.get(email="ada@harbour.example"))
    for name, example in once():
        for method in UNSAFE:
            with taken_back():
                status = client.generic(method, address(name, example, two.own)).status_code
            refused = 405 if name in PROBES else 403
            if name not in BY_LINK and status != refused:
                wrong[name, method] = status
    assert wrong == {}


def test_doors_by_link_refuse_other_sites(two: Two) -> None:
    named = dict(once())
    for name, reason in BY_LINK.items():
        if "Sec-Fetch-Site" in reason:
            url = address(name, named[name], two.own)
            for site in ("cross-site", "same-site", "anything"):
                assert Client().post(url, headers={"Sec-Fetch-Site": site}).status_code == 403, (name, site)


def test_signing_in_leads_nowhere_else(two: Two) -> None:
    assert len(NEXT) >= 40
    given = {"login": "rio@harbour.example", "password": "bosai-demo"}
    url = reverse("account_login")
    for after in NEXT:
        for at, data in ((f"{url}?{urlencode({'next': after})}", given), (url, given | {"next": after})):
            client = Client()
            response = client.post(at, data)
            assert response.status_code == 302, after
            assert _is_own(response["Location"]), (after, response["Location"])
        assert _is_own(_location(two.clients["rio"].get(f"{url}?{urlencode({'next': after})}"))), after


def test_an_expired_session_leads_nowhere_else(two: Two) -> None:
    """htmx says which page it is on; whoever forged that goes to sign-in and back to our own host at most."""
    for after in NEXT:
        at = {
            "HX-Request": "true",
            "HX-Current-URL": after.encode("ascii", "ignore").decode().strip("\r\n\0"),
        }
        at["HX-Current-URL"] = "".join(letter for letter in at["HX-Current-URL"] if letter.isprintable())
        response = Client().get(reverse("dashboards:today", args=["harbour"]), headers=at)
        assert response.status_code == 401
        assert _is_own(response["HX-Redirect"]), after


def test_no_form_leads_anywhere_else(two: Two, forms: dict[str, Form]) -> None:
    """Every form that knows where its reader came from, and every other too."""
    wrong = {}
    for name, form in forms.items():
        known = "next" in form.data or "next" in form.choices
        for after in NEXT if known else NEXT[:3]:
            answer = send(two.clients["ada"], form, next=after)
            if answer.status >= 500 or not _is_own(answer.location):
                wrong[name, after] = answer.status, answer.location
    assert wrong == {}


def _location(response: object) -> str:
    return response.get("Location", "")  # type: ignore[attr-defined]


def _is_own(url: str) -> bool:
    """As a browser reads it: backslashes are slashes, white space in front does not count."""
    read = "".join(letter for letter in url if letter > " ").replace("\\", "/")
    try:
        parts = urlsplit(read)
    except ValueError:
        return False
    return parts.scheme in ("", "http") and parts.netloc in OWN_HOSTS and not read.startswith("//")
