"""A chart put together: its marks are measured, its words get their parts, and both become facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from vary_cli.charts import bars
from vary_cli.charts.axes import Axis
from vary_cli.charts.bars import Bar
from vary_cli.charts.facts import Facts, Unreadable
from vary_cli.charts.numbers import rounded
from vary_cli.charts.scene import Scene, scene
from vary_cli.charts.words import Word
from vary_cli.document import Box


def plot_of(found: Scene, lying: bool) -> Box | None:
    """Where the marks of a chart stand, by its value axis."""
    axis = found.bottom if lying else found.left
    if axis is None:
        return None
    low, high = sorted((axis.scale.first, axis.scale.last))
    height, width, _ = found.canvas.pixels.shape
    if lying:
        start = axis.scale.zero - 3 if abs(axis.scale.zero - low) < axis.scale.step else low - axis.scale.step
        return max(0.0, start), 0.0, min(float(width), high + axis.scale.step), axis.box[1] - 1
    stop = axis.scale.zero + 3 if abs(axis.scale.zero - high) < axis.scale.step else high + axis.scale.step
    right = found.right.box[0] - 1 if found.right else float(width)
    return axis.box[2] + 1, max(0.0, low - axis.scale.step), right, min(float(height), stop)


@dataclass(frozen=True)
class Set:
    name: str
    bars: list[Bar]


def sets(found: Scene, lying: bool) -> tuple[list[Set], float, Box] | None:
    box = plot_of(found, lying)
    if box is None:
        return None
    canvas = found.clear.part(box)
    got: list[Set] = []
    score = []
    for name, colour in found.inks(box):
        mask = canvas.where(colour)
        mine = bars.bars(np.ascontiguousarray(mask.T) if lying else mask)
        mine = [b for b in mine if b.solid > bars.SOLID]
        wide = np.median([b.right - b.left for b in mine]) if mine else 0
        mine = [b for b in mine if b.right - b.left > 0.6 * wide]
        off = (box[1], box[0]) if lying else (box[0], box[1])
        got.append(Set(name, [Bar(b.left + round(off[0]), b.right + round(off[0]), b.top + round(off[1]), b.bottom + round(off[1]), b.solid) for b in mine]))
        score.append(bars.regular(mine))
    return got, float(np.mean(score)) if score else 0.0, box


NO_MARKS = "no bars, lines or wedges could be measured on it"


def read(image: Image.Image, words: Sequence[Word]) -> Facts:
    found = scene(image, words)
    upright, lying = sets(found, False), sets(found, True)
    best = max([s for s in (upright, lying) if s], key=lambda s: s[1], default=None)
    if best is None or best[1] < 0.4:
        raise Unreadable(NO_MARKS)
    return bar_facts(found, best[0], best is lying)


def bar_facts(found: Scene, series: list[Set], lying: bool) -> Facts:
    axis = found.bottom if lying else found.left
    bases = [b.top if lying else b.bottom for s in series for b in s.bars]
    if not bases:
        raise Unreadable(NO_MARKS)
    full = max(len(s.bars) for s in series)
    centres = np.mean([[b.middle for b in s.bars] for s in series if len(s.bars) == full], 0)
    pitch = float(np.min(np.diff(centres))) if full > 1 else 1e9
    stacked = len(series) > 1 and np.mean([min(abs(b.middle - o.middle) for o in series[0].bars) < 0.2 * (b.right - b.left) for s in series[1:] for b in s.bars if series[0].bars]) > 0.5
    base = float(np.median(bases)) if not stacked else (min(bases) if lying else max(bases))
    names = categories(found, centres, pitch, base, lying)
    values = {}
    for s in series:
        scale = (found.right if found.right and not lying and s is series[-1] and len(series) > 1 else axis).scale
        near = {}
        for b in s.bars:
            k = int(np.argmin(np.abs(centres - b.middle)))
            size = (b.bottom - b.top) if stacked else (b.bottom - base if lying else base - b.top)
            near[names[k]] = rounded(size * abs(scale.unit), abs(scale.unit) / 2)
        values[s.name] = near
    kind = "barh" if lying else "stacked" if stacked else "bar"
    return Facts(kind, values)


def categories(found: Scene, centres, pitch, base, lying) -> list[str]:
    slots: list[list[Word]] = [[] for _ in centres]
    for w in band(found, base, lying):
        at = w.middle[1] if lying else (w.box[2] if w.angle else w.middle[0])
        k = int(np.argmin(np.abs(centres - at)))
        if abs(centres[k] - at) < 0.6 * pitch:
            slots[k].append(w)
    names = []
    for k, slot in enumerate(slots):
        name = " ".join(w.text for w in sorted(slot, key=lambda w: w.box[0])) or f"#{k + 1}"
        names.append(name if name not in names else f"{name} #{k + 1}")
    return names


def band(found: Scene, base: float, lying: bool) -> list[Word]:
    if lying:
        return [w for w in found.words if not w.angle and base - 2.2 * w.em < w.box[2] < base + 3]
    level = [w for w in found.words if base - 2 < w.box[1] < base + 2.5 * w.em]
    if not level:
        return []
    top = min(w.box[1] for w in level)
    return [w for w in level if w.box[1] < top + 0.8 * w.em and (w.angle or w.box[3] < top + 2 * w.em)]

