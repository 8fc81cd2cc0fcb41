"""Promises from the sale: written down, decided with their reasons, settled, counted with the rows behind."""

from datetime import date, timedelta

import pytest

from customers import attending, promising
from customers.models import Outcome, Promise
from dashboards.figures.promises import promise_figures, promises_of
from dashboards.today.lines import Kind
from dashboards.today.page import all_of
from dashboards.today.scope import Scope
from organisations.models import Event
from tests.factories import make_contact, make_customer
from tests.office.bringing import bring, ends, undo

pytestmark = pytest.mark.django_db
HEADER = "customer,id,promise,due_on,promised_on,seller,said_in,message\n"
LINE = "kestrel-freight,p1,Live before the peak,2026-05-01,2026-02-02,{},Proposal,Live soon\n"


@pytest.fixture
def kestrel(in_harbour, mara):
    return make_customer(in_harbour, owner=mara)


@pytest.fixture
def write(kestrel, mara, now):
    def written(words="Live before the peak", *, at=now, **values):
        return promising.write_down(customer=kestrel, values={"words": words, **values}, by=mara, now=at)

    return written


def fresh(promise):
    return Promise.objects.get(pk=promise.pk)


def test_a_promise_becomes_an_outcome_is_agreed_anew_and_kept_with_every_step_kept(write, kestrel, mara, now):
    amara = make_contact(kestrel)
    promise = write(seller="Noor Haddad", said_in="Proposal, page 3", due_on=date(2026, 3, 1))
    promising.into_outcome(promise=promise, words="Every depot before the peak.", by=mara, now=now)
    outcome = Outcome.objects.get()
    assert (outcome.words, outcome.said_by, outcome.target_on) == (
        "Every depot before the peak.", "promised by Noor Haddad, Proposal, page 3", date(2026, 3, 1),
    )  # fmt: skip
    assert not outcome.is_confirmed
    promising.renegotiate(
        promise=promise,
        words=promise.words,
        due_on=date(2026, 3, 12),
        contact=amara,
        why="Ice.",
        by=mara,
        now=now,
    )
    assert fresh(promise).state == "outcome"  # the outcome it became holds
    promising.settle(promise=promise, is_kept=True, on=None, by=mara, now=now)
    row = fresh(promise)
    assert (row.state, row.settled_on, row.edition, row.is_kept_in_time) == (
        "kept",
        date(2026, 3, 12),
        4,
        True,
    )
    steps = [(step.kind, step.was, step.by, step.contact) for step in row.decisions.order_by("id")]
    assert [kind for kind, *_rest in steps] == ["outcome", "renegotiated", "kept"]
    assert steps[1][1:] == ({"due_on": "2026-03-01"}, mara, amara)
    said = Event.objects.filter(subject_type="customers.promise", subject_id=promise.pk).order_by("id")
    verbs = [event.verb for event in said]
    assert verbs == ["promise_written", "promise_outcome", "promise_renegotiated", "promise_kept"]


@pytest.mark.parametrize(
    ("verb", "given", "field", "says"),
    [
        ("decline", {"why": " "}, "why", "Say why it is declined"),
        ("renegotiate", {"words": "Live before the peak", "due_on": None}, "words", "Nothing is different"),
        ("settle", {"is_kept": False, "on": None}, None, "Decide first"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_decided(write, mara, now, verb, given, field, says):
    promise = write()
    with pytest.raises((promising.Incomplete, promising.NotPossible), match=says) as refused:
        getattr(promising, verb)(promise=promise, by=mara, now=now, **given)
    assert getattr(refused.value, "field", None) == field
    assert (fresh(promise).state, promise.decisions.count()) == ("undecided", 0)


def test_what_was_declined_is_decided_no_more_until_it_is_open_again(write, mara, now):
    promise = write()
    promising.decline(promise=promise, why="Not in this country.", by=mara, now=now)
    for verb, given in (("into_outcome", {}), ("renegotiate", {"words": "Later", "due_on": None})):
        with pytest.raises(promising.NotPossible):
            getattr(promising, verb)(promise=promise, by=mara, now=now, **given)
    promising.reopen(promise=promise, by=mara, now=now)
    promising.into_outcome(promise=promise, by=mara, now=now)
    with pytest.raises(promising.Incomplete, match="still to come"):
        promising.settle(promise=promise, is_kept=True, on=date(2026, 4, 1), by=mara, now=now)
    with pytest.raises(promising.Incomplete, match="Say why it was not kept"):
        promising.settle(promise=promise, is_kept=False, on=None, by=mara, now=now)
    assert fresh(promise).state == "outcome"


def settled(write, mara, now, words, *, due, kept, on=None, **values):
    promise = write(words, due_on=due, **values)
    promising.renegotiate(promise=promise, words=f"{words}!", due_on=due, by=mara, now=now)
    if kept is not None:
        promising.settle(promise=promise, is_kept=kept, on=on, why="so it was", by=mara, now=now)
    return promise


def test_the_share_kept_counts_what_can_be_judged_by_seller_and_by_message(write, mara, theo, now):
    today, seller = now.date(), {"seller": "Noor", "message": "Live soon"}
    for n in range(3):
        settled(write, mara, now, f"in time {n}", due=today, kept=True, **seller)
    settled(write, mara, now, "late", due=date(2026, 2, 1), kept=True, **seller)
    settled(write, mara, now, "no", due=today, kept=False, message="live SOON", seller="noor")
    settled(write, mara, now, "passed", due=date(2026, 3, 1), kept=None, message="Live soon", member=theo)
    settled(write, mara, now, "ahead", due=date(2026, 9, 1), kept=None, **seller)
    write("nothing said")
    report = promise_figures(today=today)
    noor, theos, unsaid = report.by_seller
    assert (noor.counts["kept"], noor.judged, noor.n, noor.share.share) == (3, 5, 6, 0.6)
    assert (round(noor.share.low, 4), round(noor.share.high, 4)) == (0.2307, 0.8824)  # Wilson's for 3 of 5
    assert (theos.value, theos.name, theos.share) == (f"m{theo.pk}", theo.name, None)  # cannot tell yet
    assert (unsaid.value, unsaid.counts["undecided"]) == ("-", 1)
    [live, _none] = report.by_message
    assert (live.judged, live.counts["passed"], report.all.n) == (6, 1, 8)
    for one, by in ((noor, "seller"), (theos, "seller"), (unsaid, "seller"), (live, "message")):
        assert promises_of({by: one.value}, today=today).count() == one.n
    late = promises_of({"ending": "late", "seller": "noor"}, today=today)
    assert [row.words for row in late] == ["late!"]


def test_what_waits_for_a_decision_shows_on_today_after_the_days_that_are_set(
    write, in_harbour, mara, theo, now, client_for
):
    write("Old one", at=now - timedelta(days=8))
    write("New one", at=now - timedelta(days=6))
    scope = Scope(in_harbour, viewer=None, person=mara, can_write=True, now=now)

    def shown():
        return [line.why for line in all_of(scope, Kind.UNDECIDED).lines]

    assert shown() == ["The sale promised: Old one"]
    attending.set_days(organisation=in_harbour, values={"promise_days": 3}, by=theo, now=now)
    assert len(shown()) == 2
    answer = client_for(theo).post(
        "/o/harbour/promises/attention/", {"promise_days": 0, "silent_days": 9}, follow=True
    )
    assert "Nothing was changed." in answer.text
    client_for(theo).post("/o/harbour/promises/attention/", {"promise_days": 30, "silent_days": 9})
    assert shown() == []
    assert client_for(mara).post("/o/harbour/promises/attention/", {}).status_code == 403


def test_it_is_written_down_and_decided_on_the_pages(kestrel, mara, rio, client_for):
    client = client_for(mara)
    base = f"/o/harbour/customers/{kestrel.pk}/"
    missing = client.post(f"{base}promises/new/", {"words": "", "seller": "Noor"})
    assert (missing.status_code, "Write down what was promised" in missing.text) == (422, True)
    made = client.post(
        f"{base}promises/new/",
        {"words": "Live <b>soon</b>", "seller": "Noor", "due_on": "2026-05-01", "message": "Live soon"},
        follow=True,
    )
    assert "Written down. Next: decide" in made.text
    promise = Promise.objects.get()
    page, act = f"/o/harbour/promises/{promise.pk}/", f"/o/harbour/promises/{promise.pk}/decision/"
    refused = client.post(act, {"decision": "declined", "why": ""})
    assert (refused.status_code, "Say why it is declined" in refused.text) == (422, True)
    client.post(act, {"decision": "renegotiated", "words": "Live in June", "due_on": "2026-06-01"})
    client.post(act, {"decision": "outcome", "words": "All depots in June."})
    assert "<del>Live &lt;b&gt;soon&lt;/b&gt;</del>" in client.get(page).text
    assert "All depots in June." in client.get(page).text
    client.post(act, {"decision": "not_kept", "why": "The scanner came late.", "on": "2026-03-11"})
    read = client_for(rio).get(page).text
    assert "The scanner came late." in read
    assert "promise_decision" not in read
    assert act not in read
    assert client.post(act, {"decision": "nonsense"}).status_code == 404
    assert "Live in June" in client.get(base).text
    assert "A promise, not kept" in client.get(f"{base}?show=promises").text
    figures = client.get("/o/harbour/promises/?seller=Noor")
    assert "cannot tell yet" in figures.text
    assert "Live in June" in figures.text
    assert "Live in June,Noor,Live soon" in client.get("/o/harbour/promises/?format=csv").getvalue().decode()


def test_a_file_brings_them_again_changes_what_nobody_decided_and_is_undone(
    in_harbour, kestrel, mara, theo, now
):
    assert bring(in_harbour, "promises", HEADER + LINE.format(theo.email), by=theo).counts == {"new": 1}
    promise = Promise.objects.get()
    assert (promise.member, promise.seller, promise.source, promise.who) == (theo, "", "crm", theo.name)
    assert bring(in_harbour, "promises", HEADER + LINE.format(theo.email)).counts == {"unchanged": 1}
    other = LINE.format("Noor Haddad").replace("before the peak", "in May")
    assert bring(in_harbour, "promises", HEADER + other).counts == {"changed": 1}
    assert (fresh(promise).who, fresh(promise).words) == ("Noor Haddad", "Live in May")
    promising.decline(promise=promise, why="No.", by=mara, now=now)
    kept = bring(in_harbour, "promises", HEADER + LINE.format("Somebody"))
    assert (kept.counts, fresh(promise).seller) == ({"kept": 1}, "Noor Haddad")
    assert "people here decided" in ends(kept)[2][1]
    bad = HEADER + LINE.format("Noor").replace("2026-05-01", "2026-01-01").replace("p1", "p2")
    assert bring(in_harbour, "promises", bad).counts == {"refused": 1}


def test_an_undo_takes_back_what_nobody_decided_and_leaves_the_rest(in_harbour, kestrel, mara, now):
    import_ = bring(
        in_harbour, "promises", HEADER + LINE.format("Noor") + LINE.format("Noor").replace("p1", "p2")
    )
    first, second = Promise.objects.order_by("id")
    promising.decline(promise=first, why="No.", by=mara, now=now)
    undo(in_harbour, import_)
    assert [row.pk for row in Promise.objects.standing()] == [first.pk]
    with pytest.raises(promising.NotPossible, match="undone"):
        promising.decline(promise=second, why="No.", by=mara, now=now)
