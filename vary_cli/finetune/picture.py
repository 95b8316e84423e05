"""The picture of a run: its losses over its steps, the held-out ones as points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SMOOTH = 40  # points that the drawn line is left with

Rows = Sequence[Mapping[str, Any]]


def draw(rows: Rows, file: Path) -> None:
    """Draw the lines of metrics.jsonl into a picture."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    learnt = [(row["step"], row["loss"]) for row in rows if "loss" in row]
    judged = [(row["step"], row["held_out"]["loss"]) for row in rows if row.get("held_out", {}).get("loss") is not None]
    if learnt:
        axes.plot(*zip(*learnt, strict=True), color="0.8", linewidth=0.8)
        axes.plot(*zip(*smooth(learnt), strict=True), label="learned")
    if judged:
        axes.plot(*zip(*judged, strict=True), "o-", markersize=4, label="held out")
    axes.set(xlabel="step", ylabel="loss", yscale="log")
    axes.grid(alpha=0.3)
    if learnt or judged:
        axes.legend()
    figure.savefig(file, dpi=120)


def smooth(points: Sequence[tuple[int, float]]) -> list[tuple[float, float]]:
    """Means of stretches of points."""
    width = max(1, len(points) // SMOOTH)
    stretches = [points[i : i + width] for i in range(0, len(points), width)]
    return [(sum(x for x, _ in s) / len(s), sum(y for _, y in s) / len(s)) for s in stretches]
