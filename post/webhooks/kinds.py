"""What other systems can be told. docs/reference/webhooks.md shows a body of each; a test compares."""

from typing import Any

from django.utils.translation import gettext_lazy as _

TEST = "test"

KINDS: dict[str, Any] = {
    "milestone.achieved": _("a milestone is reached"),
    "milestone.withdrawn": _("a milestone is not reached after all"),
    "outcome.verified": _("a customer confirms an outcome"),
    "outcome.contested": _("a customer contests an outcome"),
    "outcome.taken_back": _("a customer takes an answer back"),
    "celebration.posted": _("a celebration is put in the post"),
    "story.published": _("a story is published"),
    "story.withdrawn": _("a story may not be told any more"),
    "call.logged": _("a call is logged"),
    "referral.submitted": _("somebody was referred"),
    "referral.won": _("somebody who was referred became a customer"),
    "import.finished": _("an import is over"),
}

DAILY, WEEKLY = "digest.daily", "digest.weekly"
IN_CHANNELS: dict[str, Any] = {
    DAILY: _("the digest of the day, at 7:00"),
    WEEKLY: _("the digest of the week, on Mondays"),
    "milestone.achieved": KINDS["milestone.achieved"],
    "outcome.contested": KINDS["outcome.contested"],
}
"""What a chat channel can be told."""
