"""Links in mails: the token goes to the person, only its hash stays with us.

A token names its organisation and proves nothing else by itself: what it may do is the link's purpose.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.utils.http import base36_to_int, int_to_base36

from organisations import tenancy
from organisations.models import Organisation, User
from post import statements
from post.models import Link
from post.statements import NewLink

UNSUBSCRIBE = "[unsubscribe link]"  # in every mail, without asking for it
UNSUBSCRIBE_DAYS = 3 * 366
PATHS = {
    "confirm": "/c/{}/",
    "customer": "/c/{}/",
    "own": "/c/{}/",
    "outcome": "/c/{}/outcome/",
    "agreement": "/c/{}/milestone/",
    "resource": "/c/{}/resource/",
    "favour": "/c/{}/favour/",
    "story": "/c/{}/story/",
    "reply": "/c/{}/reply/",
    "unsubscribe": "/u/{}/",
    "digest": "/u/{}/",
    "invitation": "/accounts/invitation/{}/",
}


@dataclass(frozen=True)
class LinkSpec:
    """A link that a stored mail shows as `placeholder`; its token is made when the mail leaves."""

    placeholder: str
    purpose: str
    subject_id: int | None
    days: int


def draft(
    spec: LinkSpec,
    *,
    organisation: Organisation,
    address: str,
    now: datetime,
    by: User | None = None,
    is_demo: bool = False,
) -> NewLink:
    """A link with its token, not stored yet."""
    token = f"{int_to_base36(organisation.pk)}-{secrets.token_urlsafe(32)}"
    return NewLink(
        token=token,
        purpose=spec.purpose,
        subject_id=spec.subject_id,
        address=address,
        token_hash=_hash(token),
        made_at=now,
        expires_at=now + timedelta(days=spec.days),
        made_by_id=by.pk if by else None,
        is_demo=is_demo,
    )


def make(
    *,
    organisation: Organisation,
    purpose: str,
    subject_id: int | None,
    address: str,
    now: datetime,
    days: int,
    by: User | None = None,
    is_demo: bool = False,
) -> str:
    """A new link's token: `<organisation in base 36>-<43 characters>`. It cannot be shown again."""
    spec = LinkSpec("", purpose, subject_id, days)
    link = draft(spec, organisation=organisation, address=address, now=now, by=by, is_demo=is_demo)
    statements.keep([link], organisation_id=organisation.pk)
    return link.token


def find(token: str) -> tuple[Organisation, Link] | None:
    """The link a token opens, expired or not, and its organisation; None for anything we did not make.

    Use the link within that organisation. Unknown and malformed tokens take the same way.
    """
    prefix, _, secret = token.partition("-")
    try:
        organisation_id = base36_to_int(prefix.lower()) if secret else 0
    except ValueError:
        organisation_id = 0
    organisation = Organisation.objects.filter(pk=min(organisation_id, 2**63 - 1)).first()
    if organisation is None:
        return None
    with tenancy.within(organisation):
        link = Link.objects.filter(token_hash=_hash(token)).first()
    if link is None:
        return None
    link.organisation = organisation
    return organisation, link


def find_open(token: str, *, now: datetime) -> tuple[Organisation, Link] | None:
    """As `find`, for what still opens something; a link that ran out or was used up is as an unknown one."""
    found = find(token)
    return found if found is not None and found[1].is_open(now) else None


def url(purpose: str, token: str) -> str:
    """The address people open, absolute."""
    return f"{settings.BOSAI_URL}{PATHS[purpose].format(token)}"


def _hash(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
