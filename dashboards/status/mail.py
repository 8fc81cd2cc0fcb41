"""How the mail of the current organisation is doing."""

from datetime import datetime
from functools import cached_property

from django.db.models import Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.status.lines import BAD, GOOD, PLAIN, WARN, Line
from post import guarding
from post.models import Delivery, Hold
from post.outbox import COUNTED
from post.sights import obstacle

State = Delivery.State


class MailState:
    @cached_property
    def hold(self) -> Hold | None:
        return guarding.current_hold()

    @cached_property
    def held(self) -> int:
        return guarding.held_count()

    def lines(self, *, now: datetime) -> list[Line]:
        return [self._server(), self._accepted(), self._waiting(now), self._refused(), self._uncertain()]

    def _server(self) -> Line:
        about = _("Mail server")
        if self.hold:
            return Line(about, BAD, _("nothing leaves: mail is held"))
        found = {
            "": Line(about, GOOD, _("set up")),
            "demo": Line(about, PLAIN, _("none: in the demo mails stay here")),
            "server": Line(
                about, WARN, _("none: mails wait in the outbox"), do=_("Set SMTP_URL and start again.")
            ),
            "sender": Line(
                about, BAD, _("the sender’s address is none"), do=_("Set MAIL_FROM and start again.")
            ),
        }
        return found[obstacle()]

    def _accepted(self) -> Line:
        sent = Delivery.objects.filter(state=State.SENT).newest_first()[:100]
        at = max((row.sent_at for row in sent.only("sent_at") if row.sent_at), default=None)
        return Line(_("Last mail taken"), PLAIN, "" if at else _("none yet"), at=at)

    def _waiting(self, now: datetime) -> Line:
        """What is due: a celebration in its hold or a mail for tomorrow is not waiting for us."""
        due = Delivery.objects.filter(state__in=[State.PENDING, State.SENDING], due_at__lte=now)
        count = _count(due)
        if not count:
            return Line(_("Waiting to go"), GOOD, _("none"))
        oldest = due.aggregate(oldest=Min("created_at"))["oldest"]
        words = ngettext("%(n)s mail, the oldest written", "%(n)s mails, the oldest written", count)
        is_old = (now - oldest).total_seconds() > 600
        return Line(_("Waiting to go"), WARN if is_old else PLAIN, words % {"n": _capped(count)}, at=oldest)

    def _refused(self) -> Line:
        count = _count(Delivery.objects.filter(state=State.FAILED))
        words = _capped(count) if count else _("none")
        return Line(
            _("Refused"), WARN if count else GOOD, words, do=_("The outbox says why.") if count else ""
        )

    def _uncertain(self) -> Line:
        count = _count(Delivery.objects.filter(state=State.UNCERTAIN))
        words = _capped(count) if count else _("none")
        do = _("Say in the outbox whether they arrived.") if count else ""
        return Line(_("Uncertain"), WARN if count else GOOD, words, do=do)


def _count(rows: object) -> int:
    """Up to COUNTED + 1: nobody needs more, and counting a million rows takes a while."""
    return int(rows.order_by().values("pk")[: COUNTED + 1].count())  # type: ignore[attr-defined]


def _capped(count: int) -> str:
    return str(count) if count <= COUNTED else f"{COUNTED}+"
