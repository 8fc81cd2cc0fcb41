"""What must hold before anything serves, each with the line to type.

`./run manage check --deploy --database default` shows all of it. Errors refuse the start (`bosai.starting`),
warnings are said and leave it to a person. The demo and laptops pass: what is dear is asked in public only.
"""

import ipaddress
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import NotSupportedError, OperationalError, ProgrammingError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from organisations import replicas, roles
from post import leases, smtp
from post.models import Installation

START = "start"  # before there are tables
SERVE = "serve"  # what has to be true of them as well
PAGES = "pages"  # for who shows pages
KEY_LENGTH = 50
KNOWN_KEYS = ("change-me", "changeme", "only-for-tests", "django-insecure", "secret-key")
SKEW_SECONDS = 5.0
REDIS_SECONDS = 2.0

type Check = Callable[..., list[CheckMessage]]


def _is_here(host: str) -> bool:
    """Whether only this machine reaches it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_public() -> bool:
    return not _is_here(settings.BIND)


@register(START, deploy=True)
def address(**_: Any) -> list[CheckMessage]:
    url = urlsplit(settings.BOSAI_URL)
    hint = "BOSAI_URL=https://success.example.com ./run up   (the address people type, with TLS in front)"
    if url.scheme not in ("http", "https") or not url.hostname:
        return [Error(f"BOSAI_URL is no address: {settings.BOSAI_URL!r}.", hint=hint, id="bosai.E001")]
    if not _is_public() or settings.ALLOW_HTTP or (url.scheme == "https" and not _is_here(url.hostname)):
        return []
    said = f"Bosai listens on {settings.BIND} for everybody, and BOSAI_URL is {settings.BOSAI_URL}: "
    if _is_here(url.hostname):
        return [Error(f"{said}links in mails would lead nowhere.", hint=hint, id="bosai.E002")]
    hint += "\nor, where passwords may cross the network in the clear: BOSAI_ALLOW_HTTP=True ./run up"
    return [Error(f"{said}passwords would cross the network in the clear.", hint=hint, id="bosai.E003")]


@register(START, deploy=True)
def secret_key(**_: Any) -> list[CheckMessage]:
    key = settings.SECRET_KEY
    if len(key) >= KEY_LENGTH and len(set(key)) > 5 and not any(known in key for known in KNOWN_KEYS):
        return []
    hint = (
        'BOSAI_SECRET_KEY=$(python3 -c "import secrets; print(secrets.token_urlsafe(50))")\n'
        "or leave it out: Bosai makes one and keeps it in BOSAI_STATE/secret-key"
    )
    return [Error("The secret key is short or known to everybody.", hint=hint, id="bosai.E004")]


@register(START, deploy=True)
def debug(**_: Any) -> list[CheckMessage]:
    if not settings.DEBUG or not (_is_public() or settings.IS_HTTPS):
        return []
    hint = "unset BOSAI_DEBUG"
    return [Error("BOSAI_DEBUG would show settings and code to everybody.", hint=hint, id="bosai.E005")]


@register(START, deploy=True)
def state_folder(**_: Any) -> list[CheckMessage]:
    try:
        with tempfile.TemporaryFile(dir=settings.STATE):
            return []
    except OSError as error:
        hint = f'sudo chown -R "$(id -un)" {settings.STATE}   (or another folder: BOSAI_STATE=…)'
        return [Error(f"Nothing can be written in BOSAI_STATE: {error}", hint=hint, id="bosai.E006")]


@register(START, deploy=True)
def lease(**_: Any) -> list[CheckMessage]:
    """An open send is called uncertain when its lease ends: not while the mail server may still answer."""
    longest = timedelta(seconds=2 * smtp.DATA_SECONDS)  # the body goes out, then the answer comes
    if longest < leases.SEND:
        return []
    said = f"A send's lease ({leases.SEND}) ends before its time-outs ({longest}): mails might go twice."
    return [Error(said, hint="raise post.leases.SEND above the time-outs in post.smtp", id="bosai.E007")]


@register(START, deploy=True)
def how_long_it_knows_mail_again(**_: Any) -> list[CheckMessage]:
    server = smtp.Server.configured()
    if server is None or "idempotent" not in urlsplit(settings.SMTP_URL).query or server.knows_again_for:
        return []
    hint = "SMTP_URL=smtps://…?idempotent=24h   (hours or minutes: 15m), or leave it out"
    return [Error("SMTP_URL does not say how long idempotent holds.", hint=hint, id="bosai.E015")]


@register(START, deploy=True)
def redis_keeps(**_: Any) -> list[CheckMessage]:
    """A Redis that evicts drops messages and queues; nothing is lost with them but time. Down is no fault."""
    if not settings.REDIS_URL:
        return []
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=REDIS_SECONDS) as client:
            policy = client.info("memory").get("maxmemory_policy", "noeviction")
    except redis.RedisError:
        return []
    if policy == "noeviction":
        return []
    hint = "redis-cli config set maxmemory-policy noeviction   (managed: in its parameter group)"
    return [Warning(f"Redis throws messages away when full ({policy}).", hint=hint, id="bosai.W001")]


@register(START, Tags.database, deploy=True)
def database_version(**_: Any) -> list[CheckMessage]:
    try:
        connection.check_database_version_supported()
    except NotSupportedError as error:
        hint = {
            "postgresql": "pg_upgradecluster, or a newer image: DATABASE_URL=postgres://… of PostgreSQL 15+",
            "sqlite": "use a newer Python: BOSAI_PYTHON=/path/to/python3.13 ./run up",
        }[connection.vendor]
        return [Error(str(error), hint=hint, id="bosai.E008")]
    return []


@register(START, Tags.database, deploy=True)
def clocks_agree(**_: Any) -> list[CheckMessage]:
    """Leases end by the database's clock, everything else goes by this machine's."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        before = time.time()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        apart = float(cursor.fetchone()[0]) - (before + time.time()) / 2
    if abs(apart) < SKEW_SECONDS:
        return []
    hint = "timedatectl set-ntp true   (on both machines)"
    said = f"The database's clock is {apart:+.0f} s from this machine's."
    return [Warning(said, hint=hint, id="bosai.W002")]


@register(SERVE, Tags.database, deploy=True)
def role(**_: Any) -> list[CheckMessage]:
    try:
        roles.refuse_unsafe()
    except roles.UnsafeRole as error:
        said, _nl, hint = str(error).partition("\n")
        return [Error(said, hint=hint, id="bosai.E009")]
    return []


@register(SERVE, Tags.database, deploy=True)
def login(**_: Any) -> list[CheckMessage]:
    """Queries run as bosai_app; who signed in could still take that off again."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = session_user")
        name, is_above = cursor.fetchone()
    if not is_above:
        return []
    hint = "sh deploy/postgres-init.sh   (makes a login that may do nothing else; then DATABASE_URL=that)"
    said = f"DATABASE_URL signs in as {name}, whom no wall holds: one RESET ROLE would open every one."
    return [Warning(said, hint=hint, id="bosai.W003")]


@register(START, deploy=True)
def replica_has_a_primary(**_: Any) -> list[CheckMessage]:
    if not settings.DATABASE_REPLICA_URL or connection.vendor == "postgresql":
        return []
    hint = "DATABASE_URL=postgres://…   (of its primary), or unset DATABASE_REPLICA_URL"
    return [Error("DATABASE_REPLICA_URL is set, and the database is SQLite.", hint=hint, id="bosai.E012")]


@register(SERVE, Tags.database, deploy=True)
def replica(**_: Any) -> list[CheckMessage]:
    """A wrong one would show other people's rows; one that is away or late is only not read."""
    if not replicas.is_set_up():
        return []
    try:
        roles.refuse_unsafe(replicas.REPLICA)
        with connections[replicas.REPLICA].cursor() as cursor:
            cursor.execute("SELECT key FROM post_installation")
            keys: list[Any] | None = cursor.fetchall()
    except roles.UnsafeRole as error:
        said, _nl, hint = str(error).partition("\n")
        return [Error(f"On the replica: {said}", hint=hint, id="bosai.E013")]
    except OperationalError as error:
        hint = "psql $DATABASE_REPLICA_URL -c 'SELECT pg_is_in_recovery()'"
        said = f"The replica does not answer, everything is read from the primary: {str(error).strip()}"
        return [Warning(said, hint=hint, id="bosai.W004")]
    except ProgrammingError:
        keys = None
    if keys == list(Installation.objects.values_list("key")):
        return _standing()
    said = "DATABASE_REPLICA_URL leads to another database than DATABASE_URL: other rows would be shown."
    hint = "DATABASE_REPLICA_URL=postgres://…   (a streaming replica of DATABASE_URL), or unset it"
    return [Error(said, hint=hint, id="bosai.E014")]


def _standing() -> list[CheckMessage]:
    if replicas.standing().why_not != replicas.NO_REPLICA:
        return []
    said = "DATABASE_REPLICA_URL leads to a server that follows no primary, so it is never read."
    hint = "pg_basebackup -R -D … -d $DATABASE_URL   (makes one; see docs/guides/deploying.md), or unset it"
    return [Warning(said, hint=hint, id="bosai.W005")]


@register(SERVE, Tags.database, deploy=True)
def migrated(**_: Any) -> list[CheckMessage]:
    """Tables may be ahead of the code, never behind: new columns first, then the code that reads them."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not missing:
        return []
    said = f"The database is {len(missing)} migrations behind the code, beginning with {missing[0][0]}."
    return [Error(said, hint="./run manage migrate && ./run manage roles", id="bosai.E010")]


@register(PAGES, deploy=True)
def static_files(**_: Any) -> list[CheckMessage]:
    if not isinstance(staticfiles_storage, ManifestFilesMixin) or staticfiles_storage.read_manifest():
        return []
    hint = "./run manage collectstatic --no-input"
    return [Error(f"No files are collected in {settings.STATIC_ROOT}.", hint=hint, id="bosai.E011")]
