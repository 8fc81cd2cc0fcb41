"""What events about stories and answers to celebrations are called, and which of them the timeline groups."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STORIES: tuple[Promise, tuple[str, ...]] = (
    _("Stories"),
    (
        "celebration_replied",
        "celebration_shared",
        "story_drafted",
        "story_edited",
        "story_interview_asked",
        "story_interview_answered",
        "story_review_asked",
        "story_changes_wanted",
        "story_consent_given",
        "story_consent_ended",
        "story_published",
        "story_down",
        "story_used",
        "story_use_ended",
    ),
)
OF_STORIES: dict[str, Promise] = {
    "celebration_replied": _("celebration answered"),
    "celebration_shared": _("card passed on"),
    "celebration_reply_seen": _("answer to a celebration read"),
    "story_drafted": _("story begun"),
    "story_edited": _("story changed"),
    "story_interview_asked": _("questions for a story sent"),
    "story_interview_answered": _("questions for a story answered"),
    "story_review_asked": _("asked whether a story may be told"),
    "story_changes_wanted": _("story wanted differently"),
    "story_consent_given": _("consent to a story given"),
    "story_consent_ended": _("consent to a story ended"),
    "story_published": _("story published"),
    "story_down": _("story taken down"),
    "story_used": _("story used outside"),
    "story_use_ended": _("use of a story taken down"),
}
