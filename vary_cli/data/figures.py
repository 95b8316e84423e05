"""What charts say: kinds, titles, categories, series of numbers, drawn at random; and the dict that is the answer.

Knows no renderer; matplotlib and echarts draw the same figures.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from vary_cli.charts.facts import OPENING
from vary_cli.data.wording import MONTHS, UNITS, Wording

PROMPT = "Convert this chart to python-dict"
Kind = Literal["bar", "barh", "stacked", "line", "area", "pie", "ring", "scatter", "radar", "funnel"]
LABELLED = ("pie", "ring", "funnel")
"""Charts whose values cannot be read off an axis: they are written on."""


@dataclass(frozen=True)
class Series:
    """Numbers of one name: one for each category, or of a scatter chart the places of its points."""

    name: str
    values: tuple[float, ...] = ()
    points: tuple[tuple[float, float], ...] = ()
    second: bool = False
    """Measured on the axis at the right."""


@dataclass(frozen=True)
class Chart:
    """One chart."""

    kind: Kind
    title: str
    x_title: str
    y_title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    labelled: bool
    """Whether values are written on."""
    second_title: str = ""
    """Of the axis at the right."""

    def facts(self) -> dict[str, Any]:
        """What the chart says, less what it leaves out."""
        axes = {"x title": self.x_title, "y title": self.y_title, "second y title": self.second_title}
        named = {key: value for key, value in axes.items() if value}
        return {"title": self.title, "type": self.kind, **named, "values": self.values()}

    def values(self) -> dict[str, Any]:
        """Numbers by series and category; of a single series without a name by category alone."""
        told = {line.name: self.numbers(line) for line in self.series}
        return told[""] if list(told) == [""] else told  # type: ignore[return-value]  # one without a name is no scatter

    def numbers(self, line: Series) -> dict[str, float] | list[tuple[float, float]]:
        """The numbers of a series."""
        return list(line.points) if line.points else dict(zip(self.categories, line.values, strict=True))


def answer(charts: Sequence[Chart], title: str = "") -> str:
    """What is to be said of a picture: the dict of its chart, or of several under a common title."""
    told = charts[0].facts() if len(charts) == 1 else {"title": title, "charts": [chart.facts() for chart in charts]}
    return f"{OPENING}\n{told!r}"


def chart(words: Wording, chance: random.Random, kinds: Sequence[Kind]) -> Chart:
    """A chart of one of the kinds."""
    kind = chance.choice(kinds)
    build = SHAPES.get(kind, by_category)
    return build(kind, words, chance)


def by_category(kind: Kind, words: Wording, chance: random.Random) -> Chart:
    """One to four series over the same categories."""
    categories = some_categories(words, chance, 8)
    count = chance.randint(2, 4) if kind in ("stacked", "area") else chance.randint(1, 4)
    names = words.several(chance, count) if count > 1 else (chance.choice([words.word(chance), ""]),)
    second = kind in ("bar", "line") and len(names) > 1 and chance.random() < 0.2
    labelled = chance.random() < 0.5 and not second
    scales = [scale(chance), scale(chance)]
    if not second:
        scales[1] = scales[0]
    lines = tuple(
        Series(name, numbers(chance, scales[is_last], len(categories), labelled), second=is_last)
        for name, is_last in ((name, second and name == names[-1]) for name in names)
    )
    title, x_title, y_title = titles(words, chance)
    return Chart(kind, title, x_title, y_title, categories, lines, labelled, measure(words, chance) if second else "")


def whole(kind: Kind, words: Wording, chance: random.Random) -> Chart:
    """Parts of a whole: a pie, a ring, a funnel."""
    categories = some_categories(words, chance, 7)
    values = numbers(chance, scale(chance), len(categories), True)
    if kind == "funnel":
        values = tuple(sorted(values, reverse=True))
    title, _, _ = titles(words, chance)
    return Chart(kind, title, "", "", categories, (Series("", values),), True)


def cloud(kind: Kind, words: Wording, chance: random.Random) -> Chart:
    """Points in the plane."""
    across, up = scale(chance), scale(chance)
    names = words.several(chance, chance.randint(1, 3))
    lines = []
    for name in names:
        count = chance.randint(4, 12)
        xs, ys = numbers(chance, across, count, False), numbers(chance, up, count, False)
        lines.append(Series(name, points=tuple(sorted(zip(xs, ys, strict=True)))))
    title, _, _ = titles(words, chance)
    return Chart(kind, title, measure(words, chance), measure(words, chance), (), tuple(lines), False)


def spokes(kind: Kind, words: Wording, chance: random.Random) -> Chart:
    """A radar chart: one scale for all directions, its values written on, so that of several little could be read."""
    categories = words.several(chance, chance.randint(3, 8))
    top = scale(chance)
    lines = (Series(words.word(chance), numbers(chance, top, len(categories), False)),)
    title, _, _ = titles(words, chance)
    return Chart(kind, title, "", "", categories, lines, False)


SHAPES: dict[Kind, Callable[[Kind, Wording, random.Random], Chart]] = {
    "pie": whole,
    "ring": whole,
    "funnel": whole,
    "scatter": cloud,
    "radar": spokes,
}
"""Kinds that are not series over categories."""


def titles(words: Wording, chance: random.Random) -> tuple[str, str, str]:
    """Of the chart, of its axes; any may be missing."""
    title = words.title(chance) if chance.random() < 0.85 else ""
    across = words.word(chance) if chance.random() < 0.6 else ""
    return title, across, measure(words, chance) if chance.random() < 0.7 else ""


def measure(words: Wording, chance: random.Random) -> str:
    """What an axis measures, with its unit."""
    unit = chance.choice(UNITS[words.language])
    return f"{words.word(chance)} ({unit})" if unit else words.word(chance)


def some_categories(words: Wording, chance: random.Random, most: int) -> tuple[str, ...]:
    """Years, months or names."""
    count, kind = chance.randint(2, most), chance.random()
    if kind < 0.3:
        first = chance.randint(1980, 2020)
        return tuple(str(first + i) for i in range(count))
    if kind < 0.45:
        start = chance.randint(0, 12 - count)
        return tuple(MONTHS[words.language][start : start + count])
    return words.several(chance, count)


def scale(chance: random.Random) -> float:
    """How large numbers are."""
    return chance.choice([1.0, 1.5, 2.0, 3.0, 5.0, 8.0]) * 10.0 ** chance.randint(0, 4)


def numbers(chance: random.Random, top: float, count: int, exact: bool) -> tuple[float, ...]:
    """Numbers below `top`; those that must be read off an axis are round."""
    step = top / (1000 if exact else 50)
    digits = max(0, 3 - len(str(int(top)))) if exact else (0 if step >= 1 else 2)
    low = chance.choice([0.05, 0.05, 0.4])
    found = (round(round(chance.uniform(low, 1) * top / step) * step, digits) for _ in range(count))
    return tuple(int(value) if digits == 0 else value for value in found)


def width(name: str) -> int:
    """How wide a name is, in narrow characters."""
    return len(name.encode("gbk", "replace"))
