"""The gates' tables in docs/proof.md, written by `--write-proof`: a row takes the place of its namesake."""

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from platform import python_version

import django

PAGE = Path(__file__).resolve().parents[2] / "docs" / "proof.md"
MUTANTS = "| seed | changes tried |"
COVERAGE = "| where | lines taken |"


def write(table: str, row: list[str], page: Path = PAGE) -> None:
    """Put a row into the table that begins so, with today and what it ran on; its first cell is its name."""
    versions = f"Python {python_version()}, Django {django.__version__}, SQLite {sqlite3.sqlite_version}"
    cells = [*row, f"{datetime.now(UTC):%Y-%m-%d}", f"{versions}, {os.cpu_count()} cores"]
    lines = page.read_text(encoding="utf-8").splitlines()
    begin = 2 + next(place for place, line in enumerate(lines) if line.startswith(table))
    end = next((n for n, line in enumerate(lines) if n >= begin and not line.startswith("|")), len(lines))
    others = [line for line in lines[begin:end] if not line.startswith(f"| {row[0]} |")]
    lines[begin:end] = [*others, f"| {' | '.join(cells)} |"]
    page.write_text("\n".join([*lines, ""]), encoding="utf-8")
