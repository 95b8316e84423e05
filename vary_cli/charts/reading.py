"""A chart put together: its marks are measured, its words get their parts, and both become facts."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from vary_cli.charts import clouds, columns, curves, pies, plot, titles
from vary_cli.charts.canvas import Canvas
from vary_cli.charts.facts import Facts, Unreadable
from vary_cli.charts.panels import panels
from vary_cli.charts.scene import Scene, scene
from vary_cli.charts.words import Word

NO_MARKS = "no bars, lines or wedges could be measured on it"


def read(image: Image.Image, words: Sequence[Word]) -> tuple[list[Facts], str]:
    """What the charts on a picture say, and the title over several. Raises Unreadable."""
    found, title = panels(Canvas.of(image), words)
    return [chart(panel.canvas, panel.words) for panel in found], title


def chart(canvas: Canvas, words: Sequence[Word]) -> Facts:
    """What one chart says. Raises Unreadable."""
    found = scene(canvas, words, pies.is_one(words))
    if found.is_pie or (found.left is None and found.bottom is None):
        found = scene(canvas, pies.paired(words), True)
        facts = pies.read(found.words, found.entries, found.canvas)
        return titles.on_top(facts, found)
    facts, lying = measured(found)
    box = plot.lying(found) if lying else plot.upright(found)
    assert box is not None
    return titles.around(facts, found, box, lying)


def measured(found: Scene) -> tuple[Facts, bool]:
    """What the marks along the axes say, and whether they are lying bars. Raises Unreadable."""
    facts, lying = columns.read(found) or (clouds.read(found) or curves.read(found), False)
    if facts is None or not any(facts.values.values()):
        raise Unreadable(NO_MARKS)
    return facts, lying
