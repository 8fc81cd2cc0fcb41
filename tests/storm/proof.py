"""The tables of docs/proof.md, written from what storms counted: `./run storm --write-proof`.

The page is its own memory: a row stays until a run of the same kind, size and seed takes its place.
"""

from pathlib import Path

from tests.storm.reporting import Report, parts

PAGE = Path(__file__).resolve().parents[2] / "docs" / "proof.md"
FIRST = {
    "kills -9": "| profile | achievements | kills |",
    "kills -9, idempotent": "| with | achievements | kills |",
    "restarts": "| profile | achievements | restarts |",
}
KEY = 4  # so many cells say which run a row is of

type Row = list[str]


def write(report: Report, page: Path = PAGE) -> None:
    """Put the report's row into its table, in place of the one of the same run."""
    lines = page.read_text().splitlines()
    begin = 2 + next(place for place, line in enumerate(lines) if line.startswith(FIRST[report.what]))
    end = next((n for n, line in enumerate(lines) if n >= begin and not line.startswith("|")), len(lines))
    row = row_of(report)
    others = [cells for line in lines[begin:end] if (cells := _cells(line))[:KEY] != row[:KEY]]
    lines[begin:end] = [f"| {' | '.join(cells)} |" for cells in sorted([*others, row], key=_place)]
    page.write_text("\n".join([*lines, ""]))


def row_of(report: Report) -> Row:
    count, is_storm = report.count, report.what != "restarts"
    return [
        report.profile,
        f"{count.wanted:,}",
        str(sum(report.hits.values())),
        str(report.seed),
        parts(report.hits),
        f"{count.achieved:,}",
        f"{count.arrived:,}",
        str(count.doubled),
        str(count.lost),
        f"{count.uncertain} ({count.uncertain_arrived})" if is_storm else str(count.uncertain),
        str(count.open_at_kills if is_storm else sum(report.tries_again.values())),
        f"{count.mails:,}, {count.mail_tries:,}",
        str(sum(report.seconds.values())),
        report.day,
        f"{report.versions}, {report.cores} cores",
    ]


def _cells(line: str) -> Row:
    return [cell.strip() for cell in line.strip("|").split("|")]


def _place(row: Row) -> tuple[str, int, int, int]:
    achievements, hits, seed = (int(cell.replace(",", "")) for cell in row[1:KEY])
    return row[0], achievements, hits, seed
