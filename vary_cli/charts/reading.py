"""A chart put together: its marks are measured, its words get their parts, and both become facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from vary_cli.charts import clouds, columns, curves, pies, plot, titles
from vary_cli.charts.canvas import Canvas
from vary_cli.charts.facts import Facts, Unreadable
from vary_cli.charts.panels import Panel, panels
from vary_cli.charts.scene import Scene, scene
from vary_cli.charts.words import Word

UNKNOWN = "unknown"  # the kind of a chart among others that could not be read
NO_MARKS = "no bars, lines or wedges could be measured on it"


@dataclass(frozen=True)
class Told:
    """What a picture of charts says."""

    charts: list[Facts]
    title: str
    """Over several charts."""
    unread: tuple[str, ...] = ()
    """Why some of several could not be read."""


def read(image: Image.Image, words: Sequence[Word]) -> Told:
    """What the charts on a picture say. Raises Unreadable where none can be read."""
    canvas = Canvas.of(image)
    found, title = panels(canvas, words)
    told = several(found, title)
    return told if told is not None else Told([chart(canvas, words)], "")


def several(found: Sequence[Panel], title: str) -> Told | None:
    """What the charts on one picture say; None where they are not several, but parts of one."""
    told: list[Facts] = []
    unread = []
    for number, panel in enumerate(found, 1):
        try:
            told.append(chart(panel.canvas, panel.words))
        except Unreadable as error:
            told.append(Facts(UNKNOWN, {}))
            unread.append(f"chart {number} of {len(found)}: {error.message}")
    return None if len(found) < 2 or len(unread) == len(found) else Told(told, title, tuple(unread))


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
    facts, lying = columns.read(found) or (curves.read(found) or clouds.read(found), False)
    if facts is None or not any(facts.values.values()):
        raise Unreadable(NO_MARKS)
    return facts, lying
