"""The command `turnout`: the same job as in the Dagster UI, run in this process, and what one asks before and after."""

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from models.asking import BY, Period, metric_named, period_named
from models.metrics import Metric
from models.problems import SettingsRefused
from models.release.rows import BREAKDOWNS
from pipelines.erasure.commands import Told, add_commands
from pipelines.terminal import clean, say

RELEASED: Final = 0
NOT_RELEASED: Final = 1
USAGE: Final = 2
RELEASED_WITH_REFUSALS: Final = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command. Exit code: 0 released, 3 released with files refused or overdue, 1 not released, 2 usage."""
    parsed = _parser().parse_args(arguments)
    try:
        return int(parsed.command(parsed))
    except SettingsRefused as refused:
        Console(stderr=True).print(clean(str(refused)), style="red", markup=False, highlight=False, soft_wrap=True)
        return USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="turnout", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="from a drop folder of exports to the published site")
    run.add_argument("--exports", type=_existing, required=True, metavar="DIR", help="drop folder, or one export")
    run.add_argument("--out", type=Path, required=True, metavar="DIR", help="output folder")
    run.add_argument("--as-of", default="", metavar="DAY", help="last day to look at, YYYY-MM-DD")
    run.add_argument("--platform", action="append", default=[], metavar="NAME", help="use only this one (repeatable)")
    run.add_argument("--memory-limit", default="", metavar="SIZE", help="limit of DuckDB, such as 4GB")
    run.add_argument("--threads", type=int, default=0, metavar="N", help="threads of DuckDB")
    run.add_argument("--min-group", type=int, default=0, metavar="N", help="smallest group to show; only larger")
    run.add_argument("--quiet", action="store_true", help="no progress, only the result")
    run.set_defaults(command=_run)

    check = commands.add_parser("check", help="what a drop folder holds; changes nothing")
    check.add_argument("exports", type=_existing, metavar="DIR", help="drop folder, or one export")
    check.add_argument(
        "--show-identifiers",
        action="store_true",
        help="print the accounts that match nobody on the roster, to this terminal only",
    )
    check.set_defaults(command=_check)

    asking = argparse.ArgumentParser(add_help=False)
    asking.add_argument("metric", metavar="METRIC", help="its name in docs/metrics.md")
    asking.add_argument("--out", type=_existing, required=True, metavar="DIR", help="output folder of a run")
    asking.add_argument("--period", default="", metavar="PERIOD", help="2026-08, 2026-W35 or 2026-08-31")

    explain = commands.add_parser("explain", parents=[asking], help="where a released figure comes from")
    explain.add_argument("--unit", default="all", metavar="NAME", help="one unit (default all)")
    explain.add_argument("--platform", default="all", metavar="NAME", help="one platform (default all)")
    explain.set_defaults(command=_explain)

    ask = commands.add_parser("ask", parents=[asking], help="a released figure, broken down")
    ask.add_argument("--by", default="month", choices=(*BY, *BREAKDOWNS), help="by what (default month)")
    ask.add_argument("--xlsx", type=Path, metavar="FILE", help="write a workbook instead of printing")
    ask.set_defaults(command=_ask)

    policy = commands.add_parser("policy", help="what the agreement says, whether it holds, and what departs from it")
    policy.add_argument("--exports", type=_existing, required=True, metavar="DIR", help="drop folder with policy.toml")
    policy.set_defaults(command=_policy)

    add_commands(commands, _existing, _tell)

    rotating = commands.add_parser("rotate-key", help="reads everything again under a new key; destroys the old one")
    rotating.add_argument("--exports", type=_existing, required=True, metavar="DIR", help="drop folder, or one export")
    rotating.add_argument("--out", type=_existing, required=True, metavar="DIR", help="output folder of a run")
    rotating.add_argument("--drop-missing", action="store_true", help="without exports that are no longer there")
    rotating.add_argument("--drop-unnamed", action="store_true", help="without who is left out and named nowhere")
    rotating.add_argument("--person", action="append", default=[], metavar="PERSON", help="one of them (repeatable)")
    rotating.set_defaults(command=partial(_tell, _rotate_key))

    trail = commands.add_parser("trail", help="prints the audit trail, and whether it is whole")
    trail.add_argument("--out", type=_existing, required=True, metavar="DIR", help="output folder of a run")
    trail.add_argument("--head", default="", metavar="HASH", help="the hash of a line noted before: is it still there?")
    trail.add_argument("--accept-break", metavar="REASON", help="acknowledges that lines were changed or removed")
    trail.set_defaults(command=partial(_tell, _trail))

    sample = commands.add_parser("sample", help="writes a sample company's exports")
    sample.add_argument("--people", type=int, default=1200, metavar="N", help="employees (default 1200)")
    sample.add_argument("--days", type=int, default=365, metavar="D", help="days of activity (default 365)")
    sample.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed gives the same bytes")
    sample.add_argument("--out", type=Path, required=True, metavar="DIR", help="drop folder to write")
    sample.set_defaults(command=_sample)
    return parser


def _existing(text: str) -> Path:
    path = Path(text)
    if not path.exists():
        raise argparse.ArgumentTypeError("there is no such file or folder")
    return path


def _run(parsed: argparse.Namespace) -> int:
    from pydantic import ValidationError

    from pipelines.job import run_job
    from pipelines.workspace import Workspace

    console = Console(stderr=True, quiet=parsed.quiet)
    try:
        workspace = Workspace(
            exports=str(parsed.exports),
            out=str(parsed.out),
            as_of=parsed.as_of,
            platforms=parsed.platform,
            memory_limit=parsed.memory_limit,
            threads=parsed.threads,
            min_group=parsed.min_group,
        )
    except ValidationError as error:
        raise SettingsRefused(
            "; ".join(
                f"PPL-CFG-009 {_option(str(one['loc'][0]))}: {one['msg'].removeprefix('Value error, ')}; "
                "nothing was run; correct it"
                for one in error.errors()
            )
        ) from error
    with _progress(console) as progress:
        task = progress.add_task("starting", total=None)
        outcome = run_job(
            workspace,
            lambda step, n_done, n_steps: progress.update(task, description=step, completed=n_done, total=n_steps),
        )
    for line in outcome.problems:
        say(line, file=sys.stderr)
    if outcome.release is None:
        return NOT_RELEASED
    say(outcome.summary)
    return RELEASED_WITH_REFUSALS if outcome.is_incomplete else RELEASED


def _option(field: str) -> str:
    return "--platform" if field == "platforms" else f"--{field.replace('_', '-')}"


def _check(parsed: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from pipelines.check import report

    with _progress(Console(stderr=True)) as progress:
        task = progress.add_task("reading", total=None)
        lines, n_problems = report(
            parsed.exports,
            now=datetime.now(UTC).replace(tzinfo=None),
            show_identifiers=parsed.show_identifiers,
            progress=lambda path, n_done, n_files: progress.update(
                task, description=clean(path), completed=n_done, total=n_files
            ),
        )
    say(*lines)
    return RELEASED_WITH_REFUSALS if n_problems else RELEASED


def _explain(parsed: argparse.Namespace) -> int:
    from pipelines.explain import explain, published
    from pipelines.warehouse import Warehouse

    metric, period = _asked(parsed)
    live = Warehouse(parsed.out / "work" / "turnout.duckdb", read_only=True)
    if not live.path.exists():
        raise SettingsRefused("PPL-ASK-007 --out: holds no warehouse; nothing was read; run `turnout run` first")
    chosen = {"unit": parsed.unit, "platform": parsed.platform, "period": period}
    for line in explain(live, published(parsed.out), metric, **chosen):
        say(line)
    return RELEASED


def _ask(parsed: argparse.Namespace) -> int:
    from pipelines.ask import answer, as_text
    from pipelines.explain import published

    metric, period = _asked(parsed)
    rows, about = answer(published(parsed.out), metric, by=parsed.by, period=period)
    if parsed.xlsx:
        from dashboards.workbook import write_answer

        write_answer(rows, about, parsed.xlsx)
        say(f"{rows.height} rows in {parsed.xlsx}")
    else:
        say(*about, "", *as_text(rows))
    return RELEASED


def _asked(parsed: argparse.Namespace) -> tuple[Metric, Period | None]:
    return metric_named(parsed.metric), period_named(parsed.period) if parsed.period else None


def _policy(parsed: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from pipelines.agreement_words import described

    lines, is_admitted = described(parsed.exports, today=datetime.now(UTC).date())
    say(*lines)
    return RELEASED if is_admitted else NOT_RELEASED


def _tell(act: Callable[[argparse.Namespace], Told], parsed: argparse.Namespace) -> int:
    from pipelines.warehouse import WarehouseBusy

    try:
        lines, is_done = act(parsed)
    except WarehouseBusy as busy:
        say(busy, file=sys.stderr)
        return NOT_RELEASED
    say(*lines)
    return RELEASED if is_done else NOT_RELEASED


def _rotate_key(parsed: argparse.Namespace) -> Told:
    from datetime import UTC, datetime

    from pipelines.job import run_job
    from pipelines.rotation.rotate import Accepted, rotate
    from pipelines.workspace import Workspace

    return rotate(
        parsed.out,
        parsed.exports,
        Accepted(parsed.drop_missing, parsed.drop_unnamed, parsed.person),
        now=datetime.now(UTC).replace(tzinfo=None),
        run=partial(run_job, Workspace(exports=str(parsed.exports), out=str(parsed.out))),
    )


def _trail(parsed: argparse.Namespace) -> Told:
    from datetime import UTC, datetime

    from pipelines import trail, trail_check

    state = parsed.out / "work" / "state"
    if parsed.accept_break is not None:
        now = datetime.now(UTC).replace(tzinfo=None)
        n_lines = trail_check.accept(state, parsed.accept_break, now=now, who=trail.current_user())
        return [f"Recorded: {n_lines} breaks are acknowledged; the audit trail is whole from here on"], True
    return trail_check.told(state, noted=parsed.head)


def _sample(parsed: argparse.Namespace) -> int:
    from data_samples import write_company

    if parsed.out.exists() and any(parsed.out.iterdir()):
        raise SettingsRefused("PPL-CFG-010 --out: the folder is not empty; nothing was written; name a new folder")
    with _progress(Console(stderr=True)) as progress:
        progress.add_task(f"writing {parsed.people} people over {parsed.days} days", total=None)
        write_company(parsed.out, people=parsed.people, days=parsed.days, seed=parsed.seed)
    say(f"A sample company of {parsed.people} people is in {parsed.out}")
    return RELEASED


def _progress(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        *Progress.get_default_columns()[1:3],
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )


if __name__ == "__main__":
    sys.exit(main())
