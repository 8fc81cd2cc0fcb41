"""What is measured at a customer week by week: it follows the story, and meets a threshold when it says so.

Pure: no database. A value before its day never meets the threshold, one on or after its day does at first.
"""

from datetime import date
from math import ceil, exp
from random import Random

from bosai.demo.harbour.cast import Row
from bosai.demo.harbour.story import Story

LASTS_LONGEST = 400  # days over which somebody who is stuck still changes


class Gauges:
    """The metrics of one customer on the main journey."""

    def __init__(self, story: Story) -> None:
        self.story, self.row = story, story.row
        self.dice: Random = story.row.dice("gauges")
        self.begins = {"matched": self.dice.uniform(79, 90), "opening": self.dice.uniform(0.08, 0.3)}
        self.weeks = 0
        self.shown = {reach.step.metric: reach.shown_on for reach in story.reaches if reach.shown_on}

    def on(self, day: date) -> dict[str, float]:
        """Every value of that day, by metric. Ask day by day."""
        values = {"figures-matched": self._matched(day)}
        if self._is_shown("figures-matched", day):
            values["weeks-decided"] = self._weeks(day)
            values["sites-opening"] = self._opening(day)
            values["questions-to-us"] = self._questions(day)
        if self.row.baseline is not None and self.row.goal is not None:
            value = self._outcome(day, self.row.baseline, self.row.goal)
            values[self.row.trade.key] = value
            values["goal-reached"] = share_of_goal(value, self.row.baseline, self.row.goal)
        return values

    def _is_shown(self, metric: str, day: date) -> bool:
        shown_on = self.shown.get(metric)
        return shown_on is not None and day >= shown_on

    def _way(self, metric: str, day: date) -> float:
        """How far it has come, from 0 to 1, on the day it is shown; slower and slower when it never is."""
        gone = (day - self.story.began_on).days
        shown_on = self.shown.get(metric)
        if shown_on is not None:
            return min(1.0, gone / max(1, (shown_on - self.story.began_on).days))
        return 0.8 * (1 - exp(-3 * gone / LASTS_LONGEST))

    def _matched(self, day: date) -> float:
        if self._is_shown("figures-matched", day):
            return round(self.dice.uniform(98.1, 99.9), 1)
        begins = self.begins["matched"]
        reached = begins + (97.2 - begins) * self._way("figures-matched", day)
        return round(min(97.8, reached + self.dice.uniform(-0.9, 0.6)), 1)

    def _weeks(self, day: date) -> float:
        if not self._is_shown("weeks-decided", day):
            self.weeks = self.dice.choice((0, 0, 1, 1, 2))
        elif self.weeks < 3 and day == self.shown["weeks-decided"]:
            self.weeks = 3
        else:
            self.weeks = 0 if self.dice.random() < 0.03 else self.weeks + 1
        return float(self.weeks)

    def _opening(self, day: date) -> float:
        n = self.row.sites
        enough = ceil(0.9 * n)
        if self._is_shown("sites-opening", day):
            opening = enough + self.dice.randint(0, n - enough)
        else:
            begins = self.begins["opening"]
            share = begins + (0.85 - begins) * self._way("sites-opening", day)
            opening = min(enough - 1, round(n * (share + self.dice.uniform(-0.05, 0.05))))
        return round(100 * max(0, opening) / n, 1)

    def _questions(self, day: date) -> float:
        if self._is_shown("questions-to-us", day):
            return float(self.dice.choice((0, 0, 1, 1, 1)))
        left = 1 - self._way("questions-to-us", day)
        return float(max(2, round(2 + 17 * left + self.dice.uniform(-2, 2))))

    def _outcome(self, day: date, baseline: float, goal: float) -> float:
        span = baseline - goal
        if self._is_shown("goal-reached", day):
            return round(goal - span * self.dice.uniform(0.01, 0.12), 1)
        way = self._way("goal-reached", day) ** 1.15
        value = baseline - span * way + span * self.dice.uniform(-0.06, 0.06)
        return round(max(value, goal + 0.02 * span + 0.1), 1)


def share_of_goal(value: float, baseline: float, goal: float) -> float:
    """How much of the way from where they began to the goal, in per cent."""
    return round(100 * (baseline - value) / (baseline - goal), 1)


class SecondGauges:
    """The one metric of the second journey."""

    def __init__(self, story: Story) -> None:
        self.dice = story.row.dice("second gauges")
        self.shown_on = next((reach.shown_on for reach in story.reaches if reach.shown_on), None)

    def on(self, day: date) -> dict[str, float]:
        is_shown = self.shown_on is not None and day >= self.shown_on
        value = self.dice.uniform(98.2, 99.8) if is_shown else self.dice.uniform(88, 96.5)
        return {"new-site-matched": round(value, 1)}


def said(row: Row, value: float | None) -> str:
    """ "27.1%", "5 days"; empty for none."""
    return "" if value is None else f"{value:g}{row.trade.unit}"
