"""Which contests hold, and who waits for whom. Worked out from the answers that stand, never remembered."""

from milestones.models import Ask, Enrolment, Verdict
from milestones.models.progress import VerdictQuerySet


def hold(enrolment: Enrolment) -> Enrolment:
    """One answer at a time for an enrolment: wait for whoever is at it, and read it afresh."""
    return (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("organisation", "customer")
        .get(pk=enrolment.pk)
    )


def answers(enrolment: Enrolment, key: str) -> VerdictQuerySet:
    """The standing answers about one milestone, oldest first."""
    rows: VerdictQuerySet = (
        Verdict.objects.standing()
        .filter(enrolment=enrolment, milestone_key=key)
        .select_related("ask", "contact")
        .order_by("at", "id")
    )
    return rows


def newest_of(ask: Ask) -> Verdict | None:
    """The newest standing answer of the person asked, about the milestone asked about."""
    return answers(ask.enrolment, ask.milestone.key).filter(contact_id=ask.contact_id).last()


def settle(enrolment: Enrolment, key: str) -> None:
    """Write on every contest when it was settled, or that it holds."""
    standing = list(answers(enrolment, key))
    for contest in standing:
        if contest.is_confirmation:
            continue
        by = next((yes for yes in standing if _settles(yes, contest)), None)
        settled_at = by.at if by else None
        if contest.settled_at != settled_at:
            contest.settled_at = settled_at
            contest.save(update_fields=["settled_at"])


def _settles(yes: Verdict, contest: Verdict) -> bool:
    if not yes.is_confirmation or (yes.at, yes.pk) <= (contest.at, contest.pk):
        return False
    if yes.contact_id is not None and yes.contact_id == contest.contact_id:
        return True
    return yes.ask is not None and yes.ask.asked_at > contest.at
