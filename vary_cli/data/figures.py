"""What charts say: kinds, titles, categories, series of numbers, drawn at random, and the python-dict that is the answer.

Knows no renderer; matplotlib and echarts draw the same figures.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from vary_cli.data import text
from vary_cli.data.text import Texts

PROMPT = "Convert this chart to python-dict"
OPENING = "The dict of the chart is:"
Kind = Literal["bar", "barh", "stacked", "line", "area", "pie", "ring", "scatter", "radar", "funnel"]
LABELLED = ("pie", "ring", "funnel")
"""Charts whose values cannot be read off an axis: they are written on."""

WORDS = {
    "en": (
        "Sales Revenue Profit Cost Population Rainfall Temperature Output Exports Imports Visitors Users Orders Energy "
        "Coal Solar Wind Water Steel Wheat Rice Coffee Tea Cotton Oil Gas Cars Trains Flights Books Students Teachers "
        "Hospitals Budget Growth Share Price Demand Supply Stock Income Wages Rent Tax Debt Loans Savings Index Rate "
        "North South East West Central Online Retail Wholesale Service Research Design Marketing Support Logistics"
    ).split(),
    "zh": (
        "销售额 收入 利润 成本 人口 降雨量 气温 产量 出口 进口 游客 用户 订单 能源 煤炭 太阳能 风能 水电 钢铁 小麦 水稻 咖啡 "
        "茶叶 棉花 石油 天然气 汽车 火车 航班 图书 学生 教师 医院 预算 增长率 份额 价格 需求 供给 库存 工资 房租 税收 债务 "
        "贷款 储蓄 指数 比例 华北 华南 华东 西部 中部 线上 零售 批发 服务 研发 设计 市场 客服 物流 北京 上海 广州 深圳 成都"
    ).split(),
}
MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
    "zh": [f"{month}月" for month in range(1, 13)],
}
UNITS = {"en": ["", "%", "USD", "tons", "million", "kWh", "km", "people"], "zh": ["", "%", "万元", "吨", "亿元", "人", "公里", "度"]}


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


@dataclass(frozen=True)
class Wording:
    """Where words come from: the user's files, or a few that charts often hold."""

    language: Literal["en", "zh"]
    drawable: Container[str]
    texts: Texts | None = None

    def word(self, chance: random.Random) -> str:
        """A short name."""
        if self.texts is None or chance.random() < 0.4:
            return chance.choice(WORDS[self.language])
        pattern = r"\b[A-Za-z][a-z]{2,12}\b(?: [a-z]{2,10}\b)?" if self.language == "en" else r"[\u4e00-\u9fff]{2,6}"
        said = self.texts.paragraph(chance, self.language == "zh")
        found = [word for word in re.findall(pattern, said) if all(char in self.drawable for char in word if char != " ")]
        return chance.choice(found) if found else chance.choice(WORDS[self.language])

    def title(self, chance: random.Random) -> str:
        """A few names together."""
        words = [self.word(chance) for _ in range(chance.randint(2, 4))]
        return "".join(words) if self.language == "zh" else " ".join(words)

    def several(self, chance: random.Random, count: int) -> tuple[str, ...]:
        """Names that are all different."""
        found = dict.fromkeys(self.word(chance) for _ in range(count * 6))
        return tuple(found)[:count]


def wording(paths: tuple[Path, ...], chinese: bool, drawable: Container[str]) -> Wording:
    """Words of a language out of the files, if there are any."""
    return Wording("zh" if chinese else "en", drawable, text.load(paths) if paths else None)


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
        lines.append(Series(name, points=tuple(zip(xs, ys, strict=True))))
    title, _, _ = titles(words, chance)
    return Chart(kind, title, measure(words, chance), measure(words, chance), (), tuple(lines), False)


def spokes(kind: Kind, words: Wording, chance: random.Random) -> Chart:
    """A radar chart: one scale for all directions."""
    categories = words.several(chance, chance.randint(3, 8))
    top = scale(chance)
    lines = tuple(
        Series(name, numbers(chance, top, len(categories), False)) for name in words.several(chance, chance.randint(1, 3))
    )
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
