"""Journey files in the browser: download and import form."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from milestones import starters
from milestones.models import Journey
from organisations import tenancy
from tests import factories
from tests.milestones.journey_editor import Editor, outline, url


@pytest.fixture
def journey(harbour) -> Journey:
    with tenancy.within(harbour):
        return factories.make_journey(harbour)


class TestFiles:
    DATA = json.loads((starters.FOLDER / "saas.json").read_text())

    def bring_in(self, client, data, **options):
        text = data if isinstance(data, bytes) else json.dumps(data).encode()
        file = SimpleUploadedFile("journey.json", text, "application/json")
        return client.post(url("journey_import"), {"file": file, **options}, follow=True)

    def test_it_brings_a_file_in_and_hands_it_out_again(self, client_for, theo, rio):
        response = self.bring_in(client_for(theo), self.DATA, publish="on")
        slug = response.context["journey"].slug
        assert "version 1 is in force" in response.content.decode()
        out = client_for(rio).get(url("journey_file", slug))
        assert out["Content-Disposition"] == f'attachment; filename="{slug}.json"'
        assert json.loads(out.content) == self.DATA
        assert "Nothing was changed" in self.bring_in(client_for(theo), self.DATA).content.decode()

    def test_it_hands_out_the_draft_to_designers(self, client_for, theo, rio, journey):
        Editor(client_for(theo), journey).press("save", name="Draft words")
        for who, name in ((theo, "Draft words"), (rio, "Milestone 1")):
            data = json.loads(client_for(who).get(url("journey_file", journey.slug) + "?draft=1").content)
            assert data["milestones"][0]["name"] == name

    @pytest.mark.parametrize(
        ("data", "says"),
        [
            (b"no json", "line 1, column 1"),
            (b'{"format": 1}', "<code>format</code>"),
            ({**DATA, "milestones": [{"targt_days": 3}]}, "milestones[0].targt_days"),
            ({**DATA, "milestones": [{"name": "<script>alert(1)</script>" * 9}]}, "longer than 120"),
            ({**DATA, "journey": {"name": "x", "<b>": 1}}, "journey.&lt;b&gt;"),
        ],
    )
    def test_it_says_what_is_wrong_with_a_file(self, client_for, theo, harbour, data, says):
        response = self.bring_in(client_for(theo), data)
        assert response.status_code == 422
        assert says in response.content.decode()
        assert "nothing was stored" in response.content.decode()
        with tenancy.within(harbour):
            assert not Journey.objects.exists()

    def test_it_keeps_a_draft_that_is_in_the_way(self, client_for, theo, journey):
        client = client_for(theo)
        Editor(client, journey).press("save", name="Draft words")
        data = self.DATA | {"journey": {"slug": journey.slug, "name": "Other"}}
        response = self.bring_in(client, data)
        assert response.status_code == 422
        assert "Draft 2 of “First data” says something else" in response.content.decode()
        assert outline(journey).milestones[0].name == "Draft words"
        self.bring_in(client, data, replace_draft="on")
        assert outline(journey).name == "Other"

    def test_it_opens_the_editor_when_a_file_cannot_be_published(self, client_for, theo):
        response = self.bring_in(
            client_for(theo), self.DATA | {"milestones": self.DATA["milestones"][:2]}, publish="on"
        )
        assert "The file is kept as a draft" in response.content.decode()
        assert len(response.context["editor"].columns) == 2

    def test_it_asks_for_a_file(self, client_for, theo):
        assert client_for(theo).post(url("journey_import"), {}).status_code == 422
        empty = io.BytesIO(b"")
        empty.name = "empty.json"
        response = client_for(theo).post(url("journey_import"), {"file": empty})
        assert "The file is empty." in response.content.decode()
