"""The guide's examples are sent as they stand there."""

import re
import shlex
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from coaching.models import Resource, ResourceEdition
from organisations import tenancy
from organisations.models import Organisation, User
from tests.bosai.test_api import Api
from tests.factories import make_contact, make_customer, make_enrolment, make_journey, make_metric
from tests.house.ours import ROOT

pytestmark = pytest.mark.django_db
GUIDE = (ROOT / "docs/guides/api.md").read_text(encoding="utf-8")


def commands() -> list[list[str]]:
    """Every curl of the guide, as a shell would split it."""
    found, open_command = [], ""
    for line in GUIDE.splitlines():
        open_command += line.strip() + " " if open_command or line.startswith("    curl ") else ""
        if open_command and not line.endswith("\\") and open_command.count("'") % 2 == 0:
            found.append(shlex.split(open_command.replace("\\ ", " ")))
            open_command = ""
    return found


def send(client: Client, words: list[str], token: str) -> Any:
    """As curl would: -H, -d, -X and an address."""
    given: dict[str, list[str]] = {"-H": [], "-d": [], "-X": []}
    path, words = "", words[1:]
    while words:
        word = words.pop(0)
        if word in given:
            given[word].append(words.pop(0))
        else:
            path = word.removeprefix("$BOSAI")
    headers = dict(line.replace("$TOKEN", token).split(": ", 1) for line in given["-H"])
    body = {"data": given["-d"][0], "content_type": headers.pop("Content-Type")} if given["-d"] else {}
    method = (given["-X"] or ["POST" if body else "GET"])[0].lower()
    return getattr(client, method)(path, headers=headers, **body)


@pytest.fixture
def kestrel(harbour: Organisation, ada: User) -> None:
    """Who the guide speaks of, under the numbers it uses."""
    with tenancy.within(harbour):
        customer = make_customer(harbour, pk=7)
        make_contact(customer, pk=7)
        journey = make_journey(harbour, metric=make_metric(harbour))
        began = datetime(2025, 10, 1, tzinfo=UTC)
        make_enrolment(customer, journey, enrolled_at=began)
        sheet = Resource.objects.create(
            pk=7, organisation=harbour, key="sheet", title="Sheet", created_at=began, reviewed_at=began
        )
        said = {"number": 1, "title": "Sheet", "written_at": began, "written_by": ada, "published_at": began}
        ResourceEdition.objects.create(organisation=harbour, resource=sheet, **said)


def test_every_example_of_the_guide_goes_through(kestrel: None, harbour: Organisation, ada: User) -> None:
    api = Api(harbour, ada, "write")
    answers = {" ".join(words): send(Client(), words, api.text) for words in commands()}
    assert len(answers) == 17
    assert {said: one.content for said, one in answers.items() if one.status_code not in (200, 201)} == {}


def test_the_guide_names_every_scope() -> None:
    from office.models.tokens import ROOMS

    named = set(re.findall(r"`(\w+):", GUIDE))
    assert set(ROOMS) <= named
