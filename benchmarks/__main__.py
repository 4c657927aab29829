"""`make bench`: the main job, the site, reading, rolling counts, and the coverage of intervals, one table each."""

import argparse
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import coverage, direction, effect, job, reading, rolling, site

ROOT = Path(__file__).parent.parent
ACME = ROOT / "data_samples" / "acme"
WIDTH = 130
"""Of a table in a file or a pipe."""
REAL = ROOT.parent / "shared" / "data"


def main() -> None:
    """Runs the benchmarks one after the other and prints each as soon as it is done."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="runs of each; the median is shown")
    repeat = parser.parse_args().repeat
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    with tempfile.TemporaryDirectory(prefix="turnout-bench-") as folder:
        work = Path(folder)
        show(console, "The main job on the sample company, seconds", job.rows(ACME, work / "job", repeat=repeat))
        released = work / "job" / "0" / "latest" / "turnout.duckdb"
        show(console, "The site against its limits", site.rows(released, work / "site", repeat=repeat))
        real = [*sorted(REAL.glob("slack/*.zip")), *sorted(REAL.glob("wiki/*.xml.zst"))]
        if not real:
            console.print("No real exports beside the checkout: only the sample company is read.")
        show(console, "Reading an export into typed frames", reading.rows([ACME, *real], repeat=repeat))
        show(console, "Contributors of 1, 7 and 28 days", rolling.rows(work / "rolling", repeat=repeat))
    found = f"How often an effect is found where the truth is known, {effect.PANELS} simulated panels each"
    show(console, found, list(effect.rows(effect.PANELS)))
    show(console, "Is the smallest detectable effect found in 80 %?", list(effect.power_rows(effect.PANELS)))
    show(console, f"Who goes first, {direction.PANELS} simulated panels each", list(direction.rows(direction.PANELS)))
    show(console, "What nominal intervals and alarms are worth, by simulation", coverage.rows(repeat=repeat))


def show(console: Console, title: str, rows: list[dict[str, str]]) -> None:
    """Prints rows with the same keys as a table."""
    table = Table(title=title, title_justify="left")
    for name in rows[0]:
        table.add_column(name, justify="left" if name == next(iter(rows[0])) else "right")
    for row in rows:
        table.add_row(*row.values())
    console.print(table)


if __name__ == "__main__":
    main()
