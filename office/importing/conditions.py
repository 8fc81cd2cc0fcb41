"""Which rows are meant: `only_where` of a mapping file. Pure."""

import operator
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

RANGES: dict[str, Callable[[float, float], bool]] = {
    "at_least": operator.ge,
    "more_than": operator.gt,
    "at_most": operator.le,
    "less_than": operator.lt,
}


class WrongCondition(ValueError):
    """This part of only_where cannot be used; the text says why."""


@dataclass(frozen=True)
class Condition:
    """A column and what it must hold: one of some values, or numbers within bounds."""

    column: str
    wanted: frozenset[str] = frozenset()
    bounds: tuple[tuple[str, float], ...] = ()
    in_words: str = field(default="", compare=False)

    @classmethod
    def from_json(cls, column: str, wanted: object) -> "Condition":
        """A value, a list of values, or {"at_least" | "more_than" | "at_most" | "less_than": number}."""
        if isinstance(wanted, dict):
            return cls._of_bounds(column, wanted)
        several = wanted if isinstance(wanted, list) else [wanted]
        if not several or any(isinstance(value, dict | list) for value in several):
            raise WrongCondition(_("only_where: “%s” needs a value, or a list of values.") % column)
        texts = [_text(value) for value in several]
        return cls(
            column.strip(),
            wanted=frozenset(text.casefold() for text in texts),
            in_words=_("%(column)s is not %(values)s")
            % {"column": column, "values": _(" or ").join(text or _("empty") for text in texts)},
        )

    @classmethod
    def _of_bounds(cls, column: str, wanted: dict[str, object]) -> "Condition":
        for name, bound in wanted.items():
            if name not in RANGES or isinstance(bound, bool) or not isinstance(bound, int | float):
                raise WrongCondition(
                    _("only_where: “%(column)s” can be bound by %(names)s, each with a number.")
                    % {"column": column, "names": ", ".join(RANGES)}
                )
        if not wanted:
            raise WrongCondition(_("only_where: “%s” needs a value, or a list of values.") % column)
        spoken = ", ".join(f"{name.replace('_', ' ')} {bound}" for name, bound in wanted.items())
        return cls(
            column.strip(),
            bounds=tuple((name, float(bound)) for name, bound in wanted.items()),  # type: ignore[arg-type]
            in_words=_("%(column)s is not %(bounds)s") % {"column": column, "bounds": spoken},
        )

    def holds(self, cell: str) -> bool:
        if self.bounds:
            try:
                number = float(cell)
            except ValueError:
                return False
            return all(RANGES[name](number, bound) for name, bound in self.bounds)
        return cell.casefold() in self.wanted


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
