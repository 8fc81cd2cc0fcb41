import smtplib

import pytest

from tests.services.smtp_sink import SmtpSink

MAIL = b"Subject: Five stones\r\n\r\nHello Nadia.\r\n"


def send(sink: SmtpSink) -> None:
    with smtplib.SMTP("127.0.0.1", sink.port, timeout=5) as client:
        client.sendmail("mara@harbour.example", ["nadia@customer.example"], MAIL)


def test_it_keeps_what_arrives(smtp_sink):
    send(smtp_sink)
    [mail] = smtp_sink.wait_for(1)
    assert (mail.sender, mail.to) == ("mara@harbour.example", ["nadia@customer.example"])
    assert (mail.subject, mail.text.strip()) == ("Five stones", "Hello Nadia.")


@pytest.mark.parametrize(
    ("behaviour", "answer"),
    [
        ("refuse_mail", smtplib.SMTPSenderRefused),
        ("refuse_rcpt", smtplib.SMTPRecipientsRefused),
        ("refuse_data", smtplib.SMTPDataError),
        ("drop_at_mail", smtplib.SMTPServerDisconnected),
    ],
)
def test_it_fails_as_asked_and_keeps_nothing(smtp_sink, behaviour, answer):
    smtp_sink.misbehave(**{behaviour: 1})
    with pytest.raises(answer):
        send(smtp_sink)
    assert smtp_sink.mails() == []


def test_it_keeps_the_mail_whose_reply_it_loses(smtp_sink):
    smtp_sink.misbehave(lose_reply=1)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(smtp_sink)
    assert smtp_sink.count() == 1


def test_it_hangs_as_long_as_asked(smtp_sink):
    smtp_sink.misbehave(hang=1, hang_seconds=60)
    with (
        pytest.raises(smtplib.SMTPServerDisconnected),
        smtplib.SMTP("127.0.0.1", smtp_sink.port, timeout=0.5) as client,
    ):
        client.sendmail("mara@harbour.example", ["nadia@customer.example"], MAIL)
    assert smtp_sink.mails() == []


def test_it_comes_back_after_a_kill_with_what_it_had(smtp_sink):
    send(smtp_sink)
    smtp_sink.kill()
    with pytest.raises(ConnectionRefusedError):
        send(smtp_sink)
    smtp_sink.start()
    send(smtp_sink)
    assert smtp_sink.count() == 2
