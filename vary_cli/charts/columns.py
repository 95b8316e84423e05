"""Charts of bars: upright or lying, beside each other or on each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vary_cli.charts import bars, categories, labels, plot
from vary_cli.charts.bars import Bar
from vary_cli.charts.facts import Facts
from vary_cli.charts.scene import Scene
from vary_cli.document import Box
from vary_cli.ink.blobs import Floats

REGULAR = 0.4  # bars are filled and alike so far at least
ALIKE = 0.6  # of the width of most; what is narrower is no bar
COVERED = 0.7  # of a colour's pixels are in its bars
LEVEL = 4  # px; bars that begin together differ by less
MOST = 40  # bars of one name
SHIFT = 0.25  # of a bar's width; bars on each other are shifted by less


@dataclass(frozen=True)
class Series:
    """Bars of one name."""

    name: str
    bars: list[Bar]
    covered: float
    """The share of its colour's pixels that are in them."""


def read(found: Scene) -> tuple[Facts, bool] | None:
    """The bars of a chart as facts, and whether they lie; None where there are none."""
    boxes = {False: plot.upright(found), True: plot.lying(found)}
    seen = {lying: series_in(found, box, lying) for lying, box in boxes.items() if box is not None}
    sure = {lying: regular(series, lying, most_bars(found, lying)) for lying, series in seen.items()}
    best = max(sure, key=lambda lying: sure[lying], default=None)
    if best is None or sure[best] < REGULAR:
        return None
    return facts(found, [one for one in seen[best] if one.bars], best), best


def regular(series: Sequence[Series], lying: bool, most: int) -> float:
    """How much like bars it all looks: filled, of one width, and standing on one base or on each other.

    There are at most as many of a series as there may be names.
    """
    known = [one for one in series if one.bars]
    if not known or max(len(one.bars) for one in known) > most:
        return 0.0
    likely = [bars.regular(one.bars) * (one.covered > COVERED) for one in known]
    return float(np.mean(likely)) * resting([bar for one in known for bar in one.bars], lying)


def most_bars(found: Scene, lying: bool) -> int:
    """How many bars of one name there may be: the dashes of a line are more."""
    if lying or found.left is None:
        return MOST
    names = categories.below(found, found.left.scale.last - 2, found.left.scale.step)
    return 2 * len(names) if len(names) > 1 else MOST


def resting(found: Sequence[Bar], lying: bool) -> float:
    """The share of bars that begin where most do, or where another ends."""
    starts = np.array([bar.top if lying else bar.bottom for bar in found])
    ends = np.array([bar.bottom if lying else bar.top for bar in found])
    middles = np.array([bar.middle for bar in found])
    base = starts.min() if lying else starts.max()
    based = np.abs(starts - base) <= LEVEL
    wide = np.array([bar.right - bar.left for bar in found])
    over = (np.abs(starts[:, None] - ends) <= LEVEL) & (np.abs(middles[:, None] - middles) < SHIFT * wide[:, None])
    return float((based | over.any(1)).mean())


def series_in(found: Scene, box: Box, lying: bool) -> list[Series]:
    """The bars of each name; lying ones as upright ones, x and y exchanged."""
    part = found.bare(lying).part(box)
    left, top = round(box[0]), round(box[1])
    off = (top, left) if lying else (left, top)
    series = []
    for name, colour in found.inks(box):
        mask = np.ascontiguousarray(part.where(colour).T) if lying else part.where(colour)
        mask = bars.unruled(mask)
        mine = [bar for bar in bars.bars(mask) if bar.solid > bars.SOLID]
        wide = float(np.median([bar.right - bar.left for bar in mine])) if mine else 0.0
        kept = [bar.moved(*off) for bar in mine if bar.right - bar.left > ALIKE * wide]
        inside = sum(bar.solid * (bar.right - bar.left) * (bar.bottom - bar.top) for bar in kept)
        series.append(Series(name, kept, inside / max(1, int(mask.sum()))))
    return series


def facts(found: Scene, series: Sequence[Series], lying: bool) -> Facts:
    """The values of bars."""
    stacked = on_each_other(series)
    axis = found.bottom if lying else found.left
    assert axis is not None
    base = base_of(series, lying, stacked)
    base = axis.scale.zero if abs(axis.scale.zero - base) <= LEVEL else base
    places = centres(series)
    names = categories.named((categories.beside if lying else categories.below)(found, base), places, not lying)
    values = {}
    for number, one in enumerate(series):
        scale = axis.scale if lying else plot.measuring(found, number, len(series)).scale
        unit = abs(scale.unit)
        told: dict[str, float] = {}
        for bar in one.bars:
            start = bar.top if lying else bar.bottom
            start = start if stacked and abs(start - base) > LEVEL else base
            size = bar.bottom - start if lying else start - bar.top
            told[names[int(np.abs(places - bar.middle).argmin())]] = labels.proved(
                found, bar, size * unit, unit, lying, stacked
            )
        values[one.name] = dict(reversed(told.items())) if lying else told
    return Facts("barh" if lying else "stacked" if stacked else "bar", values)


def on_each_other(series: Sequence[Series]) -> bool:
    """Whether the bars of the series stand on each other."""
    first, *others = series
    shifts = [
        min(abs(bar.middle - low.middle) for low in first.bars) / (bar.right - bar.left)
        for one in others
        for bar in one.bars
    ]
    return bool(shifts) and float(np.median(shifts)) < SHIFT


def base_of(series: Sequence[Series], lying: bool, stacked: bool) -> float:
    """Where bars begin, px."""
    starts = [bar.top if lying else bar.bottom for one in series for bar in one.bars]
    return (min(starts) if lying else max(starts)) if stacked else float(np.median(starts))


def centres(series: Sequence[Series]) -> Floats:
    """The middle of each category, px."""
    most = max(len(one.bars) for one in series)
    return np.asarray(np.mean([[bar.middle for bar in one.bars] for one in series if len(one.bars) == most], axis=0))
