"""All periodic work on one page.

Every task finds its own work, so running one twice or never is harmless. `expires` stays below the
interval: after a pause, missed rounds are not made up for.
"""

from typing import Any

HOUR = 3600.0  # seconds


def every(seconds: float, task: str) -> dict[str, Any]:
    return {"task": task, "schedule": seconds, "options": {"expires": seconds * 0.9}}


BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    # what is due leaves the house, also when the post loop stands still
    "dispatch": every(10, "post.tasks.dispatch"),
    # an import whose worker died goes on
    "resume imports": every(30, "office.tasks.resume_imports"),
    # digests of the day and the week, from 7:00 on each organisation's clock
    "send digests": every(300, "dashboards.tasks.send_digests"),
    # messages of journeys that became due
    "write messages": every(300, "milestones.tasks.write_messages"),
    # what customers said they would do by tomorrow
    "remind": every(300, "coaching.tasks.remind"),
    # champions whose mails come back, or of whom there is no sign
    "notice champions": every(HOUR, "coaching.tasks.notice_champions"),
    # calls with customers that came due today, on each organisation's clock
    "raise due calls": every(900, "dashboards.tasks.raise_due_calls"),
    # stories whose consent has run out are taken down within the minute; their pages are gone by then
    "expire stories": every(60, "advocacy.tasks.expire_stories"),
    # signals of growth: what was measured since
    "find growth": every(HOUR, "advocacy.tasks.find_growth"),
    # calendars of circles, introductions that cannot come about any more, their news once a month
    "tend circles": every(300, "advocacy.tasks.tend_circles"),
    # calls of webhooks that came to rest go after 30 days
    "sweep webhooks": every(6 * HOUR, "post.tasks.sweep_webhooks"),
    # events as they came go after 30 days
    "sweep events": every(6 * HOUR, "office.tasks.sweep_events"),
    # sessions and counted tries that are over go within the hour
    "sweep sign-in": every(HOUR, "organisations.tasks.sweep_sign_in"),
    # what was logged is sealed, and the head of each chain leaves the database
    "seal logs": every(HOUR, "organisations.tasks.seal_logs"),
    # answers kept in case a request is repeated go when they are a day old
    "sweep kept answers": every(HOUR, "office.tasks.sweep_kept_answers"),
    # uploaded files and staged rows go after 30 days
    "sweep imports": every(6 * HOUR, "office.tasks.sweep_imports"),
}
