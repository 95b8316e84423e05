"""Charts drawn by ECharts: described by pyecharts, drawn to SVG by Node, to pixels by resvg; the answer is their dict.

Vary paper, section 3.2: 500 k charts by pyecharts. Nothing is loaded from the network. Needs Node and the npm package
echarts, in ./node_modules, a folder above, or where `npm root -g` says.
"""

from __future__ import annotations

import functools
import io
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from vary_cli.data import figures, fonts, wording
from vary_cli.data.figures import PROMPT, Chart, Kind
from vary_cli.data.fonts import Face
from vary_cli.data.node import Node
from vary_cli.errors import DependencyError
from vary_cli.example import Example

BLOCK = 16
EXAMPLE = "vary data make echarts -o data/echarts --count 5000"
KINDS: tuple[Kind, ...] = ("bar", "barh", "stacked", "line", "area", "pie", "ring", "scatter", "radar", "funnel")
PALETTES = (
    (),
    ("#2ec7c9", "#b6a2de", "#5ab1ef", "#ffb980", "#d87a80", "#8d98b3", "#e5cf0d"),
    ("#c12e34", "#e6b600", "#0098d9", "#2b821d", "#005eaa", "#339ca8", "#cda819"),
    ("#3fb1e3", "#6be6c1", "#626c91", "#a0a7e6", "#c4ebad", "#96dee8"),
    ("#333333", "#999999", "#cccccc", "#666666", "#e0e0e0"),
)
PAPERS = ("#ffffff", "#ffffff", "#ffffff", "#fdf9ee", "#f5f7fa")


@dataclass(frozen=True)
class Options:
    """How charts are drawn."""

    text: tuple[Path, ...] = field(default=(), metadata={"flag": False, "needed": False})
    """Files (.txt, .md) or folders to take words from; none: words that charts often hold."""
    fonts: tuple[Path, ...] = ()
    """Folders of fonts; none: the system's."""
    without: tuple[str, ...] = ()
    """Font files to leave out, by a part of their path."""
    chinese: float = 0.5
    """Share of Chinese charts."""


def examples(options: Options, chance: random.Random) -> Iterator[Example]:
    """Charts without end."""
    node = Node()
    while True:
        latin, han = fonts.upright(options.fonts, options.without)
        chinese = bool(han) and chance.random() < options.chinese
        face = chance.choice(han if chinese else latin or han)
        words = wording.wording(options.text, chinese, face.characters)
        chart = figures.chart(words, chance, KINDS)
        image = picture(node, chart, face, chance)
        yield Example(image, PROMPT, figures.answer([chart]), source=f"echarts:{face.path.name}")


def picture(node: Node, chart: Chart, face: Face, chance: random.Random) -> Image.Image:
    """The chart as pixels, in one face."""
    import resvg_py

    option = json.loads(described(chart, chance).dump_options_with_quotes())
    option |= {"animation": False, "backgroundColor": chance.choice(PAPERS), "textStyle": {"fontFamily": FAMILY}}
    if palette := chance.choice(PALETTES):
        option["color"] = list(palette)
    if chart.kind in CARTESIAN:
        option["grid"] = {"top": 96, "bottom": 84, "left": 24, "right": 40, "containLabel": True}
    svg = node.draw(option, chance.randint(460, 860), chance.randint(330, 560))
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        font_files=[str(face.path)],
        skip_system_fonts=True,
        font_family=name_of(face),
        sans_serif_family=name_of(face),
        serif_family=name_of(face),
    )
    return Image.open(io.BytesIO(bytes(drawn))).convert("RGB")


FAMILY = "sans-serif"
"""What charts ask for; resvg is told which face that is."""


@functools.lru_cache(maxsize=512)
def name_of(face: Face) -> str:
    """The name of a face's family, as its font says."""
    from fontTools.ttLib import TTFont

    with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
        names = font["name"]
        return str(names.getDebugName(16) or names.getDebugName(1) or face.family)


def described(chart: Chart, chance: random.Random) -> Any:  # noqa: ANN401  # pyecharts has no types
    """The chart in pyecharts' words. Raises DependencyError."""
    try:
        from pyecharts import options
    except ImportError as error:
        raise DependencyError("pyecharts is not installed", "pip install 'vary-cli[synth]'") from error
    drawn = BUILDERS[chart.kind](chart, chance)
    named = [line for line in chart.series if line.name]
    below = chance.random() < 0.5
    legend = {"pos_bottom": "0"} if below else {"pos_top": "46"}
    drawn.set_global_opts(
        title_opts=options.TitleOpts(title=chart.title or None, pos_left=chance.choice(["left", "center"])),
        legend_opts=options.LegendOpts(is_show=bool(named) or chart.kind in ("pie", "ring"), **legend),
        **axes(chart) if chart.kind in CARTESIAN else {},
    )
    return drawn


NARROW = 45
"""Narrow characters that stand below the narrowest chart in one row."""
CARTESIAN = ("bar", "barh", "stacked", "line", "area", "scatter")


def axes(chart: Chart) -> dict[str, Any]:
    """Titles of the axes."""
    from pyecharts import options

    across, up = (chart.y_title, chart.x_title) if chart.kind == "barh" else (chart.x_title, chart.y_title)
    flat = {"type_": "value"} if chart.kind == "scatter" else {}
    turned = chart.kind != "barh" and sum(1 + figures.width(name) for name in chart.categories) > NARROW
    every = options.LabelOpts(interval=0, rotate=30 if turned else 0)
    across_opts = {"axislabel_opts": every} if chart.categories and chart.kind != "barh" else {}
    up_opts = {"axislabel_opts": options.LabelOpts(interval=0)} if chart.kind == "barh" else {}
    gap = 50 if turned else 26
    beside = options.TextStyleOpts(align="left")
    return {
        "xaxis_opts": options.AxisOpts(
            name=across or None, name_location="middle", name_gap=gap, **flat, **across_opts
        ),
        "yaxis_opts": options.AxisOpts(name=up or None, name_location="end", name_textstyle_opts=beside, **up_opts),
    }


def cartesian(chart: Chart, chance: random.Random) -> Any:  # noqa: ANN401
    """Bars and lines over categories."""
    from pyecharts import charts, options

    lines = chart.kind in ("line", "area")
    drawn = charts.Line() if lines else charts.Bar()
    drawn.add_xaxis(list(chart.categories))
    area = options.AreaStyleOpts(opacity=0.4) if chart.kind == "area" else None
    smooth = lines and chance.random() < 0.2
    for line in chart.series:
        place = {"yaxis_index": 1} if line.second else {}
        own: dict[str, Any] = {"areastyle_opts": area, "is_smooth": smooth} if lines else {}
        if chart.kind == "stacked":
            own["stack"] = "all"
        shown = options.LabelOpts(is_show=chart.labelled, position="right" if chart.kind == "barh" else "top")
        drawn.add_yaxis(line.name, list(line.values), label_opts=shown, **place, **own)
    if chart.second_title:
        beside = options.TextStyleOpts(align="right")
        drawn.extend_axis(yaxis=options.AxisOpts(name=chart.second_title, name_textstyle_opts=beside))
    return drawn.reversal_axis() if chart.kind == "barh" else drawn


def parts(chart: Chart, chance: random.Random) -> Any:  # noqa: ANN401
    """A pie, a ring or a funnel, its values written on."""
    from pyecharts import charts, options

    pairs = [list(pair) for pair in zip(chart.categories, chart.series[0].values, strict=True)]
    shown = options.LabelOpts(formatter="{b}: {c}")
    if chart.kind == "funnel":
        funnel = charts.Funnel().add("", pairs, label_opts=shown)
        funnel.options["series"][0] |= {"min": 0, "max": max(chart.series[0].values), "left": "25%", "width": "45%"}
        return funnel
    radius = ["35%", "60%"] if chart.kind == "ring" else "60%"
    rose = chance.choice([None, None, None, "radius"]) if chart.kind == "pie" else None
    return charts.Pie().add("", pairs, radius=radius, rosetype=rose, label_opts=shown)


def points(chart: Chart, chance: random.Random) -> Any:  # noqa: ANN401
    """Clouds of points."""
    from pyecharts import charts, options

    drawn = charts.Scatter()
    drawn.add_xaxis([])
    for line in chart.series:
        drawn.add_yaxis(
            line.name,
            [list(point) for point in line.points],
            symbol_size=chance.randint(5, 14),
            label_opts=options.LabelOpts(is_show=False),
        )
    for line, told in zip(chart.series, drawn.options["series"], strict=True):
        told["data"] = [list(point) for point in line.points]
    return drawn


def spokes(chart: Chart, chance: random.Random) -> Any:  # noqa: ANN401
    """A radar chart, its scale the same in all directions."""
    from pyecharts import charts, options

    top = max(value for line in chart.series for value in line.values) * 1.1
    drawn = charts.Radar().add_schema([options.RadarIndicatorItem(name=name, max_=top) for name in chart.categories])
    for line, colour in zip(chart.series, PALETTES[1], strict=False):
        drawn.add(line.name, [list(line.values)], color=colour, label_opts=options.LabelOpts(is_show=True))
    return drawn


BUILDERS: dict[Kind, Callable[[Chart, random.Random], Any]] = {
    **dict.fromkeys(("bar", "barh", "stacked", "line", "area"), cartesian),
    **dict.fromkeys(("pie", "ring", "funnel"), parts),
    "scatter": points,
    "radar": spokes,
}
