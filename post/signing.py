"""Signatures as Standard Webhooks has them, and secrets kept so that they can sign and a stolen copy cannot.

A secret is shown once, when it is made. In the database it is encrypted under BOSAI_SECRET_KEY.
"""

import base64
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes
from django.utils.translation import gettext as _

PREFIX = "whsec_"


class SecretLost(Exception):
    """It was encrypted under a key that is not ours any more. Make a new one."""


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sealed(secret: str) -> str:
    """As the database keeps it."""
    return _cipher(*_keys()).encrypt(secret.encode()).decode()


def opened(stored: str) -> str:
    """The secret itself. Raises SecretLost."""
    try:
        return _cipher(*_keys()).decrypt(stored.encode()).decode()
    except InvalidToken:
        raise SecretLost(
            _("Its secret cannot be read: BOSAI_SECRET_KEY was changed. Make a new secret.")
        ) from None


def headers(message_id: str, body: bytes, *, secrets: Iterable[str], at: datetime) -> dict[str, str]:
    """The three headers of a call; one signature for each secret that is good at this moment."""
    timestamp = str(int(at.timestamp()))
    signed = b".".join([message_id.encode(), timestamp.encode(), body])
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(secret, signed) for secret in secrets),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()


def _keys() -> list[str | bytes]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


@cache
def _cipher(*keys: str | bytes) -> MultiFernet:
    digests = [sha256(b"post.signing:" + force_bytes(key)).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
