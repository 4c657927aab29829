"""Keeps the figures in the README equal to `acme_truth.json`.

A row ends in `| figure | path |`, the path in code quotes with `/` between its parts. One block lists heads.
"""

import re
from typing import Any

ROW = re.compile(r"^(\|.*\| )([^|]*)( \| `([^`|]+)` \|)$", re.MULTILINE)
HEADS = re.compile(r"(<!-- heads -->\n).*(<!-- /heads -->)", re.DOTALL)


def look_up(truth: dict[str, Any], path: str) -> str:
    """The figure at a path, as text; `#` as the last part asks for the number of entries."""
    value: Any = truth
    for part in path.split("/"):
        value = len(value) if part == "#" else value[int(part)] if isinstance(value, list) else value[part]
    return f"{value:,}" if isinstance(value, int) else str(value)


def refresh(text: str, truth: dict[str, Any]) -> str:
    """The README with the figures of this truth."""
    text = ROW.sub(lambda row: f"{row[1]}{look_up(truth, row[4])}{row[3]}", text)
    return HEADS.sub(lambda block: f"{block[1]}{_heads(truth)}{block[2]}", text)


def _heads(truth: dict[str, Any]) -> str:
    departments: dict[str, dict[str, Any]] = truth["planted"]["heads"]["departments"]
    lines = [
        "| department | head | begins on | weekly share before | since | rise |",
        "|---|---|---|---|---|---|",
    ]
    for name, head in sorted(departments.items(), key=lambda item: (item[1]["begins_on"], item[0])):
        shares = " | ".join(f"{head[key]:.4f}" for key in ("share_before", "share_since", "rise"))
        lines.append(f"| {name} | {head['person']} | {head['begins_on']} | {shares} |")
    return "".join(f"{line}\n" for line in lines)
