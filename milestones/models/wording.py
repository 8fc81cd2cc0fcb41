"""Criteria as sentences, and which fields each kind of criterion has. Plain values, no rows."""

from dataclasses import dataclass

from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

SPACE = "\N{NO-BREAK SPACE}"


class Kind(models.TextChoices):
    METRIC = "metric", gettext_lazy("a metric reaches a value")
    CHANGE = "change", gettext_lazy("a metric changes against where they began")
    SUSTAINED = "sustained", gettext_lazy("a metric holds a value for days")
    WINDOW = "window", gettext_lazy("so many readings, or so much, within days")
    SURVEY = "survey", gettext_lazy("a survey’s newest answers reach a mean")
    SUPPORT = "support", gettext_lazy("no support case is open for days")
    CLAIM = "claim", gettext_lazy("the CSM claims it, with evidence")
    CONFIRMATION = "confirmation", gettext_lazy("the customer confirms it")


class Operator(models.TextChoices):
    AT_LEAST = "gte", gettext_lazy("at least")
    MORE_THAN = "gt", gettext_lazy("more than")
    AT_MOST = "lte", gettext_lazy("at most")
    LESS_THAN = "lt", gettext_lazy("less than")


class Way(models.TextChoices):
    """How a change is meant, what a window counts, which evidence a claim needs."""

    RISES_BY = "rises_by", gettext_lazy("rises by at least")
    FALLS_BY = "falls_by", gettext_lazy("falls by at least")
    RISES_BY_PERCENT = "rises_by_percent", gettext_lazy("rises by at least, in %,")
    FALLS_BY_PERCENT = "falls_by_percent", gettext_lazy("falls by at least, in %,")
    COUNT = "count", gettext_lazy("is read at least so many times:")
    SUM = "sum", gettext_lazy("adds up to at least")
    NUMBER = "number", gettext_lazy("a number")
    WORDS = "words", gettext_lazy("a sentence of theirs")
    LINK = "link", gettext_lazy("a link")


WAYS = {
    Kind.CHANGE.value: (Way.RISES_BY, Way.FALLS_BY, Way.RISES_BY_PERCENT, Way.FALLS_BY_PERCENT),
    Kind.WINDOW.value: (Way.COUNT, Way.SUM),
    Kind.CLAIM.value: (Way.NUMBER, Way.WORDS, Way.LINK),
}
# What a criterion of each kind says beside its kind, and what of it may stay empty.
FIELDS = {
    Kind.METRIC.value: ("metric", "operator", "threshold"),
    Kind.CHANGE.value: ("metric", "way", "threshold"),
    Kind.SUSTAINED.value: ("metric", "operator", "threshold", "days", "holds_days"),
    Kind.WINDOW.value: ("metric", "way", "threshold", "days"),
    Kind.SURVEY.value: ("metric", "operator", "threshold", "answers", "scale_low", "scale_high"),
    Kind.SUPPORT.value: ("urgency", "days"),
    Kind.CLAIM.value: ("way",),
    Kind.CONFIRMATION.value: (),
}
ALL_FIELDS = (
    "metric", "operator", "threshold", "way", "days", "holds_days", "answers", "scale_low", "scale_high",
    "urgency",
)  # fmt: skip
MAY_BE_EMPTY = {(Kind.SUPPORT.value, "urgency"), (Kind.CLAIM.value, "way")}
MOST_DAYS, MOST_ANSWERS, URGENCY_LENGTH = 3650, 1000, 40
MEASURED = tuple(kind.value for kind in Kind if kind not in (Kind.CLAIM, Kind.CONFIRMATION))


@dataclass(frozen=True, slots=True)
class Said:
    """What a criterion says, every value as it is shown. What is not written yet is empty."""

    kind: str
    metric: str = ""
    unit: str = ""
    operator: str = ""
    threshold: str = ""
    way: str = ""
    days: str = ""
    holds_days: str = ""
    answers: str = ""
    scale_low: str = ""
    scale_high: str = ""
    urgency: str = ""

    def sentence(self) -> str:
        """The criterion as a person says it; what is not written yet is an ellipsis."""
        said = _SENTENCES[self.kind](self) if self.kind in _SENTENCES else self._threshold()
        return said[:1].upper() + said[1:]

    def _threshold(self) -> str:
        return _("%(metric)s is %(operator)s %(value)s") % self._measured()

    def _measured(self) -> dict[str, str]:
        return {
            "metric": self.metric or "…",
            "operator": str(dict(Operator.choices).get(self.operator, "…")),
            "value": f"{self.threshold or '…'}{SPACE}{self.unit}".rstrip(),
            "plain": self.threshold or "…",
            "days": _days(self.days),
            "holds": _days(self.holds_days),
            "low": self.scale_low or "…",
            "high": self.scale_high or "…",
        }

    def _change(self) -> str:
        words = {
            Way.RISES_BY: _("%(metric)s rises by at least %(value)s %(since)s"),
            Way.FALLS_BY: _("%(metric)s falls by at least %(value)s %(since)s"),
        }
        falls = self.way in (Way.FALLS_BY, Way.FALLS_BY_PERCENT)
        said = words[Way.FALLS_BY if falls else Way.RISES_BY]
        shown = self._measured() | {
            "since": _("against their last reading at or before the start, else their first after it")
        }
        if self.way in (Way.RISES_BY_PERCENT, Way.FALLS_BY_PERCENT):
            shown["value"] = f"{self.threshold or '…'}{SPACE}%"
        return said % shown

    def _sustained(self) -> str:
        return (
            _("%(metric)s stays %(operator)s %(value)s for %(days)s on end; each reading holds for %(holds)s")
            % self._measured()
        )

    def _window(self) -> str:
        if self.way == Way.COUNT:
            return _("there are at least %(plain)s readings of %(metric)s within %(days)s") % self._measured()
        return _("%(metric)s adds up to at least %(value)s within %(days)s") % self._measured()

    def _survey(self) -> str:
        return ngettext(
            "%(metric)s is %(operator)s %(value)s in the newest answer (scale %(low)s to %(high)s)",
            "the mean of the %(answers)s newest answers to %(metric)s is %(operator)s %(value)s"
            " (scale %(low)s to %(high)s)",
            int(self.answers) if self.answers.isascii() and self.answers.isdigit() else 2,
        ) % (self._measured() | {"answers": self.answers or "…"})

    def _support(self) -> str:
        if self.urgency:
            return _("no support case of urgency “%(urgency)s” is open for %(days)s on end") % (
                self._measured() | {"urgency": self.urgency}
            )
        return _("no support case is open for %(days)s on end") % self._measured()

    def _claim(self) -> str:
        words = {
            "number": _("The CSM claims it, with a number"),
            "words": _("The CSM claims it, with a sentence of theirs"),
            "link": _("The CSM claims it, with a link"),
        }
        return words.get(self.way, _("The CSM claims it, with evidence"))

    def _confirmation(self) -> str:
        return _("The customer confirms it")


_SENTENCES = {
    Kind.CHANGE.value: Said._change,
    Kind.SUSTAINED.value: Said._sustained,
    Kind.WINDOW.value: Said._window,
    Kind.SURVEY.value: Said._survey,
    Kind.SUPPORT.value: Said._support,
    Kind.CLAIM.value: Said._claim,
    Kind.CONFIRMATION.value: Said._confirmation,
}


def join_sentence(join: str, criteria: int, needed: str = "") -> str:
    """What leads a list of criteria: "It is so when all of these hold"."""
    if join == "at_least":
        return _("It is so when at least %(needed)s of these hold") % {"needed": needed or "…"}
    if criteria == 1:
        return _("It is so when this holds")
    if join == "any":
        return _("It is so when any of these holds")
    return _("It is so when all of these hold")


def number_words(value: float) -> str:
    """A number as the reader's language writes it, without a needless ".0"."""
    return str(number_format(int(value) if value.is_integer() else value, use_l10n=True))


def _days(days: str) -> str:
    if not (days.isascii() and days.isdigit()):
        return _("%(days)s days") % {"days": days or "…"}
    return ngettext("%(days)s day", "%(days)s days", int(days)) % {"days": days}
