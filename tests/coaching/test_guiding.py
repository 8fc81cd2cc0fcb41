"""Guides: a grid of stage and challenge, drafts, editions that are kept, and the call that is led by one."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from coaching import challenging, guiding, shelving, starting
from coaching.coverage import coverage
from coaching.models import Call, CallDraft, Challenge, ChallengeKind, Guide, GuideEdition
from coaching.prompts import fitting, guides_for, prompts_for
from customers.models import Customer
from milestones.models import Milestone
from tests import factories

pytestmark = pytest.mark.django_db
TEXTS = {
    "purpose": "Let what **works** spread.",
    "goal": "- What should it change?\nWho would notice?",
    "reality": "What happens now?",
    "options": "What else?",
    "will": "Who does what, by when?",
    "cues": "- names",
    "good": "A date.",
    "avoid": "No pitch.",
}
STEPS = [{"words": "Ask who decides", "days": 2}]


@pytest.fixture
def kind(in_harbour, theo, now) -> ChallengeKind:
    values = {"name": "No budget", "steps": STEPS}
    return challenging.add_kind(organisation=in_harbour, values=values, by=theo, now=now)


@pytest.fixture
def write(in_harbour, theo, now):
    """write(stage, kind, **texts): a published guide."""

    def write(stage: str, kind: ChallengeKind | None = None, **texts: str) -> GuideEdition:
        draft = guiding.keep_draft(
            organisation=in_harbour, stage=stage, kind=kind, values=TEXTS | texts, by=theo, now=now
        )
        guiding.publish(guide=draft.guide, by=theo, now=now)
        return GuideEdition.objects.select_related("guide").get(pk=draft.pk)

    return write


@pytest.fixture
def on_the_way(in_harbour, kestrel):
    """At the second milestone, which is of adoption."""
    journey = factories.make_journey(in_harbour)
    enrolment = factories.make_enrolment(kestrel, journey)
    enrolment.current = journey.current_version().milestones.get(key="m2")
    enrolment.save()
    return enrolment


def test_publishing_makes_a_new_edition_and_keeps_the_old(write, in_harbour, theo, now):
    first = write("adoption")
    draft = guiding.keep_draft(
        organisation=in_harbour, stage="adoption", kind=None, values={"goal": "And now?"}, by=theo, now=now
    )
    assert (draft.number, draft.reality) == (2, TEXTS["reality"])
    assert [edition.pk for edition in GuideEdition.objects.in_force()] == [first.pk]
    guiding.publish(guide=draft.guide, by=theo, now=now)
    assert [edition.pk for edition in GuideEdition.objects.in_force()] == [draft.pk]
    first.refresh_from_db()
    assert first.goal_lines == ["What should it change?", "Who would notice?"]
    assert guiding.publish(guide=draft.guide, by=theo, now=now) is None
    assert Guide.objects.count() == 1


def test_what_is_missing_is_named_and_the_draft_stays(in_harbour, theo, now):
    draft = guiding.keep_draft(
        organisation=in_harbour, stage="outcome", kind=None, values={"goal": "?"}, by=theo, now=now
    )
    with pytest.raises(guiding.Unfinished) as refused:
        guiding.publish(guide=draft.guide, by=theo, now=now)
    assert "goal" not in refused.value.missing
    assert {"purpose", "will", "avoid"} <= set(refused.value.missing)
    assert GuideEdition.objects.get().published_at is None
    guiding.drop_draft(guide=draft.guide, by=theo, now=now)
    assert not Guide.objects.exists()


def test_a_place_has_one_guide(write, kind, in_harbour, now):
    for of in (None, kind):
        write("adoption", of)
        with pytest.raises(IntegrityError), transaction.atomic():
            Guide.objects.create(organisation=in_harbour, stage="adoption", kind=of, created_at=now)


def test_ours_are_whole_and_each_stage_has_a_plain_one(in_harbour, theo, now):
    taken = starting.take(organisation=in_harbour, by=theo, now=now)
    assert taken.guides >= 12
    assert all(not guiding.missing_parts(edition) for edition in GuideEdition.objects.all())
    plain = GuideEdition.objects.in_force().filter(guide__kind=None)
    assert {edition.guide.stage for edition in plain} == set(Milestone.Stage.values)


def test_the_grid_shows_what_is_missing_and_where_customers_are(write, kind, kestrel, on_the_way, mara, now):
    write("adoption")
    challenging.open_challenge(customer=kestrel, kind=kind, by=mara, now=now)
    grid = coverage()
    assert (grid.in_force, grid.in_all) == (1, 8)
    [missed] = grid.missed
    assert (missed.stage, missed.kind, missed.here) == ("adoption", kind, 1)
    plain = grid.rows[0].cells[1]
    assert (plain.number, plain.here) == (1, 1)
    Customer.objects.filter(pk=kestrel.pk).update(archived_at=now)
    assert [cell.here for cell in coverage().cells if cell.here] == []


def test_the_guide_fits_where_they_are(write, kind, on_the_way):
    plain, special = write("adoption"), write("adoption", kind)
    elsewhere = write("mastery", kind)
    stage = Milestone.Stage.ADOPTION
    editions = guides_for(stage)
    assert [edition.pk for edition in editions] == [plain.pk, special.pk, elsewhere.pk]
    assert fitting(editions, stage=stage, kinds=[]) == plain
    assert fitting(editions, stage=stage, kinds=[999, kind.pk]) == special
    assert fitting(editions, stage=Milestone.Stage.OUTCOME, kinds=[kind.pk]) is None
    prompts = prompts_for(on_the_way, plain)
    assert (prompts.goal, prompts.more_goal) == ("What should it change?", ("Who would notice?",))


def test_a_manager_writes_and_a_csm_reads(client_for, theo, mara, in_harbour, kind):
    client, csm = client_for(theo), client_for(mara)
    new = f"/o/harbour/guides/new/adoption/{kind.pk}/"
    assert "Write it" in client.get("/o/harbour/guides/").content.decode()
    assert "Write it" not in csm.get("/o/harbour/guides/").content.decode()
    assert csm.post(new, TEXTS).status_code == 403
    refused = client.post(new, TEXTS | {"avoid": "", "then": "publish"})
    assert refused.status_code == 422
    assert "Before it is published, write what not to do." in refused.content.decode()
    guide = Guide.objects.get()
    assert csm.get(f"/o/harbour/guides/{guide.pk}/").status_code == 404
    done = client.post(f"/o/harbour/guides/{guide.pk}/edit/", TEXTS | {"then": "publish"}, follow=True)
    html = done.content.decode()
    assert "Published" in html
    assert "<strong>works</strong>" in html
    assert client.get(new).status_code == 302
    client.post(f"/o/harbour/guides/{guide.pk}/edit/", TEXTS | {"goal": "What now?"})
    page = f"/o/harbour/guides/{guide.pk}/"
    assert "What now?" not in csm.get(page).content.decode()
    client.post(f"{page}edit/", TEXTS | {"goal": "What now?", "then": "publish"})
    assert "What now?" in csm.get(page).content.decode()
    assert "Who would notice?" in csm.get(f"{page}?edition=1").content.decode()
    assert csm.get(f"{page}?edition=7").status_code == 404


def test_two_people_at_one_guide_lose_nothing(client_for, theo, in_harbour, write, now):
    edition = write("adoption")
    client, address = client_for(theo), f"/o/harbour/guides/{edition.guide_id}/edit/"
    from tests.customers.test_outcome_pages import opened

    form = TEXTS | opened(client.get(address).content.decode()) | {"goal": "Mine?"}
    guiding.keep_draft(
        organisation=in_harbour, stage="adoption", kind=None, values={"goal": "Theirs?"}, by=theo, now=now
    )
    answer = client.post(address, form)
    assert answer.status_code == 422
    assert "it now says “Theirs?”" in answer.content.decode()
    assert "Mine?" in answer.content.decode()


def test_ours_are_taken_from_the_empty_page(client_for, theo, mara, in_harbour):
    client = client_for(theo)
    assert "Take our guides and challenges" in client.get("/o/harbour/guides/").content.decode()
    assert client_for(mara).post("/o/harbour/challenges/ours/").status_code == 403
    said = client.post("/o/harbour/challenges/ours/", follow=True).content.decode()
    assert "17 challenges, 16 guides and 26 resources are yours now." in said
    again = client.post("/o/harbour/challenges/ours/", follow=True).content.decode()
    assert "You have all of them already." in again


def call_form(kestrel) -> str:
    return f"/o/harbour/customers/{kestrel.pk}/calls/new/"


def sent(**fields) -> dict:
    return {"held_on": "2026-03-12", "held_time": "09:00", "goal": "Less paper"} | fields


def test_the_call_form_opens_with_the_guide_for_where_they_are(
    client_for, mara, write, kind, kestrel, on_the_way, clock, now
):
    write("adoption")
    special = write("adoption", kind, goal="Who pays today?\nWho else?")
    challenging.open_challenge(customer=kestrel, kind=kind, words="No money.", by=mara, now=now)
    html = client_for(mara).get(call_form(kestrel)).content.decode()
    assert f'<option value="{special.pk}" selected>' in html
    assert "Who pays today?" in html
    assert "Who else?" in html
    assert "Ask who decides" in html


def test_another_guide_is_shown_and_every_word_stays(
    client_for, mara, write, kind, kestrel, on_the_way, clock
):
    write("adoption")
    special = write("adoption", kind, goal="Who pays today?")
    client = client_for(mara)
    html = client.post(call_form(kestrel), sent(guide=special.pk, show="guide")).content.decode()
    assert "Who pays today?" in html
    assert "Less paper" in html
    shown = client.post(call_form(kestrel), sent(challenge=kind.pk, show="challenge")).content.decode()
    assert "Who pays today?" in shown
    assert "Ask who decides" in shown
    headers = {"HX-Request": "true", "HX-Target": "call-conversation"}
    part = client.post(call_form(kestrel), sent(guide=special.pk, show="guide"), headers=headers)
    assert part.content.decode().strip().startswith('<section class="stack" id="call-conversation"')
    assert "hx-preserve" in part.content.decode()
    assert not Call.objects.exists()


def test_the_call_remembers_the_edition_it_was_led_by(
    client_for, mara, theo, write, kind, kestrel, on_the_way, clock
):
    first = write("adoption")
    second = write("adoption", goal="Newer?")
    client = client_for(mara)
    refused = client.post(call_form(kestrel), sent(guide="12345"))
    assert refused.status_code == 422
    assert "Choose another." in refused.content.decode()
    client.post(call_form(kestrel), sent(guide=first.pk, challenge=kind.pk, challenge_words="No money."))
    call = Call.objects.get()
    assert call.guide == first
    assert Challenge.objects.get().call == call
    page = client.get(f"/o/harbour/calls/{call.pk}/").content.decode()
    assert "edition 1" in page
    assert "No budget" in page
    assert second.number == 2


def test_words_without_a_challenge_are_not_lost(client_for, mara, kind, kestrel, clock):
    answer = client_for(mara).post(call_form(kestrel), sent(challenge_words="No money."))
    assert answer.status_code == 422
    assert "Choose what stands in the way" in answer.content.decode()
    assert "No money." in answer.content.decode()


def test_a_draft_keeps_the_choice(client_for, mara, write, kind, kestrel, on_the_way, clock):
    write("adoption")
    special = write("adoption", kind, goal="Who pays today?")
    client = client_for(mara)
    client.post(f"/o/harbour/customers/{kestrel.pk}/calls/draft/", sent(guide=special.pk, challenge=kind.pk))
    assert CallDraft.objects.get().data["guide"] == [str(special.pk)]
    html = client.get(call_form(kestrel)).content.decode()
    assert "Who pays today?" in html
    assert f'<option value="{kind.pk}" selected>' in html


def test_many_guides_take_as_many_queries_as_one(
    client_for, mara, theo, write, kind, in_harbour, kestrel, now
):
    client = client_for(mara)

    def asked() -> list[int]:
        counts = []
        for address in (call_form(kestrel), "/o/harbour/guides/"):
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counts.append(len(queries))
        return counts

    factories.make_enrolment(kestrel, factories.make_journey(in_harbour))
    write("onboarding")
    sheet = {"title": "Sheet", "summary": "Good.", "body": "Do it."}
    made = {"organisation": in_harbour, "by": theo, "now": now}
    shelving.write(resource=None, type="worksheet", values=sheet, at=None, **made)
    few = asked()
    starting.take(organisation=in_harbour, by=theo, now=now)
    assert asked() == few
