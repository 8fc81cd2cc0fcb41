"""Whether coaching goes with reaching it: no effect is seldom found, a real one mostly, luck never."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import pytest

from milestones.landmarks import FEWEST, Effect, Life, landmark, share_by
from milestones.timelines import incidence

pytestmark = pytest.mark.once
N, AT, UNTIL, SEEN = 400, 30, 120, 200


@dataclass(frozen=True)
class Customer:
    life: Life
    coached_on: int | None


def customer(dice: Random, more: float, coached: Callable[[Random, int], int | None]) -> Customer:
    """Reaches it by day 120 with a chance of a half, or `more` when coached by day 30; some leave first."""
    length = dice.randint(100, SEEN)  # seen until today
    leaves = dice.randint(40, 400) if dice.random() < 0.4 else 10_000
    coached_on = coached(dice, length)
    share = 0.5 + (more if coached_on is not None and coached_on <= AT else 0.0)
    reaches = dice.randint(AT + 1, UNTIL) if dice.random() < share else 10_000
    day = min(length, leaves, reaches)
    life = Life(day, has_reached=day == reaches, has_left=day == leaves != reaches)
    return Customer(life, coached_on)


def early(dice: Random, length: int) -> int | None:
    return dice.randint(0, AT) if dice.random() < 0.5 else None


def run(seed: int, more: float, again: int = 200) -> Effect:
    dice = Random(seed)
    people = [customer(dice, more, early) for _n in range(N)]
    return of(people, again, seed)


def of(people: list[Customer], again: int = 200, seed: int = 1) -> Effect:
    treated = [one.life for one in people if one.coached_on is not None and one.coached_on <= AT]
    others = [one.life for one in people if one.coached_on is None or one.coached_on > AT]
    return landmark(treated, others, at=AT, until=UNTIL, again=again, seed=seed)


def found(runs: range, more: float) -> float:
    """In which share of the runs the interval excludes zero."""
    effects = [run(seed, more) for seed in runs]
    assert all(effect.can_tell for effect in effects)
    return sum(effect.is_more or effect.is_less for effect in effects) / len(effects)


@pytest.mark.nightly
@pytest.mark.timeout(1800)
def test_without_an_effect_five_hundred_runs_seldom_find_one_and_a_real_one_is_mostly_found():
    assert found(range(500), 0.0) <= 0.07
    assert found(range(500, 1000), 0.15) >= 0.80


def test_a_few_runs_find_what_is_there_and_little_else():
    assert found(range(12), 0.0) <= 2 / 12
    assert found(range(100, 112), 0.3) == 1


def test_who_lived_long_enough_to_be_coached_is_not_credited():
    """Coached on a chance day while on the way: ever coached looks different, the landmark tells nothing."""
    dice, people = Random(5), []
    for _n in range(2000):
        one = customer(dice, 0.0, lambda _dice, _length: None)
        at = dice.randint(0, 150)
        people.append(Customer(one.life, at if at < one.life.day else None))
    ever = [one.life for one in people if one.coached_on is not None]
    never = [one.life for one in people if one.coached_on is None]
    naive = landmark(ever, never, at=0, until=SEEN)
    assert naive.is_less or naive.is_more
    effect = of(people)
    assert effect.low <= 0 <= effect.high
    assert abs(effect.difference) < abs(naive.difference) / 2


def test_the_share_is_that_of_the_curve():
    effect = run(3, 0.1)
    for group in (effect.treated, effect.others):
        for day in (1, 20, 55, 90, 400):
            steps = [step for step in incidence(group) if step.day <= day]
            assert share_by(group, day) == pytest.approx(steps[-1].share if steps else 0.0)


def test_it_cannot_tell_of_few_and_of_days_nobody_was_seen():
    few = [Life(50, has_reached=True)] * (FEWEST - 1)
    many = [Life(60, has_reached=True)] * 40 + [Life(30)] * 40
    effect = landmark(few, many, at=30, until=120)
    assert not effect.can_tell
    assert (effect.low, effect.high) == (None, None)
    assert (effect.treated.n, effect.others.n, effect.until) == (FEWEST - 1, 40, 120)
    assert effect.treated_share == 1  # it ended for all of them: what was so on day 50 is so on day 120
    assert landmark([*few, Life(70)], many, at=30, until=120).until == 70  # nobody knows what comes then
    assert not landmark([], [], at=30, until=120).can_tell
    assert not landmark([Life(90)] * 30, [Life(90)] * 30, at=30, until=80).can_tell  # nobody reached it


def test_the_same_seed_says_the_same():
    first, again, other = run(9, 0.1), run(9, 0.1), run(10, 0.1)
    assert (first.low, first.high) == (again.low, again.high) != (other.low, other.high)
