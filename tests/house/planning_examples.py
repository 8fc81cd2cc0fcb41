"""Examples of the addresses of a coach's week, of what it is planned by, of levels and coaching outcomes."""

from tests.house.example import Example, of

KESTREL = "customer kestrel-freight"

EXAMPLES: dict[str, list[Example]] = {
    "coaching:cadence": [of(who="theo"), of(who="rio")],
    "coaching:hours": [of(who="mara"), of()],
    "coaching:member_hours": [of("user mara")],
    "customers:goal_scale": [of("outcome graded", who="mara"), of("outcome wrong")],
    "dashboards:coaching_outcomes": [
        of(who="theo"),
        of(query="calls=3&landmark=45&until=40", who="rio"),
        of(query="format=csv", is_page=False),
    ],
    "dashboards:week": [of(who="mara"), of(query="on=next", who="mara"), of(who="theo")],
}

ACTIONS: dict[str, Example] = {
    "coaching:cadence_rule_new": of(who="theo"),
    "coaching:cadence_rule_removal": of("cadence rule", who="theo"),
    "coaching:day_off_new": of(who="mara"),
    "coaching:day_off_removal": of("day off", who="mara"),
    "coaching:member_day_off_new": of("user mara"),
    "coaching:plan_weights": of(who="theo"),
    "customers:goal_level_new": of("outcome graded", who="mara"),
    "customers:goal_level_removal": of("goal level", who="mara"),
    "dashboards:week_acceptance": of(who="mara"),
    "dashboards:week_return": of("occurrence skipped", who="mara"),
    "dashboards:week_skip": of(KESTREL, who="mara"),
    "office:owners": of(),
}
