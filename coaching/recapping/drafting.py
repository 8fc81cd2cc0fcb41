"""A recap's first words, and keeping it as it is edited."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from coaching.alone import alone_with
from coaching.models import Call, Commitment, Recap, Sending
from organisations.models import User
from ui.moments import full_date


@dataclass(frozen=True)
class Draft:
    subject: str
    body: str
    """Markdown."""


def draft_of(call: Call) -> Draft:
    """From the call's record: what they want, their words, who does what by when, what was sent.

    In the customer's language as far as we know it: the organisation's.
    """
    organisation = call.organisation
    with translation.override(organisation.language), timezone.override(organisation.tzinfo):
        day = full_date(timezone.localtime(call.held_at).date())
        parts = [
            _("Thank you for the call on %(day)s. This is what I took from it.") % {"day": day},
            _quoted(_("What you want to reach"), call.goal),
            _quoted(_("Where it stands"), call.reality),
            _quoted(_("What you could do"), call.options),
            _quoted(_("In your words"), call.words),
            _listed(_("What we agreed"), [_line(one) for one in _agreed(call)]),
            _listed(_("What I sent you"), _sent(call)),
            _("Did I get something wrong? Answer this mail, and I put it right."),
        ]
        subject = _("What we agreed on %(day)s") % {"day": day}
    return Draft(subject, "\n\n".join(part for part in parts if part))


def begin(*, call: Call, by: User, now: datetime) -> Recap:
    """Keep the first draft. There is one recap of a call; one that is begun stays as it is."""
    with transaction.atomic():
        alone_with(call.customer)
        found = Recap.objects.filter(call=call).first()
        if found is None:
            draft = draft_of(call)
            found = Recap(organisation_id=call.organisation_id, call=call, begun_at=now)
            found.subject, found.body, found.saved_at, found.saved_by = draft.subject, draft.body, now, by
            found.save(force_insert=True)
    return found


def keep(*, call: Call, draft: Draft, by: User, now: datetime) -> Recap:
    """As it was edited."""
    with transaction.atomic():
        recap = begin(call=call, by=by, now=now)
        recap.subject, recap.body = draft.subject.strip(), draft.body.strip()
        recap.saved_at, recap.saved_by = now, by
        recap.save(update_fields=["subject", "body", "saved_at", "saved_by"])
    return recap


def drop(*, call: Call) -> bool:
    """Throw it away. False when it went to somebody already: what was sent stays written."""
    with transaction.atomic():
        alone_with(call.customer)
        gone, _rows = Recap.objects.filter(call=call, sent_at=None).delete()
    return bool(gone)


def _agreed(call: Call) -> list[Commitment]:
    return list(Commitment.objects.filter(call=call).with_owners().order_by("id"))


def _line(commitment: Commitment) -> str:
    said = {
        "who": commitment.owner_name,
        "when": commitment.when.rstrip(". ,"),
        "will": commitment.will.rstrip(". "),
        "day": full_date(commitment.due_on) if commitment.due_on else "",
    }
    if said["when"]:
        words = _("**%(who)s**: when %(when)s, %(will)s") % said
    else:
        words = _("**%(who)s**: %(will)s") % said
    return words + (_(", by %(day)s") % said if said["day"] else "")


def _sent(call: Call) -> list[str]:
    rows = Sending.objects.filter(call=call).select_related("edition").order_by("id")
    return list(dict.fromkeys(sending.edition.title for sending in rows))


def _quoted(heading: str, words: str) -> str:
    lines = [f"> {line}" if line.strip() else ">" for line in words.strip().splitlines()]
    return "\n".join([f"**{heading}**", "", *lines]) if lines else ""


def _listed(heading: str, lines: list[str]) -> str:
    return "\n".join([f"**{heading}**", "", *(f"- {line}" for line in lines)]) if lines else ""
