"""The pen that draws one chart on matplotlib's axes: bars, lines, areas, pies, rings, points.

Knows no style and no font: those are the figure's settings.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from vary_cli.data.figures import Chart, Kind, width

MAPS = ["tab10", "tab20", "Set1", "Set2", "Set3", "Dark2", "Paired", "Accent", "viridis", "plasma"]
HATCHES = ["", "", "", "", "/", "\\", "x", ".", "o", "-"]
MARKERS = ["o", "s", "^", "D", "v", "x", "", "", ""]
PLACES: list[dict[str, Any]] = [
    {"loc": "upper left", "bbox_to_anchor": (1.02, 1)},
    {"loc": "upper center", "bbox_to_anchor": (0.5, -0.2), "ncols": 4},
    {"loc": "lower center", "bbox_to_anchor": (0.5, 1.1), "ncols": 4},
]
"""Of legends: outside of the axes, where they hide nothing."""
LINES = ["-", "-", "-", "--", "-.", ":"]


class Pen:
    """Draws one chart on its axes, on which `room` narrow characters fit side by side."""

    def __init__(self, axes: Any, chart: Chart, room: int, chance: random.Random) -> None:  # noqa: ANN401
        self.axes, self.chart, self.room, self.chance = axes, chart, room, chance
        self.second = axes.twinx() if any(line.second for line in chart.series) else None
        self.places = list(range(len(chart.categories)))
        self.colours = self.palette()

    def palette(self) -> list[Any]:
        """Colours for series, or for parts."""
        from matplotlib import colormaps

        table = colormaps[self.chance.choice(MAPS)]
        start, count = self.chance.randrange(8), max(len(self.chart.series), len(self.chart.categories), 2)
        if table.N > 20:
            return [table(0.9 * i / count) for i in range(count)]
        return [table((start + i) % table.N) for i in range(count)]

    def draw(self) -> None:
        """The chart with its titles and legend."""
        DRAWN[self.chart.kind](self)
        self.axes.set_title(self.chart.title, fontsize=self.chance.uniform(10, 14))
        if self.chart.kind not in ("pie", "ring"):
            turned = self.chart.kind == "barh"
            across, up = self.chart.x_title, self.chart.y_title
            self.axes.set_xlabel(up if turned else across)
            self.axes.set_ylabel(across if turned else up)
            self.legend()
        if self.second is not None:
            self.second.set_ylabel(self.chart.second_title)

    def legend(self) -> None:
        """Names of series, if they have any."""
        if all(line.name for line in self.chart.series):
            handles = [axes.get_legend_handles_labels() for axes in (self.axes, self.second) if axes is not None]
            marks, names = (
                [mark for pair in handles for mark in pair[0]],
                [name for pair in handles for name in pair[1]],
            )
            where = self.chance.choice(PLACES)
            self.axes.legend(marks, names, fontsize="small", **where)

    def ticks(self) -> None:
        """Categories below the axis, turned where they are long."""
        long = sum(1 + width(name) for name in self.chart.categories) > self.room
        turned = {"rotation": self.chance.choice([30, 45, 90]), "ha": "right"} if long else {}
        self.axes.set_xticks(self.places, self.chart.categories, **turned)

    def bars(self) -> None:
        """Groups of bars, upright or lying."""
        lying = self.chart.kind == "barh"
        width = 0.8 / len(self.chart.series)
        hatch = self.chance.choice(HATCHES)
        for number, line in enumerate(self.chart.series):
            axes = self.second if line.second and self.second is not None else self.axes
            places = [place + (number - (len(self.chart.series) - 1) / 2) * width for place in self.places]
            draw = axes.barh if lying else axes.bar
            shown = draw(places, line.values, 0.92 * width, label=line.name, color=self.colours[number], hatch=hatch)
            if self.chart.labelled:
                axes.bar_label(shown, [f"{value}" for value in line.values], fontsize="x-small", padding=1)
        if lying:
            self.axes.set_yticks(self.places, self.chart.categories)
        else:
            self.ticks()

    def stack(self) -> None:
        """Bars on bars."""
        below = [0.0] * len(self.places)
        for line, colour in zip(self.chart.series, self.colours, strict=False):
            shown = self.axes.bar(self.places, line.values, 0.6, bottom=below, label=line.name, color=colour)
            if self.chart.labelled:
                self.axes.bar_label(
                    shown, [f"{value}" for value in line.values], label_type="center", fontsize="x-small"
                )
            below = [a + b for a, b in zip(below, line.values, strict=True)]
        self.ticks()

    def lines(self) -> None:
        """Lines over categories, their area filled or not."""
        marker, width = self.chance.choice(MARKERS), self.chance.uniform(1, 3)
        for line, colour in zip(self.chart.series, self.colours, strict=False):
            axes = self.second if line.second and self.second is not None else self.axes
            style = self.chance.choice(LINES)
            axes.plot(self.places, line.values, style, marker=marker, linewidth=width, label=line.name, color=colour)
            if self.chart.kind == "area":
                axes.fill_between(self.places, line.values, color=colour, alpha=0.3)
            if self.chart.labelled and len(self.chart.series) < 3:
                for place, value in zip(self.places, line.values, strict=True):
                    axes.annotate(
                        f"{value}", (place, value), (0, 4), textcoords="offset points", ha="center", fontsize="x-small"
                    )
        self.ticks()

    def parts(self) -> None:
        """A pie or a ring, its values written on."""
        values = self.chart.series[0].values
        names = [f"{name}: {value}" for name, value in zip(self.chart.categories, values, strict=True)]
        ring = {"width": self.chance.uniform(0.3, 0.5)} if self.chart.kind == "ring" else {}
        apart = [self.chance.choice([0, 0, 0, 0.08]) for _ in values]
        angle = self.chance.choice([0, 90, 140])
        beside = self.chance.random() < 0.4 or self.room < 60
        shown = self.axes.pie(
            values,
            explode=apart,
            colors=self.colours,
            startangle=angle,
            labels=None if beside else names,
            wedgeprops={**ring, "edgecolor": "white"},
        )
        if beside:
            self.axes.legend(shown[0], names, loc="center left", bbox_to_anchor=(1, 0.5), fontsize="small")

    def points(self) -> None:
        """Clouds of points."""
        for line, colour in zip(self.chart.series, self.colours, strict=False):
            xs, ys = zip(*line.points, strict=True)
            self.axes.scatter(
                xs, ys, s=self.chance.uniform(15, 60), label=line.name, color=colour, marker=self.chance.choice("osd^v")
            )


DRAWN: dict[Kind, Callable[[Pen], None]] = {
    "bar": Pen.bars,
    "barh": Pen.bars,
    "stacked": Pen.stack,
    "line": Pen.lines,
    "area": Pen.lines,
    "pie": Pen.parts,
    "ring": Pen.parts,
    "scatter": Pen.points,
}
