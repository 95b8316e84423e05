"""Charts drawn by matplotlib: one or several to a picture, many styles, English and Chinese; the answer is their dict.

Vary paper, section 3.2: 250 k charts by matplotlib, answered as python-dict.
"""

from __future__ import annotations

import functools
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from vary_cli.data import figures, fonts, plots, wording
from vary_cli.data.figures import PROMPT, Chart, Kind
from vary_cli.data.fonts import Face
from vary_cli.errors import DependencyError
from vary_cli.example import Example

BLOCK = 8
EXAMPLE = "vary data make charts -o data/charts --count 5000"
KINDS: tuple[Kind, ...] = ("bar", "barh", "stacked", "line", "area", "pie", "ring", "scatter")
_STYLES = (
    "default default default ggplot bmh fivethirtyeight grayscale Solarize_Light2 seaborn-v0_8-whitegrid "
    "seaborn-v0_8-darkgrid seaborn-v0_8-ticks seaborn-v0_8-pastel tableau-colorblind10 fast"
)
STYLES = _STYLES.split()


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
    several: float = 0.12
    """Share of pictures with more than one chart."""


def examples(options: Options, chance: random.Random) -> Iterator[Example]:
    """Charts without end."""
    while True:
        is_chinese = chance.random() < options.chinese
        face = drawn_face(options, is_chinese, chance)
        words = wording.wording(options.text, face.draws_chinese and is_chinese, face.characters)
        count = chance.randint(2, 4) if chance.random() < options.several else 1
        charts = [figures.chart(words, chance, KINDS) for _ in range(count)]
        title = words.title(chance) if count > 1 else ""
        image = picture(charts, title, face, chance)
        yield Example(image, PROMPT, figures.answer(charts, title), source=f"charts:{face.path.name}")


def drawn_face(options: Options, chinese: bool, chance: random.Random) -> Face:
    """An upright face; of collections matplotlib reads only the first, so those of several languages are left out."""
    latin, han = fonts.upright(options.fonts, options.without)
    return chance.choice(han if chinese and han else latin or han)


def picture(charts: list[Chart], title: str, face: Face, chance: random.Random) -> Image.Image:
    """The charts in one figure."""
    matplotlib = library()
    from matplotlib import figure
    from matplotlib.backends import backend_agg

    columns = 1 if len(charts) == 1 else chance.choice([1, 2]) if len(charts) < 4 else 2
    rows = math.ceil(len(charts) / columns)
    width, height = chance.uniform(4.5, 8), chance.uniform(3.2, 5.5)
    with matplotlib.style.context(chance.choice(STYLES)), matplotlib.rc_context(settings(face, chance)):
        size = width * columns**0.7, height * rows**0.8
        shown = figure.Figure(size, dpi=chance.randint(80, 130), layout="constrained")
        room = int(0.6 * size[0] / columns * 72 / (0.6 * matplotlib.rcParams["font.size"]))
        for place, chart in enumerate(charts):
            plots.Pen(shown.add_subplot(rows, columns, place + 1), chart, room, chance).draw()
        if title:
            shown.suptitle(title, fontsize=14)
        canvas = backend_agg.FigureCanvasAgg(shown)
        canvas.draw()
        return Image.frombytes("RGBA", canvas.get_width_height(physical=True), bytes(canvas.buffer_rgba())).convert(
            "RGB"
        )


def library() -> Any:  # noqa: ANN401  # matplotlib without types
    """matplotlib, without a window. Raises DependencyError."""
    try:
        import matplotlib
        import matplotlib.style
    except ImportError as error:
        raise DependencyError("matplotlib is not installed", "pip install 'vary-cli[synth]'") from error
    matplotlib.use("Agg")
    return matplotlib


def settings(face: Face, chance: random.Random) -> dict[str, Any]:
    """Settings that every text and line of a figure heeds."""
    return {
        "font.family": [registered(face)],
        "font.size": chance.uniform(8, 12),
        "axes.unicode_minus": False,
        "axes.grid": chance.random() < 0.4,
        "axes.spines.top": chance.random() < 0.6,
        "axes.spines.right": chance.random() < 0.6,
    }


@functools.cache
def registered(face: Face) -> str:
    """The name by which matplotlib finds a face, and no other."""
    from matplotlib import font_manager

    name = f"{face.family} {face.path}"
    entry = font_manager.FontEntry(
        str(face.path), name=name, style="normal", weight=400, stretch="normal", size="scalable"
    )
    font_manager.fontManager.ttflist.append(entry)
    return name
