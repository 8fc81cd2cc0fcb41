"""The library: written, published in editions, found, looked through, retired; and files that are safe."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from coaching import challenging, shelving, starting
from coaching.gaps import needs_of
from coaching.models import ChallengeKind, Resource, ResourceEdition, ResourceFile
from coaching.shelf import Wish, every, page
from coaching.sniffing import LARGEST, Unsafe, media_type, plain_name
from milestones.models import Milestone
from tests import factories

pytestmark = pytest.mark.django_db
TEXTS = {"title": "Before and after", "summary": "A number nobody doubts.", "body": "Count **twice**."}
PDF = b"%PDF-1.7 a page"


@pytest.fixture
def write(in_harbour, theo, now):
    """write(title, stages, kinds, at=…, **texts): published."""

    def write(title="Before and after", stages=(), kinds=(), *, at=now, type="worksheet", **texts):
        draft = shelving.write(
            organisation=in_harbour,
            resource=None,
            type=type,
            values=TEXTS | {"title": title} | texts,
            at=shelving.Place(stages=stages, kinds=kinds, owner=theo),
            by=theo,
            now=at,
        )
        return draft.resource

    return write


@pytest.fixture
def kind(in_harbour, theo, now) -> ChallengeKind:
    values = {"name": "No budget", "steps": [{"words": "Ask who decides", "days": 2}]}
    return challenging.add_kind(organisation=in_harbour, values=values, by=theo, now=now)


def titles(wish: Wish, reader, now) -> list[str]:
    return [line.resource.title for line in every(wish, reader=reader, now=now)]


def test_a_new_edition_keeps_the_one_before(write, in_harbour, theo, now):
    resource = write()
    made = {"organisation": in_harbour, "type": "worksheet", "by": theo, "now": now + timedelta(days=1)}
    draft = shelving.keep_draft(resource=resource, values={"body": "Count once."}, **made)
    assert (draft.number, draft.title) == (2, "Before and after")
    assert ResourceEdition.objects.in_force().get().body == "Count **twice**."
    assert titles(Wish(text="once"), theo, now) == []
    shelving.publish(resource=resource, by=theo, now=made["now"])
    assert ResourceEdition.objects.in_force().get().body == "Count once."
    assert titles(Wish(text="once"), theo, now) == ["Before and after"]
    assert resource.editions.get(number=1).body == "Count **twice**."
    assert Resource.objects.get().reviewed_at == made["now"]


@pytest.mark.parametrize(
    ("type", "field"), [("worksheet", "body"), ("link", "url"), ("file", "file"), ("guide", "body")]
)
def test_it_is_not_published_without_what_its_type_needs(write, in_harbour, theo, now, type, field):
    with pytest.raises(shelving.Unfinished) as refused:
        write(type=type, body="")
    assert set(refused.value.missing) == {field}
    assert not Resource.objects.exists()


def test_every_word_is_found_and_titles_come_first(write, theo, now):
    write("Über Zahlen", body="A report for the board.")
    write("The report", body="Über nothing.")
    write("Else", body="A report.")
    assert titles(Wish(text="REPORT über"), theo, now) == ["The report", "Über Zahlen"]
    assert titles(Wish(text="report"), theo, now) == ["The report", "Else", "Über Zahlen"]
    assert titles(Wish(text="100%"), theo, now) == []


def test_pages_by_key_forwards_and_back(write, theo, now):
    names = [f"Sheet {letter}" for letter in "abcde"]
    for name in reversed(names):
        write(name)
    reader = {"reader": theo, "now": now, "size": 2}
    seen, after = [], ""
    while True:
        found = page(Wish(), after=after, **reader)
        seen.append([line.resource.title for line in found.lines])
        if not found.later:
            break
        after = found.later
    assert seen == [names[:2], names[2:4], names[4:]]
    back = page(Wish(), before=found.earlier, **reader)
    assert [line.resource.title for line in back.lines] == names[2:4]
    assert page(Wish(), after="0-no", **reader).lines == page(Wish(), **reader).lines


def test_filters_say_where_it_fits(write, kind, theo, mara, now):
    write("For all")
    write("Early", ["onboarding"])
    write("Money", ["outcome"], [kind], at=now - timedelta(days=181))
    assert titles(Wish(stage="onboarding"), theo, now) == ["Early", "For all"]
    assert titles(Wish(kind=kind.pk), theo, now) == ["Money"]
    assert titles(Wish(show="review"), theo, now) == ["Money"]
    assert titles(Wish(show="mine"), mara, now) == []
    shelving.review(resource=Resource.objects.get(title="Money"), by=mara, now=now)
    assert titles(Wish(show="review"), theo, now) == []


def test_retired_it_is_off_the_shelf_and_comes_back(write, theo, now):
    resource = write()
    shelving.retire(resource=resource, by=theo, now=now)
    assert titles(Wish(), theo, now) == []
    assert titles(Wish(show="retired"), theo, now) == ["Before and after"]
    with pytest.raises(shelving.NotPossible):
        shelving.review(resource=resource, by=theo, now=now)
    with pytest.raises(shelving.NotPossible):
        shelving.keep_draft(
            organisation=resource.organisation, resource=resource, type="", values={}, by=theo, now=now
        )
    shelving.bring_back(resource=resource, by=theo, now=now)
    assert titles(Wish(), theo, now) == ["Before and after"]


def test_each_milestone_says_whether_there_is_something_fresh(write, in_harbour, now):
    factories.make_journey(in_harbour)
    factories.make_journey(in_harbour, slug="begun", published=False)
    write("Old", ["adoption"], at=now - timedelta(days=180))
    write("New", ["outcome"])
    [needs] = needs_of(now=now)
    stages = {need.milestone.stage: (need.shelf.fresh, need.shelf.stale) for need in needs.milestones}
    assert stages == {"onboarding": (0, 0), "adoption": (0, 1), "outcome": (1, 0), "mastery": (0, 0)}
    assert [need.milestone.key for need in needs.gaps] == ["m1", "m2", "m4", "m5"]
    write("For all")
    assert needs_of(now=now)[0].gaps == []


def test_ours_are_whole_and_cover_every_stage(in_harbour, theo, now):
    taken = starting.take(organisation=in_harbour, by=theo, now=now)
    assert taken.resources >= 20
    fresh = Resource.objects.current().fresh(now)
    for stage in Milestone.Stage:
        assert fresh.filter(tags__stage=stage).count() >= 4
    assert ResourceEdition.objects.in_force().count() == taken.resources
    assert min(len(edition.body) for edition in ResourceEdition.objects.all()) > 600
    assert starting.take(organisation=in_harbour, by=theo, now=now).resources == 0


def office(*names: str, mimetype: str = "") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        if mimetype:
            file.writestr("mimetype", mimetype)
        for name in names:
            file.writestr(name, "x")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"<script>alert(1)</script>"),
        ("a.html", b"<p>hello</p>"),
        ("a.svg", b"<svg/>"),
        ("a.png", PDF),
        ("a.txt", b"\x00\x01"),
        ("a.csv", b"\xff\xfe\x00"),
        ("a.docx", office("[Content_Types].xml", "xl/workbook.xml")),
        ("a.docx", office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("a.docx", b"PK\x03\x04 broken"),
        ("a.odt", office("content.xml", mimetype="text/html")),
        ("a.exe", b"MZ"),
        ("big.txt", b"a" * (LARGEST + 1)),
    ],
)
def test_files_that_are_not_what_they_say_are_refused(name, content):
    with pytest.raises(Unsafe):
        media_type(name, content)


def test_safe_files_are_known_by_their_content():
    assert media_type("A.PDF", PDF) == "application/pdf"
    assert media_type("a.md", "# Über".encode()) == "text/plain"
    assert media_type("a.xlsx", office("[Content_Types].xml", "xl/workbook.xml")).endswith("sheet")
    assert plain_name("../../Évil “x”.PDF") == "Évil -x.pdf"


def test_a_csm_writes_and_sees_what_is_missing(client_for, mara, rio, in_harbour, clock):
    client = client_for(mara)
    new = "/o/harbour/library/new/worksheet/"
    assert client_for(rio).get(new).status_code == 403
    assert "Nothing on the shelf yet" in client.get("/o/harbour/library/").content.decode()
    refused = client.post(new, {"title": "Sheet", "then": "publish", "stages": ["adoption"]})
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "Write what it says." in html
    assert "Say in a sentence what it is good for" in html
    assert not Resource.objects.exists()
    kept = client.post(new, {"title": "Sheet", "stages": ["adoption"]}, follow=True)
    assert "Kept as a draft" in kept.content.decode()
    resource = Resource.objects.get()
    where = f"/o/harbour/library/{resource.pk}/"
    assert client_for(rio).get(where).status_code == 404
    done = client.post(f"{where}edit/", TEXTS | {"then": "publish", "stages": ["adoption"]}, follow=True)
    assert "<strong>twice</strong>" in done.content.decode()
    assert client_for(rio).get(where).status_code == 200
    assert [stage.value for stage in Resource.objects.get().stages] == ["adoption"]
    assert client_for(rio).post(f"{where}retirement/").status_code == 403
    listed = client.get("/o/harbour/library/?q=doubts&stage=adoption").content.decode()
    assert "Before and after" in listed
    csv = client.get("/o/harbour/library/?format=csv")
    assert "before-and-after" not in b"".join(csv).decode()  # its key stays what it was
    assert client.get("/o/harbour/library/?kind=zzz&stage=zzz&after=9-9").status_code == 200


def test_two_people_at_one_resource_lose_nothing(client_for, mara, theo, write, now, clock):
    from tests.customers.test_outcome_pages import opened

    resource = write()
    client, address = client_for(mara), f"/o/harbour/library/{resource.pk}/edit/"
    form = opened(client.get(address).content.decode()) | TEXTS | {"body": "Mine."}
    made = {"organisation": resource.organisation, "type": "worksheet", "by": theo, "now": now}
    shelving.keep_draft(resource=resource, values={"body": "Theirs."}, **made)
    answer = client.post(address, form)
    assert answer.status_code == 422
    assert "it now says “Theirs.”" in answer.content.decode()
    assert "Mine." in answer.content.decode()


def test_a_file_is_given_to_keep_and_never_shown(client_for, mara, in_harbour, clock):
    client, new = client_for(mara), "/o/harbour/library/new/file/"
    texts = TEXTS | {"then": "publish"}
    evil = SimpleUploadedFile("page.pdf", b"<html>", content_type="application/pdf")
    refused = client.post(new, texts | {"file": evil})
    assert refused.status_code == 422
    assert "not what its name says" in refused.content.decode()
    assert not ResourceFile.objects.exists()
    client.post(new, texts | {"file": SimpleUploadedFile("Plan.pdf", PDF, content_type="text/html")})
    edition = ResourceEdition.objects.get()
    got = client.get(f"/o/harbour/library/editions/{edition.pk}/file/")
    assert got.content == PDF
    assert got["Content-Type"] == "application/pdf"
    assert got["Content-Disposition"] == 'attachment; filename="Plan.pdf"'
    assert got["X-Content-Type-Options"] == "nosniff"
    client.post(f"/o/harbour/library/{edition.resource_id}/edit/", texts | {"summary": "Anew."})
    assert ResourceEdition.objects.in_force().get().file == edition.file


def test_a_draft_is_thrown_away_with_its_file(client_for, mara, in_harbour, clock):
    client = client_for(mara)
    client.post("/o/harbour/library/new/file/", {"title": "X", "file": SimpleUploadedFile("a.pdf", PDF)})
    resource = Resource.objects.get()
    client.post(f"/o/harbour/library/{resource.pk}/draft/removal/")
    assert not Resource.objects.exists()
    assert not ResourceFile.objects.exists()


def test_ours_are_taken_from_the_empty_library(client_for, theo, in_harbour):
    client = client_for(theo)
    said = client.post("/o/harbour/challenges/ours/", {"next": "/o/harbour/library/"}, follow=True)
    html = said.content.decode()
    assert "26 resources are yours now." in html
    assert "Where do you stand?" in html
