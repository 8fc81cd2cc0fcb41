"""Rules: what an incoming event of a name means. Kept one by one, or all at once as a JSON file."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from customers.models import Metric
from office.models import EventRule
from organisations.models import Organisation, User

FORMAT = "bosai.events/1"
MOST_RULES = 1000
LARGEST_FILE = 1_000_000  # bytes


class BadRules(ValueError):
    """Nothing was changed; `faults` say what is wrong, one by one."""

    def __init__(self, *faults: str) -> None:
        super().__init__(faults[0])
        self.faults = list(faults)


def add_rule(
    *,
    organisation: Organisation,
    event: str,
    property: str,
    metric: Metric | None,
    by: User,
    now: datetime,
    new_metric: str = "",
) -> EventRule:
    """What events of this name mean from now on; the same name and property again is changed.

    `new_metric` names a metric that is made. Events that came before wait: see `taking.replay`.
    """
    with transaction.atomic():
        if metric is None and new_metric:
            metric = _metric(organisation, new_metric)
        rule, _is_new = EventRule.objects.update_or_create(
            organisation=organisation,
            event=event,
            property=property,
            defaults={"metric": metric, "made_at": now, "made_by": by},
        )
        organisation.log("event_rules_changed", by=by, now=now, subject=rule)
    found: EventRule = rule
    return found


def remove_rule(*, rule: EventRule, by: User, now: datetime) -> None:
    """Events of this name wait again. What was counted stays."""
    with transaction.atomic():
        rule.organisation.log("event_rules_changed", by=by, now=now, subject=rule)
        rule.delete()


def export_rules() -> str:
    """All rules as a file, with the metrics they name."""
    rules = list(EventRule.objects.select_related("metric").order_by("event", "property"))
    metrics = {rule.metric.key: rule.metric for rule in rules if rule.metric}
    return json.dumps(
        {
            "format": FORMAT,
            "metrics": [
                {"key": key, "name": row.name, "unit": row.unit, "lower_is_better": row.lower_is_better}
                for key, row in sorted(metrics.items())
            ],
            "rules": [_said(rule) for rule in rules],
        },
        indent=2,
        ensure_ascii=False,
    )


def _said(rule: EventRule) -> dict[str, Any]:
    metric = rule.metric.key if rule.metric else None
    return {"event": rule.event, "property": rule.property, "metric": metric}


def import_rules(*, organisation: Organisation, text: bytes, by: User, now: datetime) -> int:
    """The rules of a file take the place of all there are; how many. Metrics it names are made.

    Raises BadRules.
    """
    metrics, rules = _read(text)
    with transaction.atomic():
        known = {row.key: row for row in Metric.objects.all()}
        missing = [
            each["metric"] for each in rules if each["metric"] and each["metric"] not in known | metrics
        ]
        if missing:
            raise BadRules(*(_("There is no metric “%(key)s”.") % {"key": key} for key in missing[:20]))
        new = [fields for key, fields in metrics.items() if key not in known]
        made = Metric.objects.bulk_create([Metric(organisation=organisation, **fields) for fields in new])
        known |= {row.key: row for row in made}
        EventRule.objects.all().delete()
        EventRule.objects.bulk_create(
            EventRule(
                organisation=organisation,
                event=each["event"],
                property=each["property"],
                metric=known[each["metric"]] if each["metric"] else None,
                made_at=now,
                made_by=by,
            )
            for each in rules
        )
        organisation.log("event_rules_changed", by=by, now=now, rules=len(rules))
    return len(rules)


def _metric(organisation: Organisation, name: str) -> Metric:
    key = slugify(name)[:80] or "events"
    found, _is_new = Metric.objects.get_or_create(organisation=organisation, key=key, defaults={"name": name})
    metric: Metric = found
    return metric


def _read(text: bytes) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
    if len(text) > LARGEST_FILE:
        raise BadRules(_("A file of rules may have 1 MB."))
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise BadRules(_("This is not JSON.")) from None
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise BadRules(_("This is no file of rules: “format” is not “%(format)s”.") % {"format": FORMAT})
    rules, metrics = said.get("rules"), said.get("metrics", [])
    if not isinstance(rules, list) or not isinstance(metrics, list) or len(rules) > MOST_RULES:
        raise BadRules(_("“rules” and “metrics” are lists, of %(n)d at most.") % {"n": MOST_RULES})
    faults = [
        *(_fault(_rule_fault(each), "rules", n) for n, each in enumerate(rules)),
        *(_fault(_metric_fault(each), "metrics", n) for n, each in enumerate(metrics)),
    ]
    if found := [fault for fault in faults if fault]:
        raise BadRules(*found[:20])
    _refuse_twice(rules)
    fields = {each["key"]: _fields(each) for each in metrics}
    return fields, [{"property": "", **each} for each in rules]


def _fault(what: str, where: str, n: int) -> str:
    return f"{where}[{n}]: {what}" if what else ""


def _rule_fault(each: Any) -> str:
    if not isinstance(each, dict) or each.keys() - {"event", "property", "metric"}:
        return _("a rule has “event”, “property” and “metric”, and nothing else")
    event, property_, metric = each.get("event"), each.get("property", ""), each.get("metric", 0)
    if not isinstance(event, str) or not 0 < len(event.strip()) <= 200:
        return _("“event” is the name of an event, up to 200 characters")
    if not isinstance(property_, str) or len(property_) > 120:
        return _("“property” is a name up to 120 characters, or empty to count events")
    if metric is not None and not isinstance(metric, str):
        return _("“metric” is the key of a metric, or null to ignore the event")
    return ""


def _metric_fault(each: Any) -> str:
    if not isinstance(each, dict) or not isinstance(each.get("key"), str) or len(each["key"]) > 80:
        return _("a metric has a “key” of up to 80 characters")
    try:
        validate_slug(each["key"])
    except ValidationError:
        return _("“key” has letters, digits, hyphens and underscores alone")
    name, unit = each.get("name", each["key"]), each.get("unit", "")
    if not isinstance(name, str) or not isinstance(unit, str) or len(name) > 120 or len(unit) > 20:
        return _("“name” has up to 120 characters and “unit” up to 20")
    if not isinstance(each.get("lower_is_better", False), bool):
        return _("“lower_is_better” is true or false")
    return ""


def _fields(each: dict[str, Any]) -> dict[str, Any]:
    named = {"name": each.get("name") or each["key"], "unit": each.get("unit", "")}
    return {"key": each["key"], **named, "lower_is_better": each.get("lower_is_better", False)}


def _refuse_twice(rules: Sequence[dict[str, Any]]) -> None:
    seen: set[tuple[str, str]] = set()
    for n, each in enumerate(rules):
        about = each["event"], each.get("property", "")
        if about in seen:
            raise BadRules(_fault(_("an earlier rule is about the same event and property"), "rules", n))
        seen.add(about)
