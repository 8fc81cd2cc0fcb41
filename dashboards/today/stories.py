"""Lines about what celebrations and stories bring: answers to read, stories to go on with, uses to end."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from advocacy.models import CelebrationReply, Story, StoryAsk, StoryUse
from dashboards.today import links
from dashboards.today.lines import Action, Group, Kind, Line
from dashboards.today.scope import Scope


def to_take_down(scope: Scope) -> Group:
    """Where a story is still used that may not be told any more."""
    rows = (
        StoryUse.objects.to_take_down()
        .filter(scope.customers("story__customer"))
        .select_related("story__customer__owner")
        .order_by("story__down_at", "id")
    )
    cut = scope.cut(rows)
    lines = [
        Line(
            kind=Kind.TAKE_DOWN,
            when=_("Take down"),
            is_bad=True,
            customer=use.story.customer,
            why=_("“%(story)s” may not be told any more, and is used at: %(place)s.")
            % {"story": use.story.title, "place": use.place},
            action=_open_story(scope, use.story),
        )
        for use in cut.rows
    ]
    return Group(Kind.TAKE_DOWN, lines, cut)


def replies(scope: Scope) -> Group:
    """What somebody said back to a celebration, until somebody here has read it."""
    rows = (
        CelebrationReply.objects.unseen()
        .filter(scope.customers("celebration__enrolment__customer"))
        .select_related("celebration__enrolment__customer__owner", "celebration__milestone", "contact")
        .order_by("replied_at", "id")
    )
    cut = scope.cut(rows)
    return Group(Kind.REPLY, [_reply(scope, row) for row in cut.rows], cut)


def stories(scope: Scope) -> Group:
    """Stories whose next step is ours: agreed and not published, or answered and not written on."""
    answered = StoryAsk.objects.filter(
        story=OuterRef("pk"), edition=OuterRef("edition"), answered_at__isnull=False
    )
    going_on = Q(Exists(answered), state__in=[Story.State.DRAFT, Story.State.REVIEW])
    rows = (
        Story.objects.filter(Q(state=Story.State.AGREED) | going_on, scope.customers("customer"))
        .select_related("customer__owner")
        .order_by("made_at", "id")
    )
    cut = scope.cut(rows)
    lines = [
        Line(
            kind=Kind.STORY,
            when=_("Story"),
            customer=story.customer,
            why=(
                _("They have agreed that “%(story)s” is told. Publish it, or note where it is used.")
                if story.state == Story.State.AGREED
                else _("They answered about “%(story)s”. Write it on.")
            )
            % {"story": story.title},
            action=_open_story(scope, story),
        )
        for story in cut.rows
    ]
    return Group(Kind.STORY, lines, cut)


def _reply(scope: Scope, row: CelebrationReply) -> Line:
    customer = row.celebration.enrolment.customer
    words = _("%(who)s answered the celebration of “%(milestone)s”.")
    if row.may_tell:
        words = _("%(who)s answered the celebration of “%(milestone)s”, and may be asked to tell it.")
    return Line(
        kind=Kind.REPLY,
        when=_("Answer"),
        customer=customer,
        why=words % {"who": row.contact.name, "milestone": row.celebration.milestone},
        words=row.words,
        action=_see(scope, row),
    )


def _see(scope: Scope, row: CelebrationReply) -> Action:
    if not scope.can_write:
        return links.open_customer(scope, row.celebration.enrolment.customer)
    url = reverse("advocacy:celebration", args=[scope.organisation.slug, row.celebration_id])
    return Action(label=_("Read"), href=f"{url}#replies")


def _open_story(scope: Scope, story: Story) -> Action:
    return Action(label=_("Open"), href=reverse("advocacy:story", args=[scope.organisation.slug, story.pk]))
