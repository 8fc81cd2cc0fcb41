"""The journey editor: every step keeps what was typed, and nobody overwrites anybody."""

import re

import pytest

from milestones import designing
from milestones.models import Journey
from organisations import tenancy
from tests import factories
from tests.milestones.journey_editor import HTMX, Editor, outline, url


@pytest.fixture
def journey(harbour) -> Journey:
    with tenancy.within(harbour):
        return factories.make_journey(harbour)


@pytest.fixture
def draft(harbour, theo, now) -> Journey:
    """A journey with an empty draft, never published."""
    with tenancy.within(harbour):
        return designing.new_journey(organisation=harbour, name="Blank", by=theo, now=now)


@pytest.fixture
def editor(client_for, theo, draft) -> Editor:
    return Editor(client_for(theo), draft)


class TestEditing:
    def test_it_makes_a_whole_journey_without_a_script(self, editor, draft, harbour):
        editor.open(0)
        editor.press("open-1", name="From data to decisions", purpose="They decide with it.")
        for n in range(1, 6):
            editor.press(
                "save",
                name=f"Outcome {n}",
                meaning=f"You have {n}.",
                target_days=str(20 * n),
                celebrate="review",
            )
            editor.press("measure", new_metric_name="Exam score", new_metric_unit="%")
            editor.press("add-confirmation", **{"criterion-1-threshold": "40"})
            editor.press("add-claim", join="any")
            editor.press("remove-criterion-3")
            if n < 5:
                editor.press(f"open-{n + 1}")
        assert editor.editor.missing == []
        response = editor.press("publish", to=editor.publication)
        assert response.redirect_chain[-1][0] == url("journey", draft.slug)
        with tenancy.within(harbour):
            draft.refresh_from_db()
            version = draft.current_version()
            assert (draft.name, draft.purpose) == ("From data to decisions", "They decide with it.")
            first = version.milestones.first()
            assert (first.key, first.target_days, first.celebrate, first.join) == (
                "outcome-1",
                20,
                "review",
                "any",
            )
            assert [one.sentence for one in first.criteria.select_related("metric")] == [
                "Exam score is at least 40\N{NO-BREAK SPACE}%",
                "The customer confirms it",
            ]
            assert len({one.criteria.first().metric_id for one in version.milestones.all()}) == 1

    def test_it_keeps_what_was_typed_with_every_button(self, editor, draft):
        for do in ("save", "add-milestone", "earlier", "later", "add-metric", "open-2", "open-0", "nonsense"):
            editor.open(1)
            editor.press(do, name=f"Kept with {do}", target_days="soon", meaning="  words \r\n more ")
            first = outline(draft).milestone(1)
            assert (first.name, first.target_days, first.meaning) == (
                f"Kept with {do}",
                "soon",
                "words \n more",
            )

    def test_it_keeps_the_draft_when_enter_is_pressed(self, editor):
        first = re.search(r'<button[^>]*name="do"[^>]*>', editor.text)
        assert first
        assert 'value="save"' in first.group()
        assert 'form="journey-part"' in first.group()

    def test_it_adds_moves_and_removes_milestones(self, editor, draft):
        editor.press("save", name="First")
        editor.press("later")
        assert [one.handle for one in outline(draft).milestones] == [2, 1, 3, 4, 5]
        assert editor.editor.position == 2
        editor.press("earlier")
        editor.press("add-milestone")
        assert [one.handle for one in outline(draft).milestones] == [1, 2, 3, 4, 5, 6]
        assert editor.editor.handle == 6
        editor.press("remove-milestone")
        assert [one.handle for one in outline(draft).milestones] == [1, 2, 3, 4, 5]

    def test_it_shows_a_wrong_value_at_its_field_and_says_what_is_missing(self, editor):
        editor.press("save", name="First", target_days="3 weeks")
        assert "“3 weeks” is not a number of days" in editor.text
        assert 'value="3 weeks"' in editor.text
        assert "Write what it means for them." in editor.text
        assert "Nothing you wrote is lost" not in editor.text

    def test_it_lists_all_faults_when_it_cannot_be_published(self, editor, draft):
        response = editor.press("publish", to=editor.publication, name="First")
        assert "Not published yet" in editor.text
        assert "Nothing you wrote is lost" in editor.text
        assert "check=1" in response.redirect_chain[-1][0]
        assert outline(draft).milestone(1).name == "First"

    def test_it_starts_the_next_draft_with_the_first_change(self, client_for, theo, journey):
        editor = Editor(client_for(theo), journey)
        editor.press("save")
        with tenancy.within(journey.organisation_id):
            assert journey.draft() is None
        editor.press("save", name="New words")
        with tenancy.within(journey.organisation_id):
            assert journey.draft().number == 2
            assert journey.current_version().milestones.first().name == "Milestone 1"
        assert "A published version uses it, so it stays." in editor.text

    def test_it_does_not_overwrite_what_another_window_wrote(self, client_for, theo, ada, draft):
        mine, theirs = Editor(client_for(theo), draft), Editor(client_for(ada), draft)
        theirs.press("save", name="Ada’s words")
        response = mine.press("save", name="Theo’s words")
        assert response.status_code == 422
        assert "not kept yet" in mine.text
        assert "Theo’s words" in mine.text
        assert outline(draft).milestone(1).name == "Ada’s words"
        mine.press("save")
        assert outline(draft).milestone(1).name == "Theo’s words"

    def test_it_lets_two_windows_edit_two_milestones(self, client_for, theo, ada, draft):
        mine, theirs = Editor(client_for(theo), draft), Editor(client_for(ada), draft)
        theirs.open(2)
        mine.press("save", name="One")
        theirs.press("save", name="Two")
        assert [one.name for one in outline(draft).milestones[:2]] == ["One", "Two"]

    def test_it_keeps_saving_from_one_page_that_stays_open(self, editor, draft):
        keep = f"{editor.address}?keep=1"
        fields = dict(editor.fields)
        for name in ("Fir", "First"):
            response = editor.client.post(keep, fields | {"name": name})
            assert (response.status_code, response.content) == (204, b"")
        assert outline(draft).milestone(1).name == "First"

    def test_it_brings_back_a_milestone_that_another_window_removed(self, client_for, theo, ada, draft):
        mine, theirs = Editor(client_for(theo), draft), Editor(client_for(ada), draft)
        theirs.press("remove-milestone")
        assert mine.press("save", name="Still mine").status_code == 422
        assert "Still mine" in mine.text
        mine.press("save")
        assert outline(draft).milestones[-1].name == "Still mine"

    def test_it_answers_htmx_with_the_editor_alone(self, editor):
        editor.press("add-milestone", headers=HTMX, name="First")
        assert editor.text.lstrip().startswith('<div class="stack editor" id="journey-editor">')
        assert "<html" not in editor.text

    @pytest.mark.parametrize(
        "posted",
        [
            {},
            {"handle": "99999999999999999999"},
            {"handle": "-1", "do": "remove-milestone"},
            {"handle": "1", "do": "remove-criterion-99"},
            {"handle": "1", "do": "remove-criterion-"},
            {"handle": "1", "do": "open-99999999999999999999"},
            {"handle": "1", "name": "nul \x00 byte", "do": "save"},
            {"handle": "1", "criterion_count": "x", "criterion-1-kind": "magic"},
            {"handle": "1", "stage": "heaven", "join": "x", "celebrate": "y", "hold_hours": "z"},
            {"handle": "0", "name": "x" * 500},
        ],
    )
    def test_it_stands_what_no_form_of_ours_posts(self, editor, posted):
        assert editor.client.post(editor.address, posted, follow=True).status_code in (200, 422)
        assert editor.client.get(editor.address).status_code == 200

    @pytest.mark.parametrize("query", ["?milestone=99", "?milestone=x", "?milestone=0&check=1", "?check=1"])
    def test_it_opens_whatever_is_asked(self, editor, query):
        assert editor.client.get(editor.address + query).status_code == 200

    def test_it_discards_a_draft(self, client_for, theo, journey, draft):
        client = client_for(theo)
        Editor(client, journey).press("save", name="Other")
        response = client.post(url("journey_draft_removal", journey.slug), follow=True)
        assert response.redirect_chain[-1][0] == url("journey", journey.slug)
        with tenancy.within(journey.organisation_id):
            assert journey.draft() is None
        response = client.post(url("journey_draft_removal", draft.slug), follow=True)
        assert response.redirect_chain[-1][0] == url("journey_list")
        assert client.get(url("journey", draft.slug)).status_code == 404

    def test_it_says_so_when_there_is_nothing_to_publish(self, client_for, theo, journey):
        response = client_for(theo).post(url("journey_publication", journey.slug), follow=True)
        assert "There was no draft to publish" in response.content.decode()
