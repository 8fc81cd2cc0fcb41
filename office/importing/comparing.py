"""What a file says that can be held against what is stored: `compare` of a mapping file. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from office.models import Import

KINDS_OF_FACTS = ("readings", "subscriptions", "transactions", "cases")
DATES = {  # the target that says when a row was so
    Import.Kind.READINGS.value: "at",
    Import.Kind.TRANSACTIONS.value: "at",
    Import.Kind.SUBSCRIPTIONS.value: "start",
    Import.Kind.CASES.value: "opened_at",
    Import.Kind.ENROLMENTS.value: "started_on",
    Import.Kind.ACHIEVEMENTS.value: "at",
}
SAYS = ("has", "has_no", "field", "not_before")


class WrongRule(ValueError):
    """This part of compare cannot be used; the text says why."""


@dataclass(frozen=True)
class Fact:
    """Something a customer has or has not: readings of a metric, or anything of a kind."""

    kind: str
    key: str = ""

    @property
    def in_words(self) -> str:
        """ "a reading of churned"."""
        if self.kind == "readings":
            return _("a reading of %s") % self.key
        if self.kind == "subscriptions":
            return _("a running subscription") if self.key else _("a subscription")
        return _("a transaction") if self.kind == "transactions" else _("a support case")

    @property
    def none_in_words(self) -> str:
        """ "no reading of churned"."""
        if self.kind == "readings":
            return _("no reading of %s") % self.key
        if self.kind == "subscriptions":
            return _("no running subscription") if self.key else _("no subscription")
        return _("no transaction") if self.kind == "transactions" else _("no support case")


@dataclass(frozen=True)
class Rule:
    """When a row says this, the customer should be like that."""

    when: tuple[tuple[str, frozenset[str]], ...] = ()
    fact: Fact | None = None
    should_have: bool = True
    field: str = ""
    value: str = ""
    not_before: str = ""

    def applies_to(self, values: dict[str, Any]) -> bool:
        return all(_text(values.get(target)) in wanted for target, wanted in self.when)

    def premise(self, values: dict[str, Any]) -> str:
        """ "churn_flag is True"."""
        said = [
            f"{target.removeprefix('fields.')} {_text(values.get(target))}" for target, _wanted in self.when
        ]
        return ", ".join(said)


def rules_of(data: object, *, kind: str) -> list[Rule]:
    """Raises WrongRule."""
    if not isinstance(data, list) or not all(isinstance(each, dict) for each in data):
        raise WrongRule(_("compare is a list of objects."))
    return [_rule(each, kind) for each in data]


def _rule(data: dict[str, Any], kind: str) -> Rule:
    says = [name for name in SAYS if name in data]
    if len(says) != 1 or data.keys() - {"when", *SAYS}:
        raise WrongRule(_("compare: each part has when, and one of has, has_no, field and not_before."))
    when = _when(data.get("when", {}))
    said = data[says[0]]
    if says[0] == "not_before":
        if kind not in DATES or not isinstance(said, str):
            raise WrongRule(
                _("compare: not_before names a further fact of the customer, such as signup_date.")
            )
        return Rule(when, not_before=said)
    if not isinstance(said, dict) or len(said) != 1:
        raise WrongRule(_("compare: %s is an object with one name.") % says[0])
    name, value = next(iter(said.items()))
    if says[0] == "field":
        return Rule(when, field=name, value=_text(value))
    if name not in KINDS_OF_FACTS or not isinstance(value, str):
        raise WrongRule(_("compare: a customer can have %s.") % ", ".join(KINDS_OF_FACTS))
    return Rule(when, fact=Fact(name, "" if value == "any" else value), should_have=says[0] == "has")


def _when(data: object) -> tuple[tuple[str, frozenset[str]], ...]:
    if not isinstance(data, dict):
        raise WrongRule(_("compare: when is an object: {“target column”: “value”}."))
    several = {target: wanted if isinstance(wanted, list) else [wanted] for target, wanted in data.items()}
    return tuple((target, frozenset(_text(each) for each in wanted)) for target, wanted in several.items())


def _text(value: object) -> str:
    return "" if value is None else str(value)


def day_of(text: str) -> date | None:
    """The day that a kept fact or a staged value begins with; none when it is no date."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
