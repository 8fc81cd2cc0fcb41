"""What the settings read from outside: flags, the key of this installation, the mail server's address."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured


def flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, str(default))
    if value not in ("True", "False"):
        raise ImproperlyConfigured(f"{name} must be True or False, not {value!r}")
    return value == "True"


def seconds(name: str, default: float) -> float:
    value = os.environ.get(name, str(default))
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise ImproperlyConfigured(f"{name} must be a number of seconds, not {value!r}")
    return number


def postgresql(url: str, *, is_owner: bool = False, connect_seconds: int = 10) -> dict[str, Any]:
    """A database of Django's settings. Queries run as the role behind the wall, unless it is the owner's."""
    database: dict[str, Any] = environ.Env.db_url_config(url)
    options = database.setdefault("OPTIONS", {})
    # a database that is gone must not keep probes and pages waiting for minutes
    options.setdefault("connect_timeout", connect_seconds)
    if not is_owner:
        options["assume_role"] = "bosai_app"
    return database | {"CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": None, "ATOMIC_REQUESTS": False}


def kept_secret(folder: Path) -> str:
    """The key of this installation: made once, readable by its owner only."""
    path = folder / "secret-key"
    try:
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(50))
        return path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"BOSAI_STATE must be a folder Bosai may write in: {error}") from error


def account_mailer(url: str, *, otherwise: Path) -> dict[str, Any]:
    """Django's mailer for what concerns a member's own account, such as a forgotten password.

    `smtp[s]://user:password@host:port`; without an address, mails are files in the folder `otherwise`.
    """
    if not url:
        return {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": otherwise},
        }
    parts = urlsplit(url)
    options = {
        "host": parts.hostname or "localhost",
        "port": parts.port or (465 if parts.scheme == "smtps" else 25),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": parts.scheme == "smtps",
        "use_tls": "starttls" in parts.query,
        "timeout": 30,
    }
    return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}
