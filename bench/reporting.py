"""Results on disk: all of it as JSON and as a table, the newest in the README."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from bench.rows import Row, compact, shortfalls, table

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results"
BEGIN, END = "<!-- bench: written by ./run bench -->", "<!-- /bench -->"


def write(rows: Sequence[Row], facts: dict[str, object], folder: Path = RESULTS) -> Path:
    """Both files of this run; the path of the readable one."""
    name = re.sub(r"[^\w.-]+", "-", f"{facts['date']}-{facts['machine']}").lower()
    folder.mkdir(parents=True, exist_ok=True)
    kept = {"facts": facts, "rows": [row.as_json() for row in rows]}
    (folder / f"{name}.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    readable = folder / f"{name}.md"
    readable.write_text(
        f"# Measured {facts['date']}\n\n{circumstances(facts)}\n\n{table(rows)}\n\n{shortfalls(rows)}\n"
    )
    return readable


def circumstances(facts: dict[str, object]) -> str:
    versions = facts["versions"]
    assert isinstance(versions, dict)
    with_ = ", ".join(f"{name} {number}" for name, number in versions.items())
    return (
        f"{facts['processor']}, {facts['cores']} cores, {facts['memory_gb']} GB for client, server"
        f" and database, load {facts['load_before']} before it began. Python {facts['python']}, {with_}."
        " A ratio compares with the least that Django, SQL or SMTP can do for the same rows."
    )


def show_in_readme(rows: Sequence[Row], facts: dict[str, object], readme: Path = ROOT / "README.md") -> None:
    """Replace what stands between the markers."""
    text = readme.read_text()
    head, begun, rest = text.partition(BEGIN)
    _, ended, tail = rest.partition(END)
    assert begun, f"{readme} has no place for the table"
    assert ended, f"{readme} has no end of the table"
    said = f"Measured {facts['date']} on {facts['cores']} cores, load {facts['load_before']} before."
    readme.write_text(f"{head}{BEGIN}\n{compact(rows)}\n\n{said} {shortfalls(rows)}\n{END}{tail}")
