"""Who may bring files in: managers and admins, in their own organisation, by POST."""

import pytest
from django.urls import reverse

from office.models import Import
from organisations import tenancy
from tests.office.bringing import begin


def url(name: str, *args: int) -> str:
    return reverse(f"office:{name}", args=["harbour", *args])


def made(harbour) -> Import:
    with tenancy.within(harbour):
        return Import.objects.get()


PAGES = ["import_list", "import_new", "import_detail", "import_columns", "import_rows", "import_mapping"]
ACTIONS = ["import_application", "import_cancellation"]


def address(name: str, pk: int) -> str:
    return url(name) if name in ("import_list", "import_new") else url(name, pk)


@pytest.mark.parametrize("name", PAGES + ACTIONS)
def test_it_lets_managers_in_and_nobody_else(client_for, harbour, mara, rio, eve, client, name):
    with tenancy.within(harbour):
        import_ = begin(harbour, "customers", "key,name\nk1,One\n")
    method = "post" if name in ACTIONS else "get"
    assert "/accounts/login/" in getattr(client, method)(address(name, import_.pk)).url
    for user, status in [(mara, 403), (rio, 403), (eve, 404)]:
        assert getattr(client_for(user), method)(address(name, import_.pk)).status_code == status
    assert made(harbour).state == "waiting"


@pytest.mark.parametrize("name", [*PAGES[2:], *ACTIONS])
def test_it_answers_for_another_organisations_import_as_for_none(client_for, harbour, rival, theo, name):
    with tenancy.within(rival):
        theirs = begin(rival, "customers", "key,name\nk1,One\n")
    method = "post" if name in ACTIONS else "get"
    answers = [getattr(client_for(theo), method)(url(name, pk)) for pk in (theirs.pk, 999_999)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize("name", ACTIONS)
def test_it_acts_on_post_only(client_for, harbour, theo, name):
    with tenancy.within(harbour):
        import_ = begin(harbour, "customers", "key,name\nk1,One\n")
    assert client_for(theo).get(url(name, import_.pk)).status_code == 405
