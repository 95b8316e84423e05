"""A chart as it is seen: its colours, its words, and which of them are a legend or numbers along an axis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from vary_cli.charts import axes, legend
from vary_cli.charts.axes import Axis
from vary_cli.charts.canvas import UNLIKE, Canvas, Colour, common, distance, vividness
from vary_cli.charts.legend import Entry
from vary_cli.charts.words import Word, inside, is_name, mended
from vary_cli.document import Box

FAR = 0.3  # of the picture's width between axes at its left and right
GREY = 40  # levels; colours of marks are more vivid
TICK = 2  # px; marks of axes are no thicker
LEAST = 3  # numbers that make an axis
SPARE = 0.0008  # of a plot; a colour that has less of it is no series'


@dataclass(frozen=True)
class Scene:
    """One chart."""

    canvas: Canvas
    words: tuple[Word, ...]
    """Less those of the legend."""
    entries: tuple[Entry, ...]
    """The legend."""
    left: Axis | None
    right: Axis | None
    bottom: Axis | None
    is_pie: bool = False
    """Words name parts with their values."""

    @cached_property
    def clear(self) -> Canvas:
        """The picture without its legend."""
        return self.canvas.without([grown(entry.box) for entry in self.entries], self.canvas.paper)

    def bare(self, lying: bool) -> Canvas:
        """The picture without its legend and without words beyond its scale: some are as grey as a series."""
        axis = self.bottom if lying else self.left
        if axis is None:
            return self.clear
        ends = axis.scale.first - TICK, axis.scale.last + TICK
        beyond = [word for word in self.words if not ends[0] < word.middle[0 if lying else 1] < ends[1]]
        boxes = [grown(word.box, 1) for word in beyond if is_name(word)]
        return self.clear.without(boxes, self.canvas.paper)

    def inks(self, box: Box) -> list[tuple[str, Colour]]:
        """Names and colours of the series in a plot; the most frequent colour where there is no legend."""
        if self.entries:
            return [(entry.name, entry.colour) for entry in self.entries]
        part = self.clear.part(box)
        face = part.ground
        seen = [
            one
            for one in common(part.pixels, 24)
            if min(distance(one, face), distance(one, self.canvas.paper)) > UNLIKE
        ]
        vivid = [one for one in seen if vividness(one) > GREY]
        enough = [one for one in vivid if part.where(one).mean() > SPARE] or seen
        return [("", enough[0])] if enough else []


def grown(box: Box, by: float = 3) -> Box:
    """A box with a margin, px."""
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def is_tick(word: Word) -> bool:
    """Whether it is a mark of an axis and no word."""
    wide, high = word.box[2] - word.box[0], word.box[3] - word.box[1]
    return min(wide, high) <= TICK and max(wide, high) <= 8 * TICK


def scene(canvas: Canvas, words: Sequence[Word], is_pie: bool) -> Scene:
    """What is seen of a chart with these words."""
    words = mended([word for word in words if not is_tick(word)])
    entries = legend.entries(canvas, words, numbers=is_pie)
    own = [word for word in words if word.text and not any(inside(word, entry.box) for entry in entries)]
    left = first(axes.columns(own, at_right=False), lambda axis: -axis.box[0])
    beyond = left.box[2] + FAR * canvas.pixels.shape[1] if left is not None else 0.0
    right = first([axis for axis in axes.columns(own, at_right=True) if axis.box[0] > beyond], lambda axis: axis.box[0])
    bottom = first(axes.rows(own), lambda axis: axis.box[1])
    left = axes.marked(left, canvas, "left") if left is not None else None
    bottom = axes.marked(bottom, canvas, "below") if bottom is not None else None
    right = axes.marked(right, canvas, "right") if left is not None and right is not None else None
    return Scene(canvas, tuple(own), tuple(entries), left, right, bottom, is_pie)


def first(found: Sequence[Axis], outermost: Callable[[Axis], float]) -> Axis | None:
    """The axis that is furthest out."""
    return max([axis for axis in found if axis.scale.count >= LEAST], key=outermost, default=None)
