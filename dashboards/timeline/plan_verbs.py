"""What the log calls it when calls come due, hours are said, and levels of outcomes are agreed."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PLAN_VERBS: dict[str, Promise] = {
    "occurrence_skipped": _("due call skipped"),
    "occurrence_returned": _("skipped call due again"),
    "cadence_rule_set": _("rule for a cadence set"),
    "cadence_rule_dropped": _("rule for a cadence taken out"),
    "plan_weights_set": _("weights of calls set"),
    "hours_set": _("working hours set"),
    "day_off_added": _("days off written down"),
    "day_off_removed": _("days off taken out"),
    "levels_agreed": _("levels of an outcome agreed"),
    "level_noted": _("level of an outcome reached"),
    "level_withdrawn": _("level of an outcome taken back"),
}
