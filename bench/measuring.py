"""How things are timed: in interleaved rounds, so that a busy moment hits both sides; medians of rounds."""

import http.client
import math
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from urllib.parse import urlsplit

SLOW = 2.0  # seconds: who takes longer is warm after one request


@dataclass
class Target:
    """An address to ask again and again, over one persistent connection; `paths` in turn."""

    name: str
    site: str
    paths: Sequence[str]
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Callable[[], bytes] | None = None
    """Makes the body of a POST, anew each time."""
    expected: int = 200
    size: int = 0
    """Bytes of the last answer, uncompressed."""

    def __post_init__(self) -> None:
        self._next = cycle(self.paths)
        self._line = http.client.HTTPConnection(urlsplit(self.site).netloc, timeout=120)

    def ask(self) -> float:
        """Seconds from sending to the last byte. AssertionError for an answer that was not expected."""
        path, body = next(self._next), self.body() if self.body else None
        began = time.perf_counter()
        self._line.request("POST" if self.body else "GET", path, body=body, headers=dict(self.headers))
        answer = self._line.getresponse()
        read = answer.read()
        took = time.perf_counter() - began
        self.size = len(read)
        assert answer.status == self.expected, f"{path}: {answer.status} {read[:500]!r}"
        return took

    def connect(self) -> None:
        """Anew: the server has hung up on a line that was idle while others were asked."""
        self._line.close()
        self._line.connect()

    def close(self) -> None:
        self._line.close()


@dataclass
class Timed:
    """The seconds of every request, by round."""

    rounds: list[list[float]] = field(default_factory=list)

    @property
    def n(self) -> int:
        return sum(map(len, self.rounds))

    def quantile(self, share: float) -> float:
        """The median over the rounds of each round's quantile."""
        return statistics.median(quantile(each, share) for each in self.rounds)

    def ratio(self, other: "Timed", share: float) -> float:
        """How many times `other`: the median over the rounds of the ratio within each round."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return statistics.median(quantile(ours, share) / quantile(theirs, share) for ours, theirs in pairs)

    def words(self) -> str:
        return f"p50 {self.quantile(0.5) * 1000:.1f}, p95 {self.quantile(0.95) * 1000:.1f} ms"


def quantile(seconds: Sequence[float], share: float) -> float:
    """The smallest value that at least this share does not exceed."""
    ordered = sorted(seconds)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def load(targets: Sequence[Target], *, rounds: int, seconds: float, least: int) -> dict[str, Timed]:
    """Each target in turn for so many seconds, and all of that so many times; `least` requests in a round.

    Twice as many go before, uncounted: every thread of the server connects and compiles its templates.
    """
    for target in targets:
        for _ in range(2 * least):
            if target.ask() > SLOW:
                break
    timed = {target.name: Timed() for target in targets}
    for _ in range(rounds):
        for target in targets:
            timed[target.name].rounds.append(list(_asked(target, seconds, least)))
    for target in targets:
        target.close()
    return timed


def _asked(target: Target, seconds: float, least: int) -> Iterator[float]:
    target.connect()
    end, count = time.perf_counter() + seconds, 0
    while count < least or time.perf_counter() < end:
        yield target.ask()
        count += 1
