"""The names along an axis: words below or beside a plot, one for each place. Misread members of a row are mended."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vary_cli.charts.numbers import number
from vary_cli.charts.scene import Scene
from vary_cli.charts.words import Word, is_name
from vary_cli.ink.blobs import Floats

BELOW, BESIDE = 2.6, 2.4  # em; names stand no further from the plot
ROW = 0.8  # em; names of one row begin no lower
COUNTED = 0.3  # of names count, then all do
REACH = 0.6  # of the space between two places; a name stands no further from its own


def below(found: Scene, base: float, slack: float = 0) -> list[Word]:
    """The names below a plot that ends at `base`, or no more than `slack` lower: the first row of words."""
    named = [word for word in found.words if is_name(word)]
    near = [word for word in named if base - 2 < word.box[1] < base + slack + BELOW * word.em]
    slanted = [word for word in near if word.angle]
    rows = [[one for one in near if not one.angle and abs(one.box[1] - word.box[1]) < ROW * word.em] for word in near]
    level = min((row for row in rows if len(row) > 1), key=lambda row: row[0].box[1], default=[])
    if len(slanted) > 1 and len(slanted) * 2 >= len(level):
        top = min(word.box[1] for word in slanted)
        return [word for word in slanted if word.box[1] < top + ROW * word.em]
    return level


def beside(found: Scene, base: float) -> list[Word]:
    """The names at the left of a plot that begins at `base`."""
    near = [word for word in found.words if not word.angle and is_name(word)]
    return [word for word in near if base - BESIDE * word.em < word.box[2] < base + 3 and word.box[3] < base_of(found)]


def base_of(found: Scene) -> float:
    """Where the numbers below a plot begin, px."""
    return found.bottom.box[1] if found.bottom is not None else float(found.canvas.pixels.shape[0])


def anchor(word: Word, upright: bool = True) -> float:
    """The place that a name belongs to, px: slanted names end there."""
    if not upright:
        return word.middle[1]
    return word.box[2] - (word.em / 2 if word.angle == 90 else word.em / 3) if word.angle else word.middle[0]


def named(words: Sequence[Word], places: Floats, upright: bool = True) -> list[str]:
    """A name for each place along the axis: across for upright charts, else down."""
    pitch = float(np.diff(places).min()) if len(places) > 1 else 1e9
    slots: list[list[Word]] = [[] for _ in places]
    for word in words:
        nearest = int(np.abs(places - anchor(word, upright)).argmin())
        if abs(places[nearest] - anchor(word, upright)) < REACH * pitch:
            slots[nearest].append(word)
    names = [" ".join(word.text for word in sorted(slot, key=lambda word: word.box[0])) for slot in slots]
    return distinct(counted(names))


def counted(names: list[str]) -> list[str]:
    """Names that count up or down (years, months), each that breaks the row as the others tell it."""
    tail = common_tail(names)
    told = [number(name.removesuffix(tail)) for name in names]
    starts = [
        (int(value) - way * place, way) for place, value in enumerate(told) if value is not None for way in (1, -1)
    ]
    best = max(set(starts), key=starts.count, default=(0, 1))
    if starts.count(best) < max(2, COUNTED * len(names)):
        return names
    return [f"{best[0] + best[1] * place}{tail}" for place in range(len(names))]


def common_tail(names: Sequence[str]) -> str:
    """A last character that is no digit and that most names have."""
    tails = [name[-1] for name in names if name and not name[-1].isdigit()]
    best = max(set(tails), key=tails.count, default="")
    return best if tails.count(best) > len(names) / 2 else ""


def distinct(names: Sequence[str]) -> list[str]:
    """The names; those that are missing, or are there already, with their number."""
    return [name if name and name not in names[:place] else f"{name}#{place + 1}" for place, name in enumerate(names)]


def spaced(words: Sequence[Word], start: float, stop: float) -> Floats | None:
    """Places at even steps between two ends of the marks, px, as names tell how many there are; None without names."""
    at = np.sort([anchor(word) for word in words if start - word.em < anchor(word) < stop + word.em])
    if len(at) < 2:
        return None
    gaps = np.diff(at)
    pitch = float(np.median(gaps[gaps > 0.5 * np.median(gaps)]))
    count = max(1, round((stop - start) / pitch))
    step = (stop - start) / count
    if not any(word.angle for word in words):
        order = np.round((at - start) / step)
        fit = np.polyfit(order, at, 1) if len(set(order)) > 1 else None
        if fit is not None and abs(fit[0] - step) < 0.06 * step:
            return np.asarray(fit[1] + fit[0] * np.arange(count + 1))
    return np.linspace(start, stop, count + 1)
