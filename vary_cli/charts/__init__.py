"""Charts: a picture and the words on it become what it says, as Vary's python-dict. Knows no model and no files.

`lines` finds where text stands; once that has been read, `answer` works out the rest by geometry and colour.
"""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from vary_cli.charts import lettering, reading
from vary_cli.charts.facts import Unreadable
from vary_cli.charts.facts import answer as told
from vary_cli.charts.lettering import Lettering
from vary_cli.charts.words import Word

__all__ = ["Lettering", "Unreadable", "Word", "answer", "lines"]


def lines(image: Image.Image) -> tuple[Lettering, ...]:
    """The lines of text on a chart, level, slanted and upright ones."""
    return tuple(lettering.find(image))


def answer(image: Image.Image, words: Sequence[Word]) -> tuple[str, tuple[str, ...]]:
    """What the charts on a picture say, and which of several could not be read. Raises Unreadable if none can."""
    found = reading.read(image, words)
    return told(found.charts, found.title), found.unread
