"""What one storm says at its end: for people, and as a line of JSON for whoever started it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from tests.storm.counting import Count


@dataclass(frozen=True)
class Report:
    profile: str
    seed: int
    what: str
    """What was done to it: "kills -9" or "restarts"."""
    hits: Mapping[str, int]
    """How often, by kind of process."""
    count: Count
    tries_again: Mapping[str, int]
    seconds: Mapping[str, int]
    day: str
    versions: str
    cores: int

    def lines(self) -> list[str]:
        count = self.count
        return [
            f"storm           {self.profile}, seed {self.seed}",
            f"on              {self.day}, {self.versions}, {self.cores} cores",
            f"{self.what:<15} {added_up(self.hits)}",
            f"people again    {added_up(self.tries_again)}",
            f"mails again     {count.mail_tries - count.mails} for {count.mails} mails",
            f"achieved        {count.achieved} of {count.wanted}",
            f"arrived         {count.arrived}",
            f"doubled         {count.doubled}",
            f"uncertain       {count.uncertain} ({count.uncertain_arrived} had arrived), "
            f"sends open at a kill {count.open_at_kills}",
            f"lost            {count.lost}",
            f"forgotten       {count.forgotten}",
            f"seconds         {added_up(self.seconds)}",
            *(f"NOT kept: {fault}" for fault in count.faults()),
        ]

    def json(self) -> str:
        return json.dumps(vars(self) | {"count": vars(self.count)})

    @classmethod
    def of(cls, text: str) -> "Report":
        told = json.loads(text)
        return cls(**told | {"count": Count(**told["count"])})


def added_up(counts: Mapping[str, int]) -> str:
    """ "3 (2 web, 1 post)" """
    return f"{sum(counts.values())} ({parts(counts)})" if counts else "0"


def parts(counts: Mapping[str, int]) -> str:
    """ "2 web, 1 post" """
    return ", ".join(f"{number} {what}" for what, number in counts.items())
