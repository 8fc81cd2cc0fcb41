"""How the processes of this installation are doing: loop, worker, beat, broker, clock."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.status.lines import BAD, GOOD, PLAIN, WARN, Line
from organisations import replicas
from organisations.models import Event, Seal
from organisations.sets import as_read
from post import beating
from post.models import Heartbeat

CLOCKS_AGREE = timedelta(seconds=5)
SEALED_WITHIN = timedelta(days=1)
CLOCK = {
    "sqlite": "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')",
    "postgresql": "SELECT clock_timestamp()",
}
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class Machine:
    """Read once, with one question about heartbeats and one about the clock."""

    def __init__(self, *, now: datetime) -> None:
        self.now = now
        self.beats = beating.beats(now=now)

    def lines(self) -> list[Line]:
        heard = [self._loop(), self._worker(), self._beat(), self._broker()]
        replica = [self._replica()] if replicas.is_set_up() else []
        return [*heard, *replica, self._seals(), self._clock(), self._version()]

    def _loop(self) -> Line:
        do = _("Start it again where Bosai runs: ./run up, or ./run manage post. Mails wait until then.")
        return self._heard(Heartbeat.Name.POST, _("Post loop: sends the mails"), BAD, do)

    def _worker(self) -> Line:
        do = _("Imports go on in the post loop, one at a time. Start the worker again where Bosai runs.")
        if self.beats.is_silent("beat"):
            do = _("It is called by beat, which is silent as well: start both again where Bosai runs.")
        return self._heard(Heartbeat.Name.WORKER, _("Worker: imports"), WARN, do)

    def _beat(self) -> Line:
        do = _("Tidying up and sealing the log wait for it. Start it again where Bosai runs.")
        return self._heard(Heartbeat.Name.BEAT, _("Beat: the clock of periodic work"), WARN, do)

    def _broker(self) -> Line:
        kind = _("Redis") if settings.REDIS_URL else _("a folder, no Redis needed")
        do = _("It only wakes work earlier: mails still go within seconds. Look after it when you can.")
        return self._heard(Heartbeat.Name.BROKER, _("Broker: %(kind)s") % {"kind": kind}, WARN, do)

    def _heard(self, name: Heartbeat.Name, about: str, look: str, do: str) -> Line:
        at = self.beats.at.get(name)
        if not self.beats.is_silent(name):
            return Line(about, GOOD, _("last heard"), at=at)
        return Line(about, look, _("silent since") if at else _("never heard"), at=at, do=do)

    def _replica(self) -> Line:
        """It is asked anew: a page of figures may have left it alone a moment ago."""
        about, found = _("Replica: reads for figures"), replicas.standing()
        do = _("Figures are read from the primary meanwhile. Look after it when you can.")
        wrong = {
            replicas.UNREACHABLE: _("does not answer"),
            replicas.NO_REPLICA: _("is no replica (any more)"),
            replicas.UNKNOWN: _("has not said yet how far it is"),
        }
        if words := wrong.get(found.why_not):
            return Line(about, WARN, words, do=do)
        seconds = round(found.age or 0)
        words = ngettext("%(n)s second behind", "%(n)s seconds behind", seconds) % {"n": seconds}
        return Line(about, WARN, words, do=do) if found.why_not else Line(about, GOOD, words)

    def _seals(self) -> Line:
        about, last = _("Log: sealed, so that changes are found"), Seal.objects.newest()
        do = _("Beat and the worker seal it once an hour: start them again where Bosai runs.")
        if last is None:
            return Line(about, PLAIN, _("not yet: it is sealed once an hour"))
        waits = Event.objects.filter(pk__gt=last.last_id).order_by("pk").first()
        words = _("seal %(number)s") % {"number": last.number}
        if waits is not None and self.now - waits.recorded_at > SEALED_WITHIN:
            return Line(about, WARN, words, at=last.sealed_at, do=do)
        return Line(about, GOOD, words, at=last.sealed_at, do=_("Its head: %(head)s") % {"head": last.head})

    def _clock(self) -> Line:
        with connection.cursor() as cursor:
            cursor.execute(CLOCK[connection.vendor])
            database = as_read(cursor.fetchone()[0])
        apart = abs(database - self.now)
        if apart <= CLOCKS_AGREE:
            return Line(_("Clock"), GOOD, _("this machine and the database agree"))
        seconds = round(apart.total_seconds())
        words = ngettext("%(n)s second apart", "%(n)s seconds apart", seconds) % {"n": seconds}
        do = _("Set both by the same time server: due dates follow this machine, leases the database.")
        return Line(_("Clock"), WARN, words, do=do)

    def _version(self) -> Line:
        said = {"version": settings.VERSION, "database": DATABASES[connection.vendor]}
        return Line(_("Version"), PLAIN, _("Bosai %(version)s on %(database)s") % said)
