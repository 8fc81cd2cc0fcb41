"""What counts as how much of an outcome, agreed beforehand on five levels; and which of them was reached."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.outcomes import Outcome
from customers.models.people import Contact
from organisations.tenancy import TenantManager, TenantModel

LOWEST, EXPECTED, HIGHEST = -2, 0, 2


class GoalScale(TenantModel):
    """Five levels of one outcome: 0 is what is expected, two below it and two beyond.

    Agreed with the customer before anything is measured by it; from the first level noted on it stands.
    """

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="scales")
    much_less = models.TextField(help_text=_("−2"))
    less = models.TextField(help_text=_("−1"))
    expected = models.TextField(help_text=_("0: the outcome as they expect it."))
    more = models.TextField(help_text=_("+1: beyond what they expect."))
    much_more = models.TextField(help_text=_("+2: the most they can imagine."))
    weight = models.PositiveSmallIntegerField(default=1, help_text=_("How much it counts beside others."))
    agreed_on = models.DateField()
    agreed_with = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "outcome"], name="goal_scale_once"),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=10), name="goal_scale_weighs"),
        ]

    @property
    def levels(self) -> list[tuple[int, str]]:
        """From the lowest to the highest, with its words."""
        words = (self.much_less, self.less, self.expected, self.more, self.much_more)
        return list(zip(range(LOWEST, HIGHEST + 1), words, strict=True))

    def words_of(self, level: int) -> str:
        return dict(self.levels)[level]


class GoalLevelQuerySet(models.QuerySet["GoalLevel"]):
    def standing(self) -> "GoalLevelQuerySet":
        return self.filter(withdrawn_at=None)

    def newest_first(self) -> "GoalLevelQuerySet":
        """What was so last; of one day what was noted last."""
        return self.order_by("-on", "-pk")


class GoalLevel(TenantModel):
    """That a level was reached on a day, and what shows it. Rows are added; a wrong one is taken back."""

    scale = models.ForeignKey(GoalScale, on_delete=models.CASCADE, related_name="reached")
    level = models.SmallIntegerField()
    on = models.DateField(help_text=_("When it was so."))
    evidence = models.TextField(help_text=_("What shows it: a number, a sentence of theirs, a link."))
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = TenantManager.from_queryset(GoalLevelQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(level__gte=LOWEST, level__lte=HIGHEST), name="goal_level_of_five"
            )
        ]
        indexes = [
            models.Index(
                fields=["organisation", "scale", "-on", "-id"],
                name="goal_level_newest",
                condition=Q(withdrawn_at=None),
            )
        ]

    @property
    def signed(self) -> str:
        """Such as "+1" or "−2", with a real minus."""
        return signed(self.level)


def signed(level: int) -> str:
    return f"+{level}" if level > 0 else f"−{-level}" if level < 0 else "0"
