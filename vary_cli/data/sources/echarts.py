"""Charts drawn by ECharts: described through pyecharts, drawn to SVG by Node, to pixels by resvg; the answer is their dict.

Vary paper, section 3.2: 500 k charts by pyecharts. Nothing is loaded from the network. Needs Node and the npm package
echarts, in ./node_modules, a folder above, or where `npm root -g` says.
"""

from __future__ import annotations

import functools
import io
import json
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from vary_cli.data import figures
from vary_cli.data.figures import PROMPT, Chart, Kind
from vary_cli.data.fonts import Face
from vary_cli.data.sources.charts import plain_faces
from vary_cli.errors import DependencyError
from vary_cli.example import Example

BLOCK = 16
KINDS: tuple[Kind, ...] = ("bar", "barh", "stacked", "line", "area", "pie", "ring", "scatter", "radar", "funnel")
SCRIPT = """
const echarts = require('echarts');
require('readline').createInterface({input: process.stdin}).on('line', line => {
  const {width, height, option, theme} = JSON.parse(line);
  const chart = echarts.init(null, theme, {renderer: 'svg', ssr: true, width, height});
  chart.setOption(option);
  console.log(JSON.stringify(chart.renderToSVGString()));
  chart.dispose();
});
"""
"""Reads a chart a line, writes its SVG a line."""
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

    text: tuple[Path, ...] = ()
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
        latin, han = plain_faces(options.fonts, options.without)
        chinese = bool(han) and chance.random() < options.chinese
        face = chance.choice(han if chinese else latin or han)
        words = figures.wording(options.text, chinese, face.characters)
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
        option["grid"] = {"top": 96, "bottom": 64, "left": 24, "right": 40, "containLabel": True}
    svg = node.draw(option, chance.randint(460, 860), chance.randint(330, 560))
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        font_files=[str(face.path)],
        skip_system_fonts=True,
        **dict.fromkeys(("font_family", "sans_serif_family", "serif_family"), name_of(face)),
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


class Node:
    """A Node process that draws charts, started at the first."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None

    def draw(self, option: dict[str, Any], width: int, height: int) -> str:
        """A chart as SVG. Raises DependencyError if Node or ECharts is missing."""
        if self.process is None:
            self.process = start()
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"width": width, "height": height, "option": option, "theme": None}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise DependencyError("Node could not draw a chart with ECharts", "npm install echarts, then run it again")
        svg: str = json.loads(line)
        return svg

    def __del__(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()


def start() -> subprocess.Popen[str]:
    """Node, ready to draw. Raises DependencyError."""
    node = shutil.which("node")
    if node is None:
        raise DependencyError("Node is not installed", "install nodejs and npm, then: npm install echarts")
    pipe = subprocess.PIPE
    return subprocess.Popen([node, "-e", SCRIPT], cwd=modules(), stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)


@functools.cache
def modules() -> Path:
    """A folder from which Node finds ECharts. Raises DependencyError."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "node_modules" / "echarts").is_dir():
            return folder
    npm = shutil.which("npm")
    root = subprocess.run([npm, "root", "-g"], capture_output=True, text=True, check=False).stdout.strip() if npm else ""
    if root and (Path(root) / "echarts").is_dir():
        return Path(root)
    raise DependencyError("the npm package echarts is not installed", "npm install echarts, in this folder or with -g")


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


CARTESIAN = ("bar", "barh", "stacked", "line", "area", "scatter")


def axes(chart: Chart) -> dict[str, Any]:
    """Titles of the axes."""
    from pyecharts import options

    across, up = (chart.y_title, chart.x_title) if chart.kind == "barh" else (chart.x_title, chart.y_title)
    flat = {"type_": "value"} if chart.kind == "scatter" else {}
    return {
        "xaxis_opts": options.AxisOpts(name=across or None, name_location="middle", name_gap=26, **flat),
        "yaxis_opts": options.AxisOpts(name=up or None, name_location="end"),
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
        drawn.extend_axis(yaxis=options.AxisOpts(name=chart.second_title))
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
        drawn.add_yaxis(line.name, [list(point) for point in line.points], symbol_size=chance.randint(5, 14), label_opts=options.LabelOpts(is_show=False))
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
