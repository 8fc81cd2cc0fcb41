"""The log and its seals as an export holds them: whoever has the zip can verify it, without our database."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from organisations.chains import Fault, Sealed, faults

EVENTS, SEALS = "organisations-event.csv", "organisations-seal.csv"
NUMBERS = ("id", "actor_id", "subject_id", "customer_id")


@dataclass(frozen=True)
class PackedLog:
    packed: zipfile.ZipFile
    organisation: str

    @property
    def seals(self) -> int:
        return sum(1 for _ in self._rows(SEALS))

    def faults(self) -> Iterator[Fault]:
        return faults(map(_event, self._rows(EVENTS)), map(_sealed, self._rows(SEALS)))

    def _rows(self, name: str) -> Iterator[dict[str, str]]:
        with self.packed.open(name) as file:
            yield from csv.DictReader(io.TextIOWrapper(file, "utf-8-sig", newline=""))


@contextmanager
def opened(path: Path) -> Iterator[PackedLog]:
    """Raises OSError, ValueError when it is no export of ours."""
    try:
        with zipfile.ZipFile(path) as packed:
            yield PackedLog(packed, json.loads(packed.read("manifest.json"))["organisation"])
    except (zipfile.BadZipFile, KeyError) as error:
        raise ValueError(f"{path.name} is no export of Bosai ({error})") from error


def _event(row: dict[str, str]) -> Any:
    values: dict[str, Any] = {**row, "data": json.loads(row["data"])}
    values |= {name: int(row[name]) if row[name] else None for name in NUMBERS}
    values |= {name: datetime.fromisoformat(row[name]) for name in ("at", "recorded_at")}
    return SimpleNamespace(**values)


def _sealed(row: dict[str, str]) -> Sealed:
    at = datetime.fromisoformat(row["sealed_at"])
    return Sealed(int(row["number"]), at, json.loads(row["lines"]), row["previous"], row["head"])
