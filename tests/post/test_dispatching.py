import socket
from datetime import timedelta

from django.db import OperationalError

from organisations import tenancy
from post import dispatching, leases, smtp, statements
from post.models import Delivery
from tests import factories
from tests.post.conftest import again, due, events, let_leases_run_out, post_one

State = Delivery.State


def test_it_sends_what_is_due_once(harbour, now, post_to, mail_server):
    delivery = post_to()
    assert dispatching.dispatch(now=now) == 1
    assert dispatching.dispatch(now=now) == 0
    [mail] = mail_server.mails()
    delivery = again(delivery)
    assert delivery.state == State.SENT
    assert delivery.reason == "250 kept"
    assert now <= delivery.sent_at < now + timedelta(seconds=30)
    assert (delivery.lease_token, delivery.lease_until) == (None, None)
    assert events(harbour) == ["mail_sent"]
    assert due(harbour) == []
    assert mail.sender == "bosai@harbour.example"
    assert mail.to == ["nadia@customer.example"]
    assert str(mail.message["From"]) == "Harbour Analytics <bosai@harbour.example>"
    assert mail.message["Message-ID"] == delivery.message_id
    assert not mail.message.defects


def test_it_waits_for_what_is_not_due(now, post_to, mail_server):
    post_to(due_at=now + timedelta(hours=1))
    assert dispatching.dispatch(now=now) == 0
    assert dispatching.dispatch(now=now + timedelta(hours=1)) == 1


def test_it_touches_nothing_without_a_mail_server(now, post_to, settings):
    settings.SMTP_URL = ""
    delivery = post_to()
    assert dispatching.dispatch(now=now) == 0
    delivery = again(delivery)
    assert (delivery.state, delivery.reason) == (State.PENDING, "no mail server is set up")
    assert delivery.attempts == 0


def test_it_goes_on_after_a_lost_answer(harbour, now, post_to, mail_server):
    mail_server.misbehave(lose_reply=0.3)
    for number in range(40):
        post_to(subject_key=f"celebration:{number}")
    dispatching.dispatch(now=now)
    with tenancy.within(harbour):
        states = sorted(Delivery.objects.values_list("state", flat=True))
    assert set(states) == {State.SENT, State.UNCERTAIN}
    assert mail_server.count() == 40


def test_it_calls_a_send_uncertain_when_its_lease_has_run_out(harbour, now, post_to, mail_server):
    delivery = post_to()
    with tenancy.within(harbour):
        [claimed] = leases.claim(harbour, limit=5, now=now)
        until = leases.in_database_time(leases.SEND)
        assert leases.write(claimed, expected=State.PENDING, state=State.SENDING, lease_until=until)
    dispatching.dispatch(now=now)
    assert again(delivery).state == State.SENDING
    let_leases_run_out(harbour)
    dispatching.dispatch(now=now)
    assert again(delivery).state == State.UNCERTAIN
    assert events(harbour) == ["mail_uncertain"]
    assert mail_server.mails() == []


def test_it_claims_again_what_was_claimed_and_left(harbour, now, post_to, mail_server):
    post_to()
    with tenancy.within(harbour):
        assert len(leases.claim(harbour, limit=5, now=now)) == 1
    assert dispatching.dispatch(now=now) == 0
    let_leases_run_out(harbour)
    assert dispatching.dispatch(now=now) == 1


def test_an_address_that_fits_on_no_envelope_fails_and_holds_up_nobody(harbour, now, post_to, mail_server):
    broken = post_to(address="ok@customer.example")
    with tenancy.within(harbour):
        Delivery.objects.update(address="a b@customer.example\r\nRCPT TO:<evil@evil.example>")
    post_to(subject_key="celebration:2")
    assert dispatching.dispatch(now=now) == 1
    assert again(broken).state == State.FAILED
    assert [mail.to for mail in mail_server.mails()] == [["nadia@customer.example"]]


def test_a_row_that_cannot_be_built_holds_up_nobody(harbour, now, post_to, mail_server, caplog):
    broken = post_to(subject_key="celebration:1")
    with tenancy.within(harbour):
        Delivery.objects.update(links=[{"no": "link"}])
    post_to(subject_key="celebration:2")
    assert dispatching.dispatch(now=now) == 1
    broken = again(broken)
    assert broken.state == State.PENDING
    assert "could not be sent" in broken.reason
    assert broken.due_at > now
    assert mail_server.count() == 1


def test_an_unreachable_server_leaves_everything_for_later(harbour, now, post_to, settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        settings.SMTP_URL = f"smtp://127.0.0.1:{taken.getsockname()[1]}"
        delivery, other = post_to(subject_key="a:1"), post_to(subject_key="a:2")
        assert dispatching.dispatch(now=now) == 0
    rows = again(delivery), again(other)
    assert [row.state for row in rows] == [State.PENDING, State.PENDING]
    assert [row.attempts for row in rows] == [0, 0]
    assert "refused" in rows[0].reason
    assert {row.lease_token for row in rows} == {None}


def test_the_demo_never_calls_another_machine(now, post_to, settings):
    settings.SMTP_URL = "smtp://192.0.2.1:25"
    settings.DEMO = True
    delivery = post_to()
    assert dispatching.dispatch(now=now) == 0
    assert again(delivery).reason == "the demo sends to this machine only"


def test_a_silent_server_holds_up_only_who_it_is_silent_to(
    harbour, rival, now, post_to, mail_server, monkeypatch
):
    monkeypatch.setattr(smtp, "DATA_SECONDS", 0.3)
    monkeypatch.setattr(dispatching.random, "shuffle", lambda rows: rows.sort(key=lambda o: o.slug))
    stuck = [post_to(subject_key=f"a:{n}") for n in range(3)]
    hand_over = smtp.Conversation.hand_over

    def hangs_for_harbour(self, message, **meanwhile):
        harbours = b"harbour-mail" in message
        mail_server.misbehave(hang=int(harbours), hang_seconds=60)
        return hand_over(self, message, **meanwhile)

    monkeypatch.setattr(smtp.Conversation, "hand_over", hangs_for_harbour)
    with tenancy.within(harbour):
        Delivery.objects.update(text="harbour-mail")
    fine = [post_one(rival, now, subject_key=f"b:{n}") for n in range(3)]
    assert dispatching.dispatch(now=now) == 3
    assert [again(row).state for row in stuck] == [State.UNCERTAIN, State.PENDING, State.PENDING]
    assert [again(row).lease_token for row in stuck] == [None, None, None]
    assert {again(row).state for row in fine} == {State.SENT}


def test_it_stops_between_two_mails_and_gives_the_rest_back(harbour, now, post_to, mail_server):
    rows = [post_to(subject_key=f"a:{n}") for n in range(5)]
    assert dispatching.dispatch(now=now, stopping=lambda: mail_server.count() >= 2) == 2
    assert mail_server.count() == 2
    assert [again(row).state for row in rows].count(State.PENDING) == 3
    assert {again(row).lease_token for row in rows} == {None}
    assert dispatching.dispatch(now=now) == 3


def test_organisations_send_under_their_own_names(harbour, rival, now, mail_server):
    ours, theirs = post_one(harbour, now), post_one(rival, now)
    assert dispatching.dispatch(now=now) == 2
    names = {mail.message["From"].addresses[0].display_name for mail in mail_server.mails()}
    assert names == {"Harbour Analytics", "Rival Reports"}
    assert {again(ours).state, again(theirs).state} == {State.SENT}
    assert ours.recipient_id != theirs.recipient_id
    assert events(harbour) == events(rival) == ["mail_sent"]


def test_a_server_that_does_not_let_us_in_is_left_alone_for_a_while(now, post_to, settings, monkeypatch):
    settings.SMTP_URL = "smtp://user:wrong@127.0.0.1:9"
    opened = []

    def refuses(self):
        opened.append(self.server)
        raise smtp.DeniedError("535 5.7.8 authentication failed")

    monkeypatch.setattr(smtp.Conversation, "_open", refuses)
    delivery = post_to()
    for _ in range(3):
        assert dispatching.dispatch(now=again(delivery).due_at) == 0
    assert len(opened) == 1
    assert again(delivery).reason == "535 5.7.8 authentication failed"
    settings.SMTP_URL = "smtp://user:right@127.0.0.1:9"
    dispatching.dispatch(now=again(delivery).due_at)
    assert len(opened) == 2


def test_a_database_that_fails_ends_the_round_and_loses_nothing(
    harbour, now, post_to, mail_server, monkeypatch, caplog
):
    rows = [post_to(subject_key=f"a:{number}") for number in range(3)]
    begin = statements.begin_if_nothing_speaks_against

    def is_gone(delivery, links, **given):
        if delivery.pk == rows[1].pk:
            raise OperationalError("server closed the connection")
        return begin(delivery, links, **given)

    monkeypatch.setattr(statements, "begin_if_nothing_speaks_against", is_gone)
    assert dispatching.dispatch(now=now) == 1
    assert [again(row).state for row in rows] == [State.SENT, State.PENDING, State.PENDING]
    assert "the database failed" in caplog.text
    monkeypatch.setattr(statements, "begin_if_nothing_speaks_against", begin)
    let_leases_run_out(harbour)
    assert dispatching.dispatch(now=now) == 2
    assert mail_server.count() == 3


def test_a_round_that_took_long_leaves_the_rest_to_the_next(now, post_to, mail_server, monkeypatch):
    """So that nobody waits for what a later look would bring: new mails, a stop, another organisation."""
    monkeypatch.setattr(dispatching, "TURN", 2)
    monkeypatch.setattr(dispatching, "ROUND_SECONDS", 0.0)
    for number in range(5):
        post_to(subject_key=f"a:{number}")
    assert [dispatching.dispatch(now=now) for _ in range(4)] == [2, 2, 1, 0]
    monkeypatch.setattr(dispatching, "ROUND_SECONDS", 60.0)
    for number in range(5):
        post_to(subject_key=f"b:{number}")
    assert dispatching.dispatch(now=now) == 5


def test_one_organisations_trouble_is_not_anothers(
    harbour, rival, now, post_to, mail_server, monkeypatch, caplog
):
    ours, theirs = post_to(), post_one(rival, now)
    claim = leases.claim

    def broken_for_harbour(organisation, **given):
        if organisation == harbour:
            raise RuntimeError("a table is broken")
        return claim(organisation, **given)

    monkeypatch.setattr(leases, "claim", broken_for_harbour)
    assert dispatching.dispatch(now=now) == 1
    assert (again(ours).state, again(theirs).state) == (State.PENDING, State.SENT)
    assert "dispatching for harbour failed" in caplog.text


def test_nobody_elses_mail_is_tried_when_there_is_no_server_to_talk_to(rival, now, post_to, settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.SMTP_URL = f"smtp://127.0.0.1:{taken.getsockname()[1]}"
        rows = [post_to(), post_one(rival, now)]
        assert dispatching.dispatch(now=now) == 0
    said = sorted(again(row).reason for row in rows)
    assert said[0] == ""
    assert "refused" in said[1]


def test_servers_that_keep_silent_to_three_organisations_end_the_round(
    now, post_to, mail_server, monkeypatch
):
    """Then it is the server: a fourth would wait a minute for nothing."""
    monkeypatch.setattr(smtp, "DATA_SECONDS", 0.2)
    mail_server.misbehave(hang=1, hang_seconds=30)
    rows = [post_one(factories.make_organisation(slug=f"o{n}", name=f"O{n}"), now) for n in range(5)]
    dispatching.dispatch(now=now)
    states = [again(row).state for row in rows]
    assert (states.count(State.UNCERTAIN), states.count(State.PENDING)) == (3, 2)
